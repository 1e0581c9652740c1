"""Worker processes of this machine, each with its own queue, so that a death tells which job was under way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from experiments.run.engines.base import AHEAD, Fate, first_of
from experiments.run.engines.errors import EngineError

SAFE_PATH = "PYTHONSAFEPATH"
UNGUARDED = 97
"""Exit code of a worker that finds itself starting runs while it still reads the user's script."""
MOST_AT_ONCE = 32
"""Workers that are let go at the same time."""
STARTS = 3
"""Times that a worker may die while starting before we give up."""


def refuse_in_unguarded_script() -> None:
    """Leave quietly where a worker process reads a script that starts runs without a ``__main__`` guard.

    The parent sees the exit code and says what to do; without this every worker would print a traceback.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(UNGUARDED)


def ready() -> int:
    """First job of every worker: it stands."""
    return os.getpid()


def _settle() -> None:
    """Prepare a worker: an interrupt is for the parent, and nobody outlives the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: Any) -> None:
    parent.join()
    os._exit(0)


@dataclass
class _Worker:
    """One worker process.

    Attributes:
        pool: Its executor.
        stands: Its first job, which tells that it has started.
        processes: The process itself, to read its exit code and to end it.
        flying: Its jobs, oldest first; it takes them in this order.
        buried: Whether its death was seen.
        culprit: The job that it died in.
    """

    pool: ProcessPoolExecutor
    stands: Future[int]
    processes: list[Any]
    flying: deque[Future[Any]] = field(default_factory=deque)
    buried: bool = False
    culprit: Future[Any] | None = None

    @property
    def stood(self) -> bool:
        """Whether it ever started."""
        return self.stands.done() and self.stands.exception() is None

    def code(self) -> int | None:
        """Exit code of the dead process."""
        for process in self.processes:
            process.join(5)
        return next((process.exitcode for process in self.processes), None)


@contextmanager
def safe_path() -> Iterator[None]:
    """Processes started within do not import from the folder one stands in; they are told this process's path."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE_PATH]
        else:
            os.environ[SAFE_PATH] = before


class Processes:
    """Worker processes started by spawn; a worker that dies is replaced."""

    name, remote = "processes", False

    def __init__(self, slots: int) -> None:
        refuse_in_unguarded_script()
        self.slots = slots
        self._workers: list[_Worker | None] = [None] * slots
        self._owner: dict[Future[Any], _Worker] = {}
        self._false_starts = 0
        self._proven = False

    @property
    def room(self) -> int:
        """Two for each worker."""
        return AHEAD * self.slots

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future[Any]:
        """Hand the job to the worker with the fewest.

        Raises:
            EngineError: If workers die while starting.
        """
        place = min(range(self.slots), key=self._load)
        worker = self._workers[place] or self._start()
        try:
            future = worker.pool.submit(function, job)
        except BrokenProcessPool:
            self._bury(worker)
            worker = self._start()
            future = worker.pool.submit(function, job)
        self._workers[place] = worker
        worker.flying.append(future)
        self._owner[future] = worker
        return future

    def _load(self, place: int) -> int:
        worker = self._workers[place]
        return 0 if worker is None or worker.buried else len(worker.flying)

    def _start(self) -> _Worker:
        with safe_path():
            pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)
            stands = pool.submit(ready)
        return _Worker(pool, stands, list((getattr(pool, "_processes", None) or {}).values()))

    def _bury(self, worker: _Worker) -> None:
        """Note that a worker is dead, and in which job it died.

        Raises:
            EngineError: If it died while starting, and that is no accident.
        """
        if worker.buried:
            return
        worker.buried = True
        if worker.stood:
            self._proven, self._false_starts = True, 0
            worker.culprit = next((one for one in worker.flying if not _fine(one)), None)
        else:
            self._false_starts += 1
            code = worker.code()
            if code == UNGUARDED:
                raise EngineError("no_main_guard")
            if not self._proven or self._false_starts >= STARTS:
                raise EngineError("workers_died", details={"code": str(code)})
        worker.pool.shutdown()

    def finished(self, futures: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Wait for the first."""
        return first_of(futures)

    def fate(self, future: Future[Any]) -> Fate:
        """What became of a job; of those that a dead worker held, only the oldest had begun."""
        worker = self._owner.pop(future)
        if _fine(future):
            worker.flying.remove(future)
            self._proven, self._false_starts = True, 0
            return Fate.DONE
        self._bury(worker)
        worker.flying.remove(future)
        self._workers = [None if one is worker else one for one in self._workers]
        return Fate.DIED if worker.culprit is future else Fate.UNTOUCHED

    def close(self, now: bool = False) -> None:
        """Let the workers go; ``now`` ends them."""
        workers = [worker for worker in self._workers if worker is not None and not worker.buried]
        for process in (process for worker in workers if now for process in worker.processes):
            process.terminate()
        if workers:
            # Together, for each takes a moment; waited for, because a pool left alone may fail when Python ends.
            with ThreadPoolExecutor(min(len(workers), MOST_AT_ONCE)) as all_at_once:
                list(all_at_once.map(lambda worker: worker.pool.shutdown(cancel_futures=now), workers))
        self._workers = [None] * self.slots


def _fine(future: Future[Any]) -> bool:
    return future.done() and not isinstance(future.exception(), BrokenProcessPool)
