"""Explain any entry by name, with cross references, as plain data in both languages (it goes straight to JSON).

`show(library, "lever", "clawback.multiple")` explains one entry; `find(library, "ZJ-CLAW-1")` finds the kind itself.
Texts are `{"zh": ..., "en": ...}`; places are `{"file": ..., "line": ...}`; quarters are written "2015Q2".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sim.parameters.above import NOBODY, from_above, stated_above
from sim.parameters.compose import chain_of
from sim.parameters.crossrefs import (
    Plain,
    alternative_data,
    both,
    choice_title,
    head,
    setting_data,
    settings_data,
    sources_data,
    unit_data,
    users,
    value_data,
    where,
)
from sim.parameters.errors import UnknownName, check_known, listed, nearest, shown
from sim.parameters.fills import fillings, takes
from sim.parameters.library import Library
from sim.parameters.readings import standings
from sim.parameters.records import Lever, Regime
from sim.parameters.texts import KINDS, Text


def show(library: Library, kind: str, name: str) -> Plain:
    """Explain one entry of a known kind.

    Args:
        library: the loaded files.
        kind: one of `SHOWN`, for example "regime" or "lever".
        name: its id or key.

    Raises:
        UnknownName: where kind or name does not exist.
    """
    check_known(kind, SHOWN, "name")
    records, explain = SHOWN[kind]
    known: Mapping[str, Any] = getattr(library, records)
    check_known(name, sorted(known), kind)
    return {"kind": kind, "id": name, **explain(library, known[name])}


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
    raise UnknownName(
        "unknown_name",
        found=shown(name),
        suggestion=nearest(name, names),
        allowed=listed(f"{kind} {key}" for kind, key in titled),
        details={"kind": KINDS["name"]},
    )


def _by_title(library: Library, name: str) -> list[tuple[str, str]]:
    wanted = name.strip().casefold()
    return [
        (kind, key)
        for kind, (records, _) in SHOWN.items()
        for key, record in getattr(library, records).items()
        if isinstance(getattr(record, "title", None), Text)
        and wanted in (record.title.zh.casefold(), record.title.en.casefold())
    ]


# One function per kind.


def show_regime(library: Library, regime: Regime) -> Plain:
    """Explain a regime: its chain, every value with date and clause, and what it leaves unstated."""
    chain = chain_of(regime.id, library.regimes)
    own = [setting_data(library, regime, setting) for setting in regime.values]
    below = [setting_data(library, base, setting) for base in chain[:-1] for setting in base.values]
    return {
        "title": regime.title.as_dict(),
        "summary": regime.summary.as_dict(),
        "authority": regime.authority.as_dict(),
        "level": regime.level,
        "home": _home(library, regime),
        "announced": str(regime.announced),
        "effective": str(regime.effective),
        "extends": regime.extends,
        "chain": [base.id for base in chain],
        "source": sources_data(library, regime.source),
        "unstated": [text.as_dict() for text in regime.unstated],
        "fills": offers(library, chain),
        "values": own,
        "inherited": below,
        "above": _above(library, chain),
        "from_above": [setting_data(library, *one) for one in from_above(library, chain)],
        "stands_above": [one.id for one in library.regimes.values() if stated_above([one]) == regime.id],
        "extended_by": [other.id for other in library.regimes.values() if other.extends == regime.id],
        "studies": [
            study.id
            for study in library.studies.values()
            if any(scenario.regime == regime.id for scenario in study.scenarios)
        ],
        "where": where(library, regime.place),
    }


def _above(library: Library, chain: list[Regime]) -> Plain | None:
    name = stated_above(chain)
    return None if name == NOBODY else {"id": name, "title": library.regimes[name].title.as_dict()}


def _home(library: Library, regime: Regime) -> Plain | None:
    world = library.worlds.get(regime.home or "")
    return None if world is None else {"id": world.id, "title": world.title.as_dict()}


def offers(library: Library, chain: list[Regime]) -> list[Plain]:
    """Return the fills that would set a lever which a regime leaves unstated, and which levers."""
    found = []
    for fill in library.fills.values():
        lent = {fill.id: chain_of(fill.regime, library.regimes)}
        _, filled = fillings([fill], chain, lent, library.levers)
        if filled and fill.regime not in [regime.id for regime in chain]:
            found.append({"id": fill.id, "title": fill.title.as_dict(), "levers": list(filled)})
    return found


def show_fill(library: Library, fill: Any) -> Plain:
    """Explain a fill: the regime that lends, what it takes, and every value with its clause."""
    lent = [
        setting_data(library, regime, setting)
        for regime in chain_of(fill.regime, library.regimes)
        for setting in regime.values
        if takes(fill, setting.lever)
    ]
    uses = [one.id for one in library.studies.values() if any(fill.id in scenario.fill for scenario in one.scenarios)]
    return {**head(fill, library), "from_regime": fill.regime, "take": list(fill.take), "studies": uses, "values": lent}


def show_lever(library: Library, lever: Lever) -> Plain:
    """Explain a lever: range, inert value, sources, reading, and which regime sets it to what, when, by what clause."""
    reading = library.readings.get(lever.reading or "")
    return {
        **head(lever, library),
        "instrument": lever.instrument,
        "type": lever.type,
        "unit": unit_data(library, lever.unit),
        "min": lever.min,
        "max": lever.max,
        "inert": value_data(lever, lever.inert),
        "inert_title": choice_title(lever, lever.inert),
        "choices": [{"id": choice.id, "title": choice.title.as_dict()} for choice in lever.choices],
        "source": sources_data(library, lever.source),
        "evidence": lever.evidence,
        "reading": None if reading is None else {"id": reading.id, "question": reading.question.as_dict()},
        "bounds": [other.key for other in library.levers.values() if lever.key in (other.min, other.max)],
        "set_by": settings_data(library, lambda setting: setting.lever == lever.key),
    }


def show_instrument(library: Library, instrument: Any) -> Plain:
    """Explain an instrument: its levers, the clauses it takes up and the regimes that use it."""
    levers = [library.levers[key] for key in instrument.levers]
    uses = settings_data(library, lambda setting: setting.lever in instrument.levers)
    return {
        **head(instrument, library),
        "levers": [
            {
                "id": lever.key,
                "title": lever.title.as_dict(),
                "what": lever.what.as_dict(),
                "type": lever.type,
                "unit": unit_data(library, lever.unit),
                "inert": value_data(lever, lever.inert),
            }
            for lever in levers
        ],
        "clauses": sources_data(
            library, [clause.id for clause in library.clauses.values() if clause.instrument == instrument.id]
        ),
        "regimes": list(dict.fromkeys(use["regime"] for use in uses)),
        "set_by": uses,
    }


def show_clause(library: Library, clause: Any) -> Plain:
    """Explain a clause: what it says, where, and the levers, values and constants that it feeds."""
    instrument = library.instruments.get(clause.instrument)
    return {
        "text": clause.text.as_dict(),
        "instrument": clause.instrument,
        "instrument_title": None if instrument is None else instrument.title.as_dict(),
        "status": clause.status,
        "numbers": both(clause.numbers),
        "timing": both(clause.timing),
        "context": both(clause.context),
        "source": clause.source,
        "quote": clause.quote,
        "where": where(library, clause.place),
        **users(library, clause.id),
    }


def show_fact(library: Library, fact: Any) -> Plain:
    """Explain a fact: value, region, period, source, reliability, and what rests on it."""
    parts = {
        name: getattr(fact, name).as_dict() for name in ("title", "value", "region", "period", "source", "reliability")
    }
    return {**parts, "where": where(library, fact.place), **users(library, fact.id)}


def show_reading(library: Library, reading: Any) -> Plain:
    """Explain an ambiguity: the question, its alternatives with their lever values, the default and why, whether and
    in which regimes it matters, and the levers that carry it.
    """
    keys = dict.fromkeys([*reading.levers, *(one.key for one in library.levers.values() if one.reading == reading.id)])
    return {
        "question": reading.question.as_dict(),
        "default": reading.default,
        "reason": reading.reason.as_dict(),
        "alternatives": [alternative_data(library, one) for one in reading.alternatives],
        "matters": reading.idle is None,
        "why_not": both(reading.idle),
        "applies": [
            {"id": one.regime, "taken": list(one.taken), "others": [other.alternative for other in one.variants]}
            for one in standings(library, reading.id)
        ],
        "needs": list(reading.needs),
        "source": list(reading.source),
        "where": where(library, reading.place),
        "levers": [{"id": key, "title": library.levers[key].title.as_dict()} for key in keys],
        "set_by": settings_data(library, lambda setting: setting.lever in keys),
    }


def show_uncertainty(library: Library, one: Any) -> Plain:
    """Explain an uncertainty: its prior, evidence and sources."""
    return {
        **head(one, library),
        "unit": unit_data(library, one.unit),
        "central": one.central,
        "low": one.low,
        "high": one.high,
        "distribution": one.distribution,
        "params": _listed(one.params),
        "source": sources_data(library, one.source),
        "evidence": one.evidence,
    }


def _listed(params: Mapping[str, object]) -> Plain:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in params.items()}


def show_constant(library: Library, one: Any) -> Plain:
    """Explain a constant: value, unit and sources."""
    return {
        **head(one, library),
        "unit": unit_data(library, one.unit),
        "value": one.value,
        "source": sources_data(library, one.source),
        "evidence": one.evidence,
    }


def show_world(library: Library, world: Any) -> Plain:
    """Explain a world: its head, and the names of what its file holds."""
    entry = world.data["world"]
    what = entry.get("what")
    return {
        "title": world.title.as_dict(),
        "what": dict(what) if isinstance(what, dict) else None,
        "start": str(entry.get("start", "")),
        "digest": world.digest,
        "where": where(library, world.place),
        "holds": {
            key: len(part) for key, part in world.data.items() if key != "world" and isinstance(part, (dict, list))
        },
        "studies": [
            study.id
            for study in library.studies.values()
            if any(scenario.world == world.id for scenario in study.scenarios)
        ],
    }


def show_study(library: Library, study: Any) -> Plain:
    """Explain a study: its scenarios and number of replicates."""
    scenarios = [
        {
            "id": one.id,
            "title": one.title.as_dict(),
            "regime": one.regime,
            "world": one.world,
            "start": None if one.start is None else str(one.start),
            "quarters": one.quarters,
            "effective": None if one.effective is None else str(one.effective),
            "set": {key: value_data(library.levers[key], value) for key, value in one.set.items()},
            "behaviour": dict(one.behaviour),
            "fill": list(one.fill),
        }
        for one in study.scenarios
    ]
    return {**head(study, library), "replicates": study.replicates, "scenarios": scenarios}


def show_unit(library: Library, unit: Any) -> Plain:
    """Explain a unit: title, symbol, and what is measured in it."""
    uses = {"levers": library.levers, "uncertainties": library.uncertainties, "constants": library.constants}
    return {
        "title": unit.title.as_dict(),
        "symbol": unit.symbol.as_dict(),
        "where": where(library, unit.place),
        **{
            name: [key for key, one in records.items() if one.unit == unit.id]  # type: ignore[attr-defined]
            for name, records in uses.items()
        },
    }


SHOWN: Mapping[str, tuple[str, Callable[[Library, Any], Plain]]] = {
    "regime": ("regimes", show_regime),
    "fill": ("fills", show_fill),
    "lever": ("levers", show_lever),
    "instrument": ("instruments", show_instrument),
    "clause": ("clauses", show_clause),
    "fact": ("facts", show_fact),
    "reading": ("readings", show_reading),
    "uncertainty": ("uncertainties", show_uncertainty),
    "constant": ("constants", show_constant),
    "study": ("studies", show_study),
    "world": ("worlds", show_world),
    "unit": ("units", show_unit),
}
"""Kind -> the library's mapping and the function that explains one record of it."""
