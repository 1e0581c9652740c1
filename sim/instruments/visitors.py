"""Scenic standard and visitors (ZJ-FUNC-1, TZ-FUNC-2; M-09, M-23, M-37).

Towns on a list are built towards their scenic grade, hold festivals and extend their chain; the county pays::

    grade ← grade + 0.25·infra·(required − grade)                                    number of A
    fame  ← 0.85·fame + 0.05·festivals/4 + 0.03·max(0, reputation)                   at most 1.5
    visits = full/4 · grade/3 · kind · min(1.5, infra/0.8) · (0.4 + fame)            persons a quarter
    spending = visits·31 yuan·(1 + 0.5·chain)

``visitors.full`` is what B-ZJ-9 saw in a tourism town of 3A (112万 visitors in eleven months, 31 yuan each); other
industries draw a part of it. The belt's part of spending goes on to villages by distance (5 km), the rest is a side
trade of the town. Functions keep talents: each A adds ``visitors.keep`` to the services they find.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents.trade import add_income, by_town, earn
from sim.agents.village import VILLAGE_PRODUCE
from sim.engine.column import column
from sim.engine.ledger import reason
from sim.engine.numeric import exp
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.countryside import CHANNELS
from sim.state.province import Province
from sim.world.types import INDUSTRIES

SCENIC = reason("money", "scenic", "景区与节庆", "scenic standard and festivals", policy=True)

TOURISM = INDUSTRIES.index("tourism")
KIND = np.array([1.0 if name == "tourism" else 0.5 if name == "classics" else 0.2 for name in INDUSTRIES])
"""Visitors of towns of each industry against a tourism town (assumption)."""
BELT_KM = 5.0


class Levers(LeverSet):
    """What a government sets."""

    grade: int
    grade_tourism: int
    festivals: int
    chain: float
    belt: float


class Visitors(Instrument[Levers]):
    """Grade, festivals, chain and belt."""

    order = 250

    visits = column("town", np.int64)
    """Visitors of the quarter, persons."""

    def spending(self, p: Province) -> float:
        """What a visitor spends, 万元."""
        return p.constants["visitors.spend"] * (1.0 + 0.5 * self.now(p.t).chain)

    def required(self, p: Province) -> Floats:
        """Scenic grade asked of each town, number of A."""
        now = self.now(p.t)
        tourism = p.places.towns.industry == TOURISM
        grade = float(now.grade)
        return np.where(tourism, max(grade, float(now.grade_tourism)), grade)

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Functions make people stay (M-23)."""
        if p.rural.grade.any():
            p.offer.services += p.constants["visitors.keep"] * p.rural.grade

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Grade, fame, visits and what they leave."""
        r, t, s, c = p.rural, p.t, p.towns, p.constants
        asked, parties = self.required(p) * s.on_a_list(), float(now.festivals) * s.on_a_list()
        if not (asked.any() or parties.any() or r.grade.any() or r.fame.any()):
            return
        self._pay(p, asked * c["visitors.grade_cost"] + parties * c["visitors.festival_cost"])
        r.grade += 0.25 * s.infra * (asked - r.grade)
        known = np.where(s.on_a_list(), 0.03 * np.maximum(0.0, s.reputation), 0.0)
        r.fame = np.minimum(1.5, 0.85 * r.fame + 0.05 * parties / 4.0 + known)
        drawn = c["visitors.full"] / 4.0 * r.grade / 3.0 * KIND[p.places.towns.industry]
        self.visits[:] = np.rint(drawn * np.minimum(1.5, s.infra / 0.8) * (0.4 + r.fame))
        self._share(p, np.rint(self.visits * self.spending(p)).astype(np.int64))
        r.visits[t] += int(self.visits.sum())

    def _pay(self, p: Province, yearly: Floats) -> None:
        cost = np.rint(yearly / 4.0).astype(np.int64)
        p.money.post(SCENIC, p.books.county_account, p.books.chart.of(Kind.OUTSIDE), cost, clause="ZJ-FUNC-1")

    def _share(self, p: Province, spent: NDArray[np.int64]) -> None:
        """The belt's part to villages by distance, the rest to the town."""
        g, r = p.places.villages, p.rural
        near = exp(-g.distance / BELT_KM)
        part = near / np.maximum(1e-9, by_town(p, near))[g.town]
        villages = np.floor(self.now(p.t).belt * spent[g.town] * part).astype(np.int64)
        out = by_town(p, villages).astype(np.int64)
        p.money.post(VILLAGE_PRODUCE, p.books.chart.of(Kind.OUTSIDE), p.books.chart.of(Kind.VILLAGE), villages)
        add_income(p, 0.6 * villages)
        r.record(p.t, CHANNELS.index("ecology"), villages.astype(np.float64), np.zeros(villages.size))
        earn(p, spent - out, np.zeros_like(villages), VILLAGE_PRODUCE, "")
        r.spending[p.t] += int(spent.sum())

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Cost of grade and festivals, own tax on visitors' spending at the usual fame, while listed."""
        c, b = p.constants, p.behaviour
        grade, tourism = float(ahead.grade), float(ahead.grade_tourism)
        parties = float(ahead.festivals)
        if grade == 0.0 and tourism == 0.0 and parties == 0.0:
            return None
        industry = p.places.towns.industry
        asked = np.where(industry == TOURISM, max(grade, tourism), grade)
        visits = c["visitors.full"] * asked / 3.0 * KIND[industry] * p.towns.infra * (0.4 + parties / 3.0 / 4.0)
        each = c["visitors.spend"] * (1.0 + 0.5 * ahead.chain)
        keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
        yearly = visits * each * keeps - asked * c["visitors.grade_cost"] - parties * c["visitors.festival_cost"]
        return np.broadcast_to(np.where(f.listed | f.named, yearly * f.annuity, 0.0), f.invest.shape)
