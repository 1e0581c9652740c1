"""Processing of farm produce: company, cooperative, base and farmers (LQ-VIL-1, LQ-VIL-2; M-39, M-40, M-41).

A listed town transfers land from its villages for a planted base, a quarter of what is missing each quarter, and never
more than 30 % of their farmland. Villages get the fee, compensation once, and wages for work on the base (B-LQ-4:
533 and 1333 yuan a mu, 300 万元 of wages on 3000 mu). Farmers plant after its example, by imitation::

    planted ← planted + imitate/4·(rented + planted)/(room + rented)·(room − planted),    room = 0.5·farmland − rented

A mu gives ``processing.gate_value`` a year at the farm gate, ``processing.usual_value`` under other crops. The town
processes a part of it and sells it at a multiple of the price (B-LQ-7: 6 to 60 yuan); farmers get the gate price of
what they planted, and their part of the added value; the cooperative's fee goes to the collective (B-LQ-8).
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

MOST = 0.3
"""Largest part of a village's farmland that goes to the base (assumption)."""
ROOM = 0.5
"""Part of the farmland that can bear the crop (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    base: float
    capacity: float
    uplift: float
    farmer_share: float
    cooperative_fee: float
    rent_period: Literal["full", "part"]


class Processing(Instrument[Levers]):
    """Base, followers, processing."""

    order = 240

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Land for the base, followers, the year's quarter of produce."""
        r, aim = p.rural, now.base
        if aim == 0.0 and not r.base.any():
            return
        self._grow(p, aim)
        self._sell(p)

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

    def _sell(self, p: Province) -> None:
        now = self.now(p.t)
        r, c, t = p.rural, p.constants, p.t
        gate = c["processing.gate_value"] / 4.0
        added = gate * now.capacity * (now.uplift - 1.0)
        fee_rate, back = now.cooperative_fee, now.farmer_share * added
        crop = r.planted * gate
        fee = np.rint(fee_rate * crop).astype(np.int64)
        own = r.rented * (self._rent(t) * c["processing.rent"] + c["processing.wages"]) / 4.0
        due = np.rint(own + crop + r.planted * back).astype(np.int64)
        sales = np.rint(by_town(p, (r.rented + r.planted) * (gate + added))).astype(np.int64)
        got = earn(p, sales, due, LAND_RENT, "G")
        fee = np.minimum(fee, got)
        to_collective(p, fee)
        r.record(p.t, CHANNELS.index("industry"), got.astype(np.float64), (r.rented + r.planted) * gate)
        usual = (r.rented + r.planted) * c["processing.usual_value"] / 4.0
        add_income(p, got - fee - usual)
        r.processed[t] += int(np.rint((r.rented + r.planted) * added).sum())

    def _rent(self, t: int) -> float:
        """Yearly fees in a reported fee (D-64)."""
        return 2.0 if self.now(t).rent_period == "part" else 1.0

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Own tax on what the base and its processing will sell in a year, while listed."""
        base = ahead.base
        if base == 0.0:
            return None
        b, uplift = p.behaviour, ahead.capacity * (ahead.uplift - 1.0)
        farmland = by_town(p, p.places.villages.farmland) / 100.0
        sales = np.minimum(base, MOST * farmland) * p.constants["processing.gate_value"] * (1.0 + uplift)
        keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
        return np.broadcast_to(np.where(f.listed | f.named, sales * keeps * f.annuity, 0.0), f.invest.shape)
