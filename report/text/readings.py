"""What the meanings of a reading say."""

from __future__ import annotations

from experiments.analysis.readings.sweep import Sweep, Swept
from report.blocks import Text, message, title
from sim.parameters.readings import standing


def meaning(found: Sweep, one: Swept) -> Text:
    """The meaning that replaces the stated one."""
    return _meaning(found, one, one.alternative)


def stated_meaning(found: Sweep, one: Swept) -> Text:
    """What the regime takes: the first of the meanings that it is equal to."""
    stands = standing(found.library, one.reading, one.regime)
    taken = stands.taken if stands is not None else ()
    default = found.library.readings[one.reading].default
    return _meaning(found, one, default if default in taken else next(iter(taken), None))


def _meaning(found: Sweep, one: Swept, wanted: str | None) -> Text:
    alternatives = found.library.readings[one.reading].alternatives
    return next((title(a.text) for a in alternatives if a.id == wanted), message("readings.stated"))
