"""Read one TOML file. Whatever the file is, the outcome is a `Document` or an `InputError`, never anything else."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from sim.parameters.errors import BrokenSyntax, DuplicateKey, InputError, UnreadableFile, Words
from sim.parameters.locate import Lines, written
from sim.parameters.locate import Path as KeyPath
from sim.parameters.texts import Phrase

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes; a larger file is refused unread."""


class Document:
    """A TOML file that was read, with the problems found in it.

    Attributes:
        file: the file as shown to the reader; "" for an override.
        data: the tables, as plain Python values.
        problems: what was found wrong so far.
    """

    def __init__(self, file: str, text: str, data: dict[str, Any]) -> None:
        self.file, self.data = file, data
        self.problems: list[InputError] = []
        self._text = text
        self._lines: Lines | None = None

    def line(self, path: KeyPath) -> int | None:
        """Return the line of a key path, found on first need, or None."""
        if not self._text:
            return None
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.of(path)

    def report(
        self,
        kind: type[InputError],
        message_id: str,
        path: KeyPath,
        /,
        *,
        found: Words = "",
        allowed: Words = "",
        suggestion: Words = "",
        **details: Words,
    ) -> None:
        """Note a problem at a key path."""
        key = written(path) if self.file else ".".join(str(part) for part in path)
        self.problems.append(
            kind(
                message_id,
                file=self.file,
                line=self.line(path),
                key=key,
                found=found,
                allowed=allowed,
                suggestion=suggestion,
                details=details,
            )
        )


DEEPEST = 100
"""Brackets in brackets that a file may have; no sound file has five."""
_BRACKETS = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]')


def _too_deep(text: str) -> bool:
    """Whether brackets stand in brackets so deep that the parser would run out of stack.

    Found before parsing: after a stack that ran out, Python 3.11 may have less of it for whatever comes later.
    """
    if all(line.count("[") + line.count("{") <= DEEPEST for line in text.splitlines()):
        return False
    depth = 0
    for found in _BRACKETS.finditer(text):
        sign = found.group()
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            return True
    return False


def read_document(path: Path, shown_as: str | None = None) -> Document:
    """Read a TOML file.

    Raises:
        UnreadableFile, BrokenSyntax, DuplicateKey: where the file cannot be read; each names file and line.
    """
    file = shown_as or path.as_posix()
    text = read_text(path, file)
    if _too_deep(text):
        raise BrokenSyntax("nesting", file=file)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        raise BrokenSyntax("nesting", file=file) from None
    except ValueError as problem:
        raise _syntax(problem, text, file) from None
    if not data:
        raise UnreadableFile("file_empty", file=file)
    return Document(file, text, data)


def read_text(path: Path, file: str) -> str:
    """Text of a UTF-8 input file, refused before reading when it cannot be one.

    Args:
        path: The file.
        file: Its name in messages.

    Raises:
        UnreadableFile: Missing, a folder, empty of text, too large, or not UTF-8.
    """
    return _decode(_bytes(path, file), file)


def _bytes(path: Path, file: str) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableFile("file_folder", file=file)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile("file_special", file=file)
        if status.st_size > LARGEST_FILE:
            raise UnreadableFile(
                "file_too_large", file=file, found=f"{status.st_size} B", allowed=f"≤ {LARGEST_FILE} B"
            )
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableFile("file_missing", file=file) from None
    except (OSError, ValueError):
        raise UnreadableFile("file_denied", file=file) from None


def _decode(raw: bytes, file: str) -> str:
    """Return the text of a UTF-8 file (a byte order mark is let pass)."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        at = problem.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        raise UnreadableFile(
            "file_encoding",
            file=file,
            line=raw.count(b"\n", 0, at) + 1,
            found=f"0x{raw[at]:02X}",
            allowed="UTF-8",
            suggestion=_other_encoding(raw),
            details={"offset": str(at)},
        ) from None
    if not text.strip():
        raise UnreadableFile("file_empty", file=file)
    return text


def _other_encoding(raw: bytes) -> Words:
    """Return what to do about a file in another common encoding, or ""."""
    name = ""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "UTF-16"
    else:
        try:
            raw.decode("gb18030")
            name = "GBK / GB 18030"
        except UnicodeDecodeError:
            return ""
    return Phrase("value.encoding", "save the file as UTF-8 (it may be {name})", {"name": name})


_POSITION = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")
_FULL_WIDTH = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "＝": "=",
    "，": ",",
    "［": "[",
    "］": "]",
    "｛": "{",
    "｝": "}",
    "：": "=",
    "．": ".",
    "＃": "#",
    "\u3000": " ",
    "【": "[",
    "】": "]",
}


def _syntax(problem: ValueError, text: str, file: str) -> InputError:
    """Turn a parser's complaint into a message of our own: a key written twice, or a broken line."""
    lines = Lines(text)
    twice = lines.duplicate
    position = _POSITION.search(str(problem))
    rows = text.splitlines() or [""]
    line = min(int(position[1]) if position else len(rows), len(rows))
    if twice and (not position or twice.second <= line + 1):
        return DuplicateKey(
            "duplicate_key", file=file, line=twice.second, key=written(twice.path), details={"first": str(twice.first)}
        )
    row = rows[line - 1].strip()
    return BrokenSyntax("syntax", file=file, line=line, found=row[:120], suggestion=_repair(row))


def _repair(row: str) -> str:
    """Return a broken line as it was probably meant, or "" where no guess is at hand."""
    mended = "".join(_FULL_WIDTH.get(character, character) for character in row)
    pair = re.fullmatch(r"([A-Za-z0-9_.-]+)\s*(?:=|:)\s*([^\"'\[{\s][^\"'#]*?)\s*", mended)
    if pair and not _is_toml(mended):
        mended = f"{pair[1]} = {_literal(pair[2])}"
    return mended[:120] if mended != row and _is_toml(mended) else ""


def _literal(word: str) -> str:
    """Return an unquoted word as the TOML value it was probably meant to be."""
    if re.fullmatch(r"[+-]?\.[0-9]+", word):
        return word.replace(".", "0.")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?\s*%", word):
        return f"{float(word.rstrip('% ')) / 100:g}"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", word):
        return word.replace(",", "")
    return word.lower() if word.lower() in ("true", "false") else json.dumps(word, ensure_ascii=False)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
