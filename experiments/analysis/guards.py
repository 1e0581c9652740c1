"""Checks that every study makes of itself, from paired results: they find mistakes of the model, not of the policy.

A guard says *ok*, *note* (worth knowing), *alarm* (something is wrong) or *not checked* (this study cannot tell).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from report.text.language import joined

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study

Status = Literal["ok", "note", "alarm", "not checked"]
SHOWN = 8
"""Names written out in a finding; the rest is counted."""


@dataclass(frozen=True)
class Finding:
    """What one guard found.

    Attributes:
        guard: Id of the guard.
        status: "ok", "note", "alarm" or "not checked".
        scenario: Scenario id, "" for the whole study.
        zh, en: The finding in both languages.
    """

    guard: str
    status: Status
    scenario: str
    zh: str
    en: str


def check(study: Study, inert: Mapping[str, Any]) -> list[Finding]:
    """Run every guard.

    Args:
        study: A finished study.
        inert: Value of every lever at which its instrument does nothing.

    Returns:
        Findings, guard by guard, in study order.
    """
    return [
        *null_is_inert(study, inert),
        *nothing_before_announcement(study),
        *levers_that_moved_nothing(study),
        *levers_never_read(study),
        *outcomes_that_never_moved(study),
        *outcomes_without_definition(study),
    ]


def null_is_inert(study: Study, inert: Mapping[str, Any]) -> list[Finding]:
    """The null regime sets no lever, and scenarios that set none equal it to the bit."""
    nulls = [g for g in study.groups if g.resolved.regime == "null"]
    if not nulls:
        return [
            Finding("null", "not checked", "", "研究里没有“无政策”情景。", "The study has no scenario without policy.")
        ]
    out = []
    for group in nulls:
        moved = [k for k, values in group.resolved.levers.items() if k in inert and any(v != inert[k] for v in values)]
        twins = [g for g in study.groups if g is not group and _without_policy(g, inert) and _comparable(g, group)]
        unequal = [g.id for g in twins if not same_results(g, group)]
        if moved:
            out.append(
                Finding(
                    "null",
                    "alarm",
                    group.id,
                    f"“无政策”情景设定了政策参数：{_names(moved, 'zh')}。",
                    f"The scenario without policy sets levers: {_names(moved, 'en')}.",
                )
            )
        elif unequal:
            out.append(
                Finding(
                    "null",
                    "alarm",
                    group.id,
                    f"未设任何参数的情景与“无政策”不同：{_names(unequal, 'zh')}。",
                    f"Scenarios that set no lever differ from no policy: {_names(unequal, 'en')}.",
                )
            )
        else:
            out.append(
                Finding(
                    "null",
                    "ok",
                    group.id,
                    "“无政策”情景的全部政策参数都取失效值。",
                    "Every lever of the scenario without policy is at its inert value.",
                )
            )
    return out


def _without_policy(group: ScenarioRuns, inert: Mapping[str, Any]) -> bool:
    return all(v == inert[k] for k, values in group.resolved.levers.items() if k in inert for v in values)


def _comparable(a: ScenarioRuns, b: ScenarioRuns) -> bool:
    """Same place, calendar, behaviour and dates, so that only levers can differ."""
    fields = ("world", "start", "quarters", "effective_index", "announced_index", "behaviour", "constants")
    return all(getattr(a.resolved, f) == getattr(b.resolved, f) for f in fields)


def same_results(a: ScenarioRuns, b: ScenarioRuns) -> bool:
    """Whether all summary and yearly outcomes of all replicates agree to the bit; undefined equals undefined."""
    return all(_same_run(x, y) for x, y in zip(a.runs, b.runs, strict=True))


def _same_run(x: Any, y: Any) -> bool:
    if x.summary.keys() != y.summary.keys() or x.yearly.keys() != y.yearly.keys():
        return False
    one, other = (np.array([r.summary[k] for k in x.summary], dtype=np.float64) for r in (x, y))
    if not np.array_equal(one, other, equal_nan=True):
        return False
    return all(np.array_equal(x.yearly[k], y.yearly[k], equal_nan=True) for k in x.yearly)


def nothing_before_announcement(study: Study) -> list[Finding]:
    """In whole years before a regime is announced, every yearly outcome equals the baseline's to the bit."""
    out = []
    for group, base in study.pairs():
        r = group.resolved
        if base.resolved.regime != "null" or r.behaviour != base.resolved.behaviour or r.start != base.resolved.start:
            continue
        announced = r.start + r.announced_index
        before = [i for i, year in enumerate(group.years) if year < announced.year]
        if not before:
            out.append(
                Finding(
                    "announcement",
                    "not checked",
                    group.id,
                    f"{announced}公布，此前没有完整的年份可比。",
                    f"Announced in {announced}: no whole year lies before it.",
                )
            )
            continue
        early = _moved_early(group, base, before)
        first, last = group.years[0], group.years[before[-1]]
        if early:
            out.append(
                Finding(
                    "announcement",
                    "alarm",
                    group.id,
                    f"{announced}公布之前已有变化：{_names(early, 'zh')}。",
                    f"Changed before the announcement in {announced}: {_names(early, 'en')}.",
                )
            )
        else:
            out.append(
                Finding(
                    "announcement",
                    "ok",
                    group.id,
                    f"公布之前（{first}—{last}年）各次重复与基准逐位相同。",
                    f"Before the announcement ({first}–{last}) every replicate equals the baseline to the bit.",
                )
            )
    return out


