"""approval: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import PX, ZJ, Case, Effect, approved

EFFECT = Effect(ZJ, {"approval.days": 120}, {"approval.days": 1}, 6, approved, +1)
CASES = {
    "days": Case(ZJ, 4),
    "parallel": Case(ZJ, True),
    "rework": Case(PX, 0.5),
    "scope": Case(ZJ, "total"),
}
