"""The plan of the fit: every draw of behaviour at the same replicates, over the window that the figures need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from calibration.moments import QUARTERS, START
from experiments.plan.plan import Plan, Point, crossed

REGIME = "zhejiang_2015"
"""The figures are Zhejiang's."""
TASK = "calibration.moments:simulate"


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
