"""Read units, clauses, facts, readings, uncertainties, constants and the heads of worlds."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping

from sim.parameters.errors import (
    DuplicateKey,
    MissingKey,
    MissingSource,
    OutOfBounds,
    UnknownKey,
    UnknownName,
    listed,
    nearest,
    shown,
)
from sim.parameters.names import Names, no_repeats, take_option, take_sources, take_unit
from sim.parameters.quarter import FIRST_QUARTER
from sim.parameters.read import Document
from sim.parameters.records import (
    APART,
    DISTRIBUTIONS,
    EVIDENCE,
    LONGEST_QUOTE,
    STATUS,
    Alternative,
    Clause,
    Constant,
    Fact,
    Frozen,
    Reading,
    Uncertainty,
    Unit,
    World,
)
from sim.parameters.tables import Table, as_float
from sim.parameters.texts import KINDS, SET_FORMS, TYPES, Text

OTHER_INSTRUMENT = "other"
"""What a clause names as its instrument where no instrument of the model takes it up."""

DISTRIBUTION_PARAMS: Mapping[str, tuple[str, ...]] = {
    "beta": ("a", "b"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "log_sd"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "fixed": (),
    "discrete": ("values", "weights"),
}


def read_unit(table: Table, name: str) -> Unit:
    """Read `[unit.NAME]`."""
    return Unit(name, table.both("title"), table.either("symbol"), table.place)


def read_clause(table: Table, name: str, names: Names) -> Clause:
    """Read `[clause.ID]`."""
    instrument = table.text("instrument")
    names.check(table, "instrument", instrument, "instrument", also=(OTHER_INSTRUMENT,))
    status = take_option(table, "status", STATUS)
    text = Text(table.text("zh"), table.text("en"))
    numbers, timing = table.either("numbers", False), table.either("timing", False)
    source, context = table.text("source"), table.both("context", needed=False)
    return Clause(
        name, instrument, status, text, numbers or None, timing or None, source, context or None, table.place,
        _quote(table), _apart(table),
    )  # fmt: skip


def _quote(table: Table) -> str:
    quote = table.text("quote", needed=False)
    if len(quote) > LONGEST_QUOTE:
        table.report(OutOfBounds, "out_of_bounds", "quote", found=str(len(quote)), allowed=f"≤ {LONGEST_QUOTE}")
    return quote


def _apart(table: Table) -> Frozen[str, str]:
    """Take why some numerals of a clause are not in its quote."""
    inner = table.table("apart", needed=False)
    if inner is None:
        return Frozen()
    found = Frozen({numeral: take_option(inner, numeral, APART) for numeral in inner.data})
    inner.close()
    return found


def read_fact(table: Table, name: str) -> Fact:
    """Read `[fact.ID]`."""
    return Fact(
        name,
        table.both("title"),
        table.either("value"),
        table.either("region"),
        table.either("period"),
        table.either("source"),
        table.either("reliability"),
        table.place,
    )


SetCheck = Callable[[Table, str], Mapping[str, object]]
"""Takes the lever values under a key of a table and checks them."""


def read_reading(table: Table, name: str, names: Names, check_set: SetCheck) -> Reading:
    """Read `[reading.ID]`."""
    matters = _flag(table, "matters", True)
    why = table.both("why", needed=not matters)
    if matters and why:
        table.report(UnknownKey, "reading_why", "why")
    alternatives = [_alternative(row, matters, names, check_set) for row in table.rows("alternatives", needed=True)]
    _no_twins(table, alternatives)
    options = [alternative.id for alternative in alternatives]
    no_repeats(table, "alternatives", options, "alternative")
    default = table.text("default")
    if default and options and default not in options:
        table.report(
            UnknownName,
            "unknown_name",
            "default",
            found=shown(default),
            allowed=listed(options),
            suggestion=nearest(default, options),
            kind=KINDS["alternative"],
        )
    named = {key: table.ids(key, needed=False) for key in ("levers", "needs", "regimes")}
    for key, kind in (("levers", "lever"), ("needs", "lever"), ("regimes", "regime")):
        names.check_all(table, key, named[key], kind)
    used = (key for one in alternatives for key in one.set)
    return Reading(
        name,
        table.both("question"),
        tuple(alternatives),
        default,
        table.both("reason"),
        tuple(dict.fromkeys((*named["levers"], *used))),
        _reading_source(table),
        named["needs"],
        named["regimes"],
        None if matters else why,
        table.place,
    )


def _flag(table: Table, key: str, default: bool) -> bool:
    value = table.take(key, False, TYPES["flag"])
    if value is not None and not isinstance(value, bool):
        table.wrong(key, value, "flag")
        return default
    return default if value is None else value


def _alternative(row: Table, matters: bool, names: Names, check_set: SetCheck) -> Alternative:
    """Read one meaning: its lever values, or that it is what the regime states, or why it cannot be run."""
    name, text = row.text("id"), Text(row.text("zh"), row.text("en"))
    stated, unrun = _flag(row, "as_stated", False), row.both("unrun", needed=False)
    values = check_set(row, "set")
    given = [key for key in ("set", "as_stated", "unrun") if key in row.data]
    if matters and not given:
        row.report(MissingKey, "alternative_unset", None, allowed=SET_FORMS)
    elif len(given) > 1 or (given and not matters):
        row.report(UnknownKey, "alternative_both" if matters else "alternative_idle", given[-1], allowed=SET_FORMS)
    needs = row.ids("needs", needed=False)
    names.check_all(row, "needs", needs, "lever")
    silent = _silent(row, names)
    row.close()
    return Alternative(name, text, Frozen(values), stated, unrun or None, needs, silent)


def _silent(row: Table, names: Names) -> Frozen[str, Text]:
    """Regimes in which a meaning changes no run, and why."""
    inner = row.table("silent", needed=False)
    if inner is None:
        return Frozen()
    names.check_all(inner, "silent", inner.data, "regime")
    found = Frozen({regime: inner.both(regime) for regime in list(inner.data)})
    inner.close()
    return found


def _no_twins(table: Table, alternatives: list[Alternative]) -> None:
    """Tell of two meanings that are the same lever values."""
    for place, one in enumerate(alternatives):
        first = next((other for other in alternatives[:place] if other.set == one.set), None)
        if one.set and first is not None:
            inner = Table(table.document, {}, (*table.path, "alternatives", place))
            inner.report(DuplicateKey, "alternative_twice", "set", found=shown(one.id), other=first.id)


def _reading_source(table: Table) -> tuple[str, ...]:
    """Take where an ambiguity was found: ids or places in the documents, not checked."""
    return table.ids("source", kind=MissingSource)


def read_uncertainty(table: Table, key: str, names: Names) -> Uncertainty:
    """Read `[uncertainty."KEY"]`."""
    title, what, unit = table.both("title"), table.both("what"), take_unit(table, names)
    central, low, high = table.number("central"), table.number("low"), table.number("high")
    if low > high:
        table.report(OutOfBounds, "bounds_order", "low", found=shown(low), allowed=f"≤ {high:g}")
    elif central < low or central > high:
        table.report(OutOfBounds, "central_outside", "central", found=shown(central), allowed=f"{low:g} … {high:g}")
    distribution = take_option(table, "distribution", DISTRIBUTIONS)
    params = _params(table, distribution)
    return Uncertainty(
        key,
        title,
        what,
        unit,
        central,
        low,
        high,
        distribution,
        Frozen(params),
        take_sources(table, names),
        take_option(table, "evidence", EVIDENCE),
        table.place,
    )


def _params(table: Table, distribution: str) -> dict[str, object]:
    """Take the numbers that give a distribution its shape."""
    inner = table.table("params", needed=distribution != "fixed")
    if inner is None:
        return {}
    found: dict[str, object] = {}
    for name in DISTRIBUTION_PARAMS.get(distribution, tuple(inner.data)):
        if distribution == "discrete":
            found[name] = _numbers(inner, name)
        elif distribution:
            found[name] = inner.number(name)
        else:
            inner.take(name, False, "")
    inner.close()
    return found


def _numbers(table: Table, key: str) -> tuple[float, ...]:
    value = table.take(key, True, TYPES["schedule"])
    if value is None:
        return ()
    if (
        not isinstance(value, list)
        or not value
        or any(
            isinstance(part, bool) or not isinstance(part, (int, float)) or not math.isfinite(as_float(part))
            for part in value
        )
    ):
        table.wrong(key, value, "schedule")
        return ()
    return tuple(float(part) for part in value)


def read_constant(table: Table, key: str, names: Names) -> Constant:
    """Read `[constant."KEY"]`."""
    return Constant(
        key,
        table.both("title"),
        table.both("what"),
        take_unit(table, names),
        table.number("value"),
        take_sources(table, names),
        take_option(table, "evidence", EVIDENCE),
        table.place,
    )


def read_world(document: Document) -> World | None:
    """Read the head of a world file; the rest is checked by the world room."""
    top = Table(document, document.data, ())
    head = top.table("world")
    top.allow_rest()
    if not top.close() or head is None:
        return None
    name, title, start = head.text("id"), head.both("title"), head.quarter("start") or FIRST_QUARTER
    like = head.text("like") if "like" in head.data else ""
    head.allow_rest()
    canonical = json.dumps(document.data, sort_keys=True, ensure_ascii=False, default=str)
    digest = hashlib.sha256(canonical.encode("utf-8", "replace")).hexdigest()
    return World(name, title, Frozen(document.data), digest, start, like, head.place) if head.close() else None
