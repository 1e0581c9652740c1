"""Every sentence of the command line by message id, in Chinese and English, and which language to speak."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LANGS: tuple[str, ...] = ("zh", "en")

FOLDER = Path(__file__).with_name("catalogue")


def _read(folder: Path) -> dict[str, tuple[str, str]]:
    """All tables of a folder as one; an id stands in one file only."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        entries = dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
        if twice := found.keys() & entries.keys():
            raise ValueError(f"{path.name} repeats {sorted(twice)}")
        found |= entries
    return found


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """Messages of a table and of the tables in it, whose names stand before theirs: ``brief.title``."""
    for name, entry in table.items():
        if isinstance(entry.get("zh"), str):
            yield before + name, (entry["zh"], entry["en"])
        else:
            yield from _flat(entry, f"{before}{name}.")


MESSAGES: Mapping[str, tuple[str, str]] = _read(FOLDER)
"""Message id -> (中文, English)."""


def template(message: str, lang: str) -> str:
    """A message in ``lang`` with its placeholders open."""
    return MESSAGES[message][0 if lang == "zh" else 1]


def say(message: str, lang: str, **values: object) -> str:
    """A message in ``lang`` ("zh" or "en") with its placeholders filled."""
    return template(message, lang).format(**values)


class CommandError(Exception):
    """A line that cannot be carried out as written.

    Attributes:
        message_id: Id in :data:`MESSAGES`.
        values: What fills the placeholders.
        allowed: Names that may stand there.
        suggestion: What was probably meant.
        command: The command whose help tells more.
    """

    def __init__(
        self, message_id: str, *, allowed: Sequence[str] = (), suggestion: str = "", command: str = "", **values: object
    ) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.values = values
        self.allowed = tuple(allowed)
        self.suggestion = suggestion
        self.command = command

    def render(self, lang: str = "en") -> str:
        """The whole message: what is wrong, then what was probably meant and what is allowed."""
        lines = [say(self.message_id, lang, **self.values)]
        if self.suggestion:
            lines.append("    " + say("did_you_mean", lang, name=self.suggestion))
        if self.allowed:
            joiner = "、" if lang == "zh" else ", "
            lines.append("    " + say("allowed", lang, names=joiner.join(self.allowed)))
        if self.command:
            lines.append("    " + say("see_help", lang, command=self.command))
        return "\n".join(lines)


def nearest(word: str, names: Sequence[str]) -> str:
    """The name nearest to a misspelt word, or nothing where none is near."""
    import difflib

    close = difflib.get_close_matches(word[:80], names, n=1, cutoff=0.6)
    return close[0] if close else ""


def language(arguments: Sequence[str] = ()) -> str:
    """The language to speak: ``--lang`` in the line, else XIAOZHEN_LANG, else the system's.

    Args:
        arguments: The command line, not yet parsed.
    """
    for i, word in enumerate(arguments):
        after = arguments[i + 1] if i + 1 < len(arguments) else ""
        asked = word[7:] if word.startswith("--lang=") else after if word == "--lang" else ""
        if asked in LANGS:
            return asked
    chosen = os.environ.get("XIAOZHEN_LANG", "")
    if chosen in LANGS:
        return chosen
    return "zh" if system_locale().lower().startswith(("zh", "chinese")) else "en"


def system_locale() -> str:
    """Name of the system's language setting, such as ``zh_CN.UTF-8``; empty where there is none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    if os.name != "nt":
        return ""
    import locale

    return locale.getlocale()[0] or ""
