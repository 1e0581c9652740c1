"""Land reward: quota given back on quota actually used (ZJ-LAND-1, ZJ-LAND-2).

    reward = (share + supplement) · min(weight·used, cap − counted before)   when the target is met (gate), centi-mu

``used`` is this year's quota use as a listed town without reward land (reading D-01 a), or all use since listing, of
which what was rewarded before is taken off (b: a missed year is made good by a later pass), or this year's less the
land given back by projects that fell through or lay idle (c: newly approved land), or with the reward land (d). The
supplement of the three industries is in percentage points of use, or a share of the reward (D-02). The reward goes to
the county's quota account with a part passed on to the town (D-03), out of newly minted quota or a fixed provincial
pool shared in proportion (D-60). The cap is the square kilometre that may be built on (D-66): so much land
counts for a town in all, which makes 750 mu of reward at most at a half, 900 with the supplement (B-ZJ-15).

Reward and deduction belong to one period (reading D-71): a town earns in the calendar years of its target, until it is
settled or finally accepted; or for as long as it is on the list.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import column
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, Ints, LeverSet, at, expected
from sim.instruments.target import Target
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province

LAND_REWARD = reason("land", "land_reward", "用地奖励", "land reward")
LAND_PASS = reason("land", "land_pass", "奖励指标下达小镇", "rewarded quota passed to town")


class Levers(LeverSet):
    """What a government sets."""

    share: float
    supplement: Floats
    supplement_rule: Literal["points", "of_reward"]
    base: Literal["this_year", "cumulative", "new_land", "with_reward"]
    town_share: float
    gate: Literal["annual_target", "always"]
    pro_rata: Literal["binary", "linear"]
    cap: float
    pool: Literal["minted", "fixed_pool"]
    pool_size: float
    weight: Literal["land", "intensity"]
    until: Literal["settled", "listed"]


class LandReward(Instrument[Levers]):
    """Quota rewarded to punctual towns."""

    order = 60
    needs = (Target,)

    by_year = column(("year", "town"), np.int64)
    """Quota rewarded for each calendar year, centi-mu."""
    supplement = column("town", np.int64)
    """The part of all that was rewarded that came from the industry supplement."""

    def rates(self, p: Province, given: Levers | None = None) -> tuple[float, Floats]:
        """Basic share and the supplement by town, both as shares of quota used; of the levers foreseen unless given."""
        levers = given or self.ahead(p.t)
        share = levers.share
        extra = levers.supplement[p.places.towns.industry]
        if levers.supplement_rule == "of_reward":
            extra = extra * share
        return share, extra

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """(share + supplement) · land used · shadow price · P(pass), over the horizon and as far as the cap goes."""
        if ahead.share == 0.0 and not ahead.supplement.any():
            return None
        basic, more = self.coming(p, f, f.annuity)
        return f.listed * (basic + more) / 100.0 * f.shadow_price

    def coming(self, p: Province, f: Forecast, years: Floats | float) -> tuple[Floats, Floats]:
        """Basic reward and supplement that counties count on over some years, centi-mu by strategy and town."""
        share, extra = self.rates(p)
        counted = self.chance(p, f) * f.land * self.weight(p) * np.minimum(years, self._years_left(p))
        basic, more = self._room(p)
        return np.minimum(share * counted, basic), np.minimum(extra * counted, more)

    def _years_left(self, p: Province) -> Floats:
        """Years in which a town can still earn, counted from now."""
        if self.ahead(p.t).until == "listed":
            return np.full(p.towns.size, np.inf)
        s = p.towns
        listed = np.where(s.listed_at >= 0, s.listed_at, p.t)
        first = listed - (p.clock.start_index + listed) % 4
        end = first + 4 * self.ask(Target).ahead(p.t).years
        return np.where(s.settled | ~s.to_be_accepted(), 0.0, np.maximum(0.0, (end - p.t) / 4.0))

    def _room(self, p: Province) -> tuple[Floats, Floats]:
        """Basic reward and supplement that a town can still get before all its land under the cap has counted."""
        share, extra = self.rates(p)
        cap = 100.0 * self.ahead(p.t).cap
        basic = share * cap - (p.towns.rewarded - self.supplement)
        return np.maximum(0.0, basic), np.maximum(0.0, extra * cap - self.supplement)

    def weight(self, p: Province) -> Floats:
        """Investment per mu relative to the mean of paid towns, 0 to 2, where the reward is weighted by it (D-66)."""
        if self.ahead(p.t).weight == "land":
            return np.ones(p.towns.size)
        s, on = p.towns, p.towns.paid()
        rows = slice(0, p.t + 1)
        land = (s.land_used[rows] + s.land_from_reward[rows]).sum(axis=0).astype(np.float64)
        money = (s.core[rows] + s.other[rows]).sum(axis=0).astype(np.float64)
        mean = money[on].sum() / max(1.0, float(land[on].sum()))
        each = money / np.maximum(1.0, land)
        return np.where(land > 0.0, np.clip(each / max(1e-9, mean), 0.0, 2.0), 1.0)

    def chance(self, p: Province, f: Forecast) -> Floats:
        """Share of a year's reward that a county counts on, by strategy and town."""
        ahead = self.ahead(p.t)
        if ahead.gate == "always":
            return np.ones_like(f.p_annual)
        if ahead.pro_rata == "linear":
            return 0.5 + 0.5 * f.p_annual
        return f.p_annual

    @at("pay")
    def pay(self, p: Province, now: Levers) -> None:
        """Book the year's reward."""
        share, extra = self.rates(p)
        if share == 0.0 and not extra.any():
            return
        earned = self._earned(p)
        used = self._used(p) * self.weight(p)
        basic, more = np.floor(share * used * earned), np.floor(extra * used * earned)
        if now.base == "cumulative":
            s = p.towns
            basic = np.maximum(0.0, basic - (s.rewarded - self.supplement) * earned)
            more = np.maximum(0.0, more - self.supplement * earned)
        basic, more = self._limit(p, basic, more)
        self._book(p, basic.astype(np.int64), more.astype(np.int64))

    def _used(self, p: Province) -> Floats:
        """Quota used as a listed town, centi-mu: this year's without reward land or with it, less what was given back,
        or all since listing. What a site used before it was listed counts nowhere.
        """
        now, s = self.now(p.t), p.towns
        used = s.land_used
        if now.base == "with_reward":
            used = used + s.land_from_reward
        quarter = np.arange(used.shape[0])[:, None]
        first = np.where(s.listed_at >= 0, s.listed_at, p.t + 1)
        if now.base != "cumulative":
            first = np.maximum(first, p.clock.year_start)
        inside = (quarter >= first) & (quarter <= p.t)
        total: Ints = (used * inside).sum(axis=0)
        if now.base == "new_land":
            total = np.maximum(0, total - (s.land_back * inside).sum(axis=0))
        return total.astype(np.float64)

    def _earned(self, p: Province) -> Floats:
        """Share of the reward earned: 1 or 0, or the degree of completion under the linear reading of D-05."""
        now, s = self.now(p.t), p.towns
        may = s.assessed & s.paid_for_year() & (self._years_left(p) > 0.0)
        if now.gate == "always":
            return may.astype(np.float64)
        if now.pro_rata == "linear":
            return np.asarray(may * np.clip(s.ratio, 0.0, 1.0), dtype=np.float64)
        return (may & s.passed).astype(np.float64)

    def _limit(self, p: Province, basic: Floats, more: Floats) -> tuple[Floats, Floats]:
        now, room = self.now(p.t), self._room(p)
        basic, more = np.minimum(basic, np.floor(room[0])), np.minimum(more, np.floor(room[1]))
        if now.pool == "fixed_pool":
            factor = min(1.0, 100.0 * now.pool_size / max(1.0, float((basic + more).sum())))
            basic, more = np.floor(basic * factor), np.floor(more * factor)
        return basic, more

    def _book(self, p: Province, basic: NDArray[np.int64], more: NDArray[np.int64]) -> None:
        reward = basic + more
        p.land.post(LAND_REWARD, government.authority(p), p.books.county_account, basic, clause="ZJ-LAND-1")
        p.land.post(LAND_REWARD, government.authority(p), p.books.county_account, more, clause="ZJ-LAND-2")
        passed = np.floor(reward * self.now(p.t).town_share).astype(np.int64)
        p.land.post(LAND_PASS, p.books.county_account, p.books.chart.of(Kind.TOWN), passed, clause="ZJ-LAND-1")
        p.towns.rewarded += reward
        self.supplement += more
        self.by_year[p.clock.year_index] = reward
