"""What goes into a store comes out to the bit, in the same tables, whatever its history."""

from __future__ import annotations

import math
import struct
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.errors import FailedRun
from experiments.store import reading
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.frames import frame
from experiments.store.keys import identity, key_of, run_key, task_sources
from experiments.store.merge import RUNS_A_PART, finish
from experiments.store.query import query
from experiments.store.reading import record_of_row
from experiments.store.record import Record, passing, portable, record_of
from experiments.store.shards import ShardWriter, table_of
from experiments.store.wide import Names, widen
from sim.parameters import load_library
from tests.store_tasks import bytes_of, dead, made, mapping, plan, run_all, small


@pytest.fixture(scope="module")
def library():
    return load_library()


def bits(record: Record):
    """A record with its numbers as bits, so that NaN equals NaN and 0.0 differs from -0.0."""

    def pack(x):
        return struct.pack("<d", x)

    return (
        record.key, record.status, record.stage, record.cause, record.trace, record.years, record.levers_read,
        [(n, pack(x)) for n, x in record.summary.items()],
        [(n, [pack(x) for x in v]) for n, v in record.yearly.items()],
        [(c, [(n, pack(x)) for n, x in v.items()]) for c, v in record.cohorts.items()],
    )  # fmt: skip


NUMBER = st.floats(width=64).map(lambda x: x if x == x else math.nan)
NAME = st.text("abcdefgh_", min_size=1, max_size=4).map(lambda s: "o_" + s)
NUMBERS = st.dictionaries(NAME, NUMBER, max_size=5)


@st.composite
def some_record(draw, number):
    years = tuple(range(2015, 2015 + draw(st.integers(0, 3))))
    if draw(st.integers(0, 5)) == 0:
        return Record(f"key{number}", "failed", "audit", draw(st.text(max_size=20)), draw(st.text(max_size=50)))
    yearly = draw(st.dictionaries(NAME, st.lists(NUMBER, min_size=len(years), max_size=len(years)), max_size=3))
    cohorts = draw(st.dictionaries(st.sampled_from(["2015", "2016", "2017"]), NUMBERS, max_size=3))
    levers = tuple(draw(st.lists(st.sampled_from(["a.b", "c.d", "e.f"]), unique=True)))
    return Record(f"key{number}", "done", "", "", "", draw(NUMBERS), yearly, years, cohorts, levers)


@st.composite
def some_records(draw):
    return [draw(some_record(i)) for i in range(draw(st.integers(1, 8)))]


@settings(max_examples=120, deadline=None)
@given(some_records(), st.integers(1, 4))
def test_any_records_come_back_to_the_bit(records, cut):
    """Through shards' lists and the run table's columns, in pieces of any size, names and order included."""
    import pyarrow as pa

    names = Names()
    names.see(row for r in records for row in table_of([r]).column("layout").to_pylist())
    pieces = [widen(table_of(records[i : i + cut])) for i in range(0, len(records), cut)]
    joined = pa.concat_tables([names.schema().empty_table(), *pieces], promote_options="default")
    with tempfile.TemporaryDirectory() as place:
        from pyarrow import parquet

        from experiments.store.merge import options
        from experiments.store.shards import write_parquet

        write_parquet(joined, Path(place) / "x.parquet", **options(joined.schema))
        back = [record_of_row(row) for row in parquet.read_table(Path(place) / "x.parquet").to_pylist()]
    assert [bits(r) for r in back] == [bits(r) for r in records]


def test_the_store_gives_the_table_that_memory_gives(tmp_path, library):
    store = made(tmp_path / "s", library)
    specs = store.specs(library)
    results = [None if s.replicate == 3 else small(s).summary for s in specs]
    expected = frame(store.plan, results)
    pd.testing.assert_frame_equal(reading.frame(store), expected, check_exact=True)
    before = {k: bits(r) for k, r in reading.records(store).items()}
    finish(store)
    again = Store.open(tmp_path / "s")
    pd.testing.assert_frame_equal(reading.frame(again), expected, check_exact=True)
    assert {k: bits(r) for k, r in reading.records(again).items()} == before
    assert again.counts() == {"all": 10, "done": 8, "failed": 2, "waiting": 0}
    assert list(reading.failures(again).replicate) == [3, 3]
    assert set(reading.failures(again).stage) == {"audit"}


