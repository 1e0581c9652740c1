"""Acceptance and naming (ZJ-PROC-6, TZ-ACC-1, PX-ACC-1, D-27).

Towns are judged ``after`` quarters from listing, or at a fixed date; passing needs the three-year target on reported
figures and enough functions (3A standard, ZJ-FUNC-1). A town that falls short may be given an extension once; one that
fails for good stays as it is, leaves the list, or is judged again every quarter (D-27).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.instruments.base import Floats, Forecast, Instrument
from sim.state.town import EVENTS, Status
from sim.state.town import Acceptance as State

if TYPE_CHECKING:
    from sim.state.province import Province


class Acceptance(Instrument):
    """Final acceptance; naming."""

    id: ClassVar[str] = "acceptance"

    def due(self, p: Province) -> NDArray[np.bool_]:
        """Towns to be judged this quarter."""
        s = p.towns
        if not self.lever("active", p.t):
            return np.zeros(s.size, dtype=bool)
        waiting = (s.status == Status.CREATION) & s.to_be_accepted()
        if self.lever("fixed", p.t) == "date":
            return waiting & bool(self.lever("date_open", p.t))
        age = np.where(s.accepted == State.EXTENDED, p.t - int(self.lever("extension", p.t)), p.t) - s.listed_at
        return waiting & (age >= int(self.lever("after", p.t))) & (s.listed_at >= 0)

    def years_left(self, p: Province) -> Floats:
        """Years until a town is judged; a full term for towns not yet listed."""
        age = np.where(p.towns.listed_at >= 0, p.t - p.towns.listed_at, 0)
        return np.maximum(0.0, (float(self.ahead("after", p.t)) - age) / 4.0)

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Standing gained by being named, where the regime's results count for officials."""
        if not self.ahead("active", p.t) or not p.policy.information.ahead("promotion_link", p.t):
            return None
        near = np.where(f.years_left <= p.b["official.horizon"], 1.0, 0.0)
        value = p.b["official.promotion_weight"] * p.b["official.promotion_value"]
        gain = f.listed * near * p.towns.to_be_accepted() * f.p_three * value
        if self.ahead("on_failure", p.t) == "exit":
            gain = gain - f.listed * near * p.towns.to_be_accepted() * (1.0 - f.p_three) * p.standing_value
        return gain

    def accept(self, p: Province) -> None:
        """Step 15: judge the towns that are due."""
        due = self.due(p)
        if not due.any():
            return
        s, t = p.towns, p.t
        target = p.policy.target.three_year(p)
        reached = p.cumulative_reported() >= np.maximum(1.0, target)
        able = s.infra >= float(self.lever("function_min", t))
        passed = due & reached & able
        again = due & ~passed & (s.accepted == State.OPEN) & (int(self.lever("extension", t)) > 0)
        failed = due & ~passed & ~again
        s.status[passed] = Status.NAMED
        s.named_at[passed] = t
        s.accepted[passed], s.accepted[again] = State.PASSED, State.EXTENDED
        on_failure = self.lever("on_failure", t)
        if on_failure != "keep":
            s.accepted[failed] = State.FAILED
        if on_failure == "exit" and failed.any():
            p.policy.lists.remove(p, failed, Status.EXITED, int(4 * float(p.policy.lists.lever("reentry_years", t))))
            s.event[t] |= np.where(failed, EVENTS["exited"], 0)
        s.event[t] |= np.where(passed, EVENTS["named"], 0)
        if self.lever("award", t):
            s.reputation[passed] += 0.2
