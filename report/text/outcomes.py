"""Titles of outcomes, regimes and worlds, for pages that name them by their ids."""

from __future__ import annotations

from report.blocks import Text, Unit, title
from report.text.language import FALLBACK
from report.text.quantity import unit_text
from sim.outcomes.records import OUTCOMES
from sim.parameters import Library


def outcome_title(name: str, lang: str) -> str:
    """Title of an outcome of the whole run; the id where there is none."""
    return str(OUTCOMES[name].title[lang]) if name in OUTCOMES else name


def outcome_unit(name: str) -> str:
    """Unit id of an outcome, "none" where there is none."""
    return OUTCOMES[name].unit if name in OUTCOMES else "none"


def unit_name(unit: str, library: Library) -> Text:
    """A unit beside a number: as languages write it, else by its title in the scenario files."""
    known = unit in library.units and unit_text(unit, FALLBACK) == unit.replace("_", " ")
    return title(library.units[unit].title) if known else Unit(unit)


def regime_name(name: str, library: Library) -> Text:
    """Title of a regime; its id where there is none of that name any more."""
    return title(library.regimes[name].title) if name in library.regimes else name


def world_name(name: str, library: Library) -> Text:
    """Title of a world; its id where there is none of that name any more."""
    return title(library.worlds[name].title) if name in library.worlds else name
