"""Interest subsidy on the loans of listed towns' projects and enterprises, out of one pot (SD-FUND-2).

A new project saves ``points·years`` of its loan; what it need not set aside for interest counts towards what its
investor can raise, so that more projects find their money (:mod:`sim.agents.financier`). Enterprises at work in
their first ``years`` years save ``points``/4 of their debt each quarter, which enters their profit margin as any cost
does. First come, first served until the pot is empty. Where the pot is the sum of ``instalments`` years, it opens in
equal yearly parts; what a year leaves stays in it.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.agents.enterprise import town_level
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.rebate import Rebate
from sim.state import government
from sim.state.books import Kind
from sim.state.people import OPERATING
from sim.state.province import Province

INTEREST_SUBSIDY = reason("money", "interest_subsidy", "贷款贴息", "interest subsidy", policy=True)

Ints = NDArray[np.int64]


class Levers(LeverSet):
    """What a government sets."""

    total: float
    points: float
    years: float
    industry: Floats
    scope: Literal["projects", "firms", "both"]
    instalments: int


class Interest(Instrument[Levers]):
    """Interest subsidy."""

    order = 140
    needs = (Rebate,)

    def left(self, p: Province) -> int:
        """What is left in the pot so far as it is open, 万元."""
        total = self.ahead(p.t).total * self.opened(p)
        return max(0, int(total) - int(p.money.total(INTEREST_SUBSIDY).sum()))

    def year(self, p: Province) -> int:
        """Calendar years since the regime took effect, the first counted."""
        start = p.clock.start_index
        return (start + max(p.t, p.policy.effective)) // 4 - (start + max(0, p.policy.effective)) // 4 + 1

    def opened(self, p: Province) -> float:
        """Part of the pot that may be paid by now."""
        parts = self.ahead(p.t).instalments
        return min(parts, self.year(p)) / parts

    def covers(self, name: str, t: int) -> bool:
        """Whether loans of "projects" or "firms" are subsidised."""
        return self.ahead(t).scope in (name, "both")

    def industries(self, t: int) -> NDArray[np.float64]:
        """1 for industries whose loans qualify, else 0."""
        return (self.ahead(t).industry > 0.0).astype(np.float64)

    def rate(self, t: int) -> float:
        """Interest saved over a loan's life, as a share of it."""
        ahead = self.ahead(t)
        return ahead.points * ahead.years

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """What new projects in listed towns would save."""
        if now.total > 0.0 and self.covers("projects", p.t) and self.left(p) > 0:
            p.offer.interest[:] = self.rate(p.t) * self.industries(p.t)[:, None] * p.towns.paid_now()[None, :]

    def grant(self, p: Province, town: NDArray[Any], amount: Ints) -> None:
        """Pay the subsidy of projects that found their money to their bank, in order, while the pot lasts."""
        if amount.any():
            self._pay(p, p.books.town_bank[town], amount)

    def _pay(self, p: Province, receiver: Any, amount: Ints) -> Ints:
        reach = np.minimum(np.cumsum(amount), self.left(p))
        paid = np.diff(reach, prepend=0)
        p.money.post(INTEREST_SUBSIDY, government.authority(p), receiver, paid, clause="SD-FUND-2")
        return paid

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """The quarter's subsidy to enterprises with debt."""
        if now.total == 0.0 or not self.covers("firms", p.t):
            return
        f, n = p.firms.columns, p.firms.n
        town = f.town[:n]
        young = (p.t - f.born[:n]) < 4 * now.years
        may = (f.state[:n] == OPERATING) & young & (f.debt[:n] > 0) & p.towns.paid_now()[town]
        may &= self.industries(p.t)[f.industry[:n]] > 0.0
        rows = np.flatnonzero(may)
        rows = rows[np.argsort(f.key[rows], kind="stable")]
        due = np.rint(f.debt[rows] * (now.points / 4.0)).astype(np.int64)
        paid = self._pay(p, p.books.chart.of(Kind.ENTERPRISE)[town[rows]], due)
        output = f.employees[rows] * town_level(p)[town[rows]] * f.productivity[rows]
        f.cash[rows] += paid
        f.margin[rows] += 0.3 * paid / np.maximum(1.0, output)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """The county's own tax on the further projects that find their money, as far as the pot goes.

        Investors' reach runs evenly from ``own_share`` to the whole budget, so what is saved on the loan lets that
        share of them through.
        """
        if ahead.total == 0.0 or not self.covers("projects", p.t):
            return None
        b = p.behaviour
        saved = self.rate(p.t) * b["finance.bank_share"] * b["finance.bank_approval"]
        more = f.invest * saved / (1.0 - b["finance.own_share"])
        tax = (
            p.constants["tax.per_investment"] * b["treasury.local_share"] * (1.0 - self.ask(Rebate).provincial_share(p))
        )
        each = self.left(p) / max(1.0, float(p.towns.listed().sum()))
        enough = np.minimum(1.0, each / np.maximum(1.0, saved * f.invest)) * self.lasts(p)
        return f.listed * enough * more * tax * f.annuity * self.industries(p.t)[p.places.towns.industry]

    def lasts(self, p: Province) -> float:
        """Part of the official's horizon in which yearly parts are still to be paid; a pot that is open has no term."""
        years = self.ahead(p.t).instalments
        return 1.0 if years == 1 else min(1.0, max(0, years + 1 - self.year(p)) / p.behaviour["official.horizon"])
