"""What the uncertainty of differences is made of, and which findings survive not knowing the behaviour."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from experiments.analysis.claims import survival
from experiments.analysis.estimates.contrasts import LEAST
from experiments.analysis.opened import Result
from experiments.analysis.study import Key, Study
from experiments.analysis.uncertainty import Uncertain
from report.blocks import Grid, Joined, Paragraph, Section, Text, message, title
from report.figures.across import is_across, told_ids
from report.text.studies import outcome_title


def section(result: Result) -> list[Section]:
    """The section, none where all runs had one behaviour."""
    study = result.study
    if study is None or study.behaviour == "central" or not study.pairs():
        return []
    if study.independent < 2:
        return [Section(message("comparison.doubt"), (Paragraph(message("comparison.doubt_one")),), "doubt")]
    found = {key: one for key, one in study.doubts.items() if key[1] in told_ids(study)}
    blocks = (
        Paragraph(message("comparison.doubt_note", least=LEAST)),
        Paragraph(counted(found.values())),
        _table(study, found),
    )
    return [Section(message("comparison.doubt"), blocks, "doubt")]


def counted(found: Iterable[Uncertain]) -> Text:
    """How many findings survive, in one sentence."""
    counts = survival(found)._asdict()
    luck = counts.pop("luck")
    return message("comparison.doubt_count", luck="–" if math.isnan(luck) else _percent(luck), **counts)


def _table(study: Study, found: Mapping[Key, Uncertain]) -> Grid:
    """Outcomes by scenarios where those are few, else scenarios by outcomes."""
    groups, names = [group for group, _ in study.pairs()], told_ids(study)
    scenarios, outcomes = [title(g.title) for g in groups], [outcome_title(study, name) for name in names]
    caption = message("comparison.doubt_caption")
    if is_across(study):
        rows = [[t, *(_cell(found[g.id, n]) for n in names)] for t, g in zip(scenarios, groups, strict=True)]
        return Grid([message("comparison.scenario"), *outcomes], rows, caption, words=True, wide=True)
    rows = [[t, *(_cell(found[g.id, n]) for g in groups)] for t, n in zip(outcomes, names, strict=True)]
    return Grid([message("comparison.outcome"), *scenarios], rows, caption, words=True)


def _cell(one: Uncertain) -> Text:
    if one.kind != "nested":
        return "–"
    luck = message("comparison.doubt_luck", share=_percent(one.noise.value))
    return Joined((message(f"comparison.doubt_{one.verdict}"), luck), "comma")


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}%"
