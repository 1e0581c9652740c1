"""Land and money that follow settled farmers (GZ-LAND-1, GZ-FISC-1, GZ-HUK-1, reading D-50).

At the year's end, for each villager who settled in a town that year, ``land`` mu of quota and ``transfer`` 万元 go to
the county, ``town_share`` of both straight to the town. Where settled farmers keep their rural rights, villagers settle
``1 + village.rights_lift`` times as readily.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province

SETTLEMENT = reason("money", "settlement", "市民化转移支付", "transfer for settled farmers", policy=True)
SETTLEMENT_QUOTA = reason("land", "settlement_quota", "人地挂钩指标", "quota for settled farmers")

Ints = NDArray[np.int64]


class Levers(LeverSet):
    """What a government sets."""

    land: float
    transfer: float
    scope: Literal["listed", "all"]
    payer: Literal["nation", "province", "prefecture"]
    town_share: float
    keep_rights: bool


class Settlement(Instrument[Levers]):
    """Quota and transfers by the number of farmers who settle."""

    order = 130

    def covers(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose settlers count."""
        return p.towns.supported() if self.now(p.t).scope == "listed" else np.ones(p.towns.size, dtype=bool)

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Villagers who keep their rights settle more readily."""
        if now.keep_rights:
            inside = self.covers(p)[p.places.villages.town]
            p.offer.settle[inside] = 1.0 + p.behaviour["village.rights_lift"]

    def payer(self, p: Province) -> Ints:
        """Account that pays for each town."""
        name = self.now(p.t).payer
        return p.books.chart.of(Kind.NATION) if name == "nation" else government.account(p, name)

    @at("pay")
    def pay(self, p: Province, now: Levers) -> None:
        """Quota and transfer for the year's settlers."""
        land, money = now.land, now.transfer
        if land == 0.0 and money == 0.0:
            return
        new = p.towns.settlers[p.clock.year_start : p.t + 1].sum(axis=0) * self.covers(p)
        quota = np.floor(100.0 * land * new).astype(np.int64)
        self._post(p, "land", quota)
        p.towns.direct += quota
        self._post(p, "money", np.floor(money * new).astype(np.int64))

    def _post(self, p: Province, ledger: str, amount: Ints) -> None:
        town = np.floor(amount * self.now(p.t).town_share).astype(np.int64)
        book, reason, clause = (
            (p.land, SETTLEMENT_QUOTA, "GZ-LAND-1") if ledger == "land" else (p.money, SETTLEMENT, "GZ-FISC-1")
        )
        book.post(reason, self.payer(p), p.books.county_account, amount - town, clause=clause)
        book.post(reason, self.payer(p), p.books.chart.of(Kind.TOWN), town, clause=clause)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """As many settlers each year as in the last four quarters, at the shadow price of land and in money."""
        land, money = ahead.land, ahead.transfer
        if land == 0.0 and money == 0.0:
            return None
        settlers = p.towns.settlers[max(0, p.t - 4) : p.t].sum(axis=0)
        worth: Floats = settlers * (land * f.shadow_price + money) * f.annuity
        inside = f.listed | f.named if ahead.scope == "listed" else np.ones_like(f.listed)
        return np.zeros_like(f.invest) + inside * worth
