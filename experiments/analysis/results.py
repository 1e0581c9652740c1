"""Whole results of a plan: from a store, or from runs in memory where an analysis needs every one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from experiments.plan.plan import Plan
from experiments.run.carry import Way, carry_out, telling
from experiments.run.engines.choose import Where
from experiments.run.failures import refuse_failures
from experiments.run.tasks import Task
from experiments.store.folder import Store
from experiments.store.reading import records
from experiments.store.record import DONE, Record
from sim.parameters import Library
from sim.run import RunResult

Results = Mapping[tuple[int, int], RunResult]
"""By point and replicate."""


def run_all(
    plan: Plan,
    library: Library,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    task: Task | None = None,
) -> Store:
    """Run a plan in memory; scenarios that several of its points share run once.

    Args:
        plan: What to run.
        library: The scenario files.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all).
        task: What runs one spec instead of the plan's own.

    Raises:
        RunFailures: If a run failed.
    """
    store = carry_out(plan, way=Way(Where(workers), tell=telling(progress)), library=library, task=task)
    refuse_failures(store, library)
    return store


def results(store: Store) -> Results:
    """The result of every run that is done."""
    held = {key: result_of(key, record) for key, record in records(store).items() if record.status == DONE}
    return {at: held[key] for at, key in zip(store.plan.runs, store.keys, strict=True) if key in held}


def result_of(key: str, record: Record) -> RunResult:
    """The result that a record holds."""
    return RunResult(
        key,
        record.years,
        {name: np.array(values, dtype=np.float64) for name, values in record.yearly.items()},
        dict(record.summary),
        {cohort: dict(values) for cohort, values in record.cohorts.items()},
        {name: dict(columns) for name, columns in record.tables.items()},
        {"levers_read": list(record.levers_read)},
    )
