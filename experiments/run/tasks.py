"""What runs one spec, and what becomes of a failure."""

from __future__ import annotations

import importlib
import traceback
from collections.abc import Callable
from typing import Any

from experiments.errors import FailedRun
from experiments.plan.plan import MODEL
from experiments.run.engines.compiling import model_task
from experiments.store.errors import StoreError
from sim.run import RunSpec

Task = Callable[[RunSpec], Any]
"""From a spec to a ``RunResult`` or a mapping of numbers."""
KILLER = "the worker process died each time this run was tried"
"""Cause of a run that takes its process with it; the same words whatever the engine."""


TASKS = (MODEL, "calibration.moments:simulate")
"""Tasks of the product: what a store may name by itself."""


def stored_task(name: str, named: str = "") -> Task:
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


def task_of(name: str) -> Task:
    """The function that a plan names as "module:function"."""
    module, _, function = name.partition(":")
    found: Task = getattr(importlib.import_module(module), function)
    return model_task() if found is model_task() else found


def guarded(task: Task, spec: RunSpec) -> Any:
    """Run one spec; an error becomes a :class:`FailedRun`, so that one failed run never ends a batch."""
    try:
        return task(spec)
    except Exception as error:
        stage = str(getattr(error, "stage", "run"))
        return FailedRun(spec, stage, f"{type(error).__name__}: {error}", traceback.format_exc())
