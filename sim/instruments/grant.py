"""Grants and special funds: money at listing, when the schedule is met, every year; a themed fund (PX-GRANT-1, -2,
PX-FUND-2, SZ-FUND-1); awards, villages, support and facilities in :mod:`sim.instruments.facility`.

The first sum is paid when a town enters the list (the two-step grant of M-56) or, as an award instead of a subsidy
(以奖代补, M-55), after its first passed assessment; the second at the first passed assessment within ``within``
quarters, or only at the last one (reading D-33); the first may have to be returned on exit (D-34). The annual subsidy
runs for ``annual_years`` calendar years from listing. The sponge fund goes to tagged towns once or yearly, in equal
parts (D-35).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.engine.ledger import Reason, reason
from sim.instruments import facility as parts
from sim.instruments.base import Floats, Forecast, Instrument
from sim.instruments.facility import GRANT
from sim.state import government
from sim.state.books import Kind

if TYPE_CHECKING:
    from sim.state.province import Province

GRANT_RETURN = reason("money", "grant_return", "奖补退回", "grant returned", policy=-1)
SPECIAL_FUND = reason("money", "special_fund", "专项资金", "special fund", policy=True)
ANNUAL_SUBSIDY = reason("money", "annual_subsidy", "年度补助", "annual subsidy", policy=True)
SPONGE_TAG = decision("grant.sponge_tag")

RETURNED = 3
"""State of a town that gave its first sum back: it returns nothing twice, and gets neither sum again."""


class Grant(Instrument):
    """Lump sums to towns."""

    id: ClassVar[str] = "grant"

    def payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays for each town."""
        return government.account(p, self.lever("payer", p.t))

    def facility_payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays the public share of the facility programme for each town."""
        return parts.facility_payer(self, p)

    def offer(self, p: Province) -> None:
        """Step 1: support to enterprises, facility projects that begin."""
        parts.support(self, p)
        parts.facility(self, p)

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """First sum for a town not yet listed (times P(pass) as an award), second sum times P(pass) while it can still
        be won, the annual subsidy while it runs, the award on being named.
        """
        first, second = float(self.ahead("listing", p.t)), float(self.ahead("schedule_met", p.t))
        yearly, naming = float(self.ahead("annual", p.t)), float(self.ahead("naming", p.t))
        if first == 0.0 and second == 0.0 and yearly == 0.0 and naming == 0.0:
            return None
        fresh = p.towns.listed_at < 0
        open_ = (fresh | (p.t - p.towns.listed_at < int(self.ahead("within", p.t)))) & (p.granted < 2)
        if self.ahead("timing", p.t) == "result":
            total = f.listed * (first * (p.granted == 0) * f.p_annual + second * open_ * f.p_annual)
        else:
            total = f.listed * (first * fresh + second * open_ * f.p_annual)
        if yearly > 0.0:
            total = total + f.listed * yearly * self._years(p) * f.annuity * self._sure(p, f)
        if naming > 0.0:
            near = (f.years_left <= p.b["official.horizon"]) * p.towns.to_be_accepted()
            total = total + f.listed * near * f.p_three * naming
        return total

    def _years(self, p: Province) -> Floats:
        """Part of the horizon in which the annual subsidy still runs, by town."""
        past = np.where(p.towns.listed_at >= 0, (p.t - p.towns.listed_at) / 4.0, 0.0)
        return np.clip((float(self.ahead("annual_years", p.t)) - past) / p.b["official.horizon"], 0.0, 1.0)

    def _sure(self, p: Province, f: Forecast) -> Floats:
        return f.p_annual if self.ahead("annual_condition", p.t) == "assessment" else np.ones_like(f.p_annual)

    def treasury(self, p: Province) -> None:
        """Step 13: first sums, returns on exit, and the themed fund."""
        s, town = p.towns, p.chart.of(Kind.TOWN)
        first = int(self.lever("listing", p.t))
        if first > 0:
            if self.lever("timing", p.t) == "listing":
                new = (s.listed_at >= 0) & (p.t - s.listed_at <= 1) & (p.granted == 0)
                self.give(p, GRANT, np.where(new, first, 0), "PX-GRANT-1")
                p.granted[new] = 1
            if self.lever("returned_on_exit", p.t):
                lost = ((p.granted == 1) | (p.granted == 2)) & (s.left_at == p.t - 1) & (p.t > 0)
                p.money.post(
                    GRANT_RETURN,
                    town,
                    self.payer(p),
                    np.where(lost, first, 0).astype(np.int64),
                    clause="PX-GRANT-1",
                )
                p.granted[lost] = RETURNED
        self._fund(p)
        parts.awards(self, p)
        parts.villages(self, p)

    def _fund(self, p: Province) -> None:
        size = int(self.lever("sponge_fund", p.t))
        if size == 0 or p.quarter.q != 4 or (p.fund_paid and not self.lever("sponge_yearly", p.t)):
            return
        tagged = p.draws.uniforms(SPONGE_TAG, p.geography.towns.key) < float(self.lever("sponge_share", p.t))
        receivers = tagged & p.towns.listed() & ~p.towns.suspended
        if receivers.any():
            each = size // int(receivers.sum())
            self.give(p, SPECIAL_FUND, np.where(receivers, each, 0), "PX-FUND-2")
            p.fund_paid = True

    def pay(self, p: Province) -> None:
        """Step 14: the first sum as an award, the second at the first pass within its window, the annual subsidy."""
        s = p.towns
        first, second = int(self.lever("listing", p.t)), int(self.lever("schedule_met", p.t))
        good = p.assessed & s.passed & s.paid_for_year()
        if first > 0 and self.lever("timing", p.t) == "result":
            earned = good & (p.granted == 0)
            self.give(p, GRANT, np.where(earned, first, 0), "SZ-FUND-1")
            p.granted[earned] = 1
        self._annual(p, good)
        if second == 0:
            return
        age, within = p.t - s.listed_at, int(self.lever("within", p.t))
        won = good & (p.granted < 2) & (age <= within)
        if self.lever("test", p.t) == "at_end":
            won &= age + 4 > within
        self.give(p, GRANT, np.where(won, second, 0), "PX-GRANT-2")
        p.granted[won] = 2

    def _annual(self, p: Province, good: NDArray[np.bool_]) -> None:
        amount, s = int(self.lever("annual", p.t)), p.towns
        if amount == 0:
            return
        years = (p.start_index + p.t) // 4 - (p.start_index + np.maximum(0, s.listed_at)) // 4
        due = s.paid_for_year() & (years < int(self.lever("annual_years", p.t)))
        if self.lever("annual_condition", p.t) == "assessment":
            due &= good
        self.give(p, ANNUAL_SUBSIDY, np.where(due, amount, 0), "SZ-FUND-1")

    def give(self, p: Province, reason: Reason, amount: NDArray[np.int64], clause: str) -> None:
        """Pay towns out of the grants' account."""
        amount = amount.astype(np.int64)
        p.money.post(reason, self.payer(p), p.chart.of(Kind.TOWN), amount, clause=clause)
