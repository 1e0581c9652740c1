"""What a county foresees for each of its strategies; instruments say what they would pay in that case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a county expects of each strategy for each of its towns over the coming year; arrays (strategies, T).

    Attributes:
        listed: Whether the town is taken to be on the creation list (not yet named), shape (T,).
        named: Whether it is already named: past its targets, still inside the rebate, shape (T,).
        invest: True effective investment, 万元.
        p_annual: Chance that the reported figures meet the annual target.
        p_three: Chance that the three-year target is met when its clock runs out.
        p_settled: Chance that it is met within the clock of the settlement (reading D-08).
        p_miss_again: Chance of a miss that removes the town from the list this year.
        industrial: Investment of projects, 万元 a year.
        land: Quota that projects will use, centi-mu.
        new_tax: Tax above the base year's, 万元 a year.
        gap: Share by which reports will exceed the truth.
        annuity: Present value of one yuan a year over the official's horizon.
        years_left: Years until acceptance, shape (T,).
        shadow_price: Worth of a mu of quota to the county, 万元, shape (T,).
    """

    listed: NDArray[np.bool_]
    named: NDArray[np.bool_]
    invest: Floats
    p_annual: Floats
    p_three: Floats
    p_settled: Floats
    p_miss_again: Floats
    industrial: Floats
    land: Floats
    new_tax: Floats
    gap: Floats
    annuity: float
    years_left: Floats
    shadow_price: Floats
