"""Outcomes: each declared once, by a function and its record (:mod:`registry`), computed from a finished province.

Every module of this folder is read, so that a new one needs no list.
"""

import importlib
import pkgutil

from sim.outcomes.fates import FIRMS, ROLL
from sim.outcomes.observe import Note, Observer
from sim.outcomes.records import COHORT, OUTCOMES, YEARLY, Outcome
from sim.outcomes.registry import by_calendar_year, check_complete, cohorts, stock_notes, summarise
from sim.outcomes.tables import tables
from sim.outcomes.windows import years

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
check_complete()


def observer_for(names: tuple[str, ...] = ()) -> Observer:
    """An observer of whatever the outcomes and some tables need."""
    return Observer([*stock_notes().values(), *([ROLL] if FIRMS in names else [])])


__all__ = [
    "COHORT",
    "OUTCOMES",
    "YEARLY",
    "Note",
    "Observer",
    "Outcome",
    "by_calendar_year",
    "cohorts",
    "observer_for",
    "summarise",
    "tables",
    "years",
]
