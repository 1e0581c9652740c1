"""Killed anywhere, out of disk, or pointed at the wrong folder, a store loses no run and breaks nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pandas as pd
import pytest

from experiments.errors import FolderError
from experiments.store import merge
from experiments.store.errors import StoreError, StoreFull
from experiments.store.folder import Store
from experiments.store.layout import STORE as MARK
from experiments.store.merge import finish
from experiments.store.plan_file import SCHEMA
from experiments.store.reading import frame
from experiments.store.record import Record
from experiments.store.shards import ShardWriter
from report.text.errors import told
from sim.parameters import load_library
from tests.store_tasks import bytes_of, made, plan, run_all


class Killed(BaseException):
    """Stands for a signal that cannot be caught."""


@pytest.fixture(scope="module")
def library():
    return load_library()


@contextmanager
def killed_at(step):
    """Stop at the given call that changes the disk; yields a list with the number of calls made."""
    calls, kept = [0], {name: getattr(os, name) for name in ("replace", "fsync", "unlink", "rmdir", "mkdir")}

    def wrapped(real):
        def call(*given, **named):
            calls[0] += 1
            if calls[0] > step:
                raise Killed
            return real(*given, **named)

        return call

    for name, real in kept.items():
        setattr(os, name, wrapped(real))
    try:
        yield calls
    finally:
        for name, real in kept.items():
            setattr(os, name, real)


def many_numbers(i, key):
    """A record of a hundred numbers that do not pack well."""
    return Record(key, summary={f"o{j}": (i + 1) / (j + 3) for j in range(120)})


def steps_of(action):
    """How many calls that change the disk an action makes."""
    with killed_at(10**6) as calls:
        action()
    return calls[0]


@pytest.fixture(scope="module")
def small_parts():
    """Several parts a store, so that there is something between the first and the last."""
    kept, merge.RUNS_A_PART = merge.RUNS_A_PART, 4
    yield
    merge.RUNS_A_PART = kept


@pytest.mark.parametrize(
    ("grown", "stride"),
    [
        (True, 5),
        pytest.param(False, 1, marks=pytest.mark.slow),
        pytest.param(True, 1, marks=pytest.mark.slow),
    ],
    ids=["some", "first", "again"],
)
def test_killed_at_every_step_of_finish(tmp_path, library, small_parts, grown, stride):
    """Every run stays readable at every moment, and the end is the same to the byte."""
    origin = tmp_path / "origin"
    if grown:
        finish(made(origin, library, plan(3)))
    store = made(origin, library)
    expected = frame(store)
    whole = tmp_path / "whole"
    shutil.copytree(origin, whole)
    steps = steps_of(lambda: finish(Store.open(whole)))
    assert steps > 25
    wanted = bytes_of(whole)
    for step in range(0, steps, stride):
        place = tmp_path / f"k{step}"
        shutil.copytree(origin, place)
        with pytest.raises(Killed), killed_at(step):
            finish(Store.open(place))
        left = Store.open(place)
        assert left.counts() == {"all": 10, "done": 8, "failed": 2, "waiting": 0}, step
        pd.testing.assert_frame_equal(frame(left), expected, check_exact=True)
        again = Store.resume(place, library=library)
        assert again.todo() == [], step
        finish(again)
        assert bytes_of(place) == wanted, step
        shutil.rmtree(place)


@pytest.mark.slow
def test_killed_at_every_step_of_create_and_of_a_shard(tmp_path, library):
    """The folder is taken up again whatever was left in it."""

    def work(place):
        made(place, library, plan(2, 1, task="tests.store_tasks:small"), most_runs=1)

    steps = steps_of(lambda: work(tmp_path / "whole"))
    finish(Store.open(tmp_path / "whole"))
    for step in range(steps):
        place = tmp_path / f"k{step}" / "s"
        with pytest.raises(Killed), killed_at(step):
            work(place)
        work(place)
        finish(Store.open(place, clean=True))
        assert bytes_of(place) == bytes_of(tmp_path / "whole"), step


def test_half_written_files_go_only_when_the_store_is_taken_up(tmp_path, library):
    store = made(tmp_path / "s", library)
    half = store.folder / "shards" / "w9-00000.parquet.half"
    half.write_bytes(b"PAR1 half")
    Store.open(store.folder)
    assert half.exists(), "a reader may not disturb a writer"
    Store.open(store.folder, clean=True)
    assert not half.exists()


def test_a_damaged_shard_costs_its_own_runs_only(tmp_path, library):
    store = made(tmp_path / "s", library, most_runs=2)
    victim = sorted((store.folder / "shards").iterdir())[1]
    victim.write_bytes(victim.read_bytes()[:-200])
    assert store.todo() == [2, 3]
    run_all(store, library, name="again")
    victim.unlink()
    finish(store)
    fresh = made(tmp_path / "fresh", library)
    finish(fresh)
    assert bytes_of(store.folder) == bytes_of(fresh.folder)


def test_finish_refuses_while_runs_are_missing_and_while_another_finishes(tmp_path, library):
    store = Store.create(tmp_path / "s", plan(), library=library)
    run_all(store, library, which=[0, 1])
    with pytest.raises(StoreError) as caught:
        finish(store)
    assert caught.value.message_id == "unfinished" and "8" in str(caught.value)
    run_all(store, library)
    fcntl = pytest.importorskip("fcntl")
    with (store.folder / "plan.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreError) as caught:
            finish(store)
    assert caught.value.message_id == "busy"
    finish(store)
    before = bytes_of(store.folder)
    finish(store)
    assert bytes_of(store.folder) == before


def test_a_shard_that_comes_while_others_are_merged_stays(tmp_path, library, monkeypatch):
    store = made(tmp_path / "s", library)
    staged = merge._stage

    def slow(*given):
        staged(*given)
        run_all(store, library, which=[0], name="late")

    monkeypatch.setattr(merge, "_stage", slow)
    finish(store)
    (late,) = (store.folder / "shards").iterdir()
    assert late.name.startswith("late-")


KILLED = """
import sys
from pathlib import Path

