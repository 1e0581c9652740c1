"""Cut what is left of a plan into chunks, as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from experiments.run.work import Chunk, Run
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.keys import identity
from experiments.store.shards import MOST_RUNS, MOST_SECONDS
from sim.parameters import Library, Resolved
from sim.parameters.mix import with_behaviour

SCENARIOS_KEPT = 64
"""Resolved points kept in memory; runs of one point mostly follow each other."""
SHARES = 4
"""Chunks that each worker still gets before the end, so that none works long alone."""


class Cutter:
    """Makes chunks of a store's runs.

    Args:
        store: The store.
        library: The scenario files.

    Raises:
        StoreError: If the model has changed since the store was made.
    """

    def __init__(self, store: Store, library: Library) -> None:
        self._store, self._library = store, library
        self._known: dict[str, Resolved] = {}
        plan, common = store.plan, store.file.common
        now = identity(task=plan.task, parts=plan.parts, root=plan.root, counties=plan.counties)
        if now != common:
            raise self._changed("model" if now.model != common.model else "task")
        self._resolved = lru_cache(maxsize=SCENARIOS_KEPT)(self._resolve)

    def _changed(self, what: str) -> StoreError:
        return StoreError("other_model", file=self._store.folder.name, details={"what": what})

    def _resolve(self, point: int) -> Resolved:
        found = self._store.plan.points[point].resolve(self._library, self._known)
        if found.fingerprint != self._store.file.fingerprints[point]:
            raise self._changed(self._store.plan.points[point].id)
        return found

    def _drawn(self, point: int, draw: int) -> Resolved:
        draws = self._store.plan.behaviour.draws
        return with_behaviour(self._library, self._resolved(point), draws[draw] if draws else {})

    def chunk(self, runs: Sequence[int]) -> Chunk:
        """One chunk of some runs (indices into ``plan.runs``).

        Raises:
            StoreError: If the scenario files have changed since the store was made.
        """
        plan = self._store.plan
        settings = [(plan.runs[i][0], plan.behaviour.place(plan.runs[i][1])) for i in runs]
        place = {setting: n for n, setting in enumerate(dict.fromkeys(settings))}
        found = tuple(
            Run(i, self._store.keys[i], place[setting], plan.runs[i][1])
            for i, setting in zip(runs, settings, strict=True)
        )
        scenarios = tuple(self._drawn(point, draw) for point, draw in place)
        folder = str(self._store.folder.resolve())
        return Chunk(folder, scenarios, found, plan.task, plan.parts, plan.root, plan.counties)

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
