"""What an interval of an attribution counts: draws of behaviour, or replicates where behaviour stands at its centre.

Replicates of one draw of behaviour are no independent news about it, so they become one unit, their mean. Sums stay
exact replicate by replicate; only what is estimated from them goes through the units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.estimates.contrasts import FREE, Bounds, Estimate, mean_estimate
from experiments.analysis.estimates.nested import luck_of
from experiments.plan.behaviour import Behaviours


def units_of(behaviour: Behaviours, replicates: Sequence[int]) -> tuple[int, ...]:
    """The unit of each replicate: the place of its draw, or the replicate itself at the centre."""
    return tuple(behaviour.place(k) if behaviour.draws else k for k in replicates)


def by_units(values: Sequence[float | Fraction], units: Sequence[int]) -> NDArray[np.float64]:
    """The values of each unit as a row, filled up with NaN, in the order in which units first appear."""
    found: dict[int, list[float]] = {}
    for value, unit in zip(values, units, strict=True):
        found.setdefault(unit, []).append(float(value))
    most = max(map(len, found.values()), default=0)
    return np.array([row + [math.nan] * (most - len(row)) for row in found.values()]).reshape(len(found), most)


def mean_over(values: Sequence[float | Fraction], units: Sequence[int], unit: str, bounds: Bounds = FREE) -> Estimate:
    """Mean over the units of values, one a replicate; ``unit`` is what they are counted in."""
    return mean_estimate(over_units(values, units), unit=unit, bounds=bounds, luck=luck_of(by_units(values, units)))


def over_units(values: Sequence[float | Fraction], units: Sequence[int]) -> list[float]:
    """Means of the values of each unit, rounded once, in the order in which units first appear.

    Args:
        values: Finite numbers, one a replicate.
        units: The unit of each.
    """
    found: dict[int, list[Fraction]] = {}
    for value, unit in zip(values, units, strict=True):
        found.setdefault(unit, []).append(Fraction(value))
    return [float(sum(some, Fraction(0)) / len(some)) for some in found.values()]
