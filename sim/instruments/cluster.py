"""Links between towns (PY-P06, PY-P07, PY-LINK-1): neighbouring listed towns strung together into a cluster.

Each town on a list is joined to its ``links`` nearest on a list; a link joins both ways. With near = exp(−km/20) and n
links of a town, for every link i—j::

    days_j     += visitors·visits_i·near·min(1, grade_j/3)/n_i     a day longer, spent as any visitor's        persons
    services_i += services·near·infra_j/n_i                        that the town's talents find, from the quarter after
    cost_i     += km/2·``cluster.road_cost``/4                     of road, by the county                        万元

Nobody else gains or loses: the extra days are the visitors' own, their money comes from outside. Counties expect the
tax on last quarter's visitors' extra days, less their roads. Strengths and the decay are assumptions: no source tells.
The network is what :mod:`sim.mesa.network` shows.
"""

from __future__ import annotations

import numpy as np

from sim.agents.trade import earn
from sim.agents.village import VILLAGE_PRODUCE
from sim.engine.column import column
from sim.engine.ledger import reason
from sim.engine.numeric import exp
from sim.instruments.base import Floats, Forecast, Instrument, Ints, LeverSet, at, expected
from sim.instruments.visitors import Visitors
from sim.state.books import Kind
from sim.state.province import Province
from sim.world.networks import nearest_pairs, unique_edges

CLUSTER_ROADS = reason("money", "cluster_roads", "小镇串联道路", "roads between towns", policy=True)

NEAR_KM = 20.0
"""Km over which going on to a linked town falls to 1/e (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    links: int
    visitors: float
    services: float


class Cluster(Instrument[Levers]):
    """Town-to-town network."""

    order = 255
    needs = (Visitors,)

    spent = column("quarter", np.int64)
    """Spending of visitors on extra days, 万元."""

    def links(self, p: Province, now: Levers) -> tuple[Ints, Ints, Floats]:
        """Both directions of every link.

        Returns:
            From, to, and km.
        """
        places, who = p.places.towns, np.flatnonzero(p.towns.on_a_list())
        pairs = nearest_pairs(places.x[who], places.y[who], now.links) if now.links > 0 else np.zeros((0, 2), np.int64)
        edges = unique_edges(who[pairs])
        one, other = (np.concatenate((edges[:, a], edges[:, 1 - a])) for a in (0, 1))
        km = np.hypot(places.x[one] - places.x[other], places.y[one] - places.y[other])
        return one, other, km

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Talents use the services of linked towns."""
        if now.links > 0 and now.services > 0.0:
            one, other, km = self.links(p, now)
            part = now.services * exp(-km / NEAR_KM) * p.towns.infra[other]
            p.offer.services += np.bincount(one, part / _degree(p, one)[one], p.towns.size)

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Visitors go on, counties pay for the roads."""
        if now.links == 0:
            return
        cost = np.rint(self._roads(p, now) / 4.0).astype(np.int64)
        p.money.post(CLUSTER_ROADS, p.books.county_account, p.books.chart.of(Kind.OUTSIDE), cost, clause="PY-P07")
        if now.visitors == 0.0:
            return
        days = np.rint(self._days(p, now, self.ask(Visitors).visits))
        spent = np.rint(days * self.ask(Visitors).spending(p)).astype(np.int64)
        earn(p, spent, np.zeros(p.villages.population.size, dtype=np.int64), VILLAGE_PRODUCE, "")
        p.rural.spending[p.t] += int(spent.sum())
        self.spent[p.t] = spent.sum()

    def _roads(self, p: Province, now: Levers) -> Floats:
        """Yearly cost of each town's half of its links, 万元."""
        one, _, km = self.links(p, now)
        cost = np.bincount(one, km / 2.0 * p.constants["cluster.road_cost"], p.towns.size)
        return np.asarray(cost, dtype=np.float64)

    def _days(self, p: Province, now: Levers, visits: Ints) -> Floats:
        """Extra days that visitors spend in each town."""
        one, other, km = self.links(p, now)
        drawn = exp(-km / NEAR_KM) * np.minimum(1.0, p.rural.grade[other] / 3.0)
        days = np.bincount(other, now.visitors * visits[one] * drawn / _degree(p, one)[one], p.towns.size)
        return np.asarray(days, dtype=np.float64)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Own tax on the extra days of as many visitors as in the last quarter, less the roads, while listed."""
        if ahead.links == 0:
            return None
        b, visitors = p.behaviour, self.ask(Visitors)
        keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
        spent = 4.0 * self._days(p, ahead, visitors.visits) * visitors.spending(p)
        worth = (keeps * spent - self._roads(p, ahead)) * f.annuity
        return np.broadcast_to(np.where(f.listed | f.named, worth, 0.0), f.invest.shape)


def _degree(p: Province, one: Ints) -> Floats:
    """Links of each town, at least one."""
    return np.maximum(1.0, np.bincount(one, minlength=p.towns.size))
