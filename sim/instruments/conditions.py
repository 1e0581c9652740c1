"""Instruments that change the terms on which firms and projects come: approval, capital, land guarantee.

* approval (YW-APPR-1, PX-APPR-1, -2): delay = days/65 quarters, to which the applicant's own preparation is added or
  not (D-57); building while approval runs multiplies the pace of approval by ``PARALLEL`` and makes some projects build
  twice (``rework``, M-60; the source gives no numbers);
* registered capital (YW-REG-1): firms that want the provincial name must register ``minimum``;
* land guarantee (PX-LAND-1): creation towns are served first, and in full out of the city's quota, until the first
  unqualified grade, or only after the first qualified one (D-36), or until they are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.instruments.base import Floats, Forecast, Instrument
from sim.state.town import Grade, Status

if TYPE_CHECKING:
    from sim.state.offer import Offer
    from sim.state.province import Province

WORKING_DAYS = 65.0
PARALLEL = 1.5
USUAL_DAYS, USUAL_CAPITAL, USUAL_SCOPE = 30.0, 1000.0, 0.1
"""Approval limit, registered capital and who asks for the provincial name where no regime says otherwise; the inert
values of these levers.
"""


def usual_terms(offer: Offer) -> None:
    """Approval and registration as they are without any instrument."""
    offer.delay[:] = USUAL_DAYS / WORKING_DAYS
    offer.capital, offer.capital_scope = USUAL_CAPITAL, USUAL_SCOPE


class Approval(Instrument):
    """Approval limits for projects inside listed towns."""

    id: ClassVar[str] = "approval"

    def offer(self, p: Province) -> None:
        """Listed towns get the regime's limit, all others the usual one."""
        days = float(self.lever("days", p.t))
        listed = p.towns.supported()
        p.offer.delay[:] = np.where(listed, days, USUAL_DAYS) / WORKING_DAYS
        if self.lever("parallel", p.t):
            p.offer.pace[listed] = PARALLEL
            p.offer.rework[listed] = float(self.lever("rework", p.t))
        if self.lever("scope", p.t) == "total":
            p.offer.preparation[listed] = 0.0


class RegisteredCapital(Instrument):
    """Registered capital asked of firms that want the provincial name."""

    id: ClassVar[str] = "registered_capital"

    def offer(self, p: Province) -> None:
        """Pass the minimum and its scope to the prospects."""
        p.offer.capital = float(self.lever("minimum", p.t))
        p.offer.capital_scope = float(self.lever("scope", p.t))


class LandGuarantee(Instrument):
    """Priority and full supply of land."""

    id: ClassVar[str] = "land_guarantee"

    def offer(self, p: Province) -> None:
        """Mark the towns that are served first, and in full."""
        towns = (p.towns.status == Status.CREATION) & ~p.towns.unsupported & ~p.towns.suspended
        gate = self.lever("gate", p.t)
        if gate == "until_unqualified":
            towns = towns & (p.towns.grade != Grade.UNQUALIFIED)
        elif gate == "after_grade":
            towns = towns & (p.towns.grade > Grade.UNQUALIFIED)
        if self.lever("priority", p.t):
            p.offer.land_priority[towns] = 1.0
        if self.lever("full", p.t):
            p.offer.land_guaranteed |= towns

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Quota that the county need not find itself: land use at the shadow price, for the years it stays
        qualified.
        """
        if not self.ahead("full", p.t):
            return None
        gate = self.ahead("gate", p.t)
        kept = np.ones_like(f.p_annual) if gate == "listed" else f.p_annual
        if gate == "after_grade":
            kept = kept * np.where(p.towns.grade > Grade.NONE, 1.0, 0.5)
        return 0.5 * f.listed * kept * f.land / 100.0 * f.shadow_price * f.annuity
