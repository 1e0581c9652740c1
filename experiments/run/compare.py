"""Run a study and write its result: every scenario with the same luck, estimates, tables, figures and a report."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.analysis.guards import Finding, check
from experiments.analysis.study import ScenarioRuns, Study, baselines
from experiments.errors import StudyError
from experiments.plan.behaviour import DEFAULT, Behaviours, behaviours_for
from experiments.plan.resolve import find_study, resolve_all
from experiments.run.runner import available_cores, run_many
from experiments.store.result import check_folder, file_hash, open_folder, spec_of, write_manifest, write_tables
from experiments.store.tables import write_text
from report.figures.across import is_across
from report.pages.brief.context import CONTEXT, context_of, context_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.parameters import Library, Resolved
    from sim.run import RunResult, RunSpec

LANGS = ("zh", "en")
MAPPED = ("towns", "villages")
"""Agent-level tables of replicate 0, drawn as maps."""


@dataclass(frozen=True)
class StudyResult:
    """A study with its estimates, what the guards found, and where it was written.

    Attributes:
        study: Scenarios, runs, means, contrasts and ratios.
        findings: What the guards found.
        folder: The result folder.
        files: Every file written, the manifest included.
    """

    study: Study
    findings: tuple[Finding, ...]
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
    langs: Sequence[str] = LANGS,
    figures: Sequence[str] | None = None,
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
        langs: Languages of figures and report.
        figures: Which figures to draw, all of :data:`report.figures.FIGURES` unless told.
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
    _check_arguments(replicates, langs)
    files = library or load_library()
    record = find_study(study, files)
    scenarios = resolve_all(record, files, overrides or {})
    count = record.replicates if replicates is None else replicates
    drawn = behaviours_for(behaviour, files, count)
    groups = run_scenarios(scenarios, count, drawn, files, counties, workers, threads, progress, task)
    done = _study(record, files, groups, drawn, counties)
    command = _command(study, record.replicates, count, overrides or {}, counties, drawn.mode)
    return write_result(
        done, files, folder, langs=langs, figures=figures, command=command, counties=counties, workers=workers,
        question=record.what.as_dict(),
    )  # fmt: skip


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


def _check_arguments(replicates: int | None, langs: Sequence[str]) -> None:
    if replicates is not None and (isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1):
        raise StudyError("bad_count", found=str(replicates))
    for lang in langs:
        if lang not in LANGS:
            raise StudyError("bad_language", found=str(lang))


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
    from sim.outcomes.registry import OUTCOMES, YEARLY

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
    langs: Sequence[str] = LANGS,
    figures: Sequence[str] | None = None,
    command: str = "",
    counties: str | Path | None = None,
    workers: int | None = None,
    geography: Any = None,
    question: Mapping[str, str] | None = None,
) -> StudyResult:
    """Write the result folder of a finished study.

    Raises:
        FolderError: If the folder is not ours or cannot be written.
    """
    from report.figures import FIGURES, draw_all

    inert = {key: lever.inert for key, lever in library.levers.items()}
    findings = check(study, inert)
    spec = spec_of(study, inert, command=command, counties=Path(counties) if counties else None)
    open_folder(folder, spec)
    context = folder / CONTEXT
    write_text(context, context_text(context_of(study, library, findings, question)))
    written = [folder / "spec.json", context, *write_tables(study, folder)]
    chosen = FIGURES if figures is None else tuple(figures)
    if geography is None and {"network", "linkage"} & set(chosen):
        geography = _geography(study, library, counties)
    drawn = draw_all(
        study, folder / "figures", langs, geography=geography, figures=chosen, workers=workers or available_cores()
    )
    written += drawn
    for lang in langs:
        written.append(_write_summary(study, findings, library, folder, lang, command, spec, drawn))
    manifest = write_manifest(folder, written)
    return StudyResult(study, tuple(findings), folder, (*written, manifest))


def _geography(study: Study, library: Any, counties: str | Path | None) -> Any:
    """Places of the first scenario's world."""
    from sim.world.build import build_geography, load_world

    facts = load_world(study.groups[0].resolved.world, library.root)
    return build_geography(facts, Path(counties) if counties else None)


def _write_summary(
    study: Study,
    findings: Sequence[Finding],
    library: Any,
    folder: Path,
    lang: str,
    command: str,
    spec: Mapping[str, Any],
    drawn: Sequence[Path],
) -> Path:
    from report.pages.comparison.findings import markdown as findings_page
    from report.pages.comparison.summary import markdown

    names = {"zh": ("研究", "随机数方案", "模型源码"), "en": ("study", "draw scheme", "model sources")}[lang]
    marks = {names[0]: study.fingerprint, names[1]: spec["draw_scheme"], names[2]: spec["versions"]["model_sources"]}
    marks |= {str(g.title[lang]): g.resolved.fingerprint for g in study.groups}
    figures = [p.relative_to(folder).as_posix() for p in drawn if p.name.endswith(f".{lang}.png")]
    shared = {"regimes": library.regimes, "command": command, "marks": marks, "figures": figures}
    if is_across(study):
        content = findings_page(study, findings, lang, **shared)
    else:
        content = markdown(study, findings, lang, levers=library.levers, **shared)
    path = folder / f"{'findings' if is_across(study) else 'summary'}.{lang}.md"
    write_text(path, content)
    return path


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
