"""Processing of farm produce: company, cooperative, base and farmers (LQ-VIL-1, LQ-VIL-2; M-39, M-40, M-41).

A listed town transfers land from its villages for a planted base, a quarter of what is missing each quarter, and never
more than 30 % of their farmland. Villages get the fee, compensation once, and wages for work on the base (B-LQ-4:
533 and 1333 yuan a mu, 300 万元 of wages on 3000 mu). Farmers plant after its example, by imitation::

    planted ← planted + imitate/4·(rented + planted)/(room + rented)·(room − planted),    room = 0.5·farmland − rented

A mu gives ``processing.gate_value`` a year at the farm gate, ``processing.usual_value`` under other crops; farmers get
the gate price of what they planted, and the cooperative's fee goes to the collective (B-LQ-8).

Another crop, which the villages grow anyway (chestnuts, B-LQ-7), is processed in the town, at most what they grow, and
sold at a multiple of its price; farmers get their part of the added value::

    tonnes = min(quantity/4, produce of the town's villages/price),    added = tonnes·price·(uplift − 1)
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.agents.trade import add_income, by_town, earn, to_collective
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.countryside import CHANNELS
from sim.state.province import Province

LAND_RENT = reason("money", "land_rent", "土地流转与基地收入", "land fees and income from the base")
PROCESSED = reason("money", "processed", "加工收购", "fruit bought for processing")

INDUSTRY = CHANNELS.index("industry")
MOST = 0.3
"""Largest part of a village's farmland that goes to the base (assumption)."""
ROOM = 0.5
"""Part of the farmland that can bear the crop (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    base: float
    quantity: float
    uplift: float
    farmer_share: float
    cooperative_fee: float
    rent_period: Literal["full", "part"]


class Processing(Instrument[Levers]):
    """Base, followers, processing."""

    order = 240

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Land for the base, followers, the year's quarter of produce; the quarter's processing."""
        if now.base > 0.0 or p.rural.base.any():
            self._grow(p, now.base)
            self._sell(p, now)
        if now.quantity > 0.0 and now.uplift > 1.0:
            self._process(p, now)

    def _grow(self, p: Province, aim: float) -> None:
        r, g, c = p.rural, p.places.villages, p.constants
        farmland = (g.farmland - r.land_given) / 100.0
        wanted = np.minimum(aim * p.towns.on_a_list(), MOST * by_town(p, farmland))
        r.base += (wanted - r.base) * np.where(wanted < r.base, 1.0, 0.25)
        part = farmland / np.maximum(1e-9, by_town(p, farmland))[g.town]
        rented = r.base[g.town] * part
        fresh = np.maximum(0.0, rented - r.rented)
        r.rented = rented
        paid = np.rint(fresh * c["processing.compensation"]).astype(np.int64)
        p.money.post(LAND_RENT, p.books.chart.of(Kind.OUTSIDE), p.books.chart.of(Kind.VILLAGE), paid, clause="G")
        add_income(p, paid / 4.0)
        room = np.maximum(0.0, ROOM * farmland - rented)
        pace = c["processing.imitate"] / 4.0 * (rented + r.planted) / np.maximum(1.0, room + rented)
        r.planted = np.maximum(0.0, r.planted + pace * (rented > 0.0) * (room - r.planted))

    def _sell(self, p: Province, now: Levers) -> None:
        r, c, t = p.rural, p.constants, p.t
        gate = c["processing.gate_value"] / 4.0
        crop = r.planted * gate
        fee = np.rint(now.cooperative_fee * crop).astype(np.int64)
        own = r.rented * (self._rent(t) * c["processing.rent"] + c["processing.wages"]) / 4.0
        sales = np.rint(by_town(p, (r.rented + r.planted) * gate)).astype(np.int64)
        got = earn(p, sales, np.rint(own + crop).astype(np.int64), LAND_RENT, "G")
        fee = np.minimum(fee, got)
        to_collective(p, fee)
        r.record(t, INDUSTRY, got.astype(np.float64), (r.rented + r.planted) * gate)
        usual = (r.rented + r.planted) * c["processing.usual_value"] / 4.0
        add_income(p, got - fee - usual)

    def _process(self, p: Province, now: Levers) -> None:
        """The crop is part of what villagers earn anyway; what they get beyond its worth is new."""
        price, town = p.constants["processing.gate_price"], p.places.villages.town
        made = p.villages.productivity * p.villages.population / 4.0
        grown = by_town(p, made)
        worth = np.minimum(now.quantity / 4.0 * price, grown) * p.towns.on_a_list()
        crop = worth[town] * made / np.maximum(1e-9, grown)[town]
        due = np.rint(crop * (1.0 + now.farmer_share * (now.uplift - 1.0))).astype(np.int64)
        got = earn(p, np.rint(worth * now.uplift).astype(np.int64), due, PROCESSED, "B-LQ-7")
        p.rural.record(p.t, INDUSTRY, got.astype(np.float64), crop)
        add_income(p, np.maximum(0.0, got - crop))
        p.rural.processed[p.t] += int(np.rint(worth * (now.uplift - 1.0)).sum())

    def _rent(self, t: int) -> float:
        """Yearly fees in a reported fee (D-64)."""
        return 2.0 if self.now(t).rent_period == "part" else 1.0

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Own tax on what the base and the processing will sell in a year, while listed."""
        processed = ahead.quantity * p.constants["processing.gate_price"] * ahead.uplift if ahead.uplift > 1.0 else 0.0
        if ahead.base == 0.0 and processed == 0.0:
            return None
        b = p.behaviour
        farmland = by_town(p, p.places.villages.farmland) / 100.0
        sales = np.minimum(ahead.base, MOST * farmland) * p.constants["processing.gate_value"] + processed
        keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
        return np.broadcast_to(np.where(f.listed | f.named, sales * keeps * f.annuity, 0.0), f.invest.shape)
