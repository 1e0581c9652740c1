"""Each clause keeps words of its sentence, and its numerals and those of the levers that cite it stand in them."""

from __future__ import annotations

import re
from functools import cache

import pytest

from sim.parameters import Library
from sim.parameters.records import APART, Clause, Setting
from tests import worlds
from tools.quotes import documents, lines_of, missing, numerals

STATED = ("rule", "target", "practice", "measured")
"""Kinds of evidence that say that the document gives the number itself."""
NUMERAL = re.compile(r"\d+(?:\.\d+)?(?:,\d{3})*\s*[百千万亿]*\s*%?")
FACTORS = (1.0, 1e4, 100.0, 0.25, 1 / 12, 3.0)
"""From a lever's unit to a document's: as it is, 万元 to yuan, a share to per cent, quarters to years, to months."""


@cache
def library() -> Library:
    return worlds.library()


CLAUSES = list(library().clauses)
SETTINGS = [
    (name, one)
    for name, regime in library().regimes.items()
    for one in regime.values
    if one.evidence in STATED and set(one.clause) & set(CLAUSES)
]


def stated(clause: Clause) -> list[str]:
    """Numerals that a clause states in our words."""
    return [found.strip() for found in NUMERAL.findall(clause.numbers.zh)] if clause.numbers else []


@pytest.mark.parametrize("name", CLAUSES)
def test_a_clause_is_quoted(name):
    assert library().clauses[name].quote


@pytest.mark.parametrize("name", CLAUSES)
def test_its_numerals_stand_in_its_quote_or_it_says_why_not(name):
    clause = library().clauses[name]
    there = numerals(clause.quote)
    for numeral in stated(clause):
        assert numerals(numeral) & there or clause.apart.get(numeral) in APART, f"{numeral} is not in {clause.quote!r}"
    assert set(clause.apart) <= {*stated(clause), *carried(name)}, "a reason for a numeral that nobody states"


@cache
def carried(name: str) -> set[str]:
    """Numbers of the levers that cite a clause as its own, as text."""
    return {f"{value:g}" for _, one in SETTINGS if name in one.clause for value in amounts(one)}


def amounts(one: Setting) -> set[float]:
    """Numbers that a value of a lever gives: those away from the lever's inert value, which says nothing."""
    lever = library().levers[one.lever]
    parts = one.value if isinstance(one.value, tuple) else (one.value,)
    inert = lever.inert if isinstance(lever.inert, tuple) else (lever.inert,) * len(parts)
    pairs = zip(parts, inert, strict=False) if lever.type != "schedule" else ((part, None) for part in parts)
    found = {float(part) for part, low in pairs if isinstance(part, int | float) and part != low}
    return set() if lever.type in ("flag", "choice") or one.lever in YES else found


YES = ("call.eligible", "assessment.gate_pay")
"""By industry, yes or no."""


@pytest.mark.parametrize(("regime", "one"), SETTINGS, ids=[f"{n}-{s.lever}-{s.first}" for n, s in SETTINGS])
def test_what_a_lever_says_the_document_gives_stands_in_the_quote(regime, one):
    """A number that no sentence gives is an assumption, never a rule."""
    cited = [library().clauses[name] for name in one.clause if name in library().clauses]
    facts = [library().facts[name] for name in one.clause if name in library().facts]
    there = {n for text in (*(c.quote for c in cited), *(f.value.zh for f in facts)) for n in numerals(text)}
    for value in amounts(one):
        said = any(abs(value * factor - number) < 1e-9 * max(1.0, number) for factor in FACTORS for number in there)
        why = [clause.apart[f"{value:g}"] for clause in cited if f"{value:g}" in clause.apart]
        assert said or why, f"{regime}: {one.lever} = {value:g} is called {one.evidence!r}; quotes: {there}"


def test_numerals_are_read_as_the_documents_write_them():
    assert {3e11, 3000.0} <= numerals("投资3000亿元") and 1.2e6 in numerals("人口120\u842c")
    assert {50.0, 0.5} <= numerals("50%") and 2.0 in numerals("加倍") and {5.0} <= numerals("五年")
    assert {20.0} <= numerals("二十个") and {100.0} <= numerals("百分之百") and {1e8} <= numerals("千亿以下一亿")


def test_a_quote_that_is_not_there_is_told(tmp_path):
    (tmp_path / "003_x.txt").write_text("一\n对3年(nián)内未达到,加倍倒扣\n", encoding="utf-8")
    clause = library().clauses["ZJ-CLAW-1"]
    made = type(clause)(**{f: getattr(clause, f) for f in clause.__dataclass_fields__} | {"source": "F003 p1 L2"})
    read = documents(tmp_path)
    assert missing(made, read) == [clause.quote]
    told = type(made)(**{f: getattr(made, f) for f in made.__dataclass_fields__} | {"quote": "对3年内未达到…加倍"})
    assert missing(told, read) == []
    assert lines_of("F003 p12 no. 6 L411–413; F000 L81") == [("F003", 411), ("F003", 412), ("F003", 413), ("F000", 81)]
