"""Shapley values of set functions in exact arithmetic: over all coalitions, or over random orders.

Every float is a fraction over a power of two, so values are scaled to whole numbers once and all sums are whole-number
sums. Contributions therefore add up to the difference exactly, a group without effect gets exactly zero, and nothing
depends on the order of summation; rounding happens once, when a result becomes a float.

A coalition is a bit mask: bit i says that group i is taken from the second regime.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.plan.luck import permutation

LARGEST = 12
"""Groups for which all coalitions are still enumerated."""
Whole = NDArray[Any]
"""Whole numbers of any size, as objects."""


def whole(values: NDArray[np.float64]) -> tuple[Whole, int]:
    """Values as whole numbers over one common denominator.

    Args:
        values: Finite numbers, any shape.

    Returns:
        Numerators of the same shape, and the denominator.

    Raises:
        ValueError: If a value is not finite.
    """
    flat = np.asarray(values, dtype=np.float64)
    if not np.isfinite(flat).all():
        raise ValueError("a set function must be defined everywhere")
    ratios = [float(v).as_integer_ratio() for v in flat.ravel()]
    denominator = max((d for _, d in ratios), default=1)
    numerators = np.empty(len(ratios), dtype=object)
    numerators[:] = [n * (denominator // d) for n, d in ratios]
    return numerators.reshape(flat.shape), denominator


def _players(values: NDArray[np.float64]) -> int:
    n = int(values.shape[0]).bit_length() - 1
    if values.shape[0] != 1 << n:
        raise ValueError("a set function of n groups has 2^n values")
    return n


def _masks(n: int) -> NDArray[np.int64]:
    return np.arange(1 << n, dtype=np.int64)


def _sizes(masks: NDArray[np.int64]) -> list[int]:
    return [int(m).bit_count() for m in masks]


def _objects(values: Sequence[int]) -> Whole:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def exact(values: NDArray[np.float64]) -> list[list[Fraction]]:
    """Shapley values from all coalitions.

    Args:
        values: The set function by mask and replicate, shape (2^n, K).

    Returns:
        One list of K fractions for each group; for each replicate they add up to ``values[-1] - values[0]``.
    """
    n = _players(values)
    v, denominator = whole(values)
    masks, total = _masks(n), math.factorial(n) * denominator
    found = []
    for i in range(n):
        without = masks[(masks >> i) & 1 == 0]
        weights = _objects([math.factorial(s) * math.factorial(n - s - 1) for s in _sizes(without)])
        sums = (weights[:, None] * (v[without | 1 << i] - v[without])).sum(axis=0)
        found.append([Fraction(int(x), total) for x in sums])
    return found


def interactions(values: NDArray[np.float64]) -> dict[tuple[int, int], list[Fraction]]:
    """Shapley interaction index of every pair (Grabisch and Roubens 1999), by replicate.

    It is what two groups do together beyond the sum of what each does alone, averaged over what the others do:
    above zero they strengthen each other, below zero one makes the other superfluous.

    Args:
        values: As in :func:`exact`.
    """
    n = _players(values)
    v, denominator = whole(values)
    masks, total = _masks(n), math.factorial(max(0, n - 1)) * denominator
    found = {}
    for i in range(n):
        for j in range(i + 1, n):
            one, other = 1 << i, 1 << j
            base = masks[masks & (one | other) == 0]
            weights = _objects([math.factorial(s) * math.factorial(n - s - 2) for s in _sizes(base)])
            joint = v[base | one | other] - v[base | one] - v[base | other] + v[base]
            found[i, j] = [Fraction(int(x), total) for x in (weights[:, None] * joint).sum(axis=0)]
    return found


def orders(n: int, pairs: int, replicate: int = 0, seed: int = 0) -> list[tuple[int, ...]]:
    """Random orders of n groups, each followed by its reverse: a group that came first then comes last.

    Every replicate has orders of its own, so the spread over replicates holds the noise of the orders too.
    """
    found: list[tuple[int, ...]] = []
    for pair in range(pairs):
        order = tuple(int(i) for i in permutation(f"attribution.order/{replicate}/{pair}", n, seed))
        found += [order, order[::-1]]
    return found


def visited(order: Sequence[int]) -> list[int]:
    """The coalitions of an order from none to all, n + 1 masks."""
    masks = [0]
    for i in order:
        masks.append(masks[-1] | 1 << i)
    return masks


def sampled(values: Mapping[int, float], found: Sequence[Sequence[int]]) -> list[Fraction]:
    """Shapley values of one replicate estimated from orders.

    Args:
        values: The set function on the coalitions that the orders visit.
        found: Orders of the groups, all of the same groups.

    Returns:
        One fraction for each group; the steps of each order telescope, so they too add up to the difference exactly.
    """
    masks = list(values)
    numerators, denominator = whole(np.array([values[m] for m in masks], dtype=np.float64))
    v: dict[int, int] = dict(zip(masks, numerators.tolist(), strict=True))
    sums = [0] * len(found[0])
    for order in found:
        path = visited(order)
        for step, i in enumerate(order):
            sums[i] += v[path[step + 1]] - v[path[step]]
    return [Fraction(s, len(found) * denominator) for s in sums]


def adds_up(parts: Sequence[Fraction], start: float, end: float) -> bool:
    """Whether contributions add up to the difference: exactly as fractions, and so to the bit as floats."""
    total = sum(parts, Fraction(0))
    return total == Fraction(end) - Fraction(start) and float(total) == end - start
