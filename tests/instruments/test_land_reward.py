"""land_reward: what it does, which levers move a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.agents.county import forecast, shadow_price
from sim.engine.ledger import REASONS
from sim.instruments.land_reward import LandReward
from sim.parameters.readings import standing
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow, make, played, small
from tests.worlds import library

EFFECT = Effect(ZJ, {"land_reward.share": 0}, {"land_reward.share": 0.9}, 4, flow(REASONS["land_reward"], "land"), +1)
CASES = {
    "share": Case(ZJ, 0.9),
    "supplement": Case(ZJ, 0),
    "supplement_rule": Case(ZJ, "of_reward"),
    "base": Case(ZJ, "cumulative"),
    "town_share": Case(ZJ, 0),
    "gate": Case(ZJ, "always"),
    "pro_rata": Case(ZJ, "linear"),
    "weight": Case(ZJ, "intensity"),
    "cap": Case(ZJ, 20),
    "until": Case(ZJ, "listed", {"target.years": 1}),
    "pool": Case(ZJ, "fixed_pool", {"land_reward.pool_size": 100}),
    "pool_size": Case(ZJ, 100, {"land_reward.pool": "fixed_pool"}),
}
ABSENT = {"rates": lambda p: (0.0, np.zeros(p.towns.size))}
PROMISE = Promise(
    ZJ,
    {},
    lambda it: float((it.gained("rewarded") / 100.0 * it.price).sum()),
    low=0.75,
    high=1.0,
    why="counties count on a reward for all land used; it is given on land used outside earlier rewards",
)


def test_land_used_by_a_listed_town_that_passed_is_rewarded_by_the_share_and_what_a_site_used_before_is_not():
    """ZJ-LAND-1 (S3 L35): 对如期完成年度规划目标任务的特色小镇 … 按实际使用建设用地指标的50%: towns, no sites."""
    p = played(small(ZJ, 4, levers={"land_reward.supplement": 0, "land_reward.cap": 7500}))
    passed = p.towns.assessed & p.towns.passed & p.towns.listed()
    assert passed.any() and not passed.all() and (p.towns.listed_at[passed] == 1).all()
    assert p.towns.land_used[0, passed].any()
    owed = np.where(passed, np.floor(0.5 * p.towns.land_used[1:4].sum(axis=0)), 0).astype(np.int64)
    assert np.array_equal(p.towns.rewarded, owed)
    assert p.land.total(REASONS["land_reward"]).sum() == owed.sum()


def test_all_use_since_listing_begins_with_the_listing_too():
    """ZJ-LAND-1, reading D-01 b: the quarter before the listing counts under no reading."""
    levers = {"land_reward.supplement": 0, "land_reward.cap": 7500, "land_reward.base": "cumulative"}
    p = played(small(ZJ, 4, levers=levers))
    passed = p.towns.assessed & p.towns.passed & p.towns.listed()
    used = p.towns.land_used[1:4].sum(axis=0)
    assert np.array_equal(p.towns.rewarded[passed], np.floor(0.5 * used[passed]))


def test_one_square_kilometre_earns_750_mu_in_a_town_s_whole_life_and_900_with_the_supplement():
    """ZJ-SPACE-1, B-ZJ-15 (S3 L33): 建设面积控制在1平方公里左右, for all years; here a cap of 100 mu, not 1500."""
    p = played(small(ZJ, 12, levers={"land_reward.cap": 100, "land_reward.gate": "always"}))
    most = 100.0 * (0.5 + p.policy.the(LandReward).rates(p)[1])
    rewarded = p.towns.rewarded / 100.0
    assert (rewarded <= most).all() and (rewarded > 0.99 * most).sum() > 3
    full = np.flatnonzero(rewarded > 0.99 * most)
    by_year = p.policy.the(LandReward).by_year[:, full]
    assert ((by_year > 0).sum(axis=0) > 1).any(), "no town reaches the cap over several years"


def test_counties_count_on_no_more_than_what_is_left_under_the_cap():
    """The same, in what counties expect of the coming years."""
    p = played(small(ZJ, 12, levers={"land_reward.cap": 100, "land_reward.gate": "always"}))
    one = p.policy.the(LandReward)
    stake = one.expect(p, forecast(p, p.towns.listed()))
    most = 100.0 * (0.5 + one.rates(p)[1]) - p.towns.rewarded / 100.0
    assert stake is not None and (stake <= most * shadow_price(p) + 1e-6).all() and stake.max() > 0.0


@pytest.mark.parametrize("over", ["years", "settled", "failed"])
def test_rewards_end_with_the_years_of_the_target_at_the_settlement_or_with_the_final_acceptance(over):
    """ZJ-LAND-1, ZJ-CLAW-1 (S3 L35): 年度 … 奖励, 对3年内未达到 … 加倍倒扣: one period; later is out of reach."""
    levers = {"land_reward.gate": "always", "target.years": 1 if over == "years" else 9}
    levers |= {"clawback.after": 4} if over == "settled" else {"clawback.multiple": 0}
    levers |= (
        {"acceptance.after": 4, "acceptance.extension": 0, "acceptance.function_min": 1} if over == "failed" else {}
    )
    got = {
        until: played(small(ZJ, 8, levers={**levers, "land_reward.until": until})) for until in ("settled", "listed")
    }
    for until, p in got.items():
        first = p.towns.listed_at == 1
        by_year = p.policy.the(LandReward).by_year[:, first].sum(axis=1)
        assert by_year[0] > 0 and (by_year[1] > 0) == (until == "listed")
        stake = p.policy.the(LandReward).expect(p, forecast(p, first))
        assert stake is not None and stake[:, first].any() == (until == "listed")


def test_zhejiang_has_the_other_meanings_of_a_failed_acceptance_too():
    """ZJ-PROC-6, reading D-27: Tongzhou's question is Zhejiang's."""
    found = standing(library(), "D-27", ZJ)
    assert found is not None
    assert {one.alternative for one in found.variants} == {"exit", "extend_then_exit", "keep"}


def test_reward_and_supplement_each_have_their_own_room_under_the_cap():
    """B-ZJ-15, by hand: of 750 mu and of 150 mu of supplement, 80 and 20 are gone."""
    p = make(small(ZJ, 4, levers={"land_reward.cap": 1500, "land_reward.supplement": [0.1] * 8}))
    p.clock.set(2)
    reward = p.policy.the(LandReward)
    p.towns.listed_at[:], p.towns.rewarded[:], reward.supplement[:] = 1, 10_000, 2_000
    f = replace(forecast(p, np.ones(p.towns.size, dtype=bool)), land=np.full((6, p.towns.size), 1e9))
    f = replace(f, p_annual=np.ones((6, p.towns.size)))
    basic, more = reward.coming(p, f, 1.0)
    assert np.allclose(basic, 67_000) and np.allclose(more, 13_000)
