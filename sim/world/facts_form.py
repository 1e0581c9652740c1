"""What a figure of a world file may hold, and how it is turned into tuples.

A form is declared beside each field of `sim.world.facts`. Reading a value notes every problem in the document, with
the line, and returns a stand-in, so that all problems of a file are told at once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.parameters.errors import MissingKey, OutOfBounds, UnknownKey, WrongType, listed, nearest, shown
from sim.parameters.locate import Path as KeyPath
from sim.parameters.read import Document
from sim.parameters.tables import as_float
from sim.parameters.texts import TYPES, Phrase

BY_PREFECTURE = (
    "by_prefecture",
    "rows_by_prefecture",
    "names_by_prefecture",
    "grades_by_prefecture",
    "seats_by_prefecture",
)
"""Shapes that hold one value for each prefecture."""


@dataclass(frozen=True, slots=True)
class Form:
    """Shape and bounds of one figure.

    Attributes:
        shape: number | list | rows, or one of :data:`BY_PREFECTURE`.
        low, high: bounds of every number.
        length: numbers in a list, or in each row; 0 for any number.
        count: rows, 0 for any number.
        whole: whether the numbers must be whole.
        default: what a file that leaves the figure out stands for; None where every file must state it. For figures by
            prefecture it is the value of each prefecture.
    """

    shape: str
    low: float
    high: float
    length: int = 0
    count: int = 0
    whole: bool = False
    default: Any = None


class Values:
    """Takes the values of figures out of one document."""

    def __init__(self, document: Document, prefectures: tuple[str, ...]) -> None:
        self.document, self.prefectures = document, prefectures

    def take(self, path: KeyPath, raw: object, form: Form) -> Any:
        """Return the value of one figure in its typed form (tuples in the order of the prefectures).

        Args:
            path: Where the value stands.
            raw: The value as written, None where the file leaves out a figure that has a default.
            form: What it may hold.
        """
        if raw is None:
            each = form.shape in BY_PREFECTURE
            return (form.default,) * len(self.prefectures) if each else form.default
        if form.shape == "number":
            return self._number(path, raw, form)
        if form.shape == "list":
            return self._list(path, raw, form)
        if form.shape == "rows":
            return self._rows(path, raw, form)
        element = {
            "by_prefecture": self._number,
            "rows_by_prefecture": self._list,
            "names_by_prefecture": self._names,
            "grades_by_prefecture": self._grades,
            "seats_by_prefecture": self._seats,
        }[form.shape]
        table = self._complete(path, raw)
        return tuple(element((*path, name), table[name], form) for name in self.prefectures if name in table)

    def _number(self, path: KeyPath, raw: object, form: Form) -> float:
        if isinstance(raw, bool) or not isinstance(raw, (int, float)) or (form.whole and not float(raw).is_integer()):
            self._wrong(path, raw, TYPES["integer" if form.whole else "number"])
            return math.nan
        number = as_float(raw)
        if not form.low <= number <= form.high:
            self.document.report(
                OutOfBounds, "out_of_bounds", path, found=shown(raw), allowed=f"{form.low:g} … {form.high:g}"
            )
        return number

    def _list(self, path: KeyPath, raw: object, form: Form) -> tuple[float, ...]:
        if not isinstance(raw, list) or not raw or (form.length and len(raw) != form.length):
            n = form.length or "…"
            self._wrong(path, raw, Phrase("value.numbers", "{n} numbers in square brackets", {"n": n}))
            return (math.nan,) * form.length
        return tuple(self._number((*path, i), item, form) for i, item in enumerate(raw))

    def _rows(self, path: KeyPath, raw: object, form: Form) -> tuple[tuple[float, ...], ...]:
        if not isinstance(raw, list) or not raw or (form.count and len(raw) != form.count):
            lists, n = form.count or "…", form.length
            self._wrong(path, raw, Phrase("value.lists", "{lists} lists of {n} numbers", {"lists": lists, "n": n}))
            return ()
        return tuple(self._list((*path, i), item, form) for i, item in enumerate(raw))

    def _names(self, path: KeyPath, raw: object, form: Form) -> tuple[str, ...]:
        if not isinstance(raw, list) or not all(isinstance(name, str) and name for name in raw):
            self._wrong(path, raw, Phrase("value.names", "a list of names"))
            return ()
        return tuple(raw)

    def _grades(self, path: KeyPath, raw: object, form: Form) -> Mapping[str, int]:
        if not isinstance(raw, dict):
            self._wrong(path, raw, TYPES["table"])
            return {}
        numbers = {name: self._number((*path, name), grade, form) for name, grade in raw.items()}
        return {name: int(grade) for name, grade in numbers.items() if math.isfinite(grade)}

    def _seats(self, path: KeyPath, raw: object, form: Form) -> Mapping[str, tuple[float, ...]]:
        if not isinstance(raw, dict):
            self._wrong(path, raw, TYPES["table"])
            return {}
        return {name: self._list((*path, name), place, form) for name, place in raw.items()}

    def _complete(self, path: KeyPath, raw: object) -> dict[str, object]:
        """Return a table that must hold every prefecture and no other key."""
        if not isinstance(raw, dict):
            self._wrong(path, raw, Phrase("value.by_prefecture", "a table by prefecture"))
            return {}
        for name in raw:
            if name not in self.prefectures:
                self.document.report(
                    UnknownKey,
                    "unknown_key",
                    (*path, name),
                    found=shown(name),
                    allowed=listed(self.prefectures),
                    suggestion=nearest(name, self.prefectures),
                )
        for name in self.prefectures:
            if name not in raw:
                self.document.report(MissingKey, "missing_key", path, missing=name)
        return raw

    def _wrong(self, path: KeyPath, raw: object, allowed: Phrase) -> None:
        self.document.report(WrongType, "wrong_type", path, found=shown(raw), allowed=allowed)
