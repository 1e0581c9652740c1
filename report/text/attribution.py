"""Words and numbers of an attribution, in both languages: for the page, the figure and the command line."""

from __future__ import annotations

import hashlib
import math

from experiments.analysis.attribution.attribute import Attribution, Contribution, Interaction, Shared
from experiments.analysis.attribution.differences import Group
from experiments.analysis.estimates.contrasts import Estimate
from report.text.catalogue import say
from report.text.groups import group_title
from report.text.language import mark
from report.text.outcomes import outcome_title
from report.text.quantity import decimals, interval, is_share, number, quantity, unit_text
from report.text.spoken import spoken
from report.text.studies import behaviour_said
from sim.parameters import Library

PAIRS = 10
"""Pairs that are shown at most; half as many where none stands."""


def told(name: str, lang: str, **values: object) -> str:
    """A sentence of ``words.toml`` with its gaps filled."""
    return say(f"attribution.{name}", lang, **values)


def regime_titles(found: Attribution, library: Library, lang: str) -> tuple[str, str]:
    """Titles of the two regimes."""
    a, b = (library.regimes[p.regime].title[lang] for p in (found.comparison.a, found.comparison.b))
    return a, b


def amount(e: Estimate, lang: str) -> str:
    """A difference with its unit; shares differ by percentage points."""
    if math.isnan(e.value):
        return "–"
    body = number(e.value, e.unit, lang, sign=True, places=decimals(e.low, e.high, e.unit, lang))
    unit = say("attribution.points", lang) if is_share(e.unit) else mark("space", lang) + unit_text(e.unit, lang)
    return f"{body}{unit}".rstrip()


def span(e: Estimate, lang: str) -> str:
    """An interval of a difference."""
    return interval(e.low, e.high, e.unit, lang, sign=True, places=decimals(e.low, e.high, e.unit, lang))


def method_line(found: Attribution, lang: str) -> str:
    """How the coalitions were chosen."""
    d = found.design
    if d.method == "exact":
        return told("how_exact", lang, groups=d.groups, masks=f"{len(d.masks):,}", runs=f"{len(d.runs):,}")
    every = f"{1 << d.groups:,}"
    return told("how_sampled", lang, groups=d.groups, all=every, orders=len(d.orders[0]), runs=f"{len(d.runs):,}")


def question_line(found: Attribution, library: Library, lang: str) -> str:
    """World, dates, length, replicates."""
    s, c = found.comparison.scenario_b, found.comparison
    return told(
        "asked" if c.kept else "asked_own",
        lang,
        world=library.worlds[s.world].title[lang],
        effective=s.start + s.effective_index,
        quarters=s.quarters,
        replicates=found.design.replicates,
    )


