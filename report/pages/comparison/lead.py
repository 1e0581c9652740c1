"""The first screen: who completes, who leaves, what it costs, one sentence each, with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analysis.claims import Claim, claim, tally
from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.opened import Result
from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import Interval, Item, Joined, Paragraph, Points, Quantity, Section, Sentence, Text, message, title
from report.figures import across
from report.pages.comparison.claims import amount, span
from report.text.studies import baselines, outcome_title, short_title
from sim.outcomes.records import RATIOS, shown_in

MOST_NAMED = 4
"""Scenarios named in one sentence; the rest is counted."""
FEW_RUNS = 10
"""Fewer replicates than these call for a warning."""


def section(result: Result) -> list[Section]:
    """The section, none where nothing is compared."""
    study = result.study
    if study is None or not study.pairs():
        return []
    blocks: list[Points | Paragraph] = [Points(_items(study))]
    if study.independent > 1:
        base = short_title(study.pairs()[0][1]) if across.is_across(study) else baselines(study)
        blocks.append(Paragraph(message("comparison.short_note", base=base, m=tally(study).all), "note"))
    return [Section(message("comparison.short"), tuple(blocks), "short")]


def compared_groups(study: Study) -> list[ScenarioRuns]:
    """Scenarios that the first screen speaks of: all, or those in the common world where there are many regimes."""
    if not across.is_across(study):
        return [g for g, _ in study.pairs()]
    rows = across.rows(study)
    return [r.common for r in rows if r.common is not None] or [g for r in rows for g in r.scenarios()]


def told(study: Study, groups: Sequence[ScenarioRuns]) -> list[Item]:
    """One sentence over these scenarios for every leading outcome that the runs carry."""
    leads = shown_in("lead_many" if across.is_across(study) else "lead")
    names = [name for name in (across.measured(study, one) for one in leads) if name in study.summary_ids]
    said = [(name, _said(study, groups, name)) for name in names]
    return [Item(Sentence(text), outcome_title(study, name)) for name, text in said if text]


def _items(study: Study) -> list[Item]:
    groups = compared_groups(study)
    items = told(study, groups)
    if not across.is_across(study):
        prices = [(ratio, _ratio(study, groups, ratio)) for ratio in RATIOS]
        items += [Item(Sentence(said), title(RATIOS[ratio].title)) for ratio, said in prices if said]
    return [*items, Item(_sure(study), message("comparison.tally_title"))]


def _sure(study: Study) -> Text:
    m, stand, suggestive = tally(study)
    if study.replicates < 2:
        return message("comparison.one_run")
    if study.independent < 2:
        return message("comparison.one_draw")
    said: list[Text] = [message("comparison.tally_line", m=m, k=stand, open=suggestive)]
    if study.doubts:
        shown = [d for (_, name), d in study.doubts.items() if name in study.family_ids]
        depends = sum(d.kind == "nested" and d.verdict == "depends" for d in shown)
        said.append(message("comparison.tally_depends", n=depends))
    if study.replicates < FEW_RUNS:
        said.append(message("comparison.few_runs", n=study.replicates))
    return Joined(said, "space")


def _said(study: Study, groups: Sequence[ScenarioRuns], name: str) -> Text:
    claims = [claim(study, g, name) for g in groups]
    if all(c.standing == "undefined" for c in claims):
        without = message("comparison.lead_without", base=short_title(study.pairs()[0][1]))
        levels = _levels(study, groups, name)
        return Joined((levels, without), "space") if levels else ""
    if study.independent < 2:
        return Joined([*_base(study, groups, name), _levels(study, groups, name)], "semicolon")
    parts = _base(study, groups, name)
    untold = [c for c in claims if c.standing == "untold"]
    if len(claims) > 1 and len(untold) == len(claims):
        return Joined([*parts, _none_of(claims)], "semicolon")
    moved = sorted((c for c in claims if c.standing in ("stands", "depends", "open", "fixed")), key=lambda c: -c.value)
    shown = moved if len(moved) <= MOST_NAMED else [*moved[: MOST_NAMED - 1], moved[-1]]
    parts += [_moved(c) for c in shown]
    if len(moved) > len(shown):
        parts.append(message("comparison.lead_more", n=len(moved) - len(shown)))
    if len(untold) > MOST_NAMED or (untold and len(claims) > across.FEW):
        parts.append(message("comparison.lead_rest", n=len(untold)))
    else:
        parts += [message("comparison.lead_none", names=_who(c.group), between=span(c.contrast.difference))
                  for c in untold]  # fmt: skip
    same = [_who(c.group) for c in claims if c.standing == "same"]
    if same:
        parts.append(message("comparison.lead_same", names=Joined(same[:MOST_NAMED], "and")))
    return Joined(parts, "semicolon")


def _base(study: Study, groups: Sequence[ScenarioRuns], name: str) -> list[Text]:
    """The baseline's own level, where there is one baseline and it is not nothing."""
    bases = {study.baseline_of[g.id] for g in groups}
    if len(bases) != 1:
        return []
    base = study.group(bases.pop())
    e = study.means[base.id][name]
    if math.isnan(e.value) or e.value == 0.0:
        return []
    return [message("comparison.lead_base", base=short_title(base), value=amount(e, difference=False))]


