"""Every byte of a result folder is watched, and stored runs come out again when they are run again."""

from __future__ import annotations

import json

import pytest

from experiments.run.carry import Way, resume
from experiments.run.engines.choose import Where
from experiments.run.verify import SENTENCES, Problem
from experiments.run.verify import verify as check
from experiments.store import manifest
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.merge import finish
from report.text.errors import said, told
from sim.parameters import load_library
from tests import store_tasks, worlds
from tests.store_tasks import bytes_of, made, plan
from xiaozhen.api.comparison import run_study


@pytest.fixture(scope="module")
def library():
    return load_library()


@pytest.fixture
def folder(tmp_path, library):
    """A finished store with a county table, so that every kind of file is there."""
    table = tmp_path / "mine.csv"
    table.write_text("county\n一县\n", encoding="utf-8")
    store = made(tmp_path / "s", library, plan(2, 2, counties=str(table)))
    finish(store)
    return store.folder


def verify(folder, *args, **options):
    """What is found in a store of the stand-in."""
    options.setdefault("task", "tests.store_tasks:small")
    return list(check(folder, *args, **options).problems)


def kinds(problems):
    return [(p.kind, p.where) for p in problems]


def test_a_sound_store_has_no_problem(folder, library):
    before = bytes_of(folder)
    assert verify(folder, sample=4, library=library) == []
    assert bytes_of(folder) == before
    assert set(before) == {"plan.json", "points.parquet", "counties.csv", "runs/part-00000.parquet", "manifest.json",
                           "manifest.sha256"}  # fmt: skip


def test_a_flipped_byte_is_found_in_any_file_at_any_place(folder):
    """Every byte of the small text files, and a spread of places with first and last in the packed ones."""
    for name, content in bytes_of(folder).items():
        every = 1 if len(content) < 300 else 7 if not name.endswith(".parquet") else 211
        places = sorted({*range(0, len(content), every), len(content) - 1})
        for i, place in enumerate(places):
            flipped = bytearray(content)
            flipped[place] ^= 1 << (i % 8)
            (folder / name).write_bytes(bytes(flipped))
            found = verify(folder, sample=0)
            assert any(p.grave for p in found), f"{name}, byte {place}"
            wanted = ("manifest", "manifest.json") if name.startswith("manifest") else ("changed", name)
            assert wanted in kinds(found) or ("manifest", "manifest.json") in kinds(found)
        (folder / name).write_bytes(content)
    assert verify(folder, sample=0) == []


def test_longer_shorter_missing_and_foreign_files_are_found(folder):
    whole = bytes_of(folder)
    for name, content in whole.items():
        for other in (content + b"\n", content[:-1], b""):
            (folder / name).write_bytes(other)
            assert any(p.grave for p in verify(folder, sample=0)), name
        (folder / name).write_bytes(content)
    for name, content in whole.items():
        (folder / name).unlink()
        assert any(p.grave for p in verify(folder, sample=0)), name
        (folder / name).write_bytes(content)
    (folder / "runs" / "part-00009.parquet").write_bytes(b"x")
    assert kinds(verify(folder, sample=0)) == [("foreign", "runs/part-00009.parquet")]


def test_a_forged_manifest_needs_its_digest(folder):
    """Whoever changes a file and its entry is still found by the digest."""
    path = folder / manifest.MANIFEST
    found = json.loads(path.read_text(encoding="utf-8"))
    (folder / "counties.csv").write_text("county\n", encoding="utf-8")
    found["files"].update(manifest.entries(folder, [folder / "counties.csv"]))
    path.write_text(json.dumps(found), encoding="utf-8")
    assert kinds(verify(folder, sample=0)) == [("manifest", "manifest.json")]


def test_a_report_that_is_added_belongs_to_the_folder(folder):
    (folder / "report.html").write_text("x", encoding="utf-8")
    assert kinds(verify(folder, sample=0)) == [("foreign", "report.html")]
    manifest.add(folder, [folder / "report.html"])
    assert verify(folder, sample=0) == []
    assert manifest.read(folder)["counts"]["all"] == 4, "what else the manifest says stays"


def test_a_run_that_comes_out_otherwise_is_found(folder, library, monkeypatch):
    def other(spec):
        found = store_tasks.mapping(spec)
        return {**found, "a": found["a"] + 1e-15}

    monkeypatch.setattr(store_tasks, "small", other)
    found = verify(folder, sample=2, library=library)
    assert [p.kind for p in found] == ["run_differs"] * 2 and all(p.grave for p in found)
    assert found[0].where.startswith("p0, ") and "again" in str(found[0].line())


def test_the_last_bit_counts(tmp_path, library, monkeypatch):
    import math

    store = made(tmp_path / "s", library, plan(1, 1, task="tests.store_tasks:mapping", parts=("summary",)),
                 task=store_tasks.mapping)  # fmt: skip
    finish(store)
    mine = {"library": library, "task": "tests.store_tasks:mapping"}
    assert verify(store.folder, **mine) == []
    monkeypatch.setattr(store_tasks, "mapping", lambda spec: {"a": 0.0, "b": math.nextafter(2.0, 3.0)})
    (found,) = verify(store.folder, **mine)
    assert found.details == {"what": "b", "stored": "2.0", "found": "2.0000000000000004"}


def test_other_sources_are_told_and_no_run_is_run_again(folder, library, monkeypatch):
    then = dict(Store.open(folder).file.versions)
    now = {**then, "model_sources": "0", "numpy": "0.1"}
    monkeypatch.setattr("experiments.run.verify.versions", lambda: now)
    monkeypatch.setattr(store_tasks, "small", None)
    found = verify(folder, library=library)
    assert [p.kind for p in found] == ["sources_differ", "versions_differ"] and not any(p.grave for p in found)
    assert f"numpy {then['numpy']} → 0.1" in said(found[1].line(), "zh")


