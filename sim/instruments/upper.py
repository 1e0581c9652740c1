"""The upper list: a regime above a regime (PX-TGT-3, PX-ASSESS-2, TZ-ACC-2, PY-LIST-1, -2).

In each round of the regime above, every prefecture (or district) recommends up to ``nominations`` of its listed towns,
those with the better grade and then the better site first; ``recommend`` says who can be. A recommended town is listed
when::

    merit + grade_worth·grade + review noise ≥ merit of the last place,      grade: 1 excellent or named, ½ good, 0 else

where the last place is the quantile of merit that leaves the places of the round over the sites of the place that the
regime above governs; no more are listed than their part by sites (rounded up). A town keeps its place above as long as
it is on a list below. What it then gets is read from the file of the regime above (:mod:`sim.instruments._above`) and
booked under that file's clauses: the grant at listing, the yearly subsidy, the award on being named, the land reward
and the land guarantee; and what its own district or county has promised for that day (``honoured``, TZ-ACC-2).

What counties expect: chance of a place in each round within the horizon, times what is left to be had by then.
Bias, stated: rounds are independent, the limits of places and of recommendations are not foreseen, and nothing is
discounted before the place is won.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.engine.column import column
from sim.engine.draws import decision
from sim.engine.ledger import reason
from sim.instruments._above import AboveRules
from sim.instruments.assessment import Assessment
from sim.instruments.base import Bools, Floats, Forecast, Instrument, Ints, LeverSet, at, expected
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import Grade, Status

if TYPE_CHECKING:
    from sim.parameters import Resolved

UPPER_GRANT = reason("money", "upper_grant", "上级奖补", "grant from above", policy=True)
UPPER_HONOURED = reason("money", "upper_honoured", "列入上级名单后本级兑现", "honoured when listed above", policy=True)
UPPER_LAND = reason("land", "upper_land", "上级用地奖励", "land from above")
UPPER_REVIEW = decision("upper.review")


class Levers(LeverSet):
    """What a government sets."""

    regime: str
    recommend: Literal["listed", "passed", "excellent", "accepted"]
    nominations: int
    grade_worth: float
    honoured: float
    honoured_land: float


class Upper(Instrument[Levers]):
    """A place on the list of the regime above."""

    order = 190
    needs = (Assessment,)

    above_at = column(
        "town", np.int64, fill=-1, zh="列入上级名单的季度", en="Quarter of entry on the list above", unit="date"
    )
    first_above = column("town", np.int64, fill=-1)
    """Quarter of the first entry: what is paid once is paid then."""
    recommended = column("town", np.int64, zh="被推荐到上级的次数", en="Times it was recommended to the level above")
    rewarded_result = column("town", np.bool_)
    """Has had the grant at listing as an award."""
    paid = column(("quarter", "town"), np.int64)
    """Money from above and for being listed there, 万元."""

    def __init__(self, scenario: Resolved) -> None:
        super().__init__(scenario)
        self._rules = {name: AboveRules(scenario, name) for name in scenario.above}

    def listed(self, p: Province) -> Bools:
        """Towns on the list above."""
        return (self.above_at >= 0) & p.towns.on_a_list()

    # --- recommendation and listing ----------------------------------------------------------------------------------

    @at("call")
    def enter(self, p: Province, now: Levers) -> None:
        """A round of the regime above: recommendations, review, listing."""
        rules = self._rules.get(now.regime)
        if rules is None or rules.places(p.t) == 0:
            return
        chosen = self._nominated(p, now, rules, self.may(p, now, rules))
        self.recommended += chosen
        margin = rules.margin(p, p.t) + now.grade_worth * standing(p)
        z = p.draws.normals(UPPER_REVIEW, p.places.towns.key, p.t)
        result = margin + p.behaviour["review.noise"] * z
        ranked = np.lexsort((p.places.towns.key, -result))
        new = [int(i) for i in ranked if chosen[i] and result[i] >= 0.0][: rules.room(p, p.t)]
        self.above_at[new] = p.t
        self.first_above[new] = np.where(self.first_above[new] < 0, p.t, self.first_above[new])

    def may(self, p: Province, now: Levers, rules: AboveRules) -> Bools:
        """Towns that can be recommended."""
        s = p.towns
        named = s.status == Status.NAMED
        free: Bools = s.on_a_list() & ~s.suspended & (self.above_at < 0) & rules.takes(p)
        if now.recommend == "accepted":
            free &= named
        elif now.recommend == "excellent":
            free &= s.grade == Grade.EXCELLENT
        elif now.recommend == "passed":
            free &= s.passed | named
        return free

    def _nominated(self, p: Province, now: Levers, rules: AboveRules, among: Bools) -> Bools:
        """The best of each prefecture, by grade and then by site."""
        if now.nominations == 0:
            return among
        towns, merit = p.places.towns, rules.call.merit(p)
        chosen, taken = np.zeros(among.size, dtype=bool), np.zeros(int(towns.prefecture.max()) + 1, dtype=np.int64)
        for i in np.lexsort((towns.key, -merit, -standing(p))):
            if among[i] and taken[towns.prefecture[i]] < now.nominations:
                taken[towns.prefecture[i]] += 1
                chosen[i] = True
        return chosen

    @at("bulletin")
    def leave(self, p: Province, now: Levers) -> None:
        """Who is on no list below any more loses its place above."""
        self.above_at[(self.above_at >= 0) & ~p.towns.on_a_list()] = -1

    # --- what is given -----------------------------------------------------------------------------------------------

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Land first, and in full, for towns on the list above."""
        rules = self._rules.get(now.regime)
        if rules is None:
            return
        rules.guarantee.serve(p, rules.guarantee.now(p.t), self.listed(p))

    @at("treasury")
    def once(self, p: Province, now: Levers) -> None:
        """Sums on being listed above, and on being named while listed there."""
        rules = self._rules.get(now.regime)
        honoured, quota = int(now.honoured), int(100 * now.honoured_land)
        if rules is None:
            return
        new, grant = self.first_above == p.t, rules.grant.now(p.t)
        if grant.timing == "listing":
            self._pay(p, rules, new, grant.listing, "grant.listing")
        self._pay(p, rules, self.listed(p) & (p.towns.named_at == p.t - 1) & (p.t > 0), grant.naming, "grant.naming")
        amount = np.where(new, honoured, 0).astype(np.int64)
        p.money.post(
            UPPER_HONOURED, government.account(p, "county"), p.books.chart.of(Kind.TOWN), amount, clause="TZ-ACC-2"
        )
        self.paid[p.t] += amount
        land = np.where(new, quota, 0).astype(np.int64)
        p.land.post(UPPER_LAND, government.authority(p), p.books.county_account, land, clause="TZ-ACC-2")
        p.towns.direct += land

    @at("pay")
    def yearly(self, p: Province, now: Levers) -> None:
        """The award after the first passed assessment, the yearly subsidy, the land reward."""
        rules = self._rules.get(now.regime)
        if rules is None:
            return
        s, on = p.towns, self.listed(p)
        good, grant, land = on & s.assessed & s.passed, rules.grant.now(p.t), rules.reward.now(p.t)
        if grant.timing == "result":
            won = good & ~self.rewarded_result
            self._pay(p, rules, won, grant.listing, "grant.listing")
            self.rewarded_result |= won
        first = p.clock.start_index
        years = (first + p.t) // 4 - (first + np.maximum(0, self.first_above)) // 4
        due = (good if grant.annual_condition == "assessment" else on) & (years < grant.annual_years)
        self._pay(p, rules, due, grant.annual, "grant.annual")
        if rules.pays_land(p.t):
            earned = on if land.gate == "always" else good
            amount = np.where(earned, rules.land(p, self._used(p)), 0)
            giver = p.books.chart.of(rules.account)[:1]
            p.land.post(UPPER_LAND, giver, p.books.county_account, amount, clause=rules.clause("land_reward.share"))
            p.towns.direct += amount

    def _used(self, p: Province) -> Floats:
        """Quota used this year since the town was listed above, centi-mu."""
        quarter = np.arange(p.clock.year_start, p.t + 1)[:, None]
        used = p.towns.land_used[p.clock.year_start : p.t + 1] * (quarter >= self.above_at[None, :])
        return np.asarray(used.sum(axis=0), dtype=np.float64)

    def _pay(self, p: Province, rules: AboveRules, who: Bools, each: float, lever: str) -> None:
        amount: Ints = np.where(who, int(each), 0).astype(np.int64)
        payer = government.account(p, rules.grant.now(p.t).payer)
        p.money.post(UPPER_GRANT, payer, p.books.chart.of(Kind.TOWN), amount, clause=rules.clause(lever))
        self.paid[p.t] += amount

    # --- what counties expect ----------------------------------------------------------------------------------------

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Yearly gains of the towns on the list above; of others, the chance of a place in each round to come times
        what is paid on entry and in the years that are left.
        """
        rules = self._rules.get(ahead.regime)
        if rules is None:
            return None
        horizon = p.behaviour["official.horizon"]
        yearly, once = self._yearly(p, rules, f), self._once(p, rules, ahead, f)
        value = (self.above_at >= 0) * (yearly + self._naming(p, rules, f))
        open_, coming = (self.above_at < 0) & rules.takes(p), np.zeros_like(f.invest)
        waiting = np.ones_like(f.invest)
        for t in rules.rounds(p.t + 1, p.t + int(4 * horizon)):
            chance = self._chance(p, ahead, rules, f, t)
            left = max(0.0, horizon - (t - p.t) / 4.0) / horizon
            coming = coming + waiting * chance * (once + left * yearly)
            waiting = waiting * (1.0 - chance)
        expected: Floats = (f.listed | f.named) * (value + open_ * coming)
        return expected

    def _chance(self, p: Province, ahead: Levers, rules: AboveRules, f: Forecast, t: int) -> Floats:
        """Chance of a place in a round: as the town stands now in this year's rounds, as it will be graded later."""
        top = rules.chance(p, t, np.full(p.towns.size, ahead.grade_worth))
        plain = rules.chance(p, t, np.zeros(p.towns.size))
        if (p.clock.start_index + t) // 4 == (p.clock.start_index + p.t) // 4:
            free = self.may(p, ahead, rules)
            return np.broadcast_to(free * rules.chance(p, t, ahead.grade_worth * standing(p)), f.invest.shape)
        if ahead.recommend == "accepted":
            by_then = np.where(f.named, 1.0, f.p_three * (4.0 * f.years_left <= t - p.t))
            return np.asarray(by_then * top)
        best = np.where(f.named, 1.0, self.ask(Assessment).excellent(p, f))
        if ahead.recommend == "excellent":
            return np.asarray(best * top)
        rest = np.maximum(0.0, (1.0 if ahead.recommend == "listed" else f.p_annual) - best)
        return np.asarray(best * top + rest * plain)

    def _once(self, p: Province, rules: AboveRules, ahead: Levers, f: Forecast) -> Floats:
        """What is paid on entry, 万元."""
        grant = rules.grant.now(p.t)
        first = f.p_annual if grant.timing == "result" else np.ones_like(f.p_annual)
        own = ahead.honoured + ahead.honoured_land * f.shadow_price
        return (self.first_above < 0) * (first * grant.listing + own)

    def _yearly(self, p: Province, rules: AboveRules, f: Forecast) -> Floats:
        """What a town on the list above gains over the horizon, 万元."""
        grant, land, given = rules.grant.now(p.t), rules.reward.now(p.t), rules.guarantee.now(p.t)
        past = np.where(self.first_above >= 0, (p.t - self.first_above) / 4.0, 0.0)
        years = np.clip((grant.annual_years - past) / p.behaviour["official.horizon"], 0.0, 1.0)
        passed = f.p_annual if grant.annual_condition == "assessment" else np.ones_like(f.p_annual)
        value = grant.annual * years * passed
        if rules.pays_land(p.t):
            sure = 1.0 if land.gate == "always" else f.p_annual
            value = value + sure * rules.land(p, f.land) / 100.0 * f.shadow_price
        if given.full:
            value = value + 0.5 * f.p_annual * f.land / 100.0 * f.shadow_price
        return np.asarray(value * f.annuity)

    def _naming(self, p: Province, rules: AboveRules, f: Forecast) -> Floats:
        near = (f.years_left <= p.behaviour["official.horizon"]) * p.towns.to_be_accepted()
        return np.asarray(near * f.p_three * rules.grant.now(p.t).naming)


def standing(p: Province) -> Floats:
    """What the level above makes of a town's result below: 1 excellent or named, ½ good, 0 else."""
    s = p.towns
    best = (s.grade == Grade.EXCELLENT) | (s.status == Status.NAMED)
    return np.where(best, 1.0, np.where(s.grade == Grade.GOOD, 0.5, 0.0))