def _moved_early(group: ScenarioRuns, base: ScenarioRuns, years: Sequence[int]) -> list[str]:
    names = [n for n in group.runs[0].yearly if n in base.runs[0].yearly]
    return [
        n
        for n in names
        if not np.array_equal(group.yearly(n)[:, list(years)], base.yearly(n)[:, list(years)], equal_nan=True)
    ]


def levers_that_moved_nothing(study: Study) -> list[Finding]:
    """Where scenarios differ in levers alone and agree in every outcome of every replicate, those levers do nothing."""
    out, compared = [], 0
    for a, b in combinations(study.groups, 2):
        if not _comparable(a, b):
            continue
        levers = differing_levers(a, b)
        compared += bool(levers)
        if levers and same_results(a, b):
            out.append(
                Finding(
                    "moved nothing",
                    "alarm",
                    b.id,
                    f"{b.title['zh']}与{a.title['zh']}的以下参数不同，结果却逐位相同：{_names(levers, 'zh')}。",
                    f"{b.title['en']} and {a.title['en']} differ in these levers, yet every result is the same to the "
                    f"bit: {_names(levers, 'en')}.",
                )
            )
    if out:
        return out
    if not compared:
        return [
            Finding(
                "moved nothing",
                "not checked",
                "",
                "没有只在政策参数上不同的两个情景。",
                "No two scenarios differ in levers alone.",
            )
        ]
    return [
        Finding(
            "moved nothing",
            "ok",
            "",
            f"{compared}对只在政策参数上不同的情景，结果都有变化。",
            f"In all {compared} pairs of scenarios that differ in levers alone, results moved.",
        )
    ]


def differing_levers(a: ScenarioRuns, b: ScenarioRuns) -> list[str]:
    """Levers whose values differ in any quarter."""
    return [k for k, values in a.resolved.levers.items() if tuple(values) != tuple(b.resolved.levers[k])]


def levers_never_read(study: Study) -> list[Finding]:
    """Levers that a scenario sets differently from its baseline but that no run of it ever looked at."""
    out, told = [], False
    for group, base in study.pairs():
        read = {k for run in group.runs for k in run.guards.get("levers_read", ())}
        if not read:
            continue
        told = True
        unread = [k for k in differing_levers(group, base) if k not in read]
        if unread:
            out.append(
                Finding(
                    "never read",
                    "note",
                    group.id,
                    f"已设定但运行中从未读取的参数：{_names(unread, 'zh')}。",
                    f"Set but never read during the runs: {_names(unread, 'en')}.",
                )
            )
    if told and not out:
        return [
            Finding(
                "never read",
                "ok",
                "",
                "设定的每个参数在运行中都被读取过。",
                "Every lever that was set was read during the runs.",
            )
        ]
    return out


def outcomes_that_never_moved(study: Study) -> list[Finding]:
    """Summary outcomes that are the same in every scenario, replicate by replicate."""
    if len(study.groups) < 2:
        return []
    first, rest = study.groups[0], study.groups[1:]
    still = [
        n
        for n in study.summary_ids
        if all(np.array_equal(first.summary(n), g.summary(n), equal_nan=True) for g in rest)
    ]
    if not still:
        return [
            Finding(
                "unmoved", "ok", "", "每项结果至少被一个情景改变。", "Every outcome is moved by at least one scenario."
            )
        ]
    zh = [str(study.definition("summary", n).title["zh"]) for n in still]
    en = [str(study.definition("summary", n).title["en"]) for n in still]
    return [
        Finding(
            "unmoved",
            "note",
            "",
            f"任何情景都没有改变的结果：{_names(zh, 'zh')}。",
            f"Outcomes that no scenario moved: {_names(en, 'en')}.",
        )
    ]


def outcomes_without_definition(study: Study) -> list[Finding]:
    """Outcomes that the runs carry but nobody has defined; they stand in the tables of runs and nowhere else."""
    run = study.groups[0].runs[0]
    lost = [n for n in (*run.summary, *run.yearly) if n not in study.summary_ids and n not in study.yearly_ids]
    if not lost:
        return []
    return [
        Finding(
            "undefined",
            "alarm",
            "",
            f"没有定义的结果，只列入逐次表格：{_names(lost, 'zh')}。",
            f"Outcomes without a definition, given in the tables of runs only: {_names(lost, 'en')}.",
        )
    ]


def _names(names: Sequence[str], lang: str) -> str:
    shown = list(names[:SHOWN])
    if len(names) > SHOWN:
        more = len(names) - SHOWN
        shown.append(f"另外{more}项" if lang == "zh" else f"{more} more")
    return joined(shown, lang)
