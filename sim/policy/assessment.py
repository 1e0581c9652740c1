"""Annual assessment: indicators, noise, grades (ZJ-PROC-3, TZ-ASSESS-1, PX-ASSESS-1, D-45).

    score = 100·(w_i·min(1.25, completion)/1.25 + w_c·min(1, core/0.8) + w_f·infrastructure + w_t·min(1,
    talents/300)) + noise

Completion is what the town *reports* over what is required. A town is behind when completion is below one; it falls
short of the requirements when its core share is too low or its score below ``qualified_score``. Either makes a miss
(reading D-22: OR), or both together (AND), or only being behind, the rest being checked apart and holding up the pay
alone. The yearly target itself may be several indicators at once or the score (D-04 c). Pay may need a lower mark than
staying on the list (D-68). Excellent needs a pass and ``excellent_score``.

Chances that counties expect, with the same rules::

    P(not behind) = Φ((ln reported − ln required)/forecast s.d.),   P(core) = Φ((share − least)/0.12)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents.town import EVENTS
from sim.draws import Decision
from sim.numeric import log, normal_cdf
from sim.policy.base import Floats, Instrument

if TYPE_CHECKING:
    from sim.province import Province


SEVERAL_CORE = 0.7
"""Core share asked for where the yearly target is several indicators at once (TZ-INV-4)."""


class Assessment(Instrument):
    """Scores and grades at the year's end."""

    id: ClassVar[str] = "assessment"

    def active(self, t: int) -> bool:
        """Whether towns are assessed at all."""
        return bool(self.ahead("active", t))

    def merit(self, p: Province, completion: Floats) -> Floats:
        """Indicators weighed, 0 to about 100, without noise; any shape that broadcasts to (T,)."""
        s = p.towns
        weights = [float(self.lever(f"weight_{name}", p.t)) for name in ("investment", "core", "function", "talent")]
        parts = [
            np.minimum(1.25, completion) / 1.25,
            np.minimum(1.0, p.policy.target.core_share(p) / 0.8),
            np.minimum(1.0, s.infra / 0.8),
            np.minimum(1.0, s.talents / 300.0),
        ]
        return np.asarray(100.0 * sum(w * part for w, part in zip(weights, parts, strict=True)))

    def score(self, p: Province, completion: Floats) -> Floats:
        """Indicator score of every town, 0 to about 100."""
        noise = p.b["assess.noise"] * p.draws.normals(Decision.ASSESS_NOISE, p.geography.towns.key, p.t)
        return self.merit(p, completion) + noise

    def assess(self, p: Province) -> None:
        """Step 14: score and grade every town on a list; missed and passed are set here and nowhere else."""
        s, t = p.towns, p.t
        p.assessed[:] = (s.on_a_list() | s.kept) & self.active(t) & (s.status != 3)
        required, staying = p.policy.target.annual(p), p.policy.target.staying(p)
        reported = s.reported[t].astype(np.float64)
        p.ratio[:] = np.where(required > 0.0, reported / np.maximum(1.0, required), 1.0)
        s.score = np.where(p.assessed, self.score(p, p.ratio), 0.0)
        none, held = np.zeros(s.size, dtype=bool), p.policy.target.active(t)
        behind = self._behind(p, reported < staying) if held else none
        unpaid = self._behind(p, reported < staying * float(self.lever("pay_share", t))) if held else none
        unmet = (~p.policy.target.core_met(p) if held else none) | (s.score < float(self.lever("qualified_score", t)))
        rule = self.lever("miss_rule", t)
        missed, fails = (behind & unmet, unpaid & unmet) if rule == "and" else (behind | unmet, unpaid | unmet)
        if rule == "separate":
            missed = behind
        p.unmet[:] = p.assessed & unmet & (rule == "separate")
        self._grade(p, p.assessed & missed, p.assessed & fails)

    def _behind(self, p: Province, short: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the yearly target is missed, by reading D-04: investment alone, several indicators, or the score."""
        test, s = self.lever("target_test", p.t), p.towns
        if test == "score":
            return s.score < float(self.lever("qualified_score", p.t))
        if test == "several":
            return short | (p.policy.target.claimed_share(p) < SEVERAL_CORE) | (s.infra < self._functions(p))
        return short

    def _functions(self, p: Province) -> Floats:
        """Functions due by now: those asked for at acceptance, in equal steps over the years of creation."""
        years = np.where(p.towns.listed_at >= 0, p.t - p.towns.listed_at, 0) / 4.0 + 1.0
        due = float(p.policy.acceptance.ahead("function_min", p.t))
        return due * np.minimum(1.0, years / max(1.0, float(p.policy.target.ahead("years", p.t))))

    def chances(self, p: Province, reported: Floats) -> tuple[Floats, Floats]:
        """Chance of being paid for the year, and of not missing it, under each strategy, shape (strategies, T).

        Args:
            p: The province.
            reported: What would be reported, 万元, shape (strategies, T).
        """
        required = p.policy.target.annual(p)
        if not required.any():
            return np.ones_like(reported), np.ones_like(reported)
        share, rule = float(self.ahead("pay_share", p.t)), self.ahead("miss_rule", p.t)
        stay = self._kept_up(p, reported, required)
        paid = stay if share == 1.0 else self._kept_up(p, reported, required * share)
        least = float(p.policy.target.ahead("core_share_min", p.t))
        if least > 0.0:
            core = normal_cdf((p.policy.target.claimed_share(p) - least) / 0.12)
            if rule == "and":
                paid, stay = 1.0 - (1.0 - paid) * (1.0 - core), 1.0 - (1.0 - stay) * (1.0 - core)
            else:
                paid, stay = paid * core, stay if rule == "separate" else stay * core
        return np.where(required > 0.0, paid, 1.0), np.where(required > 0.0, stay, 1.0)

    def _kept_up(self, p: Province, reported: Floats, required: Floats) -> Floats:
        """Chance that the yearly target is met, by reading D-04."""
        test = self.ahead("target_test", p.t)
        if test == "score":
            merit = self.merit(p, reported / np.maximum(1.0, required))
            return normal_cdf((merit - float(self.ahead("qualified_score", p.t))) / max(1.0, p.b["assess.noise"]))
        chance = normal_cdf((log(reported) - log(np.maximum(1.0, required))) / p.b["forecast.log_sd"])
        if test == "several":
            chance = chance * normal_cdf((p.policy.target.claimed_share(p) - SEVERAL_CORE) / 0.12)
            chance = chance * normal_cdf((p.towns.infra - self._functions(p)) / 0.1)
        return chance

    def _grade(self, p: Province, missed: NDArray[np.bool_], fails: NDArray[np.bool_]) -> None:
        s, t = p.towns, p.t
        excellent = p.assessed & ~missed & (s.score >= float(self.lever("excellent_score", t)))
        middle = float(self.lever("excellent_score", t)) - 10.0
        good = p.assessed & ~missed & (s.score >= middle) & (int(self.lever("grades", t)) >= 4)
        s.grade = np.where(missed, 1, np.where(excellent, 4, np.where(good, 3, 2))) * p.assessed
        s.passed = p.assessed & ~fails
        s.misses = np.where(missed, s.misses + 1, np.where(p.assessed, 0, s.misses))
        s.miss_record = np.where(p.assessed[:, None], np.column_stack((s.miss_record[:, 1:], missed)), s.miss_record)
        s.event[t] |= np.where(p.assessed, EVENTS["assessed"], 0) | np.where(missed, EVENTS["missed"], 0)
        p.paid_gate[:] = s.passed | ((s.status == 3) & ~missed) if self.lever("gate_pay", t) else s.on_a_list()
