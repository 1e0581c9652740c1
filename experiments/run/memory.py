"""Run a plan and keep everything in memory: for small plans, notebooks and tests."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.errors import FailedRun
from experiments.run.runner import model_task, run_many

if TYPE_CHECKING:
    import pandas as pd

    from experiments.plan.plan import Plan
    from sim.parameters import Library

OWN_COLUMNS = ("run", "point", "replicate", "status")
"""Columns that stand before factors and outcomes."""


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
        One row a run in the order of ``plan.runs``: :data:`OWN_COLUMNS`, then the factors by name, then one float
        column for each outcome, NaN where it is not defined or the run failed (``status`` is then "failed").

    Raises:
        InputError: If a point is not acceptable.
    """
    from sim.parameters import load_library

    results = run_many(
        plan.specs(library or load_library()),
        workers=workers,
        threads=threads,
        progress=progress,
        allow_failures=True,
        task=task or task_of(plan.task),
    )
    return frame(plan, [None if isinstance(r, FailedRun) else numbers(r) for r in results])


def task_of(name: str) -> Callable[[Any], Any]:
    """The function that a plan names as "module:function"."""
    module, _, function = name.partition(":")
    found: Callable[[Any], Any] = getattr(importlib.import_module(module), function)
    return model_task() if found is model_task() else found


def numbers(result: Any) -> Mapping[str, float]:
    """The summary outcomes of a run, whatever its task returned."""
    found: Mapping[str, float] = result if isinstance(result, Mapping) else result.summary
    return found


def frame(plan: Plan, rows: Sequence[Mapping[str, float] | None]) -> pd.DataFrame:
    """The table of a plan's runs; None stands for a run that failed."""
    names = dict.fromkeys(name for row in rows if row is not None for name in row)
    outcomes = {name: [math.nan if row is None else row.get(name, math.nan) for row in rows] for name in names}
    return columns_of(plan, ["failed" if row is None else "done" for row in rows], outcomes)


def columns_of(plan: Plan, status: Sequence[str], outcomes: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """The table of a plan's runs from whole columns, each in the order of ``plan.runs``."""
    import pandas as pd

    points = [plan.points[p] for p, _ in plan.runs]
    columns: dict[str, Any] = {
        "run": range(len(plan.runs)),
        "point": [point.id for point in points],
        "replicate": [k for _, k in plan.runs],
        "status": list(status),
    }
    for name in dict.fromkeys(name for point in plan.points for name in point.factors):
        columns[name] = [point.factors.get(name) for point in points]
    return pd.DataFrame({**columns, **outcomes})
