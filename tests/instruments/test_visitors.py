"""visitors: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Period, Promise


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
