"""Link roads (GZ-INF-5): through roads are moved out of towns, stations and motorway ramps are joined to them.

In every town, quarter by quarter::

    done ← done + (1 − done)/12,    way = 1 − access·done,    cost = ``roads.cost``·access·(growth of done)

``way`` shortens the distance that firms and investors feel when they choose (:mod:`sim.agents.location`); how far a
town is heard of stays as it is. National road money pays, so counties reckon with nothing. The share is an assumption.
"""

from __future__ import annotations

import numpy as np

from sim.engine.column import column
from sim.engine.ledger import reason
from sim.instruments.base import Instrument, LeverSet, at
from sim.state.books import Kind
from sim.state.province import Province

LINK_ROADS = reason("money", "link_roads", "对外联络线", "link roads to stations and ramps", policy=True)

QUARTERS = 12.0
"""Quarters in which about two thirds of the roads are built (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    access: float


class Roads(Instrument[Levers]):
    """Roads that bring towns nearer."""

    order = 185

    done = column("town", np.float64)
    """Part of each town's link roads that is built."""

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """The way of the quarter, and what is built in it."""
        if now.access == 0.0:
            return
        more = (1.0 - self.done) / QUARTERS
        self.done += more
        p.offer.way -= now.access * self.done
        cost = np.rint(p.constants["roads.cost"] * now.access * more).astype(np.int64)
        p.money.post(LINK_ROADS, p.books.chart.of(Kind.NATION), p.books.chart.of(Kind.OUTSIDE), cost, clause="GZ-INF-5")
