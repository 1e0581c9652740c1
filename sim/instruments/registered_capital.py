"""Registered capital (YW-REG-1): firms that want the provincial name and settle in a listed town need ``minimum``,
elsewhere the usual sum. A firm wishes or not before it looks; the test is made in the town of its choice.
"""

from __future__ import annotations

from sim.instruments.base import Instrument, LeverSet, at
from sim.state.province import Province


class Levers(LeverSet):
    """What a government sets."""

    minimum: float
    scope: float


class RegisteredCapital(Instrument[Levers]):
    """Registered capital asked of firms that want the provincial name."""

    order = 170

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Pass the minimum and its scope to the prospects."""
        p.offer.capital[p.towns.listed()] = now.minimum
        p.offer.capital_scope = now.scope
