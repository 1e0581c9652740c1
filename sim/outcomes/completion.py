"""Investment completion: what towns invested beside what they had to."""

from __future__ import annotations

import numpy as np

from sim.outcomes.arithmetic import NAN, Flags, mean, share
from sim.outcomes.registry import cohort, outcome
from sim.outcomes.windows import own_window, settled
from sim.state.province import Province

YARDSTICK = np.array([300_000, 500_000, 500_000, 300_000, 500_000, 300_000, 500_000, 300_000], dtype=np.float64)
"""Zhejiang's three-year sums by industry class (ZJ-INV-1, ZJ-INV-2), the common yardstick of all regimes, 万元."""
WINDOW = 12
"""Quarters in which a three-year target is to be met."""


@outcome
def completion_common(p: Province) -> float:
    """Share of sites that reach the common yardstick from the policy's first year on, without housing."""
    start = max(0, p.policy.effective - (p.clock.start_index + p.policy.effective) % 4)
    invested = p.towns.effective(slice(start, start + WINDOW), "no_housing")
    met = invested / YARDSTICK[p.places.towns.industry] >= 1.0
    return float(np.mean(met)) if start + WINDOW <= p.clock.quarters else NAN


@outcome
def completion_own(p: Province) -> float:
    """Share of listed towns that reach their own target."""
    ratio, known = settled(p)
    return mean(ratio[known] >= 1.0)


@outcome
def completion_reported(p: Province) -> float:
    """The same by what they reported."""
    _, known = settled(p)
    quarters, first = np.arange(p.clock.quarters)[:, None], p.window_start()
    reported = (p.towns.reported * ((quarters >= first) & (quarters < first + WINDOW))).sum(axis=0)
    return mean(reported[known] >= p.towns.promised[known])


@outcome
def completion_ratio_median(p: Province) -> float:
    """Median over listed towns of invested / target."""
    ratio, known = settled(p)
    return float(np.median(ratio[known])) if known.any() else NAN


@outcome
def completion_ratio_total(p: Province) -> float:
    """Invested by all listed towns / all their targets."""
    ratio, known = settled(p)
    promised = p.towns.promised
    return share(float((ratio * promised)[known].sum()), float(promised[known].sum()))


@cohort
def towns(p: Province, who: Flags) -> float:
    """Towns of the cohort."""
    return float(who.sum())


@cohort("completion_own")
def cohort_completion_own(p: Province, who: Flags) -> float:
    """Share of the cohort whose three years are over that reaches its own target."""
    ratio = own_window(p)[who]
    known = ratio[~np.isnan(ratio)]
    return share(float((known >= 1.0).sum()), float(known.size))


@cohort
def invested_over_target(p: Province, who: Flags) -> float:
    """Median of invested / target over the same."""
    ratio = own_window(p)[who]
    known = ~np.isnan(ratio)
    return float(np.median(ratio[known])) if known.any() else NAN


@cohort
def named(p: Province, who: Flags) -> float:
    """Share named."""
    return share(float((p.towns.named_at[who] >= 0).sum()), float(who.sum()))


@cohort
def left(p: Province, who: Flags) -> float:
    """Share that left the lists."""
    return share(float((p.towns.left_at[who] >= 0).sum()), float(who.sum()))
