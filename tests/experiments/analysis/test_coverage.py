"""Every clause of the documents acts, or says why there is nothing to simulate; and what is said to act does act."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from experiments.analysis.coverage.check import check, clause_turns, places
from experiments.analysis.coverage.register import (
    PLACES,
    as_data,
    chosen,
    coverage,
    family,
    is_inert,
    is_read,
    mechanism,
)
from experiments.analysis.coverage.trials import Place
from sim.parameters import Text
from tests.worlds import library

ENTRIES = coverage(library())
ACTING = [entry for entry in ENTRIES.values() if entry.place == "acts"]
BY_REGIME = {r: [e for e in ACTING if e.regimes[0] == r] for r in library().regimes}
BINDING = ("RULE", "TARGET")
SAMPLE = ("national_2016", "pingxiang_2017", "tongzhou_2017")
"""Regimes whose clauses are always tried; the others with ``--slow``."""

# --- where a clause stands -------------------------------------------------------------------------------------------


def test_every_clause_stands_in_one_place():
    data = as_data(ENTRIES)
    assert set(data) == {*PLACES, "detail"}
    assert sorted(name for place in PLACES for name in data[place]) == sorted(library().clauses)
    assert set(data["detail"]) == set(library().clauses)


def test_no_rule_and_no_target_is_missing():
    assert not [n for n, e in ENTRIES.items() if e.place == "missing" and e.clause.status in BINDING]


def test_a_clause_that_acts_does_not_say_that_nothing_is_simulated():
    both = [e.clause.id for e in ACTING if e.clause.context]
    assert not both, f"take the line `context = ...` from these clauses in scenarios/clauses: {both}"


def test_reasons_are_their_own():
    """No two clauses give the same reason, and none gives it in one language only."""
    reasons = [e.clause.context for e in ENTRIES.values() if e.clause.context]
    for lang in ("zh", "en"):
        assert [text for text, count in Counter(r[lang] for r in reasons).items() if count > 1] == []
    assert all(len(r.zh) >= 10 and len(r.en.split()) >= 6 for r in reasons)


def test_acting_clauses_name_lever_mechanism_and_tests():
    detail = as_data(ENTRIES)["detail"]
    one = detail["ZJ-CLAW-1"]
    assert {use["lever"] for use in one["levers"]} >= {"clawback.multiple"}
    assert {use["mechanism"] for use in one["levers"]} == {"sim/instruments/clawback.py: Clawback"}
    assert (
        "tests/experiments/analysis/test_coverage.py::test_every_clause_moves_its_regime[zhejiang_2015]" in one["tests"]
    )
    for entry in ACTING:
        assert all(use["mechanism"].startswith("sim/instruments/") for use in detail[entry.clause.id]["levers"])


def test_only_some_clauses():
    rules = chosen(ENTRIES, library(), "zhejiang_2015", ["RULE"])
    assert "ZJ-CLAW-1" in rules and "ZJ-TGT-1" not in rules
    assert {e.clause.status for e in rules.values()} == {"RULE"}
    assert {family(name) for name in rules} >= {"ZJ"}
    assert len(chosen(ENTRIES, library())) == len(library().clauses)


# --- what counts as acting -------------------------------------------------------------------------------------------


def test_every_lever_is_named_by_its_instrument():
    levers = library().levers.values()
    assert [lever.key for lever in levers if not is_read(lever.key)] == []
    assert not any(is_read(f"clawback.{name}") for name in ("no_such_lever", "county", "town", "none"))
    assert all(mechanism(lever) for lever in levers)


def test_a_value_that_does_nothing_is_no_act():
    levers = library().levers
    assert is_inert(levers["clawback.multiple"], 0)
    assert not is_inert(levers["clawback.multiple"], 2)
    eligible = levers["call.eligible"]
    assert is_inert(eligible, (1, None, None, None, None, None, None, None))
    assert not is_inert(eligible, (1, 0, None, None, None, None, None, None))


def test_a_reason_moves_a_clause_out_of_missing():
    from experiments.analysis.coverage.register import _entry

    clause = replace(library().clauses["ZJ-CLAW-1"], context=None)
    assert _entry(clause, ()).place == "missing"
    assert _entry(replace(clause, context=Text("无", "none")), ()).place == "context"


# --- taking a clause out ---------------------------------------------------------------------------------------------


def test_a_clause_taken_out_makes_all_levers_that_cite_it_inert_and_no_other():
    (turn,) = clause_turns(library(), ENTRIES["ZJ-LAND-2"])
    cited = {s.lever for s in library().regimes["zhejiang_2015"].values if "ZJ-LAND-2" in s.clause}
    assert set(turn.sets[0]) and set(turn.sets[0]) <= cited
    base, without = (Place("zhejiang", 12).point("zhejiang_2015", s).resolve(library()) for s in ({}, turn.sets[0]))
    assert {k for k in base.levers if base.levers[k] != without.levers[k]} == set(turn.sets[0])
    assert (without.effective_index, without.announced_index) == (base.effective_index, base.announced_index)


def test_a_clause_that_nobody_cites_is_not_tried():
    assert clause_turns(library(), ENTRIES["ZJ-ORG-1"]) == []


def test_a_clause_is_tried_where_it_is_cheapest_first():
    tried = list(places(library(), "pingxiang_2017"))
    assert [(p.world, p.quarters) for p in tried[:3]] == [("pingxiang", 12), ("pingxiang", 24), ("pingxiang", 40)]
    assert tried[3].world == "zhejiang" and tried[3].effective == "2015Q2"
    assert [p.fill for p in tried if p.fill] == list(library().fills)
    assert [p.fill for p in places(library(), "zhejiang_2015") if p.fill] == []


def _by_regime():
    for regime, entries in BY_REGIME.items():
        if entries:
            yield pytest.param(regime, marks=() if regime in SAMPLE else pytest.mark.slow)


@pytest.mark.parametrize("regime", list(_by_regime()))
def test_every_clause_moves_its_regime(regime):
    """Without a clause, its regime's run differs in some bit."""
    moved = check(library(), {e.clause.id: e for e in BY_REGIME[regime]}, workers=1)
    assert not [name for name, one in moved.items() if one is None]
