"""Instrument for housing.

* housing (M-13): ceiling on housing's share of a town's investment.
"""

from __future__ import annotations

from sim.instruments.base import Instrument, LeverSet, at
from sim.state.province import Province


class Levers(LeverSet):
    """What a government sets."""

    ceiling: float


class Housing(Instrument[Levers]):
    """Ceiling on housing."""

    order = 260

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Pass the ceiling to the building step, for towns on a list."""
        ceiling = now.ceiling
        if ceiling < 1.0:
            p.offer.housing_ceiling[p.towns.on_a_list()] = ceiling
