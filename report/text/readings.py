"""What the meanings of a reading say, in words."""

from __future__ import annotations

from experiments.analysis.readings.sweep import Sweep, Swept
from report.text.catalogue import say
from sim.parameters.readings import standing


def meaning(found: Sweep, one: Swept, lang: str) -> str:
    """The meaning that replaces the stated one, in words."""
    reading = found.library.readings[one.reading]
    return next(a.text[lang] for a in reading.alternatives if a.id == one.alternative)


def stated_meaning(found: Sweep, one: Swept, lang: str) -> str:
    """What the regime takes, in words: the first of the meanings that it is equal to."""
    stands = standing(found.library, one.reading, one.regime)
    taken = stands.taken if stands is not None else ()
    reading = found.library.readings[one.reading]
    wanted = reading.default if reading.default in taken else next(iter(taken), None)
    return next((a.text[lang] for a in reading.alternatives if a.id == wanted), say("readings.stated", lang))
