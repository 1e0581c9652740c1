"""The table of a plan's points: what each sets and its factors, one column a factor."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from experiments.store.plan_file import PlanFile

POINTS = "points.parquet"
OWN = ("point", "title_zh", "title_en", "regime", "world", "start", "quarters", "effective", "fill", "fingerprint",
       "baseline", "levers", "behaviour")  # fmt: skip
"""Columns that stand before the factors."""


def points_table(file: PlanFile) -> pa.Table:
    """One row a point: :data:`OWN`, then one column for each factor, as numbers where all its levels are numbers."""
    plan = file.plan
    columns: dict[str, Any] = {name: [] for name in OWN}
    for point, mark in zip(plan.points, file.fingerprints, strict=True):
        own = {
            "point": point.id,
            "title_zh": str(point.title.get("zh", point.id)),
            "title_en": str(point.title.get("en", point.id)),
            "regime": point.regime,
            "world": point.world,
            "start": point.start,
            "quarters": point.quarters,
            "effective": point.effective,
            "fill": " ".join(point.fill),
            "fingerprint": mark,
            "baseline": plan.baselines.get(point.id),
            "levers": _json(point.set),
            "behaviour": _json({**point.study_behaviour, **point.behaviour}),
        }
        for name in OWN:
            columns[name].append(own[name])
    arrays = {n: pa.array(v, pa.int64() if n == "quarters" else pa.string()) for n, v in columns.items()}
    for name in dict.fromkeys(name for point in plan.points for name in point.factors):
        taken = name if name not in OWN else f"factor.{name}"
        arrays[taken] = _levels([point.factors.get(name) for point in plan.points])
    return pa.table(arrays)


def _json(content: Any) -> str:
    return json.dumps(
        dict(content), ensure_ascii=False, default=lambda v: v.tolist() if hasattr(v, "tolist") else str(v)
    )


def _levels(values: list[Any]) -> pa.Array:
    kinds = {type(v) for v in values if v is not None}
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if all(issubclass(kind, int | float) and kind is not bool for kind in kinds):
        return pa.array([None if v is None else float(v) for v in values], pa.float64())
    return pa.array([None if v is None else str(v) for v in values], pa.string())
