"""rebate: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow

EFFECT = Effect(
    ZJ,
    {"rebate.schedule": [0.2] * 5},
    {"rebate.schedule": [1] * 5},
    4,
    flow(REASONS["rebate"]),
    +1,
    {"rebate.gate": "listed"},
)
CASES = {
    "schedule": Case(ZJ, [0.5] * 5),
    "gate": Case(ZJ, "listed"),
    "base": Case(ZJ, "new_firms"),
    "clock": Case(ZJ, "naming", {}, 15),
    "after_demotion": Case(ZJ, "keep", {"list.demote_after": 1, "rebate.gate": "listed"}, 13),
    "provincial_part": Case(ZJ, "zero"),
    "firm_share": Case(ZJ, 0),
    "town_share": Case(ZJ, 0),
}
PROMISE = Promise(
    ZJ,
    {"rebate.schedule": [1] * 5, "rebate.gate": "listed", "rebate.firm_share": 0},
    lambda it: it.total("rebate"),
    low=0.93,
    high=1.07,
)