def _none_of(claims: Sequence[Claim]) -> Text:
    """That none of several differences can be told, with the span of all their intervals."""
    ends = [c.contrast.difference for c in claims]
    low, high = min(e.low for e in ends), max(e.high for e in ends)
    between = Interval(low, high, ends[0].unit, sign=True, bare=False)
    return message("comparison.lead_none_all", n=len(claims), between=between)


def _who(group: ScenarioRuns) -> Text:
    return title(group.title)


def _moved(one: Claim) -> Text:
    e, who = one.contrast.difference, _who(one.group)
    if one.standing == "fixed":
        fixed = "lead_fixed" if one.tier == "stands" else "lead_fixed_open"
        return message(f"comparison.{fixed}", who=who, value=amount(e, difference=True, sign=True))
    word = ("lead_up" if e.value > 0.0 else "lead_down") + ("_open" if one.standing == "open" else "")
    said = message(f"comparison.{word}", who=who, value=amount(e, difference=True), between=span(e, absolute=True))
    return Joined((said, message("comparison.lead_depends")), "none") if one.standing == "depends" else said


def _levels(study: Study, groups: Sequence[ScenarioRuns], name: str) -> Text:
    """Levels of an outcome that cannot be compared, highest first."""
    found = [(g, study.means[g.id][name]) for g in groups if not math.isnan(study.means[g.id][name].value)]
    if not found:
        return ""
    ranked = sorted(found, key=lambda pair: -pair[1].value)
    parts: list[Text] = []
    for g, e in ranked[:MOST_NAMED]:
        word = "lead_level_fixed" if e.method != "hall-t" else "lead_level"
        between = Interval(e.low, e.high, e.unit)
        parts.append(message(f"comparison.{word}", who=_who(g), value=amount(e, difference=False), between=between))
    if len(ranked) > MOST_NAMED:
        parts.append(message("comparison.lead_more", n=len(ranked) - MOST_NAMED))
    return Joined(parts, "semicolon")


def _ratio(study: Study, groups: Sequence[ScenarioRuns], ratio: str) -> Text:
    """What one more yuan of the denominator costs; nothing is said where it did not rise."""
    priced: list[tuple[float, Text]] = []
    less, blurred = list[Text](), list[Text]()
    for g in groups:
        e = study.ratios.get(g.id, {}).get(ratio)
        if e is None or math.isnan(e.value):
            continue
        extra = study.contrasts[g.id][RATIOS[ratio].below].difference
        if extra.high < 0.0:
            less.append(_who(g))
        elif not math.isfinite(e.high) or not math.isfinite(e.low) or extra.low <= 0.0:
            blurred.append(_who(g))
        else:
            priced.append((e.value, _priced(g, e)))
    parts = [text for _, text in sorted(priced, key=lambda pair: pair[0])]
    if less:
        parts.append(message("comparison.ratio_none", names=Joined(less, "and")))
    if blurred:
        parts.append(message("comparison.ratio_open", names=Joined(blurred, "and")))
    return Joined(parts, "semicolon") if parts else ""


def _priced(group: ScenarioRuns, e: Estimate) -> Text:
    value = Quantity(e.value, e.unit, bare=True, within=(e.low, e.high))
    between = Interval(e.low, e.high, e.unit)
    return message("comparison.ratio_value", who=_who(group), value=value, between=between)
