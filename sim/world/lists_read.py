"""Read the published lists of towns of a world file: ``[[list]]``, with one short table for each town."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sim.parameters.errors import DuplicateKey, UnknownName, listed, nearest, shown
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, Phrase
from sim.world.county_file import stem
from sim.world.facts import ListedTown, PrefectureFacts, TownList
from sim.world.types import INDUSTRIES, SEGMENTS, SEGMENTS_PER_INDUSTRY

NO_COUNTIES = Phrase("value.no_counties", "none: this world does not name its counties (province.seats)")


def read_lists(
    rows: Iterable[Table],
    prefectures: Sequence[PrefectureFacts],
    seats: Sequence[Mapping[str, Any]],
    sources: Callable[[Table], tuple[str, ...]],
) -> tuple[ListedTown, ...]:
    """Towns of all lists of a world.

    Args:
        rows: The ``[[list]]`` tables.
        prefectures: The world's prefectures.
        seats: County-level units of each prefecture by full name; empty where the world names none, fewer where the
            figure itself is broken, and then counties are not looked up.
        sources: Takes the sources of a list.
    """
    found: dict[str, ListedTown] = {}
    for row in rows:
        made = TownList(row.both("title"), row.integer("batch", 1, 1, 100), row.text("date"), sources(row))
        for table in row.rows("towns", needed=True):
            town = _town(table, made, prefectures, seats)
            if town.name in found:
                twice = {"found": shown(town.name), "kind": KINDS["name"], "first": "[[list]]"}
                table.report(DuplicateKey, "duplicate_name", "name", **twice)
            found[town.name] = town
        row.close()
    return tuple(found.values())


def _town(
    table: Table, made: TownList, prefectures: Sequence[PrefectureFacts], seats: Sequence[Mapping[str, Any]]
) -> ListedTown:
    """One town; what it leaves out is drawn."""
    name = table.text("name")
    city = _one_of(table, "city", [one.id for one in prefectures], "prefecture", needed=len(prefectures) > 1)
    county = _county(table, list(seats[city])) if city >= 0 and len(seats) == len(prefectures) else ""
    industry = _one_of(table, "industry", INDUSTRIES, "industry")
    segment = -1
    if industry >= 0:
        cell = _one_of(table, "sub", SEGMENTS[INDUSTRIES[industry]], "sub_industry")
        segment = industry * SEGMENTS_PER_INDUSTRY + cell if cell >= 0 else -1
    assigned = table.take("assigned", False, "")
    if not isinstance(assigned, bool | None):
        table.wrong("assigned", assigned, "flag")
    for key in ("county", "sub"):  # of a town whose city or industry is unknown they cannot be read
        table.take(key, False, "")
    table.close()
    return ListedTown(name, max(city, 0), county, assigned is True, industry, segment, made)


def _one_of(table: Table, key: str, known: Sequence[str], kind: str, *, needed: bool = False) -> int:
    """Take one of some names, as its place among them; -1 where it is absent or unknown."""
    if key not in table.data and not needed:
        return 0 if len(known) == 1 else -1
    word = table.text(key)
    if word and word not in known:
        allowed, guess = listed(known), nearest(word, known)
        table.report(
            UnknownName, "unknown_name", key, found=shown(word), allowed=allowed, suggestion=guess, kind=KINDS[kind]
        )
    return known.index(word) if word in known else -1


def _county(table: Table, units: list[str]) -> str:
    """Take a county of the prefecture, whatever its suffix (counties become districts); absent means drawn."""
    if "county" not in table.data:
        return ""
    word = table.text("county")
    found = next((unit for unit in units if stem(unit) == stem(word)), "")
    if word and not found:
        allowed = listed(units) if units else NO_COUNTIES
        guess, kind = nearest(word, units), KINDS["county"]
        table.report(
            UnknownName, "unknown_name", "county", found=shown(word), allowed=allowed, suggestion=guess, kind=kind
        )
    return found
