"""tiers: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow

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
}
PROMISE = Promise(ZJ, TIER, lambda it: it.total("annual_subsidy"))
