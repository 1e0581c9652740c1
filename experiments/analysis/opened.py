"""A result folder opened for telling: a study's result, a sweep's store, or a result of another kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from pyarrow import parquet

from experiments.analysis.context import CONTEXT, context_of
from experiments.analysis.guards import check
from experiments.analysis.load import load_study
from experiments.analysis.study import ScenarioRuns, Study
from experiments.errors import ExperimentError
from experiments.plan.behaviour import PER_DRAW
from experiments.store import manifest as manifests
from experiments.store.errors import StoreError
from experiments.store.folder import Store, is_store
from experiments.store.manifest import MANIFEST
from experiments.store.result import FORMAT, MARK, SPEC
from sim.outcomes.records import Outcome, as_stored
from sim.parameters import Library, Resolved, load_library
from sim.parameters.quarter import Quarter
from sim.parameters.texts import LANGUAGES
from sim.run import RunResult, RunSpec

COMPARE, SWEEP = "compare", "sweep"
OWN_COLUMNS = ("scenario", "regime", "world", "replicate", "root", "fingerprint")
"""Columns of ``runs`` that are no outcomes."""
FEW_POINTS = 8
"""A sweep of up to this many points is told point by point, as scenarios of a study."""


class ResultError(ExperimentError):
    """A folder that holds no result, or one that cannot be read."""

    topic: ClassVar[str] = "opened"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_folder": "there is no such folder",
        "not_a_result": "this folder holds no result, so there is nothing to report",
        "newer_result": "this result was written by a newer version; upgrade to read it",
        "broken_result": "the result is incomplete or damaged, so no brief can be made from it",
    }


@dataclass(frozen=True)
class Result:
    """A result that can be told.

    Attributes:
        folder: Where it lies.
        kind: "compare", "sweep", or what its ``spec.json`` says under "kind".
        spec, manifest: The two JSON files; an interrupted result has an empty manifest.
        context: What the scenario files said when it ran (:mod:`experiments.analysis.context`).
        study: Scenarios with runs, where the folder holds any.
        changed: Files that are missing or differ from the manifest.
        store: The store, where the folder is one.
        whole: Whether it was written to its end.
    """

    folder: Path
    kind: str
    spec: Mapping[str, Any]
    context: Mapping[str, Any]
    study: Study | None
    manifest: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    store: Store | None = None
    whole: bool = True

    @property
    def files(self) -> dict[str, Any]:
        """Files of the manifest without briefs, which were made from the others."""
        return {name: one for name, one in self.manifest.get("files", {}).items() if not is_brief(name)}

    @property
    def digest(self) -> str:
        """SHA-256 over the lines that ``sha256sum`` would print for these files, "" without a manifest."""
        lines = "".join(f"{one['sha256']}  {name}\n" for name, one in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest() if lines else ""


def is_brief(name: str) -> bool:
    """Whether a file of a result folder is a brief of it."""
    return name.startswith("brief.") and name.endswith((".html", ".pdf"))


def open_result(folder: Path, library: Library | None = None) -> Result:
    """Read a result folder or a store; writes nothing and runs nothing.

    Args:
        folder: The folder.
        library: The scenario files, for folders that keep no context of their own; those of the product by default.

    Raises:
        ResultError: If the folder is missing, holds no result, or its result cannot be read.
    """
    if not folder.is_dir():
        raise ResultError("no_folder", file=str(folder))
    spec, manifest = read_json(folder / SPEC), read_json(folder / MANIFEST)
    if MARK not in spec and is_store(folder):
        return _of_store(folder, manifest, library)
    if MARK not in spec:
        raise ResultError("not_a_result", file=folder.name)
    if not isinstance(spec[MARK], int) or spec[MARK] > FORMAT:
        raise ResultError("newer_result", file=folder.name, found=str(spec[MARK]))
    try:
        context = read_json(folder / CONTEXT)
        study = _study(folder, spec, context) if "scenarios" in spec else None
        if study is not None and not context:
            context = _context_now(study, library)
        kind, changed = str(spec.get("kind", COMPARE)), _changed(folder, manifest)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ResultError("broken_result", file=folder.name, found=f"{type(error).__name__}: {error}"[:200]) from error
    return Result(folder, kind, spec, context, study, manifest, changed, whole=bool(manifest))


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _changed(folder: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Files that are missing or differ from the manifest, briefs aside; the manifest where its digest differs."""
    return tuple(name for name in manifests.unsound(folder) if not is_brief(name)) if manifest else ()


