"""Which engine is meant by worker processes, threads, a scheduler's address or an executor."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from experiments.run.engines.base import Engine
from experiments.run.engines.errors import EngineError
from experiments.run.engines.local import Serial, Through, available_cores, threads
from experiments.run.engines.processes import Processes


@dataclass(frozen=True)
class Where:
    """Where runs are to run; at most one of the four.

    Attributes:
        workers: Worker processes; 1 = in this process; None = one for each core.
        threads: Threads of this process.
        scheduler: Address of a dask.distributed scheduler.
        executor: Any executor of ``concurrent.futures``.
    """

    workers: int | None = None
    threads: int | None = None
    scheduler: str | None = None
    executor: Executor | None = None

    def check(self) -> None:
        """Make sure that it means one engine.

        Raises:
            EngineError: If counts are below one, or two engines are asked for.
        """
        asked = [one for one in (self.workers, self.threads, self.scheduler, self.executor) if one is not None]
        if len(asked) > 1:
            raise EngineError("two_engines")
        for key in ("workers", "threads"):
            count = getattr(self, key)
            if count is not None and count < 1:
                raise EngineError("bad_count", key=key, found=str(count))

    def engine(self, jobs: int) -> Engine:
        """The engine; no more workers than jobs.

        Raises:
            EngineError: If the request makes no sense, or a scheduler is not there.
        """
        self.check()
        if self.scheduler is not None:
            from experiments.run.engines.dask import Dask  # only where a scheduler is asked for

            return Dask(self.scheduler)
        if self.executor is not None:
            return Through(self.executor)
        if self.threads is not None:
            return threads(max(1, min(self.threads, jobs)))
        count = max(1, min(self.workers or available_cores(), jobs))
        return Serial() if count == 1 else Processes(count)
