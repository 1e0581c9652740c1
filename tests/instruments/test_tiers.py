"""tiers: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import REASONS
from sim.instruments.tiers import Tiers
from sim.state.town import Status
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow, make, played, small
from tests.worlds import library, play

LAYERED = {"tiers.population_1": 20_000, "tiers.revenue_1": 10_000, "tiers.subsidy_1": 2000}
TIER = {**LAYERED, "tiers.places_1": 4}
EFFECT = Effect(ZJ, {"tiers.places_1": 0}, {"tiers.places_1": 4}, 4, flow(REASONS["annual_subsidy"]), +1, LAYERED)
CASES = {
    "places_1": Case(ZJ, 4, LAYERED),
    "places_2": Case(ZJ, 4, {"tiers.subsidy_2": 1000}),
    "places_3": Case(ZJ, 4, {"tiers.subsidy_3": 500}),
    "population_1": Case(ZJ, 60_000, TIER),
    "population_2": Case(ZJ, 60_000, {"tiers.subsidy_2": 1000, "tiers.places_2": 4}),
    "population_3": Case(ZJ, 60_000, {"tiers.subsidy_3": 1000, "tiers.places_3": 4}),
    "revenue_1": Case(ZJ, 60_000, TIER),
    "revenue_2": Case(ZJ, 60_000, {"tiers.subsidy_2": 1000, "tiers.places_2": 4}),
    "revenue_3": Case(ZJ, 60_000, {"tiers.subsidy_3": 1000, "tiers.places_3": 4}),
    "thresholds": Case(ZJ, "either", {**TIER, "tiers.population_1": 60_000}),
    "pool": Case(ZJ, "all", TIER),
    "exclusive": Case(ZJ, False, {**TIER, "tiers.places_2": 9, "tiers.subsidy_2": 1000}),
    "rolling": Case(ZJ, True, {**TIER, "tiers.revenue_1": 40_000, "tiers.places_1": 20}),
    "subsidy_1": Case(ZJ, 500, TIER),
    "subsidy_2": Case(ZJ, 500, {"tiers.places_2": 4}),
    "subsidy_3": Case(ZJ, 500, {"tiers.places_3": 4}),
    "years": Case(ZJ, 1, TIER),
    "condition": Case(ZJ, "assessment", {**TIER, "tiers.goal_revenue_1": 120_000}),
    "lose": Case(ZJ, True, {**TIER, "tiers.condition": "assessment", "assessment.qualified_score": 85}),
    "payer": Case(ZJ, "county", TIER),
    "goal_population_1": Case(ZJ, 200_000, {**TIER, "tiers.condition": "course"}),
    "goal_population_2": Case(ZJ, 200_000, {"tiers.places_2": 4, "tiers.goal_years": 2}),
    "goal_population_3": Case(ZJ, 200_000, {"tiers.places_3": 4, "tiers.goal_years": 2}),
    "goal_revenue_1": Case(ZJ, 200_000, {**TIER, "tiers.condition": "course"}),
    "goal_revenue_2": Case(ZJ, 200_000, {"tiers.places_2": 4, "tiers.goal_years": 2}),
    "goal_revenue_3": Case(ZJ, 200_000, {"tiers.places_3": 4, "tiers.goal_years": 2}),
    "goal_years": Case(ZJ, 2, {**TIER, "tiers.goal_revenue_1": 50_000}),
    "pool_3": Case(ZJ, "all", {"tiers.places_3": 20}),
}
PROMISE = Promise(ZJ, TIER, lambda it: it.total("annual_subsidy"))


def test_the_hundred_characteristic_towns_are_created_in_the_whole_province():
    """SD-TIER3-1 (S3 L155): the ten and the thirty are chosen from the towns there are by people and revenue, the
    hundred are created in the whole province: sites off the list are taken too, and leave no tier above.
    """
    levers = {"call.town_types": "any", "call.creation_places": 6, "call.cultivation_places": 0}
    low = {f"tiers.{name}_{k}": 1 for name in ("population", "revenue") for k in (1, 2)}
    places = {"tiers.places_1": 2, "tiers.places_2": 2, "tiers.places_3": 15}
    p = played(small("shandong_tiers_2016", 5, levers={**levers, **low, **places}, effective="2015Q1"))
    on, tiers = p.towns.supported(), p.towns.tier > 0
    assert on[tiers[0] | tiers[1]].all() and tiers[0].sum() == tiers[1].sum() == 2
    assert tiers[2].sum() == 15 and not on[tiers[2]].all() and (tiers.sum(axis=0) <= 1).all()


def test_who_leaves_the_list_leaves_its_tier_and_places_are_never_overfilled():
    p = make(small(ZJ, 12, levers={**TIER, "tiers.rolling": True, "tiers.places_1": 1, "tiers.revenue_1": 1}))
    play(p, 5)
    s = p.towns
    held = s.tier[0] > 0
    assert held.sum() == 1
    s.status[held] = Status.EXITED
    play(p, 3)
    assert s.tier[0][held].tolist() == [0] and s.tier[0].max() == 0, "places are refilled in January only"
    play(p, 1)
    assert np.count_nonzero(s.tier[0]) == 1 and s.tier[0][held].tolist() == [0]
    ahead = p.policy.the(Tiers)
    assert ahead.may(p, 0).sum() == s.supported().sum() == ahead.may(p, 2).sum()


def test_places_once_opened_stay_so_that_counties_go_on_reckoning_with_the_subsidy():
    levers = library().resolve("shandong_tiers_2016", world="shandong", quarters=24).levers
    for name, places in (("places_1", 10), ("places_2", 30), ("places_3", 100)):
        assert levers[f"tiers.{name}"][16:] == (0, *[places] * 7)
