"""What was compared: scenarios with their authorities and dates, fills, and the clauses behind each regime."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.analysis.guards import differing_levers
from experiments.analysis.opened import Result
from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import (
    Block,
    Fold,
    Grid,
    Item,
    Joined,
    Mono,
    Paragraph,
    Points,
    Section,
    Sentence,
    Text,
    heads,
    message,
    title,
)
from report.text.enforcement import note, spread
from report.text.studies import effect_dates, quarter, world_title

MOST_KEYS = 12
"""Keys written out in one sentence; the rest is counted."""
MOST_ROWS = 12
"""Scenarios that a table shows at once; a longer one is folded away."""


def section(result: Result) -> list[Section]:
    """The section, none for results without scenarios."""
    study = result.study
    if study is None:
        return []
    rows = [_row(study, g, result.context) for g in study.groups]
    table = Grid(heads("comparison.compared_head", 7), rows, message("comparison.compared_caption"), words=True)
    blocks: list[Block] = [
        Paragraph(_alignment(study, result.context)),
        Fold(message("comparison.compared_fold", n=len(rows)), (table,)) if len(rows) > MOST_ROWS else table,
        *(Paragraph(text) for text in changes(study, result.context)),
    ]
    return [Section(message("comparison.compared"), blocks, "compared")]


def _row(study: Study, group: ScenarioRuns, context: Mapping[str, Any]) -> list[Text]:
    r, record = group.resolved, context.get("regimes", {}).get(group.resolved.regime)
    base = study.baseline_of.get(group.id)
    moved = str(len(differing_levers(group, study.group(base)))) if base else "–"
    name, world = title(group.title), world_title(study, r.world)
    if r.regime == "null":
        return [name, "–", "–", "–", world, moved, "–"]
    took = record["effective"] if record else "–"
    who = title(record["authority"]) if record else r.regime
    assumed = str(len(record["assumed"])) if record else "–"
    return [name, who, took, str(r.start + r.effective_index), world, moved, assumed]


def _alignment(study: Study, context: Mapping[str, Any]) -> Text:
    """How long the runs are, when policies take effect, and which were moved in time."""
    first = min((g.resolved.start for g in study.groups), key=str)
    last = max((g.resolved.start + (g.resolved.quarters - 1) for g in study.groups), key=str)
    said = [message("comparison.alignment", n=study.replicates, start=quarter(first), end=quarter(last))]
    return Joined([*said, effect_dates(study), *_moved(study, context.get("regimes", {}))], "space")


def _moved(study: Study, regimes: Mapping[str, Any]) -> list[Text]:
    said: list[Text] = []
    for group in study.groups:
        record, now = regimes.get(group.resolved.regime), str(group.resolved.start + group.resolved.effective_index)
        if record is not None and group.resolved.regime != "null" and record["effective"] != now:
            dates = {"old": quarter(record["effective"]), "new": quarter(now)}
            said.append(message("comparison.moved", name=title(group.title), **dates))
    return said


def changes(study: Study, context: Mapping[str, Any]) -> list[Text]:
    """Gaps that were filled and values that were set by hand."""
    said: list[Text] = []
    for group in study.groups:
        name = title(group.title)
        for fill in dict.fromkeys(group.resolved.filled.values()):
            record = context.get("fills", {}).get(fill)
            keys = [Mono(key) for key, by in group.resolved.filled.items() if by == fill]
            lender, what = (title(record["title"]), title(record["what"])) if record else (fill, "")
            names = names_text(keys)
            said.append(message("comparison.filled", name=name, n=len(keys), fill=lender, what=what, keys=names))
        if group.resolved.overridden:
            keys = [Mono(key) for key in group.resolved.overridden]
            said.append(message("comparison.overridden", name=name, keys=names_text(keys)))
    return [*said, *_carried_out(study, context)]


def _carried_out(study: Study, context: Mapping[str, Any]) -> Iterator[Text]:
    """Clauses that may not be carried out, with the probability that the runs took."""
    for one in context.get("enforcement", []):
        specs = (spec for group in study.groups if group.id in one["scenarios"] for spec in group.specs)
        taken = [s.scenario.behaviour[one["uncertainty"]] for s in specs if one["uncertainty"] in s.scenario.behaviour]
        if taken:
            yield note(one["title"], one["clause"], spread(taken))


def names_text(names: Sequence[Text], most: int = MOST_KEYS) -> Text:
    """Keys or titles in a sentence, the rest counted."""
    more = [message("comparison.more_of", n=len(names) - most)] if len(names) > most else []
    return Joined([*names[:most], *more], "and")


def sources(result: Result) -> list[Section]:
    """One folded table of clauses for each regime, each regime once."""
    if result.study is None:
        return []
    regimes = result.context.get("regimes", {})
    used = dict.fromkeys(g.resolved.regime for g in result.study.groups if g.resolved.regime != "null")
    folds = [_clauses(regimes[name]) for name in used if regimes.get(name, {}).get("clauses")]
    hint = Paragraph(message("comparison.sources_hint"))
    return [Section(message("comparison.sources"), (hint, *folds), "sources")] if folds else []


def _clauses(record: Mapping[str, Any]) -> Fold:
    name = title(record["title"])
    rows = [
        [c["id"], message(f"comparison.clause_{c['status'].lower()}"), title(c["text"]), title(c["source"])]
        for c in record["clauses"]
    ]
    caption = message("comparison.sources_caption", name=name)
    grid = Grid(heads("comparison.sources_head", 4), rows, caption, words=True)
    return Fold(message("comparison.sources_of", name=name, n=len(rows)), (grid,))


def gaps(result: Result) -> list[Section]:
    """What each regime leaves unstated and which of its values are assumed."""
    if result.study is None:
        return []
    regimes, titles = result.context.get("regimes", {}), result.context.get("levers", {})
    used = [regimes.get(n) for n in dict.fromkeys(g.resolved.regime for g in result.study.groups)]
    folds = [_gap(record, titles) for record in used if record and (record["unstated"] or record["assumed"])]
    note = Paragraph(message("comparison.unstated_note"))
    return [Section(message("comparison.gaps"), (note, *folds), "gaps")] if folds else []


def _gap(record: Mapping[str, Any], titles: Mapping[str, Any]) -> Fold:
    unstated = [title(text) for text in record["unstated"]]
    assumed = [title(titles[key]) if key in titles else key for key in record["assumed"]]
    inside: list[Block] = []
    if unstated:
        inside += [Paragraph(message("comparison.unstated")), Points([Item(Sentence(text)) for text in unstated])]
    if assumed:
        inside.append(Paragraph(Sentence(message("comparison.assumed", names=names_text(assumed, 60)))))
    head = message("comparison.unstated_of", name=title(record["title"]), n=len(unstated), m=len(assumed))
    return Fold(head, inside)
