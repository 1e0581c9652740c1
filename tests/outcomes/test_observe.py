"""One observer writes down what notes ask for, when they ask for it, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sim.outcomes.observe import Note, Observer, always, at, year_end, year_end_or_last
from sim.parameters.quarter import Quarter


def watch(note: Note[Any], quarters: int, start: int = Quarter(2015, 3).index) -> dict[int, Any]:
    """What a note gathers over a run."""
    observer = Observer([note])
    for t in range(-1, quarters):
        year, q = divmod(start + max(t, 0), 4)
        clock = SimpleNamespace(quarter=Quarter(year, q + 1), quarters=quarters)
        observer.observe(SimpleNamespace(t=t, clock=clock))
    return dict(observer[note])


@pytest.mark.parametrize(
    ("when", "seen"),
    [
        (always, [-1, 0, 1, 2, 3, 4, 5, 6]),
        (year_end, [1, 5]),
        (year_end_or_last, [1, 5, 6]),
        (at(Quarter(2015, 3), Quarter(2016, 2)), [0, 3]),
    ],
)
def test_a_note_is_taken_when_it_asks(when: Any, seen: list[int]) -> None:
    assert watch(Note("t", lambda p: p.t, when), 7) == {t: t for t in seen}


def test_the_start_of_a_run_is_no_years_end() -> None:
    """Even where the clock already stands in a fourth quarter, as it does before a run that starts in one."""
    start = Quarter(2015, 4).index
    assert list(watch(Note("t", lambda p: p.t, year_end), 6, start)) == [0, 4]
    assert list(watch(Note("t", lambda p: p.t, year_end_or_last), 6, start)) == [0, 4, 5]
    assert list(watch(Note("t", lambda p: p.t, at(Quarter(2015, 4))), 6, start)) == [0]
    assert list(watch(Note("t", lambda p: p.t, year_end_or_last), 1, start - 1)) == [0]


def test_what_nobody_asked_for_is_not_there() -> None:
    with pytest.raises(KeyError):
        Observer([])[Note("t", lambda p: p.t)]


def test_equal_notes_are_one() -> None:
    def look(p: Any) -> int:
        return int(p.t)

    assert len({Note("t", look), Note("t", look), Note("t", look, year_end)}) == 2
