"""What groups of levers and of factors are called."""

from __future__ import annotations

from experiments.analysis.attribution.differences import Group, Part
from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.subject import Subject
from report.text.catalogue import say
from report.text.language import listed

NAMED = 2
"""Levers of a clause that are named; the others are counted."""


def group_title(group: Group, lang: str) -> str:
    """What a group of levers is called: its clause and what it sets, its instrument, or its lever."""
    return " + ".join(_part_title(part, lang) for part in group.parts)


def _part_title(part: Part, lang: str) -> str:
    if not part.titles:
        return say("attribution.calendar", lang)
    names = listed([title[lang] for title in part.titles[:NAMED]], lang)
    if len(part.titles) > NAMED:
        names = say("attribution.and_more", lang, names=names, more=len(part.titles) - NAMED)
    if not part.clauses:
        return names
    head = part.clauses[0] + ("+" if len(part.clauses) > 1 else "")
    return say("attribution.by_clause_title", lang, names=names, clause=head)


def factor_title(subject: Subject, name: str, lang: str) -> str:
    """What a factor, a group of factors or luck is called in a sensitivity study."""
    if name == LUCK:
        return say("sensitivity.luck", lang)
    titles = [title[lang] for title in subject.titles.get(name, ())]
    if subject.grouping != "clause" or name in {one.name for one in subject.factors}:
        return listed(titles, lang) or name
    return say("sensitivity.group", lang, name=name, members=listed(titles, lang))
