"""call: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from tests.instruments.kit import PX, TZ, ZJ, Case, Effect

EFFECT = Effect(
    ZJ,
    {"call.creation_places": 0},
    {"call.creation_places": 10},
    2,
    lambda p: float(np.count_nonzero(p.towns.listed())),
    +1,
)
MANY = {"call.per_segment": 0, "call.creation_places": 4}
"""Towns enough on the cultivation list of the small province, whose sub-industries are few."""
CASES = {
    "creation_places": Case(ZJ, 3),
    "cultivation_places": Case(TZ, 1, MANY),
    "mode": Case(ZJ, "competitive"),
    "per_segment": Case(ZJ, 1),
    "segment_rule": Case(ZJ, "first"),
    "segment_depth": Case(TZ, "class"),
    "first_shift": Case(PX, 1),
    "per_county_cap": Case(ZJ, 1),
    "manufacturing_penalty": Case(ZJ, 2),
    "eligible": Case(ZJ, [0, 1, 1, 1, 1, 1, 1, 1]),
    "small_town_share": Case(ZJ, 0.5),
    "lookback": Case(TZ, True),
    "town_types": Case(ZJ, "small_town"),
    "lookback_years": Case(TZ, 10, {"call.lookback": True}),
    "key_towns": Case(ZJ, 2),
    "nominations": Case(ZJ, 1),
    "passed_up": Case(ZJ, 1, {"call.nominations": 2}),
}
ABSENT = {"open": lambda p: False}
