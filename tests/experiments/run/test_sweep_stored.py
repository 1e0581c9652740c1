"""A stored sweep: the same bytes whatever ran it, failures as records, and gaps filled."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from experiments.store.reading import failures
from report.text.errors import said, told

os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH"))))

from experiments.plan.errors import PlanError
from experiments.run.carry import carry_out, resume
from experiments.run.engines.errors import EngineError
from experiments.run.errors import SweepError
from experiments.run.evaluate import evaluate
from experiments.run.evaluate import stored as stored_by
from experiments.store.folder import Store
from sim.parameters import load_library
from tests import sweep_tasks

LIBRARY = load_library()


def stored(folder, **how):
    """The evaluator, without reading the scenario files each time."""
    return stored_by(folder, library=LIBRARY, **how)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serial") / "out"
    stored(folder, workers=1)(sweep_tasks.plan())
    return sweep_tasks.hashes(folder)


def test_a_stored_sweep_gives_the_table_of_one_in_memory(tmp_path):
    plan = sweep_tasks.plan()
    seen = []
    found = stored(tmp_path / "out", workers=1, progress=lambda *now: seen.append(now))(plan)
    pd.testing.assert_frame_equal(found, evaluate(plan, workers=1, library=LIBRARY))
    assert seen[-1] == (32, 32)
    assert seen == sorted(seen)


@pytest.mark.parametrize("how", [{"workers": 2}, {"threads": 3}, {"executor": "pool"}])
def test_every_engine_leaves_the_same_bytes(tmp_path, expected, how):
    if how.get("executor"):
        with ThreadPoolExecutor(2) as pool:
            stored(tmp_path / "out", executor=pool)(sweep_tasks.plan())
    else:
        stored(tmp_path / "out", **how)(sweep_tasks.plan())
    assert sweep_tasks.hashes(tmp_path / "out") == expected


def test_shards_leave_the_same_bytes_and_the_last_merges(tmp_path, expected):
    for i in (2, 1, 3):
        assert not Store.create(tmp_path / "out", sweep_tasks.plan(), library=LIBRARY).finished
        stored(tmp_path / "out", workers=1, shard=f"{i}/3")(sweep_tasks.plan())
    assert Store.open(tmp_path / "out").finished
    assert sweep_tasks.hashes(tmp_path / "out") == expected


def test_resume_merges_shards_that_nobody_merged(tmp_path, expected):
    stored(tmp_path / "out", workers=1, shard="1/2")(sweep_tasks.plan())
    assert not Store.open(tmp_path / "out").finished
    resume(tmp_path / "out", library=LIBRARY, task="tests.sweep_tasks:quick")
    assert sweep_tasks.hashes(tmp_path / "out") == expected


def test_a_second_sweep_of_the_same_plan_runs_nothing(tmp_path, expected):
    stored(tmp_path / "out", workers=1)(sweep_tasks.plan())
    seen = []
    stored(tmp_path / "out", workers=1, progress=lambda *now: seen.append(now))(sweep_tasks.plan())
    assert seen == []
    assert sweep_tasks.hashes(tmp_path / "out") == expected


def test_more_replicates_reuse_the_old(tmp_path, expected):
    stored(tmp_path / "out", workers=1)(sweep_tasks.plan(replicates=5))
    seen = []
    stored(tmp_path / "out", workers=1, progress=lambda *now: seen.append(now))(sweep_tasks.plan())
    assert seen[0][0] > 20
    assert sweep_tasks.hashes(tmp_path / "out") == expected


@pytest.mark.parametrize("how", [{"workers": 1}, {"workers": 2}, {"threads": 2}])
def test_a_failing_run_is_a_record_and_the_sweep_goes_on(tmp_path, how):
    table = stored(tmp_path / "out", **how)(sweep_tasks.plan("failing"))
    assert list(table.loc[table.status == "failed", "replicate"]) == [3] * 4
    failed = failures(Store.open(tmp_path / "out"))
    assert set(failed.stage) == {"audit"}
    assert "account 7 does not balance" in failed.cause.iloc[0]
    if how != {"workers": 1}:
        stored(tmp_path / "serial", workers=1)(sweep_tasks.plan("failing"))
        assert sweep_tasks.hashes(tmp_path / "out") == sweep_tasks.hashes(tmp_path / "serial")


def test_who_kills_its_worker_twice_is_a_record(tmp_path):
    table = stored(tmp_path / "out", workers=2)(sweep_tasks.plan("dying", points=2))
    assert list(table.loc[table.status == "failed", "replicate"]) == [5, 5]
    assert set(failures(Store.open(tmp_path / "out")).stage) == {"worker"}


def test_a_worker_that_dies_once_costs_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XIAOZHEN_TEST_MARK", str(tmp_path / "mark"))
    table = stored(tmp_path / "out", workers=2)(sweep_tasks.plan("dying_once"))
    assert (tmp_path / "mark").exists()
    assert set(table.status) == {"done"}


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"shard": "4/3"}, SweepError),
        ({"shard": "0/3"}, SweepError),
        ({"shard": "half"}, SweepError),
        ({"workers": 0}, EngineError),
        ({"threads": -1}, EngineError),
        ({"workers": 2, "threads": 2}, EngineError),
    ],
)
def test_bad_requests_touch_nothing(tmp_path, how, error):
    with pytest.raises(error) as caught:
        stored(tmp_path / "out", **how)(sweep_tasks.plan())
    for lang in ("zh", "en"):
        assert "\n" not in said(caught.value.sentence(), lang)
    assert not (tmp_path / "out").exists()


def test_a_plan_without_runs_touches_nothing(tmp_path):
    with pytest.raises(PlanError):
        stored(tmp_path / "out")(sweep_tasks.plan(replicates=0))
    assert not (tmp_path / "out").exists()


def test_workers_import_nothing_from_the_folder_one_stands_in(tmp_path, expected, monkeypatch):
    for name in ("pickle.py", "sim.py", "json/__init__.py"):
        path = tmp_path / "here" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("raise SystemExit('not ours')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    stored(tmp_path / "out", workers=2)(sweep_tasks.plan())
    assert sweep_tasks.hashes(tmp_path / "out") == expected
    assert "PYTHONSAFEPATH" not in os.environ


def test_a_pilot_is_kept_and_whoever_declines_can_go_on(tmp_path, expected):
    from experiments.run.carry import Way
    from experiments.run.engines.choose import Where

    asked = []
    with pytest.raises(SweepError) as caught:
        carry_out(
            sweep_tasks.plan(),
            tmp_path / "out",
            Way(Where(1), consent=lambda e: bool(asked.append(e))),
            library=LIBRARY,
        )
    assert "xiaozhen resume" in told(caught.value, "zh")
    estimate = asked[0]
    assert (estimate.runs, estimate.waiting) == (32, 32 - estimate.pilot)
    assert estimate.outcome == "completion_common"
    assert 0 < estimate.half_width < 1
    assert len(Store.open(tmp_path / "out").done()) == estimate.pilot
    resume(tmp_path / "out", Way(Where(1)), library=LIBRARY, task="tests.sweep_tasks:quick")
    assert sweep_tasks.hashes(tmp_path / "out") == expected
