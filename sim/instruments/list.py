"""List dynamics: warning, demotion, exit, promotion (ZJ-PROC-5, TZ-LIST-1..3, PX-LIST-1, D-23..D-26, D-31, D-67);
observation (JX-LIST-1, D-44) and suspension of support (TJ-PROC-6, D-47).

Order within the year (D-69): assessed → vetoed → demoted or exited → paid → promoted, or paid before the lists move.
Under the rolling reading of D-67 the last three years are counted instead of consecutive misses, which closes the
miss-pass-miss-pass dodge. A miss after the first year may have no consequence or only a warning (D-23), and a demoted
town's misses may be counted afresh (D-24). What is lost (D-31, D-37): the list and its support; the list alone, so
that the town is still assessed and paid; the support alone, so that it stays listed; or both, with a clawback at once.
Towns whose support is suspended stay on their list and are assessed; no instrument gives them anything meanwhile.
Policy that is not continuous (PY-P02, M-06) calls next year's support off for all with probability ``reversal`` a year.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.instruments.base import Floats, Forecast, Instrument, Ints, LeverSet, at, expected
from sim.instruments.call import Call
from sim.instruments.clawback import Clawback
from sim.state.province import Province
from sim.state.town import EVENTS, Status

REVERSAL = decision("list.reversal")


OFF_THE_LIST = 0.3
"""Part of a place's worth that is standing alone, lost where only the list is (assumed)."""


class Levers(LeverSet):
    """What a government sets."""

    warn: bool
    demote_after: int
    exit_after: int
    demote_score: float
    later_misses: Literal["demote", "nothing", "warn"]
    count_from: Literal["first_miss", "demotion"]
    exit_scope: Literal["both", "list", "support", "clawback"]
    order: Literal["assess_first", "pay_first"]
    window: Literal["literal", "rolling"]
    cultivation_exit_after: int
    promotion: bool
    promotion_rule: Literal["ranked", "automatic", "free_place"]
    promotion_places: int
    promotion_year: Literal["any", "first"]
    reentry_years: float
    observe_after: int
    observed_support: bool
    suspend_after: int
    suspension: Literal["until_passed", "one_year"]
    reversal: float


