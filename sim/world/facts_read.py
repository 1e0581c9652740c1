"""Read and check a world file.

A figure that the schema does not know or that is missing, out of bounds, or without a source is one message with its
line, and all messages of a file are raised together.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from sim.parameters.errors import (
    DuplicateKey,
    InputErrors,
    MissingKey,
    MissingSource,
    OutOfBounds,
    UnknownKey,
    UnknownName,
    Words,
    listed,
    nearest,
    shown,
)
from sim.parameters.read import Document, read_document
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, Phrase
from sim.world.county_file import listed_as
from sim.world.facts import FORMS, GROUPS, LEVELS, Figure, ListedTown, PrefectureFacts, Source, WorldFacts
from sim.world.facts_form import BY_PREFECTURE, Values
from sim.world.lists_read import read_lists

RELIABILITY = ("published", "computed", "general", "assumption")
LIBRARY_ID = re.compile(r"F[0-9]+[a-z]?|(?:[A-Z]{1,3}-)+[A-Z0-9]+(?:-[0-9]+[a-z]?)?")
"""An id of a fact or clause of the library, such as F45c, ZJ-SPACE-1 or B-ZJ-7."""


def read_world(path: Path, shown_as: str | None = None) -> WorldFacts:
    """Read a world file.

    Args:
        path: The TOML file.
        shown_as: How messages name the file; by default its path.

    Raises:
        InputErrors: All problems of the file at once.
        UnreadableFile, BrokenSyntax, DuplicateKey: Where the file cannot be read at all.
    """
    document = read_document(path, shown_as)
    base = _base(path, document)
    root = Table(document, document.data, ())
    head = root.table("world")
    sources = _sources(root.table("source"))
    prefectures = _prefectures(root.rows("prefecture", needed=True), sources)
    own = _figures(root.table("figure"), sources, base)
    lent = {key: figure for key, figure in base.figures.items() if key not in own and _lendable(key)} if base else {}
    figures, sources = {**own, **lent}, {**(base.sources if base else {}), **sources}
    values = Values(document, tuple(p.id for p in prefectures))
    stated = {key: figures[key].value if key in figures else None for key in FORMS}
    found = {key: values.take(("figure", key, "value"), raw, FORMS[key]) for key, raw in stated.items()}
    start = _head(head)
    seats = found["province.seats"]
    start["listed"] = read_lists(root.rows("list"), prefectures, seats, lambda row: _source_ids(row, sources))
    root.close()
    _raise(document)
    start["lent"] = frozenset(lent)
    world = _assembled(document, start, prefectures, sources, figures, found)
    _cross_checks(document, world)
    _raise(document)
    return world


def _base(path: Path, document: Document) -> WorldFacts | None:
    """The world that lends its figures; it may not take any from a third one."""
    head = document.data.get("world")
    like = head.get("like") if isinstance(head, dict) else None
    if not isinstance(like, str):
        return None
    names = sorted(one.stem for one in path.parent.glob("*.toml") if one.stem != path.stem)
    if like in names and "like" not in _heads(path.parent / f"{like}.toml"):
        return read_world(path.parent / f"{like}.toml")
    document.report(
        UnknownName,
        "unknown_name",
        ("world", "like"),
        found=shown(like),
        allowed=listed(names),
        suggestion=nearest(like, names),
        kind=KINDS["world"],
    )
    return None


def _heads(path: Path) -> Mapping[str, Any]:
    head = read_document(path).data.get("world")
    return head if isinstance(head, dict) else {}


def _lendable(key: str) -> bool:
    """Figures of a world as a whole can be lent, those of its own prefectures or history cannot."""
    return FORMS[key].shape not in BY_PREFECTURE and FORMS[key].default is None


def _raise(document: Document) -> None:
    if document.problems:
        raise InputErrors(sorted(document.problems, key=lambda problem: problem.line or 0))


def _head(head: Table | None) -> dict[str, Any]:
    if head is None:
        return {}
    found = {
        "id": head.text("id"),
        "title": head.both("title"),
        "what": head.both("what"),
        "province": head.text("province"),
        "start": head.quarter("start", needed=True),
        "level": _choice(head, "level", LEVELS),
        "authority": head.both("authority"),
        "units": head.both("units"),
        "seed": head.integer("seed", 0, 0, 2**62),
        "like": head.text("like") if "like" in head.data else "",
    }
    if "seed" not in head.data:
        head.report(MissingKey, "missing_key", None, missing="seed")
    head.close()
    return found


def _sources(table: Table | None) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for name in table.data if table else ():
        entry = table.table(name) if table else None
        if entry:
            found[name] = Source(name, entry.both("title"), _reliability(entry))
            entry.close()
    return found


def _prefectures(rows: Iterable[Table], sources: Mapping[str, Source]) -> tuple[PrefectureFacts, ...]:
    found: list[PrefectureFacts] = []
    for row in rows:
        name = row.text("id")
        if name in [p.id for p in found]:
            row.report(
                DuplicateKey, "duplicate_name", "id", found=shown(name), kind=KINDS["name"], first="[[prefecture]]"
            )
        place = {key: row.number(key) for key in ("lon", "lat")}
        for key, limit in (("lon", 180), ("lat", 85)):
            if abs(place[key]) > limit:
                row.report(OutOfBounds, "out_of_bounds", key, found=shown(place[key]), allowed=f"-{limit} … {limit}")
        _source_ids(row, sources)
        found.append(PrefectureFacts(name, row.both("title"), **place))
        row.close()
    return tuple(found)


def _figures(table: Table | None, sources: Mapping[str, Source], base: WorldFacts | None) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    if table is None:
        return found
    for key in table.data:
        if key in FORMS and (entry := table.table(key)):
            found[key] = _figure(key, entry, sources)
    missing = [key for key in FORMS if key not in table.data]
    for key in table.data:
        if key not in FORMS:
            guess = nearest(key, missing) or nearest(key, FORMS)
            table.report(UnknownKey, "unknown_key", key, found=key, allowed=listed(missing or FORMS), suggestion=guess)
            missing = [name for name in missing if name != guess]
    for key in (name for name in missing if FORMS[name].default is None and not (base and _lendable(name))):
        table.report(MissingKey, "missing_key", None, missing=key)
    return found


def _figure(key: str, entry: Table, sources: Mapping[str, Source]) -> Figure:
    title, unit, value = entry.both("title"), entry.text("unit"), entry.take("value", True, "")
    note = entry.both("note", needed=False)
    figure = Figure(key, title, unit, value, _source_ids(entry, sources), _reliability(entry), note)
    entry.close()
    return figure


def _source_ids(entry: Table, sources: Mapping[str, Source]) -> tuple[str, ...]:
    ids = entry.ids("source", kind=MissingSource)
    for name in ids:
        if name not in sources and not LIBRARY_ID.fullmatch(name):
            entry.report(
                UnknownName,
                "unknown_name",
                "source",
                found=shown(name),
                allowed=listed(sources),
                suggestion=nearest(name, sources),
                kind=KINDS["source"],
            )
    return ids


def _reliability(entry: Table) -> str:
    return _choice(entry, "reliability", RELIABILITY)


def _choice(entry: Table, key: str, choices: tuple[str, ...]) -> str:
    text = entry.text(key)
    if text and text not in choices:
        entry.report(
            UnknownName,
            "not_a_choice",
            key,
            found=shown(text),
            allowed=listed(choices),
            suggestion=nearest(text, choices),
        )
    return text


def _assembled(
    document: Document,
    head: dict[str, Any],
    prefectures: tuple[PrefectureFacts, ...],
    sources: dict[str, Source],
    figures: dict[str, Figure],
    values: dict[str, Any],
) -> WorldFacts:
    start = str(head["start"])
    numbers = {
        "id": head["id"],
        "seed": head["seed"],
        "start": start,
        "level": head["level"],
        "province": head["province"],
        "prefectures": [[p.id, p.lon, p.lat] for p in prefectures],
        "figures": {key: figure.value for key, figure in figures.items()},
    }
    if head["listed"]:
        numbers["listed"] = [_place_of(town) for town in head["listed"]]
    canonical = json.dumps(numbers, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    groups = {group: cls(**{f.name: values[f"{group}.{f.name}"] for f in fields(cls)}) for group, cls in GROUPS.items()}
    return WorldFacts(
        id=head["id"],
        title=head["title"],
        level=head["level"],
        authority=head["authority"],
        units=head["units"],
        province_name=head["province"],
        start=start,
        seed=head["seed"],
        like=head["like"],
        lent=head["lent"],
        prefectures=prefectures,
        listed=head["listed"],
        figures=figures,
        sources=sources,
        file=document.file,
        fingerprint=hashlib.sha256(canonical.encode()).hexdigest(),
        **groups,
    )


def _place_of(town: ListedTown) -> list[str | int]:
    return [town.name, town.prefecture, town.county, town.industry, town.segment]


def _cross_checks(document: Document, world: WorldFacts) -> None:
    """What no single figure can show: shares that sum to one, rising numbers, names that exist."""

    def out(key: str, found: str, allowed: Words, *rest: str | int) -> None:
        document.report(OutOfBounds, "out_of_bounds", ("figure", key, "value", *rest), found=found, allowed=allowed)

    for key in ("town.industry_shares", "firm.kinds", "talent.tiers"):
        total = sum(world.figures[key].value)
        if abs(total - 1) > 1e-6:
            out(key, f"Σ = {total:g}", Phrase("value.sum_one", "numbers that sum to 1"))
    deciles = [f"county.{name}_deciles" for name in ("college", "manufacturing", "migrant", "urban")]
    for key in (*deciles, "town.fringe", "village.distance"):
        row = world.figures[key].value
        if list(row) != sorted(row):
            out(key, shown(row), Phrase("value.rising", "numbers in rising order"))
    if sum(world.talent.home_shares) > 1:
        out("talent.home_shares", f"Σ = {sum(world.talent.home_shares):g}", "Σ ≤ 1")
    high, low = (share for _, share in world.county.house_points)
    if not 0 < high < low < 1 or world.county.house_points[0][0] <= world.county.house_points[1][0]:
        out(
            "county.house_points",
            shown(world.figures["county.house_points"].value),
            Phrase("value.dearer_first", "the dearer point first, shares between 0 and 1"),
        )
    _check_size(document, world, out)
    _check_units(document, world, out)


def _check_size(document: Document, world: WorldFacts, out: Any) -> None:
    """A city or district is one place; there is at least one site; every land grade has a price."""
    if world.level != "province" and len(world.prefectures) != 1:
        document.report(
            OutOfBounds,
            "out_of_bounds",
            ("world", "level"),
            found=f"{world.level}: {len(world.prefectures)} [[prefecture]]",
            allowed="1 [[prefecture]]",
        )
    if not sum(world.town.sites):
        at = next((key for key in ("town.batch1", "town.candidates") if key in world.figures), "town.industry_shares")
        out(at, "0", Phrase("value.one_site", "at least one site"))
    highest = max((grade for p in range(len(world.prefectures)) for grade in _grades(world, p)), default=1)
    if highest > len(world.county.land_floor):
        out("county.land_floor", f"{len(world.county.land_floor)}", f"≥ {highest}")


def _grades(world: WorldFacts, p: int) -> tuple[int, ...]:
    return world.province.grades(p, world.province.units[p])


def _check_units(document: Document, world: WorldFacts, out: Any) -> None:
    province = world.province
    listing = "province.land_grades" if "province.land_grades" in world.figures else "province.counties"
    if listing not in world.figures or (listing == "province.counties" and "province.grade_range" not in world.figures):
        key = listing if listing not in world.figures else "province.grade_range"
        document.report(MissingKey, "missing_key", ("figure",), missing=key)
        return
    for i, prefecture in enumerate(world.prefectures):
        units, grades = province.units[i], province.land_grades[i]
        for name in ("districts", "islands"):
            count = getattr(province, name)[i]
            if count > units:
                out(f"province.{name}", f"{count:g}", f"≤ {units}", prefecture.id)
        if not units:
            out(listing, "0", "≥ 1", prefecture.id)
        _check_seats(document, world, i, out)
        if province.poor[i] > units:
            out("province.poor_number", f"{province.poor[i]}", f"≤ {units}", prefecture.id)
        for j, name in enumerate(province.poor_counties[i]):
            if name not in grades:
                at = ("figure", "province.poor_counties", "value", prefecture.id, j)
                document.report(
                    UnknownName,
                    "unknown_name",
                    at,
                    found=shown(name),
                    allowed=listed(grades),
                    suggestion=nearest(name, grades),
                    kind=KINDS["county"],
                )


def _check_seats(document: Document, world: WorldFacts, p: int, out: Any) -> None:
    """Named units are as many as there are, each with a land grade where grades are listed; there is room for towns."""
    province, prefecture = world.province, world.prefectures[p]
    seats, grades = province.seats[p], province.land_grades[p]
    if any(province.seats) and len(seats) != province.units[p]:
        out("province.seats", str(len(seats)), str(province.units[p]), prefecture.id)
    for name in seats if grades else ():
        if listed_as(name, grades) is None:
            at = ("figure", "province.seats", "value", prefecture.id, name)
            guess, kind = nearest(name, grades), KINDS["county"]
            document.report(
                UnknownName, "unknown_name", at, found=shown(name), allowed=listed(grades), suggestion=guess, kind=kind
            )
    towns = sum(town.prefecture == p for town in world.listed)
    if towns > world.town.sites[p]:
        document.report(
            OutOfBounds,
            "out_of_bounds",
            ("list",),
            found=f"{prefecture.id}: {towns}",
            allowed=f"≤ {world.town.sites[p]}",
        )
