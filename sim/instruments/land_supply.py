"""Direct supply of quota to listed towns, quota on naming, and linked consolidation (SD-LAND-1, PY-LAND-1, PX-LAND-2).

Each January, and in the quarter in which a supply begins (the rest of that year's part, or the ``whole`` of it),
``amount`` mu, less the part that ``others`` than listed towns win, are shared by the towns of the creation list and the
named ones: equally, by the land that waiting projects need, or from the best town down until the pool is empty, nobody
getting more than it needs. The pool is the province's or one of each prefecture
(D-40 reads the sum as a total or for each town); a total meant for ``towns`` towns shrinks with the number listed,
so that a smaller programme does not get more a town. Linked consolidation reclaims each January

    consolidation · max(0, homestead·(settled + migrants) − reclaimed before)        centi-mu, by village

of the homesteads vacated around listed towns; the county pays ``land.reclaim_cost`` a mu to the village.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import column
from sim.engine.ledger import reason
from sim.engine.numeric import normal_cdf
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind
from sim.state.people import APPROVED, SIGNED
from sim.state.province import Province

RECLAIM = reason("money", "reclaim", "宅基地复垦补偿", "compensation for reclaimed homesteads", policy=True)
DIRECT_QUOTA = reason("land", "direct_quota", "直供用地指标", "quota supplied directly")
LINKED_QUOTA = reason("land", "linked_quota", "增减挂钩指标", "quota from reclaimed homesteads")

Ints = NDArray[np.int64]


class Levers(LeverSet):
    """What a government sets."""

    amount: float
    rule: Literal["total", "each"]
    towns: int
    source: Literal["province", "prefecture"]
    allocation: Literal["equal", "demand", "competition"]
    receiver: Literal["town", "county"]
    naming: float
    consolidation: float
    others: float
    first_year: Literal["part", "whole"]


class LandSupply(Instrument[Levers]):
    """Quota that goes straight to towns."""

    order = 120
    reclaimed = column("village", np.int64)
    """Homestead land reclaimed so far, centi-mu."""

    def pool(self, p: Province, listed: NDArray[np.bool_]) -> Floats:
        """Centi-mu a year of each prefecture's pool, shape (P,); one element where the province holds the pool."""
        ahead = self.ahead(p.t)
        amount = 100.0 * ahead.amount * (1.0 - ahead.others)
        groups = self.group(p)
        count = np.bincount(groups[listed], minlength=int(groups.max()) + 1)
        if ahead.rule == "each":
            return np.asarray(amount * count, dtype=np.float64)
        meant = float(ahead.towns)
        part = min(1.0, float(count.sum()) / meant) if meant > 0.0 else 1.0
        return np.full(count.size, amount * part)

    def group(self, p: Province) -> Ints:
        """Which pool each town draws on."""
        if self.ahead(p.t).source == "prefecture":
            return p.places.towns.prefecture
        return np.zeros(p.towns.size, dtype=np.int64)

    def need(self, p: Province) -> Ints:
        """Land of signed and approved projects that wait for it, centi-mu by town."""
        stage, out = p.projects.live("stage"), np.zeros(p.towns.size, dtype=np.int64)
        waits = (stage == SIGNED) | (stage == APPROVED)
        np.add.at(out, p.projects.live("town")[waits], p.projects.live("land")[waits])
        return out

    def merit(self, p: Province) -> Floats:
        """What a competition ranks by: the operator, the site, and how hard the county tries."""
        towns = p.places.towns
        return towns.capability + 0.3 * towns.potential + p.towns.effort

    def shares(self, p: Province, on: NDArray[np.bool_]) -> Ints:
        """Centi-mu for each town out of a whole year's pools."""
        pool, group, how = self.pool(p, on), self.group(p), self.now(p.t).allocation
        if how == "competition":
            return self._compete(p, on, pool, group)
        weight = on * (self.need(p) + 100.0 if how == "demand" else 1.0)
        total = np.bincount(group, weights=weight, minlength=pool.size)
        return np.floor(pool[group] * weight / np.maximum(1e-9, total[group])).astype(np.int64)

    def _compete(self, p: Province, on: NDArray[np.bool_], pool: Floats, group: Ints) -> Ints:
        left, need = np.floor(pool).astype(np.int64), self.need(p)
        out = np.zeros(p.towns.size, dtype=np.int64)
        for i in np.lexsort((p.places.towns.key, -self.merit(p))):
            if on[i]:
                out[i] = min(int(left[group[i]]), int(need[i]))
                left[group[i]] -= out[i]
        return out

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """The year's quota in January, quota for towns named last quarter, reclaimed homesteads."""
        on = p.towns.paid_now()
        part = self.due(p, p.t)
        if part > 0.0 and on.any():
            self._give(p, np.floor(part * self.shares(p, on)).astype(np.int64), "SD-LAND-1")
        naming = int(100 * now.naming)
        if naming > 0:
            new = (p.towns.named_at >= 0) & (p.towns.named_at == p.t - 1)
            self._give(p, np.where(new, naming, 0).astype(np.int64), "G")
        if p.clock.quarter.q == 1:
            self._consolidate(p, on)

    def due(self, p: Province, t: int) -> float:
        """Part of a year's quota that a quarter brings."""
        now, q = self.now(t), (p.clock.start_index + t) % 4 + 1
        begins = t == 0 or self.now(t - 1).amount == 0.0
        if now.amount == 0.0 or not (q == 1 or begins):
            return 0.0
        return 1.0 if now.first_year == "whole" else (5 - q) / 4.0

    def lasts(self, p: Province) -> float:
        """Years' quotas of the official's horizon that will come, as a share of it: one where the supply has no end."""
        horizon = p.behaviour["official.horizon"]
        first = max(p.t, p.policy.effective)
        rows = range(first, min(p.clock.quarters, first + max(1, round(4.0 * horizon))))
        if all(self.now(t).amount > 0.0 for t in rows):
            return 1.0
        return min(1.0, sum(self.due(p, t) for t in rows) / horizon)

    def _give(self, p: Province, amount: Ints, clause: str) -> None:
        now = self.now(p.t)
        source = government.account(p, now.source)
        receiver = p.books.chart.of(Kind.TOWN) if now.receiver == "town" else p.books.county_account
        p.land.post(DIRECT_QUOTA, source, receiver, amount, clause=clause)
        p.towns.direct += amount

    def _consolidate(self, p: Province, on: NDArray[np.bool_]) -> None:
        share = self.now(p.t).consolidation
        if share == 0.0:
            return
        g, v = p.places.villages, p.villages
        vacated = 100.0 * p.constants["land.homestead"] * (v.settled + v.migrants) * on[g.town]
        new = np.floor(share * np.maximum(0.0, vacated - self.reclaimed)).astype(np.int64)
        self.reclaimed += new
        by_town = np.zeros(p.towns.size, dtype=np.int64)
        np.add.at(by_town, g.town, new)
        p.towns.direct += by_town
        p.land.post(
            LINKED_QUOTA, p.books.chart.of(Kind.NATION), p.books.chart.of(Kind.TOWN), by_town, clause="PX-LAND-2"
        )
        cost = np.rint(new / 100.0 * p.constants["land.reclaim_cost"]).astype(np.int64)
        county, own = p.books.chart.of(Kind.COUNTY)[g.county], p.books.chart.of(Kind.VILLAGE)
        p.money.post(RECLAIM, county, own, cost, clause="PX-LAND-2")

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Quota a listed town counts on, no more than it will use, at the shadow price; naming quota times P(pass)."""
        amount, naming = ahead.amount, ahead.naming
        if amount == 0.0 and naming == 0.0:
            return None
        near = (f.years_left <= p.behaviour["official.horizon"]) * p.towns.to_be_accepted()
        value = f.listed * near * f.p_three * naming * f.shadow_price
        if amount == 0.0:
            return value
        return value + f.listed * self._counted(p, f) / 100.0 * f.shadow_price * f.annuity * self.lasts(p)

    def _counted(self, p: Province, f: Forecast) -> Floats:
        on, group, how = p.towns.listed(), self.group(p), self.ahead(p.t).allocation
        pool = self.pool(p, on | f.listed)[group]
        if how == "equal":
            others = np.bincount(group[on], minlength=int(group.max()) + 1)[group] - on
            return np.minimum(pool / (others + 1.0), f.land)
        wanted = np.bincount(group, weights=np.where(on | f.listed, f.land.mean(axis=0), 0.0))[group]
        share = np.minimum(1.0, pool / np.maximum(1.0, wanted))
        if how == "demand":
            return np.minimum(pool * f.land / np.maximum(1.0, wanted), f.land)
        merit = self.merit(p)
        rank = (merit[None, :] < merit[:, None]).mean(axis=1)
        return f.land * normal_cdf((rank - (1.0 - share)) / 0.2)
