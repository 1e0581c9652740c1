"""Instruments for people: talent, housing.

* talent (PX-TAL-1, M-15): subsidy on arrival, relief of housing cost, start-up funds, services; paid by county or
province;
* housing (M-13): ceiling on housing's share of a town's investment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.agents import government
from sim.policy.base import Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Talent(Instrument):
    """Talent policy of the towns on a list."""

    id: ClassVar[str] = "talent"

    def offer(self, p: Province) -> None:
        """Write subsidies, relief and services for listed towns."""
        on = p.towns.on_a_list()
        p.offer.subsidy[:] = np.where(on, float(self.lever("subsidy", p.t)), 0.0)
        p.offer.housing_relief[:] = np.where(on, float(self.lever("housing", p.t)), 0.0)
        p.offer.startup_fund[:] = np.where(on, float(self.lever("startup_fund", p.t)), 0.0)
        p.offer.services[:] = np.where(on, float(self.lever("services", p.t)), 0.0)
        p.offer.talent_payer = government.account(p, self.lever("payer", p.t))


class Housing(Instrument):
    """Ceiling on housing."""

    id: ClassVar[str] = "housing"

    def offer(self, p: Province) -> None:
        """Pass the ceiling to the building step, for towns on a list."""
        ceiling = float(self.lever("ceiling", p.t))
        if ceiling < 1.0:
            p.offer.housing_ceiling[p.towns.on_a_list()] = ceiling
