"""Readings of the law as lever values: where an ambiguity matters, which meaning a regime takes, and the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.parameters.compose import Resolved, chain_of, resolve
from sim.parameters.records import Reading, Registry, Value

LAID_OUT = 60
"""Quarters over which two meanings are compared, from the regime's first."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One meaning of an ambiguity laid over a regime that takes another.

    Attributes:
        reading, alternative: the ambiguity and the meaning, by id.
        levers: the lever values that realise it, as a call or a study's `set` takes them.
    """

    reading: str
    alternative: str
    levers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an ambiguity stands in one regime.

    Attributes:
        regime: its id.
        taken: the alternatives that give just what the regime states, by id; empty where the regime states a mixture.
        variants: the other alternatives that can be run.
    """

    regime: str
    taken: tuple[str, ...]
    variants: tuple[Variant, ...]


def standing(library: Registry, name: str, regime: str) -> Standing | None:
    """How a reading stands in a regime; None where it cannot matter there.

    Args:
        library: what the scenario files say.
        name: id of the reading, for example "D-06".
        regime: id of the regime.

    Raises:
        KeyError: where there is no such reading or regime.
        InputErrors: where an alternative breaks a bound that another lever of the regime sets.
    """
    reading = library.readings[name]
    first = library.regimes[regime].effective
    if not reading.acts or not _names(library, reading, regime):
        return None
    stated = _stated(library, regime)
    if not _concerns(library, reading, stated):
        return None
    taken, others = [one.id for one in reading.alternatives if one.as_stated], []
    for one in reading.alternatives:
        if not one.set or not all(_moved(library, stated, key) for key in one.needs):
            continue
        changed = resolve(library, regime, world=stated.world, start=first, quarters=LAID_OUT, levers=one.set)
        if changed.levers == stated.levers:
            taken.append(one.id)
        else:
            others.append(Variant(name, one.id, one.set))
    return Standing(regime, tuple(taken), tuple(others)) if others else None


def standings(library: Registry, name: str) -> tuple[Standing, ...]:
    """How a reading stands in every regime where it matters, in the library's order."""
    found = (standing(library, name, regime) for regime in library.regimes)
    return tuple(one for one in found if one is not None)


_laid: dict[tuple[int, str], tuple[Registry, Resolved]] = {}
"""What each regime states, laid out once for all readings; the library is kept so that its id stays its own."""


def _stated(library: Registry, regime: str) -> Resolved:
    """What a regime states, laid out from its own first quarter."""
    key = (id(library), regime)
    if key not in _laid:
        first = library.regimes[regime].effective
        made = resolve(library, regime, world=next(iter(library.worlds)), start=first, quarters=LAID_OUT)
        _laid[key] = library, made
    return _laid[key][1]


def _names(library: Registry, reading: Reading, regime: str) -> bool:
    """Whether an ambiguity is of a regime's text, or of no text in particular."""
    if not reading.regimes:
        return True
    return any(one.id in reading.regimes for one in chain_of(regime, library.regimes))


def _concerns(library: Registry, reading: Reading, stated: Resolved) -> bool:
    """Whether a regime has the instrument that the ambiguity is about away from its inert values."""
    if reading.regimes and not reading.needs:
        return True
    if reading.needs:
        return all(_moved(library, stated, key) for key in reading.needs)
    used = {library.levers[key].instrument for one in reading.alternatives for key in one.set}
    return any(_moved(library, stated, key) for name in used for key in library.instruments[name].levers)


def _moved(library: Registry, stated: Resolved, key: str) -> bool:
    """Whether a regime takes a lever away from its inert value in some quarter."""
    inert: Value = library.levers[key].inert
    return any(value != inert for value in stated.levers[key])
