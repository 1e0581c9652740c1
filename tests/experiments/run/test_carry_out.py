"""One runner: memory and folder give the same, points are resolved once, and what a store keeps comes back."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import scenarios
from experiments.errors import RunFailures
from experiments.plan.behaviour import behaviours_for
from experiments.plan.from_study import plan_of_study
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.carry import Way, carry_out
from experiments.run.engines.choose import Where
from experiments.run.failures import refuse_failures
from experiments.store.agents import packed, unpacked
from experiments.store.folder import Store
from experiments.store.kept import kept_of, scenario_of
from experiments.store.reading import frame, records
from sim.parameters import InputErrors, load_library
from tests import store_tasks, sweep_tasks

ALONE = Way(Where(workers=1))


@pytest.fixture(scope="module")
def library():
    return load_library()


def with_tables(spec):
    """The stand-in's result with the tables that the spec asks for."""
    found = store_tasks.small(spec)
    found.tables = {name: {"id": np.arange(3), "name": np.array(["a", "b", "镇"])} for name in spec.tables}
    return found


def test_memory_and_folder_give_the_same(tmp_path, library):
    plan = store_tasks.plan(
        5, 2, maps=("towns",), tables=("firms",), task="tests.experiments.run.test_carry_out:with_tables"
    )
    memory = carry_out(plan, way=ALONE, library=library)
    folder = carry_out(plan, tmp_path / "s", ALONE, library=library)
    assert memory.finished and folder.finished and memory.counts() == folder.counts()
    pd.testing.assert_frame_equal(frame(memory), frame(folder), check_exact=True)
    one, two = records(memory), records(folder)
    assert repr(sorted(one.items())) == repr(sorted(two.items()))
    first = one[memory.keys[0]].tables
    assert set(first) == {"towns", "firms"} and list(first["towns"]["name"]) == ["a", "b", "镇"]
    assert set(one[memory.keys[1]].tables) == {"firms"}, "maps are of the first replicate"


@pytest.mark.parametrize("where", [Where(workers=2), Where(threads=2)])
def test_memory_is_the_same_whatever_the_engine(library, where):
    plan = sweep_tasks.plan("failing")
    alone, other = (carry_out(plan, way=Way(one), library=library) for one in (Where(workers=1), where))
    pd.testing.assert_frame_equal(frame(alone), frame(other), check_exact=True)
    with pytest.raises(RunFailures, match="4 of 32") as caught:
        refuse_failures(other, library)
    assert caught.value.failures[0].spec.replicate == 3 and caught.value.failures[0].stage == "audit"


def test_a_point_is_resolved_once_from_the_plan_to_the_last_run(tmp_path, library, monkeypatch):
    seen, real = [], Point.resolve
    monkeypatch.setattr(Point, "resolve", lambda self, *given: seen.append(self.id) or real(self, *given))
    record = library.studies["three_regimes"]
    plan = plan_of_study(record, library, replicates=2)
    carry_out(plan, tmp_path / "s", ALONE, library=library, task=sweep_tasks.quick)
    assert sorted(seen) == sorted(one.id for one in record.scenarios)


def test_a_scenario_comes_back_as_it_was(library):
    for regime in ("null", "zhejiang_2015", "tongzhou_2017"):
        made = library.resolve(regime, quarters=20, effective="2016Q1", behaviour={"exit.hazard_year1": 0.03})
        again = scenario_of(json.loads(json.dumps(kept_of(made, library))), library)
        for name in ("regime", "world", "start", "quarters", "effective_index", "announced_index", "fingerprint"):
            assert getattr(again, name) == getattr(made, name)
        assert dict(again.levers) == dict(made.levers) and dict(again.behaviour) == dict(made.behaviour)
        assert dict(again.constants) == dict(made.constants) and dict(again.overridden) == dict(made.overridden)


def test_a_page_can_be_told_when_its_regime_has_changed(tmp_path, library):
    """What the store kept goes before what the scenario files say today."""
    from experiments.analysis.load import scenarios_of

    plan = Plan("p", store_tasks.WORDS, (Point("a", "zhejiang_2015", quarters=8),), crossed(1, 2))
    carry_out(plan, tmp_path / "s", ALONE, library=library, task=sweep_tasks.quick)
    text = (tmp_path / "s" / "plan.json").read_text(encoding="utf-8")
    content = json.loads(text)
    content["scenarios"][0]["levers_not_inert"]["clawback.multiple"] = [[9.0, 8]]
    (tmp_path / "s" / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    assert scenarios_of(Store.open(tmp_path / "s"), library)[0].levers["clawback.multiple"] == (9.0,) * 8


def test_behaviour_of_a_plan_comes_back_with_what_stood_at_its_prior(tmp_path, library):
    drawn = behaviours_for("prior", library, 4, each=1)
    plan = Plan("p", store_tasks.WORDS, (Point("a", "null", quarters=8),), crossed(1, 4), behaviour=drawn)
    again = Store.create(tmp_path / "s", plan, library=library).plan.behaviour
    assert again == drawn and again.each == 1


def test_tables_are_packed_to_the_same_bytes_and_objects_are_refused():
    tables = {"towns": {"key": np.arange(4), "x": np.linspace(0, 1, 4)}, "firms": {"name": np.array(["a", "企业"])}}
    assert packed(tables) == packed(tables) and packed({}) is None and unpacked(None) == {}
    back = unpacked(packed(tables))
    assert [list(columns) for columns in back.values()] == [["key", "x"], ["name"]]
    assert all(
        (back[t][c] == v).all() and back[t][c].dtype == v.dtype for t, cs in tables.items() for c, v in cs.items()
    )
    with pytest.raises(ValueError, match="towns/who"):
        packed({"towns": {"who": np.array([object()])}})


def test_a_fault_in_the_file_of_a_world_is_told_before_anything_runs(tmp_path, library, monkeypatch):
    """The user's mistake in a world is one message with its line, and no run has failed."""
    shutil.copytree(scenarios.ROOT / "worlds", tmp_path / "worlds")
    file = tmp_path / "worlds" / "zhejiang.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('county = "常山县"', 'county = "常山区县"'), encoding="utf-8")
    plan = Plan("try", {}, (Point("a", "zhejiang_2015", quarters=4),), ((0, 0), (0, 1)))
    monkeypatch.setattr(scenarios, "ROOT", tmp_path)
    with pytest.raises(InputErrors, match=r"(?s)zhejiang\.toml, line \d+.*常山区县"):
        carry_out(plan, tmp_path / "store", ALONE, library=library, task=store_tasks.small)
    assert not (tmp_path / "store").exists()
