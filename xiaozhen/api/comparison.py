"""Run a study and write its result: every scenario with the same luck, estimates, tables, figures and a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from report.blocks import Joined, Text
from report.pages.comparison.write import LANGS, StudyResult, write_pages
from report.text.checks import said
from report.text.spoken import spoken
from sim.parameters import Library, load_library
from xiaozhen.api.library import texts_of
from xiaozhen.api.stores import kept
from xiaozhen.requests import Compare


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
    asked = Compare.about(
        study=study, replicates=replicates, settings=texts_of(overrides), behaviour=behaviour, counties=counties
    )
    store = carry_out(plan, folder, way, library=files, command=kept(asked), task=task, force=force)
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


def document(found: StudyResult) -> dict[str, Any]:
    """The result as one JSON document: every estimate, what the checks found, and where the files are."""
    study = found.study
    scenarios = [
        {"id": g.id, "title": g.title, "regime": g.resolved.regime, "world": g.resolved.world,
         "fingerprint": g.resolved.fingerprint, "filled": g.resolved.filled, "baseline": study.baseline_of.get(g.id)}
        for g in study.groups
    ]  # fmt: skip
    return {
        "study": study.id,
        "replicates": study.replicates,
        "behaviour": study.behaviour,
        "scenarios": scenarios,
        "estimates": study.estimate_records(),
        "findings": [{**vars(f), **{k: spoken(said(f, study), k) for k in LANGS}} for f in found.findings],
        "folder": str(found.folder),
        "files": [path.relative_to(found.folder).as_posix() for path in found.files],
    }


def alarms(found: StudyResult) -> list[Text]:
    """What the checks of a study warn of."""
    return [Joined(("! ", said(f, found.study)), "none") for f in found.findings if f.status == "alarm"]


def first_page(found: StudyResult, lang: str) -> Path | None:
    """The page to read first in a language."""
    pages = (f"summary.{lang}.md", f"findings.{lang}.md")
    return next((found.folder / p.name for p in found.files if p.name in pages), None)
