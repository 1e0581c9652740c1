"""A user's county table: one CSV in the form of the census tables, and an optional list of adjacent pairs beside it.

Needed columns are ``code, prov, city, county, pop2020``; the others may be absent or have empty cells, which are
filled by rule: shares by the mean of the prefecture (weighted by residents, else the province's deciles), places by
the prefecture's seat. Every mistake is one message with line and column.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.engine.draws import Draws
from sim.parameters.errors import (
    DuplicateKey,
    InputError,
    InputErrors,
    MissingKey,
    OutOfBounds,
    UnknownName,
    UnreadableFile,
    Words,
    WrongType,
    listed,
    nearest,
    shown,
)
from sim.parameters.read import read_text
from sim.parameters.texts import KINDS, TYPES, Phrase
from sim.world.counties import CountyTable
from sim.world.facts import WorldFacts
from sim.world.keys import channel, name_key
from sim.world.layout import COUNTY_PLACE, Plane, seats
from sim.world.networks import nearest_pairs, unique_edges
from sim.world.types import Floats, Ints, Keys

NEEDED = ("code", "prov", "city", "county", "pop2020")
ADJACENCY_FILE = "county_adjacency.csv"
NEIGHBOURS = 4
"""Nearest counties that stand in for adjacency where no list of pairs is at hand; gives about five a county."""
SUFFIXES = ("自治县", "特别行政区", "市", "区", "县")
BOUNDS: Mapping[str, tuple[float, float]] = {
    "pop2020": (1, 1e8),
    "lon": (-180, 180),
    "lat": (-85, 85),
    "area_km2": (0, 1e7),
}
COUNTS = (
    "urban2020",
    "college2020",
    "bachelor2020",
    "inmig_same_prov",
    "inmig_other_prov",
    "emp_sample_total",
    "emp_manuf",
)
PARTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "urban": (("urban2020",), "pop2020"),
    "college": (("college2020", "bachelor2020"), "pop2020"),
    "manufacturing": (("emp_manuf",), "emp_sample_total"),
    "migrant": (("inmig_same_prov", "inmig_other_prov"), "pop2020"),
}
"""Each share as the columns counted and the column they are a part of."""


@dataclass(frozen=True, slots=True)
class Row:
    """One county as written."""

    line: int
    code: str
    city: str
    name: str
    prefecture: int
    numbers: Mapping[str, float]
    """NaN where the cell is empty or the column absent."""


def file_fingerprint(path: Path) -> str:
    """SHA-256 over the table and the adjacency list beside it."""
    digest = hashlib.sha256()
    for part in (path, path.parent / ADJACENCY_FILE):
        if part.is_file():
            digest.update(part.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


def load_counties(path: Path, facts: WorldFacts, draws: Draws) -> CountyTable:
    """Read a county table, keeping the rows of the world's province.

    Args:
        path: The CSV file.
        facts: The world's facts.
        draws: The world's own draws, for the places of counties that have none.

    Raises:
        InputErrors: All mistakes of the table and of the adjacency list.
    """
    rows = _rows(path, facts)
    keys = np.array([name_key(facts.id, "county", row.code) for row in rows])
    prefecture = np.array([row.prefecture for row in rows])
    columns = {name: np.array([row.numbers[name] for row in rows]) for name in (*COUNTS, *BOUNDS)}
    shares = {name: _share(columns, name, prefecture, facts) for name in PARTS}
    x, y, unplaced = _places(facts, columns, prefecture, keys, draws)
    graph = _adjacency(path.parent / ADJACENCY_FILE, [row.code for row in rows], x, y, unplaced)
    return CountyTable(
        keys,
        tuple(row.name for row in rows),
        prefecture,
        np.array([row.name.endswith("区") for row in rows]),
        x,
        y,
        columns["area_km2"],
        _at_start(facts, columns["pop2020"], prefecture),
        shares["urban"],
        shares["college"],
        shares["manufacturing"],
        shares["migrant"],
        graph,
        tuple(row.name for row in rows),
    )


def stem(name: str) -> str:
    """A place's name without its suffix."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix) + 1:
            return name[: -len(suffix)]
    return name


