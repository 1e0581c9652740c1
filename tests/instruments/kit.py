"""What the tests of every instrument share: the small province, what an instrument must do, which lever matters where.

The test of an instrument X is data in ``test_X.py``: ``EFFECT`` (what switching it on does), ``CASES`` (for each lever
a regime and a value that must move the run), ``ABSENT`` (what others get to hear where it is not there) and ``PROMISE``
(what counties expect of it against what it gives).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents import county
from sim.engine.ledger import REASONS, Reason
from sim.parameters import Resolved
from sim.schedule import STEPS
from sim.state.countryside import CHANNELS
from sim.state.forecast import Forecast
from sim.state.people import APPROVED, BUILDING
from sim.state.province import Province
from sim.state.town import EVENTS, Acceptance, Status, Strategy
from tests import worlds
from tests.worlds import PLACES, scenario

ZJ, TZ, PX = "zhejiang_2015", "tongzhou_2017", "pingxiang_2017"
Levers = dict[str, Any]
Bools, Floats = NDArray[np.bool_], NDArray[np.float64]
NONE: Levers = {}
make, played, trail = (partial(f, small=True) for f in (worlds.make, worlds.played, worlds.trail))


def small(regime: str, quarters: int, *, levers: Levers | None = None, **options: Any) -> Resolved:
    """A scenario with as many places as the small province can fill."""
    places = {} if regime == "null" else PLACES
    return scenario(regime, quarters, levers={**places, **(levers or {})}, **options)


class Effect(NamedTuple):
    """What switching an instrument on must do."""

    regime: str
    off: Levers
    on: Levers
    quarters: int
    """Length of the run; the measure is taken at its end."""
    measure: Callable[[Province], float]
    sign: int
    common: Levers = NONE
    """Other levers, the same in both runs."""
    behaviour: dict[str, float] | None = None


class Case(NamedTuple):
    """A regime in which a lever should matter, and a value other than the regime's own."""

    regime: str
    value: Any
    context: Levers = NONE
    quarters: int = 10


def events(name: str) -> Callable[[Province], float]:
    """Towns to which something happened in the run's last quarter."""
    return lambda p: float(np.count_nonzero(p.towns.event[p.t] & EVENTS[name]))


def flow(reason: Reason, ledger: str = "money") -> Callable[[Province], float]:
    """What was booked for a reason over the run."""
    return lambda p: float(getattr(p, ledger).total(reason).sum())


def in_listed(read: Callable[[Province], Any]) -> Callable[[Province], float]:
    """A town column summed over the towns on a list."""
    return lambda p: float(read(p)[p.towns.on_a_list()].sum())


def approved(p: Province) -> float:
    """Projects of listed towns that have come through approval."""
    stage, town = p.projects.live("stage"), p.projects.live("town")
    return float(np.count_nonzero((stage >= APPROVED) & (stage <= BUILDING) & p.towns.on_a_list()[town]))


def room(p: Province) -> float:
    """Public works in towns."""
    return float(p.towns.works.sum())


EASY = {"target.first_year": 0, "target.three_year": 1, "acceptance.after": 4}
"""Every town reaches its target, and the years of creation are over in the run's sixth quarter."""
LINKED = {"linkage.villages": 3, **{f"linkage.{name}": 1 for name in CHANNELS}}
"""Each town carries its three nearest villages through all six channels."""


# --- what counties expect, against what they get ----------------------------------------------------------------------


class Period(NamedTuple):
    """Some quarters of a run, seen from both ends.

    Attributes:
        before: The province when its counties choose, in the first of the quarters.
        after: The same run after the last of them.
        rows: The quarters.
        listed: Towns that stand on the creation list in the first of them.
        price: Worth of a mu of quota, 万元 by town.
    """

    before: Province
    after: Province
    rows: slice
    listed: Bools
    price: Floats

    def total(self, *reasons: str, ledger: str = "money") -> float:
        """What was booked for some reasons, 万元 or centi-mu."""
        return float(sum(getattr(self.after, ledger).total(REASONS[r])[self.rows].sum() for r in reasons))

    def gained(self, column: str) -> Floats:
        """By how much a town column grew."""
        return np.asarray(getattr(self.after.towns, column) - getattr(self.before.towns, column), dtype=np.float64)

    def summed(self, column: str) -> Floats:
        """A quarterly town column over the period."""
        return np.asarray(getattr(self.after.towns, column)[self.rows].sum(axis=0), dtype=np.float64)


