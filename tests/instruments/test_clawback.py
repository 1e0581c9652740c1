"""clawback: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import REASONS
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow, played, small

SETTLED = {"clawback.after": 4, "land_reward.gate": "always"}
EFFECT = Effect(
    ZJ, {"clawback.multiple": 0}, {"clawback.multiple": 5}, 6, flow(REASONS["clawback"], "land"), +1, SETTLED
)
CASES = {
    "multiple": Case(ZJ, 5),
    "base": Case(ZJ, "shortfall_share"),
    "include_supplement": Case(ZJ, False),
    "after": Case(ZJ, 4),
    "clock": Case(ZJ, "listing_year", SETTLED),
    "plan_lag": Case(ZJ, 1, {**SETTLED, "clawback.clock": "plan"}),
    "cured_multiple": Case(ZJ, 2, {**SETTLED, "clawback.cure": "factor"}, 14),
    "booking": Case(ZJ, "two_accounts", SETTLED),
    "minimum": Case(ZJ, 100, {"clawback.after": 4}),
    "charged": Case(ZJ, "town", SETTLED),
    "carry_forward": Case(ZJ, False, SETTLED),
    "cure": Case(ZJ, "one_year", SETTLED, 14),
}
ABSENT = {"expect": lambda *_: None}
PROMISE = Promise(
    ZJ,
    {**SETTLED, "clawback.multiple": 2, "acceptance.after": 4},
    lambda it: -float((it.gained("clawed") / 100.0 * it.price).sum()),
    last=5,
    exact={"enforcement.clawback": 1.0},
    who=lambda it: it.before.towns.listed_at == 1,
    low=0.6,
    high=0.95,
    why="they fear for a reward on the land of the last months too, and none is booked before the settlement",
)


def test_the_clawback_takes_the_multiple_of_what_was_rewarded():
    levers = {**SETTLED, "clawback.multiple": 2}
    p = played(small(ZJ, 6, levers=levers, exact={"enforcement.clawback": 1.0}))
    hit = p.towns.clawed > 0
    assert hit.sum() > 5 and np.array_equal(p.towns.clawed[hit], 2 * p.towns.rewarded[hit])
    free = played(small(ZJ, 6, levers=levers, exact={"enforcement.clawback": 0.0}))
    assert not free.towns.clawed.any()