class Lists(Instrument[Levers]):
    """The creation list and the cultivation list."""

    order = 40
    needs = (Call, Clawback)

    def misses(self, p: Province) -> NDArray[np.int64]:
        """Misses that count under the reading of the window."""
        if self.now(p.t).window == "rolling":
            record: Ints = p.towns.miss_record.sum(axis=1)
            return record
        return p.towns.misses

    @at("move")
    def move(self, p: Province, now: Levers) -> None:
        """Warn, demote, remove."""
        s, t = p.towns, p.t
        missed = (s.event[t] & EVENTS["missed"]) > 0
        count = self.misses(p)
        creation, cultivation = s.status == Status.CREATION, s.status == Status.CULTIVATION
        later = self.later(p) & (now.later_misses != "demote")
        exit_after, grown = now.exit_after, now.cultivation_exit_after
        out = creation & missed & (exit_after > 0) & (count >= exit_after)
        out |= cultivation & missed & (grown > 0) & (count >= grown)
        demote_after = now.demote_after
        down = creation & missed & ~out & (demote_after > 0) & (count >= demote_after)
        down |= creation & missed & ~out & (s.score < now.demote_score)
        warned = creation & missed & ~out & (~down | later) & now.warn
        if now.later_misses == "warn":
            warned |= down & later
        warned |= creation & p.towns.unmet & ~out & ~down
        self._apply(p, out, down & ~later, warned)
        self._watch(p, missed, count)

    def later(self, p: Province) -> NDArray[np.bool_]:
        """Created towns that were assessed before this year's assessment."""
        past: NDArray[np.bool_] = (p.towns.listed_at >= 0) & (p.assessed_before() > 0)
        return past

    def pays_first(self, t: int) -> bool:
        """Whether the year is paid for before the lists move."""
        return self.now(t).order == "pay_first"

    @at("settle")
    def settle(self, p: Province, now: Levers) -> None:
        """The year is settled by the suspension in force during it."""
        p.towns.stopped = p.towns.suspended.copy()
        p.towns.paid_gate &= ~p.towns.stopped

    def _watch(self, p: Province, missed: NDArray[np.bool_], count: NDArray[np.int64]) -> None:
        """The observation list, and whose support stops next year."""
        now = self.now(p.t)
        s, t = p.towns, p.t
        observe, suspend = now.observe_after, now.suspend_after
        turned = self._reversed(p)
        if not (observe or suspend or turned or s.observed.any() or s.suspended.any()):
            return
        on = s.on_a_list() | s.kept
        over = missed if now.suspension == "until_passed" else np.zeros(s.size, dtype=bool)
        seen = on & missed & (observe > 0) & (count >= max(1, observe))
        observed = seen | (s.observed & on & missed)
        fresh = on & missed & (suspend > 0) & (count >= max(1, suspend)) & (~s.suspended | over)
        kept = now.observed_support
        suspended = fresh | (s.suspended & on & over & (suspend > 0)) | (observed & (not kept)) | (on & turned)
        s.event[t] |= np.where(observed & ~s.observed, EVENTS["observed"], 0)
        s.event[t] |= np.where(suspended & ~s.suspended, EVENTS["suspended"], 0)
        s.observed, s.suspended = observed, suspended

    def _apply(self, p: Province, out: NDArray[np.bool_], down: NDArray[np.bool_], warned: NDArray[np.bool_]) -> None:
        now = self.now(p.t)
        s, t = p.towns, p.t
        s.warned = warned
        s.status[down] = Status.CULTIVATION
        s.cultivated_at[down] = t
        if now.count_from == "demotion":
            s.misses[down] = s.miss_record[down] = 0
        scope = now.exit_scope
        if scope == "support":
            s.unsupported |= out & (s.status == Status.CREATION)
            out = out & (s.status != Status.CREATION)
        elif scope == "list":
            s.kept |= out & (s.status == Status.CREATION)
        elif scope == "clawback":
            self.ask(Clawback).at_exit(p, out & (s.status == Status.CREATION))
        self.remove(p, out, Status.EXITED, int(4 * now.reentry_years))
        s.event[t] |= (
            np.where(warned, EVENTS["warned"], 0)
            | np.where(down, EVENTS["demoted"], 0)
            | np.where(out, EVENTS["exited"], 0)
        )

    def _reversed(self, p: Province) -> bool:
        """Whether next year's support is called off for all (M-06)."""
        chance = self.now(p.t).reversal
        if chance == 0.0:
            return False
        everyone = np.zeros(1, dtype=np.uint64)
        return bool(p.draws.uniforms(REVERSAL, everyone, p.clock.quarter.year)[0] < chance)

    def remove(self, p: Province, who: NDArray[np.bool_], status: Status, barred: int) -> None:
        """Take towns off all lists for ``barred`` quarters."""
        p.towns.status[who] = status
        p.towns.left_at[who] = p.t
        p.towns.barred_until[who] = p.t + max(1, barred)

    @at("promote")
    def promote(self, p: Province, now: Levers) -> None:
        """Cultivation towns that met the target and hold their sub-industry move up, best score first (D-26)."""
        if not now.promotion:
            return
        s = p.towns
        may = (s.status == Status.CULTIVATION) & s.passed & (s.ratio >= 1.0) & (s.cultivated_at < p.t)
        if now.promotion_year == "first":
            may &= s.cultivated_at >= p.t - 4
        ready = np.flatnonzero(may)
        cells = self.ask(Call).occupied(p)
        ranked = ready[np.lexsort((p.places.towns.key[ready], -s.score[ready]))]
        chosen = ranked[[cells.fits(int(i)) for i in ranked]][: self._room(p)] if ranked.size else ranked
        p.enter_creation_list(chosen)
        s.event[p.t, chosen] |= EVENTS["promoted"]

    def _room(self, p: Province) -> int:
        """How many may move up this year (reading D-26)."""
        now = self.now(p.t)
        rule, places = now.promotion_rule, now.promotion_places
        if rule == "automatic":
            return p.towns.size
        if rule == "free_place":
            return max(0, min(places, self.ask(Call).places_so_far(p.t) - int(p.towns.listed().sum())))
        return places

    def _lightest(self, t: int) -> float:
        """What the first miss costs of the programme: a year's support or more, a mark on the town, nothing."""
        ahead = self.ahead(t)
        if ahead.suspend_after or (ahead.observe_after and not ahead.observed_support):
            return 0.25 if ahead.suspend_after and ahead.suspension == "one_year" else 0.4
        return 0.1 if ahead.warn or ahead.observe_after else 0.0

    def miss_removes(self, p: Province) -> Floats:
        """How much of the programme a miss this year would cost a town: 1 off the list, 0.6 demoted, 0.25 to
        0.4 suspended, 0.1 warned or observed, 0 nothing.
        """
        ahead = self.ahead(p.t)
        t, s = p.t, p.towns
        exit_after, demote_after = ahead.exit_after, ahead.demote_after
        lightest = self._lightest(t)
        base = np.full(s.size, lightest)
        if demote_after > 0:
            milder = {"demote": 0.6, "warn": 0.1, "nothing": lightest}[ahead.later_misses]
            base = np.where(s.misses + 1 >= demote_after, np.where(self.later(p), milder, 0.6), base)
        if exit_after > 0:
            worth = OFF_THE_LIST if ahead.exit_scope == "list" else 1.0
            base = np.where(s.misses + 1 >= exit_after, worth, base)
        return base

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """What removal or demotion is feared to cost: chance of a miss times the worth of staying on the list.

        The worth of staying is next years' land, revenue and standing, carried in ``standing_value`` from the last
        choice; zero where the regime pays nothing and nobody looks. Where support may be called off, as much of a
        year's worth is lost in any case; where it is suspended now, the whole of it.
        """
        risk, chance = self.miss_removes(p), ahead.reversal
        if not (risk.any() or chance > 0.0 or p.towns.suspended.any()):
            return None
        lost = f.p_miss_again * risk
        if chance > 0.0 or p.towns.suspended.any():
            lost = lost + np.where(p.towns.suspended, 1.0 / f.annuity, chance)
        lost, exit_after = lost * p.towns.standing_value, ahead.exit_after
        if ahead.exit_scope == "clawback" and exit_after > 0:
            lost = lost + f.p_miss_again * self.ask(Clawback).stake_at_exit(p) * (p.towns.misses + 1 >= exit_after)
        return f.listed * -lost
