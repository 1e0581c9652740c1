"""What a study costs beside the model: wall time, processor time, and their difference."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
from pyarrow import parquet

from experiments.run.engines.local import available_cores
from experiments.run.meter import State
from experiments.run.pilot import Estimate

if sys.platform != "win32":
    import resource


class Clock:
    """Wall time, processor time of the model and of everything: what the overhead is measured from.

    Processor time tells the overhead also where other work shares the machine. That of workers counts once they have
    ended; those of a scheduler do not, nor do any on Windows, and the overhead is then that of the wall clock.
    """

    def __init__(self, folder: Path, jobs: int, slots: int | None) -> None:
        self.started, self.folder = time.perf_counter(), folder
        self.workers = min(jobs, slots or available_cores())
        self.before = model_seconds(folder)
        self.cpu, self.spent = 0.0, processor_seconds()

    def engaged(self, found: Estimate) -> None:
        """Take the number of workers from the pilot."""
        self.workers = found.workers

    def tell(self, forward: Callable[[State], None]) -> Callable[[State], None]:
        """Pass progress on; after the last run read the CPU time, for merging forgets it."""

        def told(state: State) -> None:
            forward(state)
            if state.done == state.total:
                self.cpu = max(0.0, model_seconds(self.folder) - self.before)

        return told

    def read(self) -> dict[str, float]:
        """Seconds and overhead now; NaN overhead where nothing was run."""
        wall = time.perf_counter() - self.started
        spent = processor_seconds() - self.spent
        whole = spent if spent > self.cpu else wall * self.workers
        overhead = 1.0 - self.cpu / whole if self.cpu else float("nan")
        return {"wall_s": wall, "model_cpu_s": self.cpu, "workers": self.workers, "overhead": overhead}


def processor_seconds() -> float:
    """Processor seconds of this process and of its workers that have ended; of this process alone on Windows."""
    if sys.platform == "win32":
        return time.process_time()
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def model_seconds(folder: Path) -> float:
    """CPU seconds of the runs in a store's shards."""
    found = (pc.sum(parquet.read_table(p, columns=["seconds"])["seconds"]) for p in folder.glob("shards/*.parquet"))
    return float(sum(s.as_py() or 0.0 for s in found))
