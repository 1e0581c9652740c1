"""Tables of a store for other programs, and a store as a study."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.analysis.load import load_study
from experiments.store.errors import StoreError
from experiments.store.export import TABLES, export, table
from experiments.store.merge import finish
from sim.parameters import load_library
from tests.store_tasks import bytes_of, made, plan


@pytest.fixture(scope="module")
def library():
    return load_library()


@pytest.fixture
def store(tmp_path, library):
    return made(tmp_path / "s", library)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_hold_the_tables(tmp_path, store, kind):
    files = export(store, tmp_path / "out", kind)
    assert [p.name for p in files] == [f"{name}.{kind}" for name in TABLES]
    for path, name in zip(files, TABLES, strict=True):
        found = pd.read_csv(path) if kind == "csv" else pd.read_parquet(path)
        expected = table(store, name)
        assert list(found.columns) == list(expected.columns) and len(found) == len(expected)
        for column in expected.select_dtypes("float").columns:
            pd.testing.assert_series_equal(found[column], expected[column], check_exact=True)
    with pytest.raises(StoreError) as caught:
        export(store, tmp_path / "out", kind)
    assert caught.value.message_id == "exists"
    before = bytes_of(tmp_path / "out")
    export(store, tmp_path / "out", kind, overwrite=True)
    assert bytes_of(tmp_path / "out") == before


@pytest.mark.parametrize(("kind", "tables", "message"), [("doc", TABLES, "bad_kind"), ("csv", ("x",), "bad_table")])
def test_unknown_kinds_and_tables_are_refused(tmp_path, store, kind, tables, message):
    with pytest.raises(StoreError) as caught:
        export(store, tmp_path / "out", kind, tables=tables)
    assert caught.value.message_id == message and not (tmp_path / "out").exists()


def test_factors_keep_their_kind_in_the_table_of_points(store):
    found = table(store, "points")
    assert list(found.length) == [8.0, 12.0] and list(found["kind"]) == ["k0", "k1"]
    assert list(found.title_zh) == ["试验", "试验"] and list(found.quarters) == [8, 12]


def test_a_study_needs_all_parts(tmp_path, library):
    store = made(tmp_path / "s2", library, plan(2, 2, parts=("summary",)))
    with pytest.raises(StoreError) as caught:
        load_study(store.folder, library)
    assert caught.value.message_id == "parts_missing" and "yearly, cohorts" in str(caught.value)


def test_a_replicate_that_failed_once_is_left_out_of_all(store, library):
    study = load_study(store.folder, library)
    assert [[s.replicate for s in g.specs] for g in study.groups] == [[0, 1, 2, 4]] * 2
    assert study.groups[0].runs[0].guards == {"levers_read": ["x.a", "x.b"]}


@pytest.mark.slow
def test_a_study_from_a_store_is_the_study_that_was_run(tmp_path, library):
    """Means, contrasts and guards are the same to the bit."""
    from dataclasses import replace

    from experiments.analysis.guards import check
    from experiments.analysis.load import study_of
    from experiments.plan.plan import Point, crossed
    from experiments.run.carry import Way, carry_out
    from experiments.run.engines.choose import Where
    from sim.run import run

    points = tuple(Point(r, r, quarters=12, title={"zh": r, "en": r}) for r in ("null", "zhejiang_2015"))
    whole = replace(plan(), points=points, runs=crossed(2, 3), task="sim.run:run")
    store = made(tmp_path / "m", library, whole, task=run)
    finish(store)
    found = load_study(store.folder, library)
    fresh = study_of(carry_out(whole, way=Way(Where(1)), library=library), library)
    assert found.fingerprint == fresh.fingerprint
    assert repr(found.estimate_records()) == repr(fresh.estimate_records())
    inert = {key: lever.inert for key, lever in library.levers.items()}
    assert check(found, inert) == check(fresh, inert)
