"""Three changes: resources, public money and residents' money become shares in a town (GZ-SAN-1 to -3, LQ-VIL-3).

Whose they are is the lever ``holder``. Shares that a **village** holds, 万元, for villages of towns that take part
(``scope``: those on a list, the demonstration small towns, or all)::

    assets    ← assets + (lever·farmland·land value − assets)/8          a mu: its fee over 5 % (B-LQ-4, 533 yuan)
    money     ← money + lever·public support of the quarter             (the use of the money stays as it is)
    joined    ← joined + pace·(lever·(0.5 + 0.5·facilities) − joined)    pace 0.03 a quarter, 0.08 where cadres go first
    residents ← residents + joined·saving·income/4·people               paid to the town platform, which builds with it

Shares that the town's own **platform** company or **community** holds, likewise::

    assets    ← assets + (lever·(built and housing land·its price + housing) − assets)/8
    money     ← money + (lever·what governments have put into the town so far − money)/8
    joined    ← joined + pace·(lever − joined)
    residents ← residents + joined·saving·wage/4·jobs                   likewise paid to the platform

Dividends of a quarter: with risk shared, the shares' part in the town's capital of what the town's firms paid out;
with a fixed return, 1.25 % of the shares. The owners of the town's firms pass them on. A village's collective keeps its
part, and all until the yearly floor is reached (LQ-VIL-4); households get the rest (M-39, M-42, M-59). A platform keeps
the dividends on assets and public money and builds with them, residents get their own; a community keeps the
collective's part of all and the town's households get the rest. Town capital is investment since the start and
``shares.capital_per_job`` for each job, and what is valued and put in.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.agents.trade import add_income, by_town, to_collective
from sim.engine.column import column
from sim.engine.ledger import reason
from sim.instruments.base import Bools, Floats, Instrument, LeverSet, at
from sim.state.books import Kind
from sim.state.province import Province

SHARE_CAPITAL = reason("money", "share_capital", "居民入股", "residents' shares paid in")
SHARE_DIVIDEND = reason("money", "share_dividend", "股份分红", "dividends on villages' and towns' shares")

CADRES, FOLLOW = 0.08, 0.03
"""Pace at which households join, a quarter, with and without cadres in front (assumption)."""


class Levers(LeverSet):
    """What a government sets."""

    assets: float
    money: float
    residents: float
    holder: Literal["village", "platform", "community"]
    scope: Literal["listed", "demonstration", "all"]
    towns: int
    collective: float
    collective_floor: float
    risk: Literal["shared", "fixed"]
    cadres_first: bool


class Shares(Instrument[Levers]):
    """Resources to assets, money to shares, residents to shareholders."""

    order = 230

    assets = column("town", np.float64)
    money = column("town", np.float64)
    residents = column("town", np.float64)
    """Shares that the town's platform or community holds: from its land and houses, from public money, from its
    residents' money, 万元.
    """
    joined = column("town", np.float64)
    """Part of the town's households that hold shares of their own."""

    @at("village")
    def village(self, p: Province, now: Levers) -> None:
        """Put in, share out."""
        r = p.rural
        parts = [now.assets, now.money, now.residents]
        if not any(parts) and not any(x.assets.any() or x.money.any() or x.residents.any() for x in (r, self)):
            return
        on = self.covers(p)
        if now.holder == "village":
            self._put_in(p, parts, on[p.places.villages.town].astype(np.float64))
            self._share_out(p)
        else:
            self._town_puts_in(p, parts, on.astype(np.float64))
            self._town_shares_out(p)

    def covers(self, p: Province) -> Bools:
        """Towns that go ahead; demonstration towns exist whatever is listed, the first among administrative ones."""
        now, s = self.now(p.t), p.towns
        if now.scope != "demonstration":
            return s.on_a_list() if now.scope == "listed" else np.ones(s.size, dtype=bool)
        first = np.lexsort((p.places.towns.key, -s.jobs_start, ~p.places.towns.administrative))[: now.towns]
        return np.isin(np.arange(s.size), first)

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
        r, town = p.rural, p.places.villages.town
        held = r.assets + r.money + r.residents
        due = held * self._rate(p, by_town(p, held))[town]
        amount = np.floor(due).astype(np.int64)
        p.money.post(SHARE_DIVIDEND, p.books.chart.of(Kind.OUTSIDE), p.books.chart.of(Kind.VILLAGE), amount)
        floor = np.ceil(now.collective_floor)
        usual = np.floor(now.collective * amount).astype(np.int64)
        lacking = np.maximum(0, floor - r.fees.sum(axis=0) - usual).astype(np.int64)
        kept = np.minimum(amount, usual + lacking)
        to_collective(p, kept)
        add_income(p, amount - kept)
        r.dividends[p.t] += int(kept.sum()), int((amount - kept).sum())

    def _rate(self, p: Province, beside: Floats) -> Floats:
        """Dividend of the quarter on a yuan of shares, by town.

        Args:
            p: The province.
            beside: Capital of each town that is no investment of the run, 万元.
        """
        s = p.towns
        if self.now(p.t).risk == "fixed":
            return np.full(s.size, p.constants["shares.fixed_return"] / 4.0)
        built = (s.core + s.other + s.works)[: p.t + 1].sum(axis=0)
        capital = built + p.constants["shares.capital_per_job"] * s.jobs + beside
        return np.asarray(p.scratch.sums[:, 5] / np.maximum(1.0, capital))

    def _property(self, p: Province) -> Floats:
        """Worth of the town's land in use and its houses, 万元 by town (房屋、建设用地、地上构筑物)."""
        s, price = p.towns, p.places.counties.land_price[p.places.towns.county]
        return np.asarray((s.built + s.housing_land) / 100.0 * price + s.housing[: p.t + 1].sum(axis=0))

    def _town_puts_in(self, p: Province, parts: list[float], on: Floats) -> None:
        s, c = p.towns, p.constants
        self.assets += on * (parts[0] * self._property(p) - self.assets) / 8.0
        self.money += on * (parts[1] * s.government[: p.t + 1].sum(axis=0) - self.money) / 8.0
        self.joined += on * (CADRES if self.now(p.t).cadres_first else FOLLOW) * (parts[2] - self.joined)
        paid = np.floor(on * self.joined * c["shares.saving"] * p.places.wage / 4.0 * s.jobs).astype(np.int64)
        p.money.post(SHARE_CAPITAL, p.books.chart.of(Kind.HOUSEHOLD), p.books.chart.of(Kind.TOWN), paid)
        self.residents += paid

    def _town_shares_out(self, p: Province) -> None:
        """To the platform or community, which builds with it, and to the town's households."""
        now, chart = self.now(p.t), p.books.chart
        rate = self._rate(p, self._property(p))
        common = np.floor((self.assets + self.money) * rate).astype(np.int64)
        own = np.floor(self.residents * rate).astype(np.int64)
        shared = now.holder == "community"
        kept = np.floor(now.collective * (common + own)).astype(np.int64) if shared else common
        rest = common + own - kept
        p.money.post(SHARE_DIVIDEND, chart.of(Kind.OUTSIDE), chart.of(Kind.TOWN), kept, clause="GZ-SAN-2")
        p.money.post(SHARE_DIVIDEND, chart.of(Kind.OUTSIDE), chart.of(Kind.HOUSEHOLD), rest, clause="GZ-SAN-3")
        p.rural.dividends[p.t] += int(kept.sum()), int(rest.sum())
