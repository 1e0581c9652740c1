"""The province as a record: every piece of state is declared by its owner and seen by the digest."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.column import State, declared
from sim.instruments.grant import Grant
from sim.state.town import TownState
from tests.worlds import columns, make, played, scenario

MADE = scenario("zhejiang_2015", 8)
KNOWN = {"offer": {"_payer", "talent_payer"}}
"""Arrays of owners that are not state: accounts that stand for whole governments."""
CONSTANT = {"books"}
"""Owners whose other arrays never change: account numbers."""


def test_no_owner_holds_an_array_that_it_does_not_declare():
    p = played(MADE, 0, 5)
    holders = [(name, one) for name, one in p.owners() if isinstance(one, State) or declared(type(one))]
    assert {"towns", "counties", "rural", "offer", "economy", "diary", "money", "land", "grant"} <= {
        n for n, _ in holders
    }
    for name, one in holders:
        if hasattr(one, "_fields") or name in CONSTANT:
            continue
        held = {n for n, array in vars(one).items() if isinstance(array, np.ndarray)}
        assert held - KNOWN.get(name, set()) <= set(declared(type(one))), name


@pytest.mark.parametrize(
    "name",
    [
        "towns.assessed", "towns.listed_last_year", "towns.paid_gate", "towns.ratio", "towns.forecast_base",
        "economy.log_cycle", "economy.cycle_mean", "grant.fund_paid", "grant.granted", "land_reward.by_year",
        "offer.delay", "pool.key", "firms.cash", "villages.income", "money.balance", "diary.exposed",
    ],
)  # fmt: skip
def test_the_digest_sees(name):
    assert name in columns(played(MADE, 0, 5))


def test_a_change_of_any_number_is_seen():
    p, q = make(MADE, small=True), make(MADE, small=True)
    for name, array in columns(p).items():
        if array.size and "." in name and name.split(".")[0] in ("towns", "offer", "economy", "diary", "grant"):
            owner = p.holder(Grant) if name.startswith("grant.") else getattr(p, name.split(".")[0])
            held = getattr(owner, name.split(".")[1])
            changed = ~held if isinstance(held, np.ndarray) and held.dtype == bool else held + 1
            setattr(owner, name.split(".")[1], changed if not isinstance(held, bool) else not held)
            assert columns(p)[name].tobytes() != columns(q)[name].tobytes(), name


def test_owners_are_found_by_their_class():
    p = make(MADE, small=True)
    assert p.holder(TownState) is p.towns and p.holder(Grant) is p.policy.grant
    with pytest.raises(KeyError):
        p.holder(dict[str, int].__class__)


def test_short_names_stand_for_the_owners():
    p = played(MADE, 0, 5)
    assert p.t == p.clock.t == 4 and p.quarter is p.clock.quarter
    assert p.money is p.books.money and p.land is p.books.land
