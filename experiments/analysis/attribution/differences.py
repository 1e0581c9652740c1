"""In which levers two regimes differ, quarter by quarter, and which of them move together as one group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from experiments.analysis.attribution.errors import AttributionError
from experiments.plan.plan import Point
from sim.parameters import Library, Resolved
from sim.parameters.compose import chain_of, lent
from sim.parameters.errors import InputError
from sim.parameters.mix import CALENDAR, mixed
from sim.parameters.quarter import Quarter
from sim.parameters.texts import Text

BY = ("clause", "instrument", "lever")


@dataclass(frozen=True)
class Part:
    """A group, or one of those that were merged into one.

    Attributes:
        id: Clause ids joined by "+", an instrument, a lever, or ``CALENDAR``.
        titles: Of the instrument or the lever, or of all levers that the clauses set; none for the calendar.
        clauses: Clauses that it is named after; none where it is named otherwise.
    """

    id: str
    titles: tuple[Text, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Levers that change together.

    Attributes:
        parts: What it is named after: itself, or the groups it was put together from, because bounds tie their levers.
        levers: Keys of the levers in which the regimes differ.
        clauses: Clauses that set them, in the regime that the group is named after.
    """

    parts: tuple[Part, ...]
    levers: tuple[str, ...]
    clauses: tuple[str, ...]

    @property
    def id(self) -> str:
        """Ids of the parts joined by " & "."""
        return " & ".join(part.id for part in self.parts)

    @property
    def merged(self) -> tuple[str, ...]:
        """Ids of the groups it was put together from; empty for most."""
        return tuple(part.id for part in self.parts) if len(self.parts) > 1 else ()


@dataclass(frozen=True)
class Comparison:
    """Two regimes in one world, and the groups in which they differ.

    Attributes:
        a, b: Points of the regimes as they stand at the two ends: ``a`` carries a mix where it takes b's dates.
        scenario_a, scenario_b: The same, resolved.
        groups: In the order of the lever files.
        same: Instruments without any difference; they contribute exactly nothing.
        by: How levers were grouped.
        kept: What every scenario takes from ``b``: the calendar, unless each keeps its own dates.
    """

    a: Point
    b: Point
    scenario_a: Resolved
    scenario_b: Resolved
    groups: tuple[Group, ...]
    same: tuple[str, ...]
    by: str
    kept: tuple[str, ...]

    def point(self, taken: Iterable[int], id: str) -> Point:
        """The scenario that takes some groups from ``b`` and the others from ``a``.

        Args:
            taken: Indices of groups.
            id: Id of the point.
        """
        chosen = set(taken)
        keys = [key for i in sorted(chosen) for key in self.groups[i].levers]
        factors = {group.id: i in chosen for i, group in enumerate(self.groups)}
        return replace(self.a, id=id, factors=factors, mix=(self.b.regime, (*self.kept, *keys)), title={})


def compare_regimes(
    library: Library,
    a: str,
    b: str,
    *,
    by: str = "clause",
    own_dates: bool = False,
    world: str = "zhejiang",
    start: str | None = None,
    quarters: int = 40,
    effective: str | None = None,
    fill: tuple[str, ...] = (),
) -> Comparison:
    """Find the groups of levers in which two regimes differ.

    Args:
        library: The scenario files.
        a: Id of the regime that the difference starts from.
        b: Id of the regime that it ends at.
        by: What a group is, one of :data:`BY`.
        own_dates: Keep each regime's own dates; the calendar is then a group of its own.
        world: Id of the world.
        start: First quarter; the world's own unless told.
        quarters: Length of the runs.
        fill: Names of fills for what the regimes leave unstated.
        effective: Quarter in which both take effect; the second of the world's calendar unless told.

    Raises:
        AttributionError: If nothing differs.
        InputError: If a name, date or value is not acceptable.
    """
    if not own_dates and effective is None and world in library.worlds:
        effective = str((library.worlds[world].start if start is None else Quarter.parse(start)) + 1)
    common: dict[str, Any] = {
        "world": world,
        "start": start,
        "quarters": quarters,
        "effective": effective,
        "fill": fill,
    }
    end = Point(b, b, **common)
    kept = () if own_dates else (CALENDAR,)
    begin = Point(a, a, **common, mix=(b, kept) if kept else None)
    from_, to = begin.resolve(library), end.resolve(library)
    keys = [key for key in from_.levers if from_.levers[key] != to.levers[key]]
    if (from_.effective_index, from_.announced_index) != (to.effective_index, to.announced_index):
        keys.append(CALENDAR)
    if not keys:
        raise AttributionError("same_regimes", details={"a": a, "b": b})
    groups = _merge(library, from_, to, _grouped(library, a, b, fill, keys, by))
    moved = {library.levers[key].instrument for key in keys if key != CALENDAR}
    same = tuple(name for name in library.instruments if name not in moved and library.instruments[name].levers)
    return Comparison(begin, end, from_, to, groups, same, by, kept)