ALONE = {"call.cultivation_places": 0, "list.demote_after": 0, "list.demote_score": 0}
"""No cultivation list: support reaches its towns too, and no county reckons with it (a stated difference of all)."""


class Promise(NamedTuple):
    """What counties expect of an instrument, against what it gives, when their forecast comes true.

    The horizon is the period. Where ``paid / expected`` is not one, ``why`` says so, and it lies within the bounds.
    """

    regime: str
    levers: Levers
    paid: Callable[[Period], float]
    low: float = 0.98
    high: float = 1.02
    why: str = ""
    first: int = 4
    last: int = 7
    at: str = "plan"
    """The step before which the county looks ahead."""
    exact: dict[str, float] | None = None
    who: Callable[[Period], Bools] | None = None
    """Towns that the period is about; all unless told."""


def period(made: Resolved, promise: Promise, replicate: int) -> Period:
    """Play a run twice: to the moment when counties choose, and to the end of the period."""
    before, after = worlds.play(make(made, replicate), promise.first), played(made, replicate, promise.last + 1)
    before.start_of_quarter(promise.first)
    for step in STEPS[: [step.name for step in STEPS].index(promise.at)]:
        step.run(before)
    listed = after.towns.status_history[promise.first] == Status.CREATION
    return Period(before, after, slice(promise.first, promise.last + 1), listed, county.shadow_price(before))


def came_true(it: Period) -> Forecast:
    """The forecast of a county that foresees what its towns will do in the period."""
    p, s, years = it.before, it.after.towns, (it.rows.stop - it.rows.start) / 4.0
    true = it.after.towns.effective(it.rows, p.policy.target.rule(p.t)).astype(np.float64)
    reached = (s.accepted == Acceptance.PASSED) | (it.after.cumulative_reported() >= p.policy.target.three_year(p))
    yes = np.ones((len(Strategy), 1))
    return Forecast(
        listed=it.listed,
        named=p.towns.status == Status.NAMED,
        invest=yes * true / years,
        p_annual=yes * s.passed,
        p_three=yes * reached,
        p_settled=yes * (it.after.policy.clawback.reached(it.after, p.policy.clawback.now(p.t).after) >= 1.0),
        p_miss_again=yes * ((s.event[it.rows] & EVENTS["missed"]) > 0).any(axis=0),
        industrial=yes * (it.summed("core") + it.summed("other")) / years,
        land=yes * (it.summed("land_used") + it.summed("land_from_reward")) / years,
        new_tax=yes * np.maximum(0.0, it.summed("tax") / years - np.maximum(0, s.base_tax)),
        gap=yes * (it.summed("reported") / np.maximum(1.0, true) - 1.0),
        annuity=years,
        years_left=p.policy.acceptance.years_left(p),
        shadow_price=it.price,
    )


def own_forecast(it: Period) -> Forecast:
    """What the counties themselves foresee at the start of the period, over its length."""
    county.foresee(it.before)
    return replace(county.forecast(it.before, it.listed), annuity=(it.rows.stop - it.rows.start) / 4.0)


def kept(instrument: str, promise: Promise, replicates: int = 3) -> tuple[float, float, float]:
    """What was paid, what was expected of a forecast that came true, and what of the counties' own forecast.

    Sums over the towns, each on the course that its county took, and over replicates.
    """
    exact = {"official.horizon": (promise.last - promise.first + 1) / 4.0, **(promise.exact or {})}
    made = small(promise.regime, promise.last + 1, levers={**ALONE, **promise.levers}, exact=exact)
    paid, expected = 0.0, [0.0, 0.0]
    for k in range(replicates):
        it = period(made, promise, k)
        one = next(i for i in it.before.policy.instruments if i.id == instrument)
        course = it.after.towns.strategy_history[promise.first]
        who = promise.who(it) if promise.who else np.ones(course.size, dtype=bool)
        for i, foreseen in enumerate((came_true(it), own_forecast(it))):
            stake = one.expect(it.before, foreseen)
            assert stake is not None, "nothing is expected in this regime"
            stake = np.broadcast_to(stake, (len(Strategy), course.size))
            expected[i] += float(stake[course, np.arange(course.size)][who].sum())
        paid += promise.paid(it)
    return paid, expected[0], expected[1]
