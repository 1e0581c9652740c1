"""Grants and special funds: money at listing, when the schedule is met, every year; a themed fund (PX-GRANT-1, -2,
PX-FUND-2, SZ-FUND-1); awards, grants to villages, support to enterprises, a programme of facilities.

The first sum is paid when a town enters the list (the two-step grant of M-56) or, as an award instead of a subsidy
(以奖代补, M-55), after its first passed assessment; it may be for planning and design (``planning``), or is spent on
works as any money of a town. The second comes at the first passed assessment within ``within`` quarters, or only at the
last one (reading D-33); the first may have to be returned on exit (D-34). The annual subsidy runs for ``annual_years``
calendar years from listing, and reaches the cultivation list where a regime keeps no other. The sponge fund goes to
tagged towns once or yearly, in equal parts (D-35). Besides,

* awards on being named and on first reaching the scenic standard (SD-AWARD-1, TZ-ACC-2);
* a grant to each village of a listed town that first reaches the standard, spent on facilities (PY-GRANT-1)::

    standard   ≤ facilities + ½·decay·facilities of the town
    facilities ← facilities + (1 − facilities)·min(1, grant/village.works_scale)

* support (PY-FUND-1): ``support``·residents/``support_residents`` a year in each county, ``support_talents`` of it to
  talents. Its towns' firms get jobs/(employment_share·residents) of the rest, stated as a share of last quarter's tax,
  at most all of it; each talent gets the same, in a county with as many talents a job as the sites together have;
* the facility programme (GZ-INV-1): ``total``/``projects`` each, projects/towns in every town, begun evenly over
  ``years``. A project needs social capital for what governments do not pay, and a county that pays needs room under
  its debt limit; until then it waits.

Units: 万元.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import column, value
from sim.engine.draws import decision
from sim.engine.ledger import Reason, reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.call import Call
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province

GRANT = reason("money", "grant", "奖补", "grant", policy=True)
TALENT_SUPPORT = reason("money", "talent_support", "人才扶持资金", "support for talents", policy=True)
PLANNING = reason("money", "planning", "规划设计支出", "planning and design")
GRANT_RETURN = reason("money", "grant_return", "奖补退回", "grant returned", policy=-1)
SPECIAL_FUND = reason("money", "special_fund", "专项资金", "special fund", policy=True)
ANNUAL_SUBSIDY = reason("money", "annual_subsidy", "年度补助", "annual subsidy", policy=True)
SPONGE_TAG = decision("grant.sponge_tag")
FACILITY_START = decision("grant.facility_start")
FACILITY_MATCH = decision("grant.facility_match")

REACH = 0.5
"""Weight of a near town's facilities in whether a village is fit for visitors (assumption)."""

RETURNED = 3
"""State of a town that gave its first sum back: it returns nothing twice, and gets neither sum again."""


class Levers(LeverSet):
    """What a government sets."""

    listing: float
    schedule_met: float
    within: int
    test: Literal["first_pass", "at_end"]
    returned_on_exit: bool
    sponge_fund: float
    sponge_yearly: bool
    sponge_share: float
    payer: Literal["province", "prefecture", "county"]
    timing: Literal["listing", "result"]
    annual: float
    annual_years: int
    annual_condition: Literal["none", "assessment"]
    naming: float
    scenic: float
    scenic_standard: float
    village: float
    village_standard: float
    support: float
    support_residents: float
    facility_total: float
    facility_projects: int
    facility_towns: int
    facility_years: int
    facility_scope: Literal["listed", "all"]
    facility_public: float
    facility_payer: Literal["province", "prefecture", "county"]
    planning: bool
    support_talents: float


def support_per_job(p: Province, ahead: Levers) -> Floats:
    """Support a year for each job, 万元 by town; the same in every county for equal employment."""
    residents = p.places.counties.population[p.places.towns.county]
    whole = ahead.support * residents / ahead.support_residents
    each: Floats = whole / np.maximum(1.0, p.constants["county.employment_share"] * residents)
    return each


def project_size(ahead: Levers) -> float:
    """Investment of one facility project, 万元."""
    return ahead.facility_total / max(1, ahead.facility_projects)