def steps(a: Resolved, b: Resolved, key: str) -> list[tuple[str, str, object, object]]:
    """The quarters in which a lever differs, as (first, last, value in a, value in b)."""
    pairs = list(enumerate(zip(a.levers[key], b.levers[key], strict=True)))
    found = []
    for (x, y), same in groupby(pairs, key=lambda pair: pair[1]):
        at = [t for t, _ in same]
        if x != y:
            found.append((str(a.start + at[0]), str(a.start + at[-1]), x, y))
    return found


def _grouped(library: Library, a: str, b: str, fill: tuple[str, ...], keys: Sequence[str], by: str) -> list[Group]:
    """Groups before merging, in the order in which their first lever stands in the files."""
    of_a, of_b = clauses_of(library, a, fill), clauses_of(library, b, fill)
    members: dict[str, list[str]] = {}
    clauses: dict[str, dict[str, None]] = {}
    for key in keys:
        own = of_b.get(key) or of_a.get(key) or ()
        name = _name(library, key, own, by)
        members.setdefault(name, []).append(key)
        clauses.setdefault(name, {}).update(dict.fromkeys(own))
    return [
        Group((_part(library, name, levers, tuple(clauses[name]), by),), tuple(levers), tuple(clauses[name]))
        for name, levers in members.items()
    ]


def _name(library: Library, key: str, clauses: tuple[str, ...], by: str) -> str:
    if key == CALENDAR or by == "lever":
        return key
    return "+".join(clauses) if by == "clause" and clauses else library.levers[key].instrument


def clauses_of(library: Library, regime: str, fill: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The clauses that set each lever in a regime: those of the last regime of its chain that sets it."""
    chain = chain_of(regime, library.regimes)
    found: dict[str, tuple[str, ...]] = {}
    for layer in [*lent(library, chain, fill)[0], *chain]:
        own: dict[str, dict[str, None]] = {}
        for setting in layer.values:
            own.setdefault(setting.lever, {}).update(dict.fromkeys(setting.clause))
        found |= {key: tuple(ids) for key, ids in own.items()}
    return found


def _part(library: Library, name: str, levers: Sequence[str], clauses: tuple[str, ...], by: str) -> Part:
    if name == CALENDAR:
        return Part(name, ())
    if by == "lever":
        return Part(name, (library.levers[name].title,))
    if name in library.instruments:
        return Part(name, (library.instruments[name].title,))
    return Part(name, tuple(library.levers[key].title for key in levers), clauses)


def _merge(library: Library, a: Resolved, b: Resolved, groups: Sequence[Group]) -> tuple[Group, ...]:
    """Put together groups of which one cannot move without the other, until every pair can."""
    found = list(groups)
    while (pair := _tied(library, a, b, found)) is not None:
        one, other = (found[i] for i in pair)
        clauses = tuple(dict.fromkeys(one.clauses + other.clauses))
        both = Group(one.parts + other.parts, one.levers + other.levers, clauses)
        found[pair[0]] = both
        del found[pair[1]]
    return tuple(found)


def _tied(library: Library, a: Resolved, b: Resolved, groups: Sequence[Group]) -> tuple[int, int] | None:
    """Two groups whose levers break a bound when only one of them is taken; bounds tie levers two by two."""
    home = {key: i for i, group in enumerate(groups) for key in group.levers}
    edges = {
        tuple(sorted((home[key], home[bound])))
        for key, lever in library.levers.items()
        for bound in (lever.min, lever.max)
        if key in home and isinstance(bound, str) and bound in home and home[key] != home[bound]
    }
    for i, j in sorted(edges):
        for one in (i, j):
            try:
                mixed(library, a, b, groups[one].levers)
            except InputError:
                return i, j
    return None
