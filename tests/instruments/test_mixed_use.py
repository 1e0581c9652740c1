"""mixed_use: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Promise, approved

EFFECT = Effect(ZJ, {"mixed_use.command": False}, {"mixed_use.command": True}, 6, approved, +1)
CASES = {
    "share": Case(ZJ, 0.8),
    "bonus": Case(ZJ, 0.5),
    "tax_relief": Case(ZJ, 0.5),
    "command": Case(ZJ, True),
}
PROMISE = Promise(ZJ, {"mixed_use.bonus": 0.5}, lambda it: -it.total("land_compensation"))
