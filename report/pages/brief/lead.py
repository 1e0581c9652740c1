"""The first screen: who completes, who leaves, what it costs, one sentence each, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from report.figures import across
from report.pages.brief.claims import Claim, amount, claim, span, with_unit
from report.pages.brief.content import Block, Bullets, Paragraph, Section
from report.pages.brief.words import ended, listed, tell
from report.text.language import joined
from report.text.quantity import decimals, interval, number
from sim.outcomes.records import RATIOS, shown_in

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study
    from report.pages.brief.source import Source

MOST_NAMED = 4
"""Scenarios named in one sentence; the rest is counted."""
FEW_RUNS = 10
"""Fewer replicates than these call for a warning."""


def section(source: Source, lang: str) -> list[Section]:
    """The section, empty where nothing is compared."""
    study = source.study
    if study is None or not study.pairs():
        return []
    base = joined(list(dict.fromkeys(str(b.title[lang]) for _, b in study.pairs()))[:2], lang)
    if across.is_across(study):
        base = _plain(study.pairs()[0][1], lang)
    compared = tally(study)
    blocks: list[Block] = [
        Bullets(tuple(_items(study, lang))),
        Paragraph(tell("short_note", lang, base=base, m=compared[0])),
    ]
    return [Section("short", tell("short", lang), tuple(blocks))]


def compared_groups(study: Study) -> list[ScenarioRuns]:
    """Scenarios that the first screen speaks of: all, or those in the common world where there are many regimes."""
    if not across.is_across(study):
        return [g for g, _ in study.pairs()]
    rows = across.rows(study)
    return [r.common for r in rows if r.common is not None] or [g for r in rows for g in r.scenarios()]


def tally(study: Study) -> tuple[int, int, int]:
    """Comparisons of Holm's family, those that stand (on average at least), and those that are suggestive only."""
    claims = [claim(study, g, n) for g, _ in study.pairs() for n in study.family_ids]
    tested = [c for c in claims if not math.isnan(c.contrast.p_holm)]
    stand = sum(c.standing in ("stands", "depends", "fixed") for c in tested)
    return len(tested), stand, sum(c.standing == "open" for c in tested)


def _leads(study: Study) -> Sequence[str]:
    """Outcomes of the first sentences."""
    many = across.is_across(study)
    return [across.measured(study, name) for name in shown_in("lead_many")] if many else shown_in("lead")


def told(study: Study, groups: Sequence[ScenarioRuns], lang: str) -> list[tuple[str, str]]:
    """(outcome, one sentence over these scenarios) for every leading outcome that the runs carry."""
    items = []
    for name in _leads(study):
        if name in study.summary_ids:
            said = _said(study, groups, name, lang)
            if said:
                items.append((str(study.definition("summary", name).title[lang]), ended(said, lang)))
    return items


def _items(study: Study, lang: str) -> list[tuple[str, str]]:
    groups = compared_groups(study)
    items = told(study, groups, lang)
    for ratio in RATIOS:
        said = "" if across.is_across(study) else _ratio(study, groups, ratio, lang)
        if said:
            items.append((RATIOS[ratio].title[lang], ended(said, lang)))
    items.append((tell("tally_title", lang), _sure(study, lang)))
    return items


def _sure(study: Study, lang: str) -> str:
    m, stand, suggestive = tally(study)
    if study.replicates < 2:
        return tell("one_run", lang)
    told = tell("tally_line", lang, m=m, k=stand, open=suggestive)
    if study.doubts:
        shown = [d for (_, name), d in study.doubts.items() if name in study.family_ids]
        depends = [d for d in shown if d.kind == "nested" and d.verdict == "depends"]
        told += tell("tally_depends", lang, n=len(depends))
    few = tell("few_runs", lang, n=study.replicates) if study.replicates < FEW_RUNS else ""
    return f"{told}{'' if lang == 'zh' else ' '}{few}".strip()


def _said(study: Study, groups: Sequence[ScenarioRuns], name: str, lang: str) -> str:
    claims = [claim(study, g, name) for g in groups]
    if all(c.standing == "undefined" for c in claims):
        return _levels(study, groups, name, lang)
    if len(claims) > 1 and all(c.standing == "untold" for c in claims):
        return listed([*_base(study, groups, name, lang), _none_of(claims, lang)], lang)
    moved = [c for c in claims if c.standing in ("stands", "depends", "open", "fixed")]
    parts = [_moved(c, lang) for c in sorted(moved, key=lambda c: -c.value)[:MOST_NAMED]]
    if len(moved) > MOST_NAMED:
        rest = sorted(moved, key=lambda c: -c.value)
        shown = [*rest[: MOST_NAMED - 1], rest[-1]]
        parts = [_moved(c, lang) for c in shown] + [tell("lead_more", lang, n=len(moved) - len(shown))]
    untold = [c for c in claims if c.standing == "untold"]
    if len(untold) > MOST_NAMED or (untold and len(claims) > across.FEW):
        parts.append(tell("lead_rest", lang, n=len(untold)))
    else:
        parts += [_untold(c, lang) for c in untold]
    same = [str(c.group.title[lang]) for c in claims if c.standing == "same"]
    if same:
        parts.append(tell("lead_same", lang, names=joined(same[:MOST_NAMED], lang)))
    return listed([*_base(study, groups, name, lang), *parts], lang)


