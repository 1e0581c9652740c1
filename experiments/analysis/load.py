"""A store as a study: so that means, contrasts, guards and reports work without running anything again."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from experiments.analysis.compare import baselines_of
from experiments.analysis.study import ScenarioRuns, Study
from experiments.outcomes import catalogue
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.reading import records
from experiments.store.record import DONE, Record
from sim.parameters import Library, load_library
from sim.run import RunResult, RunSpec

NEEDED = ("summary", "yearly", "cohorts")


def load_study(folder: str | Path, library: Library | None = None) -> Study:
    """Read a store as a study: each point a scenario.

    Args:
        folder: A store whose plan kept summary, yearly and cohort outcomes.
        library: The scenario files; those of the product by default.

    Returns:
        The study. A replicate that failed in one scenario is left out of all, so that pairs stay pairs. Agent-level
        tables are not in a store.

    Raises:
        StoreError: If a part was not kept, no replicate is common to all, or the scenario files have changed.
    """
    store, files = Store.open(folder), library or load_library()
    plan = store.plan
    absent = [name for name in NEEDED if name not in plan.parts]
    if absent:
        raise StoreError("parts_missing", file=store.folder.name, details={"what": ", ".join(absent)})
    resolved = [point.resolve(files) for point in plan.points]
    if tuple(r.fingerprint for r in resolved) != store.file.fingerprints:
        raise StoreError("other_model", file=store.folder.name, details={"what": "scenarios"})
    groups = []
    runs = _runs(store, files)
    for p, (point, scenario) in enumerate(zip(plan.points, resolved, strict=True)):
        title = {lang: str(point.title.get(lang, point.id)) for lang in ("zh", "en")}
        specs, results = zip(*(runs[p, k] for k in _common(store, runs)), strict=True)
        groups.append(ScenarioRuns(point.id, title, scenario, specs, results, plan.behaviour.per_draw))
    worlds = {name: world.title.as_dict() for name, world in files.worlds.items()}
    base = dict(plan.baselines) or baselines_of(groups)
    table = store.file.common.county_table
    drawn = plan.behaviour
    marks = drawn.mode, drawn.digest, drawn.at_prior
    return Study(plan.id, dict(plan.title), tuple(groups), catalogue(), base, table, worlds, *marks)


def _runs(store: Store, library: Library) -> dict[tuple[int, int], tuple[RunSpec, RunResult]]:
    """Every run that is done, by point and replicate."""
    plan, held = store.plan, records(store)
    found = {}
    for (p, k), key, spec in zip(plan.runs, store.keys, plan.specs(library), strict=True):
        record = held.get(key)
        if record is not None and record.status == DONE:
            found[p, k] = spec, result_of(spec, record)
    return found


def _common(store: Store, runs: dict[tuple[int, int], tuple[RunSpec, RunResult]]) -> list[int]:
    """Replicates that every point has."""
    points = range(len(store.plan.points))
    found = sorted(set.intersection(*({k for p, k in runs if p == point} for point in points))) if points else []
    if not found:
        raise StoreError("nothing_common", file=store.folder.name)
    return found


def result_of(spec: RunSpec, record: Record) -> RunResult:
    """The result that a record holds, without agent-level tables."""
    return RunResult(
        spec.key,
        record.years,
        {name: np.array(values, dtype=np.float64) for name, values in record.yearly.items()},
        dict(record.summary),
        {cohort: dict(values) for cohort, values in record.cohorts.items()},
        {},
        {"levers_read": list(record.levers_read)},
    )
