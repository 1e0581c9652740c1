"""What can be turned in a regime: each lever that it states, each meaning that it does not take."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.analysis.coverage.register import is_inert
from experiments.analysis.coverage.trials import Turn
from sim.parameters import InputError, Library
from sim.parameters.compose import chain_of
from sim.parameters.records import Lever, Parts, Regime, Setting, Value
from sim.parameters.texts import Text

BASELINE = "null"
"""The regime that sets nothing."""


def stated(regime: Regime) -> dict[str, list[Setting]]:
    """What a regime's own file says, by lever; what it takes over from the regime that it extends acts there."""
    found: dict[str, list[Setting]] = {}
    for setting in regime.values:
        found.setdefault(setting.lever, []).append(setting)
    return found


def lever_turns(library: Library, regime: str) -> list[Turn]:
    """Each lever of a regime: made inert, or where that is what the regime states, set to others that it could have."""
    return [
        Turn(regime, key, tuple({key: value} for value in others(library, regime, library.levers[key], settings)))
        for key, settings in stated(library.regimes[regime]).items()
    ]


def others(library: Library, regime: str, lever: Lever, settings: list[Setting]) -> list[object]:
    """Values to set a lever to: its inert one, unless the regime states that or a bound by another lever forbids it."""
    inert = _written(lever, lever.inert)
    if not all(is_inert(lever, setting.value) for setting in settings) and _allowed(library, regime, lever, inert):
        return [inert]
    found = {repr(value): value for value in _candidates(library, lever)}
    return [value for value in found.values() if value != inert]


def _allowed(library: Library, regime: str, lever: Lever, value: object) -> bool:
    try:
        library.resolve(regime, start=library.regimes[regime].effective, levers={lever.key: value})
    except InputError:
        return False
    return True


def _written(lever: Lever, value: Value | Parts) -> object:
    """A value as an override takes it."""
    if not isinstance(value, tuple):
        return value
    return [low if part is None else part for part, low in zip(value, lever.inert, strict=False)]  # type: ignore


def _candidates(library: Library, lever: Lever) -> Iterator[object]:
    if lever.type == "choice":
        yield from (choice.id for choice in lever.choices)
    elif lever.type == "flag":
        yield not lever.inert
    else:
        yield from _numbers(library, lever)


def _numbers(library: Library, lever: Lever) -> Iterator[object]:
    """What meanings and other regimes take, then half, double and the lever's own bounds."""
    for reading in library.readings.values():
        yield from (one.set[lever.key] for one in reading.alternatives if lever.key in one.set)
    for regime in library.regimes.values():
        yield from (_written(lever, s.value) for s in regime.values if s.lever == lever.key)
    low, high = (bound if isinstance(bound, int | float) else None for bound in (lever.min, lever.max))
    if isinstance(lever.inert, tuple):
        yield from ([bound] * len(lever.inert) for bound in (low, high) if bound is not None)
        return
    for value in (float(lever.inert) / 2, float(lever.inert) * 2, low, high):
        if value is not None and (low is None or value >= low) and (high is None or value <= high):
            yield int(value) if lever.type == "integer" else float(value)


def meaning_turns(library: Library, regime: str) -> list[Turn]:
    """Each meaning that a regime does not take of each reading that matters in it.

    Of a regime that extends another one only the readings that its own values touch: the rest act there.
    """
    record = library.regimes[regime]
    mine = set(stated(record))
    found = []
    for name, reading in library.readings.items():
        levers = {*reading.levers, *reading.needs, *(key for one in reading.alternatives for key in one.set)}
        if record.extends in (None, BASELINE) or mine & levers:
            found += [
                Turn(regime, f"{name}.{one.alternative}", (one.levers,))
                for one in library.reading_variants(name, regime)
            ]
    return found


def silences(library: Library, regime: str, name: str) -> dict[str, Text]:
    """Why a meaning ("D-26.automatic") changes no run, by the regimes of a regime's chain of which that is noted."""
    reading, _, meaning = name.partition(".")
    noted = [one.silent for one in library.readings[reading].alternatives if one.id == meaning]
    return {one.id: why[one.id] for why in noted for one in chain_of(regime, library.regimes) if one.id in why}
