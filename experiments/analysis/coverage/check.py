"""Does every clause that is said to act move a run? Take it out of its regime and compare, bit by bit.

A clause is taken out by making every lever that cites it inert, the regime's other levers left as they are. It need
move one of the regimes that cite it; lever by lever it is :mod:`experiments.analysis.coverage.levers` that asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.analysis.coverage.register import Entry
from experiments.analysis.coverage.trials import Moved, Place, Progress, Turn, first_moves
from experiments.analysis.coverage.turns import others, stated
from experiments.analysis.coverage.where import COMMON, EFFECTIVE, fills, home
from sim.parameters import Library

LENGTHS = (12, 24, 40)
"""Quarters of the tries: most clauses act in a town's first years, some only at its acceptance or at a late date."""


def clause_turns(library: Library, entry: Entry) -> list[Turn]:
    """A clause in each regime in which it acts: all its levers inert at once, and where bounds forbid that, each."""
    found = []
    for regime in entry.regimes:
        settings = stated(library.regimes[regime])
        keys = dict.fromkeys(use.lever.key for use in entry.uses if use.acts and use.regime == regime)
        each = {key: others(library, regime, library.levers[key], settings[key])[0] for key in keys}
        sets = [each, *({key: value} for key, value in each.items())] if len(each) > 1 else [each]
        found.append(Turn(regime, entry.clause.id, tuple(sets)))
    return found


def places(library: Library, regime: str) -> Iterator[Place]:
    """Where a clause is tried: at home, short runs before long ones, in the common world, and with a fill beneath.

    A fill is for a clause whose terms hang on a size that its document leaves unstated, as a clawback's on the reward.
    """
    yield from (Place(home(library, regime), length) for length in LENGTHS)
    yield from (Place(COMMON, length, effective=EFFECTIVE) for length in LENGTHS)
    yield from fills(library, regime, LENGTHS[-1])


def check(
    library: Library,
    entries: Mapping[str, Entry],
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Moved | None]:
    """Take every acting clause out of its regimes and see what moves.

    Args:
        library: The scenario files.
        entries: The clauses; those that do not act are left out.
        workers: Worker processes; all cores when None.
        progress: Called with (finished, all) of each round of runs.

    Returns:
        What moved first, by clause, in the order of ``entries``; None where nothing did.

    Raises:
        RunFailures: If a run failed.
    """
    turns = {name: clause_turns(library, entry) for name, entry in entries.items() if entry.place == "acts"}
    every = [turn for one in turns.values() for turn in one]
    moves = first_moves(every, lambda turn: places(library, turn.regime), library, workers=workers, progress=progress)
    return {name: next((moves[t.key] for t in one if t.key in moves), None) for name, one in turns.items()}


def as_data(moved: Moved | None) -> dict[str, Any]:
    """What taking a clause out did, as plain data."""
    if moved is None:
        return {"moved": False}
    largest = moved.largest
    return {
        "moved": True,
        "regime": moved.turn.regime,
        "world": moved.place.world,
        "quarters": moved.place.quarters,
        "fill": moved.place.fill,
        "levers": list(moved.set),
        "largest": largest,
        "with_clause": moved.outcomes[largest][0] if largest else None,
        "without": moved.outcomes[largest][1] if largest else None,
        "outcomes": len(moved.outcomes),
        "columns": len(moved.names) - len(moved.outcomes),
    }
