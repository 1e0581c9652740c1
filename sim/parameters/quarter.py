"""The calendar: a quarter such as 2015Q2."""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.parameters.errors import WrongType, shown
from sim.parameters.texts import TYPES

FIRST_YEAR = 1900
LAST_YEAR = 2200
_EXACT = re.compile(r"([0-9]{4})Q([1-4])")
_LOOSE = re.compile(
    r"\s*([0-9]{4})\s*[年\-_/. ]?\s*"
    r"(?:第?\s*([1-4一二三四])\s*季度?|[qQＱ]\s*([1-4])|0?([0-9]{1,2})(?:[月\-/].*)?)\s*"
)


class Quarter(NamedTuple):
    """A quarter of a calendar year, ordered in time; `q` runs from 1 to 4."""

    year: int
    q: int

    @classmethod
    def parse(cls, text: object) -> Quarter:
        """Read "2015Q2".

        Raises:
            WrongType: where `text` is anything else; it proposes the quarter probably meant.
        """
        match = _EXACT.fullmatch(text) if isinstance(text, str) else None
        if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            return cls(int(match[1]), int(match[2]))
        raise WrongType("wrong_quarter", found=shown(text), allowed=TYPES["quarter"], suggestion=_guess(text))

    @classmethod
    def from_index(cls, index: int) -> Quarter:
        """Return the quarter whose `.index` is `index`."""
        return cls(index // 4, index % 4 + 1)

    @property
    def index(self) -> int:  # type: ignore[override]
        """Quarters since year 0: `year * 4 + q - 1`."""
        return self.year * 4 + self.q - 1

    def __add__(self, quarters: int) -> Quarter:  # type: ignore[override]
        return Quarter.from_index(self.index + quarters)

    def __sub__(self, other: Quarter) -> int:
        """Return the number of quarters from `other` to this one."""
        return self.index - other.index

    def __str__(self) -> str:
        return f"{self.year}Q{self.q}"


def _guess(text: object) -> str:
    """Return the quarter that another way of writing a date means, quoted, or ""."""
    match = _LOOSE.fullmatch(str(text)[:40])
    if not match:
        return ""
    year, season, quarter, month = match.groups()
    if month and not 1 <= int(month) <= 12:
        return ""
    q = (int(month) + 2) // 3 if month else int("一二三四".find(season) + 1 or season) if season else int(quarter)
    return f'"{year}Q{q}"'


FIRST_QUARTER = Quarter(2015, 1)
"""Stands in for a quarter that a file leaves out."""
