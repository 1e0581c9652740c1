"""Run many scenarios and replicates: in this process, in worker processes, or in threads; same results always.

A run is pure, so only the order of the list that comes back matters, and that is the order of the specs.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import FailedRun, RunFailures, StudyError

if TYPE_CHECKING:
    from sim.run import RunResult, RunSpec

    Outcome = RunResult | FailedRun
    Task = Callable[[RunSpec], RunResult]
    Progress = Callable[[int, int], None]

CHUNKS_PER_WORKER = 8
"""Chunks each worker gets over a batch: enough that nobody waits long at the end, few enough that pickling is cheap."""
LARGEST_CHUNK = 32
QUEUED_PER_WORKER = 2
"""Chunks submitted ahead for each worker; the rest waits here, so a sweep of a million specs stays small."""


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
    """
    work = list(specs)
    task = task or model_task()
    count = _worker_count(workers, threads, len(work))
    tell = _teller(progress, len(work))
    results: list[Any]
    if threads is not None:
        results = [None] * len(work)
        _through(ThreadPoolExecutor(count), work, deque(_slices(len(work), count)), results, task, count, tell)
    elif count == 1:
        with shared_compilation(task):
            results = list(_one_by_one(work, task, tell))
    else:
        results = _in_processes(work, task, count, tell)
    failures = [r for r in results if isinstance(r, FailedRun)]
    if failures and not allow_failures:
        raise RunFailures(failures, results)
    return results


def model_task() -> Task:
    """The model's own ``run``."""
    from sim.run import run

    return run


def available_cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


def _worker_count(workers: int | None, threads: int | None, jobs: int) -> int:
    asked = threads if threads is not None else workers
    if asked is None:
        asked = available_cores()
    if asked < 1:
        raise StudyError("bad_count", found=str(asked))
    return max(1, min(asked, jobs))


def _teller(progress: Progress | None, total: int) -> Callable[[int], None]:
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if progress is not None:
            progress(done, total)

    return tell


def guarded(task: Task, spec: RunSpec) -> Outcome:
    """Run one spec; an error becomes a record, so that one failed run never ends a batch."""
    try:
        return task(spec)
    except Exception as error:
        stage = str(getattr(error, "stage", "run"))
        return FailedRun(spec, stage, f"{type(error).__name__}: {error}", traceback.format_exc())


def _run_chunk(task: Task, chunk: Sequence[RunSpec]) -> list[Outcome]:
    return [guarded(task, spec) for spec in chunk]


def _one_by_one(work: Sequence[RunSpec], task: Task, tell: Callable[[int], None]) -> Iterator[Outcome]:
    for spec in work:
        yield guarded(task, spec)
        tell(1)


def _slices(jobs: int, workers: int) -> list[slice]:
    size = max(1, min(LARGEST_CHUNK, -(-jobs // (workers * CHUNKS_PER_WORKER))))
    cuts = [*range(0, jobs, size), jobs]
    return [slice(a, b) for a, b in pairwise(cuts)]


def _through(
    pool: Executor,
    work: Sequence[RunSpec],
    waiting: deque[slice],
    results: list[Any],
    task: Task,
    workers: int,
    tell: Callable[[int], None],
) -> list[slice]:
    """Feed chunks to a pool with a bounded queue.

    Returns:
        The chunks that were under way when a worker process died; empty when all went well. Chunks not yet submitted
        stay in ``waiting``.
    """
    running: dict[Future[list[Outcome]], slice] = {}
    try:
        while waiting or running:
            while waiting and len(running) < QUEUED_PER_WORKER * workers:
                future = pool.submit(_run_chunk, task, work[waiting[0]])
                running[future] = waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                results[running[future]] = future.result()
                part = running.pop(future)
                tell(part.stop - part.start)
    except BrokenProcessPool:
        return sorted(running.values(), key=lambda part: part.start) or [waiting.popleft()]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return []


def _spawn_pool(workers: int) -> ProcessPoolExecutor:
    import multiprocessing

    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _in_processes(work: Sequence[RunSpec], task: Task, workers: int, tell: Callable[[int], None]) -> list[Outcome]:
    first: list[Outcome] = []
    if not _compiled_before():
        # Otherwise every worker would compile the same functions at the same time.
        with shared_compilation(task):
            first = list(_one_by_one(work[:1], task, tell))
        _mark_compiled()
    rest = work[len(first) :]
    results: list[Any] = [None] * len(rest)
    waiting = deque(_slices(len(rest), workers))
    while waiting:
        for part in _through(_spawn_pool(workers), rest, waiting, results, task, workers, tell):
            for i in range(part.start, part.stop):
                results[i] = _alone(rest[i], task)
                tell(1)
    return first + results


def _alone(spec: RunSpec, task: Task) -> Outcome:
    """Run one spec in a process of its own: whoever kills its worker a second time is the culprit."""
    with _spawn_pool(1) as pool:
        try:
            return pool.submit(guarded, task, spec).result()
        except BrokenProcessPool as error:
            return FailedRun(spec, "worker", f"the worker process died ({error})")


@contextmanager
def shared_compilation(task: Task | None = None) -> Iterator[None]:
    """Let a second process compile half of the steps while this one runs the model for the first time.

    Nothing is started where the steps are compiled already, on a single core, or for a task that is not the model.
    """
    if _compiled_before() or available_cores() < 2 or (task is not None and task is not model_task()):
        yield
        return
    path = os.pathsep.join(filter(None, (str(Path(__file__).resolve().parents[1]), os.environ.get("PYTHONPATH"))))
    helper = subprocess.Popen(
        [sys.executable, "-m", "sim.warm"],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        _mark_compiled()
    finally:
        helper.terminate()
        helper.wait()


def _marker() -> Path:
    import numba

    from sim.compiled import cache_folder

    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_folder())
    return folder / f"compiled-{sys.implementation.cache_tag}-numba{numba.__version__}"


def _compiled_before() -> bool:
    return _marker().exists()


def _mark_compiled() -> None:
    marker = _marker()
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.touch()
    except OSError:
        return
