"""registered_capital: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect

EFFECT = Effect(
    ZJ,
    {"registered_capital.minimum": 5000},
    {"registered_capital.minimum": 0},
    2,
    lambda p: float(p.towns.entrants[1].sum()),
    +1,
)
CASES = {
    "minimum": Case(ZJ, 500),
    "scope": Case(ZJ, 0.5),
}
