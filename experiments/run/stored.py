"""Run a plan into a store: what is there already is not run again, and what is killed goes on where it stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from experiments.plan.errors import PlanError
from experiments.plan.plan import Plan
from experiments.run.chunks import Cutter, chunk_size
from experiments.run.engines.base import Engine
from experiments.run.engines.choose import Where
from experiments.run.engines.compiling import mark_compiled, shared_compilation
from experiments.run.engines.drive import drive, opened
from experiments.run.engines.local import Serial
from experiments.run.engines.processes import refuse_in_unguarded_script
from experiments.run.errors import SweepError, SweepFull
from experiments.run.memory import stored_task, task_of
from experiments.run.meter import Meter, State
from experiments.run.pilot import Estimate, estimate, pilot_runs
from experiments.run.runner import must_compile
from experiments.run.shard import Shard, shard_of
from experiments.run.there import look_around
from experiments.run.work import lost, split, work
from experiments.store.errors import StoreError, StoreFull
from experiments.store.folder import Store
from experiments.store.merge import finish
from experiments.store.reading import frame
from sim.parameters import Library, load_library

Tell = Callable[[State], None]
Consent = Callable[[Estimate], bool]


@dataclass(frozen=True)
class Way:
    """How a sweep is run; nothing here moves a number.

    Attributes:
        where: The engine.
        shard: Which part of the plan; all of it unless told.
        tell: Called with every new state.
        consent: Asked once, after the pilot, whether to go on; without it there is no pilot.
    """

    where: Where = field(default_factory=Where)
    shard: Shard | None = None
    tell: Tell | None = None
    consent: Consent | None = None


def stored(
    out: str | Path,
    *,
    workers: int | None = None,
    threads: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    shard: str | None = None,
    library: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
    command: str = "",
) -> Callable[[Plan], pd.DataFrame]:
    """An evaluator like :func:`experiments.run.memory.evaluate` that keeps its runs in a folder.

    Args:
        out: The store: new, empty, or one of an earlier sweep of the same plan or of a part of it.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead.
        scheduler: Address of a dask.distributed scheduler instead.
        executor: Any executor of ``concurrent.futures`` instead; its workers must be on this machine.
        shard: Run only part "i/n" of the plan.
        library: The scenario files; those of the product by default.
        progress: Called with (finished, all).
        command: What reproduces the store, for its manifest.

    Returns:
        A function from a plan to its table, one row a run.

    Raises:
        ExperimentError: By the function, if the folder or the request is not acceptable, or the sweep had to stop.
        InputError: By the function, if a point of the plan is not acceptable.
    """

    def run(plan: Plan) -> pd.DataFrame:
        tell = None if progress is None else lambda state: progress(state.done, state.total)
        way = Way(Where(workers, threads, scheduler, executor), shard_of(shard) if shard else None, tell)
        return frame(sweep(plan, out, way, library=library, command=command))

    return run


def sweep(
    plan: Plan, out: str | Path, way: Way | None = None, *, library: Library | None = None, command: str = ""
) -> Store:
    """Run a plan into a store.

    Returns:
        The store, finished unless shards of it are still to be run.

    Raises:
        ExperimentError: If the folder or the request is not acceptable (nothing is touched then), if the disk is full,
            or if the engine was lost.
        InputError: If a point is not acceptable.
    """
    refuse_in_unguarded_script()
    way = way or Way()
    way.where.check()
    if not plan.runs:
        raise PlanError("nothing_to_run", found=plan.id)
    files = library or load_library()
    with opened(way.where.engine(len(plan.runs))) as engine:
        return _go(_created(plan, Path(out), way, files, command), way, files, engine)


def resume(folder: str | Path, way: Way | None = None, *, library: Library | None = None, task: str = "") -> Store:
    """Run what a store still lacks.

    Args:
        folder: The store.
        way: Where and how.
        library: The scenario files; those of the product by default.
        task: What runs it, where that is not one of :data:`experiments.run.memory.TASKS`.

    Returns:
        The store, finished unless shards of it are still to be run.

    Raises:
        ExperimentError: If this is no store, it names a task of its own and not ``task``, the model has changed since,
            the disk is full, or the engine was lost.
    """
    refuse_in_unguarded_script()
    way = way or Way()
    way.where.check()
    store = Store.open(folder)
    stored_task(store.plan.task, task)
    if way.shard is None:
        store = Store.open(folder, clean=True)
    with opened(way.where.engine(len(store.plan.runs))) as engine:
        return _go(store, way, library or load_library(), engine)


def _created(plan: Plan, folder: Path, way: Way, library: Library, command: str) -> Store:
    """Create the store, or take it up; a shard leaves a store of its plan as it is, for others may be writing."""
    if way.shard is not None and folder.is_dir() and any(folder.iterdir()):
        store = Store.open(folder)
        if (store.plan.points, store.plan.runs) == (plan.points, plan.runs):
            return store
    return Store.create(folder, plan, command=command, library=library)


def _go(store: Store, way: Way, library: Library, engine: Engine) -> Store:
    """Run what is missing and finish.

    Raises:
        SweepFull: If the disk is full.
    """
    try:
        _Sweep(store, way, library, engine).run()
        if way.shard is None or not store.todo(store.done(final=True)):
            _finish(store, way)
    except StoreFull as error:
        held = len(store.done())
        details = {"done": str(held), "folder": str(store.folder)}
        raise SweepFull("full", file=str(store.folder), details=details) from error
    return store


def _finish(store: Store, way: Way) -> None:
    """Merge; the last shards of an array may end together, and then one of them does it."""
    try:
        finish(store)
    except StoreError as error:
        if way.shard is None or error.message_id != "busy":
            raise


class _Sweep:
    """A sweep from its start or resumption to its end or interruption."""

    def __init__(self, store: Store, way: Way, library: Library, engine: Engine) -> None:
        self._store, self._way, self._engine = store, way, engine
        self._cutter = Cutter(store, library)
        shard = way.shard or Shard()
        self._waiting = list(shard.mine(store.todo()))
        self._total = len(list(shard.mine(range(len(store.plan.runs)))))
        self._meter = Meter(self._total, self._total - len(self._waiting), tell=way.tell)

    def run(self) -> None:
        """Run everything that waits.

        Raises:
            SweepError: If somebody was asked and declined.
        """
        if not self._waiting:
            return
        if self._engine.remote:
            look_around(self._engine, self._store)
        self._meter.start()
        self._compile()
        if self._way.consent is not None:
            self._ask(self._way.consent)
        self._drive(self._engine, self._waiting)

    def _compile(self) -> None:
        """Run the first alone where workers would all compile the same functions."""
        if must_compile(self._engine):
            self._drive(Serial(), self._waiting[:1])
            mark_compiled()
            del self._waiting[0]

    def _drive(self, engine: Engine, runs: Sequence[int]) -> None:
        serial = engine.name == "serial"
        with shared_compilation(task_of(self._store.plan.task)) if serial else nullcontext():
            chunks = self._cutter.chunks(runs, lambda left: self._size(left, engine))
            for _, reply in drive(engine, work, chunks, split=split, lost=lost):
                self._meter.take(reply)

    def _size(self, left: int, engine: Engine) -> int:
        return chunk_size(left, engine.slots, self._meter.seconds_a_run)

    def _ask(self, consent: Consent) -> None:
        """Run the pilot, tell what the rest takes, and ask whether to go on."""
        pilot = pilot_runs(self._store.plan, self._waiting, self._engine.slots)
        if not pilot:
            return
        self._drive(self._engine, pilot)
        taken = set(pilot)
        self._waiting = [i for i in self._waiting if i not in taken]
        found = estimate(
            self._store,
            pilot,
            runs=self._total,
            waiting=len(self._waiting),
            workers=self._engine.slots,
            seconds_a_run=self._meter.seconds_a_run,
            free=shutil.disk_usage(self._store.folder).free,
        )
        if not consent(found):
            details = {"runs": str(self._meter.done), "folder": str(self._store.folder)}
            raise SweepError("declined", details=details)
        self._meter.start()
