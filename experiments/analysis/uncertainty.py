"""How much of a comparison's uncertainty is the luck of replicates, and how much is not knowing the behaviour.

Runs are nested: some replicates in a row share a draw of the behaviour (``per_draw`` of
:class:`experiments.plan.behaviour.Behaviours`). What they differ by is luck, what the draws' means spread beyond that
is behaviour (:mod:`experiments.analysis.estimates.nested`). The draws are the units of every interval, because the
behaviour is what is not known.

A finding survives when the mean difference is not zero *and* its direction holds under nearly all behaviours. The share
of behaviours with the direction of the mean is that of a new draw's expected difference, m draws known::

    kept = T_{m-1}(|mean| / sqrt(var_behaviour + se^2))

From fewer than :data:`~experiments.analysis.estimates.contrasts.LEAST` draws no verdict is given, and a share of
behaviours is printed only from :data:`SHARES_FROM` draws on: before, it hangs on the shape of a spread that hardly
anybody saw, so the draws themselves are counted.

Where each behaviour was run once the two kinds cannot be told apart; the whole spread then stands for the behaviour, so
``kept`` is too low rather than too high.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr

from experiments.analysis.estimates.contrasts import LEAST, Estimate, PairedContrast, moments, paired
from experiments.analysis.estimates.nested import Nested, luck_of, nested_estimate, paired_over_draws
from sim.run import RunSpec

Floats = NDArray[np.float64]

KEPT = 0.95
"""Share of behaviours under which the direction must hold for a finding to survive."""
SHARES_FROM = 20
"""Draws from which on that share is printed."""


def draw_of(spec: RunSpec) -> str:
    """What tells the draw of a run: a hash of its whole behaviour."""
    pairs = (f"{key}={float(value).hex()}" for key, value in sorted(spec.scenario.behaviour.items()))
    return hashlib.sha256("\n".join(pairs).encode()).hexdigest()


@dataclass(frozen=True)
class Uncertain:
    """A difference, and what its uncertainty is made of.

    Attributes:
        contrast: The difference with its interval; draws are the units, or replicates under a single behaviour.
        parts: Shares of luck and behaviour; NaN where they cannot be told apart.
        kept: Share of behaviours under which the expected difference has the sign of the mean; NaN under one behaviour
            and with too few to say.
        draws, runs: How many behaviours and pairs of runs.
        agree: Draws whose mean difference has the sign of the mean of all.
    """

    contrast: PairedContrast
    parts: Nested
    kept: float
    draws: int
    runs: int
    agree: int = 0

    @property
    def noise(self) -> Estimate:
        """Share of the variance of one run's difference that is luck."""
        return self.parts.noise

    @property
    def kind(self) -> str:
        """One of "nested", "fixed" (one behaviour), "single" (one run a behaviour), "few" (nothing to split)."""
        if self.draws == 1 and self.runs > 1:
            return "fixed"
        if self.draws == self.runs and self.runs > 1:
            return "single"
        return "few" if math.isnan(self.noise.value) else "nested"

    @property
    def stands(self) -> bool:
        """Whether the mean difference is not zero, after Holm's correction where there was one."""
        c = self.contrast
        return c.difference.n >= LEAST and (c.excludes_zero if math.isnan(c.p_holm) else c.excludes_zero_holm)

    @property
    def verdict(self) -> str:
        """One of "survives", "depends" (on the behaviour), "untold", "too_few" (draws to say any of these); under one
        behaviour the first says only that the difference stands there.
        """
        if self.contrast.difference.n < LEAST:
            return "too_few"
        if not self.stands:
            return "untold"
        return "depends" if self.kept < KEPT else "survives"


def uncertain(a: ArrayLike, b: ArrayLike, draws: Sequence[Hashable], unit: str = "") -> Uncertain:
    """A paired difference under luck and unknown behaviour.

    Args:
        a: One number a run, NaN where undefined.
        b: The baseline, in the same replicates and under the same behaviours.
        draws: What tells the draw of each run.
        unit: Unit id.
    """
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    known = np.isfinite(x) & np.isfinite(y)
    names = [draw for draw, there in zip(draws, known, strict=True) if there]
    count, runs = len(dict.fromkeys(names)), int(known.sum())
    left, right = (by_draw(side[known], names) for side in (x, y))
    scale = max(float(np.max(np.abs(side), where=known, initial=0.0)) for side in (x, y))
    parts = nested_estimate(left - right, unit=unit, scale=scale)
    if count < 2:
        return Uncertain(paired(x[known], y[known], unit=unit), parts, math.nan, count, runs)
    contrast = paired_over_draws(left, right, unit=unit)
    means = np.nanmean(left - right, axis=1)
    agree = int(np.count_nonzero(np.sign(means) == np.sign(contrast.difference.value)))
    return Uncertain(contrast, parts, _kept(left - right, parts, scale), count, runs, agree)


def by_draw(values: Floats, draws: Sequence[Hashable]) -> Floats:
    """One row a draw in order of appearance, its runs in their order, NaN where it has fewer."""
    rows: dict[Hashable, list[float]] = {}
    for value, draw in zip(values, draws, strict=True):
        rows.setdefault(draw, []).append(float(value))
    out = np.full((len(rows), max((len(row) for row in rows.values()), default=0)), math.nan)
    for i, row in enumerate(rows.values()):
        out[i, : len(row)] = row
    return out


def _kept(gaps: Floats, parts: Nested, scale: float) -> float:
    m = moments(np.nanmean(gaps, axis=1), scale=scale, luck=luck_of(gaps, scale=scale))
    if m.n < LEAST:
        return math.nan
    behaviour = m.sd**2 if math.isnan(parts.sd_behaviour) else parts.sd_behaviour**2
    total = behaviour + m.sd**2 / m.n
    if total == 0.0:
        return 1.0 if m.mean else math.nan
    return float(stdtr(m.n - 1, abs(m.mean) / math.sqrt(total)))