def test_yearly_and_cohorts_are_long_tables(tmp_path, library):
    store = made(tmp_path / "s", library)
    for _ in range(2):
        yearly, cohorts = reading.yearly(store), reading.cohorts(store)
        assert len(yearly) == 4 * 2 + 4 * 3 and list(yearly.columns) == ["run", "point", "replicate", "year", "y", "z"]
        one = yearly[(yearly.point == "p1") & (yearly.replicate == 2)]
        assert list(one.year) == [2015, 2016, 2017]
        assert list(one.y) == [0.0, 0.2, 0.4] and one.z.isna().all()
        row = cohorts[(cohorts.run == 4) & (cohorts.cohort == "2016")].iloc[0]
        assert (row.towns, row.late) == (46.0, 0.4) and math.isnan(row.gone)
        finish(store)


def test_same_bytes_whatever_the_history(tmp_path, library):
    """Order, shard sizes, writers, interruptions and a worker that died in between leave no trace."""
    one = made(tmp_path / "one" / "s", library)
    finish(one)
    two = Store.create(tmp_path / "two" / "s", plan(), command="xiaozhen sweep trial", library=library)
    specs = two.specs(library)
    with ShardWriter(two.folder, "lost") as writer:
        writer.add(record_of(two.keys[1], dead(specs[1]), two.plan.parts))
    assert two.todo() == list(range(10)), "a run whose process died is run again"
    run_all(two, library, which=[7, 2, 9], most_runs=1)
    again = Store.resume(tmp_path / "two" / "s", library=library)
    assert again.todo() == [0, 1, 3, 4, 5, 6, 8]
    run_all(again, library, order=lambda todo: reversed(list(todo)), name="other", most_runs=2)
    run_all(again, library, which=[0, 1], name="twice")
    finish(again)
    assert bytes_of(two.folder) == bytes_of(one.folder)
    assert not (one.folder / "shards").exists()


def test_more_replicates_and_points_reuse_what_is_there(tmp_path, library):
    store = made(tmp_path / "s", library)
    finish(store)
    larger = Store.create(tmp_path / "s", plan(7, 3), command="xiaozhen sweep trial", library=library)
    assert not larger.finished
    assert [larger.plan.runs[i] for i in larger.todo()] == [
        (p, k) for p in range(3) for k in range(7) if k > 4 or p == 2
    ]
    old, new = (reading.frame(s).dropna(subset="a").reset_index(drop=True)[["a", "c"]] for s in (store, larger))
    pd.testing.assert_frame_equal(new, old)
    run_all(larger, library)
    finish(larger)
    fresh = made(tmp_path / "fresh", library, plan(7, 3))
    finish(fresh)
    assert bytes_of(larger.folder) == bytes_of(fresh.folder)


def test_a_plan_that_would_lose_runs_is_refused(tmp_path, library):
    store = made(tmp_path / "s", library)
    finish(store)
    before = bytes_of(store.folder)
    with pytest.raises(StoreError) as caught:
        Store.create(tmp_path / "s", plan(4), library=library)
    assert caught.value.message_id == "other_plan" and caught.value.details["runs"] == "2"
    with pytest.raises(StoreError):
        Store.create(tmp_path / "s", plan(5, root=1), library=library)
    assert bytes_of(store.folder) == before