def test_what_is_said_to_have_been_run_again_was(folder, library):
    mine = {"library": library, "task": "tests.store_tasks:small"}
    found = check(folder, 9, **mine)
    assert (found.rerun, found.wanted, found.holds) == (4, 9, True), "the store has four runs"
    assert check(folder, 0, **mine).holds and check(folder, 0, **mine).rerun == 0


def signed_anew(folder):
    listed = [p for p in manifest.listed_files(folder)]
    head = {k: v for k, v in manifest.read(folder).items() if k != manifest.FILES}
    manifest.write(folder, head, manifest.entries(folder, listed))


def test_runs_that_belong_to_no_run_of_the_plan_are_no_sound_store(folder, library):
    """Numbers forged, the plan moved by one root so that no key can be checked, and everything signed anew."""
    plan_path = folder / "plan.json"
    content = json.loads(plan_path.read_text(encoding="utf-8"))

    def moved(node):
        if isinstance(node, dict):
            return {k: v + 1 if k == "root" else moved(v) for k, v in node.items()}
        return [moved(v) for v in node] if isinstance(node, list) else node

    plan_path.write_text(json.dumps(moved(content)), encoding="utf-8")
    signed_anew(folder)
    found = check(folder, library=library, task="tests.store_tasks:small")
    assert [p.kind for p in found.grave] == ["foreign_runs", "lacking_runs"]
    assert found.rerun == 0 and not found.holds


def test_where_nothing_could_be_run_again_nothing_is_called_verified(folder, library, monkeypatch):
    now = {**Store.open(folder).file.versions, "model_sources": "0"}
    monkeypatch.setattr("experiments.run.verify.versions", lambda: now)
    found = check(folder, library=library, task="tests.store_tasks:small")
    assert not found.grave and found.rerun == 0 and not found.holds
    assert check(folder, 0, library=library).holds


def test_a_forged_folder_is_not_signed_again(folder):
    (folder / "report.html").write_text("x", encoding="utf-8")
    for forge in (folder / "counties.csv", folder / manifest.MANIFEST):
        whole = forge.read_bytes()
        forge.write_bytes(whole + b" ")
        before = bytes_of(folder)
        with pytest.raises(StoreError) as caught:
            manifest.add(folder, [folder / "report.html"])
        assert caught.value.message_id == "broken_manifest" and forge.name in str(caught.value)
        assert bytes_of(folder) == before
        forge.write_bytes(whole)


def test_a_function_that_a_store_names_is_not_run_unless_the_caller_names_it(tmp_path, library, monkeypatch):
    """The file would run at import; the store lies beside it."""
    (tmp_path / "payload.py").write_text("open('ran', 'w').close()\ndef go(spec):\n    return {'a': 1.0}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    store = made(tmp_path / "s", library, plan(1, 2, task="payload:go", parts=("summary",)),
                 task=lambda spec: {"a": 1.0}, which=[0])  # fmt: skip
    for run in (lambda: resume(tmp_path / "s", library=library), lambda: check(tmp_path / "s", library=library)):
        with pytest.raises(StoreError) as caught:
            run()
        assert caught.value.message_id == "foreign_task" and "payload:go" in told(caught.value, "zh")
    assert not (tmp_path / "ran").exists() and not store.finished
    resume(tmp_path / "s", Way(Where(1)), library=library, task="payload:go")
    assert (tmp_path / "ran").exists() and check(tmp_path / "s", library=library, task="payload:go").rerun == 2


def test_an_unfinished_store_has_nothing_to_check_against(tmp_path, library):
    store = made(tmp_path / "s", library)
    assert [p.kind for p in verify(store.folder, sample=3, library=library)] == ["unfinished"]


def test_a_folder_of_something_else_cannot_be_verified(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(StoreError) as caught:
        verify(tmp_path)
    assert caught.value.message_id == "not_a_store"


def test_every_kind_is_told_in_both_languages():
    details = dict.fromkeys(("what", "stored", "found", "n", "foreign", "lacking"), "1")
    for kind in SENTENCES:
        zh, en = (said(Problem(kind, "x", details).line(), lang) for lang in ("zh", "en"))
        assert zh.startswith("x：") and en.startswith("x: ") and zh.isascii() is False


@pytest.mark.slow
def test_a_comparison_is_verified_from_its_plan_with_a_county_table_too(tmp_path):
    """Its runs are made again from the plan that it keeps as data, whatever its command line says."""
    own = worlds.counties()
    out = run_study("three_regimes", out=tmp_path / "r", replicates=2, workers=1, figures=(), counties=own,
                    overrides={"clawback.multiple": 3}).folder  # fmt: skip
    found = check(out, sample=2)
    assert found.problems == () and found.rerun == 2
    for name, content in bytes_of(out).items():
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 16
        (out / name).write_bytes(bytes(flipped))
        assert check(out, sample=0).grave, name
        (out / name).write_bytes(content)


@pytest.mark.slow
def test_runs_of_the_model_come_out_again(tmp_path, library):
    from dataclasses import replace

    from sim.run import run

    whole = plan(2, 2, task="sim.run:run")
    regimes = tuple(replace(p, regime=r) for p, r in zip(whole.points, ("null", "zhejiang_2015"), strict=True))
    store = made(tmp_path / "s", library, replace(whole, points=regimes), task=run)
    finish(store)
    found = check(store.folder, sample=4, library=library, task=store.plan.task)
    assert found.problems == () and found.rerun == 4
