"""Section 7 of the description: agents, instruments with their levers, uncertainties with priors, readings."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from report.pages.odd.markdown import code, codes, doc, fence, number, table, unit, where
from report.pages.odd.sections import columns, title
from report.text.catalogue import say
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

BLANK = "\n\n"


def submodels(lang: str, library: Library) -> str:
    """The section."""
    parts = [title("7", lang), say("odd.prose.submodels", lang), title("7.1", lang)]
    parts += [_module(module, lang) for module in AGENTS]
    parts += [title("7.2", lang), say("odd.prose.instruments", lang)]
    parts += [_instrument(kind, lang, library) for kind in INSTRUMENTS]
    parts += [title("7.3", lang), say("odd.prose.uncertainties", lang), _uncertainties(lang, library)]
    parts += [title("7.4", lang), say("odd.prose.readings", lang), _readings(lang, library)]
    return "\n\n".join(parts)


def _module(module: ModuleType, lang: str) -> str:
    name = module.__name__.rpartition(".")[2]
    return f"#### {say(f'odd.modules.{name}', lang)}\n\n{code(where(module))}\n\n{fence(doc(module))}"


def _instrument(kind: type[Instrument[Any]], lang: str, library: Library) -> str:
    """One instrument: what it is, what it does at which moment, what counties expect of it, its levers."""
    entry = library.instruments[kind.id]
    texts = [doc(sys.modules[kind.__module__]), doc(kind)]
    texts += [f"{moment}: {doc(getattr(kind, name))}" for moment, name in kind.HOOKS.items()]
    texts += [f"expected: {doc(getattr(kind, kind.EXPECTED))}"] if kind.EXPECTED else []
    levers = table(
        columns(lang, "lever", "title", "unit", "range", "inert", "evidence", "source", "reading"),
        (_lever(library.levers[key], lang, library) for key in entry.levers),
    )
    top = f"#### {entry.title[lang]} ({code(entry.id)})\n\n{entry.what[lang]} {code(where(kind))}"
    return f"{top}\n\n{fence(BLANK.join(text for text in texts if text))}\n\n{levers}"


def _lever(lever: Lever, lang: str, library: Library) -> tuple[object, ...]:
    return (
        code(lever.key),
        lever.title[lang],
        unit(library, lever.unit, lang),
        _range(lever),
        number(lever.inert),
        say(f"odd.words.{lever.evidence}", lang),
        codes(lever.source),
        lever.reading or "",
    )


def _range(lever: Lever) -> str:
    if lever.choices:
        return codes(choice.id for choice in lever.choices)
    if lever.min is None and lever.max is None:
        return ""
    low, high = ("" if bound is None else number(bound) for bound in (lever.min, lever.max))
    return f"{low} … {high}"


def _prior(u: Uncertainty) -> str:
    shape = ", ".join(f"{name} {number(value)}" for name, value in u.params.items())
    return f"{u.distribution} ({shape})" if shape else u.distribution


def _uncertainties(lang: str, library: Library) -> str:
    return table(
        columns(lang, "key", "meaning", "unit", "central", "range", "prior", "evidence", "source"),
        (
            (code(u.key), u.what[lang], unit(library, u.unit, lang), number(u.central),
             f"{number(u.low)} … {number(u.high)}", _prior(u), say(f"odd.words.{u.evidence}", lang), codes(u.source))
            for u in library.uncertainties.values()
        ),
    )  # fmt: skip


def _readings(lang: str, library: Library) -> str:
    listing = []
    for reading in library.readings.values():
        chosen = next((a.text[lang] for a in reading.alternatives if a.id == reading.default), reading.default)
        listing.append((code(reading.id), reading.question[lang], chosen, codes(reading.levers), codes(reading.source)))
    return table(columns(lang, "reading", "question", "default", "levers", "source"), listing)
