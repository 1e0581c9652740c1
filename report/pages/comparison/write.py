"""Write the result of a study: tables, figures and a page in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from experiments.analysis.context import CONTEXT, context_of
from experiments.analysis.guards import Finding, check
from experiments.analysis.opened import COMPARE, Result
from experiments.analysis.study import Study
from experiments.analysis.tables import study_tables
from experiments.run.runner import available_cores
from experiments.store.disk import write_text
from experiments.store.result import dump
from experiments.store.tables import write_table
from report.figures.across import is_across
from report.figures.draw import draw_all, drawable
from report.figures.registry import figures as known_figures
from report.pages.comparison.page import summary
from report.render.markdown import markdown
from sim.world.build import build_geography, load_world

LANGS = ("zh", "en")


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
        path = self.folder / f"{name}.parquet"
        if path not in self.files:
            raise KeyError(name)
        return parquet.read_table(path).to_pandas()


def write_pages(
    study: Study,
    library: Any,
    folder: Path,
    *,
    spec: Mapping[str, Any],
    langs: Sequence[str] = LANGS,
    figures: Sequence[str] | None = None,
    counties: str | Path | None = None,
    workers: int | None = None,
    geography: Any = None,
    question: Mapping[str, str] | None = None,
) -> StudyResult:
    """Write what is told about a finished study: its context, tables, figures and a page in each language.

    Args:
        study: The study.
        library: The scenario files.
        folder: Where to write.
        spec: What was run, see :func:`experiments.analysis.opened.spec_of`.
        langs: Languages of figures and pages.
        figures: Which figures to draw; all that fit unless told.
        counties: The user's own county table.
        workers: Worker processes that draw.
        geography: Places of the maps; those of the first scenario's world unless told.
        question: What the study asks, by language.

    Raises:
        OSError: If the folder cannot be written.
    """
    findings = check(study, {key: lever.inert for key, lever in library.levers.items()})
    context = context_of(study, library, findings, question)
    write_text(folder / CONTEXT, dump(context))
    written = [folder / CONTEXT]
    for name, table in study_tables(study).items():
        written += write_table(table, folder / name)
    result = Result(folder, COMPARE, spec, context, study)
    written += _figures(result, library, langs, figures, counties, workers, geography)
    called, page = "findings" if is_across(study) else "summary", summary(result)
    for lang in langs:
        written.append(folder / f"{called}.{lang}.md")
        write_text(written[-1], markdown(page, lang))
    return StudyResult(study, tuple(findings), context, folder, tuple(written))


def _figures(
    result: Result,
    library: Any,
    langs: Sequence[str],
    names: Sequence[str] | None,
    counties: str | Path | None,
    workers: int | None,
    geography: Any,
) -> list[Path]:
    """Draw the figures that fit, those asked for or all; places are those of the first scenario's world."""
    study = result.study
    if study is None:
        return []
    chosen = drawable(study, names)
    if geography is None and any(known_figures()[one].places for one in chosen):
        facts = load_world(study.groups[0].resolved.world, library.root)
        geography = build_geography(facts, Path(counties) if counties else None)
    cores = workers or available_cores()
    return draw_all(study, result.folder / "figures", langs, geography=geography, names=chosen, workers=cores)
