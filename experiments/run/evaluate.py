"""Evaluators: functions from a plan to its table, in memory or into a folder."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.plan.plan import Plan
from experiments.run.carry import Way, carry_out, telling
from experiments.run.engines.choose import Where
from experiments.run.shard import shard_of
from experiments.store.reading import frame
from sim.parameters import Library


def evaluate(
    plan: Plan,
    *,
    library: Library | None = None,
    workers: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    task: Callable[[Any], Any] | None = None,
) -> pd.DataFrame:
    """Run a plan.

    Args:
        plan: What to run.
        library: The scenario files; those of the product by default.
        workers: Worker processes; None = one for each core, 1 = in this process.
        threads: Threads of this process instead of worker processes.
        progress: Called with (finished, all).
        task: What runs one spec; the plan's own by default.

    Returns:
        One row a run in the order of ``plan.runs``: :data:`experiments.store.frames.OWN_COLUMNS`, then the factors by
        name, then one float column for each outcome, NaN where it is not defined or the run failed (``status`` is
        then "failed").

    Raises:
        InputError: If a point is not acceptable.
    """
    way = Way(Where(None if threads is not None else workers, threads), tell=telling(progress))
    return frame(carry_out(plan, way=way, library=library, task=task))


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
    """An evaluator like :func:`evaluate` that keeps its runs in a folder.

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
        way = Way(Where(workers, threads, scheduler, executor), shard_of(shard) if shard else None, telling(progress))
        return frame(carry_out(plan, out, way, library=library, command=command))

    return run
