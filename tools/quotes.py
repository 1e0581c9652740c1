"""The register held against the documents: ``python -m tools.quotes FOLDER``, where the five documents lie.

Every clause keeps a quote of its line; parts that do not follow each other are joined by an ellipsis. The command looks
for each part in the lines that the clause's source names and tells of every clause whose quote is not there; nothing is
left out. The tests hold the numerals of a clause and of its levers against the quote (:func:`numerals`), so that they
need no document.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sim.parameters import load_library
from sim.parameters.records import Clause

JOINT = "…"
"""Between parts of a quote."""
DIGITS = {sign: k for k, sign in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2, "\u5169": 2}
POWERS = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 1e4, "\u842c": 1e4, "亿": 1e8, "\u5104": 1e8}
WORDS = {"加倍": (2.0,), "半": (0.5,), "一半": (0.5,), "全额": (1.0, 100.0), "双": (2.0,), "一番": (2.0,), "首": (1.0,)}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?(?:,\d{3})*)\s*([百千万\u842c亿\u5104]*)\s*(%|％|‰)?")
_SPELT = re.compile(f"[{''.join(DIGITS)}{''.join(POWERS)}{''.join(MYRIADS)}]+")
_SOUNDS = re.compile(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")
"""Pronunciation in brackets, which one document has after many signs and quotes leave out."""
_LINES = re.compile(r"L(\d+)(?:[–-](\d+))?")


def numerals(text: str) -> set[float]:
    """Every number that a text states, as written and with its multiplier: 3亿 is 3 and 3e8, 50% is 50 and 0.5."""
    found: set[float] = set()
    for bare, scale, per in _WRITTEN.findall(text):
        number = float(bare.replace(",", ""))
        times = 1.0
        for sign in scale:
            times *= {**POWERS, **MYRIADS}[sign]
        found |= {number, number * times} | ({number / 100} if per in ("%", "％") else set())
    for spelt in _SPELT.findall(_WRITTEN.sub(" ", text)):
        found |= set(_spelt(spelt))
    return found | {number for word, numbers in WORDS.items() if word in text for number in numbers}


def _spelt(text: str) -> Iterator[float]:
    """Value of a Chinese numeral, and of it without its last 万 or 亿."""
    total = part = 0.0
    digit = None
    for sign in text:
        if sign in DIGITS:
            if digit is not None and part == 0.0:
                yield float(digit)
            digit = DIGITS[sign]
        elif sign in POWERS:
            part += (1 if digit is None else digit) * POWERS[sign]
            digit = None
        else:
            here = part + (digit or 0)
            if here:
                yield here
            total += (here or 1.0) * MYRIADS[sign]
            part, digit = 0.0, None
    yield total + part + (digit or 0)


def lines_of(source: str) -> list[tuple[str, int]]:
    """Document and line of every line that a source names, such as "F003 p12 no. 6 L411–413; F000 L81"."""
    found, document = [], ""
    for part in re.split("[;；]", source):
        named = re.search(r"F00\d", part)
        document = named[0] if named else document
        for first, last in _LINES.findall(part):
            found += [(document, n) for n in range(int(first), int(last or first) + 1)]
    return found


def documents(folder: Path) -> Mapping[str, Sequence[str]]:
    """Lines of each document by its short name: F000 is the file whose name begins with 000."""
    read = {f"F{path.name[:3]}": path.read_text(encoding="utf-8").split("\n") for path in sorted(folder.glob("0*.txt"))}
    if not read:
        raise SystemExit(f"{folder}: no documents here (files such as 000_….txt)")
    return read


def missing(clause: Clause, read: Mapping[str, Sequence[str]]) -> list[str]:
    """Parts of a clause's quote that stand in none of its lines."""
    where = [_SOUNDS.sub("", read[document][n - 1]) for document, n in lines_of(clause.source)]
    return [part for part in clause.quote.split(JOINT) if not any(part in line for line in where)]


def main(arguments: list[str] | None = None) -> int:
    """Tell of every quote that is not where it should be; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.quotes", description="Quotes against the documents.")
    parser.add_argument("folder", type=Path, help="folder of the five documents")
    lines = documents(parser.parse_args(arguments).folder)
    wrong = 0
    clauses = load_library().clauses
    for clause in clauses.values():
        parts = missing(clause, lines) if clause.quote else ["no quote"]
        wrong += bool(parts)
        for part in parts:
            print(f"{clause.id} ({clause.source}): {part}")
    print(f"{len(clauses) - wrong} of {len(clauses)} clauses are quoted from their lines")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
