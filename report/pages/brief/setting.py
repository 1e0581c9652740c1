"""What was compared: scenarios with their authorities and dates, fills, and the clauses behind each regime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from report.figures.captions import quarter
from report.pages.brief.content import Block, Cell, Fold, Grid, Heading, Paragraph, Section
from report.pages.brief.words import heads, tell
from report.text.language import joined

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study
    from report.pages.brief.source import Source

STATUS: Mapping[str, Mapping[str, str]] = {
    "RULE": {"zh": "规定", "en": "rule"},
    "TARGET": {"zh": "目标", "en": "target"},
    "PRACTICE": {"zh": "做法", "en": "practice"},
    "GUIDE": {"zh": "指引", "en": "guide"},
    "PROPOSAL": {"zh": "建议", "en": "proposal"},
    "FACT": {"zh": "事实", "en": "fact"},
}
MOST_KEYS = 12
"""Keys written out in one sentence; the rest is counted."""
MOST_ROWS = 12
"""Scenarios that a table shows at once; a longer one is folded away."""


def section(source: Source, lang: str) -> list[Section]:
    """The section, empty for results without scenarios."""
    study = source.study
    if study is None:
        return []
    rows = [_row(study, g, source.context, lang) for g in study.groups]
    table = Grid(tell("compared_caption", lang), heads("compared_head", lang), rows, words=True)
    blocks: list[Block] = [
        Paragraph(_alignment(study, lang)),
        Fold(tell("compared_fold", lang, n=len(rows)), (table,)) if len(rows) > MOST_ROWS else table,
        *(Paragraph(text) for text in _changes(study, source.context, lang)),
    ]
    return [Section("compared", tell("compared", lang), tuple(blocks))]


def _row(study: Study, group: ScenarioRuns, context: Mapping[str, Any], lang: str) -> list[Cell]:
    r, record = group.resolved, context.get("regimes", {}).get(group.resolved.regime)
    base = study.baseline_of.get(group.id)
    moved = str(levers_that_differ(group, study.group(base))) if base else "–"
    world = study.world_name(r.world, lang)
    if r.regime == "null":
        cells = [group.title[lang], "–", "–", "–", world, moved, "–"]
    else:
        took = record["effective"] if record else "–"
        now = str(r.start + r.effective_index)
        who = record["authority"][lang] if record else r.regime
        assumed = str(len(record["assumed"])) if record else "–"
        cells = [group.title[lang], who, took, now, world, moved, assumed]
    return [Cell(str(text)) for text in cells]


def levers_that_differ(a: ScenarioRuns, b: ScenarioRuns) -> int:
    """Levers with different values in some quarter; a stored scenario keeps those that act, the others are inert."""
    one, other = a.resolved.levers, b.resolved.levers
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def _alignment(study: Study, lang: str) -> str:
    spans = {(g.resolved.start, g.resolved.quarters) for g in study.groups}
    first = min(start for start, _ in spans)
    last = max(start + (n - 1) for start, n in spans)
    return tell(
        "alignment", lang, n=study.replicates, start=quarter(str(first), lang), end=quarter(str(last), lang)
    )  # fmt: skip


def _changes(study: Study, context: Mapping[str, Any], lang: str) -> list[str]:
    """Gaps that were filled and values that were set by hand."""
    said = []
    for group in study.groups:
        name = str(group.title[lang])
        for fill in dict.fromkeys(group.resolved.filled.values()):
            record = context.get("fills", {}).get(fill)
            n = sum(by == fill for by in group.resolved.filled.values())
            title, what = (record["title"][lang], record["what"][lang]) if record else (fill, "")
            said.append(tell("filled", lang, name=name, n=n, fill=title, what=what))
        if group.resolved.overridden:
            said.append(tell("overridden", lang, name=name, keys=keys_text(list(group.resolved.overridden), lang)))
    return said


def keys_text(keys: Sequence[str], lang: str, most: int = MOST_KEYS) -> str:
    """Keys or titles in a sentence, the rest counted."""
    shown = list(keys[:most])
    if len(keys) > most:
        more = len(keys) - most
        shown.append(f"另外{more}项" if lang == "zh" else f"{more} more")
    return joined(shown, lang)


def annex(source: Source, lang: str) -> list[Block]:
    """One folded table of clauses for each regime, each regime once."""
    study = source.study
    if study is None:
        return []
    regimes = source.context.get("regimes", {})
    used = dict.fromkeys(g.resolved.regime for g in study.groups if g.resolved.regime != "null")
    names = [n for n in used if regimes.get(n, {}).get("clauses")]
    folds: list[Block] = []
    for name in names:
        record = regimes[name]
        title = tell("sources_of", lang, name=record["title"][lang], n=len(record["clauses"]))
        rows = [
            [Cell(c["id"]), Cell(STATUS.get(c["status"], {}).get(lang, c["status"])), Cell(c["text"][lang]),
             Cell(c["source"][lang])]
            for c in record["clauses"]
        ]  # fmt: skip
        caption = tell("sources_caption", lang, name=record["title"][lang])
        folds.append(Fold(title, (Grid(caption, heads("sources_head", lang), rows, words=True),)))
    return [Heading(tell("sources", lang)), Paragraph(tell("sources_hint", lang)), *folds] if folds else []
