"""shares: what it does, which levers move a run."""

from __future__ import annotations

from sim.engine.ledger import REASONS
from tests.instruments.kit import LINKED, ZJ, Case, Effect, flow

HELD = {**LINKED, "shares.assets": 0.4, "shares.money": 0.3, "shares.residents": 0.4}
EFFECT = Effect(ZJ, {"shares.assets": 0}, {"shares.assets": 0.5}, 6, flow(REASONS["share_dividend"]), +1)
CASES = {
    "assets": Case(ZJ, 0.5),
    "money": Case(ZJ, 0.5, LINKED),
    "residents": Case(ZJ, 0.5),
    "collective": Case(ZJ, 0.5, HELD),
    "collective_floor": Case(ZJ, 3, HELD),
    "risk": Case(ZJ, "fixed", HELD),
    "cadres_first": Case(ZJ, True, HELD),
}
