"""delegation: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.delegation import Delegation
from tests.instruments.kit import ZJ, Case, Effect, Promise, approved, make, played, small
from tests.worlds import play

HEAVY = {"delegation.powers": 300}
EFFECT = Effect(ZJ, {"delegation.powers": 0}, {"delegation.powers": 66}, 6, approved, +1)
CASES = {
    "base": Case(ZJ, 6),
    "powers": Case(ZJ, 66),
    "towns": Case(ZJ, 2, HEAVY),
    "selective": Case(ZJ, True, HEAVY),
    "building": Case(ZJ, 0.8, HEAVY),
    "cost": Case(ZJ, 5, HEAVY),
    "tax_share": Case(ZJ, 0.1),
}
PROMISE = Promise(ZJ, {**HEAVY, "delegation.base": 6, "delegation.cost": 5}, lambda it: -it.total("town_staff"))


@pytest.mark.parametrize(("regime", "later"), [("shandong_2012", 3), ("shandong_tiers_2016", 0)])
def test_all_demonstration_towns_hold_county_powers_and_the_pilots_66_more(regime: str, later: int):
    """SD-POW-1 (S3 L137): every demonstration town is given county powers; SD-REF-1 (L147): 20 of them took over 1,326
    besides; SD-REF-2 (L161): the rest follow in a next step.
    """
    levers = {"call.town_types": "any", **({"delegation.towns": later} if later else {})}
    p = play(make(small(regime, 3, levers=levers, effective="2015Q1")), 3)
    s, rule = p.towns, p.policy.the(Delegation)
    on, pilot = s.supported(), rule.pilot(p)
    assert int(on.sum()) > 10 and int(pilot.sum()) == (later or 20)
    held = rule.carried(p, on, pilot)[0]
    assert held.tolist() == (6.0 * on + 66.0 * pilot).tolist()
    before = s.status_history[1] > 0
    assert before.any() and (p.offer.delay[before] < 30.0 / 65.0).all()
    staff = p.money.total(REASONS["town_staff"])
    assert staff[2] == np.rint(held / 4.0).sum()


def test_demonstration_towns_keep_a_part_of_their_countys_tax():
    """SD-FISC-1 (S3 L125, L131): the demonstration towns' hold on revenue is moderately enlarged, by no stated rate."""
    share = {"call.town_types": "any", "delegation.tax_share": 0.5}
    p, without = (
        played(small("shandong_2012", 6, levers={**share, **x}, effective="2015Q1"))
        for x in ({}, {"delegation.tax_share": 0})
    )
    left, county = p.money.total(REASONS["town_tax"]), p.money.total(REASONS["tax_county"])
    assert (left[1:] > 0).all() and (left <= 0.5 * county).all() and not without.money.total(REASONS["town_tax"]).any()
    on = p.towns.on_a_list()
    assert p.towns.works.sum(axis=0)[on].sum() > without.towns.works.sum(axis=0)[on].sum()
