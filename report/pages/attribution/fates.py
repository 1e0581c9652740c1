"""Which agents fared differently under two policies, on the page of an attribution and in its tables."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.analysis.attribution.fates import Fates
from experiments.analysis.estimates.contrasts import Estimate
from report.blocks import Block, Grid, Paragraph, Section
from report.text.attribution import caption, told
from report.text.catalogue import say, under
from report.text.language import LANGS, listed, mark
from report.text.quantity import number
from report.text.towns import called, columns

MOST_ROWS = 12
"""Pairs of fates that the page shows."""


def records(found: Fates, names: Sequence[str] = ()) -> dict[str, list[dict[str, Any]]]:
    """The tables to write: those of the analysis, what each town is called, and the first difference of every agent.

    Args:
        found: Agents under the two policies.
        names: Real names of the world's sites, where the reader asked for them.
    """
    tables = found.records()
    tables["fates_towns"] = [
        {**row, **columns(called(row["industry"], row["site"], names[row["site"]] if names else ""))}
        for row in tables.get("fates_towns", [])
    ]
    for kind in ("towns", "firms"):
        rows = tables.get(f"fates_{kind}", [])
        tables[f"fates_{kind}"] = [{**row, **{f"first_{lang}": _first(row, lang) for lang in LANGS}} for row in rows]
    return {name: rows for name, rows in tables.items() if rows}


def _first(row: Mapping[str, Any], lang: str) -> str:
    if not row["what"]:
        return ""
    what = say(f"fates.what.{row['what']}", lang)
    if "a" not in row:
        return say("fates.line.alone", lang, quarter=row["quarter"], what=what)
    sides = {side: _value(row["what"], row[side], lang) for side in ("a", "b")}
    return say("fates.line.differs", lang, quarter=row["quarter"], what=what, **sides)


def _value(what: str, code: str, lang: str) -> str:
    table = f"fates.{what}" if under(f"fates.{what}") else "fates.flag"
    return listed((say(f"{table}.{one}", lang) for one in code.split()), lang, "also")


def lines(found: Fates, lang: str) -> list[str]:
    """How many towns and firms, in sentences."""
    towns, firms = found.changed("towns"), found.changed("firms")
    one = sum("never" in (r["fate_a"], r["fate_b"]) for r in found.firms) / found.replicates
    seen = sum(found.firms_seen) / found.replicates
    of_firms = {"changed": _n(firms.value), "one": _n(one), "all": _n(seen), "interval": _interval(firms, lang)}
    return [
        told("towns_sum", lang, changed=_n(towns.value), all=found.sites, interval=_interval(towns, lang)),
        told("firms_sum", lang, **of_firms),
    ]


def part(found: Fates, names: tuple[str, str], basis: str, lang: str) -> Section:
    """The part of the page on agents.

    Args:
        found: Agents under the two policies.
        names: Titles of the two policies.
        basis: What the numbers rest on, for the captions.
        lang: Language.
    """
    heads = told("fates_head", lang, a=names[0], b=names[1]).split("|")
    parts: list[Block] = [Paragraph(" ".join(lines(found, lang)))]
    for kind, words in (("towns", "town"), ("firms", "firm")):
        rows = [
            [say(f"fates.{words}.{a}", lang), say(f"fates.{words}.{b}", lang), _n(e.value), _interval(e, lang)]
            for a, b, e in found.transitions(kind)[:MOST_ROWS]
        ]
        if rows:
            parts.append(Grid(heads, rows, caption(f"{kind}_caption", lang, basis), words=(1,)))
    firsts = _firsts(found, lang)
    if firsts:
        said = caption("events_caption", lang, basis, a=names[0], b=names[1])
        grid = Grid(told("events_head", lang).split("|"), firsts, said)
        parts.append(Section(told("events_title", lang), (grid,)))
    return Section(told("fates_title", lang), parts)


def _firsts(fates: Fates, lang: str) -> list[list[str]]:
    """What differs first for the towns whose fate changed, the commonest first."""
    found: dict[str, list[str]] = {}
    for row in fates.towns:
        if row["changed"]:
            a, b = (_value(row["what"], row[side], lang) for side in ("a", "b"))
            found.setdefault(f"{say('fates.what.' + row['what'], lang)}: {a} / {b}", []).append(row["quarter"])
    order = sorted(found, key=lambda what: (-len(found[what]), what))[:MOST_ROWS]
    return [[w, str(len(found[w])), min(found[w]), sorted(found[w])[len(found[w]) // 2]] for w in order]


def _n(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _interval(e: Estimate, lang: str) -> str:
    if not math.isfinite(e.low):
        return "–"
    return mark("to", lang).join(number(x, "none", lang, places=1 if e.value < 100 else 0) for x in (e.low, e.high))