def basis(found: Attribution, library: Library, lang: str, replicates: int | None = None) -> str:
    """What every number rests on: the two regimes, world, dates, length, replicates, what intervals count, behaviour.

    Args:
        found: The attribution.
        library: The scenario files.
        lang: Language.
        replicates: How many count; all unless told.
    """
    s, c, drawn = found.comparison.scenario_b, found.comparison, found.plan.behaviour
    a, b = regime_titles(found, library, lang)
    effective = told("basis_dates" if c.kept else "basis_own", lang, effective=s.start + s.effective_index)
    every = found.design.replicates
    draws = -(-every // drawn.per_draw)
    text = told(
        "basis", lang, a=a, b=b, world=library.worlds[s.world].title[lang], quarters=s.quarters, start=s.start,
        dates=effective, replicates=replicates or every,
        over=told("over_draws", lang, draws=draws) if drawn.draws else told("over_replicates", lang),
    )  # fmt: skip
    behaviour = behaviour_said(drawn.mode, draws, 0, drawn.at_prior, drawn.earlier)
    return f"{text}{mark('space', lang)}{spoken(behaviour, lang)}"


def caption(name: str, lang: str, basis: str, **values: object) -> str:
    """The caption of a table."""
    return f"{told(name, lang, **values)}{mark('space', lang)}{basis}"


def sum_line(shared: Shared, lang: str) -> str:
    """Start, end and difference of an outcome."""
    d = shared.difference.difference
    start, end = (quantity(e.value, e.unit, lang) for e in (shared.start, shared.end))
    said = {"outcome": outcome_title(shared.outcome, lang), "start": start, "end": end}
    return told("sum", lang, **said, difference=amount(d, lang), interval=span(d, lang))


def check_line(shared: Shared, lang: str) -> str:
    """Whether contributions add up."""
    return told("adds_up" if shared.exact else "adds_up_not", lang, n=len(shared.replicates))


def difference_unit(unit: str, lang: str) -> str:
    """Unit of a difference, for a caption."""
    return (
        say("attribution.points", lang).strip()
        if is_share(unit)
        else unit_text(unit, lang) or say("attribution.no_unit", lang)
    )


def by_text(found: Attribution, lang: str) -> str:
    """What the groups are."""
    return say(f"attribution.by_{found.comparison.by}", lang)


def notes(found: Attribution, library: Library, lang: str) -> list[str]:
    """What was merged, what is the same, how many tests."""
    groups, c = found.comparison.groups, found.comparison
    merged = [g.id for g in groups if g.merged]
    names = mark("pause", lang).join(library.instruments[i].title[lang] for i in c.same)
    tests = sum(not p.nothing for s in found.outcomes for p in s.contributions)
    return [
        told("merged", lang, names="; ".join(merged)) if merged else told("not_merged", lang),
        *([told("same", lang, names=names)] if names else []),
        told("holm", lang, tests=tests),
    ]


def row(part: Contribution, lang: str) -> list[str]:
    """One line of the table of an outcome."""
    d = part.contrast.difference
    share = "–" if math.isnan(part.share) else number(part.share, "ratio", lang, places=0) + "%"
    if part.nothing:
        return [group_title(part.group, lang), "0", "–", share, "0", "0", say("attribution.nothing", lang)]
    places = decimals(d.low, d.high, d.unit, lang)
    edges = [number(e.value, e.unit, lang, sign=True, places=places) for e in (part.first, part.last)]
    return [
        group_title(part.group, lang),
        amount(d, lang),
        span(d, lang),
        share,
        *edges,
        say(f"attribution.{part.verdict}", lang),
    ]


def table(shared: Shared, lang: str) -> list[list[str]]:
    """All groups of an outcome, the largest first."""
    return [row(part, lang) for part in shared.ranked()]


def pair_row(pair: Interaction, whole: float, lang: str) -> list[str]:
    """One pair; whether it strengthens is told in the direction of the whole difference."""
    d = pair.contrast.difference
    word = "complements" if d.value * (whole or 1.0) > 0 else "substitutes"
    names = " × ".join(group_title(g, lang) for g in (pair.one, pair.other))
    return [names, amount(d, lang), span(d, lang), say(f"attribution.{word}", lang)]


def group_row(group: Group, library: Library, lang: str) -> list[str]:
    """A group with its levers and the text of its clauses."""
    levers = [library.levers[k].title[lang] if k in library.levers else group_title(group, lang) for k in group.levers]
    texts = [told("clause_line", lang, id=i, text=clause_text(library, i, lang)) for i in group.clauses]
    return [group_title(group, lang), mark("pause", lang).join(levers), " ".join(texts) or "–"]


def clause_text(library: Library, name: str, lang: str) -> str:
    """The text of a clause, or the title of the fact that stands in for one."""
    if name in library.clauses:
        return str(library.clauses[name].text[lang])
    return str(library.facts[name].title[lang]) if name in library.facts else "–"


def fingerprint(found: Attribution) -> str:
    """Sha256 of the two ends, the groups, the runs, and the draws of behaviour where there are any."""
    c, d = found.comparison, found.design
    parts = [c.scenario_a.fingerprint, c.scenario_b.fingerprint, repr([g.levers for g in c.groups]), repr(d.runs)]
    if drawn := found.plan.behaviour.digest:
        parts.append(drawn)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
