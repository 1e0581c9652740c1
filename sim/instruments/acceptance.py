"""Acceptance and naming (ZJ-PROC-6, TZ-ACC-1, PX-ACC-1, D-27).

Towns are judged ``after`` quarters from listing, or at a fixed date; passing needs the three-year target on reported
figures and enough functions (3A standard, ZJ-FUNC-1). A town that falls short may be given an extension once; one that
fails for good stays as it is, leaves the list, or is judged again every quarter (D-27).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.instruments.base import Bools, Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.information import Information
from sim.instruments.list import Lists
from sim.instruments.target import Target
from sim.state.province import Province
from sim.state.town import EVENTS, Status
from sim.state.town import Acceptance as State


class Levers(LeverSet):
    """What a government sets."""

    active: bool
    after: int
    fixed: Literal["none", "date"]
    date_open: bool
    extension: int
    on_failure: Literal["stays", "exit", "keep"]
    function_min: float
    award: bool


class Acceptance(Instrument[Levers]):
    """Final acceptance; naming."""

    order = 50
    needs = (Information, Lists, Target)

    def due(self, p: Province) -> NDArray[np.bool_]:
        """Towns to be judged this quarter."""
        now = self.now(p.t)
        s = p.towns
        if not now.active:
            return np.zeros(s.size, dtype=bool)
        waiting: Bools = (s.status == Status.CREATION) & s.to_be_accepted()
        if now.fixed == "date":
            return waiting & now.date_open
        age = np.where(s.accepted == State.EXTENDED, p.t - now.extension, p.t) - s.listed_at
        return waiting & (age >= now.after) & (s.listed_at >= 0)

    def years_left(self, p: Province) -> Floats:
        """Years until a town is judged; a full term for towns not yet listed."""
        age = np.where(p.towns.listed_at >= 0, p.t - p.towns.listed_at, 0)
        return np.maximum(0.0, (self.ahead(p.t).after - age) / 4.0)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Standing gained by being named, where the regime's results count for officials."""
        if not ahead.active or not self.ask(Information).ahead(p.t).promotion_link:
            return None
        near = np.where(f.years_left <= p.behaviour["official.horizon"], 1.0, 0.0)
        value = p.behaviour["official.promotion_weight"] * p.behaviour["official.promotion_value"]
        gain = f.listed * near * p.towns.to_be_accepted() * f.p_three * value
        if ahead.on_failure == "exit":
            gain = gain - f.listed * near * p.towns.to_be_accepted() * (1.0 - f.p_three) * p.towns.standing_value
        return gain

    @at("acceptance")
    def judge(self, p: Province, now: Levers) -> None:
        """Judge the towns that are due."""
        due = self.due(p)
        if not due.any():
            return
        s, t = p.towns, p.t
        target = self.ask(Target).three_year(p)
        reached = p.cumulative_reported() >= np.maximum(1.0, target)
        able = s.infra >= now.function_min
        passed = due & reached & able
        again = due & ~passed & (s.accepted == State.OPEN) & (now.extension > 0)
        failed = due & ~passed & ~again
        s.status[passed] = Status.NAMED
        s.named_at[passed] = t
        s.accepted[passed], s.accepted[again] = State.PASSED, State.EXTENDED
        on_failure = now.on_failure
        if on_failure != "keep":
            s.accepted[failed] = State.FAILED
        if on_failure == "exit" and failed.any():
            lists = self.ask(Lists)
            lists.remove(p, failed, Status.EXITED, int(4 * lists.now(t).reentry_years))
            s.event[t] |= np.where(failed, EVENTS["exited"], 0)
        s.event[t] |= np.where(passed, EVENTS["named"], 0)
        if now.award:
            s.reputation[passed] += 0.2
