"""Read a table of observations or a file of predictions: every mistake is one clear message, and nothing is written.

Observations have the columns of the table of published figures; ``id`` and ``value`` must be there, the others may be:
quantity, region, period, count, lo, hi, unit. A unit may carry a remark in brackets.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from calibration.predict import BOUNDS, COLUMNS
from experiments.errors import ExperimentError
from sim.parameters.errors import listed, nearest, shown

LARGEST = 5_000_000
"""Bytes; a larger file is refused unread."""
NEEDED = ("id", "value")
UNITS: Mapping[str, tuple[str, float]] = {
    **dict.fromkeys(("share", "ratio", "fraction", "probability", "比例"), ("ratio", 1.0)),
    **dict.fromkeys(("%", "percent", "per cent", "share %", "百分比"), ("ratio", 0.01)),
    **dict.fromkeys(("per year", "per_year", "share per year", "每年"), ("per_year", 1.0)),
    **dict.fromkeys(("% per year", "% a year"), ("per_year", 0.01)),
    **dict.fromkeys(("yi yuan", "yi_yuan", "100 million yuan", "亿元", "亿"), ("yi_yuan", 1.0)),
    **dict.fromkeys(("billion yuan", "bn yuan"), ("yi_yuan", 10.0)),
    **dict.fromkeys(("million yuan",), ("yi_yuan", 0.01)),
    **dict.fromkeys(("firms", "firm", "enterprises", "家"), ("firm", 1.0)),
    **dict.fromkeys(("persons", "person", "people", "talents", "人"), ("person", 1.0)),
    **dict.fromkeys(
        ("wan yuan per mu", "wan_yuan_per_mu", "10,000 yuan per mu", "万元/亩", "wan yuan/mu"), ("wan_yuan_per_mu", 1.0)
    ),
}
"""Units by the words that tables use: id of the unit, and what a number is multiplied with."""

_MESSAGES: Mapping[str, str] = {
    "no_file": "there is no such file",
    "no_predictions": "there is no such file of predictions; run xiaozhen predict --out first",
    "unreadable": "this file cannot be read",
    "too_large": "the file is too large",
    "not_utf8": "the file is not UTF-8; save it as UTF-8",
    "empty": "the file holds no row of data",
    "column_missing": "a column is missing",
    "column_twice": "this column stands there twice",
    "row_length": "this row does not have as many cells as the header",
    "no_id": "this row has no id",
    "id_twice": "this id stands there twice",
    "not_number": "this must be a finite number",
    "lo_above_hi": "the lower end lies above the upper end",
    "bad_count": "a count is written k/n, with k no larger than n",
    "unknown_unit": "this unit is not known",
    "other_unit": "the unit is not that of the quantity predicted",
    "not_rising": "the quantiles do not rise",
}


class ObservationError(ExperimentError):
    """A table of observations or predictions that cannot be used."""

    topic: ClassVar[str] = "observation"
    sentences: ClassVar[Mapping[str, str]] = _MESSAGES


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a table.

    Attributes:
        id, quantity, region, period: As written.
        value, lo, hi: In ``unit``; NaN where no interval is given.
        unit: Id of a unit, empty where the table has none.
        total: How many were counted, None where unknown.
        line: Line in the file.
    """

    id: str
    quantity: str
    region: str
    period: str
    value: float
    lo: float
    hi: float
    unit: str
    total: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """One row of a file of predictions; ``quantiles`` by column."""

    id: str
    quantity: str
    region: str
    period: str
    unit: str
    quantiles: Mapping[str, float]


def read_observations(path: Path) -> list[Observation]:
    """Read a table of observations.

    Raises:
        ObservationError: What is wrong, with its line.
    """
    lines = _lines(path, NEEDED, "no_file")
    return [_observation(path.name, line, row) for line, row in _unique(path.name, lines)]


def read_predictions(path: Path) -> dict[str, Predicted]:
    """Read a file of predictions, by id.

    Raises:
        ObservationError: What is wrong, with its line.
    """
    found = {}
    for line, row in _unique(path.name, _lines(path, COLUMNS, "no_predictions")):
        numbers = {name: _number(path.name, line, name, row[name]) for name in ("median", *BOUNDS)}
        outward = [*BOUNDS[-2::-2], "median", *BOUNDS[1::2]]
        for low, high in pairwise(outward):
            if numbers[low] > numbers[high]:
                raise ObservationError("not_rising", file=path.name, line=line, key=f"{low}, {high}")
        found[row["id"]] = Predicted(row["id"], row["quantity"], row["region"], row["period"], row["unit"], numbers)
    return found


