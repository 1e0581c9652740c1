"""Town-village linkage (1+N): the support that towns give through six channels, and what villages give back.

Each listed town, or every town (``scope``), carries its N nearest villages (GZ-VIL-1, PY-P07; M-10) through the
channels that the regime names.
What these do for villages is the villages' own step (:mod:`sim.agents.village`). What comes back, from the quarter
after::

    labour    limit on the town's jobs  ← saturation + ρ·labour·(commuters that the linkage brought)       persons
    land      quota of the county       ← + ρ·land·rate/4·w1·s1·consolidable land, paid at a price a mu       centi-mu
    produce   bought by the town's firms = ρ·produce·0.05·w2·s2·(produce of the quarter), sold at a margin   万元
    visitors  spend in the town          = ρ·visitors·0.02·(w5·s5 + w6·s6)·(produce of the quarter)         万元
    services  that talents find in town  ← + ρ·keep·mean of (w4·s4 + w5·s5)/2 over its linked villages         utility

ρ is the lever ``reverse``. Bought produce and visitors' spending are side trades of the town
(:mod:`sim.state.countryside`): they enter its output and tax. A farmer gets a tenth more for what the town buys.
Where villages are sorted by size (OTH-RV-2, M-61), nearness and residents give four classes; big ones are
strengthened (support ×1.5 and ×1.2), small ones are absorbed (×0.6, and their people settle twice as fast).
Counties expect the cost, the worth of the land and the tax of the trades. Numbers without a clause are assumptions.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.agents.trade import add_income, by_town, earn
from sim.agents.village import COMMUTE, VILLAGE_PRODUCE
from sim.engine.ledger import reason
from sim.engine.numeric import exp
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.countryside import CHANNELS
from sim.state.province import Province

VILLAGE_LAND_PRICE = reason(
    "money", "village_land_price", "村整治用地价款", "price of consolidated village land", policy=True
)
VILLAGE_LAND = reason("land", "village_land", "村整治腾退用地", "consolidated village land")

SIZES = np.array([1.5, 1.2, 1.0, 0.6])
"""Support of very big, big, medium and small villages (壮大、合并、融入)."""
ABSORBED = 2.0
"""How much faster the people of small villages settle."""
PRODUCE, VISITS, BETTER_PRICE = 0.05, 0.02, 0.1


def classes(population: NDArray[np.int64], distance: Floats) -> NDArray[np.int64]:
    """Four classes of villages by residents weighed with nearness, residents/(1 + km/10): 0 very big ... 3 small.

    The cuts are the tenth, the fortieth and the seventieth per cent from the top.
    """
    size = population / (1.0 + distance / 10.0)
    rank = np.empty(size.size, dtype=np.int64)
    rank[np.argsort(-size, kind="stable")] = np.arange(size.size)
    return np.searchsorted(np.array([0.1, 0.4, 0.7]) * size.size, rank, side="right").astype(np.int64)


class Levers(LeverSet):
    """What a government sets."""

    villages: int
    scope: Literal["listed", "all"]
    planning: float
    industry: float
    infrastructure: float
    services: float
    ecology: float
    management: float
    lag: int
    reverse: float
    planning_lag: int
    industry_lag: int
    infrastructure_lag: int
    services_lag: int
    ecology_lag: int
    management_lag: int
    labour: float
    land: float
    produce: float
    visitors: float
    reach: float
    by_size: bool


def weights(v: Levers) -> tuple[float, ...]:
    """Weight of each channel, in the order of :data:`CHANNELS`."""
    return v.planning, v.industry, v.infrastructure, v.services, v.ecology, v.management


def reached(v: Levers) -> int:
    """Villages linked to each town: none where the regime names no channel."""
    return v.villages if any(weights(v)) else 0


def lags(v: Levers) -> tuple[int, ...]:
    """Further quarters of each channel, in the order of :data:`CHANNELS`."""
    return (
        v.planning_lag, v.industry_lag, v.infrastructure_lag, v.services_lag, v.ecology_lag, v.management_lag
    )  # fmt: skip


class Linkage(Instrument[Levers]):
    """1+N town-village linkage."""

    order = 220

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Pass who is supported how strongly, channel weights, lags and return to the villages' step."""
        v, o = p.places.villages, p.offer
        leads = p.towns.on_a_list() if now.scope == "listed" else np.ones(p.towns.size, dtype=bool)
        linked = (v.rank < reached(now)) & leads[v.town]
        if not linked.any() and not p.rural.support.any():
            return
        o.link_aim[:] = linked
        if linked.any():
            self._aim(p)
        o.channels = np.array(weights(now))
        o.link_lags = np.array([max(1.0, now.lag + lag) for lag in lags(now)])
        o.link_reverse = now.reverse
        if p.rural.keep.any():
            o.services += p.rural.keep

    def _aim(self, p: Province) -> None:
        now = self.now(p.t)
        v, o, reach = p.places.villages, p.offer, now.reach
        if reach > 0.0:
            o.link_aim *= exp(-v.distance / reach)
        if now.by_size:
            kind = classes(v.population, v.distance)
            on = o.link_aim > 0.0
            o.link_aim *= SIZES[kind]
            o.link_pull[on & (kind == 3)] = ABSORBED

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """What comes back, and the record of flows both ways."""
        r = p.rural
        if not r.support.any():
            return
        weight = p.offer.channels[:, None] * r.support
        total = float(p.offer.channels.sum())
        spent = [np.asarray(r.paid * float(w) / max(1e-9, total), dtype=np.float64) for w in p.offer.channels]
        self._labour(p, weight, spent)
        self._land(p, weight[0], spent[0])
        self._trade(p, weight, spent)
        linked = np.maximum(1.0, by_town(p, p.offer.link_aim > 0.0))
        friendly = by_town(p, (weight[3] + weight[4]) / 2.0) / linked
        r.keep = p.offer.link_reverse * p.constants["linkage.keep"] * friendly

    def _labour(self, p: Province, weight: Floats, spent: list[Floats]) -> None:
        """Villagers who work in town ease its limit on staff; their wages are the value of the flow."""
        r, town, rate = p.rural, p.places.villages.town, p.offer.link_reverse * self.now(p.t).labour
        r.labour = by_town(p, r.gained * rate)
        wages = p.places.wage[town] * 0.2 * r.gained
        parts = [COMMUTE[i] * weight[1 + i] for i in range(3)]
        whole = np.maximum(1e-12, parts[0] + parts[1] + parts[2])
        for i in range(3):
            mine = wages * parts[i] / whole
            r.record(p.t, 1 + i, spent[1 + i] + mine, rate * mine)
        r.kinds[p.t, 0] = float(r.labour.sum())

    def _land(self, p: Province, weight: Floats, spent: Floats) -> None:
        """Consolidated land becomes the county's quota and is paid for; it does not lapse at the year's end."""
        g, c, r = p.places.villages, p.constants, p.rural
        most = g.farmland * c["linkage.land_share"]
        want = p.offer.link_reverse * self.now(p.t).land * c["linkage.land_rate"] / 4.0 * weight * most
        land = np.minimum(np.floor(want), np.maximum(0.0, most - r.land_given)).astype(np.int64)
        price = np.rint(land / 100.0 * c["linkage.land_price"]).astype(np.int64)
        counties, own = p.books.chart.of(Kind.COUNTY)[g.county], p.books.chart.of(Kind.VILLAGE)
        p.land.post(VILLAGE_LAND, own, counties, land, clause="PY-P07")
        p.money.post(VILLAGE_LAND_PRICE, counties, own, price, clause="PY-P07")
        np.add.at(p.counties.reward_kept, g.county, land)
        r.land_given += land
        add_income(p, price)
        worth = land / 100.0 * p.places.counties.land_price[g.county]
        r.record(p.t, 0, spent + price, worth)
        r.kinds[p.t, 1] = float(land.sum()) / 100.0

    def _trade(self, p: Province, weight: Floats, spent: list[Floats]) -> None:
        """Produce that the town's firms buy and sell on, and visitors of villages who spend in town."""
        r, made = p.rural, p.villages.productivity * p.villages.population / 4.0
        bought = np.rint(p.offer.link_reverse * self.now(p.t).produce * PRODUCE * weight[1] * made).astype(np.int64)
        margin = 1.0 + p.constants["linkage.trade_margin"]
        got = earn(p, np.rint(by_town(p, bought) * margin).astype(np.int64), bought, VILLAGE_PRODUCE, "PY-P07")
        add_income(p, BETTER_PRICE * got)
        spend = [p.offer.link_reverse * self.now(p.t).visitors * VISITS * weight[k] * made for k in (4, 5)]
        guests = np.rint(by_town(p, spend[0] + spend[1])).astype(np.int64)
        earn(p, guests, np.zeros_like(bought), VILLAGE_PRODUCE, "")
        r.record(p.t, 1, got, got * margin)
        for i, k in enumerate((4, 5)):
            r.record(p.t, k, spent[k] + VISITS * weight[k] * made, spend[i])
        r.record(p.t, 0, VISITS * weight[0] * made, np.zeros(made.size))
        r.kinds[p.t, 2:] = float(got.sum()), float(guests.sum())

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Yearly cost of the linked villages, worth of their land and own tax of the trades: while listed, or always
        where every town leads villages.
        """
        n = reached(ahead)
        if n == 0:
            return None
        v, c, b = p.places.villages, p.constants, p.behaviour
        weight = dict(zip(CHANNELS, weights(ahead), strict=True))
        aim = by_town(p, p.offer.link_aim) if p.offer.link_aim.any() else by_town(p, v.rank < n)
        back = ahead.reverse
        cost = aim * c["linkage.cost_village"] * sum(weight.values()) / 6.0
        rate = back * ahead.land * c["linkage.land_rate"] * weight["planning"]
        land = rate * c["linkage.land_share"] * by_town(p, v.farmland * (v.rank < n)) / 100.0
        made = by_town(p, p.villages.productivity * p.villages.population * (v.rank < n))
        trade = PRODUCE * weight["industry"] * ahead.produce * (1.0 + c["linkage.trade_margin"])
        trade += VISITS * (weight["ecology"] + weight["management"]) * ahead.visitors
        keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
        yearly = land * (f.shadow_price - c["linkage.land_price"]) + back * trade * made * keeps - cost
        leads = f.listed | f.named if ahead.scope == "listed" else np.ones_like(f.listed)
        return np.broadcast_to(np.where(leads, yearly * f.annuity, 0.0), f.invest.shape)
