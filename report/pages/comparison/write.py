"""Write the result of a study: tables, figures and a page in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from experiments.analysis.context import CONTEXT, context_of
from experiments.analysis.guards import Finding, check
from experiments.analysis.opened import COMPARE, Result
from experiments.analysis.study import ScenarioRuns, Study
from experiments.analysis.tables import study_tables
from experiments.run.runner import available_cores
from experiments.store.disk import write_text
from experiments.store.manifest import file_hash
from experiments.store.result import FORMAT, MARK, SPEC, dump, open_folder, write_manifest
from experiments.store.tables import write_table
from experiments.store.versions import versions
from report.figures.across import is_across
from report.figures.draw import draw_all, drawable
from report.figures.registry import figures as known_figures
from report.pages.comparison.page import summary
from report.render.markdown import markdown
from sim.engine.draws import SCHEME
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
    inert = {key: lever.inert for key, lever in library.levers.items()}
    findings = check(study, inert)
    spec = spec_of(study, inert, command=command, counties=Path(counties) if counties else None)
    open_folder(folder, spec)
    context = context_of(study, library, findings, question)
    write_text(folder / CONTEXT, dump(context))
    written = [folder / SPEC, folder / CONTEXT]
    for name, table in study_tables(study).items():
        written += write_table(table, folder / name)
    result = Result(folder, COMPARE, spec, context, study)
    written += _figures(result, library, langs, figures, counties, workers, geography)
    called, page = "findings" if is_across(study) else "summary", summary(result)
    for lang in langs:
        written.append(folder / f"{called}.{lang}.md")
        write_text(written[-1], markdown(page, lang))
    manifest = write_manifest(folder, written)
    return StudyResult(study, tuple(findings), context, folder, (*written, manifest))


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


def spec_of(study: Study, inert: Mapping[str, Any], *, command: str, counties: Path | None) -> dict[str, Any]:
    """What was run, as plain data: everything needed to run it again and nothing about when or where it ran."""
    root = study.groups[0].specs[0].root if study.groups[0].specs else None
    return {
        MARK: FORMAT,
        "study": study.id,
        "title": {lang: str(study.title[lang]) for lang in ("zh", "en")},
        "command": command,
        "replicates": study.replicates,
        "root": root,
        "behaviour": {"mode": study.behaviour, "sha256": study.draws, "at_prior": list(study.at_prior)},
        "draw_scheme": SCHEME,
        "fingerprint": study.fingerprint,
        "versions": versions(),
        "counties": {"file": counties.name, "sha256": file_hash(counties)} if counties else None,
        "scenarios": [_scenario(g, study.baseline_of.get(g.id), inert) for g in study.groups],
    }


def _scenario(group: ScenarioRuns, baseline: str | None, inert: Mapping[str, Any]) -> dict[str, Any]:
    r = group.resolved
    moved = {k: _spans(v) for k, v in r.levers.items() if any(x != inert.get(k) for x in v)}
    return {
        "id": group.id,
        "title": {lang: str(group.title[lang]) for lang in ("zh", "en")},
        "regime": r.regime,
        "world": r.world,
        "start": str(r.start),
        "quarters": r.quarters,
        "announced": str(r.start + r.announced_index),
        "effective": str(r.start + r.effective_index),
        "compared_with": baseline,
        "fingerprint": r.fingerprint,
        "overridden": dict(r.overridden),
        "filled": dict(r.filled),
        "behaviour_overridden": {k: r.behaviour[k] for k in r.overridden if k in r.behaviour},
        "levers_not_inert": moved,
    }


def _spans(values: Iterable[Any]) -> list[list[Any]]:
    """Runs of equal values as [value, number of quarters], from the first quarter on."""
    return [[value, len(list(same))] for value, same in groupby(values)]
