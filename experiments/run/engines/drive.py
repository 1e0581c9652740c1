"""Feed jobs to an engine through a bounded queue, and run again what a dying worker left behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from experiments.run.engines.base import Engine, Fate

Job = TypeVar("Job")
Reply = TypeVar("Reply")


@dataclass(frozen=True)
class _Task(Generic[Job]):
    """A job, and whether a worker has died over it before."""

    job: Job
    suspect: bool = False


def drive(
    engine: Engine,
    function: Callable[[Job], Reply],
    jobs: Iterable[Job],
    *,
    split: Callable[[Job], Sequence[Job]],
    lost: Callable[[Job], Reply],
) -> Iterator[tuple[Job, Reply]]:
    """Run jobs; replies come as they finish, in any order.

    A job whose worker dies is split into its smallest parts, and they run again. Whichever part is under way when a
    worker dies the second time is the culprit.

    Args:
        engine: Where they run; see :func:`opened`.
        function: What runs one job; importable by name.
        jobs: Taken as room is made, so they may be many.
        split: The smallest parts of a job.
        lost: The reply for a culprit.

    Yields:
        A job (or a part of one) and its reply.

    Raises:
        EngineError: If the engine cannot be used or was lost.
        Exception: What ``function`` raised.
    """
    source, again = iter(jobs), deque[_Task[Job]]()
    flying: dict[Future[Reply], _Task[Job]] = {}
    while True:
        _fill(engine, function, source, again, flying)
        if not flying:
            return
        for future in list(engine.finished(flying)):
            task, fate = flying.pop(future), engine.fate(future)
            if fate is Fate.DONE:
                yield task.job, future.result()
            elif fate is Fate.UNTOUCHED:
                again.append(task)
            elif task.suspect:
                yield task.job, lost(task.job)
            else:
                again.extend(_Task(part, True) for part in split(task.job))


@contextmanager
def opened(engine: Engine) -> Iterator[Engine]:
    """Close an engine at the end, and at once where something is raised."""
    try:
        yield engine
    except BaseException:
        engine.close(now=True)
        raise
    engine.close()


def _fill(
    engine: Engine,
    function: Callable[[Job], Reply],
    source: Iterator[Job],
    again: deque[_Task[Job]],
    flying: dict[Future[Reply], _Task[Job]],
) -> None:
    """Hand over jobs while there is room: new ones first, so that culprits do not hold up a sweep."""
    while len(flying) < engine.room:
        job = next(source, None)
        if job is None and not again:
            return
        task = again.popleft() if job is None else _Task(job)
        flying[engine.submit(function, task.job)] = task
