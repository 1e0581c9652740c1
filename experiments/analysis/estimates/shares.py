"""Shares of runs: how often something holds, how often A beats B, where a share of the runs lies.

A share of independent runs has Clopper and Pearson's interval, which holds the truth at least as often as its level
says, also for shares of 0 and 1. Where several replicates share a draw of the behaviour, the draws are the units: the
interval is that of Korn and Graubard (1998, "Confidence intervals for proportions with small expected number of
positive counts estimated from survey data", Survey Methodology 24), which is Clopper and Pearson's with as many
independent runs as the draws are worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

from experiments.analysis.estimates.contrasts import LEVEL, METHOD_TOO_FEW, Estimate, t_quantile

METHOD_SHARE = "clopper-pearson"
METHOD_DRAWS = "korn-graubard"


@dataclass(frozen=True, slots=True)
class Beats:
    """How often A does better than B.

    Attributes:
        better: Share of the runs in which A is strictly better, with interval: the probability that A beats B.
        worse: Share in which B is strictly better. What is left are ties.
        draws: Draws of the behaviour that the runs belong to; as many as there are runs where each has its own.
    """

    better: Estimate
    worse: Estimate
    draws: int

    @property
    def ties(self) -> float:
        """Share of the runs in which neither is better."""
        return max(0.0, 1.0 - self.better.value - self.worse.value)


def share_estimate(hits: ArrayLike, *, level: float = LEVEL) -> Estimate:
    """Share of independent runs in which something holds.

    Coverage is at least the level for every share and every n, and above it for shares near 0 or 1: 0.98 at a share
    of 0.02 of 30 runs.

    Args:
        hits: 1 or True where it holds, 0 or False where not, NaN where undefined, shape (n,).
        level: Confidence level.
    """
    flat = np.asarray(hits, dtype=np.float64).reshape(-1)
    known = flat[np.isfinite(flat)]
    n = int(known.size)
    if n == 0:
        return Estimate(math.nan, math.nan, math.nan, level, METHOD_TOO_FEW, 0, "ratio")
    x = float(np.count_nonzero(known))
    low, high = _clopper_pearson(x, float(n), level)
    return Estimate(x / n, low, high, level, METHOD_SHARE, n, "ratio")


def share_of_draws(hits: ArrayLike, *, level: float = LEVEL) -> Estimate:
    """Share of runs in which something holds, where the runs of a row share a draw of the behaviour.

    Coverage is at least the level wherever it was tried (10 draws or more): 0.96 to 0.99 at 0.95. ``n`` counts draws.

    Args:
        hits: 1 where it holds, 0 where not, NaN where there is no run, shape (draws, replicates).
        level: Confidence level.
    """
    rows = _matrix(hits)
    counts = np.isfinite(rows).sum(axis=1)
    rows, counts = rows[counts > 0], counts[counts > 0]
    draws, runs = len(rows), float(counts.sum())
    if draws < 2:
        value = float(np.nanmean(rows)) if draws else math.nan
        return Estimate(value, math.nan, math.nan, level, METHOD_TOO_FEW, draws, "ratio")
    means = np.nansum(rows, axis=1) / counts
    p, error = math.fsum(means) / draws, float(means.var(ddof=1)) / draws
    worth = float(draws)
    if 0.0 < p < 1.0 and error > 0.0:
        worth = min(
            p * (1.0 - p) / error * (t_quantile(int(runs) - 1, level) / t_quantile(draws - 1, level)) ** 2, runs
        )
    low, high = _clopper_pearson(p * worth, worth, level)
    return Estimate(p, low, high, level, METHOD_DRAWS, draws, "ratio")


def _clopper_pearson(x: float, n: float, level: float) -> tuple[float, float]:
    """Ends for x of n, which need not be whole."""
    tail = (1.0 - level) / 2.0
    low = 0.0 if x <= 0.0 else float(betaincinv(x, n - x + 1.0, tail))
    high = 1.0 if x >= n else float(betaincinv(x + 1.0, n - x, 1.0 - tail))
    return low, high


def beats(a: ArrayLike, b: ArrayLike, *, better: int = 1, level: float = LEVEL) -> Beats:
    """The probability that A beats B in a run with the same luck: replicate noise only.

    Args:
        a: One value for each replicate, shape (n,); NaN where undefined.
        b: The same replicates in the same order, shape (n,).
        better: 1 where more is better, -1 where less is.
        level: Confidence level.

    Raises:
        ValueError: If the shapes differ.
    """
    gap = _gap(a, b, better).reshape(-1)
    gap = gap[np.isfinite(gap)]
    return Beats(share_estimate(gap > 0.0, level=level), share_estimate(gap < 0.0, level=level), int(gap.size))


def beats_over_draws(a: ArrayLike, b: ArrayLike, *, better: int = 1, level: float = LEVEL) -> Beats:
    """The probability that A beats B where the behaviour is not known either.

    Args:
        a: Shape (draws of the behaviour, replicates); NaN where there is no run.
        b: The same draws and replicates.
        better: 1 where more is better, -1 where less is.
        level: Confidence level.

    Raises:
        ValueError: If the shapes differ.
    """
    gap = _gap(_matrix(a), _matrix(b), better)
    known = np.isfinite(gap)
    won, lost = (np.where(known, sign * gap > 0.0, math.nan) for sign in (1.0, -1.0))
    return Beats(
        share_of_draws(won, level=level), share_of_draws(lost, level=level), int(np.count_nonzero(known.any(axis=1)))
    )


def _gap(a: ArrayLike, b: ArrayLike, better: int) -> NDArray[np.float64]:
    x, y = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if x.shape != y.shape:
        raise ValueError(f"both sides need the same runs: {x.shape} and {y.shape}")
    if better not in (1, -1):
        raise ValueError(f"better is 1 (more) or -1 (less), not {better}")
    return np.asarray((x - y) * float(better))


def _matrix(values: ArrayLike) -> NDArray[np.float64]:
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim != 2:
        raise ValueError(f"a table of draws by replicates is needed, not shape {rows.shape}")
    return rows
