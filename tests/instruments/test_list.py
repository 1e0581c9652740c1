"""list: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.state.town import EVENTS
from tests.instruments.kit import TZ, ZJ, Case, Effect, Promise, events, played, small
from tests.instruments.test_call import MANY

OBSERVED = {"list.observe_after": 1}
LENIENT = {"list.exit_after": 0, "list.demote_score": 0, "list.suspend_after": 1}
EFFECT = Effect(ZJ, {"list.exit_after": 0}, {"list.exit_after": 1}, 4, events("exited"), +1)
CASES = {
    "warn": Case(ZJ, False),
    "demote_after": Case(TZ, 0),
    "exit_after": Case(TZ, 1),
    "demote_score": Case(ZJ, 0),
    "window": Case(TZ, "rolling", MANY, 17),
    "later_misses": Case(TZ, "nothing", {}, 13),
    "count_from": Case(TZ, "demotion"),
    "exit_scope": Case(ZJ, "list", {"list.exit_after": 1, "list.demote_score": 0, "land_reward.gate": "always"}),
    "order": Case(
        TZ, "pay_first", {"rebate.schedule": [1] * 5, "rebate.gate": "listed", "rebate.after_demotion": "stop_now"}
    ),
    "promotion_rule": Case(TZ, "automatic", {**MANY, "list.promotion_places": 2, "call.creation_places": 2}),
    "cultivation_exit_after": Case(TZ, 1, MANY),
    "promotion": Case(TZ, False),
    "promotion_places": Case(TZ, 1, MANY),
    "promotion_year": Case(TZ, "first", {**MANY, "list.cultivation_exit_after": 0}, 13),
    "reentry_years": Case(TZ, 0),
    "observe_after": Case(TZ, 1),
    "observed_support": Case(TZ, False, OBSERVED),
    "reversal": Case(ZJ, 1),
    "suspend_after": Case(ZJ, 1),
    "suspension": Case(ZJ, "one_year", LENIENT, 13),
}
PROMISE = Promise(
    TZ,
    {"list.exit_after": 1},
    lambda it: -float(it.before.towns.standing_value[it.listed & (it.after.towns.left_at >= 4)].sum()),
)


def test_the_list_follows_the_last_assessment():
    """Exit after one miss: exactly those that missed are gone; after two: nobody yet, and misses are counted."""
    one = played(small(TZ, 4, levers={"list.exit_after": 1, "list.cultivation_exit_after": 1}))
    missed = (one.towns.event[3] & EVENTS["missed"]) > 0
    assert missed.any() and np.array_equal((one.towns.event[3] & EVENTS["exited"]) > 0, missed)
    two = played(small(TZ, 4, levers={"list.exit_after": 2, "list.cultivation_exit_after": 2, "list.demote_after": 0}))
    assert not ((two.towns.event & EVENTS["exited"]) > 0).any() and two.towns.misses.max() == 1
