"""Run a plan into a store: what is there already is not run again, and what is killed goes on where it stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import overload

from experiments.plan.errors import PlanError
from experiments.plan.plan import Plan
from experiments.run.chunks import Cutter, chunk_size
from experiments.run.engines.base import Engine
from experiments.run.engines.choose import Where
from experiments.run.engines.compiling import compiled_before, mark_compiled, shared_compilation
from experiments.run.engines.drive import drive, opened
from experiments.run.engines.local import Serial
from experiments.run.engines.processes import refuse_in_unguarded_script
from experiments.run.errors import SweepError, SweepFull
from experiments.run.meter import Meter, State
from experiments.run.pilot import Estimate, estimate, pilot_runs
from experiments.run.shard import Shard
from experiments.run.tasks import Task, stored_task, task_of
from experiments.run.there import look_around
from experiments.run.work import lost, split, work
from experiments.store.errors import StoreError, StoreFull
from experiments.store.folder import Folder, Store
from experiments.store.index import Tables
from experiments.store.merge import finish
from sim.parameters import Library, load_library
from sim.world.build import load_world

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


def telling(progress: Callable[[int, int], None] | None) -> Tell | None:
    """What tells a progress bar (finished, all)."""
    return None if progress is None else lambda state: progress(state.done, state.total)


@overload
def carry_out(
    plan: Plan, out: None = None, way: Way | None = None, *, library: Library | None = None, command: str = "",
    task: Task | None = None, force: bool = False,
) -> Store: ...  # fmt: skip
@overload
def carry_out(
    plan: Plan, out: str | Path, way: Way | None = None, *, library: Library | None = None, command: str = "",
    task: Task | None = None, force: bool = False,
) -> Folder: ...  # fmt: skip
def carry_out(
    plan: Plan,
    out: str | Path | None = None,
    way: Way | None = None,
    *,
    library: Library | None = None,
    command: str = "",
    task: Task | None = None,
    force: bool = False,
) -> Store:
    """Run a plan: whatever is run many times goes through here.

    The records are the same to the bit whatever the engine, and a folder's files are the same to the byte however often
    the work was interrupted: what a folder holds already is not run again.

    Args:
        plan: What to run. ``plan.parts``, ``plan.tables`` and ``plan.maps`` say what is kept; ``plan.task`` names what
            runs one spec where it is not the model: a function of a spec that gives a ``RunResult`` or a mapping of
            numbers.
        out: The store's folder: new, empty, or one of an earlier plan whose runs this one still asks for; in memory
            where it is None.
        way: Engine, shard, progress and consent; all cores and no questions by default.
        library: The scenario files; those of the product by default.
        command: What was asked, for display.
        task: Runs one spec instead of the function that the plan names; worker processes need one that can be imported.
        force: Replace a result of ours in the folder that cannot be taken up.

    Returns:
        The store, finished unless shards of it are still to be run. Runs that failed stand in it as failed; see
        :func:`experiments.run.failures.refuse_failures`.

    Raises:
        ExperimentError: If the folder or the request is not acceptable (nothing is touched then), if the disk is full,
            or if the engine was lost.
        InputError: If a point, or the file of its world, is not acceptable.
    """
    refuse_in_unguarded_script()
    way, files = way or Way(), library or load_library()
    way.where.check()
    for world in dict.fromkeys(
        point.world for point in plan.points
    ):  # a fault in its file is told once, not by each run
        load_world(world)
    if not plan.runs:
        raise PlanError("nothing_to_run", found=plan.id)
    with opened(way.where.engine(len(plan.runs))) as engine:
        if out is None:
            store = Store.memory(plan, files, command=command)
            _Sweep(store, way, files, engine, task or task_of(plan.task)).run()
            return store
        return _go(_created(plan, Path(out), way, files, command, force), way, files, engine, task)


def resume(folder: str | Path, way: Way | None = None, *, library: Library | None = None, task: str = "") -> Folder:
    """Run what a store still lacks.

    Args:
        folder: The store.
        way: Where and how.
        library: The scenario files; those of the product by default.
        task: What runs it, where that is not one of :data:`experiments.run.tasks.TASKS`.

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


def _created(plan: Plan, folder: Path, way: Way, library: Library, command: str, force: bool) -> Folder:
    """Create the store, or take it up; a shard leaves a store of its plan as it is, for others may be writing."""
    if way.shard is not None and folder.is_dir() and any(folder.iterdir()):
        store = Store.open(folder)
        if (store.plan.points, store.plan.runs) == (plan.points, plan.runs):
            return store
    return Store.create(folder, plan, command=command, library=library, force=force)


def _go(store: Folder, way: Way, library: Library, engine: Engine, task: Task | None = None) -> Folder:
    """Run what is missing and finish.

    Raises:
        SweepFull: If the disk is full.
    """
    try:
        _Sweep(store, way, library, engine, task or task_of(store.plan.task)).run()
        if way.shard is None or not store.todo(store.done(final=True)):
            _finish(store, way)
    except StoreFull as error:
        details = {"done": str(len(store.done())), "folder": str(store.folder)}
        raise SweepFull("full", file=str(store.folder), details=details) from error
    return store


def _finish(store: Folder, way: Way) -> None:
    """Merge; the last shards of an array may end together, and then one of them does it."""
    try:
        finish(store)
    except StoreError as error:
        if way.shard is None or error.message_id != "busy":
            raise


class _Sweep:
    """A sweep from its start or resumption to its end or interruption."""

    def __init__(self, store: Store, way: Way, library: Library, engine: Engine, task: Task) -> None:
        self._store, self._way, self._engine, self._task = store, way, engine, task
        self._cutter = Cutter(store, library, task)
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
        if self._engine.remote and isinstance(self._store, Folder):
            look_around(self._engine, self._store)
        self._meter.start()
        self._compile()
        if self._way.consent is not None:
            self._ask(self._way.consent)
        self._drive(self._engine, self._waiting)

    def _compile(self) -> None:
        """Run the first alone where workers would all compile the same functions."""
        if self._engine.name == "processes" and not compiled_before():
            self._drive(Serial(), self._waiting[:1])
            mark_compiled()
            del self._waiting[0]

    def _drive(self, engine: Engine, runs: Sequence[int]) -> None:
        serial = engine.name == "serial"
        with shared_compilation(self._task) if serial else nullcontext():
            chunks = self._cutter.chunks(runs, lambda left: self._size(left, engine))
            for _, reply in drive(engine, work, chunks, split=split, lost=lost):
                if reply.table is not None and isinstance(self._store.source, Tables):
                    self._store.source.add(reply.table)
                self._meter.take(reply)

    def _size(self, left: int, engine: Engine) -> int:
        return chunk_size(left, engine.slots, self._meter.seconds_a_run)

    def _ask(self, consent: Consent) -> None:
        """Run the pilot, tell what the rest takes, and ask whether to go on."""
        pilot = pilot_runs(self._store.plan, self._waiting, self._engine.slots)
        if not pilot or not isinstance(self._store, Folder):
            return
        folder = self._store.folder
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
            free=shutil.disk_usage(folder).free,
        )
        if not consent(found):
            details = {"runs": str(self._meter.done), "folder": str(folder)}
            raise SweepError("declined", details=details)
        self._meter.start()
