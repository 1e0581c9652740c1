"""Shapes of distributions: even samples by rank, deciles, lognormals, shares by largest remainder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.engine.numeric import exp, log, normal_quantiles
from sim.world.types import Floats, Ints


def ranks(values: Floats) -> Ints:
    """Rank of each value, 0 for the smallest, shape (n,)."""
    order = np.argsort(values, kind="stable")
    out = np.empty(values.size, dtype=np.int64)
    out[order] = np.arange(values.size)
    return out


def even_uniforms(values: Floats) -> Floats:
    """The values' ranks spread evenly over (0, 1): a sample that has the distribution's quantiles exactly."""
    return (ranks(values) + 0.5) / max(values.size, 1)


def normal_scores(values: Floats) -> Floats:
    """Standard normal scores by rank, shape (n,)."""
    return normal_quantiles(even_uniforms(values))


def standardised(values: Floats) -> Floats:
    """Values shifted and scaled to mean 0 and standard deviation 1 (all 0 where they are equal)."""
    spread = float(np.std(values)) if values.size else 0.0
    return (values - float(np.mean(values))) / spread if spread > 1e-12 else np.zeros_like(values)


def lognormal(median: float, spread: float, scores: Floats) -> Floats:
    """Lognormal values with the given median and standard deviation of the log."""
    return median * exp(spread * scores)


def powers(base: Floats, exponent: float) -> Floats:
    """Elementwise power of positive numbers."""
    return exp(exponent * log(base))


def from_deciles(deciles: Sequence[float], latent: Floats) -> Floats:
    """Values that have the given deciles (minimum, 10 %, ..., maximum), in the order of ``latent``."""
    place = ranks(latent) / max(latent.size - 1, 1)
    values: Floats = np.interp(place, np.arange(11) / 10.0, np.asarray(deciles))
    return values


def shared(total: int, weights: Floats) -> Ints:
    """Share a whole number by weights, largest remainders first (ties to the earlier)."""
    exact = total * weights / weights.sum()
    out: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(out - exact, kind="stable")
    out[order[: total - int(out.sum())]] += 1
    return out


def gini(values: ArrayLike) -> float:
    """Gini coefficient of non-negative values (NaN where they are all zero)."""
    rising = np.sort(np.asarray(values, dtype=np.float64))
    n, total = rising.size, float(rising.sum())
    if total <= 0:
        return float("nan")
    return float(2 * np.sum(np.arange(1, n + 1) * rising) / (n * total) - (n + 1) / n)


def group_means(values: Floats, group: Ints, groups: int) -> Floats:
    """Mean of each element's group, shape of ``values``."""
    count = np.maximum(np.bincount(group, minlength=groups), 1)
    return (np.bincount(group, weights=values, minlength=groups) / count)[group]
