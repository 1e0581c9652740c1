"""Run the scenarios of a study side by side: every one with the same luck and the same draws of behaviour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.study import ScenarioRuns, Study
from experiments.outcomes import catalogue
from experiments.plan.baselines import baselines
from experiments.plan.behaviour import Behaviours
from experiments.run.runner import run_many
from experiments.store.manifest import file_hash
from sim.parameters import Library, Resolved
from sim.run import RunResult, RunSpec

MAPPED = ("towns", "villages")
"""Agent-level tables of replicate 0, drawn as maps."""


def study_of(
    record: Any,
    library: Library,
    groups: tuple[ScenarioRuns, ...],
    drawn: Behaviours,
    counties: str | Path | None,
) -> Study:
    """The study that some runs are."""
    table = file_hash(Path(counties)) if counties is not None else ""
    worlds = {name: world.title.as_dict() for name, world in library.worlds.items()}
    title, marks = record.title.as_dict(), (drawn.mode, drawn.digest, drawn.at_prior)
    return Study(record.id, title, groups, catalogue(), baselines_of(groups), table, worlds, *marks)


def run_scenarios(
    scenarios: Sequence[tuple[str, Any, Resolved]],
    replicates: int,
    behaviours: Behaviours,
    library: Library,
    counties: str | Path | None = None,
    workers: int | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    task: Callable[[RunSpec], RunResult] | None = None,
) -> tuple[ScenarioRuns, ...]:
    """Run every scenario with the same replicates; each has its own behaviour.

    Raises:
        RunFailures: If a run failed.
    """
    table, lay = str(counties) if counties is not None else None, behaviours.laying(library)
    specs = [
        RunSpec(lay(resolved, k), k, tables=MAPPED if k == 0 else (), counties=table)
        for _, _, resolved in scenarios
        for k in range(replicates)
    ]
    runs = run_many(specs, workers=workers, threads=threads, progress=progress, task=task)
    return tuple(
        ScenarioRuns(
            name,
            title,
            resolved,
            tuple(specs[i : i + replicates]),
            tuple(runs[i : i + replicates]),
            behaviours.per_draw,
        )
        for i, (name, title, resolved) in zip(range(0, len(specs), replicates), scenarios, strict=True)
    )


def baselines_of(groups: Sequence[ScenarioRuns]) -> dict[str, str]:
    """What each scenario is compared with, by id; see :func:`experiments.plan.baselines.baselines`."""
    windows = {g.id: (g.resolved.start, g.resolved.quarters, g.resolved.effective_index) for g in groups}
    return baselines([(g.id, g.resolved.regime, g.resolved.world) for g in groups], windows)
