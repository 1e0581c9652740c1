"""Read a store as tables and records, finished or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from experiments.store.agents import unpacked
from experiments.store.folder import Store
from experiments.store.frames import columns_of
from experiments.store.index import scan
from experiments.store.record import DONE, Record
from experiments.store.rows import PLAN_COLUMNS, chunks
from experiments.store.wide import COHORTS, OWN, YEARLY, read_layout

MISSING = "waiting"
"""Status of a run of the plan that has no record yet."""
ROWS_AT_ONCE = 8192


def tables(store: Store) -> Iterator[pa.Table]:
    """The run table in canonical order, a bounded number of rows at a time."""
    return chunks(store, scan(store.source), ROWS_AT_ONCE)


def frame(store: Store) -> pd.DataFrame:
    """One row a run: run, point, replicate, status, the factors by name, then the outcomes.

    A run without a record has the status "waiting".
    """
    parts = [table.drop_columns([c for c in table.column_names if _is_list(table, c)]) for table in tables(store)]
    table = pa.concat_tables(parts)
    count, at = len(store.keys), table.column("run").to_numpy()
    status = np.full(count, MISSING, dtype=object)
    status[at] = table.column("status").to_numpy(zero_copy_only=False)
    outcomes: dict[str, Any] = {}
    for name in table.column_names[len(PLAN_COLUMNS) + len(OWN) :]:
        outcomes[name] = np.full(count, np.nan)
        outcomes[name][at] = table.column(name).to_numpy()
    return columns_of(store.plan, status.tolist(), outcomes)


def _is_list(table: pa.Table, name: str) -> bool:
    return bool(pa.types.is_list(table.schema.field(name).type))


def yearly(store: Store) -> pd.DataFrame:
    """Columns run, point, replicate, year, then one for each yearly outcome."""
    return _long(store, "years", "year", YEARLY)


def cohorts(store: Store) -> pd.DataFrame:
    """Columns run, point, replicate, cohort, then one for each outcome of cohorts."""
    return _long(store, "cohorts", "cohort", COHORTS)


def _long(store: Store, column: str, axis: str, prefix: str) -> pd.DataFrame:
    return pd.concat([_unfold(table, column, axis, prefix).to_pandas() for table in tables(store)], ignore_index=True)


def _unfold(table: pa.Table, column: str, axis: str, prefix: str) -> pa.Table:
    """One row for each element of the lists; rows whose lists are missing are filled with null."""
    where = pc.list_parent_indices(table.column(column))
    columns = {name: table.column(name).take(where) for name in PLAN_COLUMNS}
    columns[axis] = pc.list_flatten(table.column(column))
    for name in (n for n in table.column_names if n.startswith(prefix)):
        lists = table.column(name)
        flat = np.full(len(where), np.nan)
        inside = np.isin(where.to_numpy(), np.flatnonzero(lists.is_valid().to_numpy()))
        flat[inside] = pc.list_flatten(lists).to_numpy(zero_copy_only=False)
        columns[name.removeprefix(prefix)] = pa.array(flat)
    return pa.table(columns)


def failures(store: Store) -> pd.DataFrame:
    """Columns run, point, replicate, stage, cause, trace."""
    names = ["run", "point", "replicate", "stage", "cause", "trace"]
    found = [t.filter(pc.not_equal(t.column("status"), DONE)).select(names).to_pandas() for t in tables(store)]
    return pd.concat(found, ignore_index=True)


def records(store: Store, keys: Sequence[str] | None = None) -> dict[str, Record]:
    """Whole records by key; all of the plan unless told."""
    wanted = set(store.keys if keys is None else keys)
    found: dict[str, Record] = {}
    for table in tables(store):
        at = [i for i, key in enumerate(table.column("key").to_pylist()) if key in wanted and key not in found]
        found |= {row["key"]: record_of_row(row) for row in table.take(pa.array(at, pa.int64())).to_pylist()}
    return found


def record_of_row(row: dict[str, Any]) -> Record:
    """The record that a row of the run table holds."""
    layout = read_layout(row["layout"])
    cohorts = {c: {name: row[COHORTS + name][i] for name in names} for i, (c, names) in enumerate(layout.cohorts)}
    return Record(
        row["key"], row["status"], row["stage"], row["cause"], row["trace"],
        summary={name: row[name] for name in layout.summary},
        yearly={name: row[YEARLY + name] for name in layout.yearly},
        years=layout.years,
        cohorts=cohorts,
        levers_read=tuple(row["levers_read"].split()),
        tables=unpacked(row.get("tables")),
    )  # fmt: skip
