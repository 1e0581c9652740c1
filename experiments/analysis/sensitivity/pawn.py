"""PAWN indices from any sample of settings: how far a factor's setting moves the whole distribution of an outcome.

The index is the median over slices of a factor's range of the Kolmogorov-Smirnov distance between the outcomes of the
slice and all outcomes, as in ``SALib.analyze.pawn``. It is never zero in a finite sample, so it is held against the
same index for settings put in random order, which do nothing by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from experiments.analysis.sensitivity.rows import Floats, Interval
from experiments.plan.luck import resamples, uniforms

SLICES = 10


@dataclass(frozen=True)
class PawnIndices:
    """PAWN indices of one outcome.

    Attributes:
        names: Factors.
        index: With interval over rows.
        dummy: What the largest of as many factors that do nothing reaches: its 95 % quantile, the same for all.
        rank: Rank correlation of setting and outcome.
        n: Rows that define the outcome.
    """

    names: tuple[str, ...]
    index: Interval
    dummy: Floats
    rank: Floats
    n: int


def pawn_indices(
    names: tuple[str, ...], shares: Floats, y: Floats, *, level: float = 0.95, rounds: int = 199, slices: int = SLICES
) -> PawnIndices:
    """Indices of an outcome.

    Args:
        names: Factors.
        shares: Settings in the unit cube, shape (n, factors).
        y: The outcome, shape (n,), NaN where undefined.
        level: Of the intervals.
        rounds: Bootstrap rounds, and random orders.
        slices: Parts into which a factor's range is cut.
    """
    whole = np.isfinite(y)
    x, y = shares[whole], y[whole]
    n, k = y.size, len(names)
    if n < 2 * slices:
        empty = np.full(k, np.nan)
        return PawnIndices(names, Interval(empty, empty, empty), empty, empty, n)
    value = pawn(x, y, slices)
    drawn = np.array([pawn(x[rows], y[rows], slices) for rows in resamples("pawn.bootstrap", n, rounds)])
    orders = np.argsort(uniforms("pawn.dummy", (rounds, n)), axis=1, kind="stable")
    # The largest of all factors, so that the chance that any dummy passes is 1 - level.
    dummy = np.full(k, np.quantile([pawn(x, y[order], slices).max() for order in orders], level))
    # Repeated rows push bootstrap distances up, so only their spread is used.
    reach = float(ndtri(0.5 + level / 2.0)) * drawn.std(axis=0, ddof=1)
    low, high = value - reach, value + reach
    rank = np.array([_rank_correlation(x[:, i], y) for i in range(k)])
    return PawnIndices(names, Interval(value, np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)), dummy, rank, n)


def pawn(x: Floats, y: Floats, slices: int = SLICES) -> Floats:
    """The index of every column of ``x``, shape (n, factors)."""
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    last = np.append(np.flatnonzero(np.diff(y)), y.size - 1)
    everything = (last + 1) / y.size
    return np.array([_distance(x[:, i], last, everything, slices) for i in range(x.shape[1])])


def _distance(x: Floats, last: NDArray[np.int64], everything: Floats, slices: int) -> float:
    """Median distance over the slices of one factor, rows in the order of the outcome."""
    ends = np.nanquantile(x, np.arange(0.0, 1.0 + 1.0 / slices, 1.0 / slices)[: slices + 1])
    inside = (x[None, :] >= ends[:-1, None]) & (x[None, :] < ends[1:, None])
    size = inside.sum(axis=1)
    steps = np.cumsum(inside, axis=1)[:, last] / np.maximum(size, 1)[:, None]
    distance = np.abs(steps - everything).max(axis=1)
    return float(np.median(distance[size > 0])) if (size > 0).any() else float("nan")


def _rank_correlation(x: Floats, y: Floats) -> float:
    a, b = rankdata(x), rankdata(y)
    if np.ptp(a) == 0.0 or np.ptp(b) == 0.0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
