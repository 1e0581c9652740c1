"""rebate: what it does, which levers move a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.agents.county import forecast
from sim.engine.ledger import REASONS
from sim.instruments.rebate import Rebate
from tests.instruments.kit import ZJ, Case, Effect, Promise, flow, make, small

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


def test_the_schedule_holds_from_its_first_year_to_its_last_and_ends():
    """ZJ-FISC-1 (S3 L35): 前3年全额返还、后2年返还一半; nothing before listing and nothing after."""
    p = make(small(ZJ, 30, levers={"rebate.schedule": [1, 0.9, 0.8, 0.5, 0.4]}))
    p.clock.set(25)
    p.towns.listed_at[:8] = [25, 22, 21, 17, 13, 9, 6, 5]
    p.towns.listed_at[8:] = -1
    factor = p.policy.the(Rebate).factor(p)
    assert factor[:8].tolist() == [1.0, 1.0, 0.9, 0.8, 0.5, 0.4, 0.4, 0.0] and not factor[8:].any()


def test_counties_count_on_new_tax_above_last_year_s_where_that_is_the_base():
    """D-10: against the year before, a listed town's growth so far is no longer new; one not listed has no base yet."""
    levers = {"rebate.base": "previous_year", "rebate.gate": "listed", "rebate.firm_share": 0}
    p = make(small(ZJ, 12, levers=levers))
    p.clock.set(8)
    s = p.towns
    s.tax[4:8], s.base_tax[:] = 250, np.where(np.arange(s.size) % 2 == 0, 600, -1)
    s.listed_at[:] = np.where(s.base_tax >= 0, 4, -1)
    f = forecast(p, np.ones(s.size, dtype=bool))
    f = replace(f, new_tax=np.full_like(f.invest, 1_000.0))
    stake = p.policy.the(Rebate).expect(p, f)
    share = p.policy.the(Rebate).provincial_share(p) * p.behaviour["treasury.local_share"]
    coming = np.where(s.base_tax >= 0, (1 + 1 + 0.5) / 3.0 * 600.0, 1_000.0)
    assert stake is not None and np.allclose(stake, coming * share * f.annuity)
