"""Shards: small Parquet files that workers write while a sweep runs, each there whole or not at all.

A shard holds numbers as three lists a run and the names once a shard, so that writing a few runs of some hundred
outcomes stays cheap. Nothing is ever appended to a file, and no two writers share a name.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from experiments.store.agents import packed
from experiments.store.disk import replace_file, told
from experiments.store.record import Record

SHARDS = "shards"
MOST_RUNS, MOST_SECONDS = 500, 5.0
"""A shard is written once it holds so many runs or is so old."""
_NUMBERS = pa.list_(pa.field("element", pa.float64(), nullable=False))
SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("status", pa.string()),
        ("stage", pa.string()),
        ("cause", pa.string()),
        ("trace", pa.string()),
        ("layout", pa.string()),
        ("levers_read", pa.string()),
        ("summary", _NUMBERS),
        ("yearly", _NUMBERS),
        ("cohorts", _NUMBERS),
        ("tables", pa.binary()),
        ("seconds", pa.float64()),
    ]
)
"""Columns of a shard. ``layout`` says what the numbers of the three lists are, see :func:`layout_of`."""


def layout_of(record: Record) -> str:
    """Names of a record's numbers in their order, as compact JSON: summary, yearly, years, cohorts."""
    cohorts = tuple((c, tuple(v)) for c, v in record.cohorts.items())
    return _layout(tuple(record.summary), tuple(record.yearly), record.years, cohorts)


@lru_cache(maxsize=1024)
def _layout(summary: tuple[str, ...], yearly: tuple[str, ...], years: tuple[int, ...], cohorts: tuple[Any, ...]) -> str:
    return json.dumps([summary, yearly, years, cohorts], ensure_ascii=False, separators=(",", ":"))


def table_of(records: Sequence[Record]) -> pa.Table:
    """Records as a shard's table.

    Raises:
        ValueError: If a yearly outcome has not one number for each year.
    """
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMA.names}
    for r in records:
        if any(len(v) != len(r.years) for v in r.yearly.values()):
            raise ValueError("a yearly outcome needs one number for each year")
        for name in ("key", "status", "stage", "cause", "trace", "seconds"):
            columns[name].append(getattr(r, name))
        columns["layout"].append(layout_of(r))
        columns["levers_read"].append(" ".join(r.levers_read))
        columns["tables"].append(packed(r.tables))
        columns["summary"].append(np.fromiter(r.summary.values(), np.float64, len(r.summary)))
        columns["yearly"].append(np.array(list(r.yearly.values()), np.float64).ravel())
        columns["cohorts"].append(np.array([x for v in r.cohorts.values() for x in v.values()], np.float64))
    arrays = [pa.array(columns[field.name], field.type) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


class ShardWriter:
    """Writes the records of one worker; use it inside the worker's process.

    Args:
        folder: The store's folder.
        name: What the worker calls itself, letters, digits and "-" only; a mark of host, process and time is added, so
            that writers on several machines never meet.
        most_runs, most_seconds: When to write.
    """

    def __init__(
        self, folder: str | Path, name: str, *, most_runs: int = MOST_RUNS, most_seconds: float = MOST_SECONDS
    ) -> None:
        self.folder = Path(folder) / SHARDS
        who = f"{socket.gethostname()} {os.getpid()} {time.time_ns()} {id(self)}"
        self.name = f"{name}-{hashlib.sha256(who.encode()).hexdigest()[:10]}"
        self.most_runs, self.most_seconds = most_runs, most_seconds
        self._waiting: list[Record] = []
        self._sequence = 0
        self._since = time.monotonic()

    def add(self, record: Record) -> bool:
        """Take a record and write a shard if it is time.

        Returns:
            Whether all records taken so far are on the disk.

        Raises:
            StoreFull: If the disk is full; the records that wait stay here and a later :meth:`flush` tries again.
        """
        if not self._waiting:
            self._since = min(self._since, time.monotonic())
        self._waiting.append(record)
        if len(self._waiting) >= self.most_runs or time.monotonic() - self._since >= self.most_seconds:
            self.flush()
        return not self._waiting

    def flush(self) -> int:
        """Write what waits.

        Returns:
            Number of records written.

        Raises:
            StoreFull: If the disk is full.
            StoreError: If the folder cannot be written.
        """
        count = len(self._waiting)
        if count:
            table = table_of(self._waiting)
            with told(self.folder.parent, runs=count):
                self.folder.mkdir(exist_ok=True)
                path = self.folder / f"{self.name}-{self._sequence:05d}.parquet"
                replace_file(path, lambda half: write_parquet(table, half))
            self._sequence += 1
            self._waiting.clear()
        self._since = time.monotonic()
        return count

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()


def write_parquet(table: pa.Table, path: Path, **options: Any) -> None:
    """Write a table: compressed, with a checksum on every page, and nothing in it about when or where.

    It is packed in memory first: a full disk is then refused in one place, and no half-open file keeps its room.

    Raises:
        OSError: If the file cannot be written.
    """
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd", write_page_checksum=True, store_schema=False, **options)
    with path.open("wb") as file:
        file.write(sink.getvalue())
