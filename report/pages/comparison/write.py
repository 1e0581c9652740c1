"""Write the result of a study: tables, figures and a page in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from experiments.analysis.guards import Finding, check
from experiments.analysis.study import ScenarioRuns, Study
from experiments.analysis.tables import study_tables
from experiments.run.runner import available_cores
from experiments.store.disk import write_text
from experiments.store.manifest import file_hash
from experiments.store.result import FORMAT, MARK, open_folder, write_manifest
from experiments.store.tables import write_table
from experiments.store.versions import versions
from report.figures import FIGURES, draw_all
from report.figures.across import is_across
from report.pages.brief.context import CONTEXT, context_of, context_text
from report.pages.comparison.findings import markdown as findings_page
from report.pages.comparison.summary import markdown
from sim.engine.draws import SCHEME
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
    context = folder / CONTEXT
    write_text(context, context_text(context_of(study, library, findings, question)))
    written = [folder / "spec.json", context]
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
        written.append(_write_summary(study, findings, library, folder, lang, command, spec, drawn))
    manifest = write_manifest(folder, written)
    return StudyResult(study, tuple(findings), folder, (*written, manifest))


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
    command: str,
    spec: Mapping[str, Any],
    drawn: Sequence[Path],
) -> Path:
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
