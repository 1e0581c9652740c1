"""Run a plan and keep everything in memory: for small plans, notebooks and tests."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from experiments.errors import FailedRun
from experiments.plan.plan import MODEL, Plan
from experiments.run.runner import model_task, run_many
from experiments.store.errors import StoreError
from experiments.store.frames import frame
from sim.parameters import Library, load_library

TASKS = (MODEL, "calibration.moments:simulate")
"""Tasks of the product: what a store may name by itself."""


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
    results = run_many(
        plan.specs(library or load_library()),
        workers=workers,
        threads=threads,
        progress=progress,
        allow_failures=True,
        task=task or task_of(plan.task),
    )
    return frame(plan, [None if isinstance(r, FailedRun) else numbers(r) for r in results])


def stored_task(name: str, named: str = "") -> Callable[[Any], Any]:
    """The function that a store names, if it may be run: a store comes from anywhere, and importing runs code.

    Args:
        name: What the store names.
        named: What the caller names.

    Raises:
        StoreError: If it is none of :data:`TASKS` and the caller did not name it.
    """
    if name not in (*TASKS, named):
        raise StoreError("foreign_task", details={"task": name})
    return task_of(name)


def task_of(name: str) -> Callable[[Any], Any]:
    """The function that a plan names as "module:function"."""
    module, _, function = name.partition(":")
    found: Callable[[Any], Any] = getattr(importlib.import_module(module), function)
    return model_task() if found is model_task() else found


def numbers(result: Any) -> Mapping[str, float]:
    """The summary outcomes of a run, whatever its task returned."""
    found: Mapping[str, float] = result if isinstance(result, Mapping) else result.summary
    return found
