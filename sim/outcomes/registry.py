"""Every outcome, declared once: a function, bound to its record in ``scenarios/outcomes.toml``.

Adding an outcome touches two files: its record, and any module of this folder, with a function of the record's name::

    @outcome
    def land_net(p: Province) -> float:
        return land_rewarded(p) - land_clawed(p)

A run gives outcomes in the order of their records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, overload

import numpy as np

from sim.outcomes.arithmetic import NAN, Floats
from sim.outcomes.observe import Note, Observer, year_end_or_last
from sim.outcomes.records import COHORT, OUTCOMES, YEARLY, Outcome, OutcomeError
from sim.outcomes.windows import years
from sim.state.province import Province

F = TypeVar("F", bound=Callable[..., Any])


class Registry:
    """Functions of one kind of outcome, each under one or several ids.

    Args:
        kind: For messages.
        records: What may be registered.
    """

    def __init__(self, kind: str, records: Mapping[str, Outcome]) -> None:
        self.kind, self.records = kind, records
        self.functions: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {}
        """Function, and all ids that it gives, by id."""

    @overload
    def __call__(self, function: F, /) -> F: ...
    @overload
    def __call__(self, *ids: str) -> Callable[[F], F]: ...
    def __call__(self, *first: Any) -> Any:
        """Register a function under its own name, or under some ids, whose values it gives in that order.

        Raises:
            OutcomeError: An id has no record, or a function already.
        """
        if len(first) == 1 and callable(first[0]):
            return self._bind(first[0], (first[0].__name__,))
        return lambda function: self._bind(function, first)

    def _bind(self, function: F, ids: tuple[str, ...]) -> F:
        for name in ids:
            if name not in self.records:
                raise OutcomeError(f"{function.__name__} gives {self.kind}.{name}, which outcomes.toml does not have")
            if name in self.functions:
                raise OutcomeError(f"{self.kind}.{name} has two functions: {function.__name__} and the one before")
            self.functions[name] = function, ids
        return function

    def missing(self) -> list[str]:
        """Ids of records that no function gives."""
        return [f"{self.kind}.{name}" for name in self.records if name not in self.functions]

    def values(self, *given: Any) -> dict[str, Any]:
        """Every outcome, in the order of the records; each function is called once.

        Raises:
            OutcomeError: A function gives more or fewer values than it is registered for.
        """
        made: dict[str, Any] = {}
        for function, ids in dict.fromkeys(self.functions.values()):
            value = function(*given)
            several: Sequence[Any] = value if len(ids) > 1 else (value,)
            if len(several) != len(ids):
                raise OutcomeError(f"{function.__name__} gives {len(several)} values for {len(ids)} outcomes")
            made.update(zip(ids, several, strict=True))
        return {name: made[name] for name in self.records if name in made}


outcome = Registry("summary", OUTCOMES)
"""``f(p) -> float``: one number a run."""
outcomes = outcome
"""``f(p) -> sequence``: the same under several ids."""
yearly = Registry("yearly", YEARLY)
"""``f(p) -> array``: one number a calendar year, from the histories of a finished run."""
cohort = Registry("cohort", COHORT)
"""``f(p, who) -> float``: one number a listing year, of the towns first listed in it."""
stock = Registry("yearly", YEARLY)
"""``f(p) -> float``: a yearly outcome that is noted while the run goes on, at each year's end and at the run's."""


def check_complete() -> None:
    """Raise an OutcomeError when a record has no function."""
    missing = {*outcome.missing(), *cohort.missing(), *(set(yearly.missing()) & set(stock.missing()))}
    if missing:
        named = ", ".join(sorted(missing))
        raise OutcomeError(f"outcomes.toml has records without a function in sim/outcomes: {named}")
    if both := yearly.functions.keys() & stock.functions.keys():
        raise OutcomeError(f"noted and computed: yearly.{', yearly.'.join(sorted(both))}")


def stock_notes() -> dict[str, Note[float]]:
    """What an observer must note for the yearly stocks, by id."""
    return {name: Note(name, function, year_end_or_last) for name, (function, _) in stock.functions.items()}


def summarise(p: Province) -> dict[str, float]:
    """All outcomes of a finished run."""
    return {name: float(value) for name, value in outcome.values(p).items()}


def by_calendar_year(p: Province, observer: Observer) -> dict[str, Floats]:
    """All yearly outcomes, each of shape (years,).

    Args:
        p: A finished province.
        observer: It has noted :func:`stock_notes`.
    """
    made = yearly.values(p)
    for name, note in stock_notes().items():
        made[name] = np.full(len(years(p)), NAN)
        for t, value in observer[note].items():
            made[name][(p.clock.start_index % 4 + t) // 4] = value
    return {name: np.asarray(made[name], dtype=np.float64) for name in YEARLY}


def cohorts(p: Province) -> dict[str, dict[str, float]]:
    """Completion and fate by listing year."""
    listed = p.towns.listed_at >= 0
    first = (p.clock.start_index + p.towns.listed_at) // 4
    return {str(y): cohort.values(p, listed & (first == y)) for y in sorted({int(y) for y in first[listed]})}
