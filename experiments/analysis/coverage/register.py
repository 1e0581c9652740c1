"""Which clauses of the documents act in the model, which have nothing to simulate, and which are missing.

Nothing here is a list kept by hand: a clause *acts* where a regime gives a lever a value that does something (another
than the inert one) and cites the clause, and the lever's instrument reads it; its record says why where there is
nothing to simulate (``context`` in ``scenarios/clauses``); every other clause is *missing*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sim.instruments import INSTRUMENTS, Instrument
from sim.parameters import Library
from sim.parameters.crossrefs import value_data
from sim.parameters.errors import check_known
from sim.parameters.records import Clause, Lever, Parts, Regime, Setting, Value

PLACES = ("acts", "context", "missing")
"""Where a clause can stand."""
CLAUSE_TEST = "tests/experiments/analysis/test_coverage.py::test_every_clause_moves_its_regime"
LEVER_TEST = "tests/instruments/test_every_instrument.py::test_every_lever_moves_something"


@dataclass(frozen=True)
class Use:
    """One value of a regime that cites a clause.

    Attributes:
        regime: Whose value it is.
        lever: The lever that it sets.
        acts: The value is another than the inert one, and the instrument reads the lever.
        setting: The value as written.
    """

    regime: str
    lever: Lever
    acts: bool
    setting: Setting


@dataclass(frozen=True)
class Entry:
    """Where one clause stands, and why.

    Attributes:
        clause: The record.
        place: One of :data:`PLACES`.
        uses: Every value that cites the clause, of all regimes.
    """

    clause: Clause
    place: str
    uses: tuple[Use, ...]

    @property
    def regimes(self) -> tuple[str, ...]:
        """Regimes in which the clause acts, in file order."""
        return tuple(dict.fromkeys(use.regime for use in self.uses if use.acts))

    @property
    def levers(self) -> tuple[Lever, ...]:
        """Levers through which it acts."""
        return tuple({use.lever.key: use.lever for use in self.uses if use.acts}.values())


def coverage(library: Library) -> dict[str, Entry]:
    """Every clause by id, in file order.

    Args:
        library: The scenario files.
    """
    uses: dict[str, list[Use]] = {}
    for regime in library.regimes.values():
        for setting in regime.values:
            lever = library.levers[setting.lever]
            use = Use(regime.id, lever, is_read(lever.key) and not is_inert(lever, setting.value), setting)
            for name in setting.clause:
                uses.setdefault(name, []).append(use)
    return {name: _entry(clause, tuple(uses.get(name, ()))) for name, clause in library.clauses.items()}


def _entry(clause: Clause, uses: tuple[Use, ...]) -> Entry:
    acts = any(use.acts for use in uses)
    return Entry(clause, "acts" if acts else "context" if clause.context else "missing", uses)


def chosen(
    entries: Mapping[str, Entry], library: Library, regime: str | None = None, status: Iterable[str] = ()
) -> dict[str, Entry]:
    """Only the clauses of a regime and of some kinds.

    Args:
        entries: All clauses.
        library: The scenario files.
        regime: Keep the clauses of this regime's documents and those that it cites.
        status: Keep these kinds, such as "RULE"; all when empty.
    """
    kinds = set(status)
    kept = {name: entry for name, entry in entries.items() if not kinds or entry.clause.status in kinds}
    if regime is None:
        return kept
    record = library.regimes[regime]
    cited = {name for setting in record.values for name in setting.clause} | set(record.source)
    documents = {family(name) for name in record.source if name in library.clauses}
    return {name: entry for name, entry in kept.items() if name in cited or family(name) in documents}


def family(clause: str) -> str:
    """The document or place that a clause id begins with: "ZJ" of "ZJ-LAND-1"."""
    return clause.partition("-")[0]


def is_inert(lever: Lever, value: Value | Parts) -> bool:
    """Whether a value is the one that does nothing, for the industries that it mentions."""
    if not isinstance(value, tuple):
        return value == lever.inert
    inert = lever.inert if isinstance(lever.inert, tuple) else (lever.inert,) * len(value)
    if len(inert) != len(value):
        return False
    return all(part is None or part == low for part, low in zip(value, inert, strict=True))


# --- who reads a lever -----------------------------------------------------------------------------------------------


def is_read(key: str) -> bool:
    """Whether an instrument's record of levers has this lever, such as "clawback.multiple"."""
    instrument, _, name = key.partition(".")
    return instrument in _kinds() and name in _kinds()[instrument].LEVERS.FIELDS


def mechanism(lever: Lever) -> str:
    """File and class that carry a lever out, such as "sim/instruments/clawback.py: Clawback"."""
    kind = _kinds().get(lever.instrument)
    return f"{kind.__module__.replace('.', '/')}.py: {kind.__qualname__}" if kind else ""


@cache
def _kinds() -> Mapping[str, type[Instrument[Any]]]:
    """The class of each instrument by its id."""
    return {kind.id: kind for kind in INSTRUMENTS}


# --- as plain data ---------------------------------------------------------------------------------------------------


def as_data(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Ids by place, and under "detail" what is known of each clause."""
    places: dict[str, Any] = {p: [name for name, entry in entries.items() if entry.place == p] for p in PLACES}
    return {**places, "detail": {name: detail(entry) for name, entry in entries.items()}}


def detail(entry: Entry) -> dict[str, Any]:
    """What is known of one clause: how it acts and which tests show it, or why there is nothing to simulate."""
    clause = entry.clause
    found: dict[str, Any] = {"place": entry.place, "status": clause.status, "instrument": clause.instrument,
                             "text": clause.text.as_dict()}  # fmt: skip
    if entry.place == "acts":
        found["levers"] = [_use(use) for use in entry.uses if use.acts]
        found["tests"] = [f"{CLAUSE_TEST}[{regime}]" for regime in entry.regimes]
        found["tests"] += [f"{LEVER_TEST}[{lever.key}]" for lever in entry.levers]
    elif clause.context:
        found["context"] = clause.context.as_dict()
    else:
        found["inert"] = [f"{use.regime}: {use.lever.key}" for use in entry.uses]
    return found


def _use(use: Use) -> dict[str, Any]:
    return {
        "regime": use.regime,
        "lever": use.lever.key,
        "title": use.lever.title.as_dict(),
        "value": value_data(use.lever, use.setting.value),
        "from": str(use.setting.first),
        "instrument": use.lever.instrument,
        "mechanism": mechanism(use.lever),
    }


def regime_of(library: Library, name: str) -> Regime:
    """The regime of this name.

    Raises:
        UnknownName: Where there is none; it proposes the nearest.
    """
    check_known(name, library.regimes, "regime")
    return library.regimes[name]
