"""Land guarantee (PX-LAND-1).

Creation towns are served first, and in full out of the city's quota, until the first unqualified grade, or only after
the first qualified one (D-36), or until they are named.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.instruments.base import Bools, Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.province import Province
from sim.state.town import Grade, Status


class Levers(LeverSet):
    """What a government sets."""

    priority: bool
    full: bool
    gate: Literal["listed", "until_unqualified", "after_grade"]


class LandGuarantee(Instrument[Levers]):
    """Priority and full supply of land."""

    order = 180

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Mark the towns that are served first, and in full."""
        self.serve(p, now, (p.towns.status == Status.CREATION) & ~p.towns.unsupported & ~p.towns.suspended)

    def serve(self, p: Province, now: Levers, towns: Bools) -> None:
        """Mark those of some towns that pass the gate."""
        gate = now.gate
        if gate == "until_unqualified":
            towns = towns & (p.towns.grade != Grade.UNQUALIFIED)
        elif gate == "after_grade":
            towns = towns & (p.towns.grade > Grade.UNQUALIFIED)
        if now.priority:
            p.offer.land_priority[towns] = 1.0
        if now.full:
            p.offer.land_guaranteed |= towns

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Quota that the county need not find itself: land use at the shadow price, for the years it stays
        qualified.
        """
        if not ahead.full:
            return None
        gate = ahead.gate
        kept = np.ones_like(f.p_annual) if gate == "listed" else f.p_annual
        if gate == "after_grade":
            kept = kept * np.where(p.towns.grade > Grade.NONE, 1.0, 0.5)
        return 0.5 * f.listed * kept * f.land / 100.0 * f.shadow_price * f.annuity
