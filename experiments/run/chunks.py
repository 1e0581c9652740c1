"""Cut what is left of a plan into chunks, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from experiments.run.tasks import Task
from experiments.run.work import Chunk, Run
from experiments.store.errors import StoreError
from experiments.store.folder import Folder, Store
from experiments.store.keys import identity
from experiments.store.shards import MOST_RUNS, MOST_SECONDS
from sim.parameters import Library, Resolved

SHARES = 4
"""Chunks that each worker still gets before the end, so that none works long alone."""


class Cutter:
    """Makes chunks of a store's runs.

    Args:
        store: The store.
        library: The scenario files.
        task: What runs one spec.

    Raises:
        StoreError: If the model has changed since the store was made.
    """

    def __init__(self, store: Store, library: Library, task: Task) -> None:
        self._store, self._task = store, task
        self._scenarios = store.plan.scenarios(library)
        plan, common = store.plan, store.file.common
        now = identity(task=plan.task, parts=plan.parts, root=plan.root, counties=plan.counties)
        if now != common:
            raise self._changed("model" if now.model != common.model else "task")

    def _changed(self, what: str) -> StoreError:
        return StoreError("other_model", file=self._store.name, details={"what": what})

    def _drawn(self, point: int, replicate: int) -> Resolved:
        if self._scenarios.of(point).fingerprint != self._store.file.fingerprints[point]:
            raise self._changed(self._store.plan.points[point].id)
        return self._scenarios.drawn(point, replicate)

    def chunk(self, runs: Sequence[int]) -> Chunk:
        """One chunk of some runs (indices into ``plan.runs``).

        Raises:
            StoreError: If the scenario files have changed since the store was made.
        """
        plan, store = self._store.plan, self._store
        settings: dict[tuple[int, int], int] = {}
        scenarios, found = [], []
        for i in runs:
            point, replicate = plan.runs[i]
            setting = point, plan.behaviour.place(replicate)
            if setting not in settings:
                settings[setting] = len(settings)
                scenarios.append(self._drawn(point, replicate))
            found.append(Run(i, store.keys[i], settings[setting], replicate, plan.tables_of(replicate)))
        folder = store.folder.resolve() if isinstance(store, Folder) else None
        return Chunk(folder, tuple(scenarios), tuple(found), self._task, plan.parts, plan.root, plan.counties)

    def chunks(self, runs: Sequence[int], size: Callable[[int], int]) -> Iterator[Chunk]:
        """Chunks in order; ``size`` is asked before each, with the number of runs that are left."""
        start = 0
        while start < len(runs):
            end = start + size(len(runs) - start)
            yield self.chunk(runs[start:end])
            start = end


def chunk_size(left: int, slots: int, seconds_a_run: float) -> int:
    """Runs for the next chunk: some seconds of work, so that a kill costs little and shards are not tiny.

    Args:
        left: Runs not yet handed over.
        slots: Workers.
        seconds_a_run: NaN while unknown; chunks are single runs then.
    """
    if not seconds_a_run > 0:
        return 1
    by_time = min(MOST_RUNS, int(MOST_SECONDS / seconds_a_run) + 1)
    return max(1, min(by_time, -(-left // (SHARES * slots))))
