"""Who fared differently: agents matched by key, their fates, and the first thing that differs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.analysis.attribution.fates import Fates, compare_fates, firm_rows, town_fates, town_rows
from experiments.plan.plan import Point
from report.pages.attribution.fates import records
from report.text.catalogue import has
from sim.parameters.quarter import Quarter
from sim.run import RunSpec, run
from sim.state.town import EVENTS, Status, Strategy
from tests import worlds

START = Quarter.parse("2015Q1")
Q, T = 6, 4


def towns(**changes: object) -> dict:
    table = {
        "key": np.arange(T, dtype=np.uint64) + 100,
        "county": np.array(["甲", "乙", "丙", "丁"]),
        "industry": np.array(["health"] * T),
        "completion": np.full(T, np.nan),
        "status": np.zeros((Q, T), dtype=np.int64),
        "strategy": np.full((Q, T), int(Strategy.COAST)),
        "event": np.zeros((Q, T), dtype=np.int64),
        "applied": np.zeros((Q, T), dtype=bool),
        "reward_used": np.zeros((Q, T), dtype=bool),
    }
    for name, (at, value) in changes.items():
        table[name][at] = value
    return table


@pytest.mark.parametrize(
    ("status", "events", "completion", "fate"),
    [
        (Status.SITE, 0, np.nan, "never"),
        (Status.CULTIVATION, 0, np.nan, "cultivation"),
        (Status.CULTIVATION, EVENTS["demoted"], 0.4, "demoted"),
        (Status.CREATION, 0, 0.4, "listed"),
        (Status.CREATION, EVENTS["warned"], 0.4, "warned"),
        (Status.CREATION, EVENTS["warned"], 1.0, "completed"),
        (Status.NAMED, 0, 1.2, "named"),
        (Status.EXITED, EVENTS["exited"], 0.1, "exited"),
        (Status.WITHDRAWN, EVENTS["withdrew"], 0.1, "withdrew"),
        (Status.VETOED, EVENTS["vetoed"], 1.5, "vetoed"),
    ],
)
def test_fates_of_towns(status: Status, events: int, completion: float, fate: str) -> None:
    table = towns(status=((-1, 0), int(status)), event=((2, 0), events), completion=(0, completion))
    assert town_fates(table)[0] == fate
    assert has(f"fates.town.{fate}")


def test_the_first_difference_is_the_earliest_and_told_in_both_languages() -> None:
    one = towns(strategy=((3, 1), int(Strategy.PUSH)), status=((slice(4, None), 1), int(Status.CREATION)))
    other = towns(event=((5, 1), EVENTS["warned"] | EVENTS["missed"]))
    rows = town_rows(one, other, 2, START)
    assert [r["changed"] for r in rows] == [False, True, False, False]
    row = rows[1]
    assert (row["replicate"], int(row["key"], 16), row["county"], row["fate_a"], row["fate_b"]) == (
        2,
        101,
        "乙",
        "listed",
        "never",
    )
    assert (row["quarter"], row["what"]) == ("2015Q4", "strategy")
    assert (row["a"], row["b"]) == ("push", "coast")
    told = records(Fates(tuple(rows), (), 3, T, (0,) * 3))["fates_towns"]
    assert told[1]["first_en"] == "2015Q4: what the county chose, pushes / coasts"
    assert told[1]["first_zh"] == "2015Q4：县里的选择，冲刺 / 观望"
    assert told[0]["first_en"] == "" and rows[0]["quarter"] == ""


def test_within_a_quarter_the_cause_comes_before_the_effect() -> None:
    one = towns(applied=((2, 0), True), status=((2, 0), int(Status.CREATION)))
    assert town_rows(one, towns(), 0, START)[0]["what"] == "applied"


def test_a_town_that_only_completes_on_one_side_is_told_so() -> None:
    base = {"status": ((slice(None), 0), int(Status.CREATION))}
    one, other = towns(**base, completion=(0, 1.1)), towns(**base, completion=(0, 0.9))
    row = town_rows(one, other, 0, START)[0]
    assert (row["fate_a"], row["fate_b"], row["what"]) == ("completed", "listed", "completion")


def firms(*rows: tuple[int, int, int, int, int, int]) -> dict:
    """Each row: key, first, last, town at first, town at last, moved."""
    names = ("key", "first", "last", "town_first", "town_last", "moved")
    table = {n: np.array([r[i] for r in rows], dtype=np.int64) for i, n in enumerate(names)}
    table["key"] = table["key"].astype(np.uint64)
    return {**table, "industry": np.array(["finance"] * len(rows)), "kind": np.ones(len(rows), dtype=np.int64)}


def test_firms_are_matched_by_key_whatever_their_order() -> None:
    a = firms((9, -1, 5, 0, 0, -2), (7, 1, 5, 1, 1, -2), (5, -1, 3, 2, 2, -2), (3, -1, 5, 0, 1, 2), (1, 2, 5, 0, 0, -2))
    b = firms(
        (1, 2, 5, 3, 3, -2), (3, -1, 5, 0, 0, -2), (5, -1, 5, 2, 2, -2), (8, 4, 5, 3, 3, -2), (9, -1, 5, 0, 0, -2)
    )
    rows, seen = firm_rows(a, b, 0, START, Q, ["甲", "乙", "丙", "丁"])
    found = {int(r["key"], 16): (r["fate_a"], r["fate_b"], r["what"], r["quarter"]) for r in rows}
    assert seen == 6
    assert found == {
        7: ("present", "never", "born", "2015Q2"),
        8: ("never", "present", "born", "2016Q1"),
        5: ("closed", "present", "left", "2016Q1"),
        3: ("relocated", "present", "moved", "2015Q3"),
        1: ("present", "elsewhere", "town", "2015Q3"),
    }
    places = {int(r["key"], 16): (r["place_a"], r["place_b"]) for r in rows}
    assert places[7] == ("乙", "") and places[1] == ("甲", "丁")


def test_counts_are_by_replicate() -> None:
    rows = [{"replicate": k, "changed": True, "fate_a": "named", "fate_b": "exited"} for k in (0, 0, 2)]
    found = Fates(tuple(rows), (), 3, 10, (0, 0, 0))
    assert found.changed("towns").value == pytest.approx(1.0) and found.changed("towns").n == 3
    ((a, b, e),) = found.transitions("towns")
    assert (a, b, e.value) == ("named", "exited", pytest.approx(1.0))
    assert found.changed("firms").value == 0.0


def test_keys_of_64_bits_are_written_whole(tmp_path) -> None:
    from experiments.analysis.tables import records_table
    from experiments.store.tables import write_table

    high = firms((2**62, 2, 5, 0, 0, -2))
    high["key"] = np.array([2**64 - 3], dtype=np.uint64)
    rows, _ = firm_rows(high, firms((1, 2, 5, 0, 0, -2)), 0, START, Q, ["甲"])
    assert [r["key"] for r in rows] == ["0000000000000001", "fffffffffffffffd"]
    assert write_table(records_table(rows), tmp_path / "firms")[0].read_text(encoding="utf-8").count("\n") == 3


@pytest.mark.slow
def test_histories_change_nothing_in_a_run_and_agree_with_its_end() -> None:
    spec = RunSpec(worlds.scenario("zhejiang_2015", 8))
    plain = run(spec)
    kept = run(RunSpec(spec.scenario, tables=("town_history", "firm_fates", "firms", "towns")))
    assert {k: v for k, v in plain.summary.items() if v == v} == {k: v for k, v in kept.summary.items() if v == v}
    assert all(np.array_equal(plain.yearly[k], kept.yearly[k], equal_nan=True) for k in plain.yearly)
    assert plain.tables == {}
    fates, live = kept.tables["firm_fates"], kept.tables["firms"]
    alive = fates["last"] == 7
    assert set(fates["key"][alive].tolist()) == set(live["key"].tolist())
    assert np.array_equal(np.sort(fates["key"]), fates["key"]) and np.unique(fates["key"]).size == fates["key"].size
    ends = dict(zip(live["key"].tolist(), live["town"].tolist(), strict=True))
    assert all(
        ends[k] == t for k, t in zip(fates["key"][alive].tolist(), fates["town_last"][alive].tolist(), strict=True)
    )
    names = [Status(int(s)).name.lower() for s in kept.tables["town_history"]["status"][-1]]
    assert names == kept.tables["towns"]["status"].tolist()


@pytest.mark.slow
def test_two_policies_move_agents_and_one_policy_moves_none() -> None:
    library = worlds.library()
    a, b = (Point(name, name, quarters=8, effective="2015Q2") for name in ("null", "zhejiang_2015"))
    same = compare_fates(b, b, 1, library=library)
    assert same.changed("towns").value == 0.0 and not same.firms and same.transitions("firms") == []
    found = compare_fates(a, b, 1, library=library)
    assert found.changed("towns").value > 10 and found.changed("firms").value > 10
    told = records(found)
    assert all(row["first_zh"] and row["first_en"] for row in told["fates_firms"])
    assert all(row["first_zh"] for row in told["fates_towns"] if row["changed"])
    assert told.keys() == {"fates_towns", "fates_firms", "fates_counts"}
