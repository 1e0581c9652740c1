"""One catalogue of all that the product says: message id -> language -> text with named gaps.

The first part of an id names the file: ``attribution.head`` stands in ``catalogue/attribution.toml``, tables in a file
are further parts. A file is read when something in it is first said. Further languages lie in folders beside the
language files (``languages/<code>/<topic>.toml``, the same ids with a plain text each); what they lack is said in
English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from report.text.language import FALLBACK, LANGS, folders
from sim.parameters.texts import Text

CODES = {*LANGS, "any"}
FOLDER = Path(__file__).with_name("catalogue")


def say(id: str, lang: str, /, **values: object) -> str:
    """A sentence of the catalogue in ``lang`` with its gaps filled.

    Raises:
        KeyError: There is no such message, or a gap is left open.
    """
    return template(id, lang).format(**{name: spoken(value, lang) for name, value in values.items()})


def spoken(words: object, lang: str) -> Any:
    """A title in a language, in English where it lacks that one; whatever is no title stays as it is."""
    if isinstance(words, Text):
        return words[lang]
    return words.get(lang) or words[FALLBACK] if isinstance(words, Mapping) else words


def template(id: str, lang: str) -> str:
    """A sentence with its gaps open."""
    texts = topic(id.partition(".")[0])[id]
    return texts.get(lang) or texts.get(FALLBACK) or texts["any"]


def has(id: str) -> bool:
    """Whether there is such a message."""
    return id in topic(id.partition(".")[0])


def under(head: str) -> tuple[str, ...]:
    """Ids of a table, in the order of the file: ``under("doses.menu")``."""
    return tuple(id for id in topic(head.partition(".")[0]) if id.startswith(f"{head}."))


def topics() -> tuple[str, ...]:
    """Names of the files."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def topic(name: str) -> Mapping[str, Mapping[str, str]]:
    """All messages of a file by id, each by language."""
    found = {id: dict(texts) for id, texts in _leaves(name, _read(FOLDER / f"{name}.toml"))}
    for folder in folders():
        for code in LANGS:
            for id, text in _leaves(name, _read(folder / code / f"{name}.toml")):
                if id in found:
                    found[id][code] = text
    return found


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _leaves(head: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, entry in table.items():
        if isinstance(entry, Mapping) and not entry.keys() <= CODES:
            yield from _leaves(f"{head}.{name}", entry)
        else:
            yield f"{head}.{name}", entry
