"""Annual assessment: indicators, assessor, grades (ZJ-PROC-3, TZ-ASSESS-1, PX-ASSESS-1, SD-PROC-3, NAT-ASSESS-1, D-45,
D-46).

    score = 100·(w_i·min(1.25, completion)/1.25 + w_c·min(1, core/0.8) + w_f·infrastructure + w_t·min(1, talents/300)
            + w_e·open land + w_k·min(1, crafts/0.25) + w_m·money of others) + noise

Completion is what the town *reports* over what is required, or what a third party finds: the truth and what it does not
see through of the rest, with its own error. A town is behind when completion is below one; it falls short of the
requirements when its core share is too low or its score below ``qualified_score``. Either makes a miss (reading D-22:
OR), or both together (AND), or only being behind, the rest being checked apart and holding up the pay alone. The yearly
target itself may be several indicators at once or the score (D-04 c). Pay may need a lower mark than staying on the
list (D-68). Excellent needs a pass and ``excellent_score``. Counties may be assessed as a whole: their towns pass
together when the sum reaches the sum required (GZ-ASSESS-1). Grades may be cut by shares of the ranking instead of
scores: the last ``unqualified_share`` misses whatever it did.

Chances that counties expect, with the same rules::

    P(not behind) = Φ((ln reported − ln required)/forecast s.d.),   P(core) = Φ((share − least)/0.12)
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.engine.numeric import log, normal_cdf
from sim.instruments.acceptance import Acceptance
from sim.instruments.base import Bools, Floats, Forecast, Instrument, Ints, LeverSet, at
from sim.instruments.target import Target
from sim.state.province import Province
from sim.state.town import EVENTS, Grade, Status
from sim.world.types import INDUSTRIES

ASSESS_THIRD = decision("assess.third")
ASSESS_NOISE = decision("assess.noise")

CRAFTS = (INDUSTRIES.index("tourism"), INDUSTRIES.index("classics"))


def open_land(p: Province) -> Floats:
    """Share of the planned area that is neither built up nor held (proper building volume, NAT-ASSESS-3), by town."""
    s = p.towns
    used = s.built + s.supplied + s.idle + s.housing_land
    return np.clip(1.0 - used / np.maximum(1, p.places.towns.planned_area), 0.0, 1.0)


def crafts(p: Province) -> Floats:
    """Share of classic crafts and tourism among a town's firms (living crafts, NAT-ASSESS-4)."""
    s = p.towns
    return (s.same[:, CRAFTS[0]] + s.same[:, CRAFTS[1]]) / np.maximum(1, s.firms)


def others_money(p: Province) -> Floats:
    """Share of investment so far that governments did not pay (market bodies as the drive, NAT-ELIG-3), by town."""
    s = p.towns
    public: Floats = s.government.sum(axis=0) / np.maximum(1, s.total(slice(0, p.t + 1)))
    return 1.0 - public


def by_county(values: Floats, county: Ints, counties: int) -> Floats:
    """Sum of a town column by county, shape (C,)."""
    return np.bincount(county, weights=values, minlength=counties).astype(np.float64, copy=False)


SEVERAL_CORE = 0.7
"""Core share asked for where the yearly target is several indicators at once (TZ-INV-4)."""


class Levers(LeverSet):
    """What a government sets."""

    active: bool
    excellent_score: float
    qualified_score: float
    weight_investment: float
    weight_core: float
    weight_function: float
    weight_talent: float
    gate_pay: bool
    target_test: Literal["investment", "several", "score"]
    miss_rule: Literal["or", "and", "separate"]
    pay_share: float
    grades: int
    third_party: bool
    error: float
    check: float
    by_county: bool
    cut: Literal["score", "share"]
    excellent_share: float
    unqualified_share: float
    weight_environment: float
    weight_culture: float
    weight_mechanism: float


