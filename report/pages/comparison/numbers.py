"""The tables: levels, paired differences, cost, and what every outcome counts."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.analysis.claims import tally
from experiments.analysis.opened import Result
from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import (
    Estimated,
    Fold,
    Grid,
    Joined,
    Paragraph,
    Section,
    Strong,
    Text,
    Unit,
    estimated,
    heads,
    message,
    title,
)
from report.figures import across
from report.text.studies import baselines, compared_ids, label, outcome_title, where, with_interval, world_title
from sim.outcomes.records import RATIOS, shown_in


def section(result: Result) -> list[Section]:
    """The section, none for results without scenarios."""
    if result.study is None:
        return []
    grids = _many(result.study) if across.is_across(result.study) else _few(result.study)
    parts = [Section(heading, (grid,)) for heading, grid in grids if grid.rows]
    return [Section(message("comparison.tables"), [*parts, *_lost(result.study)], "numbers")]


def _lost(study: Study) -> list[Paragraph]:
    """Main outcomes that no table of differences has, since no baseline defines them."""
    lost = [outcome_title(study, n) for n in study.main_ids if n not in compared_ids(study)]
    if not lost or not study.pairs() or across.is_across(study):
        return []
    said = message("comparison.undefined_note", base=baselines(study), names=Joined(lost, "and"))
    return [Paragraph(said, "note")]


def main(study: Study) -> list[Grid]:
    """The tables of outcomes alone."""
    grids = _many(study) if across.is_across(study) else _outcomes(study)
    return [grid for _, grid in grids]


def glossary(result: Result) -> list[Section]:
    """What every outcome counts."""
    study = result.study
    if study is None:
        return []
    names = dict.fromkeys(
        (*study.main_ids, *across.told_ids(study), *(n for n in shown_in("cost") if n in study.summary_ids))
    )
    outcomes = [study.definition("summary", n) for n in names]
    rows = [[title(o.title), title(o.population), title(o.window), title(o.definition)] for o in outcomes]
    grid = Grid(heads("comparison.glossary_head", 4), rows, message("comparison.glossary_caption"), words=True)
    return [Section(message("comparison.glossary"), (Fold(message("comparison.glossary_fold"), (grid,)),))]


def _few(study: Study) -> list[tuple[Text, Grid]]:
    return [*_outcomes(study), (message("comparison.cost"), _costs(study))]


def _outcomes(study: Study) -> list[tuple[Text, Grid]]:
    found: list[tuple[Text, Grid]] = [(message("comparison.outcomes"), means(study))]
    return [*found, (message("comparison.differences"), differences(study))] if study.pairs() else found


def means(study: Study) -> Grid:
    """Levels of the main outcomes by scenario."""
    caption = message("comparison.means_caption", where=where(study), interval=with_interval(study))
    return Grid(_heads(study.groups), _levels(study, study.main_ids), caption, wide=len(study.groups) > 3)


def _heads(groups: Sequence[ScenarioRuns]) -> list[Text]:
    return [message("comparison.outcome"), *(title(g.title) for g in groups)]


def _levels(study: Study, names: Sequence[str]) -> list[list[Text]]:
    return [[label(study, n), *(estimated(study.means[g.id][n]) for g in study.groups)] for n in names]


def differences(study: Study) -> Grid:
    """Paired differences of the main outcomes from the baseline, those that stand in strong type."""
    groups = [g for g, _ in study.pairs()]
    rows: list[list[Text]] = [
        [label(study, n, difference=True), *(_difference(study, g, n) for g in groups)] for n in compared_ids(study)
    ]
    caption = message("comparison.differences_caption", base=baselines(study), **_caption(study))
    return Grid(_heads(groups), rows, caption, wide=len(groups) > 3)


def _caption(study: Study) -> dict[str, Text]:
    """What every table of differences says of itself."""
    m = tally(study).all
    holm = message("comparison.holm_bold", m=m) if m else ""
    return {"where": where(study), "interval": with_interval(study), "holm": holm}


def _difference(study: Study, group: ScenarioRuns, name: str) -> Text:
    contrast = study.contrasts[group.id][name]
    shown = estimated(contrast.difference, sign=True)
    return Strong(shown) if contrast.excludes_zero_holm else shown


def _costs(study: Study) -> Grid:
    rows = _levels(study, [n for n in shown_in("cost") if n in study.summary_ids])
    for ratio, of in RATIOS.items():
        if any(ratio in found for found in study.ratios.values()):
            name = message("language.with_unit", name=title(of.title), unit=Unit(of.unit))
            rows.append([name, *(_ratio(study, g, ratio) for g in study.groups)])
    caption = message("comparison.cost_caption", where=where(study), interval=with_interval(study))
    return Grid(_heads(study.groups), rows, caption, wide=len(study.groups) > 3)


def _ratio(study: Study, group: ScenarioRuns, ratio: str) -> Estimated | str:
    """The price of one more unit; nothing where the denominator did not surely rise."""
    e = study.ratios.get(group.id, {}).get(ratio)
    if e is None or e.value != e.value or not study.contrasts[group.id][RATIOS[ratio].below].difference.low > 0.0:
        return "–"
    return estimated(e)


def _many(study: Study) -> list[tuple[Text, Grid]]:
    rows = across.rows(study)
    common = message("comparison.common_world", world=world_title(study, across.common_world(study)))
    parts = [
        (common, [(r, r.common) for r in rows if r.common is not None]),
        (message("comparison.home_world"), [(r, r.home) for r in rows if r.home is not None]),
    ]
    return [(place, by_rows(study, place, part)) for place, part in parts if part]


def by_rows(study: Study, place: Text, part: Sequence[tuple[across.Row, ScenarioRuns]]) -> Grid:
    """One regime a row: differences from no policy, and levels where there is none."""
    names = across.shown(study)
    head = [message("comparison.regime"), *(label(study, n, difference=d) for n, d in names)]
    body = [[title(row.title), *(_shown(study, group, n, d) for n, d in names)] for row, group in part]
    caption = message("comparison.rows_caption", place=place, **_caption(study))
    return Grid(head, body, caption, wide=True)


def _shown(study: Study, group: ScenarioRuns, name: str, difference: bool) -> Text:
    shown = estimated(across.estimate(study, group, name, difference), sign=difference)
    return Strong(shown) if difference and across.stands(study, group, name, True) else shown
