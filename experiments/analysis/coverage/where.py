"""Where a regime is tried: its home world, the world in which all regimes are compared, and conditions beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from experiments.analysis.coverage.trials import Place, Turn
from experiments.plan.behaviour import draws
from sim.parameters import Library
from sim.parameters.compose import chain_of
from sim.parameters.records import Frozen

COMMON, EFFECTIVE = "zhejiang", "2015Q2"
"""The world in which all regimes are compared, and when they take effect there."""
FIRST, QUARTERS, LONG = 12, 40, 60
"""Quarters of policy in the runs tried first; length of the whole ones, and of those that look for a later date."""
LUCK, COMMON_LUCK = range(1, 9), range(1, 4)
"""Replicates tried after the first, each with a draw of behaviour from the prior: at home, in the common world."""


class Reason(StrEnum):
    """Why a lever or meaning cannot act in its regime's own runs; all but the last are runs in which it does."""

    LATER = "later"
    """Its date or term lies beyond the run: in a longer one it acts."""
    UNSTATED = "unstated"
    """The document leaves unstated what it works on: with a fill beneath it acts."""
    OTHER_MEANING = "other_meaning"
    """It belongs to a meaning that the regime does not take: with that meaning it acts."""
    ELSEWHERE = "elsewhere"
    """Its own world has no place of the kind: in another world it acts."""
    SILENT = "silent"
    """Its reading says why the meaning changes no run of this regime: one that does belies it."""


def home(library: Library, regime: str) -> str:
    """The world of a regime."""
    return library.regimes[regime].home or COMMON


def own(library: Library, regime: str, quarters: int) -> Iterator[Place]:
    """A regime's own runs: at home, in the world in which all are compared, under other luck and behaviour."""
    world = home(library, regime)
    first = min(quarters, FIRST + max(0, library.regimes[regime].effective - library.worlds[world].start))
    yield from (Place(world, length) for length in dict.fromkeys((first, quarters)))
    if world != COMMON:
        yield from (Place(COMMON, length, effective=EFFECTIVE) for length in dict.fromkeys((first, quarters)))
    drawn = [Frozen(one) for one in draws("prior", library, LUCK.stop)]
    for k in LUCK:
        yield from (Place(world, length, k, behaviour=drawn[k]) for length in dict.fromkeys((first, quarters)))
    if world != COMMON:
        yield from (Place(COMMON, quarters, k, EFFECTIVE, behaviour=drawn[k]) for k in COMMON_LUCK)


def conditions(library: Library, turn: Turn, reason: Reason, quarters: int) -> Iterator[Place]:
    """The runs that prove a reason."""
    world = home(library, turn.regime)
    if reason is Reason.LATER:
        yield Place(world, LONG)
    elif reason is Reason.ELSEWHERE:
        for other in dict.fromkeys(one.home for one in library.regimes.values() if one.home):
            if other not in (world, COMMON):
                yield Place(other, quarters, effective=str(library.worlds[other].start + 1))
    elif reason is Reason.UNSTATED:
        yield from fills(library, turn.regime, quarters)
    elif reason is Reason.OTHER_MEANING:
        yield from (Place(world, quarters, beside=Frozen(dict(one))) for one in _meanings(library, turn))


def fills(library: Library, regime: str, quarters: int) -> Iterator[Place]:
    """The regime's home with each fill beneath it that is not its own."""
    chain = {one.id for one in chain_of(regime, library.regimes)}
    for one in library.fills.values():
        if one.regime not in chain:
            yield Place(home(library, regime), quarters, fill=one.id)


def _meanings(library: Library, turn: Turn) -> Iterator[Mapping[str, object]]:
    """Other meanings of the regime's readings: of those about the lever's instrument first."""
    keys = {key for one in turn.sets for key in one}
    instruments = {library.levers[key].instrument for key in keys}
    near: list[Mapping[str, object]] = []
    far: list[Mapping[str, object]] = []
    for name, reading in library.readings.items():
        touched = {*reading.levers, *reading.needs, *(key for one in reading.alternatives for key in one.set)}
        side = near if instruments & {library.levers[key].instrument for key in touched} else far
        side += [one.levers for one in library.reading_variants(name, turn.regime) if not keys & set(one.levers)]
    yield from (*near, *far)
