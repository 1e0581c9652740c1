"""Run a study and write its result: every scenario with the same luck, estimates, tables, figures and a page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from experiments.analysis.compare import run_scenarios, study_of
from experiments.errors import StudyError
from experiments.plan.behaviour import DEFAULT, behaviours_for
from experiments.plan.resolve import find_study, resolve_all
from experiments.store.result import check_folder
from report.pages.comparison.write import LANGS, StudyResult, write_result
from sim.parameters import Library, load_library
from sim.run import RunResult, RunSpec


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
    force: bool = False,
) -> StudyResult:
    """Run a study and write its result folder.

    Args:
        study: Id of a study, or the path of a study file.
        library: The scenario files; those of the product by default.
        replicates: Replicates of each scenario; the study's own number by default.
        out: Result folder: new, empty, or an interrupted result, which is replaced.
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
        force: Replace a finished result.

    Returns:
        The result.

    Raises:
        InputError: If the study, an override, the county table or the folder is not acceptable; nothing is written.
        RunFailures: If a run failed; nothing is written then.
    """
    folder = Path(out)
    check_folder(folder, force=force)
    _check_arguments(replicates, langs)
    files = library or load_library()
    record = find_study(study, files)
    scenarios = resolve_all(record, files, overrides or {})
    count = record.replicates if replicates is None else replicates
    drawn = behaviours_for(behaviour, files, count)
    groups = run_scenarios(scenarios, count, drawn, files, counties, workers, threads, progress, task)
    done = study_of(record, files, groups, drawn, counties)
    command = _command(study, record.replicates, count, overrides or {}, counties, drawn.mode)
    return write_result(
        done, files, folder, langs=langs, figures=figures, command=command, counties=counties, workers=workers,
        question=record.what.as_dict(),
    )  # fmt: skip


def _check_arguments(replicates: int | None, langs: Sequence[str]) -> None:
    if replicates is not None and (isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1):
        raise StudyError("bad_count", found=str(replicates))
    for lang in langs:
        if lang not in LANGS:
            raise StudyError("bad_language", found=str(lang))


def _command(
    study: str | Path,
    own: int,
    replicates: int,
    overrides: Mapping[str, object],
    counties: str | Path | None,
    behaviour: str,
) -> str:
    """The command line that runs the same study; files by name only, so that no machine's folders get into results."""
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
