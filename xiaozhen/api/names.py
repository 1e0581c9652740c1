"""Names that can be asked for: every kind of entry in the scenario files, and the outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from report.pages import places
from report.pages.worlds import explain as figures
from report.text.errors import said
from report.text.language import LANGS
from sim.outcomes.records import OUTCOMES, YEARLY
from sim.parameters import Library, find
from sim.parameters import show as show_entry
from sim.parameters.errors import UnknownName, listed, nearest, shown
from sim.parameters.explain import SHOWN
from sim.parameters.texts import KINDS, Phrase
from xiaozhen.api.fitted import fit_of
from xiaozhen.api.library import load

PLURALS = {"study": "studies", "uncertainty": "uncertainties"}
"""Plurals that do more than add an s."""


def outcomes() -> Mapping[str, Any]:
    """Definitions of every outcome by id; where an id is both, that of the whole run."""
    return {**YEARLY, **OUTCOMES}


def kind_title(kind: str) -> dict[str, str]:
    """What a kind is called, by language."""
    return {lang: said(KINDS[kind], lang) for lang in LANGS}


def kinds() -> tuple[str, ...]:
    """Every kind of name."""
    return (*SHOWN, "outcome")


def plural(kind: str) -> str:
    """The word for all entries of a kind: "levers"."""
    return PLURALS.get(kind, kind + "s")


def kind_of(word: str) -> str | None:
    """The kind that a word names: "lever", "levers", "政策参数"."""
    for kind in kinds():
        if word in (kind, plural(kind), *kind_title(kind).values()):
            return kind
    return None


def records(library: Library, kind: str) -> Mapping[str, Any]:
    """All entries of a kind by name."""
    return outcomes() if kind == "outcome" else dict(getattr(library, SHOWN[kind][0]))


def title(record: Any) -> dict[str, str]:
    """What an entry is called; a clause is called by its own text and a reading by its question."""
    for field in ("title", "text", "question"):
        found = getattr(record, field, None)
        if found is not None:
            return dict(found) if isinstance(found, Mapping) else found.as_dict()
    return {}


def explain(library: Library, name: str, kind: str | None = None) -> dict[str, Any]:
    """Explain one name.

    Args:
        library: The loaded files.
        name: Id, key or title.
        kind: Its kind, where known.

    Raises:
        UnknownName: Where nothing has this name; it proposes the nearest.
    """
    if kind is not None:
        known = kind_of(kind)
        if known is None:
            raise _unknown(kind, list(kinds()), KINDS["name"])
        return _whole(library, _outcome(name) if known == "outcome" else show_entry(library, known, name))
    try:
        return _whole(library, find(library, name))
    except UnknownName:
        if name in outcomes():
            return _whole(library, _outcome(name))
        names = {key for one in kinds() for key in records(library, one)} | set(map(plural, kinds()))
        raise _unknown(name, sorted(names), KINDS["entry"], tell=False) from None


def _whole(library: Library, found: dict[str, Any]) -> dict[str, Any]:
    """Add to a world what its figures say, and to an uncertainty what the fit says."""
    found = {**found, "kind_title": kind_title(found["kind"])}
    if found.get("kind") == "uncertainty":
        return {**found, **fit_of(library, found["id"])}
    if found.get("kind") != "world":
        return found
    return {**found, **figures(found["id"])}


def _outcome(name: str) -> dict[str, Any]:
    if name not in outcomes():
        raise _unknown(name, list(outcomes()), KINDS["outcome"])
    found = outcomes()[name]
    fields = ("title", "definition", "population", "window", "unit", "kind", "better")
    parts = {field: getattr(found, field, None) for field in fields}
    parts["yearly_or_summary"] = parts.pop("kind")
    return {"kind": "outcome", "id": name, **parts}


def _unknown(name: str, known: list[str], kind: Phrase, tell: bool = True) -> UnknownName:
    allowed = listed(known) if tell else ""
    return UnknownName(
        "unknown_name", found=shown(name), allowed=allowed, suggestion=nearest(name, known), details={"kind": kind}
    )


def show(
    name: str, kind: str | None = None, *, towns: bool = False, map: str | Path | None = None, lang: str = "zh"
) -> dict[str, Any]:
    """Explain a regime, lever, clause, fact, reading, outcome ... as plain data in both languages.

    Args:
        name: Id, key or title.
        kind: Its kind, where known.
        towns: Of a world: add its town sites, with their counties, industries, and how sure each is.
        map: Of a world: draw its schematic map into this file (.png, .svg or .pdf).
        lang: Language of the map.

    Raises:
        InputError: Where nothing has this name.
        CommandError: Where the map cannot be written.
    """
    found = explain(load(), name, "world" if towns or map else kind)
    if map is not None:
        from xiaozhen.api.pictures import map_of  # heavy, and only pictures need it

        map_of(found["id"], map, lang)
    return found | ({"towns": places.document(found["id"])} if towns else {})


def listed_of(kind: str) -> list[dict[str, Any]]:
    """Every name of a kind: id, kind and title."""
    return [{"id": name, "kind": kind, "title": title(record)} for name, record in records(load(), kind).items()]
