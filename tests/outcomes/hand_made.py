"""A small province made by hand: a few towns, counties and villages in which everything is zero but what is given.

It is a province like any other (places, ledgers, clock, instruments), so whatever reads one can read it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import patch

import numpy as np

import sim.model
from sim.engine.column import Column, State, declared
from sim.engine.ledger import REASONS
from sim.model import Simulation
from sim.outcomes import Observer, observer_for
from sim.parameters.quarter import Quarter
from sim.state.books import Kind
from sim.state.town import EVENTS, Status, Strategy
from sim.world.build import build_geography
from sim.world.types import INDUSTRIES, Geography
from tests import worlds

SIZES = {"towns": 2, "counties": 1, "villages": 2}
"""How many there are where a case does not say."""
PLACES = ("counties", "towns", "villages")


class Misfit(ValueError):
    """A given value that does not fit; ``key`` is its path below ``given``."""

    def __init__(self, key: tuple[str, ...], why: str) -> None:
        self.key = key
        super().__init__(why)


@dataclasses.dataclass
class HandMade:
    """A province after its last quarter, and what an observer noted on the way."""

    province: Simulation
    observer: Observer


def hand_made(given: Mapping[str, Any]) -> HandMade:
    """Build the state that a case gives.

    Args:
        given: ``regime`` (null), ``start`` (2015Q1), ``quarters`` (12), ``levers``, ``behaviour``, numbers of
            ``towns``, ``counties`` and ``villages`` as ``size``; then tables by owner: ``towns``, ``counties``,
            ``villages`` (state), ``sites``, ``county_places``, ``village_places`` (geography), ``rural``, ``diary``
            (of the run), ``firms``, ``talents`` (one row an agent), ``money`` and ``land`` (flows by reason).

    Raises:
        Misfit: An owner or column does not exist, or a value does not fit it.
    """
    options = dict(given)
    size = {**SIZES, **options.pop("size", {})}
    scenario = worlds.library().resolve(
        options.pop("regime", "null"),
        start=options.pop("start", "2015Q1"),
        quarters=options.pop("quarters", 12),
        effective=options.pop("effective", None),
        levers=options.pop("levers", None),
        behaviour=options.pop("behaviour", None),
    )
    with patch.object(sim.model, "build_geography", lambda *a: _cut(build_geography(*a), size)):
        p = worlds.make(scenario, small=True)
    _empty(p)
    return _lay(p, options)


def _resized(place: Any, n: int) -> Any:
    """The first rows of a table of places, of which there may be too few."""
    fields = {f.name: getattr(place, f.name) for f in dataclasses.fields(place)}
    cut = {}
    for name, value in fields.items():
        if isinstance(value, tuple):
            cut[name] = tuple(value[i % len(value)] for i in range(n))
        elif name in ("neighbours_start", "links_start"):
            cut[name] = np.zeros(n + 1, dtype=value.dtype)
        elif name in ("neighbours", "links"):
            cut[name] = value[:0].copy()
        elif name == "key":
            cut[name] = np.arange(1, n + 1, dtype=value.dtype)
        else:
            cut[name] = np.resize(value, n)
    return dataclasses.replace(place, **cut)


def _cut(g: Geography, size: Mapping[str, int]) -> Geography:
    """A geography of few places in the first prefecture; towns lie in the first county unless a case moves them."""
    counties, towns, villages = (_resized(getattr(g, name), size[name]) for name in PLACES)
    for place, names in ((counties, ["prefecture"]), (towns, ["county", "prefecture"]), (villages, ["county", "town"])):
        for name in names:
            getattr(place, name)[:] = 0
    homes = np.zeros((g.home_distance.shape[0], size["towns"]))
    return dataclasses.replace(g, counties=counties, towns=towns, villages=villages, home_distance=homes)


def _empty(p: Simulation) -> None:
    """Nobody, nothing, never: every column at zero, or at -1 where that is how it starts."""
    for table in (p.firms, p.projects, p.talents):
        table.n = 0
    for owner in (p.towns, p.counties, p.rural, p.diary):
        for name, one in declared(type(owner)).items():
            if isinstance(one, Column):
                getattr(owner, name)[...] = -1 if one.fill == -1 else 0
    for column in p.villages:
        column[...] = 0
    for name in PLACES:
        place = getattr(p.places, name)
        held = {f.name: getattr(place, f.name) for f in dataclasses.fields(place)}
        zero = {k: np.zeros_like(v) if isinstance(v, np.ndarray) and k != "key" else v for k, v in held.items()}
        setattr(p.places, name, dataclasses.replace(place, **zero))


Step = tuple[int, Callable[[], None]]
"""What a quarter writes."""


def _lay(p: Simulation, tables: Mapping[str, Any]) -> HandMade:
    later: list[Step] = []
    owners = {
        "towns": p.towns, "counties": p.counties, "villages": p.villages, "rural": p.rural, "diary": p.diary,
        "sites": p.places.towns, "county_places": p.places.counties, "village_places": p.places.villages,
        **{one.id: one for one in p.policy.everyone if declared(type(one))},
    }  # fmt: skip
    for owner, columns in tables.items():
        if owner in owners:
            for name, value in columns.items():
                later += _column(p, (owner, name), owners[owner], value)
        elif owner in ("firms", "talents"):
            rows = {name: np.array([code(p, (owner, name), v) for v in column]) for name, column in columns.items()}
            getattr(p, owner).append(**rows)
        elif owner in ("money", "land"):
            later += [step for name, flows in columns.items() for step in _flows(p, (owner, name), flows)]
        else:
            allowed = ", ".join([*owners, "firms", "talents", "money", "land"])
            raise Misfit((owner,), f"nothing is called that; there are {allowed}")
    observer = observer_for()
    observer.observe(p)
    for t in range(p.clock.quarters):
        p.start_of_quarter(t)
        for _, write in (step for step in later if step[0] == t):
            write()
        observer.observe(p)
    return HandMade(p, observer)


def _flows(p: Simulation, key: tuple[str, str], flows: Mapping[str, int]) -> list[Step]:
    """Postings of one reason, from the province to the first town."""
    book, name = key
    if name not in REASONS or REASONS[name].book != book:
        raise Misfit(key, f"the book of {book} has no such reason")
    accounts = p.books.chart.of(Kind.PROVINCE)[:1], p.books.chart.of(Kind.TOWN)[:1]

    def post(amount: int) -> Callable[[], None]:
        return lambda: getattr(p, book).post(REASONS[name], *accounts, np.array([amount], dtype=np.int64))

    return [(quarter_row(p, (*key, when), when), post(amount)) for when, amount in flows.items()]


def _column(p: Simulation, key: tuple[str, str], owner: Any, value: Any) -> list[Step]:
    """Write a column at once, or hand back what each quarter writes."""
    column = getattr(owner, key[1], None)
    if not isinstance(column, np.ndarray):
        raise Misfit(key, f"{key[0]} have no such column")
    if not isinstance(value, Mapping):
        _write(p, key, column, ..., value)
        return []
    one = declared(type(owner)).get(key[1]) if isinstance(owner, State) else None
    axis = one.axes[0] if isinstance(one, Column) else ""
    if axis == "year":
        for year, row in value.items():
            _write(p, (*key, year), column, int(year) - p.clock.start_index // 4, row)
        return []
    steps: list[Step] = []
    for when, row in value.items():
        at = (*key, when)
        t = quarter_row(p, at, when)
        if axis == "quarter":
            _write(p, at, column, t, row)
        else:
            steps.append((t, lambda at=at, row=row: _write(p, at, column, ..., row)))
    return steps


def _write(p: Simulation, key: tuple[str, ...], column: np.ndarray, where: Any, value: Any) -> None:
    try:
        column[where] = np.array(_codes(p, key, value))
    except (ValueError, TypeError, IndexError) as error:
        if isinstance(error, Misfit):
            raise
        shape = column[where].shape if where is ... else column.shape[1:]
        raise Misfit(key, f"{value!r} does not fit: {shape} numbers are wanted") from None


def _codes(p: Simulation, key: tuple[str, ...], value: Any) -> Any:
    return [_codes(p, key, v) for v in value] if isinstance(value, list) else code(p, key, value)


def code(p: Simulation, key: tuple[str, ...], value: Any) -> Any:
    """The number that a word stands for: a quarter, a status, a strategy, events, an industry; a number is itself."""
    if not isinstance(value, str):
        return value
    name = key[1]
    if name.endswith("_at") or name in ("arrived", "born", "tier_first"):
        return -1 if value == "never" else quarter_row(p, key, value)
    tables: dict[str, Mapping[str, int]] = {
        "status": {s.name.lower(): int(s) for s in Status},
        "strategy": {s.name.lower(): int(s) for s in Strategy},
        "event": EVENTS,
        "industry": {word: i for i, word in enumerate(INDUSTRIES)},
    }
    known = tables.get(name.removesuffix("_history"))
    if known is None:
        raise Misfit(key, f"{value!r} is a word where a number is wanted")
    unknown = [word for word in value.split() if word not in known]
    if unknown or (name != "event" and not value):
        raise Misfit(key, f"unknown: {', '.join(unknown) or 'nothing'}; there are {', '.join(known)}")
    return sum(known[word] for word in value.split())


def quarter_row(p: Simulation, key: tuple[str, ...], text: str) -> int:
    """Which quarter of the run a text such as 2016Q3 is."""
    match = re.fullmatch(r"(\d{4})Q([1-4])", text)
    if match is None:
        raise Misfit(key, f"{text!r} is not a quarter such as 2016Q3")
    t = Quarter(int(match[1]), int(match[2])).index - p.clock.start_index
    if not 0 <= t < p.clock.quarters:
        raise Misfit(key, f"{text} lies outside the run of {p.clock.quarters} quarters")
    return t
