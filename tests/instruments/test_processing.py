"""processing: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, flow


def sold(it: Period) -> float:
    """Tax on what the base and the processing sold: of what was processed, all but the added value was the crop's."""
    b, now = (
        it.before.behaviour,
        next(i for i in it.before.policy.instruments if i.id == "processing").now(it.before.clock.t),
    )
    keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    added = now.capacity * (now.uplift - 1.0)
    return keeps * float(it.after.rural.processed[it.rows].sum()) * (1.0 + added) / added


CROPS = {"processing.base": 1000, "processing.uplift": 5}
EFFECT = Effect(ZJ, {"processing.base": 0}, {"processing.base": 1000}, 4, flow(REASONS["land_rent"]), +1)
CASES = {
    "base": Case(ZJ, 500),
    "capacity": Case(ZJ, 0.2, CROPS),
    "uplift": Case(ZJ, 10, CROPS),
    "farmer_share": Case(ZJ, 0.5, CROPS),
    "cooperative_fee": Case(ZJ, 0.1, CROPS),
    "rent_period": Case(ZJ, "part", CROPS),
}
PROMISE = Promise(
    ZJ,
    CROPS,
    sold,
    low=1.1,
    high=1.5,
    why="they count what the base grows, and not the farmers who follow it",
)