def listed_as(name: str, names: Iterable[str]) -> str | None:
    """The name under which a county stands in a list without suffixes (景宁畲族自治县 stands there as 景宁)."""
    short = stem(name)
    return next((known for known in names if short == known or name.startswith(known)), None)


class _Problems:
    """Collects messages about one CSV file."""

    def __init__(self, file: str) -> None:
        self.file, self.found = file, list[InputError]()

    def add(
        self,
        kind: type[InputError],
        message_id: str,
        line: int | None,
        column: str = "",
        /,
        *,
        found: Words = "",
        allowed: Words = "",
        suggestion: str = "",
        **details: Words,
    ) -> None:
        self.found.append(
            kind(
                message_id,
                file=self.file,
                line=line,
                key=column,
                found=found,
                allowed=allowed,
                suggestion=suggestion,
                details=details,
            )
        )

    def stop(self) -> None:
        if self.found:
            raise InputErrors(self.found)


def _cells(path: Path, needed: tuple[str, ...]) -> tuple[list[tuple[int, dict[str, str]]], _Problems]:
    """Rows of a CSV file as line number and cells by column; needed columns must be there."""
    problems = _Problems(path.as_posix())
    reader = csv.reader(io.StringIO(read_text(path, problems.file)))
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for name in needed:
            if name not in header:
                problems.add(
                    MissingKey,
                    "missing_key",
                    1,
                    allowed=listed(header),
                    missing=name,
                    suggestion=nearest(name, [h for h in header if h not in needed]),
                )
        for name in sorted({name for name in header if header.count(name) > 1 and name}):
            problems.add(DuplicateKey, "duplicate_key", 1, name, first="1")
        problems.stop()
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                problems.add(
                    WrongType,
                    "wrong_type",
                    reader.line_num,
                    found=Phrase("value.cells", "{n} cells", {"n": len(cells)}),
                    allowed=Phrase("value.cells_as_head", "{n} cells, as in the header", {"n": len(header)}),
                )
                continue
            rows.append((reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    except csv.Error:
        problems.add(
            WrongType,
            "wrong_type",
            reader.line_num,
            allowed=Phrase("value.comma_line", "a line of comma-separated cells"),
        )
    problems.stop()
    if not rows:
        raise UnreadableFile("file_empty", file=problems.file)
    return rows, problems


def _rows(path: Path, facts: WorldFacts) -> list[Row]:
    """The province's rows in the order of their codes, so that the order of lines changes nothing."""
    cells, problems = _cells(path, NEEDED)
    provinces = sorted({row["prov"] for _, row in cells})
    own = [(line, row) for line, row in cells if row["prov"] == facts.province_name]
    if not own:
        problems.add(
            UnknownName,
            "unknown_name",
            None,
            "prov",
            found=listed(provinces),
            allowed=facts.province_name,
            kind=KINDS["province"],
        )
        problems.stop()
    first: dict[str, int] = {}
    found = []
    for line, row in own:
        if row["code"] in first:
            problems.add(DuplicateKey, "duplicate_key", line, "code", found=row["code"], first=str(first[row["code"]]))
        first.setdefault(row["code"], line)
        found.append(_row(line, row, facts, problems))
    problems.stop()
    return sorted(found, key=lambda row: row.code)


def _row(line: int, cells: Mapping[str, str], facts: WorldFacts, problems: _Problems) -> Row:
    names = [p.title.zh for p in facts.prefectures]
    city = stem(cells["city"])
    if city not in names:
        problems.add(
            UnknownName,
            "unknown_name",
            line,
            "city",
            found=shown(cells["city"]),
            allowed=listed(names),
            suggestion=nearest(city, names),
            kind=KINDS["prefecture"],
        )
    for column in ("code", "county"):
        if not cells[column]:
            problems.add(WrongType, "empty_text", line, column, allowed=TYPES["text"])
    if not cells["pop2020"]:
        problems.add(WrongType, "wrong_type", line, "pop2020", found='""', allowed=TYPES["number"])
    numbers = {column: _number(line, column, cells.get(column, ""), problems) for column in (*COUNTS, *BOUNDS)}
    for share, (parts, whole) in PARTS.items():
        if math.fsum(numbers[part] for part in parts) > numbers[whole]:
            problems.add(
                OutOfBounds,
                "out_of_bounds",
                line,
                "+".join(parts),
                found=f"{share} > 100 %",
                allowed=f"≤ {whole} = {numbers[whole]:g}",
            )
    return Row(line, cells["code"], city, cells["county"], names.index(city) if city in names else 0, numbers)


def _number(line: int, column: str, cell: str, problems: _Problems) -> float:
    if not cell:
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        problems.add(WrongType, "wrong_type", line, column, found=shown(cell), allowed=TYPES["number"])
        return math.nan
    low, high = BOUNDS.get(column, (0, 1e9))
    if not low <= value <= high:
        problems.add(OutOfBounds, "out_of_bounds", line, column, found=cell, allowed=f"{low:g} … {high:g}")
    return value


def _share(columns: Mapping[str, Floats], name: str, prefecture: Ints, facts: WorldFacts) -> Floats:
    """A share by county, gaps filled by the prefecture's mean, or by the published median where it has none."""
    parts, whole = PARTS[name]
    count = sum((columns[part] for part in parts), np.zeros(prefecture.size))
    share = count / columns[whole]
    known = np.isfinite(share)
    weight = np.where(known, columns["pop2020"], 0.0)
    groups = len(facts.prefectures)
    mass = np.bincount(prefecture, weights=weight, minlength=groups)
    total = np.bincount(prefecture, weights=np.where(known, share, 0.0) * weight, minlength=groups)
    middle = getattr(facts.county, f"{name}_deciles")[5]
    mean = np.where(mass > 0, total / np.where(mass > 0, mass, 1.0), middle)
    return np.where(known, share, mean[prefecture])


def _at_start(facts: WorldFacts, residents: Floats, prefecture: Ints) -> Ints:
    """Residents at the start: the table's, times the growth of the prefecture between the start and 2020."""
    back = np.array(facts.residents) / np.array(facts.province.residents_2020)
    start: Ints = np.maximum(np.rint(residents * back[prefecture]), 1).astype(np.int64)
    return start


def _places(
    facts: WorldFacts, columns: Mapping[str, Floats], prefecture: Ints, keys: Keys, draws: Draws
) -> tuple[Floats, Floats, Ints]:
    """Places in km; a county without one is put within five km of its prefecture's seat. Also who had none."""
    plane = Plane(facts)
    x, y = plane.place(columns["lon"], columns["lat"])
    missing = ~(np.isfinite(x) & np.isfinite(y))
    seat_x, seat_y = seats(facts, plane)
    for axis, seat, number in ((x, seat_x, 0), (y, seat_y, 1)):
        offset = 10.0 * (draws.uniforms(COUNTY_PLACE, channel(keys, number)) - 0.5)
        axis[missing] = (seat[prefecture] + offset)[missing]
    return x, y, np.flatnonzero(missing)


def _adjacency(path: Path, codes: list[str], x: Floats, y: Floats, unplaced: Ints) -> Ints:
    """Adjacency from the list of pairs, or by distance; counties without a place are linked by distance always.

    Pairs that name counties of other provinces, or counties the table does not have, are left out.
    """
    if not path.is_file():
        return unique_edges(nearest_pairs(x, y, NEIGHBOURS))
    cells, problems = _cells(path, ("a", "b"))
    place = {code: i for i, code in enumerate(codes)}
    edges = []
    for line, row in cells:
        for column in ("a", "b"):
            if not row[column]:
                problems.add(
                    WrongType, "empty_text", line, column, allowed=Phrase("value.county_code", "a county's code")
                )
        if row["a"] in place and row["b"] in place and row["a"] != row["b"]:
            edges.append((place[row["a"]], place[row["b"]]))
    problems.stop()
    return unique_edges([*edges, *nearest_pairs(x, y, NEIGHBOURS - 1, unplaced).tolist()])
