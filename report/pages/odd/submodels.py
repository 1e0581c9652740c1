"""Section 7 of the description: agents, instruments with their levers, uncertainties with priors, readings."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from report.blocks import Code, Grid, Mono, Paragraph, Section, Text, glued, message, title
from report.pages.odd.pieces import codes, doc, number, section, table, unit, where
from report.text.enforcement import of_lever
from sim.agents import (
    building,
    closure,
    county,
    enterprise,
    entry,
    financier,
    housing,
    location,
    project,
    reporting,
    start,
    talent,
    trade,
    treasury,
    village,
)
from sim.instruments import INSTRUMENTS
from sim.instruments.base import Instrument
from sim.parameters import Library
from sim.parameters.records import Lever, Uncertainty

AGENTS: tuple[ModuleType, ...] = (
    county, location, entry, project, financier, building, housing, enterprise, closure, talent, village, trade,
    treasury, reporting, start,
)  # fmt: skip
"""Modules whose docstrings state the mechanisms."""


def submodels(library: Library) -> Section:
    """The section."""
    said = {name: Paragraph(message(f"odd.prose.{name}")) for name in ("instruments", "uncertainties", "readings")}
    return section(
        "7",
        Paragraph(message("odd.prose.submodels")),
        section("7.1", *map(_module, AGENTS)),
        section("7.2", said["instruments"], *(_instrument(kind, library) for kind in INSTRUMENTS)),
        section("7.3", said["uncertainties"], _uncertainties(library)),
        section("7.4", said["readings"], _readings(library)),
    )


def _module(module: ModuleType) -> Section:
    name = module.__name__.rpartition(".")[2]
    return Section(message(f"odd.modules.{name}"), (Paragraph(where(module)), Code(doc(module), "text")))


def _instrument(kind: type[Instrument[Any]], library: Library) -> Section:
    """One instrument: what it is, what it does at which moment, what counties expect of it, its levers."""
    entry = library.instruments[kind.id]
    texts = [doc(sys.modules[kind.__module__]), doc(kind)]
    texts += [f"{moment}: {doc(getattr(kind, name))}" for moment, name in kind.HOOKS.items()]
    texts += [f"expected: {doc(getattr(kind, kind.EXPECTED))}"] if kind.EXPECTED else []
    levers = table(
        ("lever", "title", "unit", "range", "inert", "evidence", "source", "reading"),
        (_lever(library.levers[key], library) for key in entry.levers),
    )
    what = Paragraph(glued(title(entry.what), " ", where(kind)))
    code = Code("\n\n".join(text for text in texts if text), "text")
    doubts = [of_lever(library, library.levers[key]) for key in entry.levers if library.levers[key].enforcement]
    return Section(glued(title(entry.title), " (", Mono(entry.id), ")"), (what, code, levers, *map(Paragraph, doubts)))


def _lever(lever: Lever, library: Library) -> tuple[Text, ...]:
    return (
        Mono(lever.key),
        title(lever.title),
        unit(library, lever.unit),
        _range(lever),
        number(lever.inert),
        message(f"odd.words.{lever.evidence}"),
        codes(lever.source),
        lever.reading or "",
    )


def _range(lever: Lever) -> Text:
    if lever.type == "regime":
        return glued(Mono(str(lever.inert)), ", …")
    if lever.choices:
        return codes(choice.id for choice in lever.choices)
    if lever.min is None and lever.max is None:
        return ""
    low, high = ("" if bound is None else number(bound) for bound in (lever.min, lever.max))
    return f"{low} … {high}"


def _prior(u: Uncertainty) -> str:
    shape = ", ".join(f"{name} {number(value)}" for name, value in u.params.items())
    return f"{u.distribution} ({shape})" if shape else u.distribution


def _uncertainties(library: Library) -> Grid:
    return table(
        ("key", "meaning", "unit", "central", "range", "prior", "evidence", "source"),
        (
            (Mono(u.key), title(u.what), unit(library, u.unit), number(u.central),
             f"{number(u.low)} … {number(u.high)}", _prior(u), message(f"odd.words.{u.evidence}"), codes(u.source))
            for u in library.uncertainties.values()
        ),
    )  # fmt: skip


def _readings(library: Library) -> Grid:
    listing = []
    for reading in library.readings.values():
        chosen = next((title(a.text) for a in reading.alternatives if a.id == reading.default), reading.default)
        listing.append(
            (Mono(reading.id), title(reading.question), chosen, codes(reading.levers), codes(reading.source))
        )
    return table(("reading", "question", "default", "levers", "source"), listing)
