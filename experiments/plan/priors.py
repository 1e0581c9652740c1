"""Quantiles of the priors of ``scenarios/behaviour``: from a share of probability to a value.

A prior is its distribution cut to [low, high] and scaled to one, so every draw is a value that the files allow. Values
are rounded to twelve digits: special functions differ in the last bits from library to library, results must not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sim.parameters.records import Uncertainty

Floats = NDArray[np.float64]
DIGITS = 12


def quantile(prior: Uncertainty, share: ArrayLike) -> Floats:
    """Values below which the given shares of the prior's probability lie.

    Args:
        prior: The uncertainty.
        share: Numbers in [0, 1], any shape.

    Returns:
        Values of the same shape, within the prior's bounds.
    """
    u = np.asarray(share, dtype=np.float64)
    p: Mapping[str, Any] = prior.params
    if prior.distribution == "fixed":
        return np.full(u.shape, float(prior.central))
    if prior.distribution == "discrete":
        return _discrete(np.asarray(p["values"], float), np.asarray(p["weights"], float), u)
    if prior.distribution == "uniform":
        found = float(p["low"]) + u * (float(p["high"]) - float(p["low"]))
    elif prior.distribution == "triangular":
        found = _triangular(float(p["low"]), float(p["mode"]), float(p["high"]), u)
    else:
        found = _cut(prior.distribution, p, prior.low, prior.high, u)
    return _rounded(np.clip(found, prior.low, prior.high))


def _discrete(values: Floats, weights: Floats, u: Floats) -> Floats:
    ends = np.cumsum(weights) / weights.sum()
    return np.asarray(values[np.minimum(np.searchsorted(ends, u, side="right"), values.size - 1)])


def _triangular(low: float, mode: float, high: float, u: Floats) -> Floats:
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    return np.where(u < turn, rising, high - np.sqrt((1.0 - u) * (high - low) * (high - mode)))


def _cut(kind: str, p: Mapping[str, Any], low: float, high: float, u: Floats) -> Floats:
    if kind == "beta":
        a, b = float(p["a"]), float(p["b"])
        first, last = special.betainc(a, b, max(low, 0.0)), special.betainc(a, b, min(high, 1.0))
        return np.asarray(special.betaincinv(a, b, first + u * (last - first)))
    if kind == "normal":
        middle, spread = float(p["mean"]), float(p["sd"])
        ends = [special.ndtr((x - middle) / spread) for x in (low, high)]
        return np.asarray(middle + spread * special.ndtri(ends[0] + u * (ends[1] - ends[0])))
    middle, spread = np.log(float(p["median"])), float(p["log_sd"])
    ends = [special.ndtr((np.log(x) - middle) / spread) if x > 0.0 else 0.0 for x in (low, high)]
    return np.asarray(np.exp(middle + spread * special.ndtri(ends[0] + u * (ends[1] - ends[0]))))


def _rounded(x: Floats) -> Floats:
    """Rounded to :data:`DIGITS` significant digits."""
    return np.asarray([float(f"{v:.{DIGITS}g}") for v in x.reshape(-1)]).reshape(x.shape)
