"""A store's tables as CSV or Parquet; ``report.pages.workbook`` makes a workbook of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from experiments.store.disk import replace_file, told
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.points import points_table
from experiments.store.reading import cohorts, frame, yearly
from experiments.store.tables import BOM

KINDS = ("csv", "parquet")
TABLES = ("runs", "yearly", "cohorts", "points")


def export(
    store: Store, out: str | Path, kind: str, *, tables: Sequence[str] = TABLES, overwrite: bool = False
) -> list[Path]:
    """Write a store's tables for other programs, to every bit of a number.

    Args:
        store: A store, finished or not.
        out: A folder.
        kind: One of :data:`KINDS`.
        tables: Which of :data:`TABLES`; tables without rows are left out.
        overwrite: Replace files of the same name.

    Returns:
        The files written.

    Raises:
        StoreError: If the kind or a table is not known, a file exists, or the place cannot be written; nothing is
            written then.
    """
    place = Path(out)
    if kind not in KINDS:
        raise StoreError("bad_kind", found=kind, allowed=", ".join(KINDS))
    frames = tables_of(store, tables, () if overwrite else (place / f"{name}.{kind}" for name in tables))
    with told(place):
        place.mkdir(parents=True, exist_ok=True)
        return [_file(found, place / f"{name}.{kind}", kind) for name, found in frames.items()]


def tables_of(store: Store, tables: Sequence[str], new: Iterable[Path] = ()) -> dict[str, pd.DataFrame]:
    """Some of :data:`TABLES` by name, those without rows left out.

    Args:
        store: The store.
        tables: Which.
        new: Files that must not exist yet.

    Raises:
        StoreError: If a table is not known or a file exists.
    """
    for name in tables:
        if name not in TABLES:
            raise StoreError("bad_table", found=name, allowed=", ".join(TABLES))
    for path in new:
        if path.exists():
            raise StoreError("exists", file=path.name)
    return {name: found for name in tables if len(found := table(store, name))}


def table(store: Store, name: str) -> pd.DataFrame:
    """One of :data:`TABLES` as a pandas frame."""
    if name == "points":
        found: pd.DataFrame = points_table(store.file).to_pandas()
        return found
    return {"runs": frame, "yearly": yearly, "cohorts": cohorts}[name](store)


def _file(table: pd.DataFrame, path: Path, kind: str) -> Path:
    def csv(half: Path) -> None:
        with half.open("wb") as file:
            file.write(BOM)
            table.to_csv(file, index=False, lineterminator="\n")

    replace_file(path, csv if kind == "csv" else lambda half: table.to_parquet(half, index=False, compression="zstd"))
    return path