class Grant(Instrument[Levers]):
    """Lump sums to towns."""

    order = 100
    needs = (Call,)

    granted = column("town", np.int64)
    """Sums received: 0 none, 1 the first, 2 both; :data:`RETURNED`."""
    scenic_paid = column("town", np.bool_)
    village_paid = column("village", np.bool_)
    fund_paid = value(False)
    facilities = column("town", np.int64)
    """Projects of the facility programme begun."""

    def payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays for each town."""
        return government.account(p, self.now(p.t).payer)

    def facility_payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays the public share of the facility programme for each town."""
        return government.account(p, self.now(p.t).facility_payer)

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Support to enterprises, facility projects that begin."""
        self._support(p, now)
        self._facilities(p, now)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """First sum for a town not yet listed (times P(pass) as an award), second sum times P(pass) while it can still
        be won, the annual subsidy while it runs, the award on being named.
        """
        first, second = ahead.listing, ahead.schedule_met
        yearly, naming = ahead.annual, ahead.naming
        if first == 0.0 and second == 0.0 and yearly == 0.0 and naming == 0.0:
            return None
        total: Floats
        fresh = p.towns.listed_at < 0
        open_ = (fresh | (p.t - p.towns.listed_at < ahead.within)) & (self.granted < 2)
        if ahead.timing == "result":
            total = f.listed * (first * (self.granted == 0) * f.p_annual + second * open_ * f.p_annual)
        else:
            total = f.listed * (first * fresh + second * open_ * f.p_annual)
        if yearly > 0.0:
            total = total + f.listed * yearly * self._years(p) * f.annuity * self._sure(p, f)
        if naming > 0.0:
            near = (f.years_left <= p.behaviour["official.horizon"]) * p.towns.to_be_accepted()
            total = total + f.listed * near * f.p_three * naming
        return total

    def _years(self, p: Province) -> Floats:
        """Part of the horizon in which the annual subsidy still runs, by town."""
        past = np.where(p.towns.listed_at >= 0, (p.t - p.towns.listed_at) / 4.0, 0.0)
        return np.clip((self.ahead(p.t).annual_years - past) / p.behaviour["official.horizon"], 0.0, 1.0)

    def _sure(self, p: Province, f: Forecast) -> Floats:
        return f.p_annual if self.ahead(p.t).annual_condition == "assessment" else np.ones_like(f.p_annual)

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """First sums, returns on exit, and the themed fund."""
        s, town = p.towns, p.books.chart.of(Kind.TOWN)
        first = int(now.listing)
        if first > 0:
            if now.timing == "listing":
                new = (s.listed_at >= 0) & (p.t - s.listed_at <= 1) & (self.granted == 0)
                self._first(p, np.where(new, first, 0), "PX-GRANT-1")
                self.granted[new] = 1
            if now.returned_on_exit:
                lost = ((self.granted == 1) | (self.granted == 2)) & (s.left_at == p.t - 1) & (p.t > 0)
                p.money.post(
                    GRANT_RETURN,
                    town,
                    self.payer(p),
                    np.where(lost, first, 0).astype(np.int64),
                    clause="PX-GRANT-1",
                )
                self.granted[lost] = RETURNED
        if p.offer.stipend.any():
            paid = np.rint(p.offer.stipend / 4.0 * p.towns.talents).astype(np.int64)
            p.money.post(TALENT_SUPPORT, self.payer(p), p.books.chart.of(Kind.HOUSEHOLD), paid, clause="PY-FUND-1")
        self._fund(p)
        self._awards(p, now)
        self._villages(p, now)

    def _fund(self, p: Province) -> None:
        now = self.now(p.t)
        size = int(now.sponge_fund)
        if size == 0 or p.clock.quarter.q != 4 or (self.fund_paid and not now.sponge_yearly):
            return
        tagged = p.draws.uniforms(SPONGE_TAG, p.places.towns.key) < now.sponge_share
        receivers = tagged & p.towns.listed() & ~p.towns.suspended
        if receivers.any():
            each = size // int(receivers.sum())
            self.give(p, SPECIAL_FUND, np.where(receivers, each, 0), "PX-FUND-2")
            self.fund_paid = True

    @at("pay")
    def pay(self, p: Province, now: Levers) -> None:
        """The first sum as an award, the second at the first pass within its window, the annual subsidy."""
        s = p.towns
        first, second = int(now.listing), int(now.schedule_met)
        good = p.towns.assessed & s.passed & s.paid_for_year()
        if first > 0 and now.timing == "result":
            earned = good & (self.granted == 0)
            self._first(p, np.where(earned, first, 0), "SZ-FUND-1")
            self.granted[earned] = 1
        self._annual(p, good)
        if second == 0:
            return
        age, within = p.t - s.listed_at, now.within
        won = good & (self.granted < 2) & (age <= within)
        if now.test == "at_end":
            won &= age + 4 > within
        self.give(p, GRANT, np.where(won, second, 0), "PX-GRANT-2")
        self.granted[won] = 2

    def _annual(self, p: Province, good: NDArray[np.bool_]) -> None:
        now = self.now(p.t)
        amount, s = int(now.annual), p.towns
        if amount == 0:
            return
        since, may = s.listed_at, s.paid_for_year()
        if not any(self.ask(Call).values["creation_places"]):
            since, may = s.cultivated_at, s.supported() & ~s.stopped
        years = (p.clock.start_index + p.t) // 4 - (p.clock.start_index + np.maximum(0, since)) // 4
        due = may & (years < now.annual_years)
        if now.annual_condition == "assessment":
            due &= good
        self.give(p, ANNUAL_SUBSIDY, np.where(due, amount, 0), "SZ-FUND-1")

    def _first(self, p: Province, amount: NDArray[np.int64], clause: str) -> None:
        """Pay the first sum; what is meant for planning and design goes to planners and not into works."""
        self.give(p, GRANT, amount, clause)
        if self.now(p.t).planning:
            town, planners = p.books.chart.of(Kind.TOWN), p.books.chart.of(Kind.OUTSIDE)
            p.money.post(PLANNING, town, planners, amount.astype(np.int64), clause="PX-GRANT-1")

    def give(self, p: Province, reason: Reason, amount: NDArray[np.int64], clause: str) -> None:
        """Pay towns out of the grants' account."""
        amount = amount.astype(np.int64)
        p.money.post(reason, self.payer(p), p.books.chart.of(Kind.TOWN), amount, clause=clause)

    # --- awards, villages, enterprises, facilities --------------------------------------------------------------------

    def _awards(self, p: Province, now: Levers) -> None:
        """Towns named last quarter, and listed towns that first reach the scenic standard."""
        named, scenic = int(now.naming), int(now.scenic)
        if named > 0:
            new = (p.towns.named_at >= 0) & (p.towns.named_at == p.t - 1)
            self.give(p, GRANT, np.where(new, named, 0), "SD-AWARD-1")
        if scenic > 0:
            reached = p.towns.paid_now() & (p.towns.infra >= now.scenic_standard) & ~self.scenic_paid
            self.give(p, GRANT, np.where(reached, scenic, 0), "SD-AWARD-1")
            self.scenic_paid |= reached

    def _villages(self, p: Province, now: Levers) -> None:
        """Villages of listed towns that first reach the standard."""
        amount = int(now.village)
        if amount == 0 or p.clock.quarter.q != 4:
            return
        v, town = p.villages, p.places.villages.town
        served = v.facilities + REACH * p.places.decay * p.towns.infra[town]
        won = p.towns.paid_now()[town] & (served >= now.village_standard) & ~self.village_paid
        payer = np.broadcast_to(self.payer(p), (p.towns.size,))[town]
        money = np.where(won, amount, 0).astype(np.int64)
        p.money.post(GRANT, payer, p.books.chart.of(Kind.VILLAGE), money, clause="PY-GRANT-1")
        v.facilities[:] = v.facilities + won * (1.0 - v.facilities) * min(
            1.0, amount / p.constants["village.works_scale"]
        )
        self.village_paid |= won

    def _support(self, p: Province, now: Levers) -> None:
        """Enterprises get part of their tax back and talents a stipend, which makes their towns more attractive."""
        if now.support == 0.0 or p.t == 0:
            return
        per_job, talents = support_per_job(p, self.ahead(p.t)), now.support_talents
        p.offer.stipend[:] = talents * per_job * float(p.towns.jobs.sum()) / max(1.0, float(p.towns.talents.sum()))
        quarter = (1.0 - talents) * per_job / 4.0 * p.towns.jobs
        part = np.minimum(1.0, quarter / np.maximum(1.0, p.towns.tax[p.t - 1]))
        p.offer.support[:] = part
        p.offer.firm_rebate += part
        p.offer.tax_points += 25.0 * part

    def _facilities(self, p: Province, now: Levers) -> None:
        """Facility projects that are due and have found their money begin."""
        t = p.t
        if now.facility_total == 0.0:
            return
        s, keys = p.towns, p.places.towns.key
        length = 4 * now.facility_years
        begun = min(1.0, max(0, t - max(0, p.policy.effective) + 1) / length)
        each = now.facility_projects / now.facility_towns
        due = np.floor(each * begun + p.draws.uniforms(FACILITY_START, keys)).astype(np.int64)
        on = s.supported() if now.facility_scope == "listed" else np.ones(s.size, dtype=bool)
        public = now.facility_public
        chance = 1.0 if public >= 1.0 else p.behaviour["finance.match_rate"] * (0.5 + 0.5 * p.economy.credit)
        afford = p.offer.works if now.facility_payer == "county" else np.ones(s.size)
        found = on & (p.draws.uniforms(FACILITY_MATCH, keys, t) < chance * afford)
        new = np.where(found, np.maximum(0, due - self.facilities), 0)
        self.facilities += new
        money = np.rint(new * project_size(self.ahead(p.t))).astype(np.int64)
        p.offer.facility[0] = np.rint(money * public).astype(np.int64)
        p.offer.facility[1] = money - p.offer.facility[0]
