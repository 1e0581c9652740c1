"""Which runs a store holds: read from the tables themselves, so that no index can disagree with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import pyarrow as pa
from pyarrow import parquet

from experiments.store.disk import TEMPORARY
from experiments.store.errors import StoreError
from experiments.store.record import DONE, passing
from experiments.store.shards import SHARDS

RUNS = "runs"
READY = "ready"
"""Where a finished store's files stand for the moment before they move to their places."""


class Place(NamedTuple):
    """Where a run's record stands.

    Attributes:
        file: Name of the table, see :class:`Source`.
        row: Row in that table.
        status: "done" or "failed".
        again: Whether the run failed for a passing reason and is run again at resume.
    """

    file: str
    row: int
    status: str
    again: bool


class Source(Protocol):
    """Where records stand: tables of shards or of a finished store, by name."""

    def names(self) -> list[str]:
        """Names of the tables, those of a finished store first."""

    def read(self, name: str, columns: list[str] | None = None, *, check: bool = True) -> pa.Table:
        """One table.

        Args:
            name: From :meth:`names`.
            columns: Which columns; all unless told.
            check: Compare every page with its checksum.

        Raises:
            StoreError: If it cannot be read.
        """


class Files:
    """The Parquet files of a folder, by path relative to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Those of a finished store, then shards, each sorted."""
        parts = [*self.folder.glob(f"{RUNS}/*.parquet"), *self.folder.glob(f"{READY}/{RUNS}/*.parquet")]
        found = [*sorted(parts), *sorted(self.folder.glob(f"{SHARDS}/*.parquet"))]
        return [path.relative_to(self.folder).as_posix() for path in found]

    def read(self, name: str, columns: list[str] | None = None, *, check: bool = True) -> pa.Table:
        """One file."""
        try:
            return parquet.read_table(
                self.folder / name, columns=columns, partitioning=None, page_checksum_verification=check
            )
        except (OSError, pa.ArrowException) as error:
            raise StoreError("damaged", file=f"{self.folder.name}/{name}", found=str(error)) from error


class Tables:
    """Tables in memory."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []

    def add(self, table: pa.Table) -> None:
        """Take one more."""
        self._tables.append(table)

    def names(self) -> list[str]:
        """Their numbers, in order of arrival."""
        return [str(i) for i in range(len(self._tables))]

    def read(self, name: str, columns: list[str] | None = None, *, check: bool = True) -> pa.Table:
        """One of them."""
        table = self._tables[int(name)]
        return table if columns is None else table.select(columns)


def scan(source: Source) -> dict[str, Place]:
    """Every run that is held, by key; where a key stands twice, a finished run goes before a failed one.

    A file that cannot be read is passed over: its runs count as not done and will be run again.
    """
    found: dict[str, Place] = {}
    for name in source.names():
        for key, place in _rows(source, name):
            if key not in found or _rank(place) > _rank(found[key]):
                found[key] = place
    return found


def _rank(place: Place) -> int:
    return 2 if place.status == DONE else 0 if place.again else 1


def _rows(source: Source, name: str) -> Iterator[tuple[str, Place]]:
    with contextlib.suppress(StoreError):
        table = source.read(name, ["key", "status", "stage", "cause"], check=False)
        columns = [table.column(c).to_pylist() for c in ("key", "status", "stage", "cause")]
        for row, (key, status, stage, cause) in enumerate(zip(*columns, strict=True)):
            yield key, Place(name, row, status, status != DONE and passing(stage, cause))


def leftovers(folder: Path) -> list[Path]:
    """Files that a killed process was writing."""
    return sorted(folder.rglob(f"*{TEMPORARY}"))
