"""land_guarantee: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.agents.county import forecast, foresee
from sim.engine.ledger import REASONS
from sim.instruments.land_guarantee import LandGuarantee
from sim.state.town import Grade
from tests.instruments.kit import PX, Case, Effect, Promise, flow, make, small

EFFECT = Effect(
    PX, {"land_guarantee.full": False}, {"land_guarantee.full": True}, 4, flow(REASONS["land_guarantee"], "land"), +1
)
CASES = {
    "priority": Case(PX, False),
    "full": Case(PX, False),
    "gate": Case(PX, "listed"),
}
PROMISE = Promise(
    PX,
    {"land_guarantee.full": True},
    lambda it: it.total("land_guarantee", ledger="land") / 100.0 * float(it.price[it.listed].mean()),
    low=0.35,
    high=0.65,
    why="they take half of their land to come out of the city's quota; their own is used first",
)


def test_a_guarantee_from_the_first_grade_on_counts_half_where_there_is_none_yet():
    """D-36: land that need not be found, half of it out of the city's quota; half of that before the first grade."""
    p = make(small(PX, 8, levers={"land_guarantee.gate": "after_grade"}))
    p.clock.set(6)
    ungraded = np.arange(p.towns.size) % 2 == 0
    p.towns.grade[:] = np.where(ungraded, Grade.NONE, Grade.UNQUALIFIED)
    foresee(p)
    f = forecast(p, np.ones(p.towns.size, dtype=bool))
    stake = p.policy.the(LandGuarantee).expect(p, f)
    whole = f.p_annual * f.land / 100.0 * f.shadow_price * f.annuity
    assert stake is not None and np.allclose(stake, np.where(ungraded, 0.25, 0.5) * whole)
