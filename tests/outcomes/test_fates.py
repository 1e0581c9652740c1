"""Histories of single agents: spells and moves of firms, and what happened to each town."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.outcomes.fates import ROLL, firm_fates, town_history
from sim.outcomes.observe import Observer
from tests.outcomes.hand_made import hand_made

Row = tuple[int, int, int, int]
"""Key, town, industry, kind."""


class Firms:
    """Live firms of a province that only an observer looks at; ``new`` are the keys born in the quarter."""

    def __init__(self, rows: list[Row], t: int, new: set[int]) -> None:
        self.n = len(rows)
        self.columns = {
            "key": np.array([r[0] for r in rows], dtype=np.uint64),
            "town": np.array([r[1] for r in rows], dtype=np.int32),
            "industry": np.array([r[2] for r in rows], dtype=np.int8),
            "kind": np.array([r[3] for r in rows], dtype=np.int8),
            "born": np.array([t if r[0] in new else t - 1 for r in rows], dtype=np.int32),
        }

    def live(self, name: str) -> np.ndarray:
        return self.columns[name]


def fates(*quarters: tuple[list[Row], set[int]]) -> dict[str, list]:
    """The table of some quarters, the first of which is the start of the run."""
    observer = Observer([ROLL])
    for t, (rows, new) in enumerate(quarters, -1):
        observer.observe(SimpleNamespace(t=t, firms=Firms(rows, t, new)))
    return {name: column.tolist() for name, column in firm_fates(observer[ROLL]).items()}


def test_the_roll_of_firms_keeps_spells_and_the_first_move() -> None:
    found = fates(
        ([(4, 0, 0, 1), (2, 1, 1, 0)], set()),
        ([(2, 1, 1, 0), (4, 0, 0, 1), (6, 2, 7, 2)], {6}),
        ([(4, 3, 0, 1), (6, 2, 7, 2)], set()),
        ([(6, 2, 7, 2), (4, 0, 0, 1)], set()),
    )
    assert found == {
        "key": [2, 4, 6],
        "first": [-1, -1, 0],
        "last": [0, 2, 2],
        "town_first": [1, 0, 2],
        "town_last": [1, 0, 2],
        "moved": [-2, 1, -2],
        "industry": ["environment", "information", "classics"],
        "kind": [0, 1, 2],
    }


def test_neighbours_in_the_table_do_not_make_a_move() -> None:
    """A firm in another town than the firm before it has not moved; one that ends elsewhere has, once."""
    found = fates(([(1, 5, 0, 0), (2, 6, 0, 0)], set()), ([(1, 7, 0, 0), (2, 6, 0, 0)], set()))
    assert found["moved"] == [0, -2] and found["town_last"] == [7, 6]


def test_a_firm_that_was_never_new_has_no_traits() -> None:
    """It can only have come before somebody looked."""
    found = fates(([(1, 0, 3, 1)], set()), ([(1, 0, 3, 1), (9, 0, 4, 2)], set()))
    assert found["industry"] == ["tourism", ""] and found["kind"] == [1, -1]


def test_traits_are_those_of_the_first_quarter() -> None:
    found = fates(([(1, 0, 3, 1), (5, 0, 2, 0)], set()), ([(5, 0, 4, 1), (1, 0, 5, 2)], set()))
    assert found["industry"] == ["tourism", "health"] and found["kind"] == [1, 0]


def test_the_history_of_a_town_is_that_of_its_columns() -> None:
    p = hand_made({
        "size": {"towns": 3, "counties": 2},
        "sites": {"county": [0, 1, 1], "industry": ["finance", "health", "classics"]},
        "towns": {
            "listed_at": ["2015Q1", "2015Q3", "never"],
            "promised": [200, 100, 50],
            "core": {"2015Q4": [100, 300, 70]},
            "rewarded": [5, 6, 7],
            "clawed": [1, 2, 3],
            "land_from_reward": {"2016Q1": [0, 1, 25]},
            "event": {"2016Q4": ["assessed", "warned", ""]},
            "strategy_history": {"2016Q1": ["push", "coast", "out"]},
            "status_history": {"2016Q1": ["named", "creation", "site"]},
            "applied_history": {"2015Q2": [True, False, False]},
        },
    }).province  # fmt: skip
    found = town_history(p)
    names = p.places.counties.name
    assert found["county"].tolist() == [names[0], names[1], names[1]]
    assert found["industry"].tolist() == ["finance", "health", "classics"]
    assert found["completion"][:2].tolist() == [0.5, 3.0] and np.isnan(found["completion"][2])
    assert (found["rewarded"].tolist(), found["clawed"].tolist()) == ([5, 6, 7], [1, 2, 3])
    assert found["reward_used"][4].tolist() == [False, True, True] and found["reward_used"].sum() == 2
    assert found["event"][7].tolist() == [512, 1, 0] and found["strategy"][4].tolist() == [3, 1, 0]
    assert found["status"][4].tolist() == [3, 2, 0] and found["applied"][1].tolist() == [True, False, False]
    found["rewarded"][:] = 0
    assert p.towns.rewarded.tolist() == [5, 6, 7], "a table is a copy"
