"""Where a key stands in a TOML text: key path -> line, for tables, dotted keys, arrays of tables and inline tables.

`tomllib` reads values but forgets lines. This scanner reads no values; it only remembers where each key begins, so
it runs only when there is something to report. It also finds the second writing of a key.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}#\n]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.S),
    re.compile(r"'''.*?'{3,5}", re.S),
    re.compile(r'"((?:[^"\\\n]|\\.)*)"'),
    re.compile(r"'([^'\n]*)'"),
)


class Duplicate(NamedTuple):
    """A key written twice: its path, the first line and the second."""

    path: Path
    first: int
    second: int


class Lines:
    """The lines of one TOML text.

    Attributes:
        lines: key path -> line (from 1); list positions count from 0.
        duplicate: the first key written twice, or None.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.duplicate: Duplicate | None = None
        self._text = text.replace("\r\n", "\n")
        self._starts = [0] + [match.end() for match in re.finditer("\n", self._text)]
        self._lengths: dict[Path, int] = {}
        self._taken: dict[Path, int] = {}
        self._at = 0
        try:
            self._document()
        except (_Stop, RecursionError):
            return

    def of(self, path: Path) -> int | None:
        """Return the line of `path`, or of its nearest parent that stands in the text, or None."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def _line(self) -> int:
        return bisect_right(self._starts, self._at)

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _Stop
        self._at = match.end()
        return match[0]

    def _sees(self, mark: str) -> bool:
        if not self._text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True

    def _document(self) -> None:
        table: Path = ()
        self._take(_GAP)
        while self._at < len(self._text):
            table = self._header() if self._text[self._at] == "[" else self._pair(table)
            self._take(_GAP)

    def _header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]` and return the path that the following keys stand under."""
        line, many = self._line(), self._sees("[[")
        if not many:
            self._sees("[")
        keys = self._keys()
        if not self._sees("]]" if many else "]"):
            raise _Stop
        path = (*self._inside(keys[:-1], line), keys[-1])
        if many:
            self.lines.setdefault(path, line)
            path += (self._lengths.get(path, 0),)
            self._lengths[path[:-1]] = int(path[-1]) + 1
        else:
            self._claim(path, line)
        # A header of its own goes before the first table that merely stands inside it.
        self.lines[path] = line
        return path

    def _inside(self, keys: Path, line: int) -> Path:
        """Return the path of a table, entering the last element of each array of tables on the way."""
        path: Path = ()
        for key in keys:
            path += (key,)
            self.lines.setdefault(path, line)
            if path in self._lengths:
                path += (self._lengths[path] - 1,)
        return path

    def _claim(self, path: Path, line: int) -> None:
        """Note that `path` is written here; stop at the first path written twice."""
        if path in self._taken:
            self.duplicate = Duplicate(path, self._taken[path], line)
            raise _Stop
        self._taken[path] = line

    def _keys(self) -> Path:
        """Read a dotted key."""
        found: list[str] = []
        while True:
            self._take(_SPACE)
            found.append(self._key())
            self._take(_SPACE)
            if not self._sees("."):
                return tuple(found)

    def _key(self) -> str:
        for pattern in _STRINGS[2:]:
            match = pattern.match(self._text, self._at)
            if match:
                self._at = match.end()
                return match[1]
        return self._take(_BARE)

    def _pair(self, table: Path) -> Path:
        """Read `key = value` under `table` and return `table`."""
        line, path = self._line(), table
        for key in self._keys():
            path += (key,)
            self.lines.setdefault(path, line)
        self._claim(path, line)
        if not self._sees("="):
            raise _Stop
        self._take(_SPACE)
        self._value(path)
        return table

    def _value(self, path: Path) -> None:
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline(path)
        elif self._text[self._at : self._at + 1] in ('"', "'"):
            self._string()
        else:
            self._take(_PLAIN)

    def _string(self) -> None:
        for pattern in _STRINGS:
            match = pattern.match(self._text, self._at)
            # An empty pair of quotes before a third one opens a long string; the short patterns must not match it.
            if match and (match.end() - self._at > 2 or not self._text.startswith(match[0][0], match.end())):
                self._at = match.end()
                return
        raise _Stop

    def _array(self, path: Path) -> None:
        position = 0
        self._take(_GAP)
        while not self._sees("]"):
            element = (*path, position)
            self.lines.setdefault(element, self._line())
            before = self._at
            self._value(element)
            self._take(_GAP)
            if not self._sees(",") and (self._text[self._at : self._at + 1] != "]" or self._at == before):
                raise _Stop
            self._take(_GAP)
            position += 1

    def _inline(self, path: Path) -> None:
        self._take(_GAP)
        while not self._sees("}"):
            self._pair(path)
            self._take(_GAP)
            if not self._sees(",") and self._text[self._at : self._at + 1] != "}":
                raise _Stop
            self._take(_GAP)


class _Stop(Exception):
    """The text cannot be followed any further (it is broken here, or a key is written twice)."""


def written(path: Path) -> str:
    """Return a key path as a reader would write it: `value[2].lever`, list positions counting from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            name = part if _BARE.fullmatch(part) else '"' + part.replace("\n", "\\n")[:80] + '"'
            text += f".{name}" if text else name
    return text
