"""What the histories of a finished province say: dates, populations of towns, and flows of investment.

Populations are those of the published figures: an assessment counts the towns that were on the list before it moved
anybody.
"""

from __future__ import annotations

import numpy as np

from sim.outcomes.arithmetic import NAN, Flags, Floats
from sim.parameters import Quarter
from sim.state.province import Province
from sim.state.town import EVENTS, Status


class OutsideRun(LookupError):
    """A date that the run does not reach."""


def row(p: Province, when: Quarter) -> int:
    """Quarters since the start of the run.

    Raises:
        OutsideRun: The run has no such quarter.
    """
    t = when.index - p.clock.start_index
    if not 0 <= t <= p.t:
        raise OutsideRun(str(when))
    return t


def year_rows(p: Province, year: int) -> slice:
    """The four quarters of a calendar year."""
    return slice(row(p, Quarter(year, 1)), row(p, Quarter(year, 4)) + 1)


def on_creation_list(p: Province, when: Quarter) -> Flags:
    """Towns on the creation list, or named, at the end of a quarter."""
    return np.asarray(np.isin(p.towns.status_history[row(p, when)], (Status.CREATION, Status.NAMED)))


def first_batch(p: Province) -> Flags:
    """Towns first listed in 2015."""
    listed = p.towns.listed_at
    return np.asarray((listed >= 0) & ((p.clock.start_index + listed) // 4 == 2015))


def assessed_creation(p: Province, year: int) -> Flags:
    """Towns that were on the creation list when the year was assessed, whatever the assessment did to them."""
    t = row(p, Quarter(year, 4))
    s = p.towns
    before = s.status_history[t - 1] == Status.CREATION if t > 0 else np.zeros(s.size, dtype=bool)
    called = (s.listed_at == t) & ((s.event[t] & EVENTS["promoted"]) == 0)
    return np.asarray((before | called) & ((s.event[t] & EVENTS["assessed"]) > 0))


def flow(p: Province) -> Floats:
    """True effective investment by quarter and town under the regime's own rule, 万元, shape (quarters, T)."""
    rows = [p.towns.effective(slice(t, t + 1), p.policy.target.rule(t)) for t in range(p.clock.quarters)]
    return np.stack(rows).astype(np.float64)


def reported_flow(p: Province) -> Floats:
    """The same as the towns report it; the report is yearly, so every quarter of a year carries the year's ratio."""
    true = flow(p)
    out = true.copy()
    for t in np.flatnonzero((p.clock.start_index + np.arange(p.clock.quarters)) % 4 == 3):
        rows = slice(max(0, int(t) - 3), int(t) + 1)
        year = true[rows].sum(axis=0)
        out[rows] *= np.where(year > 0.0, p.towns.reported[t] / np.maximum(1.0, year), 1.0)
    return out


def since_listing(p: Province, history: Floats, last: Quarter, part_of_next: float = 0.0) -> Floats:
    """Sum of a history from the start of each town's listing year to the end of a quarter, by town.

    Args:
        p: The province.
        history: By quarter and town.
        last: Last whole quarter.
        part_of_next: Share of the quarter after it that counts too.
    """
    end = row(p, last)
    weight = (np.arange(p.clock.quarters) <= end).astype(np.float64)
    if part_of_next > 0.0:
        weight[row(p, last + 1)] = part_of_next
    inside = np.arange(p.clock.quarters)[:, None] >= p.window_start()[None, :]
    return np.asarray((history * inside * weight[:, None]).sum(axis=0))


def per_town(amount: Floats, who: Flags) -> float:
    """Mean over some towns; NaN where there are none."""
    return float(amount[who].mean()) if who.any() else NAN
