"""Checks that every study makes of itself, from paired results: they find mistakes of the model, not of the policy.

A guard says *ok*, *note* (worth knowing), *alarm* (something is wrong) or *not checked* (this study cannot tell). What
it found is the id of a message with values; the sentence belongs to the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Literal

import numpy as np

from experiments.analysis.study import ScenarioRuns, Study
from sim.run import RunResult

Status = Literal["ok", "note", "alarm", "not checked"]


@dataclass(frozen=True)
class Finding:
    """What one guard found.

    Attributes:
        guard: Id of the guard.
        status: "ok", "note", "alarm" or "not checked".
        scenario: Scenario id, "" for the whole study.
        message: Id of what is said.
        values: What fills it: ``levers``, ``outcomes``, ``yearly`` and ``scenarios`` are ids, others are printed.
    """

    guard: str
    status: Status
    scenario: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


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
        return [Finding("null", "not checked", "", "null_missing")]
    return [_null(study, group, inert) for group in nulls]


def _null(study: Study, group: ScenarioRuns, inert: Mapping[str, Any]) -> Finding:
    moved = [k for k, values in group.resolved.levers.items() if k in inert and any(v != inert[k] for v in values)]
    if moved:
        return Finding("null", "alarm", group.id, "null_sets_levers", {"levers": moved})
    twins = [g for g in study.groups if g is not group and _without_policy(g, inert) and _comparable(g, group)]
    unequal = [g.id for g in twins if not same_results(g, group)]
    if unequal:
        return Finding("null", "alarm", group.id, "null_differs", {"scenarios": unequal})
    return Finding("null", "ok", group.id, "null_inert")


def _without_policy(group: ScenarioRuns, inert: Mapping[str, Any]) -> bool:
    return all(v == inert[k] for k, values in group.resolved.levers.items() if k in inert for v in values)


def _comparable(a: ScenarioRuns, b: ScenarioRuns) -> bool:
    """Same place, calendar, behaviour and dates, so that only levers can differ."""
    fields = ("world", "start", "quarters", "effective_index", "announced_index", "behaviour", "constants")
    return all(getattr(a.resolved, f) == getattr(b.resolved, f) for f in fields)


def same_results(a: ScenarioRuns, b: ScenarioRuns) -> bool:
    """Whether all summary and yearly outcomes of all replicates agree to the bit; undefined equals undefined."""
    return all(_same_run(x, y) for x, y in zip(a.runs, b.runs, strict=True))


def _same_run(x: RunResult, y: RunResult) -> bool:
    if x.summary.keys() != y.summary.keys() or x.yearly.keys() != y.yearly.keys():
        return False
    one, other = (np.array([r.summary[k] for k in x.summary], dtype=np.float64) for r in (x, y))
    if not np.array_equal(one, other, equal_nan=True):
        return False
    return all(np.array_equal(x.yearly[k], y.yearly[k], equal_nan=True) for k in x.yearly)


def nothing_before_announcement(study: Study) -> list[Finding]:
    """In whole years before a regime is announced, every yearly outcome equals the baseline's to the bit."""
    found = []
    for group, base in study.pairs():
        r, b = group.resolved, base.resolved
        if b.regime == "null" and r.behaviour == b.behaviour and r.start == b.start:
            found.append(_before_announcement(group, base))
    return found


def _before_announcement(group: ScenarioRuns, base: ScenarioRuns) -> Finding:
    announced = group.resolved.start + group.resolved.announced_index
    before = [i for i, year in enumerate(group.years) if year < announced.year]
    if not before:
        return Finding("announcement", "not checked", group.id, "no_year_before", {"announced": str(announced)})
    early = _moved_early(group, base, before)
    if early:
        values = {"announced": str(announced), "yearly": early}
        return Finding("announcement", "alarm", group.id, "moved_before", values)
    years = {"first": group.years[0], "last": group.years[before[-1]]}
    return Finding("announcement", "ok", group.id, "nothing_before", years)


def _moved_early(group: ScenarioRuns, base: ScenarioRuns, years: Sequence[int]) -> list[str]:
    names = [n for n in group.runs[0].yearly if n in base.runs[0].yearly]
    return [
        n
        for n in names
        if not np.array_equal(group.yearly(n)[:, list(years)], base.yearly(n)[:, list(years)], equal_nan=True)
    ]


def levers_that_moved_nothing(study: Study) -> list[Finding]:
    """Where scenarios differ in levers alone and agree in every outcome of every replicate, those levers do nothing."""
    pairs = [(a, b, differing_levers(a, b)) for a, b in combinations(study.groups, 2) if _comparable(a, b)]
    found = [
        Finding("moved nothing", "alarm", b.id, "moved_nothing", {"one": b.id, "other": a.id, "levers": levers})
        for a, b, levers in pairs
        if levers and same_results(a, b)
    ]
    if found:
        return found
    compared = sum(bool(levers) for _, _, levers in pairs)
    if not compared:
        return [Finding("moved nothing", "not checked", "", "no_pair_of_levers")]
    return [Finding("moved nothing", "ok", "", "all_pairs_moved", {"pairs": compared})]


def differing_levers(a: ScenarioRuns, b: ScenarioRuns) -> list[str]:
    """Levers whose values differ in any quarter; a stored scenario keeps those that act, the others are inert."""
    one, other = a.resolved.levers, b.resolved.levers
    return [k for k in dict.fromkeys((*one, *other)) if tuple(one.get(k, ())) != tuple(other.get(k, ()))]


def levers_never_read(study: Study) -> list[Finding]:
    """Levers that a scenario sets differently from its baseline but that no run of it ever looked at."""
    found, known = [], False
    for group, base in study.pairs():
        read = {k for run in group.runs for k in run.guards.get("levers_read", ())}
        unread = [k for k in differing_levers(group, base) if k not in read]
        known |= bool(read)
        if read and unread:
            found.append(Finding("never read", "note", group.id, "levers_unread", {"levers": unread}))
    return [Finding("never read", "ok", "", "levers_read")] if known and not found else found


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
    if still:
        return [Finding("unmoved", "note", "", "outcomes_unmoved", {"outcomes": still})]
    return [Finding("unmoved", "ok", "", "outcomes_moved")]


def outcomes_without_definition(study: Study) -> list[Finding]:
    """Outcomes that the runs carry but nobody has defined; they stand in the tables of runs and nowhere else."""
    run = study.groups[0].runs[0]
    lost = [n for n in (*run.summary, *run.yearly) if n not in study.summary_ids and n not in study.yearly_ids]
    return [Finding("undefined", "alarm", "", "outcomes_undefined", {"outcomes": lost})] if lost else []
