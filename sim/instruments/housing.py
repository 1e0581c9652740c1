"""Instrument for housing.

* housing (M-13): ceiling on housing's share of a town's investment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.instruments.base import Instrument

if TYPE_CHECKING:
    from sim.state.province import Province


class Housing(Instrument):
    """Ceiling on housing."""

    id: ClassVar[str] = "housing"

    def offer(self, p: Province) -> None:
        """Pass the ceiling to the building step, for towns on a list."""
        ceiling = float(self.lever("ceiling", p.t))
        if ceiling < 1.0:
            p.offer.housing_ceiling[p.towns.on_a_list()] = ceiling
