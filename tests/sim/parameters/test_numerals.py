"""Every numeral of the Zhejiang, Yiwu, Tongzhou and Pingxiang clauses is a lever value or a constant that cites it.

``register.csv`` has the numbers, the standing and the source of each clause as the documents give them, taken down
apart from the scenario files.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sim.parameters import Library, load_library

REGISTER = Path(__file__).with_name("register.csv")
PREFIXES = ("ZJ-", "YW-", "TZ-", "PX-")

WORDS = {"double": 2.0, "one half": 0.5}
SCALES = {"亿元": 1e4, "%": 0.01, "year": 4.0}
"""Unit as written -> factor to the model's unit (万元, ratio, quarters); the number itself is accepted as well."""


def register_rows() -> list[dict[str, str]]:
    """The rows of the four regimes."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["id"].startswith(PREFIXES)]


def numerals(text: str) -> Iterator[tuple[float, set[float]]]:
    """Yield each numeral of a numbers cell with the values that would carry it.

    Remarks in brackets are left out: they repeat the number in Chinese or name a source line.
    """
    bare = re.sub(r"\([^)]*\)", "", text)
    for word, value in WORDS.items():
        if word in bare:
            yield value, {value}
    for match in re.finditer(r"(\d+(?:\.\d+)?)(?:\s*[-–]\s*\d+(?:\.\d+)?)?\s*(亿元|%|year)?", bare):
        found = re.findall(r"\d+(?:\.\d+)?", match[0])
        for number in map(float, found):
            scale = SCALES.get(match[2] or "")
            kept = set() if match[2] in ("亿元", "%") else {number}
            yield number, kept | ({number * scale} if scale else set())


def flat(value: object) -> Iterable[float]:
    """Return the numbers in a lever value."""
    parts = value if isinstance(value, tuple) else (value,)
    return [float(part) for part in parts if isinstance(part, (int, float)) and not isinstance(part, bool)]


def carried(library: Library, clause: str) -> set[float]:
    """Return the numbers of all lever values, their years, and constants that cite a clause."""
    found = {constant.value for constant in library.constants.values() if clause in constant.source}
    for regime in library.regimes.values():
        for setting in regime.values:
            if clause in setting.clause:
                found.update(flat(setting.value))
                if setting.dated:
                    found.add(float(setting.first.year))
    return found


ROWS = register_rows()


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_numerals_are_carried(library: Library, row: dict[str, str]) -> None:
    here = carried(library, row["id"])
    for number, values in numerals(row["numbers"]):
        assert any(abs(value - have) < 1e-9 for value in values for have in here), (
            f"{row['id']}: {number:g} of {row['numbers']!r} stands in no lever value or constant; "
            f"cited by: {sorted(here)}"
        )


def test_clauses_match_the_register(library: Library) -> None:
    for row in ROWS:
        clause = library.clauses[row["id"]]
        assert clause.status == row["status"], row["id"]
        assert clause.source == row["source"], row["id"]
    assert len(ROWS) > 100


def test_the_check_can_fail(library: Library) -> None:
    invented = {"id": "ZJ-CLAW-1", "numbers": "factor 17; 3 years"}
    with pytest.raises(AssertionError, match="17"):
        test_numerals_are_carried(library, invented)


def test_numerals_are_read_with_their_units() -> None:
    assert [set(values) for _, values in numerals("50 亿元; 3 years; 4 industries")] == [{500000.0}, {3.0, 12.0}, {4.0}]
    assert [number for number, _ in numerals("3-5 years; count none")] == [3.0, 5.0]
    assert [values for _, values in numerals('factor "double"; 50 %')] == [{2.0}, {0.5}]


def test_rules_cite_clauses(library: Library) -> None:
    for regime in library.regimes.values():
        for setting in regime.values:
            cited = [library.clauses[name] for name in setting.clause if name in library.clauses]
            if setting.evidence == "rule":
                assert cited, f"{regime.id}: {setting.lever} is called a rule but cites no clause"
                assert {clause.status for clause in cited} & {"RULE", "TARGET", "GUIDE"}, (regime.id, setting.lever)


def test_readings_stand_behind_choices(library: Library) -> None:
    for key, lever in library.levers.items():
        if lever.reading is None:
            continue
        reading = library.readings[lever.reading]
        assert key in reading.levers, f"{lever.reading} does not name {key}"
        if lever.type == "choice" and len(reading.levers) == 1:
            options = {alternative.id for alternative in reading.alternatives}
            assert {choice.id for choice in lever.choices} <= options, key