def _context_now(study: Study, library: Library | None) -> dict[str, Any]:
    """What the scenario files say today, for a result written before results kept it."""
    files = library or load_library()
    record = files.studies.get(study.id)
    whole = all(key in g.resolved.levers for g in study.groups for key in files.levers)
    guards = check(study, {key: lever.inert for key, lever in files.levers.items()}) if whole else ()
    return context_of(study, files, guards, record.what.as_dict() if record else None)


def _of_store(folder: Path, manifest: Mapping[str, Any], library: Library | None) -> Result:
    """A sweep, as a study where its points are few and whole; its scenario files are those of today."""
    store = Store.open(folder)
    plan, file = store.plan, store.file
    study = None
    if len(plan.points) <= FEW_POINTS:
        try:
            study = load_study(folder, library)
        except StoreError:  # parts were not kept, or scenario files have changed: the sweep itself can still be told
            study = None
    spec = {
        "title": {lang: str(plan.title.get(lang, plan.id)) for lang in ("zh", "en")},
        "command": file.command,
        "draw_scheme": file.common.scheme,
        "root": plan.root,
        "versions": {**file.versions, "model_sources": file.common.model},
    }
    if study is not None:
        scenarios = [{"id": g.id, "title": g.title, "fingerprint": g.resolved.fingerprint} for g in study.groups]
        spec |= {"fingerprint": study.fingerprint, "scenarios": scenarios}
    context = _context_now(study, library) if study is not None else {}
    return Result(folder, SWEEP, spec, context, study, manifest, _changed(folder, manifest), store, bool(manifest))


def _study(folder: Path, spec: Mapping[str, Any], context: Mapping[str, Any]) -> Study:
    """The study as it was when its result was written: the same estimates to the bit."""
    runs, yearly = _frame(folder, "runs"), _frame(folder, "yearly")
    behaviour = spec.get("behaviour") or {"mode": "central", "sha256": ""}
    per_draw = 1 if behaviour["mode"] == "central" else PER_DRAW
    groups = tuple(_group(one, runs, yearly, per_draw) for one in spec["scenarios"])
    base = {one["id"]: one["compared_with"] for one in spec["scenarios"] if one["compared_with"]}
    counties = spec.get("counties") or {}
    return Study(
        spec["study"], spec["title"], groups, _outcomes(folder), base, counties.get("sha256", ""),
        context.get("worlds", {}), behaviour["mode"], behaviour["sha256"], tuple(behaviour.get("at_prior", ())),
        ran_as=spec["fingerprint"],
    )  # fmt: skip


def _frame(folder: Path, name: str) -> pd.DataFrame:
    return parquet.read_table(folder / f"{name}.parquet").to_pandas()


def _group(one: Mapping[str, Any], runs: pd.DataFrame, yearly: pd.DataFrame, per_draw: int) -> ScenarioRuns:
    start = Quarter.parse(one["start"])
    resolved = Resolved(
        one["regime"], one["world"], start, one["quarters"], Quarter.parse(one["effective"]) - start,
        Quarter.parse(one["announced"]) - start,
        {k: tuple(v for v, n in spans for _ in range(n)) for k, spans in one["levers_not_inert"].items()},
        one["behaviour_overridden"], {}, one["fingerprint"], one["overridden"], one["filled"],
    )  # fmt: skip
    mine = runs[runs["scenario"] == one["id"]]
    if mine.empty:
        raise ValueError(one["id"])
    specs = tuple(RunSpec(resolved, int(k), int(r)) for k, r in zip(mine["replicate"], mine["root"], strict=True))
    series = yearly[yearly["scenario"] == one["id"]]
    results = tuple(_run(row, series[series["replicate"] == row["replicate"]]) for _, row in mine.iterrows())
    return ScenarioRuns(one["id"], one["title"], resolved, specs, results, per_draw)


def _run(row: pd.Series, series: pd.DataFrame) -> RunResult:
    years = tuple(int(y) for y in dict.fromkeys(series["year"]))
    by_name = {
        str(name): part["value"].to_numpy(dtype=np.float64)
        for name, part in series.groupby("outcome", sort=False, observed=True)
    }
    summary = {str(n): float(row[n]) for n in row.index if n not in OWN_COLUMNS}
    return RunResult("", years, by_name, summary, {}, {}, {})


def _outcomes(folder: Path) -> dict[str, Outcome]:
    made = {}
    for row in _frame(folder, "outcomes").to_dict("records"):
        title, population, window, definition = (
            {lang: str(row[f"{name}_{lang}"]) for lang in LANGUAGES}
            for name in ("title", "population", "window", "definition")
        )
        made[f"{row['kind']}.{row['outcome']}"] = as_stored(
            row["kind"], row["outcome"], unit=row["unit"], better=int(row["better"]), title=title,
            population=population, window=window, definition=definition,
        )  # fmt: skip
    return made
