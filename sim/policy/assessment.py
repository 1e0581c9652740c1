"""Annual assessment: indicators, noise, grades (ZJ-PROC-3, TZ-ASSESS-1, PX-ASSESS-1, D-45).

    score = 100·(w_i·min(1.25, completion)/1.25 + w_c·min(1, core/0.8) + w_f·infrastructure + w_t·min(1,
    talents/300)) + noise

Completion is what the town *reports* over what is required. A town misses when completion is below one, when its core
share is too low, or when its score is below ``qualified_score`` (reading D-22: OR). Excellent needs a pass and
``excellent_score``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents.town import EVENTS
from sim.draws import Decision
from sim.policy.base import Floats, Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Assessment(Instrument):
    """Scores and grades at the year's end."""

    id: ClassVar[str] = "assessment"

    def active(self, t: int) -> bool:
        """Whether towns are assessed at all."""
        return bool(self.ahead("active", t))

    def score(self, p: Province, completion: Floats) -> Floats:
        """Indicator score of every town, 0 to about 100."""
        s = p.towns
        weights = [float(self.lever(f"weight_{name}", p.t)) for name in ("investment", "core", "function", "talent")]
        parts = [
            np.minimum(1.25, completion) / 1.25,
            np.minimum(1.0, p.policy.target.core_share(p) / 0.8),
            np.minimum(1.0, s.infra / 0.8),
            np.minimum(1.0, s.talents / 300.0),
        ]
        total = sum(w * part for w, part in zip(weights, parts, strict=True))
        noise = p.b["assess.noise"] * p.draws.normals(Decision.ASSESS_NOISE, p.geography.towns.key, p.t)
        return 100.0 * total + noise

    def assess(self, p: Province) -> None:
        """Step 14: score and grade every town on a list; missed and passed are set here and nowhere else."""
        s, t = p.towns, p.t
        p.assessed[:] = s.on_a_list() & self.active(t) & (s.status != 3)
        required, staying = p.policy.target.annual(p), p.policy.target.staying(p)
        reported = s.reported[t].astype(np.float64)
        p.ratio[:] = np.where(required > 0.0, reported / np.maximum(1.0, required), 1.0)
        s.score = np.where(p.assessed, self.score(p, p.ratio), 0.0)
        short = (
            (reported < staying) | ~p.policy.target.core_met(p) if p.policy.target.active(t) else np.zeros(s.size, bool)
        )
        missed = p.assessed & (short | (s.score < float(self.lever("qualified_score", t))))
        self._grade(p, missed)

    def _grade(self, p: Province, missed: NDArray[np.bool_]) -> None:
        s, t = p.towns, p.t
        excellent = p.assessed & ~missed & (s.score >= float(self.lever("excellent_score", t)))
        middle = float(self.lever("excellent_score", t)) - 10.0
        good = p.assessed & ~missed & (s.score >= middle) & (int(self.lever("grades", t)) >= 4)
        s.grade = np.where(missed, 1, np.where(excellent, 4, np.where(good, 3, 2))) * p.assessed
        s.passed = p.assessed & ~missed
        s.misses = np.where(missed, s.misses + 1, np.where(p.assessed, 0, s.misses))
        s.miss_record = np.where(p.assessed[:, None], np.column_stack((s.miss_record[:, 1:], missed)), s.miss_record)
        s.event[t] |= np.where(p.assessed, EVENTS["assessed"], 0) | np.where(missed, EVENTS["missed"], 0)
        p.paid_gate[:] = s.passed | ((s.status == 3) & ~missed) if self.lever("gate_pay", t) else s.on_a_list()