def test_equal_points_are_run_once(tmp_path, library):
    """Points of equal parameters share a key; each has its row all the same."""
    from dataclasses import replace

    base = plan(2, 1)
    double = replace(base, points=(base.points[0], replace(base.points[0], id="same")), runs=((0, 0), (1, 0), (1, 1)))
    store = Store.create(tmp_path / "s", double, library=library)
    assert store.todo() == [0, 2]
    run_all(store, library)
    finish(store)
    assert list(reading.frame(Store.open(tmp_path / "s")).point) == ["p0", "same", "same"]


def test_a_task_may_give_plain_numbers(tmp_path, library):
    store = made(tmp_path / "s", library, plan(task="tests.store_tasks:mapping", parts=("summary",)), task=mapping)
    finish(store)
    found = reading.frame(store)
    assert list(found.a) == [0.0, 1.0, 2.0, 3.0, 4.0] * 2 and set(found.b) == {2.0}
    assert reading.yearly(store).empty and reading.cohorts(store).empty


def test_parts_not_asked_for_are_not_kept(tmp_path, library):
    store = made(tmp_path / "s", library, plan(parts=("summary",)))
    assert all(not r.yearly and not r.cohorts for r in reading.records(store).values())
    assert small(store.specs(library)[0]).summary.keys() <= set(reading.frame(store).columns)


def test_queries_agree_before_and_after_finish(tmp_path, library):
    store = made(tmp_path / "s", library)
    asked = [
        "SELECT kind, count(*) AS n, avg(a) AS a FROM runs JOIN points USING (point) GROUP BY kind ORDER BY kind",
        "SELECT year, count(*) AS n, sum(y) AS y FROM yearly GROUP BY year ORDER BY year",
        "SELECT cohort, max(towns) AS towns FROM cohorts GROUP BY cohort ORDER BY cohort",
    ]
    before = [query(store, q) for q in asked]
    finish(store)
    for old, new in zip(before, [query(store, q) for q in asked], strict=True):
        pd.testing.assert_frame_equal(old, new)
    assert list(before[0].n) == [5, 5] and list(before[1].n) == [8, 8, 4] and list(before[2].towns) == [37.0, 46.0]
    with pytest.raises(StoreError) as caught:
        query(store, "SELECT nothing FROM runs")
    assert "nothing" in str(caught.value)


LEAVING = {
    "SELECT * FROM read_text('{file}')": "outside_store",
    "SELECT * FROM read_csv('{file}')": "outside_store",
    "SELECT * FROM '{file}'": "outside_store",
    "SELECT * FROM glob('{folder}/*')": "outside_store",
    "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')": "outside_store",
    "SELECT * FROM mine": "bad_query",
    "COPY (SELECT 1 AS a) TO '{folder}/out.parquet'": "not_a_select",
    "COPY (SELECT 1 AS a) TO '{part}'": "not_a_select",
    "ATTACH '{folder}/other.db'": "not_a_select",
    "EXPORT DATABASE '{folder}/all'": "not_a_select",
    "INSTALL httpfs": "not_a_select",
    "LOAD httpfs": "not_a_select",
    "SET enable_external_access = true": "not_a_select",
    "RESET enable_external_access": "not_a_select",
    "PRAGMA enable_profiling": "not_a_select",
    "DROP VIEW runs": "not_a_select",
    "CREATE TABLE a AS SELECT 1": "not_a_select",
    "SELECT 1; SELECT 2": "not_a_select",
    "": "not_a_select",
    "-- nothing": "not_a_select",
}


@pytest.mark.parametrize("finished", [False, True])
def test_a_query_reads_its_store_and_nothing_else(tmp_path, library, finished):
    store = made(tmp_path / "s", library)
    if finished:
        finish(store)
    other, mine = tmp_path / "other.csv", pd.DataFrame({"secret": [1]})
    other.write_text("secret\n1\n", encoding="utf-8")
    part = next(iter(sorted((tmp_path / "s").rglob("*.parquet"))))
    before = bytes_of(tmp_path / "s")
    for sql, why in LEAVING.items():
        with pytest.raises(StoreError) as caught:
            query(store, sql.format(file=other.as_posix(), folder=tmp_path.as_posix(), part=part.as_posix()))
        assert caught.value.message_id == why, sql
    assert bytes_of(tmp_path / "s") == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other.csv", "s"] and len(mine) == 1
    assert query(store, "WITH a AS (SELECT count(*) AS n FROM runs) SELECT n FROM a").n[0] == 10


