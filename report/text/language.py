"""Languages: each is a file that says how its marks, numbers and units are written.

A file ``languages/<code>.toml`` beside this module makes a language; so does one in the folder that the environment
variable XIAOZHEN_LANGUAGES names. What a language leaves out is taken from English.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FALLBACK = "en"
OWN = Path(__file__).with_name("languages")


@dataclass(frozen=True)
class Language:
    """How a language is written.

    Attributes:
        code: Two letters, such as "zh".
        name: What it calls itself.
        system: How a system's setting of this language begins.
        marks: Marks and short words by name, such as "pause" or "open".
        numbers: Rules of numbers: ``one_drops``, ``myriad``.
        units: Unit id -> a number of it, ``{n}`` for the number.
        scale: Unit id -> what its numbers are multiplied with.
        every: What a sentence says after one was filled in -> how it is said: ``every 1 `` -> ``every ``.
        money: Steps of a sum in 万元, largest first: ``from``, ``divide``, ``text``.
    """

    code: str
    name: str
    system: tuple[str, ...]
    marks: Mapping[str, str]
    numbers: Mapping[str, str]
    units: Mapping[str, str]
    scale: Mapping[str, float]
    every: Mapping[str, str]
    money: tuple[Mapping[str, Any], ...]


def folders() -> tuple[Path, ...]:
    """Folders that hold languages: the product's own, then one of the user's."""
    more = os.environ.get("XIAOZHEN_LANGUAGES", "")
    return (OWN, Path(more)) if more else (OWN,)


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    """Language files by code, in the order in which languages are offered."""
    found = {path.stem: tomllib.loads(path.read_text("utf-8")) for f in folders() for path in sorted(f.glob("*.toml"))}
    return dict(sorted(found.items(), key=lambda item: (item[1].get("order", 9), item[0])))


@cache
def language(code: str) -> Language:
    """A language; English stands in for what its file leaves out, or for one that has no file."""
    english, own = _files()[FALLBACK], _files().get(code, {})
    tables = {name: english[name] | own.get(name, {}) for name in ("marks", "numbers", "units", "scale", "every")}
    tables["marks"] |= {"tag": own.get("marks", {}).get("tag", code)}
    money = tuple(own.get("money", english["money"]))
    return Language(code, own.get("name", code), tuple(own.get("system", (code,))), money=money, **tables)


LANGS: tuple[str, ...] = tuple(_files())
"""Codes of all languages."""


def chosen(arguments: Sequence[str] = ()) -> str:
    """The language to speak: ``--lang`` in the line, else XIAOZHEN_LANG, else the system's, else English.

    Args:
        arguments: The command line, not yet parsed.
    """
    for word, after in pairwise([*arguments, ""]):
        asked = word[7:] if word.startswith("--lang=") else after if word == "--lang" else ""
        if asked in LANGS:
            return asked
    if (wanted := os.environ.get("XIAOZHEN_LANG", "")) in LANGS:
        return wanted
    system = system_locale().lower()
    return next((code for code in LANGS if system.startswith(language(code).system)), FALLBACK)


def system_locale() -> str:
    """Name of the system's language setting, such as ``zh_CN.UTF-8``; empty where there is none."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return (locale.getlocale()[0] or "") if os.name == "nt" else ""


def mark(name: str, lang: str) -> str:
    """A mark or short word, such as "pause" (、) or "stop" (。)."""
    return language(lang).marks[name]


def listed(parts: Iterable[str], lang: str, between: str = "pause") -> str:
    """Parts with a mark between them."""
    return mark(between, lang).join(parts)


def joined(parts: Sequence[str], lang: str, last: str = "and") -> str:
    """A list in a sentence, with "and" (or another mark) before the last."""
    if len(parts) < 2:
        return "".join(parts)
    return listed(parts[:-1], lang) + mark(last, lang) + parts[-1]


def bracketed(text: str, lang: str) -> str:
    """A text in brackets, ready to follow a word; nothing for nothing."""
    return f"{mark('open', lang)}{text}{mark('close', lang)}" if text else ""
