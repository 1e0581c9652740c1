"""Take typed values out of the tables of a document while collecting every problem.

Each `Table` method returns the value, or a stand-in after noting the problem, so that all problems of a file are told
at once. `Table.close` tells of keys left over and keys missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from sim.parameters.errors import (
    InputError,
    MissingKey,
    MissingSource,
    OutOfBounds,
    UnknownKey,
    Words,
    WrongType,
    listed,
    nearest,
    shown,
)
from sim.parameters.locate import Path as KeyPath
from sim.parameters.quarter import Quarter
from sim.parameters.read import Document
from sim.parameters.records import Place
from sim.parameters.texts import EMPTY, TYPES, Phrase, Text

_CODE = re.compile("[a-z]{2}")
LANGUAGE_NAMES = {"zh": Phrase("value.chinese", "Chinese (zh)"), "en": Phrase("value.english", "English (en)")}


class Table:
    """One table of a document; each method takes one key out of it."""

    def __init__(self, document: Document, data: dict[str, Any], path: KeyPath) -> None:
        self.document, self.data, self.path = document, data, path
        self._asked: set[str] = set()
        self._missing: list[tuple[type[MissingKey], str, Words]] = []
        self._before = len(document.problems)

    @property
    def place(self) -> Place:
        """Where this table stands."""
        return Place(self.document.file, self.path)

    @property
    def sound(self) -> bool:
        """Whether nothing wrong was found since this table was opened."""
        return len(self.document.problems) == self._before

    def report(self, kind: type[InputError], message_id: str, key: str | int | None, /, **fields: Any) -> None:
        """Note a problem at one of this table's keys, or at the table itself (None)."""
        path = self.path if key is None else (*self.path, key)
        self.document.report(kind, message_id, path, **fields)

    def close(self) -> bool:
        """Tell of unknown and missing keys; return whether the table is sound."""
        missing = {key for _, key, _ in self._missing}
        for key in self.data:
            if key in self._asked:
                continue
            guess = nearest(key, missing) or nearest(key, self._asked - set(self.data)) or nearest(key, self._asked)
            missing.discard(guess)
            self.report(
                UnknownKey, "unknown_key", key, found=shown(key), allowed=listed(sorted(self._asked)), suggestion=guess
            )
        for kind, key, allowed in self._missing:
            if key in missing:
                message = "missing_source" if kind is MissingSource else "missing_key"
                self.report(kind, message, None, allowed=allowed, missing=key)
        self._missing = []
        return self.sound

    def allow_rest(self) -> None:
        """Let every other key of this table pass unread."""
        self._asked.update(self.data)

    def take(self, key: str, needed: bool, allowed: Words, kind: type[MissingKey] = MissingKey) -> Any:
        """Return the raw value of `key`, or None; note it as missing where it is needed."""
        self._asked.add(key)
        if key not in self.data and needed:
            self._missing.append((kind, key, allowed))
        return self.data.get(key)

    def wrong(self, key: str | int, value: object, kind: str, **fields: Any) -> None:
        """Note that a value is not of the type `kind`, one of `TYPES`."""
        self.report(WrongType, "wrong_type", key, found=shown(value), allowed=TYPES[kind], **fields)

    def text(self, key: str, needed: bool = True) -> str:
        """Take a text that is not empty."""
        value = self.take(key, needed, TYPES["text"])
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, value, "text", suggestion=shown(str(value)) if isinstance(value, (int, float)) else "")
            return ""
        if not value.strip():
            self.report(WrongType, "empty_text", key, allowed=TYPES["text"])
        return value

    def both(self, key: str, needed: bool = True) -> Text:
        """Take a text in both languages."""
        value = self.take(key, needed, TYPES["texts"])
        return EMPTY if value is None else self._pair(key, value)

    def either(self, key: str, needed: bool = True) -> Text:
        """Take a text in both languages, or one string that serves both (may be empty)."""
        value = self.take(key, needed, TYPES["texts"])
        if isinstance(value, str):
            return Text(value, value)
        return EMPTY if value is None else self._pair(key, value)

    def _pair(self, key: str, value: object) -> Text:
        if isinstance(value, dict) and len(value) == 2:
            zh, en = value.get("zh"), value.get("en")
            # Nearly every text is sound: a thousand of them are read at each start.
            if isinstance(zh, str) and isinstance(en, str) and zh.strip() and en.strip():
                return Text(zh, en)
        if not isinstance(value, dict):
            self.wrong(key, value, "texts")
            return EMPTY
        inner = Table(self.document, value, (*self.path, key))
        found = {}
        for lang in ("zh", "en"):
            inner._asked.add(lang)
            if lang in value:
                found[lang] = inner.text(lang)
        others = [name for name in value if _CODE.fullmatch(name) and name not in ("zh", "en")]
        inner._asked.update(others)
        extra = [name for name in value if name not in ("zh", "en", *others)]
        for lang in ("zh", "en"):
            if lang not in value and not (extra and nearest(extra[0], [lang])):
                inner.report(
                    MissingKey, "missing_language", None, allowed=TYPES["texts"], language=LANGUAGE_NAMES[lang]
                )
        inner.close()
        spoken = tuple((lang, inner.text(lang)) for lang in others)
        return Text(found.get("zh", ""), found.get("en", ""), spoken)

    def texts(self, key: str) -> tuple[Text, ...]:
        """Take a list of texts in both languages; absent means none."""
        return tuple(Text(row.text("zh"), row.text("en")) for row in self._closing(self.rows(key)))

    @staticmethod
    def _closing(rows: Iterable[Table]) -> Iterable[Table]:
        for row in rows:
            yield row
            row.close()

    def number(self, key: str, needed: bool = True) -> float:
        """Take a finite number; NaN stands in for a problem."""
        value = self.take(key, needed, TYPES["number"])
        if value is None:
            return math.nan
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.wrong(key, value, "number")
            return math.nan
        number = as_float(value)
        if not math.isfinite(number):
            self.report(WrongType, "not_finite", key, found=shown(value), allowed=TYPES["number"])
            return math.nan
        return number

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """Take a whole number from `low` to `high`; absent means `default`."""
        value = self.take(key, False, TYPES["integer"])
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(key, value, "integer")
        elif not low <= value <= high:
            self.report(OutOfBounds, "out_of_bounds", key, found=shown(value), allowed=f"{low} … {high}")
        else:
            return value
        return default

    def quarter(self, key: str, needed: bool = False) -> Quarter | None:
        """Take a quarter such as "2015Q2"."""
        value = self.take(key, needed, TYPES["quarter"])
        if value is None:
            return None
        try:
            return Quarter.parse(value)
        except WrongType as problem:
            self.report(
                WrongType,
                "wrong_quarter",
                key,
                found=problem.found,
                allowed=problem.allowed,
                suggestion=problem.suggestion,
            )
            return None

    def table(self, key: str, needed: bool = True) -> Table | None:
        """Take a table."""
        value = self.take(key, needed, TYPES["table"])
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, value, "table")
            return None
        return Table(self.document, value, (*self.path, key))

    def rows(self, key: str, needed: bool = False) -> list[Table]:
        """Take a list of tables; absent means none."""
        value = self.take(key, needed, TYPES["tables"])
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, value, "tables")
            return []
        found = []
        for position, row in enumerate(value):
            if isinstance(row, dict):
                found.append(Table(self.document, row, (*self.path, key, position)))
            else:
                self.document.report(
                    WrongType, "wrong_type", (*self.path, key, position), found=shown(row), allowed=TYPES["table"]
                )
        return found

    def ids(self, key: str, needed: bool = True, kind: type[MissingKey] = MissingKey) -> tuple[str, ...]:
        """Take a list of ids (one id as a plain text will do)."""
        value = self.take(key, needed, TYPES["ids"], kind)
        if value is None:
            return ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.wrong(key, value, "ids")
            return ()
        if needed and not [name for name in names if name.strip()]:
            message = "missing_source" if kind is MissingSource else "empty_list"
            self.report(kind, message, key, found=shown(value), allowed=TYPES["ids"])
        return tuple(names)


def as_float(value: int | float) -> float:
    """Return a TOML number as a float; infinity where it is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.inf
