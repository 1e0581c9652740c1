"""The runs of the fit: every draw of behaviour at the same replicates, over the window that the figures need.

Each plan is carried out into a store of its own, named by what it asks for, so a fit that was cut off goes on where it
stopped, and a folder can serve fits of several sizes and models.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.moments import QUARTERS, START, TASK
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.carry import Way, carry_out, telling
from experiments.run.engines.choose import Where
from experiments.run.failures import refuse_failures
from experiments.store.reading import frame
from sim.parameters import Library

REGIME = "zhejiang_2015"
"""The figures are Zhejiang's."""


def fit_plan(name: str, draws: Sequence[Mapping[str, float]], replicates: int, task: str = TASK) -> Plan:
    """Every draw at replicates 0, 1, ...: no draw has luck of its own.

    Args:
        name: Id of the plan; points are called ``name-00000`` and so on.
        draws: Value of every uncertainty, one mapping a draw.
        replicates: How many of each.
        task: What runs and measures one spec.
    """
    points = tuple(
        Point(f"{name}-{i:05d}", REGIME, start=START, quarters=QUARTERS, behaviour=dict(draw))
        for i, draw in enumerate(draws)
    )
    title = {"zh": "校准用的运行", "en": "Runs for the fit"}
    return Plan(name, title, points, crossed(len(points), replicates), task=task)


def carried_out(
    plan: Plan,
    names: Sequence[str],
    folder: Path,
    *,
    code: str,
    library: Library,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.float64]:
    """Run what is not yet stored, then read everything.

    Args:
        plan: What to run, as many replicates of each point.
        names: The figures to read.
        folder: Where the stores of a fit stand.
        code: Fingerprint of model and measures; another one makes another store.
        library: The scenario files.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all) runs.

    Returns:
        Shape (points, replicates, figures).

    Raises:
        RunFailures: A run failed.
    """
    place = folder / f"{plan.id}-{_mark(plan, code)}"
    store = carry_out(plan, place, Way(Where(workers), tell=telling(progress)), library=library)
    refuse_failures(store, library)
    figures = frame(store)[list(names)].to_numpy(np.float64)
    return np.asarray(figures.reshape(len(plan.points), -1, len(names)))


def _mark(plan: Plan, code: str) -> str:
    """Hash of everything that the results depend on."""
    draws = [sorted(point.behaviour.items()) for point in plan.points]
    content = [code, plan.task, plan.root, plan.runs, draws]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]