class Assessment(Instrument[Levers]):
    """Scores and grades at the year's end."""

    order = 30
    needs = (Acceptance, Target)

    def active(self, t: int) -> bool:
        """Whether towns are assessed at all."""
        return self.ahead(t).active

    # --- what counties expect of it ----------------------------------------------------------------------------------

    def seen(self, p: Province, gap: Floats) -> Floats:
        """Part of an overstatement that passes the assessor."""
        ahead = self.ahead(p.t)
        if not ahead.third_party:
            return gap
        return gap * (1.0 - ahead.check)

    def doubt(self, p: Province, spread: float) -> float:
        """Spread of a county's forecast of its own result: its own, and the third party's error."""
        ahead = self.ahead(p.t)
        if not ahead.third_party:
            return spread
        error = ahead.error
        return float(np.sqrt(spread * spread + error * error))

    def pooled(self, p: Province, reported: Floats, required: Floats) -> tuple[Floats, Floats]:
        """What is compared for each town, under each of its strategies: its own figures, or its county's with the other
        towns at their present course.
        """
        if not self.ahead(p.t).by_county:
            return reported, required
        county, on = p.places.towns.county, p.towns.on_a_list()
        course = np.where(on, reported[p.towns.strategy, np.arange(p.towns.size)], 0.0)
        due = np.where(on, required, 0.0)
        others = by_county(course, county, p.counties.size)[county] - course
        rest = by_county(due, county, p.counties.size)[county] - due
        return reported + others, required + rest

    def spared(self, p: Province) -> float:
        """Chance of not being among the last of a ranking."""
        ahead = self.ahead(p.t)
        return 1.0 - ahead.unqualified_share if ahead.cut == "share" else 1.0

    def chances(self, p: Province, reported: Floats) -> tuple[Floats, Floats]:
        """Chance of being paid for the year, and of not missing it, under each strategy, shape (strategies, T).

        Args:
            p: The province.
            reported: What would be reported, 万元, shape (strategies, T).
        """
        ahead = self.ahead(p.t)
        target = self.ask(Target)
        required = target.annual(p)
        if not required.any():
            return np.ones_like(reported), np.ones_like(reported)
        reported, asked = self.pooled(p, reported * target.part_of_year(p), required)
        share, ranked = ahead.pay_share, ahead.cut == "share"
        rule = "or" if ranked else ahead.miss_rule
        stay = self._kept_up(p, reported, asked)
        paid = stay if share == 1.0 else self._kept_up(p, reported, asked * share)
        least = target.ahead(p.t).core_share_min
        if least > 0.0:
            core = normal_cdf((target.claimed_share(p) - least) / 0.12)
            if rule == "and":
                paid, stay = 1.0 - (1.0 - paid) * (1.0 - core), 1.0 - (1.0 - stay) * (1.0 - core)
            else:
                paid, stay = paid * core, stay if rule == "separate" else stay * core
        spared = self.spared(p)
        return np.where(required > 0.0, paid * spared, 1.0), np.where(required > 0.0, stay * spared, 1.0)

    def _kept_up(self, p: Province, reported: Floats, required: Floats) -> Floats:
        """Chance that the yearly target is met, by reading D-04."""
        ahead = self.ahead(p.t)
        test = ahead.target_test
        if test == "score":
            merit = self.merit(p, reported / np.maximum(1.0, required))
            return normal_cdf((merit - ahead.qualified_score) / max(1.0, self._noise(p)))
        chance = normal_cdf(
            (log(reported) - log(np.maximum(1.0, required))) / self.doubt(p, p.behaviour["forecast.log_sd"])
        )
        if test == "several":
            chance = chance * normal_cdf((self.ask(Target).claimed_share(p) - SEVERAL_CORE) / 0.12)
            chance = chance * normal_cdf((p.towns.infra - self._functions(p)) / 0.1)
        return chance

    def excellent(self, p: Province, f: Forecast) -> Floats:
        """Chance of an excellent grade under each strategy, shape (strategies, T): of a pass, and of a score above the
        mark; in a ranking, the share that is excellent.
        """
        ahead = self.ahead(p.t)
        if not ahead.active:
            return np.zeros_like(f.p_annual)
        if ahead.cut == "share":
            return np.asarray(f.p_annual * ahead.excellent_share)
        asked = np.maximum(1.0, self.ask(Target).annual(p))
        merit = self.merit(p, f.invest * (1.0 + self.seen(p, f.gap)) / asked)
        return np.asarray(f.p_annual * normal_cdf((merit - ahead.excellent_score) / max(1.0, self._noise(p))))

    # --- the year's end ----------------------------------------------------------------------------------------------

    def merit(self, p: Province, completion: Floats) -> Floats:
        """Indicators weighed, 0 to about 100, without noise; any shape that broadcasts to (T,)."""
        s = p.towns
        now = self.now(p.t)
        weights = (now.weight_investment, now.weight_core, now.weight_function, now.weight_talent)
        parts = [
            np.minimum(1.25, completion) / 1.25,
            np.minimum(1.0, self.ask(Target).core_share(p) / 0.8),
            np.minimum(1.0, s.infra / 0.8),
            np.minimum(1.0, s.talents / 300.0),
        ]
        total = sum(w * part for w, part in zip(weights, parts, strict=True))
        if now.weight_environment > 0.0:
            total = total + now.weight_environment * open_land(p)
        if now.weight_culture > 0.0:
            total = total + now.weight_culture * np.minimum(1.0, 4.0 * crafts(p))
        if now.weight_mechanism > 0.0:
            total = total + now.weight_mechanism * others_money(p)
        return np.asarray(100.0 * total)

    def score(self, p: Province, completion: Floats) -> Floats:
        """Indicator score of every town, 0 to about 100."""
        noise = self._noise(p) * p.draws.normals(ASSESS_NOISE, p.places.towns.key, p.t)
        return self.merit(p, completion) + noise

    def _noise(self, p: Province) -> float:
        ahead = self.ahead(p.t)
        return 100.0 * ahead.error if ahead.third_party else p.behaviour["assess.noise"]

    def measured(self, p: Province) -> Floats:
        """The year's effective investment as the assessor has it, 万元 by town."""
        now = self.now(p.t)
        reported: Floats = p.towns.reported[p.t].astype(np.float64)
        if not now.third_party:
            return reported
        true = p.true_effective().astype(np.float64)
        found = true + (1.0 - now.check) * (reported - true)
        z = p.draws.normals(ASSESS_THIRD, p.places.towns.key, p.t)
        return found * np.maximum(0.0, 1.0 + now.error * z)

    @at("assess")
    def assess(self, p: Province, now: Levers) -> None:
        """Score and grade every town on a list; missed and passed are set here and nowhere else."""
        s, t = p.towns, p.t
        p.towns.assessed[:] = (s.on_a_list() | s.kept) & self.active(t) & (s.status != Status.NAMED)
        target = self.ask(Target)
        measured = self.measured(p) * target.counted(p)
        done, required, staying = self._together(p, measured, target.annual(p), target.staying(p))
        s.assessments += s.assessed
        p.towns.ratio[:] = np.where(p.towns.assessed & (required > 0.0), done / np.maximum(1.0, required), 1.0)
        s.score = np.where(p.towns.assessed, self.score(p, p.towns.ratio), 0.0)
        none, held = np.zeros(s.size, dtype=bool), target.active(t)
        behind = self._behind(p, done < staying) if held else none
        unpaid = self._behind(p, done < staying * now.pay_share) if held else none
        core = ~target.core_met(p) if held else none
        if now.cut == "share":
            p.towns.unmet[:] = False
            self._rank(p, behind | core, unpaid | core)
            return
        unmet = core | (s.score < now.qualified_score)
        rule, best = now.miss_rule, now.excellent_score
        missed, fails = (behind & unmet, unpaid & unmet) if rule == "and" else (behind | unmet, unpaid | unmet)
        if rule == "separate":
            missed = behind
        p.towns.unmet[:] = p.towns.assessed & unmet & (rule == "separate")
        self._grade(p, p.towns.assessed & missed, p.towns.assessed & fails, s.score >= best, s.score >= best - 10.0)

    def _behind(self, p: Province, short: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the yearly target is missed, by reading D-04: investment alone, several indicators, or the score."""
        now = self.now(p.t)
        test, s = now.target_test, p.towns
        if test == "score":
            return s.score < now.qualified_score
        if test == "several":
            return short | (self.ask(Target).claimed_share(p) < SEVERAL_CORE) | (s.infra < self._functions(p))
        return short

    def _functions(self, p: Province) -> Floats:
        """Functions due by now: those asked for at acceptance, in equal steps over the years of creation."""
        years = np.where(p.towns.listed_at >= 0, p.t - p.towns.listed_at, 0) / 4.0 + 1.0
        due = self.ask(Acceptance).ahead(p.t).function_min
        return due * np.minimum(1.0, years / max(1.0, self.ask(Target).ahead(p.t).years))

    def _together(self, p: Province, done: Floats, required: Floats, staying: Floats) -> tuple[Floats, Floats, Floats]:
        """The figures of each town, or of its county's assessed towns together."""
        if not self.now(p.t).by_county:
            return done, required, staying
        county = p.places.towns.county

        def whole(x: Floats) -> Floats:
            return by_county(np.where(p.towns.assessed, x, 0.0), county, p.counties.size)[county]

        return whole(done), whole(required), whole(staying)

    def _rank(self, p: Province, short: Bools, unpaid: Bools) -> None:
        """Grades by shares of the ranking of assessed towns."""
        now = self.now(p.t)
        order = np.lexsort((p.places.towns.key, -p.towns.score, ~p.towns.assessed))
        place = np.empty(order.size, dtype=np.float64)
        place[order] = (np.arange(order.size) + 0.5) / max(1, int(p.towns.assessed.sum()))
        last = place > 1.0 - now.unqualified_share
        best = now.excellent_share
        self._grade(
            p, p.towns.assessed & (short | last), p.towns.assessed & (unpaid | last), place <= best, place <= 2.0 * best
        )

    def _grade(self, p: Province, missed: Bools, fails: Bools, top: Bools, upper: Bools) -> None:
        now = self.now(p.t)
        s, t = p.towns, p.t
        excellent = p.towns.assessed & ~missed & top
        good = p.towns.assessed & ~missed & upper & (now.grades >= 4)
        met = np.where(excellent, Grade.EXCELLENT, np.where(good, Grade.GOOD, Grade.QUALIFIED))
        s.grade = np.where(p.towns.assessed, np.where(missed, Grade.UNQUALIFIED, met), Grade.NONE)
        s.passed = p.towns.assessed & ~fails
        s.misses = np.where(missed, s.misses + 1, np.where(p.towns.assessed, 0, s.misses))
        s.miss_record = np.where(
            p.towns.assessed[:, None], np.column_stack((s.miss_record[:, 1:], missed)), s.miss_record
        )
        s.event[t] |= np.where(p.towns.assessed, EVENTS["assessed"], 0) | np.where(missed, EVENTS["missed"], 0)
        p.towns.paid_gate[:] = s.passed | ((s.status == Status.NAMED) & ~missed) if now.gate_pay else s.on_a_list()
