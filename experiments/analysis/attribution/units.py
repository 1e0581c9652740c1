"""What an interval of an attribution counts: draws of behaviour, or replicates where behaviour stands at its centre.

Replicates of one draw of behaviour are no independent news about it, so they become one unit, their mean. Sums stay
exact replicate by replicate; only what is estimated from them goes through the units.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.plan.behaviour import Behaviours


def units_of(behaviour: Behaviours, replicates: Sequence[int]) -> tuple[int, ...]:
    """The unit of each replicate: the place of its draw, or the replicate itself at the centre."""
    return tuple(behaviour.place(k) if behaviour.draws else k for k in replicates)


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
