"""Instruments for villages and housing: 1+N linkage, the ceiling on housing.

* linkage (M-10, 1+N): N villages linked to each listed town, six channels with weights, a lag, and a return flow;
* housing (M-13): ceiling on housing's share of a town's investment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.policy.base import Instrument

if TYPE_CHECKING:
    from sim.province import Province

CHANNELS = ("planning", "industry", "infrastructure", "services", "ecology", "management")
"""The six channels of 1+N: 规划 产业 设施 服务 生态 管理."""


class Linkage(Instrument):
    """1+N town-village linkage."""

    id: ClassVar[str] = "linkage"

    def offer(self, p: Province) -> None:
        """Pass N (for towns on a list), channel weights, lag and return to the villages."""
        n = int(self.lever("villages", p.t))
        town = p.geography.villages.town
        p.offer.linked = np.where(p.towns.on_a_list()[town], n, 0)
        p.offer.channels = np.array([float(self.lever(name, p.t)) for name in CHANNELS])
        p.offer.link_lag = int(self.lever("lag", p.t))
        p.offer.link_reverse = float(self.lever("reverse", p.t))


class Housing(Instrument):
    """Ceiling on housing."""

    id: ClassVar[str] = "housing"

    def offer(self, p: Province) -> None:
        """Pass the ceiling to the building step, for towns on a list."""
        ceiling = float(self.lever("ceiling", p.t))
        if ceiling < 1.0:
            p.offer.housing_ceiling[p.towns.on_a_list()] = ceiling
