"""Ask a store with SQL: DuckDB over the run table, its yearly and cohort rows, and the points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from experiments.store.errors import StoreError
from experiments.store.folder import Folder, Store
from experiments.store.index import RUNS, Files
from experiments.store.points import points_table
from experiments.store.reading import tables
from experiments.store.rows import PLAN_COLUMNS
from experiments.store.wide import COHORTS, YEARLY


def query(store: Store, sql: str) -> pd.DataFrame:
    """Ask DuckDB over the views ``runs``, ``yearly``, ``cohorts`` and ``points``.

    Of a finished store DuckDB reads the files themselves, and of them only the columns and rows it needs.

    Raises:
        StoreError: If the query does not hold.
    """
    import duckdb  # heavy, and only questions need it

    with connect(store) as connection:
        try:
            asked = connection.extract_statements(sql)
            if [statement.type for statement in asked] != [duckdb.StatementType.SELECT]:
                raise StoreError("not_a_select", key=store.name)
            found: pd.DataFrame = connection.execute(asked[0]).df()
        except duckdb.PermissionException as error:
            raise StoreError("outside_store", key=store.name) from error
        except duckdb.Error as error:
            what = str(error).strip().splitlines()[0]
            raise StoreError("bad_query", key=store.name, details={"what": what}) from error
    return found


def connect(store: Store) -> Any:
    """A DuckDB connection with the views ``runs``, ``yearly``, ``cohorts`` and ``points``; the caller closes it.

    It reads the files of the store and nothing else: no other file, no network, no extension, no variable of the
    calling program, and none of that can be switched on again.
    """
    import duckdb  # heavy, and only questions need it

    connection = duckdb.connect()
    files: list[Path] = []
    connection.register("points", points_table(store.file))
    if isinstance(store, Folder) and isinstance(store.source, Files) and store.finished:
        files = sorted((store.folder.resolve() / RUNS).glob("*.parquet"))
        names = parquet.read_schema(files[0]).names
        listed = ", ".join(f"'{_text(path.as_posix())}'" for path in files)
        connection.execute(f"CREATE VIEW stored AS SELECT * FROM read_parquet([{listed}])")
    else:
        table = pa.concat_tables(tables(store))
        names = table.column_names
        connection.register("stored", table)
    for statement in (*_views(names), *_locks(files)):
        connection.execute(statement)
    return connection


def _locks(files: Sequence[Path]) -> list[str]:
    """What shuts a connection up with its own files; ``COPY`` to one of them is no ``SELECT`` and refused before."""
    listed = ", ".join(f"'{_text(path.as_posix())}'" for path in files)
    return [
        "SET python_enable_replacements = false",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        f"SET allowed_paths = [{listed}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ]


def _text(value: str) -> str:
    return value.replace("'", "''")


def _name(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def _views(names: Sequence[str]) -> list[str]:
    lists = [n for n in names if n in ("years", "cohorts") or n.startswith((YEARLY, COHORTS))]
    plain = ", ".join(_name(n) for n in names if n not in lists and n not in ("layout", "tables"))
    return [
        f"CREATE VIEW runs AS SELECT {plain} FROM stored",
        _unfolded("yearly", "years", "year", [n for n in lists if n.startswith(YEARLY)], YEARLY),
        _unfolded("cohorts", "cohorts", "cohort", [n for n in lists if n.startswith(COHORTS)], COHORTS),
    ]


def _unfolded(view: str, axis: str, called: str, lists: Sequence[str], prefix: str) -> str:
    """A view with one row for each element of the lists."""
    columns = [f"unnest({_name(n)}) AS {_name(n.removeprefix(prefix))}" for n in lists]
    chosen = ", ".join([*PLAN_COLUMNS, f"unnest({_name(axis)}) AS {called}", *columns])
    return f"CREATE VIEW {view} AS SELECT {chosen} FROM stored"
