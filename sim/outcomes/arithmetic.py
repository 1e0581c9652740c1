"""The few operations that outcomes are made of; an undefined one is NaN, never an error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64] | NDArray[np.float64]

NAN = float("nan")
YI = 10_000.0
"""万元 in a 亿元."""
CENTI = 100.0
"""Centi-mu in a mu."""


def share(part: float, whole: float) -> float:
    """Part / whole, NaN when there is nothing to divide by."""
    return float(part) / float(whole) if whole else NAN


def mean(values: NDArray[Any]) -> float:
    """Mean, NaN of nothing."""
    return float(values.mean()) if values.size else NAN


def yearly_hazard(gone: ArrayLike, exposed: ArrayLike) -> Floats:
    """Yearly hazard from closures and firm-quarters at risk: 1 − (1 − q)⁴; 0 where nobody was at risk."""
    stay = 1.0 - np.asarray(gone) / np.maximum(1, np.asarray(exposed))
    return np.asarray(1.0 - stay * stay * stay * stay)


def gini(value: Floats, weight: Floats) -> float:
    """Gini coefficient of a weighted value: one less twice the area under the Lorenz curve; NaN without any value."""
    order = np.argsort(value, kind="stable")
    w, x = weight[order], (value * weight)[order]
    total = float(x.sum())
    if total <= 0.0:
        return NAN
    people = w / w.sum()
    below = np.concatenate(([0.0], np.cumsum(x) / total))
    return float(1.0 - (people * (below[1:] + below[:-1])).sum())
