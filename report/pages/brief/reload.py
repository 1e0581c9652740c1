"""Rebuild a study from the tables of its result folder, so that nothing has to run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from experiments.analysis.study import ScenarioRuns, Study
from experiments.plan.behaviour import PER_DRAW
from sim.outcomes.records import as_stored

if TYPE_CHECKING:
    import pandas as pd

    from sim.parameters import Resolved
    from sim.parameters.quarter import Quarter
    from sim.run import RunResult, RunSpec

OWN_COLUMNS = ("scenario", "regime", "world", "replicate", "root", "fingerprint")
"""Columns of ``runs`` that are no outcomes."""


@dataclass(frozen=True)
class StoredScenario:
    """The part of a resolved scenario that a result folder keeps; fields as in ``sim.parameters.Resolved``."""

    regime: str
    world: str
    start: Quarter
    quarters: int
    effective_index: int
    announced_index: int
    levers: Mapping[str, tuple[Any, ...]]
    behaviour: Mapping[str, float]
    fingerprint: str
    overridden: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredSpec:
    """Which replicate a stored run is."""

    replicate: int
    root: int


@dataclass(frozen=True)
class StoredRun:
    """Outcomes of one stored run; fields as in ``sim.run.RunResult``."""

    summary: Mapping[str, float]
    yearly: Mapping[str, np.ndarray]
    years: tuple[int, ...]
    guards: Mapping[str, Any] = field(default_factory=dict)


def reload_study(folder: Path, spec: Mapping[str, Any], context: Mapping[str, Any]) -> Study:
    """The study as it was when its result was written: the same estimates to the bit.

    Args:
        folder: The result folder.
        spec: Its ``spec.json``.
        context: Its ``context.json``, or what stands for it.

    Raises:
        OSError, KeyError, ValueError: If a table is missing or not as it was written.
    """
    runs, yearly = _frame(folder, "runs"), _frame(folder, "yearly")
    behaviour = spec.get("behaviour") or {"mode": "central", "sha256": ""}
    per_draw = 1 if behaviour["mode"] == "central" else PER_DRAW
    groups = tuple(_group(one, runs, yearly, per_draw) for one in spec["scenarios"])
    base = {one["id"]: one["compared_with"] for one in spec["scenarios"] if one["compared_with"]}
    counties = spec.get("counties") or {}
    made = Study(
        spec["study"], spec["title"], groups, _outcomes(folder), base, counties.get("sha256", ""),
        context.get("worlds", {}), behaviour["mode"], behaviour["sha256"], tuple(behaviour.get("at_prior", ())),
    )  # fmt: skip
    made.__dict__["fingerprint"] = spec["fingerprint"]  # of the draws it ran with, whatever today's are
    return made


def _frame(folder: Path, name: str) -> pd.DataFrame:
    from pyarrow import parquet

    return parquet.read_table(folder / f"{name}.parquet").to_pandas()


def _group(one: Mapping[str, Any], runs: pd.DataFrame, yearly: pd.DataFrame, per_draw: int) -> ScenarioRuns:
    from sim.parameters.quarter import Quarter

    start = Quarter.parse(one["start"])
    levers = {k: tuple(v for v, n in spans for _ in range(n)) for k, spans in one["levers_not_inert"].items()}
    stored = StoredScenario(
        one["regime"], one["world"], start, one["quarters"], Quarter.parse(one["effective"]) - start,
        Quarter.parse(one["announced"]) - start, levers, one["behaviour_overridden"], one["fingerprint"],
        one["overridden"], one["filled"],
    )  # fmt: skip
    mine = runs[runs["scenario"] == one["id"]]
    if mine.empty:
        raise ValueError(one["id"])
    specs = tuple(StoredSpec(int(k), int(r)) for k, r in zip(mine["replicate"], mine["root"], strict=True))
    series = yearly[yearly["scenario"] == one["id"]]
    results = tuple(_run(row, series[series["replicate"] == row["replicate"]]) for _, row in mine.iterrows())
    return ScenarioRuns(
        one["id"],
        one["title"],
        cast("Resolved", stored),
        cast("tuple[RunSpec, ...]", specs),
        cast("tuple[RunResult, ...]", results),
        per_draw,
    )


def _run(row: pd.Series, series: pd.DataFrame) -> StoredRun:
    names = [name for name in row.index if name not in OWN_COLUMNS]
    years = tuple(int(y) for y in dict.fromkeys(series["year"]))
    by_name = {
        str(name): part["value"].to_numpy(dtype=np.float64)
        for name, part in series.groupby("outcome", sort=False, observed=True)
    }
    return StoredRun({n: float(row[n]) for n in names}, by_name, years)


def _outcomes(folder: Path) -> dict[str, Any]:

    made = {}
    for row in _frame(folder, "outcomes").to_dict("records"):
        texts = {
            name: {lang: str(row[f"{name}_{lang}"]) for lang in ("zh", "en")}
            for name in ("title", "population", "window", "definition")
        }
        made[f"{row['kind']}.{row['outcome']}"] = as_stored(
            row["kind"], row["outcome"], unit=row["unit"], better=int(row["better"]), **texts
        )
    return made
