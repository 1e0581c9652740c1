"""Results of version 0.3 that were no stores, opened for reading: ``compare`` and ``run --out``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import ArrowException, parquet

from experiments.plan.behaviour import PER_DRAW, Behaviours
from experiments.plan.plan import MODEL, PARTS, Plan, Point
from experiments.store.errors import StoreError
from experiments.store.index import Tables
from experiments.store.keys import Identity
from experiments.store.layout import RESULT, SPEC, read_json
from experiments.store.plan_file import PlanFile
from experiments.store.record import Record
from experiments.store.shards import table_of
from sim.model import ROOT
from sim.parameters.records import Frozen

RUN = "run.json"
_OWN = ("scenario", "regime", "world", "replicate", "root", "fingerprint")
"""Columns of ``runs`` that are no outcome."""
Numbers = Mapping[str, Any]


def is_old(place: Path) -> bool:
    """Whether a folder is such a result."""
    return _reader(place) is not None


def read_old(place: Path) -> tuple[PlanFile, Tables]:
    """Its plan and its records; how its scenarios were made is not known beyond what they were.

    Raises:
        StoreError: If something is missing or not as it was written.
    """
    reader = _reader(place)
    if reader is None:
        raise StoreError("not_a_store", file=place.name)
    try:
        return reader(place)
    except (OSError, ArrowException, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise StoreError("damaged", file=place.name, found=f"{type(error).__name__}: {error}"[:200]) from error


def _reader(place: Path) -> Callable[[Path], tuple[PlanFile, Tables]] | None:
    spec = read_json(place / SPEC)
    if RESULT in spec and "scenarios" in spec:
        return _compared
    return _run if {"regime", "fingerprint", "runs"} <= read_json(place / RUN).keys() else None


def _compared(place: Path) -> tuple[PlanFile, Tables]:
    spec = read_json(place / SPEC)
    if spec[RESULT] != 1:
        raise StoreError("newer_schema", file=place.name, found=str(spec[RESULT]), allowed="1")
    entries = spec["scenarios"]
    behaviour = spec.get("behaviour") or {"mode": "central", "sha256": ""}
    runs, yearly, cohorts = (
        parquet.read_table(place / f"{n}.parquet").to_pandas() for n in ("runs", "yearly", "cohorts")
    )
    place_of = {entry["id"]: p for p, entry in enumerate(entries)}
    plan = Plan(
        spec["study"],
        Frozen(spec["title"]),
        tuple(_point(entry) for entry in entries),
        tuple((place_of[s], int(k)) for s, k in zip(runs["scenario"], runs["replicate"], strict=True)),
        root=spec["root"],
        parts=PARTS,
        design=Frozen({"method": "study", "replicates": spec["replicates"]}),
        baselines=Frozen({entry["id"]: entry["compared_with"] for entry in entries if entry["compared_with"]}),
        behaviour=Behaviours(behaviour["mode"], (), PER_DRAW, (), behaviour["sha256"]),
    )
    versions = spec["versions"]
    table = (spec.get("counties") or {}).get("sha256", "")
    common = Identity(versions["model_sources"], spec["draw_scheme"], MODEL, "", PARTS, spec["root"], table)
    marks = tuple(entry["fingerprint"] for entry in entries)
    file = PlanFile(plan, common, marks, versions, spec["command"], kept=tuple(entries))
    series = dict(iter(yearly.groupby(["scenario", "replicate"], observed=True)))
    groups = dict(iter(cohorts.groupby(["scenario", "replicate"], observed=True)))
    numbers = [
        (
            {name: _number(row[name]) for name in runs.columns if name not in _OWN},
            *_series(series.get((row["scenario"], row["replicate"]))),
            _cohorts(groups.get((row["scenario"], row["replicate"]))),
        )
        for row in runs.to_dict("records")
    ]
    return file, _tables(file, numbers)


def _point(entry: Mapping[str, Any]) -> Point:
    return Point(
        entry["id"], entry["regime"], entry["world"], entry["start"], entry["quarters"], entry["effective"],
        factors=Frozen({"regime": entry["regime"], "world": entry["world"]}), title=Frozen(entry["title"]),
    )  # fmt: skip


def _series(rows: pd.DataFrame | None) -> tuple[Numbers, tuple[int, ...]]:
    if rows is None:
        return {}, ()
    years = tuple(int(year) for year in dict.fromkeys(rows["year"]))
    by_name = rows.groupby("outcome", sort=False, observed=True)["value"]
    return {str(name): [float(x) for x in values] for name, values in by_name}, years


def _cohorts(rows: pd.DataFrame | None) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in () if rows is None else rows.itertuples():
        found.setdefault(str(row.cohort), {})[str(row.measure)] = float(row.value)
    return found


def _run(place: Path) -> tuple[PlanFile, Tables]:
    content = read_json(place / RUN)
    point = Point(
        content["regime"], content["regime"], content["world"], content["start"], content["quarters"],
        factors=Frozen({"regime": content["regime"], "world": content["world"]}),
    )  # fmt: skip
    runs = content["runs"]
    title = Frozen(dict.fromkeys(("zh", "en"), content["regime"]))
    plan = Plan(content["regime"], title, (point,), tuple((0, run["replicate"]) for run in runs), parts=PARTS)
    common = Identity("", "", MODEL, "", PARTS, ROOT, "")
    file = PlanFile(plan, common, (content["fingerprint"],), {}, "xiaozhen run")
    numbers = [
        (
            {name: _number(x) for name, x in run["summary"].items()},
            {name: [_number(x) for x in row] for name, row in run["yearly"].items()},
            tuple(run["years"]),
            {cohort: {name: _number(x) for name, x in row.items()} for cohort, row in run["cohorts"].items()},
        )
        for run in runs
    ]
    return file, _tables(file, numbers)


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _tables(file: PlanFile, numbers: Iterable[tuple[Numbers, Numbers, tuple[int, ...], Numbers]]) -> Tables:
    records = [
        Record(key, summary=summary, yearly=yearly, years=years, cohorts=cohorts)
        for key, (summary, yearly, years, cohorts) in zip(file.keys(), numbers, strict=True)
    ]
    found = Tables()
    found.add(table_of(records))
    return found