def _base(study: Study, groups: Sequence[ScenarioRuns], name: str, lang: str) -> list[str]:
    """The baseline's own level, where there is one baseline and it is not nothing."""
    bases = {study.baseline_of[g.id] for g in groups}
    if len(bases) != 1:
        return []
    base = study.group(bases.pop())
    e = study.means[base.id][name]
    if math.isnan(e.value) or e.value == 0.0:
        return []
    return [tell("lead_base", lang, base=_plain(base, lang), value=amount(e, lang, difference=False))]


def _plain(group: ScenarioRuns, lang: str) -> str:
    """A scenario's title without the place in brackets."""
    return str(group.title[lang]).split("（")[0].split(" (")[0]


def _none_of(claims: Sequence[Claim], lang: str) -> str:
    """That none of several differences can be told, with the span of all their intervals."""
    ends = [c.contrast.difference for c in claims]
    low, high, unit = min(e.low for e in ends), max(e.high for e in ends), ends[0].unit
    between = interval(low, high, unit, lang, sign=True, places=decimals(low, high, unit, lang))
    return tell("lead_none_all", lang, n=len(claims), between=with_unit(between, unit, lang, difference=True))


def _who(group: ScenarioRuns, lang: str) -> str:
    return str(group.title[lang])


def _moved(one: Claim, lang: str) -> str:
    e, who = one.contrast.difference, _who(one.group, lang)
    if one.standing == "fixed":
        return tell("lead_fixed", lang, who=who, value=amount(e, lang, difference=True, sign=True))
    word = ("lead_up" if e.value > 0.0 else "lead_down") + ("_open" if one.standing == "open" else "")
    value = amount(e, lang, difference=True)
    told = tell(word, lang, who=who, value=value, between=span(e, lang, absolute=True))
    return told + tell("lead_depends", lang) if one.standing == "depends" else told


def _untold(one: Claim, lang: str) -> str:
    e = one.contrast.difference
    return tell("lead_none", lang, names=_who(one.group, lang), between=span(e, lang))


def _levels(study: Study, groups: Sequence[ScenarioRuns], name: str, lang: str) -> str:
    """Levels of an outcome that the baseline does not define, highest first."""
    found = [(g, study.means[g.id][name]) for g in groups if not math.isnan(study.means[g.id][name].value)]
    if not found:
        return ""
    ranked = sorted(found, key=lambda pair: -pair[1].value)
    parts = []
    for g, e in ranked[:MOST_NAMED]:
        places = decimals(e.low, e.high, e.unit, lang)
        between = interval(e.low, e.high, e.unit, lang, places=places)
        word = "lead_level_fixed" if e.method != "hall-t" else "lead_level"
        parts.append(tell(word, lang, who=_who(g, lang), value=amount(e, lang, difference=False), between=between))
    if len(ranked) > MOST_NAMED:
        parts.append(tell("lead_more", lang, n=len(ranked) - MOST_NAMED))
    base = _plain(study.pairs()[0][1], lang)
    joiner = "" if lang == "zh" else " "
    return listed(parts, lang) + joiner + tell("lead_without", lang, base=base)


def _ratio(study: Study, groups: Sequence[ScenarioRuns], ratio: str, lang: str) -> str:
    """What one more yuan of the denominator costs; nothing is said where it did not rise."""
    below = RATIOS[ratio].below
    priced, less, blurred = [], [], []
    for g in groups:
        e = study.ratios.get(g.id, {}).get(ratio)
        if e is None or math.isnan(e.value):
            continue
        extra = study.contrasts[g.id][below].difference
        if extra.high < 0.0:
            less.append(_who(g, lang))
        elif not math.isfinite(e.high) or not math.isfinite(e.low) or extra.low <= 0.0:
            blurred.append(_who(g, lang))
        else:
            priced.append((e.value, _priced(g, e, lang)))
    parts = [text for _, text in sorted(priced)]
    if less:
        parts.append(tell("ratio_none", lang, names=joined(less, lang)))
    if blurred:
        parts.append(tell("ratio_open", lang, names=joined(blurred, lang)))
    return listed(parts, lang)


def _priced(group: ScenarioRuns, e: object, lang: str) -> str:
    from experiments.analysis.estimates.contrasts import Estimate

    assert isinstance(e, Estimate)
    places = decimals(e.low, e.high, e.unit, lang)
    value = number(e.value, e.unit, lang, places=places)
    between = interval(e.low, e.high, e.unit, lang, places=places)
    return tell("ratio_value", lang, who=_who(group, lang), value=value, between=between)
