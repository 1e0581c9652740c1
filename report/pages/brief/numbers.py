"""The tables: levels, paired differences, cost, and what every outcome counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from report.figures import across
from report.figures.captions import compared_ids
from report.pages.brief.content import Block, Cell, Fold, Grid, Heading, Section
from report.pages.brief.lead import tally
from report.pages.brief.words import heads, tell
from report.pages.comparison.summary import cell, label
from report.text.quantity import unit_text
from sim.outcomes.records import RATIOS, shown_in

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study
    from report.pages.brief.source import Source


def section(source: Source, lang: str) -> list[Section]:
    """The section, empty for results without scenarios."""
    study = source.study
    if study is None:
        return []
    grids = _many(study, lang) if across.is_across(study) else _few(study, lang)
    return [Section("numbers", tell("tables", lang), tuple(grids))]


def annex(source: Source, lang: str) -> list[Block]:
    """What every outcome counts."""
    if source.study is None:
        return []
    return [Heading(tell("glossary", lang)), Fold(tell("glossary_fold", lang), (_glossary(source.study, lang),))]


def where(study: Study, lang: str) -> str:
    """Place, years and replicates in one sentence, so that a caption stands alone."""
    worlds = list(dict.fromkeys(g.resolved.world for g in study.groups))
    place = study.world_name(worlds[0], lang) if len(worlds) == 1 else tell("worlds_many", lang, n=len(worlds))
    years = sorted({year for g in study.groups for year in g.years})
    return tell("figure_source", lang, world=place, first=years[0], last=years[-1], n=study.replicates)


def _few(study: Study, lang: str) -> list[Grid]:
    groups = study.groups
    head = [tell("outcome", lang), *(str(g.title[lang]) for g in groups)]
    means = [
        [Cell(label(study, n, lang)), *(Cell(cell(study.means[g.id][n], lang)) for g in groups)] for n in study.main_ids
    ]
    found = [Grid(tell("means_caption", lang, where=where(study, lang)), head, means, wide=len(groups) > 3)]
    if study.pairs():
        found.append(_differences(study, lang))
    cost = _costs(study, lang)
    return [*found, cost] if cost.rows else found


def _differences(study: Study, lang: str) -> Grid:
    pairs = study.pairs()
    head = [tell("outcome", lang), *(str(g.title[lang]) for g, _ in pairs)]
    rows = [
        [Cell(label(study, n, lang, difference=True)), *(_difference(study, g, n, lang) for g, _ in pairs)]
        for n in compared_ids(study)
    ]
    caption = tell("differences_caption", lang, where=where(study, lang), m=tally(study)[0])
    return Grid(caption, head, rows, wide=len(pairs) > 3)


def _difference(study: Study, group: ScenarioRuns, name: str, lang: str) -> Cell:
    contrast = study.contrasts[group.id][name]
    return Cell(cell(contrast.difference, lang, sign=True), contrast.excludes_zero_holm)


def _costs(study: Study, lang: str) -> Grid:
    groups = study.groups
    names = [n for n in shown_in("cost") if n in study.summary_ids]
    rows = [[Cell(label(study, n, lang)), *(Cell(cell(study.means[g.id][n], lang)) for g in groups)] for n in names]
    for ratio, of in RATIOS.items():
        if any(ratio in found for found in study.ratios.values()):
            unit = unit_text(of.unit, lang)
            name = f"{of.title['zh']}（{unit}）" if lang == "zh" else f"{of.title['en']} ({unit})"
            rows.append([Cell(name), *(Cell(_ratio(study, g, ratio, lang)) for g in groups)])
    head = [tell("outcome", lang), *(str(g.title[lang]) for g in groups)]
    return Grid(tell("cost_caption", lang, where=where(study, lang)), head, rows, wide=len(groups) > 3)


def _ratio(study: Study, group: ScenarioRuns, ratio: str, lang: str) -> str:
    """The price of one more unit; nothing where the denominator did not surely rise."""
    e = study.ratios.get(group.id, {}).get(ratio)
    if e is None or e.value != e.value or not study.contrasts[group.id][RATIOS[ratio].below].difference.low > 0.0:
        return "–"
    return cell(e, lang)


def _many(study: Study, lang: str) -> list[Grid]:
    rows = across.rows(study)
    world = study.world_name(across.common_world(study), lang)
    parts = [
        (tell("common_world", lang, world=world), [(r, r.common) for r in rows if r.common is not None]),
        (tell("home_world", lang), [(r, r.home) for r in rows if r.home is not None]),
    ]
    return [_by_rows(study, place, part, lang) for place, part in parts if part]


def _by_rows(study: Study, place: str, part: Sequence[tuple[across.Row, ScenarioRuns]], lang: str) -> Grid:
    names = across.shown(study)
    head = [tell("regime", lang), *(label(study, n, lang, difference=d) for n, d in names)]
    body = [[Cell(row.title[lang]), *(_shown(study, group, n, d, lang) for n, d in names)] for row, group in part]
    caption = tell("rows_caption", lang, place=place, where=where(study, lang), m=tally(study)[0])
    return Grid(caption, head, body, wide=True)


def _shown(study: Study, group: ScenarioRuns, name: str, difference: bool, lang: str) -> Cell:
    shown = cell(across.estimate(study, group, name, difference), lang, sign=difference)
    return Cell(shown, difference and across.stands(study, group, name, True))


def _glossary(study: Study, lang: str) -> Grid:
    names = dict.fromkeys(
        (*study.main_ids, *across.told_ids(study), *(n for n in shown_in("cost") if n in study.summary_ids))
    )
    outcomes = [study.definition("summary", n) for n in names]
    rows = [
        [
            Cell(str(o.title[lang])),
            Cell(str(o.population[lang])),
            Cell(str(o.window[lang])),
            Cell(str(o.definition[lang])),
        ]
        for o in outcomes
    ]
    return Grid(tell("glossary_caption", lang), heads("glossary_head", lang), rows, words=True)
