"""settlement: what it does, which levers move a run."""

from __future__ import annotations

from tests.instruments.kit import ZJ, Case, Effect, Promise

SETTLERS = {"settlement.land": 0.2, "settlement.transfer": 2}
EFFECT = Effect(
    ZJ,
    {"settlement.keep_rights": False},
    {"settlement.keep_rights": True},
    6,
    lambda p: float(p.villages.settled.sum()),
    +1,
)
CASES = {
    "land": Case(ZJ, 0.2),
    "transfer": Case(ZJ, 2),
    "scope": Case(ZJ, "listed", SETTLERS),
    "payer": Case(ZJ, "nation", SETTLERS),
    "town_share": Case(ZJ, 0.5, SETTLERS),
    "keep_rights": Case(ZJ, True),
}
PROMISE = Promise(
    ZJ,
    SETTLERS,
    lambda it: it.total("settlement") + float((it.gained("direct") / 100.0 * it.price).sum()),
    first=8,
    last=11,
    low=0.9,
    high=1.1,
    why="they reckon with as many settlers as last year; towns draw more and villages have fewer left",
)
