"""land_guarantee: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from tests.instruments.kit import PX, Case, Effect, Promise, flow

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
