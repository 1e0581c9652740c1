"""Stretches of quarters by name: "2018", "2018H1", "2015-2017", "to 2020Q2"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sim.parameters import Quarter

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")
_HALF = re.compile(r"(\d{4})H([12])")
_UNTIL = re.compile(r"to (\d{4})Q([1-4])")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of quarters.

    Attributes:
        text: As it is written.
        first, last: First and last quarter; ``first`` is the first of 2015 where only the end is written.
    """

    text: str
    first: Quarter
    last: Quarter

    def years(self) -> Iterator[int]:
        """Calendar years whose fourth quarter lies in it."""
        return (y for y in range(self.first.year, self.last.year + 1) if self.first <= Quarter(y, 4) <= self.last)


def window(text: str) -> Window:
    """Read a stretch of quarters.

    Raises:
        ValueError: It is none of the forms above.
    """
    if half := _HALF.fullmatch(text):
        year, part = int(half[1]), int(half[2])
        return Window(text, Quarter(year, 2 * part - 1), Quarter(year, 2 * part))
    if years := _YEARS.fullmatch(text):
        return Window(text, Quarter(int(years[1]), 1), Quarter(int(years[2] or years[1]), 4))
    if until := _UNTIL.fullmatch(text):
        return Window(text, Quarter(2015, 1), Quarter(int(until[1]), int(until[2])))
    raise ValueError(text)


LAST_YEAR = re.compile(r"(?:19|20)\d{2}")


def last_year(text: str) -> int | None:
    """The latest year that a period names; None where it names none."""
    found = LAST_YEAR.findall(text)
    return max(int(year) for year in found) if found else None
