"""The table of a plan's runs as a pandas frame."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.plan.plan import Plan

OWN_COLUMNS = ("run", "point", "replicate", "status")
"""Columns that stand before factors and outcomes."""


def frame(plan: Plan, rows: Sequence[Mapping[str, float] | None]) -> pd.DataFrame:
    """The table of a plan's runs; None stands for a run that failed."""
    names = dict.fromkeys(name for row in rows if row is not None for name in row)
    outcomes = {name: [math.nan if row is None else row.get(name, math.nan) for row in rows] for name in names}
    return columns_of(plan, ["failed" if row is None else "done" for row in rows], outcomes)


def columns_of(plan: Plan, status: Sequence[str], outcomes: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """The table of a plan's runs from whole columns, each in the order of ``plan.runs``."""
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
