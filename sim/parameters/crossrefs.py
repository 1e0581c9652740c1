"""The parts of an explanation that several kinds share: places, sources, values, and who rests on a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sim.parameters.errors import InputError
from sim.parameters.library import Library
from sim.parameters.read import Document, read_document
from sim.parameters.records import (
    INDUSTRIES,
    Alternative,
    Constant,
    Lever,
    Parts,
    Place,
    Regime,
    Setting,
    Uncertainty,
    Value,
)
from sim.parameters.texts import Text

Plain = dict[str, Any]


def both(text: Text | None) -> dict[str, str] | None:
    """Return a text as JSON data, or None."""
    return None if text is None else text.as_dict()


def where(library: Library, place: Place) -> Plain:
    """Return file and line of an entry; the line is None where the file cannot be read any more."""
    document = _document(library, place.file)
    return {"file": place.file, "line": document.line(place.path) if document else None}


_read: dict[tuple[Path, int], Document | None] = {}


def _document(library: Library, file: str) -> Document | None:
    """Return a scenario file for its line numbers, read once as long as it does not change."""
    path = library.root.joinpath(*file.split("/")[1:])
    try:
        mark = (path, path.stat().st_mtime_ns)
        if mark not in _read:
            _read[mark] = read_document(path, file)
        return _read[mark]
    except (OSError, InputError):
        return None


def source_data(library: Library, name: str) -> Plain:
    """Return what an id of a clause or fact refers to."""
    if name in library.clauses:
        return {"id": name, "kind": "clause", "title": library.clauses[name].text.as_dict()}
    if name in library.facts:
        return {"id": name, "kind": "fact", "title": library.facts[name].title.as_dict()}
    return {"id": name, "kind": None, "title": None}


def sources_data(library: Library, names: Iterable[str]) -> list[Plain]:
    """Return what each of some clause or fact ids refers to."""
    return [source_data(library, name) for name in names]


def unit_data(library: Library, name: str) -> Plain | None:
    """Return a unit as JSON data, or None where there is none."""
    unit = library.units.get(name)
    return None if unit is None else {"id": name, "title": unit.title.as_dict(), "symbol": unit.symbol.as_dict()}


def value_data(lever: Lever, value: Value | Parts) -> Any:
    """Return a lever value as JSON data: `by_industry` as a table, leaving out industries not mentioned."""
    if lever.type == "by_industry" and isinstance(value, tuple):
        return {name: part for name, part in zip(INDUSTRIES, value, strict=True) if part is not None}
    return list(value) if isinstance(value, tuple) else value


def choice_title(lever: Lever, value: object) -> dict[str, str] | None:
    """Return the title of a choice lever's option, or None."""
    return next((choice.title.as_dict() for choice in lever.choices if choice.id == value), None)


def alternative_data(library: Library, one: Alternative) -> Plain:
    """Return one meaning of an ambiguity with the lever values that realise it."""
    return {
        "id": one.id,
        "text": one.text.as_dict(),
        "set": {key: value_data(library.levers[key], value) for key, value in one.set.items()},  # type: ignore[arg-type]
        "as_stated": one.as_stated,
        "unrun": both(one.unrun),
    }


def setting_data(library: Library, regime: Regime, setting: Setting) -> Plain:
    """Return one value of a regime with its dates, clauses and place."""
    lever = library.levers[setting.lever]
    return {
        "regime": regime.id,
        "regime_title": regime.title.as_dict(),
        "lever": lever.key,
        "lever_title": lever.title.as_dict(),
        "instrument": lever.instrument,
        "unit": unit_data(library, lever.unit),
        "value": value_data(lever, setting.value),
        "value_title": choice_title(lever, setting.value),
        "inert": value_data(lever, lever.inert),
        "from": str(setting.first),
        "to": None if setting.last is None else str(setting.last),
        "one_quarter_only": setting.dated,
        "clause": sources_data(library, setting.clause),
        "evidence": setting.evidence,
        "note": both(setting.note),
        "where": where(library, setting.place),
    }


def settings_data(library: Library, wanted: Callable[[Setting], bool]) -> list[Plain]:
    """Return the values of all regimes that are `wanted`."""
    return [
        setting_data(library, regime, setting)
        for regime in library.regimes.values()
        for setting in regime.values
        if wanted(setting)
    ]


def head(record: Any, library: Library) -> Plain:
    """Return title, description and place of an entry."""
    return {"title": record.title.as_dict(), "what": record.what.as_dict(), "where": where(library, record.place)}


def users(library: Library, name: str) -> Plain:
    """Return everything that rests on a clause or fact."""
    levers = [lever for lever in library.levers.values() if name in lever.source]
    numbers: list[Uncertainty | Constant] = [*library.uncertainties.values(), *library.constants.values()]
    return {
        "levers": [{"id": lever.key, "title": lever.title.as_dict()} for lever in levers],
        "set_by": settings_data(library, lambda setting: name in setting.clause),
        "regimes": [regime.id for regime in library.regimes.values() if name in regime.source],
        "uncertainties": [one.key for one in library.uncertainties.values() if name in one.source],
        "constants": [one.key for one in library.constants.values() if name in one.source],
        "readings": [one.id for one in library.readings.values() if _mentions(one.source, name)],
        "acts": bool(levers)
        or any(name in one.source for one in numbers)
        or any(name in setting.clause for regime in library.regimes.values() for setting in regime.values),
    }


def _mentions(sources: Iterable[str], name: str) -> bool:
    return any(name == word.strip(",;，；、()（）") for source in sources for word in source.split())
