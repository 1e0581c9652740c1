"""clawback: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.land_reward import LandReward
from sim.state.province import Province
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow, make, played, small

SETTLED = {"clawback.after": 4, "land_reward.gate": "always"}
EFFECT = Effect(
    ZJ, {"clawback.multiple": 0}, {"clawback.multiple": 5}, 6, flow(REASONS["clawback"], "land"), +1, SETTLED
)
CASES = {
    "multiple": Case(ZJ, 5),
    "base": Case(ZJ, "shortfall_share"),
    "include_supplement": Case(ZJ, False),
    "after": Case(ZJ, 4),
    "clock": Case(ZJ, "listing", SETTLED),
    "plan_lag": Case(ZJ, 1, {**SETTLED, "clawback.clock": "plan"}),
    "cured_multiple": Case(ZJ, 2, {**SETTLED, "clawback.cure": "factor"}, 14),
    "booking": Case(ZJ, "two_accounts", SETTLED),
    "minimum": Case(ZJ, 100, {"clawback.after": 4}),
    "charged": Case(ZJ, "town", SETTLED),
    "always": Case(ZJ, True, SETTLED),
    "carry_forward": Case(ZJ, False, SETTLED),
    "cure": Case(ZJ, "one_year", SETTLED, 14),
}
ABSENT = {"expect": lambda *_: None}
PROMISE = Promise(
    ZJ,
    {**SETTLED, "clawback.multiple": 2, "clawback.clock": "listing"},
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


@pytest.mark.parametrize(
    ("clock", "first", "settled"), [("listing", 6, 18), ("listing_year", 4, 16), ("plan", 8, 20), ("opinion", 1, 13)]
)
def test_what_counts_and_the_settlement_run_on_one_clock_of_just_three_years(clock, first, settled):
    """ZJ-CLAW-1 (S3 L35): 对3年内未达到规划目标任务的. A million a quarter makes twelve, whatever the clock (D-08); the
    town is listed in the third quarter of its year, and its plan is approved two quarters later.
    """
    p = make(small(ZJ, 24, levers={"clawback.clock": clock, "clawback.plan_lag": 2}))
    p.towns.listed_at[:], p.towns.core[:], p.policy.announced = 6, 100, 1
    p.clock.set(settled - 2)
    start, end = p.policy.clawback.window(p, 12)
    done, left = p.policy.clawback.standing(p)
    assert (start == first).all() and (end == settled).all()
    assert (done == 1000).all() and (left == 0.5).all()
    p.clock.set(23)
    done, left = p.policy.clawback.standing(p)
    assert (done == 1200).all() and not left.any()
    assert np.allclose(p.policy.clawback.reached(p, 12) * p.policy.target.three_year(p), 1200)


def test_a_report_of_a_year_is_spread_over_its_quarters_as_they_were_invested():
    """A clock that starts within a year counts the report for its part of the year, as far as it is reported."""
    p = make(small(ZJ, 8))
    p.clock.set(5)
    p.towns.core[:6, 0] = [100, 100, 200, 400, 50, 70]
    p.towns.reported[3, 0] = 1600
    span = p.reported_between(np.full(p.towns.size, 2), np.full(p.towns.size, 6))
    assert span[0] == 2 * (200 + 400) + 50 + 70


def test_always_is_what_the_text_says():
    """ZJ-CLAW-1 (S3 L35): 加倍倒扣 without an exception, reading D-72: nobody who misses is spared."""
    levers = {**SETTLED, "clawback.multiple": 2, "clawback.always": True}
    p = played(small(ZJ, 6, levers=levers, exact={"enforcement.clawback": 0.0}))
    missed = (p.towns.listed_at == 1) & (p.policy.clawback.reached(p, 4) < 1.0) & (p.towns.rewarded > 0)
    assert missed.sum() > 5 and np.array_equal(p.towns.clawed[missed], 2 * p.towns.rewarded[missed])


# --- values, by hand -------------------------------------------------------------------------------------------------


def rewarded(levers: dict[str, object], **behaviour: float) -> Province:
    """A province in its ninth quarter: every town was rewarded 60 mu in 2015 and 40 in 2016, 30 of them supplement."""
    p = make(small(ZJ, 12, levers=levers, exact=behaviour))
    p.clock.set(8)
    p.towns.listed_at[:], p.towns.rewarded[:] = 1, 10_000
    reward = p.policy.the(LandReward)
    reward.by_year[0], reward.by_year[1], reward.supplement[:] = 6_000, 4_000, 3_000
    return p


def test_what_leaving_at_once_is_expected_to_cost():
    """Reading D-31: chance 0.5 · multiple 3 · what was rewarded · shadow price 20 万元 · √(land price/15)."""
    p = rewarded({"clawback.multiple": 3}, **{"enforcement.clawback": 0.5, "land.shadow_price": 20.0})
    price = p.places.counties.land_price[p.places.towns.county]
    assert np.allclose(p.policy.clawback.stake_at_exit(p), 0.5 * 3 * 100 * 20.0 * np.sqrt(price / 15.0))
    part = rewarded({"clawback.base": "shortfall_share"}, **{"enforcement.clawback": 1.0, "land.shadow_price": 20.0})
    assert np.allclose(part.policy.clawback.stake_at_exit(part), 2 * 0.3 * 100 * 20.0 * np.sqrt(price / 15.0))
    always = rewarded({"clawback.always": True}, **{"enforcement.clawback": 0.0, "land.shadow_price": 20.0})
    assert np.allclose(always.policy.clawback.stake_at_exit(always), 2 * 100 * 20.0 * np.sqrt(price / 15.0))


def test_who_leaves_is_charged_at_once_where_it_is_carried_out():
    """Reading D-31: twice the reward of the towns that leave, and of no other."""
    p = rewarded({}, **{"enforcement.clawback": 1.0})
    out = np.arange(p.towns.size) % 2 == 0
    p.policy.clawback.at_exit(p, out)
    assert (p.towns.clawed == np.where(out, 20_000, 0)).all()


def test_what_the_multiple_applies_to_by_each_meaning():
    """Reading D-06: all, without the supplement, last year's reward of a town that failed, or what is still unused."""
    missing = np.full(26, 0.25)
    assert (rewarded({}).policy.clawback.base(rewarded({}), missing) == 10_000).all()
    p = rewarded({"clawback.include_supplement": False})
    assert (p.policy.clawback.base(p, missing) == 7_000).all()
    p = rewarded({"clawback.base": "shortfall_share"})
    assert (p.policy.clawback.base(p, missing) == 2_500).all()
    p = rewarded({"clawback.base": "failed_years"})
    p.towns.passed[::2] = True
    p.towns.rewarded[1] = 3_500
    base = p.policy.clawback.base(p, missing)
    assert (base[::2] == 0).all() and base[1] == 3_500 and (base[3::2] == 4_000).all()