from experiments.store.folder import Store
from experiments.store.shards import ShardWriter
from experiments.store.record import Record
store = Store.open(sys.argv[1])
with ShardWriter(store.folder, "w", most_runs=1) as writer:
    for key in store.keys:
        writer.add(Record(key, summary={"a": 1.0}))
        print(key, flush=True)
"""


@pytest.mark.slow
def test_kill_9_in_the_middle_of_writing(tmp_path, library):
    """Whatever a writer said was on the disk is on the disk."""
    store = Store.create(tmp_path / "s", plan(400, 1, parts=("summary",)), library=library)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(store.folder)], stdout=subprocess.PIPE, text=True,
                               cwd=root)  # fmt: skip
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(40)]
    process.kill()
    process.wait()
    assert set(said) <= set(store.done())
    again = Store.resume(store.folder, library=library)
    with ShardWriter(store.folder, "x") as writer:
        for i in again.todo():
            writer.add(Record(again.keys[i], summary={"a": 1.0}))
    finish(again)
    assert frame(again).a.eq(1.0).all() and len(frame(again)) == 400


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root to mount a small file system")
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.slow
def test_a_full_disk_is_told_and_what_was_written_is_sound(tmp_path, library, small_disk):
    store = Store.create(small_disk / "s", plan(400, 1, parts=("summary",)), command="xiaozhen sweep trial",
                         library=library)  # fmt: skip
    records = [
        Record(key, summary={f"o{j}": (i + 1) / (j + 3) for j in range(120)}) for i, key in enumerate(store.keys)
    ]
    writer = ShardWriter(store.folder, "w", most_runs=20)
    with pytest.raises(StoreFull) as caught:
        for record in records:
            writer.add(record)
    error = caught.value
    assert error.message_id == "full" and error.details == {"runs": "20"} and "space" in str(error).lower()
    assert not list(store.folder.rglob("*.half"))
    written = len(store.done())
    assert written > 0 and written % 20 == 0
    saved = tmp_path / "s"
    shutil.copytree(store.folder, saved)
    moved = Store.resume(saved, library=library)
    assert len(moved.todo()) == 400 - written
    with ShardWriter(saved, "w") as writer:
        for i in moved.todo():
            writer.add(records[i])
    finish(moved)
    whole = Store.create(tmp_path / "whole", store.plan, command="xiaozhen sweep trial", library=library)
    with ShardWriter(whole.folder, "w") as writer:
        for record in records:
            writer.add(record)
    finish(whole)
    assert bytes_of(saved) == bytes_of(whole.folder)


def test_a_full_disk_while_finishing_loses_nothing(library, small_disk):
    store = Store.create(small_disk / "s", plan(60, 1, parts=("summary",)), library=library)
    with ShardWriter(store.folder, "w") as writer:
        for i, key in enumerate(store.keys):
            writer.add(many_numbers(i, key))
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    with pytest.raises(StoreFull):
        finish(store)
    filler.unlink()
    assert Store.open(store.folder).counts()["done"] == 60
    shutil.rmtree(store.folder / "staging", ignore_errors=True)


def test_a_newer_store_is_refused_and_untouched(tmp_path, library):
    store = made(tmp_path / "s", library)
    text = (store.folder / "plan.json").read_text(encoding="utf-8")
    (store.folder / "plan.json").write_text(text.replace(f'"{MARK}": {SCHEMA}', f'"{MARK}": {SCHEMA + 1}'))
    before = bytes_of(store.folder)
    for action in (
        lambda: Store.open(store.folder, clean=True),
        lambda: Store.create(store.folder, plan(), library=library),
        lambda: Store.resume(store.folder, library=library),
    ):
        with pytest.raises(StoreError) as caught:
            action()
        assert caught.value.message_id == "newer_schema"
        assert str(SCHEMA + 1) in told(caught.value, "zh") and "newer" in str(caught.value)
    assert bytes_of(store.folder) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [("notes.txt", "mine"), ("plan.json", "{}"), ("plan.json", "[1]"), ("plan.json", "\x00"), ("spec.json", "{}")],
)
def test_a_folder_of_something_else_is_refused_and_untouched(tmp_path, library, name, content):
    place = tmp_path / "s"
    place.mkdir()
    (place / name).write_text(content)
    with pytest.raises(StoreError) as caught:
        Store.open(place, clean=True)
    assert caught.value.message_id == "not_a_store"
    for where, message in ((place, "folder_not_ours"), (place / name, "folder_is_file")):
        with pytest.raises(FolderError) as caught:
            Store.create(where, plan(), library=library, force=True)
        assert caught.value.message_id == message
    assert bytes_of(place) == {name: content.encode()}


def test_a_plan_file_that_lacks_something_gives_one_message(tmp_path, library):
    store = made(tmp_path / "s", library)
    text = (store.folder / "plan.json").read_text(encoding="utf-8")
    (store.folder / "plan.json").write_text(text.replace('"runs": {"points": 2', '"runs": {"pints": 2'))
    with pytest.raises(StoreError) as caught:
        Store.open(store.folder)
    assert caught.value.message_id == "bad_plan" and "points" in str(caught.value)


def test_runs_of_another_model_are_not_mixed_in(tmp_path, library, monkeypatch):
    store = made(tmp_path / "s", library)
    before = bytes_of(store.folder)
    monkeypatch.setattr("experiments.store.keys.source_fingerprint", lambda: "0" * 64)
    for action in (
        lambda: Store.create(store.folder, plan(), library=library),
        lambda: Store.resume(store.folder, library=library),
        lambda: Store.open(store.folder).specs(library),
    ):
        with pytest.raises(StoreError) as caught:
            action()
        assert caught.value.message_id == "other_model" and "model" in str(caught.value)
    assert bytes_of(store.folder) == before
    assert len(frame(Store.open(store.folder))) == 10, "what is there can still be read"


def test_a_store_of_version_1_is_read_and_taken_up(tmp_path, library):
    """Version 1 did not tell under which other versions earlier runs were made."""
    store = made(tmp_path / "s", library)
    expected = frame(store)
    path = store.folder / "plan.json"
    old = (
        path.read_text(encoding="utf-8").replace(f'"{MARK}": {SCHEMA}', f'"{MARK}": 1').replace(' "earlier": [],\n', "")
    )
    assert '"earlier"' not in old
    path.write_text(old, encoding="utf-8")
    pd.testing.assert_frame_equal(frame(Store.open(store.folder)), expected)
    assert path.read_text(encoding="utf-8") == old, "a reader rewrites nothing"
    taken = Store.resume(store.folder, library=library)
    assert f'"{MARK}": {SCHEMA}' in path.read_text(encoding="utf-8") and taken.todo() == []
    path.write_text(old.replace(f'"{MARK}": 1', f'"{MARK}": 0'), encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        Store.open(store.folder)
    assert caught.value.message_id == "old_schema"


def test_other_versions_of_dependencies_are_remembered(tmp_path, library, monkeypatch):
    store = made(tmp_path / "s", library)
    then = dict(store.file.versions)
    monkeypatch.setattr("experiments.store.plan_file.versions", lambda: {**then, "numpy": "9.9"})
    again = Store.resume(store.folder, library=library)
    assert again.file.versions["numpy"] == "9.9" and list(again.file.earlier) == [then]
    assert list(Store.resume(store.folder, library=library).file.earlier) == [then]


def test_a_county_table_travels_with_the_store(tmp_path, library):
    own = tmp_path / "mine.csv"
    own.write_text("county\n", encoding="utf-8")
    store = Store.create(tmp_path / "s", plan(counties=str(own)), library=library)
    own.unlink()
    run_all(Store.open(store.folder), library)
    finish(Store.resume(store.folder, library=library))
    assert (store.folder / "counties.csv").read_text(encoding="utf-8") == "county\n"
    assert str(tmp_path) not in (store.folder / "plan.json").read_text(encoding="utf-8")
