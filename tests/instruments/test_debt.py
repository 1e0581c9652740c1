"""debt: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.agents.county import effort_cost
from sim.agents.financier import PROJECT_PART
from sim.engine.ledger import REASONS
from sim.instruments.debt import Debt
from sim.state.books import Kind
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, make, room, small


def spared(it: Period) -> float:
    """Public works that counties near the ceiling did not pay for, as far as they were due for their effort."""
    p, s = it.after, it.after.towns
    effort = projects = 0.0
    for t in range(it.rows.start, it.rows.stop):
        cost = effort_cost(p)[s.strategy_history[t], np.arange(s.size)] / 4.0
        effort += float((cost * p.behaviour["effort.infrastructure"]).sum())
        projects += float((PROJECT_PART * p.behaviour["finance.government_share"] * (s.core[t] + s.other[t])).sum())
    built = float(p.money.total(REASONS["infrastructure"], Kind.COUNTY)[it.rows].sum())
    return (effort + projects - built) * effort / (effort + projects)


BOUND = {"debt.ceiling": 0.8, "debt.band": 0.5}
EFFECT = Effect(ZJ, {"debt.ceiling": 10}, {"debt.ceiling": 0.8}, 6, room, -1)
CASES = {
    "ceiling": Case(ZJ, 0.8),
    "band": Case(ZJ, 0.1, {"debt.ceiling": 1}),
    "works_kept": Case(ZJ, 0.6, BOUND),
    "interest": Case(ZJ, 0.05),
}
PROMISE = Promise(ZJ, {**BOUND, "debt.works_kept": 0.5}, spared)


def test_room_under_the_ceiling_shrinks_over_the_band():
    """GZ-DEBT-1, D-51: full works below (1 − band)·ceiling, in proportion within the band, what is kept above."""
    p = make(small(ZJ, 4, levers={"debt.ceiling": 1.0, "debt.band": 0.4, "debt.works_kept": 0.2}))
    p.clock.set(2)
    inherited = p.constants["debt.inherited"]
    for ratio, works in ((0.5, 1.0), (0.6, 1.0), (0.8, 0.6), (0.9, 0.4), (1.0, 0.2), (1.5, 0.2)):
        p.counties.debt[:] = np.rint((ratio - inherited) * p.places.counties.revenue)
        assert np.allclose(p.policy.the(Debt).works(p), works, atol=1e-3), ratio
