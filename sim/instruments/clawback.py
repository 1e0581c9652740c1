"""Clawback: rewarded quota deducted doubly when the three-year target is missed (ZJ-CLAW-1).

    deduction = max(multiple · base, minimum) where it is imposed

``base`` (reading D-06) is all quota rewarded, that of the failed years, the part not yet used, or the whole times the
share of the target that is missing; the industry supplement is inside it or not. It is charged to the county's quota
account (or the town's, D-07), which may go below zero and then swallows later quota, or is capped at what is there; in
two accounts (D-06 b) the reward is returned from where it lies and the penalty is booked on the county's ordinary
quota. A minimum (D-65) falls on towns that were never rewarded too. Under a cure (D-09) a late town has one more year,
and is then let off or charged ``cured_multiple``.
Whether it is imposed at all is uncertain: no record of any quota taken back was found (``enforcement.clawback``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.engine.ledger import reason
from sim.engine.numeric import exp, log_
from sim.instruments.base import Floats, Forecast, Instrument
from sim.state import government
from sim.state.books import Kind
from sim.state.town import EVENTS, OFF, Acceptance

if TYPE_CHECKING:
    from sim.state.province import Province

CLAWBACK = reason("land", "clawback", "加倍倒扣", "clawback")
CLAWBACK_ENFORCE = decision("clawback.enforce")


class Clawback(Instrument):
    """Doubled deduction at the end of the three years."""

    id: ClassVar[str] = "clawback"

    def base(self, p: Province, missing: Floats) -> Floats:
        """Quota the multiple applies to, centi-mu by town."""
        s = p.towns
        whole = s.rewarded.astype(np.float64)
        if not self.ahead("include_supplement", p.t):
            whole = whole - s.supplement
        kind = self.ahead("base", p.t)
        if kind == "shortfall_share":
            return whole * np.clip(missing, 0.0, 1.0)
        if kind == "unused":
            return np.minimum(whole, np.maximum(0, p.land.balance[p.chart.of(Kind.TOWN)]))
        if kind == "failed_years":
            return np.where(s.passed, 0.0, np.minimum(whole, p.reward_by_year[max(0, p.year_index - 1)]))
        return whole

    def due(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose clock (reading D-08) runs out this quarter, or this time next year where a cure is allowed
        (D-09).
        """
        wait = int(self.lever("after", p.t)) + (4 if self.lever("cure", p.t) != "none" else 0)
        return (p.towns.listed_at >= 0) & (p.t == self.end(p, wait))

    def end(self, p: Province, wait: int) -> NDArray[np.int64]:
        """Quarter in which ``wait`` quarters of the clock are over, by town; never in the year of listing."""
        start, clock = p.towns.listed_at.copy(), self.lever("clock", p.t)
        if clock == "listing_year":
            start -= (p.start_index + start) % 4
        elif clock == "plan":
            start += int(self.lever("plan_lag", p.t))
        elif clock == "opinion":
            return np.maximum(p.policy.announced + wait, start + 4)
        return start + wait

    def _years_left(self, p: Province, f: Forecast) -> Floats:
        """Years until the settlement; on the clock from listing it is taken to coincide with acceptance."""
        if self.ahead("clock", p.t) == "listing":
            return f.years_left
        listed = np.where(p.towns.listed_at >= 0, self.end(p, int(self.ahead("after", p.t))), p.t + 12)
        return np.maximum(0.0, (listed - p.t) / 4.0)

    def _expected_multiple(self, p: Province, f: Forecast) -> Floats | float:
        """Multiple expected of a late town: under a cure it makes it with the chance it had of being on time."""
        multiple, cure = float(self.ahead("multiple", p.t)), self.ahead("cure", p.t)
        if cure == "none":
            return multiple
        cured = float(self.ahead("cured_multiple", p.t)) if cure == "factor" else 0.0
        return f.p_three * cured + (1.0 - f.p_three) * multiple

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """−P(target missed) · multiple · expected base · shadow price · enforcement, discounted to its date.

        The base is what has been rewarded plus what this year's strategy would add to it.
        """
        multiple = float(self.ahead("multiple", p.t))
        if multiple == 0.0:
            return None
        left = self._years_left(p, f)
        share, extra = p.policy.land_reward.rates(p)
        coming = (share + extra) * f.land * p.policy.land_reward.chance(p, f) * np.minimum(left, 3.0)
        if not self.ahead("include_supplement", p.t):
            coming = coming * share / np.maximum(1e-12, share + extra)
        stake = self.base(p, np.full(p.towns.size, 0.3)) + np.maximum(0.0, coming) * (
            0.3 if self.ahead("base", p.t) == "shortfall_share" else 1.0
        )
        open_ = f.listed & (left > 0.0)
        discount = exp(-log_(1.0 + p.b["official.discount"]) * np.minimum(3.0, left))
        least = 100.0 * float(self.ahead("minimum", p.t))
        lost = (1.0 - f.p_three) * self._expected_multiple(p, f) * stake
        if least > 0.0:
            lost = np.maximum(lost, (1.0 - f.p_three) * least)
        cost = lost / 100.0 * f.shadow_price * discount
        return open_ * (-p.b["enforcement.clawback"] * cost)

    def accept(self, p: Province) -> None:
        """Step 15: judge the towns whose three years are over and book the deduction."""
        multiple = float(self.lever("multiple", p.t))
        if multiple == 0.0:
            return
        due, s = self.due(p), p.towns
        if self.lever("cure", p.t) == "factor":
            self._note_late(p)
        if not due.any():
            return
        reached = self._reached(p)
        lost = np.isin(s.status, OFF) & ~((s.accepted == Acceptance.FAILED) & (s.left_at == p.t))
        failed = due & ((reached < 1.0) | lost) & (s.clawed == 0)
        cured = due & ~failed & s.late
        self._charge(p, failed, multiple, 1.0 - reached)
        if cured.any():
            self._charge(p, cured, float(self.lever("cured_multiple", p.t)), np.full(s.size, 0.3))

    def _reached(self, p: Province) -> Floats:
        return p.cumulative_reported() / np.maximum(1.0, p.policy.target.three_year(p))

    def _note_late(self, p: Province) -> None:
        """Remember the towns that are late when their clock runs out; what they pay is settled a year later."""
        over = (p.towns.listed_at >= 0) & (p.t == self.end(p, int(self.lever("after", p.t))))
        p.towns.late |= over & (self._reached(p) < 1.0)

    def at_exit(self, p: Province, out: NDArray[np.bool_]) -> None:
        """Charge towns that leave the list at once (reading D-31)."""
        multiple = float(self.lever("multiple", p.t))
        if multiple > 0.0 and out.any():
            self._charge(p, out, multiple, np.clip(1.0 - self._reached(p), 0.0, 1.0))

    def stake_at_exit(self, p: Province) -> Floats:
        """What a town that left the list now would be expected to be charged, 万元."""
        price = p.b["land.shadow_price"] * np.sqrt(p.geography.counties.land_price[p.geography.towns.county] / 15.0)
        quota = float(self.ahead("multiple", p.t)) * self.base(p, np.full(p.towns.size, 0.3)) / 100.0
        return np.asarray(p.b["enforcement.clawback"] * quota * price)

    def _charge(self, p: Province, who: NDArray[np.bool_], multiple: float, missing: Floats) -> None:
        """Deduct from the towns in ``who`` where the clawback is imposed."""
        imposed = p.draws.uniforms(CLAWBACK_ENFORCE, p.geography.towns.key, p.t) < p.b["enforcement.clawback"]
        base = self.base(p, missing)
        owed = np.maximum(multiple * base, 100.0 * float(self.lever("minimum", p.t)))
        amount = np.where(who & imposed, np.floor(owed), 0.0).astype(np.int64)
        if self.lever("booking", p.t) == "two_accounts":
            share = float(p.policy.land_reward.lever("town_share", p.t))
            returned = np.minimum(amount, np.floor(base * share).astype(np.int64))
            self._book(p, returned, "town")
            amount = amount - returned
        self._book(p, amount, str(self.lever("charged", p.t)))

    def _book(self, p: Province, amount: NDArray[np.int64], account: str) -> None:
        county = account == "county"
        payer = p.county_account if county else p.chart.of(Kind.TOWN)
        if not self.lever("carry_forward", p.t):
            amount = np.minimum(amount, self._afford(p, county))
        p.land.post(CLAWBACK, payer, government.authority(p), amount, clause="ZJ-CLAW-1")
        p.towns.clawed += amount
        p.towns.event[p.t] |= np.where(amount > 0, EVENTS["clawed"], 0)

    def _afford(self, p: Province, county: bool) -> NDArray[np.int64]:
        """What each account can pay without going below zero; a county's towns share its balance equally."""
        balance = np.maximum(0, p.land.balance[p.chart.of(Kind.COUNTY) if county else p.chart.of(Kind.TOWN)])
        if not county:
            return balance
        towns = p.geography.towns.county
        return balance[towns] // np.maximum(1, np.bincount(towns, minlength=balance.size))[towns]
