"""housing: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, in_listed

EFFECT = Effect(
    ZJ, {"housing.ceiling": 1}, {"housing.ceiling": 0}, 6, in_listed(lambda p: p.towns.housing[4:].sum(axis=0)), -1
)
CASES = {
    "ceiling": Case(ZJ, 0),
}
