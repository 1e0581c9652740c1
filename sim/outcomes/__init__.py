"""Outcomes: each defined once (:mod:`definitions`), computed from a finished province (:mod:`summary`,
:mod:`yearly`).
"""

from sim.outcomes.registry import OUTCOMES, YEARLY, Outcome
from sim.outcomes.summary import summarise
from sim.outcomes.yearly import Recorder, cohorts, tables, yearly, years

__all__ = ["OUTCOMES", "YEARLY", "Outcome", "Recorder", "cohorts", "summarise", "tables", "yearly", "years"]
