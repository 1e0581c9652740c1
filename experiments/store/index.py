"""Which runs a folder holds: read from the files themselves, so that no index can disagree with them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
from pyarrow import parquet

from experiments.store.disk import TEMPORARY
from experiments.store.record import DONE, passing
from experiments.store.shards import SHARDS

RUNS = "runs"
READY = "ready"
"""Where a finished store's files stand for the moment before they move to their places."""


class Place(NamedTuple):
    """Where a run's record stands.

    Attributes:
        file: Path relative to the store's folder.
        row: Row in that file.
        status: "done" or "failed".
        again: Whether the run failed for a passing reason and is run again at resume.
    """

    file: str
    row: int
    status: str
    again: bool


def sources(folder: Path) -> list[Path]:
    """Files that hold records: those of a finished store, then shards, each sorted."""
    found = [*folder.glob(f"{RUNS}/*.parquet"), *folder.glob(f"{READY}/{RUNS}/*.parquet")]
    return [*sorted(found), *sorted(folder.glob(f"{SHARDS}/*.parquet"))]


def scan(folder: Path) -> dict[str, Place]:
    """Every run that the folder holds, by key; where a key stands twice, a finished run goes before a failed one.

    A file that cannot be read is passed over: its runs count as not done and will be run again.
    """
    found: dict[str, Place] = {}
    for path in sources(folder):
        name = path.relative_to(folder).as_posix()
        for key, place in _rows(path, name):
            if key not in found or _rank(place) > _rank(found[key]):
                found[key] = place
    return found


def _rank(place: Place) -> int:
    return 2 if place.status == DONE else 0 if place.again else 1


def _rows(path: Path, name: str) -> Iterator[tuple[str, Place]]:
    with contextlib.suppress(OSError, pa.ArrowException):
        table = parquet.read_table(path, columns=["key", "status", "stage", "cause"], partitioning=None)
        columns = [table.column(c).to_pylist() for c in ("key", "status", "stage", "cause")]
        for row, (key, status, stage, cause) in enumerate(zip(*columns, strict=True)):
            yield key, Place(name, row, status, status != DONE and passing(stage, cause))


def leftovers(folder: Path) -> list[Path]:
    """Files that a killed process was writing."""
    return sorted(folder.rglob(f"*{TEMPORARY}"))
