"""Run a study and write its result: every scenario with the same luck, estimates and tables; pages are told apart."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis.context import CONTEXT, context_of
from experiments.analysis.guards import Finding, check
from experiments.analysis.opened import COMPARE, Result
from experiments.analysis.study import ScenarioRuns, Study, baselines
from experiments.errors import StudyError
from experiments.plan.behaviour import DEFAULT, Behaviours, behaviours_for
from experiments.plan.resolve import find_study, resolve_all
from experiments.run.runner import run_many
from experiments.store.manifest import file_hash
from experiments.store.result import (
    SPEC,
    check_folder,
    dump,
    open_folder,
    spec_of,
    write_manifest,
    write_tables,
)
from experiments.store.tables import write_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.parameters import Library, Resolved
    from sim.run import RunResult, RunSpec

MAPPED = ("towns", "villages")
"""Agent-level tables of replicate 0, drawn as maps."""


Tell = Callable[[Result], list[Path]]
"""Writes pages and figures of a result into its folder and says which files."""


@dataclass(frozen=True)
class StudyResult:
    """A study with its estimates, what the guards found, and where it was written.

    Attributes:
        study: Scenarios, runs, means, contrasts and ratios.
        findings: What the guards found.
        context: What the scenario files say of it.
        folder: The result folder.
        files: Every file written, the manifest included.
    """

    study: Study
    findings: tuple[Finding, ...]
    context: Mapping[str, Any]
    folder: Path
    files: tuple[Path, ...]

    def frame(self, name: str) -> pd.DataFrame:
        """One table ("runs", "yearly", "cohorts", "estimates", "outcomes") as a pandas frame.

        Raises:
            KeyError: If there is no such table.
        """
        from pyarrow import parquet

        path = self.folder / f"{name}.parquet"
        if path not in self.files:
            raise KeyError(name)
        return parquet.read_table(path).to_pandas()


def run_study(
    study: str | Path,
    *,
    library: Library | None = None,
    replicates: int | None = None,
    out: Path,
    workers: int | None = None,
    threads: int | None = None,
    tell: Tell | None = None,
    overrides: Mapping[str, object] | None = None,
    counties: str | Path | None = None,
    behaviour: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    task: Callable[[RunSpec], RunResult] | None = None,
) -> StudyResult:
    """Run a study and write its result folder.

    Args:
        study: Id of a study, or the path of a study file.
        library: The scenario files; those of the product by default.
        replicates: Replicates of each scenario; the study's own number by default.
        out: Result folder: new, empty, or an earlier result, which is replaced.
        workers: Worker processes; the files are the same to the byte whatever their number.
        threads: Threads instead of processes.
        tell: Writes figures and pages into the folder, before the manifest that ends it.
        overrides: Values of levers and uncertainties by key. Levers apply to every scenario but those without policy,
            so that the baseline stays one; uncertainties apply to all.
        counties: The user's own county table.
        behaviour: "posterior", "prior" or "central" (see :mod:`experiments.plan.behaviour`).
        progress: Called with (finished runs, all runs).
        task: What runs one spec, the model unless told.

    Returns:
        The result.

    Raises:
        InputError: If the study, an override, the county table or the folder is not acceptable; nothing is written.
        RunFailures: If a run failed; nothing is written then.
    """
    from sim.parameters import load_library

    folder = Path(out)
    check_folder(folder)
    _check_arguments(replicates)
    files = library or load_library()
    record = find_study(study, files)
    scenarios = resolve_all(record, files, overrides or {})
    count = record.replicates if replicates is None else replicates
    drawn = behaviours_for(behaviour, files, count)
    groups = run_scenarios(scenarios, count, drawn, files, counties, workers, threads, progress, task)
    done = _study(record, files, groups, drawn, counties)
    command = _command(study, record.replicates, count, overrides or {}, counties, drawn.mode)
    return write_result(
        done, files, folder, tell=tell, command=command, counties=counties, question=record.what.as_dict()
    )


def _study(
    record: Any,
    library: Library,
    groups: tuple[ScenarioRuns, ...],
    drawn: Behaviours,
    counties: str | Path | None,
) -> Study:
    table = file_hash(Path(counties)) if counties is not None else ""
    worlds = {name: world.title.as_dict() for name, world in library.worlds.items()}
    title, marks = record.title.as_dict(), (drawn.mode, drawn.digest)
    return Study(record.id, title, groups, catalogue(), baselines_of(groups), table, worlds, *marks)


def _check_arguments(replicates: int | None) -> None:
    if replicates is not None and (isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1):
        raise StudyError("bad_count", found=str(replicates))


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
    from sim.run import RunSpec

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


def catalogue() -> dict[str, Any]:
    """Definitions of all outcomes under "summary.ID" and "yearly.ID", for some ids exist in both kinds."""
    from sim.outcomes.definitions import OUTCOMES, YEARLY

    return {f"{o.kind}.{o.id}": o for group in (OUTCOMES, YEARLY) for o in group.values()}


def baselines_of(groups: Sequence[ScenarioRuns]) -> dict[str, str]:
    """What each scenario is compared with, by id; see :func:`experiments.analysis.study.baselines`."""
    windows = {g.id: (g.resolved.start, g.resolved.quarters, g.resolved.effective_index) for g in groups}
    return baselines([(g.id, g.resolved.regime, g.resolved.world) for g in groups], windows)


def write_result(
    study: Study,
    library: Any,
    folder: Path,
    *,
    tell: Tell | None = None,
    command: str = "",
    counties: str | Path | None = None,
    question: Mapping[str, str] | None = None,
) -> StudyResult:
    """Write the result folder of a finished study.

    Raises:
        FolderError: If the folder is not ours or cannot be written.
    """
    inert = {key: lever.inert for key, lever in library.levers.items()}
    findings = check(study, inert)
    spec = spec_of(study, inert, command=command, counties=Path(counties) if counties else None)
    open_folder(folder, spec)
    context = context_of(study, library, findings, question)
    write_text(folder / CONTEXT, dump(context))
    written = [folder / SPEC, folder / CONTEXT, *write_tables(study, folder)]
    if tell is not None:
        written += tell(Result(folder, COMPARE, spec, context, study))
    manifest = write_manifest(folder, written)
    return StudyResult(study, tuple(findings), context, folder, (*written, manifest))


def _command(
    study: str | Path,
    own: int,
    replicates: int,
    overrides: Mapping[str, object],
    counties: str | Path | None,
    behaviour: str,
) -> str:
    """The command line that runs the same study; files by name only, so that no machine's folders get into results."""
    import json

    parts = ["xiaozhen", "compare", Path(study).name if str(study).endswith(".toml") else str(study)]
    if replicates != own:
        parts += ["--replicates", str(replicates)]
    for key, value in overrides.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        parts += ["--set", f"{key}={shown}"]
    if counties is not None:
        parts += ["--counties", Path(counties).name]
    if behaviour != DEFAULT:
        parts += ["--behaviour", behaviour]
    return shlex.join(parts)
