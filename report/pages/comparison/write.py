"""Write the result of a study: tables, figures and a page in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from experiments.analysis.guards import Finding, check
from experiments.analysis.study import Study
from experiments.analysis.tables import study_tables
from experiments.run.runner import available_cores
from experiments.store.disk import write_text
from experiments.store.tables import write_table
from report.figures import FIGURES, draw_all
from report.figures.across import is_across
from report.pages.brief.context import CONTEXT, context_of, context_text
from report.pages.comparison.findings import markdown as findings_page
from report.pages.comparison.summary import markdown
from sim.world.build import build_geography, load_world

if TYPE_CHECKING:
    import pandas as pd

LANGS = ("zh", "en")


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
        path = self.folder / f"{name}.parquet"
        if path not in self.files:
            raise KeyError(name)
        return parquet.read_table(path).to_pandas()


def write_pages(
    study: Study,
    library: Any,
    folder: Path,
    *,
    made_by: Mapping[str, str],
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
        made_by: What was asked ("command"), the draw scheme ("scheme") and the model's sources ("model").
        langs: Languages of figures and pages.
        figures: Which figures to draw, all of :data:`report.figures.FIGURES` unless told.
        counties: The user's own county table.
        workers: Worker processes that draw.
        geography: Places of the maps; those of the first scenario's world unless told.
        question: What the study asks, by language.

    Raises:
        OSError: If the folder cannot be written.
    """
    findings = check(study, {key: lever.inert for key, lever in library.levers.items()})
    context = folder / CONTEXT
    write_text(context, context_text(context_of(study, library, findings, question)))
    written = [context]
    for name, table in study_tables(study).items():
        written += write_table(table, folder / name)
    chosen = FIGURES if figures is None else tuple(figures)
    if geography is None and {"network", "linkage"} & set(chosen):
        geography = _geography(study, library, counties)
    drawn = draw_all(
        study, folder / "figures", langs, geography=geography, figures=chosen, workers=workers or available_cores()
    )
    written += drawn
    for lang in langs:
        written.append(_write_summary(study, findings, library, folder, lang, made_by, drawn))
    return StudyResult(study, tuple(findings), folder, tuple(written))


def _geography(study: Study, library: Any, counties: str | Path | None) -> Any:
    """Places of the first scenario's world."""
    facts = load_world(study.groups[0].resolved.world, library.root)
    return build_geography(facts, Path(counties) if counties else None)


def _write_summary(
    study: Study,
    findings: Sequence[Finding],
    library: Any,
    folder: Path,
    lang: str,
    made_by: Mapping[str, str],
    drawn: Sequence[Path],
) -> Path:
    names = {"zh": ("研究", "随机数方案", "模型源码"), "en": ("study", "draw scheme", "model sources")}[lang]
    marks = {names[0]: study.fingerprint, names[1]: made_by["scheme"], names[2]: made_by["model"]}
    marks |= {str(g.title[lang]): g.resolved.fingerprint for g in study.groups}
    figures = [p.relative_to(folder).as_posix() for p in drawn if p.name.endswith(f".{lang}.png")]
    shared = {"regimes": library.regimes, "command": made_by["command"], "marks": marks, "figures": figures}
    if is_across(study):
        content = findings_page(study, findings, lang, **shared)
    else:
        content = markdown(study, findings, lang, levers=library.levers, **shared)
    path = folder / f"{'findings' if is_across(study) else 'summary'}.{lang}.md"
    write_text(path, content)
    return path
