"""Titles of outcomes, for pages that name them by their ids."""

from __future__ import annotations

from sim.outcomes.records import OUTCOMES


def outcome_title(name: str, lang: str) -> str:
    """Title of an outcome of the whole run; the id where there is none."""
    return str(OUTCOMES[name].title[lang]) if name in OUTCOMES else name


def outcome_unit(name: str) -> str:
    """Unit id of an outcome, "none" where there is none."""
    return OUTCOMES[name].unit if name in OUTCOMES else "none"
