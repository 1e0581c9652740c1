"""land_supply: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents import county
from sim.engine.ledger import REASONS
from sim.instruments.land_supply import LandSupply
from sim.model import Simulation
from tests.instruments.kit import EASY, ZJ, Case, Effect, Promise, in_listed, make, played, small
from tests.worlds import library, play

SUPPLIED = {"land_supply.amount": 300}
EFFECT = Effect(
    ZJ,
    {"land_supply.amount": 0},
    {"land_supply.amount": 5000},
    6,
    in_listed(lambda p: p.towns.land_from_reward.sum(axis=0)),
    +1,
    {"land_reward.share": 0},
)
CASES = {
    "amount": Case(ZJ, 500),
    "rule": Case(ZJ, "each", SUPPLIED),
    "towns": Case(ZJ, 100, SUPPLIED),
    "source": Case(ZJ, "prefecture", SUPPLIED),
    "allocation": Case(ZJ, "competition", SUPPLIED),
    "receiver": Case(ZJ, "county", SUPPLIED),
    "naming": Case(ZJ, 100, EASY),
    "consolidation": Case(ZJ, 0.3),
    "others": Case(ZJ, 0.5, SUPPLIED),
    "first_year": Case(ZJ, "whole", SUPPLIED),
}
PROMISE = Promise(
    ZJ,
    {"land_supply.amount": 200},
    lambda it: float((it.gained("direct") / 100.0 * it.price).sum()),
    low=0.9,
    high=1.1,
)


def supplied(p: Simulation) -> np.ndarray:
    """Quota supplied directly by quarter, mu."""
    return p.land.total(REASONS["direct_quota"]) / 100.0


def test_panyus_thousand_mu_are_those_of_2019_and_others_win_most_of_them():
    """PY-LAND-1 (S0 L121): the 1,000 mu in the city's land plan of 2019 for rural projects, of which the district
    strives for a part. In Guangzhou's district and in the small province.
    """
    home = play(Simulation(library().resolve("panyu_2019", world="panyu", quarters=14), 0))
    given = supplied(home)
    assert home.clock.quarter.year == 2021 and not given[:5].any() and not given[8:].any()
    assert 0 < given[5:8].sum() <= 150
    away = supplied(played(small("panyu_2019", 9, levers={"land_supply.allocation": "equal"})))
    assert not away[[0, *range(2, 9)]].any() and 298 <= away[1] <= 300, "two prefectures, each with 15 % of 1,000 mu"


@pytest.mark.parametrize(("how", "part"), [("part", 0.75), ("whole", 1.0)])
def test_a_supply_that_begins_in_april_brings_three_quarters_or_the_whole_of_the_years_quota(how: str, part: float):
    given = supplied(played(small(ZJ, 6, levers={"land_supply.amount": 300, "land_supply.first_year": how})))
    assert given[1] == pytest.approx(300 * part, abs=1) and given[4] == pytest.approx(300, abs=1)
    assert not given[[0, 2, 3, 5]].any()


def test_one_mu_and_the_whole_of_what_is_vacated_are_supplied_and_expected():
    levers = {"land_supply.amount": 1, "land_supply.rule": "each", "land_supply.consolidation": 1}
    p = played(small(ZJ, 6, levers=levers))
    assert supplied(p)[4] == p.towns.listed().sum() > 0 and p.policy.the(LandSupply).reclaimed.any()
    one = make(small(ZJ, 6, levers={"land_supply.amount": 1}))
    one.start_of_quarter(1)
    county.foresee(one)
    listed = np.ones(one.towns.size, dtype=bool)
    assert one.policy.the(LandSupply).expect(one, county.forecast(one, listed)).any()


def test_counties_count_on_a_supply_no_longer_than_it_lasts():
    """A plan of one year is one year's quota of the horizon's, and none once it has been given."""
    p = make(small("panyu_2019", 30, effective="2015Q2"))
    rule, horizon = p.policy.the(LandSupply), p.behaviour["official.horizon"]
    found = []
    for t in (0, 1, 2, 8):
        p.clock.t = t
        found.append(rule.lasts(p) * horizon)
    assert found == [pytest.approx(1.0), pytest.approx(1.0), 0.0, 0.0]
    steady = make(small(ZJ, 30, levers=SUPPLIED))
    assert steady.policy.the(LandSupply).lasts(steady) == 1.0
