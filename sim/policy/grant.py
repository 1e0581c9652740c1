"""Grants and special funds: money at listing, money when the schedule is met, a themed fund (PX-GRANT-1, -2,
PX-FUND-2).

The first sum is paid when a town enters the list (the two-step grant of M-56), the second at the first passed
assessment within ``within`` quarters, or only at the last one (reading D-33); the first may have to be returned on exit (D-34). The sponge fund
goes to tagged towns once or yearly, in equal parts (D-35).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.draws import Decision
from sim.ledger import Kind, Reason
from sim.policy.base import Floats, Forecast, Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Grant(Instrument):
    """Lump sums to towns."""

    id: ClassVar[str] = "grant"

    def payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays for each town."""
        name = self.lever("payer", p.t)
        if name == "province":
            return np.broadcast_to(p.chart.of(Kind.PROVINCE), (p.towns.size,))
        return p.county_account if name == "county" else p.prefecture_account

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """First sum for a town not yet listed, second sum times P(pass) while it can still be won."""
        first, second = float(self.ahead("listing", p.t)), float(self.ahead("schedule_met", p.t))
        if first == 0.0 and second == 0.0:
            return None
        fresh = p.towns.listed_at < 0
        open_ = (fresh | (p.t - p.towns.listed_at < int(self.ahead("within", p.t)))) & (p.granted < 2)
        return f.listed * (first * fresh + second * open_ * f.p_annual)

    def treasury(self, p: Province) -> None:
        """Step 13: first sums, returns on exit, and the themed fund."""
        s, town = p.towns, p.chart.of(Kind.TOWN)
        first = int(self.lever("listing", p.t))
        if first > 0:
            new = (s.listed_at == p.t) & (p.granted == 0)
            self._give(p, Reason.GRANT, np.where(new, first, 0), "PX-GRANT-1")
            p.granted[new] = 1
            if self.lever("returned_on_exit", p.t):
                lost = (p.granted > 0) & (s.left_at == p.t - 1) & (p.t > 0)
                p.money.post(
                    Reason.GRANT_RETURN,
                    town,
                    self.payer(p),
                    np.where(lost, first, 0).astype(np.int64),
                    clause="PX-GRANT-1",
                )
        self._fund(p)

    def _fund(self, p: Province) -> None:
        size = int(self.lever("sponge_fund", p.t))
        if size == 0 or p.quarter.q != 4 or (p.fund_paid and not self.lever("sponge_yearly", p.t)):
            return
        tagged = p.draws.uniforms(Decision.SPONGE_TAG, p.geography.towns.key) < float(self.lever("sponge_share", p.t))
        receivers = tagged & p.towns.listed()
        if receivers.any():
            each = size // int(receivers.sum())
            self._give(p, Reason.SPECIAL_FUND, np.where(receivers, each, 0), "PX-FUND-2")
            p.fund_paid = True

    def pay(self, p: Province) -> None:
        """Step 14: the second sum, at the first pass within its window."""
        second = int(self.lever("schedule_met", p.t))
        if second == 0:
            return
        s = p.towns
        age, within = p.t - s.listed_at, int(self.lever("within", p.t))
        won = p.assessed & s.passed & (p.granted < 2) & (age <= within) & s.paid()
        if self.lever("test", p.t) == "at_end":
            won &= age + 4 > within
        self._give(p, Reason.GRANT, np.where(won, second, 0), "PX-GRANT-2")
        p.granted[won] = 2

    def _give(self, p: Province, reason: Reason, amount: NDArray[np.int64], clause: str) -> None:
        amount = amount.astype(np.int64)
        p.money.post(reason, self.payer(p), p.chart.of(Kind.TOWN), amount, clause=clause)
