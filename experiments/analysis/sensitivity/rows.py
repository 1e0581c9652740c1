"""Estimates that are functions of means over rows, with intervals that resample whole rows or clusters of rows.

Every index here is g(means of row features): bootstrap rounds are then weighted means, and leaving one cluster out is a
subtraction. Sums run in a fixed order (``einsum``, no threaded matrix product), so results repeat to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtrit

from experiments.analysis.estimates.contrasts import ROUNDING
from experiments.plan.luck import resamples

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]
METHODS = ("percentile", "normal", "bca", "t", "log_t")


@dataclass(frozen=True)
class Rows:
    """Row features gathered by cluster.

    Attributes:
        sums: Sum of each feature in each cluster, shape (clusters, features).
        counts: Rows in each cluster.
    """

    sums: Floats
    counts: Floats

    @classmethod
    def gather(cls, features: Floats, clusters: NDArray[np.int64]) -> Rows:
        """Add up features, shape (rows, features), within clusters, shape (rows,)."""
        ids, where = np.unique(clusters, return_inverse=True)
        sums = np.zeros((ids.size, features.shape[1]))
        np.add.at(sums, where, features)
        return cls(sums, np.bincount(where, minlength=ids.size).astype(np.float64))

    def means(self) -> Floats:
        """Mean of every feature."""
        return np.asarray(self.sums.sum(axis=0) / self.counts.sum())

    def resampled(self, rounds: int, use: str, seed: int = 0) -> Floats:
        """Means in bootstrap rounds, shape (rounds, features)."""
        drawn = resamples(use, self.counts.size, rounds, seed)
        weights = np.zeros((rounds, self.counts.size))
        np.add.at(weights, (np.repeat(np.arange(rounds), drawn.shape[1]), drawn.ravel()), 1.0)
        return np.asarray(np.einsum("rc,cf->rf", weights, self.sums) / (weights * self.counts).sum(axis=1)[:, None])

    def without_one(self) -> Floats:
        """Means with each cluster left out in turn, shape (clusters, features)."""
        left = self.counts.sum() - self.counts
        return np.asarray((self.sums.sum(axis=0) - self.sums) / left[:, None])


@dataclass(frozen=True)
class Interval:
    """An estimate for each index with its interval; all shape (indices,)."""

    value: Floats
    low: Floats
    high: Floats


def interval(
    rows: Rows, g: Statistic, *, method: str = "t", level: float = 0.95, rounds: int = 999, use: str = "sensitivity"
) -> Interval:
    """Estimate and interval of every index that ``g`` makes of the means.

    "t" is the jackknife over clusters with Student's t; "log_t" the same on the logarithm, for what cannot be negative
    (where one cluster carries the whole index, its logarithm is not defined and the plain "t" stands in). An index that
    is the same whichever cluster is left out has an interval without width.

    Args:
        rows: The features.
        g: Means, shape (..., features), to indices, shape (..., indices).
        method: One of :data:`METHODS`.
        level: Share of samples whose interval is to hold the truth.
        rounds: Bootstrap rounds.
        use: Name of the resamples.
    """
    value = g(rows.means())
    if rows.counts.size < 3:
        nothing = np.full(value.shape, np.nan)
        return Interval(value, nothing, nothing)
    if method in ("t", "log_t"):
        low, high = _by_jackknife(rows, g, value, level, method == "log_t")
    else:
        low, high = _by_bootstrap(rows, g, value, level, method, rounds, use)
    exact = np.ptp(g(rows.without_one()), axis=0) <= ROUNDING * np.abs(value)
    return Interval(value, np.where(exact, value, low), np.where(exact, value, high))


def standard_error(rows: Rows, g: Statistic) -> Floats:
    """Jackknife standard error over clusters."""
    left = g(rows.without_one())
    c = rows.counts.size
    return np.asarray(np.sqrt((c - 1) / c * ((left - left.mean(axis=0)) ** 2).sum(axis=0)))


def _by_jackknife(rows: Rows, g: Statistic, value: Floats, level: float, log: bool) -> tuple[Floats, Floats]:
    reach = float(stdtrit(rows.counts.size - 1, 0.5 + level / 2.0))
    if not log:
        se = standard_error(rows, g)
        return value - reach * se, value + reach * se

    left = g(rows.without_one())
    positive = (value > 0.0) & (left > 0.0).all(axis=0)
    plain = standard_error(rows, g)

    def log_of(means: Floats) -> Floats:
        return np.asarray(np.log(np.where(positive, g(means), 1.0)))

    se, safe = standard_error(rows, log_of), np.where(positive, value, 1.0)
    low, high = safe * np.exp(-reach * se), safe * np.exp(np.minimum(reach * se, 700.0))
    return np.where(positive, low, value - reach * plain), np.where(positive, high, value + reach * plain)


def _by_bootstrap(
    rows: Rows, g: Statistic, value: Floats, level: float, method: str, rounds: int, use: str
) -> tuple[Floats, Floats]:
    drawn = g(rows.resampled(rounds, use))
    z = float(ndtri(0.5 + level / 2.0))
    if method == "normal":
        se = drawn.std(axis=0, ddof=1)
        return value - z * se, value + z * se
    tails = np.array([0.5 - level / 2.0, 0.5 + level / 2.0])
    if method == "percentile":
        low, high = np.quantile(drawn, tails, axis=0)
        return low, high
    left = g(rows.without_one())
    bend = left.mean(axis=0) - left
    with np.errstate(invalid="ignore", divide="ignore"):
        accel = np.nan_to_num((bend**3).sum(axis=0) / (6.0 * (bend**2).sum(axis=0) ** 1.5))
    below = np.clip((drawn < value).mean(axis=0) + 0.5 * (drawn == value).mean(axis=0), 1e-4, 1.0 - 1e-4)
    z0 = ndtri(below)
    ends = []
    for sign in (-1.0, 1.0):
        w = z0 + sign * z
        share = ndtr(z0 + w / (1.0 - accel * w))
        ends.append(np.array([np.quantile(drawn[:, i], share[i]) for i in range(value.size)]))
    return ends[0], ends[1]
