"""acceptance: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from tests.instruments.kit import EASY, ZJ, Case, Effect, Promise, events

EFFECT = Effect(ZJ, {"acceptance.active": False}, {"acceptance.active": True}, 6, events("named"), +1, EASY)
CASES = {
    "active": Case(ZJ, False),
    "after": Case(ZJ, 4),
    "fixed": Case(ZJ, "date", EASY),
    "date_open": Case(ZJ, True, {"acceptance.fixed": "date"}),
    "extension": Case(ZJ, 0, {"acceptance.after": 4}),
    "function_min": Case(ZJ, 1, EASY),
    "on_failure": Case(ZJ, "exit", {"acceptance.after": 4, "acceptance.extension": 2}, 12),
    "award": Case(ZJ, True, EASY),
}
PROMISE = Promise(
    ZJ,
    {**EASY, "information.promotion_link": True, "acceptance.function_min": 0},
    lambda it: (
        float(np.isin(it.after.towns.named_at, range(4, 8)).sum())
        * it.before.behaviour["official.promotion_weight"]
        * it.before.behaviour["official.promotion_value"]
    ),
    who=lambda it: it.before.towns.listed_at == 1,
)
