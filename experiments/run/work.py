"""What a worker does: run a few specs, write them to a shard of its own or hand them back, and report counts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from experiments.errors import FailedRun
from experiments.run.tasks import KILLER, Task, guarded
from experiments.store.record import FAILED, Record, record_of
from experiments.store.shards import ShardWriter, table_of
from sim.parameters import Resolved
from sim.run import RunSpec

FAILURES_TOLD = 3
"""Failures that a reply describes; the store has them all."""


class Run(NamedTuple):
    """One run of a chunk: its place in ``plan.runs``, its key, its scenario in the chunk, its replicate, its tables."""

    place: int
    key: str
    scenario: int
    replicate: int
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """A few runs that one worker does in one go.

    The scenarios travel resolved: to pickle one takes 0.8 ms and 80 KB, to resolve it again takes 2 to 8 ms and needs
    the scenario files on the worker's machine.

    Attributes:
        folder: The store; None where the records go back with the reply.
        scenarios: Each once, however many replicates of it are here.
        runs: What to run.
        task: What runs one spec; to another process it goes by its name.
        parts: What to keep.
        root: Root seed.
        counties: The user's county table.
    """

    folder: Path | None
    scenarios: tuple[Resolved, ...]
    runs: tuple[Run, ...]
    task: Task
    parts: tuple[str, ...]
    root: int
    counties: str | None = None

    def spec(self, run: Run) -> RunSpec:
        """What to run."""
        return RunSpec(self.scenarios[run.scenario], run.replicate, self.root, run.tables, self.counties)


class Failure(NamedTuple):
    """A failed run, in short."""

    place: int
    stage: str
    cause: str


class Reply(NamedTuple):
    """What came of a chunk.

    Attributes:
        runs, failed: Counts.
        seconds: Wall seconds of the chunk, writing included.
        failures: The first few.
        table: The records, as a shard has them, where no folder takes them.
    """

    runs: int
    failed: int
    seconds: float
    failures: tuple[Failure, ...] = ()
    table: pa.Table | None = None


def work(chunk: Chunk) -> Reply:
    """Run a chunk and write it.

    Raises:
        StoreFull: If the disk is full.
        StoreError: If the store cannot be written.
    """
    return _reply(chunk, "runs", (_record(chunk, run) for run in chunk.runs))


def lost(chunk: Chunk) -> Reply:
    """Record that runs take their worker with them.

    Raises:
        StoreFull: If the disk is full.
    """
    died = (record_of(run.key, FailedRun(chunk.spec(run), "worker", KILLER), chunk.parts) for run in chunk.runs)
    return _reply(chunk, "lost", died)


def _reply(chunk: Chunk, name: str, records: Iterator[Record]) -> Reply:
    started, failures, table = time.perf_counter(), list[Failure](), None

    def seen() -> Iterator[Record]:
        for run, record in zip(chunk.runs, records, strict=True):
            if record.status == FAILED:
                failures.append(Failure(run.place, record.stage, record.cause))
            yield record

    if chunk.folder is None:
        table = table_of(list(seen()))
    else:
        with ShardWriter(chunk.folder, name) as writer:
            for record in seen():
                writer.add(record)
    seconds = time.perf_counter() - started
    return Reply(len(chunk.runs), len(failures), seconds, tuple(failures[:FAILURES_TOLD]), table)


def _record(chunk: Chunk, run: Run) -> Record:
    """Run one spec; whatever goes wrong, its record says so."""
    spec, started = chunk.spec(run), time.thread_time()
    result = guarded(chunk.task, spec)
    seconds = time.thread_time() - started
    try:
        return record_of(run.key, result, chunk.parts, seconds=seconds)
    except Exception as error:
        failed = FailedRun(spec, "record", f"{type(error).__name__}: {error}")
        return record_of(run.key, failed, chunk.parts, seconds=seconds)


def split(chunk: Chunk) -> list[Chunk]:
    """One chunk for each run."""
    return [
        replace(chunk, scenarios=(chunk.scenarios[run.scenario],), runs=(run._replace(scenario=0),))
        for run in chunk.runs
    ]
