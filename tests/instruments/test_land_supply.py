"""land_supply: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import EASY, ZJ, Case, Effect, Promise, in_listed

SUPPLIED = {"land_supply.amount": 300}
EFFECT = Effect(
    ZJ,
    {"land_supply.amount": 0},
    {"land_supply.amount": 5000},
    6,
    in_listed(lambda p: p.towns.land_from_reward.sum(axis=0)),
    +1,
    {"land_reward.share": 0},
)
CASES = {
    "amount": Case(ZJ, 500),
    "rule": Case(ZJ, "each", SUPPLIED),
    "towns": Case(ZJ, 100, SUPPLIED),
    "source": Case(ZJ, "prefecture", SUPPLIED),
    "allocation": Case(ZJ, "competition", SUPPLIED),
    "receiver": Case(ZJ, "county", SUPPLIED),
    "naming": Case(ZJ, 100, EASY),
    "consolidation": Case(ZJ, 0.3),
}
PROMISE = Promise(
    ZJ,
    {"land_supply.amount": 200},
    lambda it: float((it.gained("direct") / 100.0 * it.price).sum()),
    low=0.9,
    high=1.1,
)
