"""visitors: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.agents.county import forecast
from sim.instruments.visitors import TOURISM, Visitors
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, played, small


def visited(it: Period) -> float:
    """Tax on what visitors spent, less grade and festivals."""
    b = it.before.behaviour
    keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    return keeps * float(it.after.rural.spending[it.rows].sum()) - it.total("scenic")


SCENIC = {"visitors.grade": 3}
EFFECT = Effect(ZJ, {"visitors.grade": 0}, {"visitors.grade": 3}, 4, lambda p: float(p.rural.visits.sum()), +1)
CASES = {
    "grade": Case(ZJ, 5),
    "grade_tourism": Case(ZJ, 0),
    "festivals": Case(ZJ, 6),
    "chain": Case(ZJ, 1, SCENIC),
    "belt": Case(ZJ, 0.4, SCENIC),
}
PROMISE = Promise(
    ZJ,
    SCENIC,
    visited,
    low=0.93,
    high=1.1,
)


def test_a_standard_for_tourism_towns_alone_is_reckoned_with_there_and_nowhere_else():
    """ZJ-FUNC-1 (F003 L31): 旅游特色小镇打造5A景区."""

    def stake(levers):
        p = played(small(ZJ, 2, levers={"visitors.grade": 0, "visitors.festivals": 0, **levers}))
        return p, p.policy.the(Visitors).expect(p, forecast(p, np.ones(p.towns.size, dtype=bool)))

    p, worth = stake({"visitors.grade_tourism": 5})
    tourism = p.places.towns.industry == TOURISM
    assert worth[:, tourism].any() and not worth[:, ~tourism].any()
    assert stake({"visitors.grade_tourism": 0})[1] is None