def _lines(path: Path, needed: Sequence[str], missing: str) -> list[tuple[int, dict[str, str]]]:
    name = path.name or str(path)
    reader = csv.reader(io.StringIO(_text(path, name, missing), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ObservationError("unreadable", file=name, line=reader.line_num, found=str(error)) from error
    head = [cell.strip() for cell in rows[0][1]] if rows else []
    for column in needed:
        if column not in head:
            raise ObservationError(
                "column_missing", file=name, key=column, found=listed(head), suggestion=nearest(column, head)
            )
    for column in head:
        if column and head.count(column) > 1:
            raise ObservationError("column_twice", file=name, key=column)
    if len(rows) < 2:
        raise ObservationError("empty", file=name)
    for line, row in rows[1:]:
        if len(row) != len(head):
            raise ObservationError("row_length", file=name, line=line, found=str(len(row)), allowed=str(len(head)))
    return [(line, dict(zip(head, (c.strip() for c in row), strict=True))) for line, row in rows[1:]]


def _text(path: Path, name: str, missing: str) -> str:
    try:
        if not path.is_file():
            raise ObservationError(missing, file=str(path))
        if path.stat().st_size > LARGEST:
            raise ObservationError("too_large", file=name, allowed=f"{LARGEST} bytes")
        return path.read_bytes().decode("utf-8-sig").replace("\0", "\ufffd")
    except UnicodeDecodeError as error:
        raise ObservationError("not_utf8", file=name, found=f"byte {error.start}") from error
    except (OSError, ValueError) as error:
        raise ObservationError("unreadable", file=name, found=type(error).__name__) from error


def _unique(name: str, lines: Iterable[tuple[int, dict[str, str]]]) -> Iterable[tuple[int, dict[str, str]]]:
    seen = set()
    for line, row in lines:
        if not row["id"]:
            raise ObservationError("no_id", file=name, line=line)
        if row["id"] in seen:
            raise ObservationError("id_twice", file=name, line=line, key=row["id"])
        seen.add(row["id"])
        yield line, row


def _observation(name: str, line: int, row: Mapping[str, str]) -> Observation:
    unit, factor = _unit(name, line, row.get("unit", ""))
    value = factor * _number(name, line, "value", row["value"])
    low, high = (factor * _number(name, line, key, row[key]) if row.get(key) else math.nan for key in ("lo", "hi"))
    if low > high:
        raise ObservationError(
            "lo_above_hi", file=name, line=line, key=row["id"], found=f"lo = {row['lo']}, hi = {row['hi']}"
        )
    total = _total(name, line, row.get("count", ""))
    quantity, region, period = (row.get(key, "") for key in ("quantity", "region", "period"))
    return Observation(row["id"], quantity, region, period, value, low, high, unit, total, line)


def _number(name: str, line: int, key: str, cell: str) -> float:
    try:
        value = float(cell.replace("\u2212", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in cell:
        raise ObservationError("not_number", file=name, line=line, key=key, found=shown(cell))
    return value


def _total(name: str, line: int, cell: str) -> int | None:
    if not cell:
        return None
    pair = re.fullmatch(r"(\d{1,7})\s*/\s*(\d{1,7})", cell, re.ASCII)
    if pair is None or int(pair[1]) > int(pair[2]) or int(pair[2]) == 0:
        raise ObservationError("bad_count", file=name, line=line, key="count", found=shown(cell), allowed="7/37")
    return int(pair[2])


def _unit(name: str, line: int, cell: str) -> tuple[str, float]:
    bare = " ".join(re.sub(r"[(（].*?[)）]", " ", cell).split()).casefold()
    if not bare:
        return "", 1.0
    if bare not in UNITS:
        raise ObservationError(
            "unknown_unit", file=name, line=line, key="unit", found=shown(cell), allowed=listed(UNITS),
            suggestion=nearest(bare, UNITS),
        )  # fmt: skip
    return UNITS[bare]
