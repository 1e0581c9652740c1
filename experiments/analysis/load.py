"""A store as a study: so that means, contrasts, guards and pages work without running anything again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from experiments.analysis.results import results
from experiments.analysis.study import ScenarioRuns, Study
from experiments.outcomes import catalogue
from experiments.plan.baselines import baselines
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.kept import scenario_of
from sim.parameters import Library, Resolved, load_library
from sim.parameters.mix import with_behaviour
from sim.run import RunResult, RunSpec

Runs = dict[tuple[int, int], tuple[RunSpec, RunResult]]
"""Specs and results by point and replicate."""
NEEDED = ("summary", "yearly", "cohorts")


def load_study(folder: str | Path, library: Library | None = None) -> Study:
    """:func:`study_of` a folder."""
    return study_of(Store.open(folder), library or load_library())


def study_of(store: Store, library: Library) -> Study:
    """Read a store as a study: each point a scenario.

    Args:
        store: A store whose plan kept summary, yearly and cohort outcomes.
        library: The scenario files.

    Returns:
        The study. A replicate that failed in one scenario is left out of all, so that pairs stay pairs.

    Raises:
        StoreError: If a part was not kept, no replicate is common to all, or the scenario files have changed and the
            store did not keep what they said.
    """
    plan = store.plan
    if absent := [name for name in NEEDED if name not in plan.parts]:
        raise StoreError("parts_missing", file=store.name, details={"what": ", ".join(absent)})
    scenarios = scenarios_of(store, library)
    runs = _runs(store, library, scenarios)
    common = _common(store, runs)
    groups = []
    for p, (point, scenario) in enumerate(zip(plan.points, scenarios, strict=True)):
        title = {lang: str(point.title.get(lang, point.id)) for lang in ("zh", "en")}
        specs, mine = zip(*(runs[p, k] for k in common), strict=True)
        groups.append(ScenarioRuns(point.id, title, scenario, specs, mine, plan.behaviour.per_draw))
    worlds = {name: world.title.as_dict() for name, world in library.worlds.items()}
    windows = {g.id: (g.resolved.start, g.resolved.quarters, g.resolved.effective_index) for g in groups}
    base = dict(plan.baselines) or baselines([(g.id, g.resolved.regime, g.resolved.world) for g in groups], windows)
    drawn, table = plan.behaviour, store.file.common.county_table
    marks = drawn.mode, drawn.digest, drawn.at_prior, drawn.earlier
    return Study(plan.id, dict(plan.title), tuple(groups), catalogue(), base, table, worlds, *marks)


def scenarios_of(store: Store, library: Library) -> list[Resolved]:
    """Every point with all levers: as the store kept it, or as the scenario files give it.

    Raises:
        StoreError: If the files have changed and nothing was kept.
    """
    if store.file.kept:
        return [scenario_of(entry, library) for entry in store.file.kept]
    known = store.plan.scenarios(library)
    found = [known.of(p) for p in range(len(store.plan.points))]
    if tuple(r.fingerprint for r in found) != store.file.fingerprints:
        raise StoreError("other_model", file=store.name, details={"what": "scenarios"})
    return found


def _runs(store: Store, library: Library, scenarios: Sequence[Resolved]) -> Runs:
    """Every run that is done."""
    plan, found = store.plan, {}
    for (p, k), result in results(store).items():
        spec = plan.spec(with_behaviour(library, scenarios[p], plan.behaviour.of(k)), k)
        found[p, k] = spec, result
    return found


def _common(store: Store, runs: Runs) -> list[int]:
    """Replicates that every point has."""
    points = range(len(store.plan.points))
    found = sorted(set.intersection(*({k for p, k in runs if p == point} for point in points))) if points else []
    if not found:
        raise StoreError("nothing_common", file=store.name)
    return found
