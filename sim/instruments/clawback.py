"""Clawback: rewarded quota deducted doubly when the three-year target is missed (ZJ-CLAW-1).

    deduction = max(multiple · base, minimum) where it is imposed

The three years in which the target is to be met and the settlement run on one clock (reading D-08): investment counts
from the first quarter of the clock to the last, and the quarter after is the settlement's.
``base`` (reading D-06) is all quota rewarded, that of the failed years, the part not yet used, or the whole times the
share of the target that is missing; the industry supplement is inside it or not. It is charged to the county's quota
account (or the town's, D-07), which may go below zero and then swallows later quota, or is capped at what is there; in
two accounts (D-06 b) the reward is returned from where it lies and the penalty is booked on the county's ordinary
quota. A minimum (D-65) falls on towns that were never rewarded too. Under a cure (D-09) a late town has one more year,
and is then let off or charged ``cured_multiple``.
The text knows no exception. Whether it is imposed is behaviour: no record of any quota taken back was found
(``enforcement.clawback``); ``always`` plays the text (reading D-72).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import column
from sim.engine.draws import decision
from sim.engine.ledger import reason
from sim.engine.numeric import exp, log_
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.land_reward import LandReward
from sim.instruments.target import Target
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import EVENTS, OFF, Acceptance

CLAWBACK = reason("land", "clawback", "加倍倒扣", "clawback")
CLAWBACK_ENFORCE = decision("clawback.enforce")

SHORTFALL = 0.3
"""Part of the target that counties take to be missing where it is missed, and that a cured town is charged for."""


class Levers(LeverSet):
    """What a government sets."""

    multiple: float
    base: Literal["granted", "failed_years", "unused", "shortfall_share"]
    include_supplement: bool
    after: int
    clock: Literal["listing", "listing_year", "opinion", "plan"]
    plan_lag: int
    charged: Literal["county", "town"]
    carry_forward: bool
    cure: Literal["none", "one_year", "factor"]
    cured_multiple: float
    booking: Literal["one_account", "two_accounts"]
    minimum: float
    always: bool


class Clawback(Instrument[Levers]):
    """Doubled deduction at the end of the three years."""

    order = 70
    needs = (LandReward, Target)

    late = column("town", np.bool_)
    """Short of its three-year target when its clock ran out (reading D-09)."""

    def base(self, p: Province, missing: Floats) -> Floats:
        """Quota the multiple applies to, centi-mu by town."""
        ahead = self.ahead(p.t)
        s = p.towns
        whole = s.rewarded.astype(np.float64)
        if not ahead.include_supplement:
            whole = whole - self.ask(LandReward).supplement
        kind = ahead.base
        if kind == "shortfall_share":
            return whole * np.clip(missing, 0.0, 1.0)
        if kind == "unused":
            return np.minimum(whole, np.maximum(0, p.land.balance[p.books.chart.of(Kind.TOWN)]))
        if kind == "failed_years":
            return np.where(
                s.passed, 0.0, np.minimum(whole, self.ask(LandReward).by_year[max(0, p.clock.year_index - 1)])
            )
        return whole

    def due(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose clock runs out this quarter, or a year ago where a cure is allowed (D-09)."""
        return (p.towns.listed_at >= 0) & (p.t == self.window(p, self._wait(p.t))[1])

    def _wait(self, t: int) -> int:
        """Quarters of the clock to the settlement, a cure included."""
        now = self.now(t)
        return now.after + (4 if now.cure != "none" else 0)

    def window(self, p: Province, wait: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """First quarter of a town's clock (reading D-08), and the one after its ``wait`` quarters, never in the year of
        listing; a site's as if it were listed now.
        """
        ahead = self.ahead(p.t)
        listed = np.where(p.towns.listed_at >= 0, p.towns.listed_at, p.t)
        if ahead.clock == "opinion":
            start = np.full_like(listed, p.policy.announced)
            return start, np.maximum(start + wait, listed + 4)
        start = listed
        if ahead.clock == "listing_year":
            start = listed - (p.clock.start_index + listed) % 4
        elif ahead.clock == "plan":
            start = listed + ahead.plan_lag
        return start, start + wait

    def standing(self, p: Province) -> tuple[Floats, Floats]:
        """What counts so far towards the settlement, 万元, and the years that are left, by town."""
        start, end = self.window(p, self.ahead(p.t).after)
        return p.reported_between(start, np.minimum(end, p.t)), np.maximum(0.0, (end - p.t) / 4.0)

    def _expected_multiple(self, p: Province, f: Forecast) -> Floats | float:
        """Multiple expected of a late town: under a cure it makes it with the chance it had of being on time."""
        ahead = self.ahead(p.t)
        multiple, cure = ahead.multiple, ahead.cure
        if cure == "none":
            return multiple
        cured = ahead.cured_multiple if cure == "factor" else 0.0
        return f.p_settled * cured + (1.0 - f.p_settled) * multiple

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """−P(target missed) · multiple · expected base · shadow price · enforcement, discounted to its date.

        The base is what has been rewarded plus what this year's strategy would add to it.
        """
        multiple = ahead.multiple
        if multiple == 0.0:
            return None
        left = self.standing(p)[1]
        basic, more = self.ask(LandReward).coming(p, f, np.minimum(left, 3.0))
        coming = basic + more if ahead.include_supplement else basic
        stake = self.base(p, np.full(p.towns.size, SHORTFALL)) + np.maximum(0.0, coming) * (
            SHORTFALL if ahead.base == "shortfall_share" else 1.0
        )
        open_ = f.listed & (left > 0.0)
        discount = exp(-log_(1.0 + p.behaviour["official.discount"]) * np.minimum(3.0, left))
        least = 100.0 * ahead.minimum
        lost = (1.0 - f.p_settled) * self._expected_multiple(p, f) * stake
        if least > 0.0:
            lost = np.maximum(lost, (1.0 - f.p_settled) * least)
        cost = lost / 100.0 * f.shadow_price * discount
        return open_ * (-self._chance(p, ahead) * cost)

    @at("acceptance")
    def settle(self, p: Province, now: Levers) -> None:
        """Judge the towns whose three years are over and book the deduction."""
        multiple = now.multiple
        if multiple == 0.0:
            return
        due, s = self.due(p), p.towns
        if now.cure == "factor":
            self._note_late(p)
        if not due.any():
            return
        s.settled |= due
        reached = self.reached(p, self._wait(p.t))
        lost = np.isin(s.status, OFF) & ~((s.accepted == Acceptance.FAILED) & (s.left_at == p.t))
        failed = due & ((reached < 1.0) | lost) & (s.clawed == 0)
        cured = due & ~failed & self.late
        self._charge(p, failed, multiple, 1.0 - reached)
        if cured.any():
            self._charge(p, cured, now.cured_multiple, np.full(s.size, SHORTFALL))

    def reached(self, p: Province, wait: int) -> Floats:
        """Reported investment of ``wait`` quarters of the clock, as far as they are over, to the three-year target."""
        return p.reported_between(*self.window(p, wait)) / np.maximum(1.0, self.ask(Target).three_year(p))

    def _note_late(self, p: Province) -> None:
        """Remember the towns that are late when their clock runs out; what they pay is settled a year later."""
        after = self.now(p.t).after
        over = (p.towns.listed_at >= 0) & (p.t == self.window(p, after)[1])
        self.late |= over & (self.reached(p, after) < 1.0)

    def at_exit(self, p: Province, out: NDArray[np.bool_]) -> None:
        """Charge towns that leave the list at once (reading D-31)."""
        multiple = self.now(p.t).multiple
        if multiple > 0.0 and out.any():
            self._charge(p, out, multiple, np.clip(1.0 - self.reached(p, self._wait(p.t)), 0.0, 1.0))

    def stake_at_exit(self, p: Province) -> Floats:
        """What a town that left the list now would be expected to be charged, 万元."""
        price = p.behaviour["land.shadow_price"] * np.sqrt(p.places.counties.land_price[p.places.towns.county] / 15.0)
        ahead = self.ahead(p.t)
        quota = ahead.multiple * self.base(p, np.full(p.towns.size, SHORTFALL)) / 100.0
        return np.asarray(self._chance(p, ahead) * quota * price)

    def _chance(self, p: Province, levers: Levers) -> float:
        """Chance that the clawback is carried out when it is due."""
        return 1.0 if levers.always else p.behaviour["enforcement.clawback"]

    def _charge(self, p: Province, who: NDArray[np.bool_], multiple: float, missing: Floats) -> None:
        """Deduct from the towns in ``who`` where the clawback is imposed."""
        now = self.now(p.t)
        imposed = p.draws.uniforms(CLAWBACK_ENFORCE, p.places.towns.key, p.t) < self._chance(p, now)
        base = self.base(p, missing)
        owed = np.maximum(multiple * base, 100.0 * now.minimum)
        amount = np.where(who & imposed, np.floor(owed), 0.0).astype(np.int64)
        if now.booking == "two_accounts":
            share = self.ask(LandReward).now(p.t).town_share
            returned = np.minimum(amount, np.floor(base * share).astype(np.int64))
            self._book(p, returned, "town")
            amount = amount - returned
        self._book(p, amount, now.charged)

    def _book(self, p: Province, amount: NDArray[np.int64], account: str) -> None:
        county = account == "county"
        payer = p.books.county_account if county else p.books.chart.of(Kind.TOWN)
        if not self.now(p.t).carry_forward:
            amount = np.minimum(amount, self._afford(p, county))
        p.land.post(CLAWBACK, payer, government.authority(p), amount, clause="ZJ-CLAW-1")
        p.towns.clawed += amount
        p.towns.event[p.t] |= np.where(amount > 0, EVENTS["clawed"], 0)

    def _afford(self, p: Province, county: bool) -> NDArray[np.int64]:
        """What each account can pay without going below zero; a county's towns share its balance equally."""
        balance = np.maximum(
            0, p.land.balance[p.books.chart.of(Kind.COUNTY) if county else p.books.chart.of(Kind.TOWN)]
        )
        if not county:
            return balance
        towns = p.places.towns.county
        return balance[towns] // np.maximum(1, np.bincount(towns, minlength=balance.size))[towns]
