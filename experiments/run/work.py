"""What a worker does: run a few specs, write them to a shard of its own, and report counts only."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from experiments.errors import FailedRun
from experiments.run.memory import task_of
from experiments.run.runner import KILLER, guarded
from experiments.store.record import FAILED, Record, record_of
from experiments.store.shards import ShardWriter
from sim.parameters import Resolved
from sim.run import RunSpec

FAILURES_TOLD = 3
"""Failures that a reply describes; the store has them all."""


class Run(NamedTuple):
    """One run of a chunk: its place in ``plan.runs``, its key, its scenario in the chunk, its replicate."""

    place: int
    key: str
    scenario: int
    replicate: int


@dataclass(frozen=True)
class Chunk:
    """A few runs that one worker does in one go.

    The scenarios travel resolved: to pickle one takes 0.8 ms and 80 KB, to resolve it again takes 2 to 8 ms and needs
    the scenario files on the worker's machine.

    Attributes:
        folder: The store.
        scenarios: Each once, however many replicates of it are here.
        runs: What to run.
        task: "module:function".
        parts: What to keep.
        root: Root seed.
        counties: The user's county table.
    """

    folder: str
    scenarios: tuple[Resolved, ...]
    runs: tuple[Run, ...]
    task: str
    parts: tuple[str, ...]
    root: int
    counties: str | None = None

    def spec(self, run: Run) -> RunSpec:
        """What to run."""
        return RunSpec(self.scenarios[run.scenario], run.replicate, self.root, counties=self.counties)


class Failure(NamedTuple):
    """A failed run, in short."""

    place: int
    stage: str
    cause: str


class Reply(NamedTuple):
    """What came of a chunk; the results themselves are in the store.

    Attributes:
        runs, failed: Counts.
        seconds: Wall seconds of the chunk, writing included.
        failures: The first few.
    """

    runs: int
    failed: int
    seconds: float
    failures: tuple[Failure, ...] = ()


def work(chunk: Chunk) -> Reply:
    """Run a chunk and write it.

    Raises:
        StoreFull: If the disk is full.
        StoreError: If the store cannot be written.
    """
    started, failures = time.perf_counter(), []
    task = task_of(chunk.task)
    with ShardWriter(chunk.folder, "runs") as writer:
        for run in chunk.runs:
            record = _record(chunk, run, task)
            if record.status == FAILED:
                failures.append(Failure(run.place, record.stage, record.cause))
            writer.add(record)
    seconds = time.perf_counter() - started
    return Reply(len(chunk.runs), len(failures), seconds, tuple(failures[:FAILURES_TOLD]))


def _record(chunk: Chunk, run: Run, task: Callable[[RunSpec], Any]) -> Record:
    """Run one spec; whatever goes wrong, its record says so."""
    spec, started = chunk.spec(run), time.thread_time()
    result: Any = guarded(task, spec)
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


def lost(chunk: Chunk) -> Reply:
    """Record that runs take their worker with them.

    Raises:
        StoreFull: If the disk is full.
    """
    with ShardWriter(chunk.folder, "lost") as writer:
        for run in chunk.runs:
            writer.add(record_of(run.key, FailedRun(chunk.spec(run), "worker", KILLER), chunk.parts))
    failures = tuple(Failure(run.place, "worker", KILLER) for run in chunk.runs)
    return Reply(len(chunk.runs), len(chunk.runs), 0.0, failures)
