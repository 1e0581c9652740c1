"""Run a study and write its result: every scenario with the same luck, estimates, tables, figures and a page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from experiments.analysis.context import CONTEXT
from experiments.analysis.guards import check
from experiments.analysis.load import study_of
from experiments.analysis.opened import spec_of
from experiments.errors import StudyError
from experiments.plan.behaviour import behaviours_for
from experiments.plan.from_study import plan_of_study
from experiments.plan.studies import find_study
from experiments.run.carry import Way, carry_out, telling
from experiments.run.engines.choose import Where
from experiments.run.failures import refuse_failures
from experiments.run.tasks import Task
from experiments.store import manifest
from experiments.store.disk import told
from experiments.store.folder import Folder, remove_pages
from experiments.store.layout import read_json
from experiments.store.versions import versions
from report.pages.comparison.write import LANGS, StudyResult, write_pages
from sim.parameters import Library, load_library


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
    task: Task | None = None,
    force: bool = False,
) -> StudyResult:
    """Run a study and write its result folder.

    Args:
        study: Id of a study, or the path of a study file.
        library: The scenario files; those of the product by default.
        replicates: Replicates of each scenario; the study's own number by default.
        out: Result folder: new, empty, or a result whose runs this one still asks for: those are not run again, and one
            that was interrupted goes on.
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
        force: Replace a result that cannot be taken up.

    Returns:
        The result.

    Raises:
        InputError: If the study, an override, the county table or the folder is not acceptable; nothing is written.
        RunFailures: If a run failed; all runs are kept then, and no page is written.
    """
    folder = Path(out)
    _check_arguments(replicates, langs)
    files = library or load_library()
    plan = plan_of_study(find_study(study, files), files, replicates=replicates, overrides=overrides)
    drawn = behaviours_for(behaviour, files, plan.design["replicates"])
    plan = replace(plan, behaviour=drawn, counties=None if counties is None else str(counties))
    way = Way(Where(workers, threads), tell=telling(progress))
    command = _command(study, overrides or {}, replicates, counties, behaviour)
    store = carry_out(plan, folder, way, library=files, command=command, task=task, force=force)
    refuse_failures(store, files)
    return pages_of(store, files, langs=langs, figures=figures, workers=workers)


def pages_of(
    store: Folder,
    library: Library,
    *,
    langs: Sequence[str] = LANGS,
    figures: Sequence[str] | None = None,
    workers: int | None = None,
) -> StudyResult:
    """The pages of a finished comparison, in its store's folder; written where they do not stand there yet."""
    study, folder = study_of(store, library), store.folder
    wanted = {"langs": list(langs), "figures": None if figures is None else list(figures), "by": versions()}
    if held := manifest.pages(folder, wanted):
        findings = check(study, {key: lever.inert for key, lever in library.levers.items()})
        return StudyResult(study, tuple(findings), read_json(folder / CONTEXT), folder, held)
    remove_pages(folder)
    with told(folder):
        found = write_pages(
            study, library, folder, spec=spec_of(store, study), langs=langs, figures=figures,
            counties=store.plan.counties, workers=workers, question=store.plan.design.get("question"),
        )  # fmt: skip
        manifest.add_pages(folder, found.files, wanted)
    return replace(found, files=manifest.pages(folder, wanted))


def _check_arguments(replicates: int | None, langs: Sequence[str]) -> None:
    if replicates is not None and (isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1):
        raise StudyError("bad_count", found=str(replicates))
    for lang in langs:
        if lang not in LANGS:
            raise StudyError("bad_language", found=str(lang))


def _command(
    study: str | Path,
    overrides: Mapping[str, object],
    replicates: int | None,
    counties: str | Path | None,
    behaviour: str | None,
) -> str:
    """The command line that runs the same study, for display; files by name only, for results name no folders."""
    parts = ["xiaozhen", "compare", Path(study).name if str(study).endswith(".toml") else str(study)]
    if replicates is not None:
        parts += ["--replicates", str(replicates)]
    if counties is not None:
        parts += ["--counties", Path(counties).name]
    if behaviour is not None:
        parts += ["--behaviour", behaviour]
    for key, value in overrides.items():
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        parts += ["--set", f"{key}={shown}"]
    return shlex.join(parts)
