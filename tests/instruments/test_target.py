"""target: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from tests.instruments.kit import EASY, TZ, ZJ, Case, Effect, events

EFFECT = Effect(ZJ, EASY, {"target.three_year": 10**6, "target.first_year": 4 * 10**5}, 4, events("missed"), +1)
CASES = {
    "active": Case(ZJ, False),
    "three_year": Case(ZJ, 800_000),
    "first_year": Case(ZJ, 200_000),
    "first_year_share": Case(TZ, 0.5),
    "first_year_base": Case(TZ, "own_plan"),
    "poor_county_factor": Case(ZJ, 1),
    "annual_rule": Case(ZJ, "third"),
    "core_share_min": Case(TZ, 0.9),
    "core_share_base": Case(TZ, "yearly"),
    "effective_rule": Case(ZJ, "any"),
    "tolerance": Case(ZJ, 0.3),
    "years": Case(ZJ, 6, {"target.annual_rule": "third"}),
    "price_basis": Case(ZJ, "real"),
    "cultivation_part": Case(TZ, 1, {"call.cultivation_places": 16, "target.first_year": 150_000}),
    "space_cap": Case(ZJ, "hard", {}, 16),
}
ABSENT = {
    "active": lambda t: False,
    "rule": lambda t: "no_housing",
    "floor": lambda p: np.zeros(p.towns.size),
    "annual": lambda p: np.zeros(p.towns.size),
    "staying": lambda p: np.zeros(p.towns.size),
    "three_year": lambda p: p.towns.plan.astype(np.float64),
    "hard_cap": lambda p: np.zeros(p.towns.size, dtype=bool),
    "declined": lambda p: np.zeros(p.towns.size),
    "core_met": lambda p: np.ones(p.towns.size, dtype=bool),
}
