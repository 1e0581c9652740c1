"""target: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from tests.instruments.kit import EASY, TZ, ZJ, Case, Effect, events, make, small

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
    "core_share_of": Case(TZ, "projects"),
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
    "core_feigned": lambda p, tolerance: np.zeros(p.towns.size, dtype=bool),
    "core_met": lambda p: np.ones(p.towns.size, dtype=bool),
}


def test_the_core_share_is_of_all_completed_investment_but_housing():
    """TZ-INV-4 (S2 L53): 完成投资 … 投资于特色主导产业的占比不低于70%, housing apart; public works are in it."""
    p = make(small(TZ, 8))
    p.clock.set(5)
    p.towns.listed_at[:] = 4
    for name, sum_ in {"core": 60, "other": 20, "works": 20, "housing": 500}.items():
        getattr(p.towns, name)[4:6] = sum_
    one, stretch = p.policy.target, p.behaviour["report.core_stretch"]
    assert np.allclose(one.core_share(p), 0.6) and np.allclose(one.claimed_share(p), 0.6 + 0.2 * stretch)
    of_projects = make(small(TZ, 8, levers={"target.core_share_of": "projects"}))
    of_projects.clock.set(5)
    of_projects.towns.listed_at[:], of_projects.towns.core[4:6], of_projects.towns.other[4:6] = 4, 60, 20
    of_projects.towns.works[4:6] = 20
    assert np.allclose(of_projects.policy.target.core_share(of_projects), 0.75)
