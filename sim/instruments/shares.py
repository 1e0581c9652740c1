"""Three changes: resources, public money and residents' money become villages' shares in their town (GZ-SAN-1 to -3).

Shares of a village, 万元, for villages of towns on a list::

    assets    ← assets + (lever·farmland·land value − assets)/8          a mu: its fee over 5 % (B-LQ-4, 533 yuan)
    money     ← money + lever·public support of the quarter             (the use of the money stays as it is)
    joined    ← joined + pace·(lever·(0.5 + 0.5·facilities) − joined)    pace 0.03 a quarter, 0.08 where cadres go first
    residents ← residents + joined·saving·income/4·people               paid to the town platform, which builds with it

Dividends of a quarter: with risk shared, the village's part in the town's capital of what the town's firms paid out;
with a fixed return, 1.25 % of its shares. The owners of the town's firms pass them on. The collective keeps its part,
and all until the yearly floor is reached (LQ-VIL-4); households get the rest (M-39, M-42, M-59). Town capital is
investment since the start and ``shares.capital_per_job`` for each job.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.agents.trade import add_income, by_town, to_collective
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Instrument, LeverSet, at
from sim.state.books import Kind
from sim.state.province import Province

SHARE_CAPITAL = reason("money", "share_capital", "村民入股", "villagers' shares paid in")
SHARE_DIVIDEND = reason("money", "share_dividend", "村股份分红", "dividends on villages' shares")

CADRES, FOLLOW = 0.08, 0.03
"""Pace at which households join, a quarter, with and without cadres in front (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    assets: float
    money: float
    residents: float
    collective: float
    collective_floor: float
    risk: Literal["shared", "fixed"]
    cadres_first: bool


class Shares(Instrument[Levers]):
    """Resources to assets, money to shares, residents to shareholders."""

    order = 230

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Put in, share out."""
        r = p.rural
        parts = [now.assets, now.money, now.residents]
        if not any(parts) and not (r.assets.any() or r.money.any() or r.residents.any()):
            return
        on = p.towns.on_a_list()[p.places.villages.town]
        self._put_in(p, parts, on.astype(np.float64))
        self._share_out(p)

    def _put_in(self, p: Province, parts: list[float], on: Floats) -> None:
        r, g, c = p.rural, p.places.villages, p.constants
        worth = parts[0] * (g.farmland - r.land_given) / 100.0 * c["shares.land_value"]
        r.assets += on * (worth - r.assets) / 8.0
        r.money += parts[1] * r.paid
        pace = CADRES if self.now(p.t).cadres_first else FOLLOW
        willing = parts[2] * (0.5 + 0.5 * p.villages.facilities)
        r.joined += on * pace * (willing - r.joined)
        people = p.villages.population
        saved = on * r.joined * c["shares.saving"] * p.villages.income * people / 4.0
        paid = np.floor(saved).astype(np.int64)
        towns = p.books.chart.of(Kind.TOWN)[g.town]
        p.money.post(SHARE_CAPITAL, p.books.chart.of(Kind.VILLAGE), towns, paid)
        r.residents += paid

    def _share_out(self, p: Province) -> None:
        now = self.now(p.t)
        r, s, town = p.rural, p.towns, p.places.villages.town
        held = r.assets + r.money + r.residents
        if now.risk == "fixed":
            due = held * p.constants["shares.fixed_return"] / 4.0
        else:
            built = (s.core + s.other + s.works)[: p.t + 1].sum(axis=0)
            capital = built + p.constants["shares.capital_per_job"] * s.jobs + by_town(p, held)
            due = held * (p.scratch.sums[:, 5] / np.maximum(1.0, capital))[town]
        amount = np.floor(due).astype(np.int64)
        p.money.post(SHARE_DIVIDEND, p.books.chart.of(Kind.OUTSIDE), p.books.chart.of(Kind.VILLAGE), amount)
        floor = np.ceil(now.collective_floor)
        usual = np.floor(now.collective * amount).astype(np.int64)
        lacking = np.maximum(0, floor - r.fees.sum(axis=0) - usual).astype(np.int64)
        kept = np.minimum(amount, usual + lacking)
        to_collective(p, kept)
        add_income(p, amount - kept)
        r.dividends[p.t] += int(kept.sum()), int((amount - kept).sum())
