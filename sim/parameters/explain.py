"""Explain any entry by name, with cross references, as plain data in both languages (it goes straight to JSON).

`show(library, "lever", "clawback.multiple")` explains one entry; `find(library, "ZJ-CLAW-1")` finds the kind itself.
Texts are `{"zh": ..., "en": ...}`; places are `{"file": ..., "line": ...}`; quarters are written "2015Q2".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.parameters.compose import chain_of
from sim.parameters.errors import InputError, UnknownName, listed, nearest, shown
from sim.parameters.library import Library
from sim.parameters.read import Document, read_document
from sim.parameters.records import INDUSTRIES, Constant, Lever, Parts, Place, Regime, Setting, Uncertainty, Value
from sim.parameters.texts import KINDS, Text

Plain = dict[str, Any]


def show(library: Library, kind: str, name: str) -> Plain:
    """Explain one entry of a known kind.

    Args:
        library: the loaded files.
        kind: one of `SHOWN`, for example "regime" or "lever".
        name: its id or key.

    Raises:
        UnknownName: where kind or name does not exist.
    """
    if kind not in SHOWN:
        raise UnknownName("unknown_name", found=shown(kind), allowed=listed(SHOWN), suggestion=nearest(kind, SHOWN),
                          details={"kind": KINDS["name"]})
    records, explain = SHOWN[kind]
    known: Mapping[str, Any] = getattr(library, records)
    if name not in known:
        raise UnknownName("unknown_name", found=shown(name), allowed=listed(sorted(known)),
                          suggestion=nearest(name, known), details={"kind": KINDS[kind]})
    return {"kind": kind, "kind_title": KINDS[kind].as_dict(), "id": name, **explain(library, known[name])}


def find(library: Library, name: str) -> Plain:
    """Explain the entry of this name, whatever its kind; `also` lists further kinds with an entry of that name.

    A Chinese or English title will do where it belongs to one entry only.

    Raises:
        UnknownName: where nothing has this name; it proposes the nearest name.
    """
    kinds = [kind for kind, (records, _) in SHOWN.items() if name in getattr(library, records)]
    if kinds:
        return {**show(library, kinds[0], name), "also": kinds[1:]}
    titled = _by_title(library, name)
    if len(titled) == 1:
        return {**show(library, *titled[0]), "also": []}
    names = {key for records, _ in SHOWN.values() for key in getattr(library, records)}
    raise UnknownName("unknown_name", found=shown(name), suggestion=nearest(name, names),
                      allowed=listed(f"{kind} {key}" for kind, key in titled), details={"kind": KINDS["name"]})


def _by_title(library: Library, name: str) -> list[tuple[str, str]]:
    wanted = name.strip().casefold()
    return [(kind, key) for kind, (records, _) in SHOWN.items() for key, record in getattr(library, records).items()
            if isinstance(getattr(record, "title", None), Text)
            and wanted in (record.title.zh.casefold(), record.title.en.casefold())]


# The parts that several kinds share.


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else text.as_dict()


def _where(library: Library, place: Place) -> Plain:
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


def _source(library: Library, name: str) -> Plain:
    """Return what an id of a clause or fact refers to."""
    if name in library.clauses:
        return {"id": name, "kind": "clause", "title": library.clauses[name].text.as_dict()}
    if name in library.facts:
        return {"id": name, "kind": "fact", "title": library.facts[name].title.as_dict()}
    return {"id": name, "kind": None, "title": None}


def _sources(library: Library, names: Iterable[str]) -> list[Plain]:
    return [_source(library, name) for name in names]


def _unit(library: Library, name: str) -> Plain | None:
    unit = library.units.get(name)
    return None if unit is None else {"id": name, "title": unit.title.as_dict(), "symbol": unit.symbol.as_dict()}


def value_data(lever: Lever, value: Value | Parts) -> Any:
    """Return a lever value as JSON data: `by_industry` as a table, leaving out industries not mentioned."""
    if lever.type == "by_industry" and isinstance(value, tuple):
        return {name: part for name, part in zip(INDUSTRIES, value, strict=True) if part is not None}
    return list(value) if isinstance(value, tuple) else value


def _choice_title(lever: Lever, value: object) -> dict[str, str] | None:
    return next((choice.title.as_dict() for choice in lever.choices if choice.id == value), None)


def _setting(library: Library, regime: Regime, setting: Setting) -> Plain:
    """Return one value of a regime with its dates, clauses and place."""
    lever = library.levers[setting.lever]
    return {
        "regime": regime.id, "regime_title": regime.title.as_dict(), "lever": lever.key,
        "lever_title": lever.title.as_dict(), "instrument": lever.instrument, "unit": _unit(library, lever.unit),
        "value": value_data(lever, setting.value), "value_title": _choice_title(lever, setting.value),
        "inert": value_data(lever, lever.inert), "from": str(setting.first),
        "to": None if setting.last is None else str(setting.last), "one_quarter_only": setting.dated,
        "clause": _sources(library, setting.clause), "evidence": setting.evidence, "note": _both(setting.note),
        "where": _where(library, setting.place),
    }


def _settings(library: Library, wanted: Callable[[Setting], bool]) -> list[Plain]:
    return [_setting(library, regime, setting) for regime in library.regimes.values() for setting in regime.values
            if wanted(setting)]


def _head(record: Any, library: Library) -> Plain:
    return {"title": record.title.as_dict(), "what": record.what.as_dict(), "where": _where(library, record.place)}


# One function per kind.


def show_regime(library: Library, regime: Regime) -> Plain:
    """Explain a regime: its chain, every value with date and clause, and what it leaves unstated."""
    chain = chain_of(regime.id, library.regimes)
    own = [_setting(library, regime, setting) for setting in regime.values]
    below = [_setting(library, base, setting) for base in chain[:-1] for setting in base.values]
    return {
        "title": regime.title.as_dict(), "summary": regime.summary.as_dict(), "authority": regime.authority.as_dict(),
        "level": regime.level, "announced": str(regime.announced), "effective": str(regime.effective),
        "extends": regime.extends, "chain": [base.id for base in chain], "source": _sources(library, regime.source),
        "unstated": [text.as_dict() for text in regime.unstated], "values": own, "inherited": below,
        "extended_by": [other.id for other in library.regimes.values() if other.extends == regime.id],
        "studies": [study.id for study in library.studies.values()
                    if any(scenario.regime == regime.id for scenario in study.scenarios)],
        "where": _where(library, regime.place),
    }


def show_lever(library: Library, lever: Lever) -> Plain:
    """Explain a lever: range, inert value, sources, reading, and which regime sets it to what, when, by what clause."""
    reading = library.readings.get(lever.reading or "")
    return {
        **_head(lever, library), "instrument": lever.instrument, "type": lever.type,
        "unit": _unit(library, lever.unit), "min": lever.min, "max": lever.max,
        "inert": value_data(lever, lever.inert), "inert_title": _choice_title(lever, lever.inert),
        "choices": [{"id": choice.id, "title": choice.title.as_dict()} for choice in lever.choices],
        "source": _sources(library, lever.source), "evidence": lever.evidence,
        "reading": None if reading is None else {"id": reading.id, "question": reading.question.as_dict()},
        "bounds": [other.key for other in library.levers.values() if lever.key in (other.min, other.max)],
        "set_by": _settings(library, lambda setting: setting.lever == lever.key),
    }


def show_instrument(library: Library, instrument: Any) -> Plain:
    """Explain an instrument: its levers, the clauses it takes up and the regimes that use it."""
    levers = [library.levers[key] for key in instrument.levers]
    uses = _settings(library, lambda setting: setting.lever in instrument.levers)
    return {
        **_head(instrument, library),
        "levers": [{"id": lever.key, "title": lever.title.as_dict(), "what": lever.what.as_dict(), "type": lever.type,
                    "unit": _unit(library, lever.unit), "inert": value_data(lever, lever.inert)} for lever in levers],
        "clauses": _sources(library, [clause.id for clause in library.clauses.values()
                                      if clause.instrument == instrument.id]),
        "regimes": list(dict.fromkeys(use["regime"] for use in uses)), "set_by": uses,
    }


def _users(library: Library, name: str) -> Plain:
    """Return everything that rests on a clause or fact."""
    levers = [lever for lever in library.levers.values() if name in lever.source]
    numbers: list[Uncertainty | Constant] = [*library.uncertainties.values(), *library.constants.values()]
    return {
        "levers": [{"id": lever.key, "title": lever.title.as_dict()} for lever in levers],
        "set_by": _settings(library, lambda setting: name in setting.clause),
        "regimes": [regime.id for regime in library.regimes.values() if name in regime.source],
        "uncertainties": [one.key for one in library.uncertainties.values() if name in one.source],
        "constants": [one.key for one in library.constants.values() if name in one.source],
        "readings": [one.id for one in library.readings.values() if _mentions(one.source, name)],
        "acts": bool(levers) or any(name in one.source for one in numbers)
        or any(name in setting.clause for regime in library.regimes.values() for setting in regime.values),
    }


def _mentions(sources: Iterable[str], name: str) -> bool:
    return any(name == word.strip(",;，；、()（）") for source in sources for word in source.split())


def show_clause(library: Library, clause: Any) -> Plain:
    """Explain a clause: what it says, where, and the levers, values and constants that it feeds."""
    instrument = library.instruments.get(clause.instrument)
    return {
        "text": clause.text.as_dict(), "instrument": clause.instrument,
        "instrument_title": None if instrument is None else instrument.title.as_dict(), "status": clause.status,
        "numbers": _both(clause.numbers), "timing": _both(clause.timing), "source": clause.source,
        "where": _where(library, clause.place), **_users(library, clause.id),
    }


def show_fact(library: Library, fact: Any) -> Plain:
    """Explain a fact: value, region, period, source, reliability, and what rests on it."""
    parts = {name: getattr(fact, name).as_dict() for name in
             ("title", "value", "region", "period", "source", "reliability")}
    return {**parts, "where": _where(library, fact.place), **_users(library, fact.id)}


def show_reading(library: Library, reading: Any) -> Plain:
    """Explain an ambiguity: the question, its alternatives, the default and why, and the levers that carry it."""
    keys = dict.fromkeys([*reading.levers, *(one.key for one in library.levers.values() if one.reading == reading.id)])
    return {
        "question": reading.question.as_dict(), "default": reading.default, "reason": reading.reason.as_dict(),
        "alternatives": [{"id": one.id, "text": one.text.as_dict()} for one in reading.alternatives],
        "source": list(reading.source), "where": _where(library, reading.place),
        "levers": [{"id": key, "title": library.levers[key].title.as_dict()} for key in keys],
        "set_by": _settings(library, lambda setting: setting.lever in keys),
    }


def show_uncertainty(library: Library, one: Any) -> Plain:
    """Explain an uncertainty: its prior, evidence and sources."""
    return {
        **_head(one, library), "unit": _unit(library, one.unit), "central": one.central, "low": one.low,
        "high": one.high, "distribution": one.distribution, "params": _listed(one.params),
        "source": _sources(library, one.source), "evidence": one.evidence,
    }


def _listed(params: Mapping[str, object]) -> Plain:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}


def show_constant(library: Library, one: Any) -> Plain:
    """Explain a constant: value, unit and sources."""
    return {**_head(one, library), "unit": _unit(library, one.unit), "value": one.value,
            "source": _sources(library, one.source), "evidence": one.evidence}


def show_world(library: Library, world: Any) -> Plain:
    """Explain a world: its head, and the names of what its file holds."""
    head = world.data["world"]
    what = head.get("what")
    return {
        "title": world.title.as_dict(), "what": dict(what) if isinstance(what, dict) else None,
        "start": str(head.get("start", "")), "digest": world.digest, "where": _where(library, world.place),
        "holds": {key: len(part) for key, part in world.data.items()
                  if key != "world" and isinstance(part, (dict, list))},
        "studies": [study.id for study in library.studies.values()
                    if any(scenario.world == world.id for scenario in study.scenarios)],
    }


def show_study(library: Library, study: Any) -> Plain:
    """Explain a study: its scenarios and number of replicates."""
    scenarios = [{
        "id": one.id, "title": one.title.as_dict(), "regime": one.regime, "world": one.world, "start": str(one.start),
        "quarters": one.quarters, "effective": None if one.effective is None else str(one.effective),
        "set": {key: value_data(library.levers[key], value) for key, value in one.set.items()},
        "behaviour": dict(one.behaviour),
    } for one in study.scenarios]
    return {**_head(study, library), "replicates": study.replicates, "scenarios": scenarios}


def show_unit(library: Library, unit: Any) -> Plain:
    """Explain a unit: title, symbol, and what is measured in it."""
    uses = {"levers": library.levers, "uncertainties": library.uncertainties, "constants": library.constants}
    return {"title": unit.title.as_dict(), "symbol": unit.symbol.as_dict(), "where": _where(library, unit.place),
            **{name: [key for key, one in records.items() if one.unit == unit.id]  # type: ignore[attr-defined]
               for name, records in uses.items()}}


SHOWN: Mapping[str, tuple[str, Callable[[Library, Any], Plain]]] = {
    "regime": ("regimes", show_regime), "lever": ("levers", show_lever),
    "instrument": ("instruments", show_instrument), "clause": ("clauses", show_clause), "fact": ("facts", show_fact),
    "reading": ("readings", show_reading), "uncertainty": ("uncertainties", show_uncertainty),
    "constant": ("constants", show_constant), "study": ("studies", show_study), "world": ("worlds", show_world),
    "unit": ("units", show_unit),
}
"""Kind -> the library's mapping and the function that explains one record of it."""
