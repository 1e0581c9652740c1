"""One observer: whatever a run's histories do not keep is noted while it runs, once, by who needs it.

A :class:`Note` says what to write down and when; an :class:`Observer` is handed the notes that somebody needs, looks at
the province before the first quarter and after each, and gives back what was written, by quarter::

    GRADES = Note("grades", lambda p: p.towns.grade.copy(), year_end)
    observer = Observer([GRADES])
    ...                                # observer.observe(p) before the first quarter and after each
    observer[GRADES][15]               # after the sixteenth quarter
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sim.state.province import Province

if TYPE_CHECKING:
    from sim.parameters import Quarter

T = TypeVar("T")
When = Callable[["Province"], bool]


def always(p: Province) -> bool:
    """Before the first quarter and after each."""
    return True


def year_end(p: Province) -> bool:
    """After the last quarter of a calendar year."""
    return p.t >= 0 and p.clock.quarter.q == 4


def year_end_or_last(p: Province) -> bool:
    """After the last quarter of a calendar year, and after the last of the run."""
    return p.t >= 0 and (p.clock.quarter.q == 4 or p.t + 1 == p.clock.quarters)


def at(*quarters: Quarter) -> When:
    """After some quarters."""
    return lambda p: p.t >= 0 and p.clock.quarter in quarters


@dataclass(frozen=True, slots=True)
class Note(Generic[T]):
    """Something to write down while a province runs.

    Attributes:
        name: For readers; two notes may share one.
        what: What is written; it must copy what the run goes on changing.
        when: At which quarters.
    """

    name: str
    what: Callable[[Province], T]
    when: When = always


class Observer:
    """Writes down what some notes ask for."""

    def __init__(self, notes: Iterable[Note[Any]]) -> None:
        self._written: dict[Note[Any], dict[int, Any]] = {note: {} for note in notes}

    def observe(self, p: Province) -> None:
        """Call before the first quarter and after each."""
        for note, written in self._written.items():
            if note.when(p):
                written[p.t] = note.what(p)

    def __getitem__(self, note: Note[T]) -> Mapping[int, T]:
        """What was written for a note, by quarter (-1 is the start).

        Raises:
            KeyError: The observer was not asked to note it.
        """
        return self._written[note]
