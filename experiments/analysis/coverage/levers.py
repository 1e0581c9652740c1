"""Does every lever of every regime act, alone, in the regime's own run? And every meaning of its readings?

A lever is made inert, all else and all luck as they are (:mod:`experiments.analysis.coverage.turns`). It *acts* where
one bit of the run differs: in the regime's home world, in Zhejiang's world, where all regimes are compared, or under
other luck at home. What moves nothing there is tried on: where it acts only under a condition of :class:`Reason`, that
is its excuse; else it is *dead*. So every excuse is a run in which the lever acts. A meaning alone may be excused in
words: its reading notes why it is silent in a regime, and the note is *belied* where the meaning acts there after all
at the central behaviour, of which it speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from experiments.analysis.coverage.trials import Moved, Place, Progress, Turn, first_moves
from experiments.analysis.coverage.turns import lever_turns, meaning_turns, silences, stated
from experiments.analysis.coverage.where import QUARTERS, Reason, conditions, own
from sim.parameters import Library

PLACES = ("call.creation_places", "call.cultivation_places", "tiers.places_1", "tiers.places_2", "tiers.places_3")
"""Levers that say only how many towns stand on a list."""
LABELS = ("towns:grade",)
"""Columns that say what a town is called; alone they are no consequence."""


class Kind(StrEnum):
    """How a lever or meaning stands."""

    ACTS = "acts"
    NOMINAL = "nominal"
    EXCUSED = "excused"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a lever or meaning stands in a regime.

    Attributes:
        turn: What was turned.
        kind: How it stands.
        moved: What it moved, and where; None where it is dead or silent.
        reason: Why it is excused, or why it should have been silent.
    """

    turn: Turn
    kind: Kind
    moved: Moved | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Verdicts:
    """Every lever and every meaning of some regimes."""

    levers: tuple[Verdict, ...]
    meanings: tuple[Verdict, ...]

    @property
    def dead(self) -> tuple[str, ...]:
        """What neither acts nor is excused."""
        return tuple(one.turn.key for one in (*self.levers, *self.meanings) if one.kind is Kind.DEAD)

    @property
    def belied(self) -> tuple[str, ...]:
        """Meanings that act at the central behaviour in a regime of which their reading says that they do not."""
        return tuple(one.turn.key for one in self.meanings if one.kind is not Kind.EXCUSED and one.reason)


def judge(
    library: Library,
    regimes: Sequence[str] | None = None,
    *,
    quarters: int = QUARTERS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Verdicts:
    """Turn every lever and every meaning of some regimes.

    Args:
        library: The scenario files.
        regimes: Regimes; all unless told.
        quarters: Length of the runs.
        workers: Worker processes; None = one for each core.
        progress: Called with (finished, all) of each round of runs.

    Raises:
        RunFailures: If a run failed.
    """
    names = tuple(library.regimes) if regimes is None else regimes
    levers = [turn for name in names for turn in lever_turns(library, name)]
    meanings = [turn for name in names for turn in meaning_turns(library, name)]
    found = verdicts([*levers, *meanings], library, quarters=quarters, workers=workers, progress=progress)
    return Verdicts(found[: len(levers)], found[len(levers) :])


def verdicts(
    turns: Sequence[Turn],
    library: Library,
    *,
    quarters: int = QUARTERS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Verdict, ...]:
    """How some turns stand, in their order: first their own runs, then one condition after another."""
    found: dict[str, Verdict] = {}

    def tried(places: Callable[[Turn], Iterable[Place]], reason: Reason | None = None) -> None:
        left = [turn for turn in turns if turn.key not in found]
        moves = first_moves(left, places, library, workers=workers, progress=progress)
        found.update({t.key: _verdict(library, t, moves[t.key], reason) for t in left if t.key in moves})

    tried(lambda turn: own(library, turn.regime, quarters))
    for turn in turns:
        known, noted = found.get(turn.key), _silences(library, turn)
        if known is None and noted:
            found[turn.key] = Verdict(turn, Kind.EXCUSED, None, Reason.SILENT)
        elif known and known.moved and not known.moved.place.behaviour and turn.regime in noted:
            found[turn.key] = replace(known, reason=Reason.SILENT)
    for reason in Reason:
        tried(lambda turn, reason=reason: conditions(library, turn, reason, quarters), reason)  # type: ignore[misc]
    return tuple(found.get(turn.key) or Verdict(turn, Kind.DEAD) for turn in turns)


def _silences(library: Library, turn: Turn) -> Container[str]:
    return silences(library, turn.regime, turn.name) if turn.name.partition(".")[0] in library.readings else ()


def _verdict(library: Library, turn: Turn, moved: Moved, reason: Reason | None) -> Verdict:
    if reason is not None:
        return Verdict(turn, Kind.EXCUSED, moved, reason)
    return Verdict(turn, Kind.NOMINAL if _nominal(library, turn, moved) else Kind.ACTS, moved)


def _nominal(library: Library, turn: Turn, moved: Moved) -> bool:
    """Whether it says only how many places a list has, which no document says, or moves a grade without consequence."""
    if set(moved.names) <= set(LABELS):
        return True
    if not all(key in PLACES for one in turn.sets for key in one):
        return False
    settings = [s for key in turn.sets[0] for s in stated(library.regimes[turn.regime]).get(key, ())]
    return all(setting.evidence == "assumption" for setting in settings)


def nominal_clauses(found: Verdicts, library: Library, regime: str) -> tuple[str, ...]:
    """Clauses of a regime that act through nominal levers only."""
    kinds: dict[str, set[Kind]] = {}
    settings = stated(library.regimes[regime])
    for one in found.levers:
        if one.turn.regime == regime:
            for clause in (name for setting in settings[one.turn.name] for name in setting.clause):
                kinds.setdefault(clause, set()).add(one.kind)
    return tuple(clause for clause, held in kinds.items() if clause != "G" and held == {Kind.NOMINAL})


# --- as plain data ---------------------------------------------------------------------------------------------------


def as_data(found: Verdicts) -> dict[str, Any]:
    """Keys by kind; "excused" gives the reasons; "readings" the same of the meanings; "detail" what moved where."""
    data = _by_kind(found.levers)
    data["readings"] = _by_kind(found.meanings)
    data["belied"] = list(found.belied)
    data["reasons"] = [str(reason) for reason in Reason]
    data["regimes"] = {regime: counts(found.levers, regime) for regime in dict.fromkeys(_regimes(found.levers))}
    data["detail"] = {one.turn.key: _detail(one) for one in (*found.levers, *found.meanings)}
    return data


def _by_kind(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    found: dict[str, Any] = {str(kind): [one.turn.key for one in verdicts if one.kind is kind] for kind in Kind}
    found["excused"] = {one.turn.key: str(one.reason) for one in verdicts if one.kind is Kind.EXCUSED}
    return found


def _regimes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    yield from (one.turn.regime for one in verdicts)


def counts(verdicts: Sequence[Verdict], regime: str) -> dict[str, int]:
    """How many of a regime's levers stand how."""
    return {str(kind): sum(one.turn.regime == regime and one.kind is kind for one in verdicts) for kind in Kind}


def _detail(one: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": str(one.kind), "reason": str(one.reason) if one.reason else None}
    if one.moved is None:
        return told
    place = one.moved.place
    return told | {
        "set": dict(one.moved.set),
        "world": place.world,
        "quarters": place.quarters,
        "replicate": place.replicate,
        "fill": place.fill,
        "beside": dict(place.beside),
        "moved": len(one.moved.names),
        "first": one.moved.largest or one.moved.names[0],
    }
