"""information: what it does, which levers move a run."""

from __future__ import annotations

from sim.instruments.information import Information
from tests.instruments.kit import TZ, ZJ, Case, Effect, Promise

AMBITIOUS = {"official.promotion_weight": 0.8, "official.promotion_value": 20_000}
EFFECT = Effect(
    TZ,
    {"information.promotion_link": False},
    {"information.promotion_link": True},
    2,
    lambda p: float(p.towns.effort.mean()),
    +1,
    {},
    AMBITIOUS,
)
CASES = {
    "bulletin_interval": Case(ZJ, 1),
    "promotion_link": Case(ZJ, False),
    "field_meetings": Case(ZJ, False),
    "platform": Case(ZJ, 0.8),
    "ranking": Case(ZJ, 1),
    "media": Case(ZJ, 1),
    "participation": Case(ZJ, 1),
    "ambassadors": Case(ZJ, 10),
}
PROMISE = Promise(
    TZ,
    {"information.promotion_link": True, "information.ambassadors": 2},
    lambda it: (
        float((it.listed * it.after.towns.passed * (1.0 + it.before.policy.the(Information).resolve)).sum())
        * it.before.behaviour["official.promotion_weight"]
        * it.before.behaviour["official.promotion_value"]
        - it.total("events")
    ),
    exact=AMBITIOUS,
)
