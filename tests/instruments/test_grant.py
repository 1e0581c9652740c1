"""grant: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import REASONS
from tests.instruments.kit import EASY, PX, ZJ, Case, Effect, Promise, flow, played, small

BUILT = {"grant.facility_total": 20_000_000, "grant.facility_towns": 1000, "grant.facility_projects": 4000}
HARD = {"target.first_year": 4 * 10**5, "target.three_year": 10**6, "list.exit_after": 1}
EFFECT = Effect(
    PX, {"grant.listing": 0}, {"grant.listing": 1000}, 2, flow(REASONS["grant"]), +1, {"grant.schedule_met": 0}
)
CASES = {
    "listing": Case(PX, 1000),
    "schedule_met": Case(PX, 1000),
    "within": Case(PX, 1),
    "test": Case(PX, "at_end"),
    "returned_on_exit": Case(PX, True, HARD),
    "sponge_fund": Case(PX, 0),
    "sponge_yearly": Case(PX, True),
    "sponge_share": Case(PX, 0.8),
    "payer": Case(PX, "county"),
    "timing": Case(PX, "result"),
    "annual": Case(ZJ, 500),
    "annual_years": Case(ZJ, 1, {"grant.annual": 500}),
    "annual_condition": Case(ZJ, "assessment", {"grant.annual": 500}),
    "naming": Case(ZJ, 500, EASY),
    "scenic": Case(ZJ, 500, {"grant.scenic_standard": 0.4}),
    "scenic_standard": Case(ZJ, 0.4, {"grant.scenic": 500}),
    "village": Case(ZJ, 200, {"grant.village_standard": 0.1}),
    "village_standard": Case(ZJ, 0.1, {"grant.village": 200}),
    "support": Case(ZJ, 100_000),
    "support_residents": Case(ZJ, 2_000_000, {"grant.support": 100_000}),
    "facility_total": Case(ZJ, 20_000_000),
    "facility_projects": Case(ZJ, 9000, BUILT),
    "facility_towns": Case(ZJ, 2000, BUILT),
    "facility_years": Case(ZJ, 1, BUILT),
    "facility_scope": Case(ZJ, "listed", BUILT),
    "facility_public": Case(ZJ, 1, BUILT),
    "facility_payer": Case(ZJ, "province", BUILT),
}
PROMISE = Promise(
    PX,
    {"grant.listing": 1000, "grant.schedule_met": 1000, "grant.sponge_fund": 0},
    lambda it: it.total("grant"),
    first=1,
    last=3,
    at="call",
)


def test_grants_are_paid_to_each_town_once_and_by_the_payer_named():
    for payer in ("province", "prefecture", "county"):
        levers = {"grant.listing": 1000, "grant.schedule_met": 0, "grant.sponge_fund": 0, "grant.payer": payer}
        p = played(small(PX, 6, levers=levers))
        listed = [int(np.count_nonzero(p.towns.listed_at == t)) for t in range(6)]
        assert p.money.total(REASONS["grant"]).tolist() == [1000 * n for n in listed] and sum(listed) > 0
        by_kind = p.money.by_kind(REASONS["grant"]).sum(axis=0)
        assert np.count_nonzero(by_kind) == 1 and by_kind[["province", "prefecture", "county"].index(payer) + 2] > 0
