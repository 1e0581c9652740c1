"""Tables of a store for other programs, and a store as a study."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.store import export as room
from experiments.store.errors import StoreError
from experiments.store.export import TABLES, check_size, export, table
from experiments.store.studies import load_study
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


def test_a_workbook_says_what_its_columns_mean(tmp_path, store):
    openpyxl = pytest.importorskip("openpyxl")
    path = export(store, tmp_path / "x.xlsx", "xlsx")[0]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["说明 about", "运行 runs", "逐年 yearly", "批次 cohorts", "情景点 points"]
    about = list(book["说明 about"].values)
    assert about[0][0] == "试验" and about[0][2] == "Trial" and about[1][0] == "xiaozhen sweep trial"
    told = {(row[0], row[1]): row[2:] for row in about[4:]}
    for name, sheet in (("runs", "运行 runs"), ("yearly", "逐年 yearly"), ("points", "情景点 points")):
        rows = list(book[sheet].values)
        expected = table(store, name)
        assert list(rows[0]) == list(expected.columns) and len(rows) - 1 == len(expected)
        assert all(all(told[sheet, column]) for column in expected.columns)
    runs = list(book["运行 runs"].values)
    at = runs[0].index("a")
    # A workbook keeps 16 digits, as Excel shows no more than 15.
    assert [row[at] for row in runs[1:]] == [None if x != x else pytest.approx(x, rel=1e-15) for x in store.frame().a]
    again = export(store, tmp_path / "y.xlsx", "xlsx")[0]
    assert again.read_bytes() == path.read_bytes()


def test_beyond_excels_limits_there_is_one_message_and_no_file(tmp_path, store, monkeypatch):
    monkeypatch.setattr(room, "MOST_ROWS", 10)
    with pytest.raises(StoreError) as caught:
        export(store, tmp_path / "x.xlsx", "xlsx")
    assert caught.value.message_id == "too_long" and "Parquet" in caught.value.render("zh")
    assert list(tmp_path.iterdir()) == [store.folder]
    monkeypatch.setattr(room, "MOST_ROWS", 11)
    check_size({"runs": store.frame()})
    with pytest.raises(StoreError):
        check_size({"runs": pd.concat([store.frame()] * 2)})
    monkeypatch.setattr(room, "MOST_COLUMNS", 3)
    with pytest.raises(StoreError) as caught:
        check_size({"points": table(store, "points")})
    assert caught.value.message_id == "too_wide"


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
    assert caught.value.message_id == "parts_missing" and "yearly, cohorts" in caught.value.render("en")


def test_a_replicate_that_failed_once_is_left_out_of_all(store, library):
    study = load_study(store.folder, library)
    assert [[s.replicate for s in g.specs] for g in study.groups] == [[0, 1, 2, 4]] * 2
    assert study.groups[0].runs[0].guards == {"levers_read": ["x.a", "x.b"]}


@pytest.mark.slow
def test_a_study_from_a_store_is_the_study_that_was_run(tmp_path, library):
    """Means, contrasts and guards are the same to the bit."""
    from dataclasses import replace

    from experiments.analysis.guards import check
    from experiments.analysis.study import Study
    from experiments.plan.behaviour import Behaviours
    from experiments.plan.plan import Point, crossed
    from experiments.run.compare import baselines_of, catalogue, run_scenarios
    from sim.run import run

    points = tuple(Point(r, r, quarters=12, title={"zh": r, "en": r}) for r in ("null", "zhejiang_2015"))
    whole = replace(plan(), points=points, runs=crossed(2, 3), task="sim.run:run")
    store = made(tmp_path / "m", library, whole, task=run)
    store.finish()
    found = load_study(store.folder, library)
    groups = run_scenarios([(p.id, p.title, p.resolve(library)) for p in points], 3, Behaviours(), library, workers=1)
    fresh = Study(found.id, found.title, groups, catalogue(), baselines_of(groups), "", found.worlds)
    assert found.fingerprint == fresh.fingerprint
    assert repr(found.estimate_records()) == repr(fresh.estimate_records())
    inert = {key: lever.inert for key, lever in library.levers.items()}
    assert check(found, inert) == check(fresh, inert)
