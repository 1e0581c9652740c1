"""Engines of one machine without worker processes: this thread, other threads, or an executor that somebody made."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from typing import Any

from experiments.run.engines.base import AHEAD, Fate, first_of
from experiments.run.engines.errors import EngineError


def available_cores() -> int:
    """Cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else (os.cpu_count() or 1)


class Serial:
    """One job after the other, in this thread."""

    name, remote, slots, room = "serial", False, 1, 1

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future[Any]:
        """Run the job at once."""
        future: Future[Any] = Future()
        future.set_result(function(job))
        return future

    def finished(self, futures: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """All of them."""
        return list(futures)

    def fate(self, future: Future[Any]) -> Fate:
        """Always done."""
        return Fate.DONE

    def close(self, now: bool = False) -> None:
        """Nothing to let go."""


class Through:
    """An executor of ``concurrent.futures``, made by somebody else or by :func:`threads`."""

    remote = False

    def __init__(
        self, executor: Executor, slots: int | None = None, *, name: str = "executor", own: bool = False
    ) -> None:
        self._executor, self._own, self.name = executor, own, name
        self.slots = slots or int(getattr(executor, "_max_workers", 0)) or available_cores()

    @property
    def room(self) -> int:
        """Two for each worker."""
        return AHEAD * self.slots

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future[Any]:
        """Hand the job to the executor."""
        try:
            return self._executor.submit(function, job)
        except BrokenExecutor as error:
            raise EngineError("engine_lost", found=type(error).__name__) from error

    def finished(self, futures: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Wait for the first."""
        return first_of(futures)

    def fate(self, future: Future[Any]) -> Fate:
        """Done, or the executor is no more: one that somebody else made cannot be made again here.

        Raises:
            EngineError: If the executor broke.
        """
        try:
            error = future.exception()
        except CancelledError as cancelled:
            raise EngineError("engine_lost", found=type(cancelled).__name__) from cancelled
        if isinstance(error, BrokenExecutor):
            raise EngineError("engine_lost", found=type(error).__name__) from error
        return Fate.DONE

    def close(self, now: bool = False) -> None:
        """Shut down the executor where it is ours."""
        if self._own:
            self._executor.shutdown(wait=not now, cancel_futures=now)


def threads(count: int) -> Through:
    """Threads of this process."""
    return Through(ThreadPoolExecutor(count), count, name="threads", own=True)
