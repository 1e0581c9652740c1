"""Tables of agents at the end of a run: every column is what its name says, and a copy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.outcomes import Observer, observer_for, tables
from sim.outcomes.fates import ROLL
from sim.state.books import LAND_RETURN, WAGES, Kind
from tests.outcomes.hand_made import hand_made

GIVEN: dict[str, Any] = {
    "quarters": 6,
    "size": {"towns": 3, "counties": 2, "villages": 3},
    "sites": {
        "county": [0, 1, 1],
        "industry": ["finance", "health", "classics"],
        "segment": [4, 5, 6],
        "x": [1.0, 2.0, 3.0],
        "y": [4.0, 5.0, 6.0],
        "potential": [0.1, 0.2, 0.3],
        "capability": [0.4, 0.5, 0.6],
    },
    "towns": {
        "status": ["named", "exited", "site"],
        "strategy": ["push", "inflate", "out"],
        "listed_at": ["2015Q1", "2015Q2", "never"],
        "left_at": ["never", "2016Q2", "never"],
        "named_at": ["2016Q1", "never", "never"],
        "promised": [30, 20, 10],
        "core": {"2015Q1": [1, 2, 3], "2016Q1": [10, 20, 30]},
        "other": {"2015Q1": [100, 0, 0]},
        "works": {"2015Q2": [0, 200, 0]},
        "housing": {"2015Q2": [5, 6, 7], "2015Q3": [1, 1, 1]},
        "reported": {"2015Q4": [50, 60, 70]},
        "output": {"2015Q2": [900, 900, 900], "2015Q3": [1, 2, 3], "2016Q2": [4, 5, 6]},
        "tax": {"2015Q2": [90, 90, 90], "2015Q3": [7, 8, 9], "2016Q2": [1, 1, 1]},
        "event": {"2015Q4": ["assessed missed", "assessed", ""], "2016Q2": ["missed", "missed", "warned"]},
        "strategy_history": {
            "2015Q1": ["push", "push", "inflate"],
            "2015Q2": ["push", "inflate", "drift"],
            "2015Q3": ["inflate", "inflate", "coast"],
        },
        "applied_history": {"2015Q3": [True, False, False]},
        "firms": [7, 8, 9], "jobs": [17, 18, 19], "talents": [27, 28, 29],
        "rewarded": [37, 38, 39], "clawed": [47, 48, 49],
        "infra": [0.1, 0.2, 0.3], "reputation": [0.4, 0.5, 0.6],
    },
    "counties": {"debt": [11, 12]},
    "county_places": {"population": [100, 200], "revenue": [300, 400], "poor": [False, True]},
    "village_places": {"town": [0, 1, 2], "rank": [0, 1, 0], "distance": [1.5, 2.5, 3.5]},
    "villages": {"population": [10, 20, 30], "income": [1.0, 2.0, 3.0], "settled": [1, 0, 2]},
    "rural": {"to_village": [5, 6, 7], "to_town": [8, 9, 10], "fees": [[1, 2, 3], [0, 0, 1], [0, 1, 0], [2, 0, 0]]},
    "talents": {"key": [3, 4], "town": [0, 2], "arrived": ["2015Q2", "never"]},
    "firms": {"key": [7, 8], "born": ["never", "2015Q1"], "employees": [5, 6]},
}  # fmt: skip
EXPECTED: dict[str, dict[str, list[Any]]] = {
    "towns": {
        **{name: GIVEN["sites"][name] for name in GIVEN["sites"]},
        "status": ["named", "exited", "site"], "strategy": ["push", "inflate", "out"],
        "listed_at": [0, 1, -1], "left_at": [-1, 5, -1], "named_at": [4, -1, -1], "promised": [30, 20, 10],
        "investment": [111, 222, 33], "core": [11, 22, 33], "housing": [6, 7, 8], "reported": [50, 60, 70],
        "output": [5, 7, 9], "tax": [8, 9, 10], "misses": [2, 1, 0],
        "pushed": [2, 1, 0], "inflated": [1, 2, 1], "drifted": [0, 0, 1], "applied": [True, False, False],
        **{n: GIVEN["towns"][n] for n in ("firms", "jobs", "talents", "rewarded", "clawed", "infra", "reputation")},
    },
    "villages": {
        "town": [0, 1, 2], "rank": [0, 1, 0], "distance": [1.5, 2.5, 3.5], "to_village": [5, 6, 7],
        "to_town": [8, 9, 10], "collective": [3, 3, 4], **GIVEN["villages"],
    },
    "counties": {"debt": [11, 12], "population": [100, 200], "revenue": [300, 400], "poor": [False, True]},
    "talents": {"key": [3, 4], "town": [0, 2], "arrived": [1, -1]},
    "firms": {"key": [7, 8], "born": [-1, 0], "employees": [5, 6]},
    "projects": {"key": []},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_table_holds_what_was_given(name: str) -> None:
    p = hand_made(GIVEN).province
    (found,) = tables(p, (name,)).values()
    assert {column: found[column].tolist() for column in EXPECTED[name]} == EXPECTED[name]
    assert not any(np.shares_memory(column, held) for column in found.values() for held in p.snapshot().values())


def test_the_quota_of_a_county_is_the_balance_of_its_account() -> None:
    p = hand_made(GIVEN).province
    p.land.balance[p.books.chart.of(Kind.COUNTY)] = [70, 80]
    assert tables(p, ("counties",))["counties"]["quota"].tolist() == [70, 80]


def test_a_grade_is_told_by_its_name() -> None:
    p = hand_made(GIVEN).province
    p.towns.grade[:] = [4, 1, 0]
    assert tables(p, ("towns",))["towns"]["grade"].tolist() == ["excellent", "unqualified", "none"]


def test_flows_tell_who_paid_what_for_which_reason() -> None:
    p = hand_made(GIVEN).province
    wages, back = p.money.reasons.index(WAGES), p.land.reasons.index(LAND_RETURN)
    p.money.flows[0, wages, Kind.ENTERPRISE], p.money.flows[3, wages, Kind.ENTERPRISE] = 30, 4
    p.land.flows[1, back, Kind.TOWN] = 5
    found = {name: column.tolist() for name, column in tables(p, ("flows",))["flows"].items()}
    assert found == {
        "book": ["money", "land"],
        "reason": ["wages", "land_return"],
        "payer": ["enterprise", "town"],
        "amount": [34, 5],
    }


def test_fates_of_firms_need_their_roll() -> None:
    p = hand_made(GIVEN).province
    p.firms.live("born")[:] = p.t  # whose first quarter nobody saw has no traits to tell
    observer = observer_for(("firm_fates",))
    observer.observe(p)
    assert tables(p, ("firm_fates",), observer)["firm_fates"]["key"].tolist() == [7, 8]
    with pytest.raises(KeyError):
        observer_for(())[ROLL]
    assert isinstance(observer, Observer)