def test_parts_are_cut_at_a_fixed_number_of_runs(tmp_path, library):
    """A plan larger than a part, its shards in an order of their own."""
    count = RUNS_A_PART + 10
    store = Store.create(tmp_path / "s", plan(count, 1, parts=("summary",)), library=library)
    records = [Record(key, summary={"a": float(i)}) for i, key in enumerate(store.keys)]
    for start in range(7):
        with ShardWriter(store.folder, f"w{start}", most_runs=10**6) as writer:
            for record in records[start::7]:
                writer.add(record)
    finish(store)
    assert sorted(p.name for p in (store.folder / "runs").iterdir()) == ["part-00000.parquet", "part-00001.parquet"]
    assert np.array_equal(reading.frame(store).a, np.arange(count, dtype=float))
    assert query(store, "SELECT sum(a) AS s FROM runs").s[0] == count * (count - 1) / 2


def test_keys_hold_what_moves_a_run_and_nothing_else(tmp_path, library):
    specs = plan(2, 2).specs(library)
    key = run_key(specs[0], task="sim.run:run", parts=("summary",))
    others = [
        run_key(specs[1], task="sim.run:run", parts=("summary",)),
        run_key(specs[2], task="sim.run:run", parts=("summary",)),
        run_key(specs[0], task="calibration.moments:simulate", parts=("summary",)),
        run_key(specs[0], task="sim.run:run", parts=("summary", "yearly")),
        run_key(plan(2, 2, root=5).specs(library)[0], task="sim.run:run", parts=("summary",)),
    ]
    assert len({key, *others}) == 6
    common = identity(task="sim.run:run", parts=("summary",), root=specs[0].root, counties=None)
    assert key == key_of(common, specs[0].scenario.fingerprint, 0)
    assert task_sources("sim.run:run") == "" != task_sources("calibration.moments:simulate")


def test_failures_tell_nothing_about_the_machine(library):
    spec = plan(5, 1).specs(library)[3]
    from experiments.run.tasks import guarded

    record = record_of("k", guarded(small, spec), ("summary",))
    assert record.stage == "audit" and "0x…" in record.cause
    assert 'File "experiments/run/tasks.py"' in record.trace and 'File "tests/store_tasks.py"' in record.trace
    inside = 'File "' + "/".join(["", "somewhere", "site-packages", "numpy", "x.py"]) + '"'
    assert portable(inside) == 'File "numpy/x.py"'


def test_which_failures_pass_by_themselves():
    assert passing("worker", "anything")
    assert passing("run", "OSError: [Errno 28] No space left on device") and passing("run", "MemoryError: ")
    assert passing("run", "FileNotFoundError: x")
    assert not passing("audit", "LedgerError: x") and not passing("run", "ValueError: OSError")


def test_a_model_error_is_kept_and_a_dead_worker_is_run_again(tmp_path, library):
    store = Store.create(tmp_path / "s", plan(2, 1), library=library)
    specs = store.specs(library)
    failed = [FailedRun(specs[0], "worker", "died"), FailedRun(specs[1], "audit", "ValueError: x")]
    with ShardWriter(store.folder, "w") as writer:
        for key, result in zip(store.keys, failed, strict=True):
            writer.add(record_of(key, result, ("summary",)))
    assert set(store.done()) == {store.keys[1]} and store.todo() == [0]
    assert len(store.done(final=True)) == 2
    finish(store)
    assert Store.open(tmp_path / "s").todo() == [0], "even when the store was finished with it"
    run_all(Store.resume(tmp_path / "s", library=library), library)
    finish(store)
    assert store.counts()["done"] == 1 and store.todo() == []
