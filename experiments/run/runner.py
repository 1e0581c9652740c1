"""Run many scenarios and replicates: in this process, in worker processes, or in threads; same results always.

A run is pure, so only the order of the list that comes back matters, and that is the order of the specs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from experiments.errors import FailedRun, RunFailures, StudyError
from experiments.run.engines.base import Engine
from experiments.run.engines.choose import Where
from experiments.run.engines.compiling import compiled_before, mark_compiled, model_task, shared_compilation
from experiments.run.engines.drive import drive, opened
from experiments.run.engines.errors import EngineError
from experiments.run.engines.local import Serial, available_cores
from experiments.run.engines.processes import refuse_in_unguarded_script
from experiments.run.tasks import KILLER, guarded
from sim.run import RunResult, RunSpec

Outcome = RunResult | FailedRun
Task = Callable[[RunSpec], RunResult]
Progress = Callable[[int, int], None]

__all__ = ["available_cores", "guarded", "model_task", "run_many", "shared_compilation"]

CHUNKS_PER_WORKER = 8
"""Chunks each worker gets over a batch: enough that nobody waits long at the end, few enough that pickling is cheap."""
LARGEST_CHUNK = 32


@dataclass(frozen=True)
class _Chunk:
    """Some specs, the place of the first in the list that comes back, and what runs them."""

    start: int
    specs: Sequence[RunSpec]
    task: Task


def run_many(
    specs: Sequence[RunSpec],
    *,
    workers: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    allow_failures: bool = False,
    task: Task | None = None,
) -> list[Any]:
    """Run every spec.

    Args:
        specs: What to run.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead of worker processes.
        progress: Called in this process with (finished, all) after every chunk.
        allow_failures: Return a :class:`FailedRun` in the place of a run that failed, instead of raising at the end.
        task: What runs one spec, :func:`sim.run.run` unless told; must be importable by name for worker processes.

    Returns:
        One :class:`sim.run.RunResult` for each spec, in spec order, the same to the bit whatever the workers.

    Raises:
        RunFailures: If any run failed and failures are not allowed; every other run has finished by then.
        StudyError: If ``workers`` or ``threads`` is below one.
        EngineError: If worker processes cannot be used.
    """
    refuse_in_unguarded_script()
    work, task = list(specs), task or model_task()
    where = Where(workers=workers if threads is None else None, threads=threads)
    try:
        where.check()
    except EngineError as error:
        raise StudyError("bad_count", found=error.found) from error
    results: list[Any] = [None] * len(work)
    done = 0
    with closing(_replies(work, task, where)) as replies:
        for chunk, found in replies:
            results[chunk.start : chunk.start + len(found)] = found
            done += len(found)
            if progress is not None:
                progress(done, len(work))
    failures = [r for r in results if isinstance(r, FailedRun)]
    if failures and not allow_failures:
        raise RunFailures(failures, results)
    return results


def _replies(work: Sequence[RunSpec], task: Task, where: Where) -> Generator[tuple[_Chunk, list[Outcome]]]:
    first = 0
    with opened(where.engine(len(work))) as engine:
        if must_compile(engine):
            yield from _driven(Serial(), [_Chunk(0, work[:1], task)], task)
            mark_compiled()
            first = 1
        size = 1 if engine.slots == 1 else chunk_size(len(work) - first, engine.slots)
        chunks = (_Chunk(a, work[a:b], task) for a, b in pairwise(cuts(first, len(work), size)))
        yield from _driven(engine, chunks, task)


def must_compile(engine: Engine) -> bool:
    """Whether one run should come first in this process: else every worker would compile the same functions."""
    return engine.name == "processes" and not compiled_before()


def _driven(engine: Engine, chunks: Iterable[_Chunk], task: Task) -> Generator[tuple[_Chunk, list[Outcome]]]:
    with shared_compilation(task) if engine.name == "serial" else nullcontext():
        yield from drive(engine, _run_chunk, chunks, split=_parts, lost=_killed)


def _run_chunk(chunk: _Chunk) -> list[Outcome]:
    return [guarded(chunk.task, spec) for spec in chunk.specs]


def _parts(chunk: _Chunk) -> list[_Chunk]:
    return [_Chunk(chunk.start + i, [spec], chunk.task) for i, spec in enumerate(chunk.specs)]


def _killed(chunk: _Chunk) -> list[Outcome]:
    return [FailedRun(spec, "worker", KILLER) for spec in chunk.specs]


def chunk_size(jobs: int, workers: int) -> int:
    """Specs in a chunk."""
    return max(1, min(LARGEST_CHUNK, -(-jobs // (workers * CHUNKS_PER_WORKER))))


def cuts(first: int, end: int, size: int) -> list[int]:
    """Bounds of chunks from ``first`` to ``end``."""
    return [*range(first, end, size), end] if first < end else []
