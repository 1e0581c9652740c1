"""delegation: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Promise, approved

HEAVY = {"delegation.powers": 300}
EFFECT = Effect(ZJ, {"delegation.powers": 0}, {"delegation.powers": 66}, 6, approved, +1)
CASES = {
    "powers": Case(ZJ, 66),
    "towns": Case(ZJ, 2, HEAVY),
    "selective": Case(ZJ, True, HEAVY),
    "building": Case(ZJ, 0.8, HEAVY),
    "cost": Case(ZJ, 5, HEAVY),
}
PROMISE = Promise(ZJ, {**HEAVY, "delegation.cost": 5}, lambda it: -it.total("town_staff"))
