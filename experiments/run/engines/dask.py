"""A cluster: workers of a dask.distributed scheduler that is running somewhere. Imported only where it is asked for."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Any

from experiments.run.engines.base import AHEAD, Fate, first_of
from experiments.run.engines.errors import EngineError

CONNECT_S = 10
"""Seconds within which the scheduler must answer."""
PATIENCE_S = 120
"""Seconds that a scheduler may be without any worker: clusters start and replace them slowly."""
LOOK_S = 2.0
"""Seconds between looks at how many workers there are."""


class Dask:
    """Workers of a scheduler; they may come and go."""

    name, remote = "dask", True

    def __init__(self, address: str, connect_s: float = CONNECT_S, patience_s: float = PATIENCE_S) -> None:
        """Connect.

        Raises:
            EngineError: If dask.distributed is not installed, or the scheduler does not answer.
        """
        self._client = _connect(address, connect_s)
        self._executor = self._client.get_executor(pure=False)
        self._address, self._patience = address, patience_s
        self._seen = self._looked = time.monotonic()
        self._threads = self._count()

    @property
    def slots(self) -> int:
        """Threads of all workers, at least one so that something waits for the first."""
        if time.monotonic() - self._looked > LOOK_S:
            self._threads = self._count()
        return max(1, self._threads)

    @property
    def room(self) -> int:
        """Two for each thread."""
        return AHEAD * self.slots

    def _count(self) -> int:
        """Threads at this moment.

        Raises:
            EngineError: If the scheduler is gone, or has had no worker for too long.
        """
        try:
            count = int(sum(self._client.nthreads().values()))
        except Exception as error:
            raise self._lost(error) from error
        self._looked = time.monotonic()
        if count:
            self._seen = self._looked
        elif self._looked - self._seen > self._patience:
            raise EngineError("no_workers", found=self._address, details={"seconds": f"{self._patience:g}"})
        return count

    def _lost(self, error: BaseException) -> EngineError:
        return EngineError("engine_lost", found=f"{self._address} ({type(error).__name__})")

    def submit(self, function: Callable[[Any], Any], job: Any) -> Future[Any]:
        """Hand the job to the scheduler."""
        try:
            future: Future[Any] = self._executor.submit(function, job)
        except Exception as error:
            raise self._lost(error) from error
        return future

    def finished(self, futures: Collection[Future[Any]]) -> Collection[Future[Any]]:
        """Wait for the first, and look now and then whether anybody is there to work."""
        while not (done := first_of(futures, LOOK_S)):
            self._threads = self._count()
        return done

    def fate(self, future: Future[Any]) -> Fate:
        """Done, or its workers died: the scheduler itself tries a few times before it gives a job up.

        Raises:
            EngineError: If the connection was lost.
        """
        from distributed import KilledWorker  # optional: there only where dask is

        if future.cancelled():
            raise EngineError("engine_lost", found=self._address)
        error = future.exception()
        if isinstance(error, KilledWorker):
            return Fate.DIED
        if type(error).__module__.startswith("distributed") or isinstance(error, ModuleNotFoundError):
            raise EngineError("engine_lost", found=f"{type(error).__name__}: {error}") from error
        return Fate.DONE

    def close(self, now: bool = False) -> None:
        """Leave the scheduler; it and its workers go on."""
        try:
            self._executor.shutdown(wait=not now)
        finally:
            self._client.close(timeout=CONNECT_S)


def _connect(address: str, connect_s: float) -> Any:
    try:
        from distributed import Client  # optional, and heavy
    except ImportError as error:
        raise EngineError("dask_missing") from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client: Any = Client
        return client(address, timeout=f"{connect_s}s", set_as_default=False)
    except Exception as error:
        raise EngineError("no_scheduler", found=address, details={"seconds": f"{connect_s:g}"}) from error
