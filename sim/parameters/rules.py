"""Read what governments set: instruments and levers, regimes, and the scenarios of studies."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sim.parameters.errors import OutOfBounds, UnitMismatch, UnknownKey, WrongType, shown
from sim.parameters.names import Names, no_repeats, take_option, take_sources, take_unit
from sim.parameters.quarter import FIRST_QUARTER, Quarter
from sim.parameters.read import Document
from sim.parameters.records import (
    EVIDENCE,
    LEVELS,
    LEVER_TYPES,
    NUMERIC_TYPES,
    Choice,
    Frozen,
    Instrument,
    Lever,
    Regime,
    Setting,
    Study,
    StudyScenario,
    Unit,
)
from sim.parameters.tables import Table, as_float
from sim.parameters.texts import EMPTY, TYPES, Phrase, Text
from sim.parameters.values import check_value

RUN_QUARTERS = 40
LONGEST_RUN = 200


def read_instrument(table: Table, levers: Iterable[str]) -> Instrument:
    """Read `[instrument]` of an instrument's file."""
    name = table.text("id")
    keys = tuple(f"{name}.{lever}" for lever in levers)
    section = table.text("section", needed=False) or "other"
    return Instrument(name, table.both("title"), table.both("what"), keys, table.place, section)


def read_lever(table: Table, key: str, names: Names, units: Mapping[str, Unit]) -> Lever | None:
    """Read `[lever.NAME]`; None where it is not sound."""
    kind = take_option(table, "type", LEVER_TYPES, default="flag" if "type" not in table.data else "")
    numeric = kind in NUMERIC_TYPES
    title, what = table.both("title"), table.both("what")
    unit = take_unit(table, names, needed=numeric)
    low, high = _bound(table, "min", key, names), _bound(table, "max", key, names)
    if isinstance(low, float) and isinstance(high, float) and low > high:
        table.report(OutOfBounds, "bounds_order", "min", found=shown(low), allowed=f"≤ {high:g}")
    choices = _choices(table, kind)
    source, evidence = take_sources(table, names), take_option(table, "evidence", EVIDENCE)
    reading = table.text("reading", needed=False) or None
    names.check(table, "reading", reading, "reading")
    sentence, section = table.both("sentence", needed=False), table.text("section", needed=False)
    otherwise = table.both("otherwise", needed=False) if kind == "flag" else EMPTY
    enforcement, always = table.text("enforcement", needed=False) or "", table.text("always", needed=False) or ""
    names.check(table, "enforcement", enforcement or None, "uncertainty")
    names.check(table, "always", always or None, "lever")
    raw = table.take("inert", True, TYPES.get(kind, TYPES["number"]))
    lever = Lever(
        key, key.split(".")[0], title, what, kind, unit, low, high, 0.0, choices, source, evidence, reading,
        table.place, sentence, otherwise, section, enforcement, always,
    )  # fmt: skip
    if not table.close() or raw is None:
        return None
    inert = check_value(lever, raw, table.document, (*table.path, "inert"), units.get(unit))
    if inert is None or (isinstance(inert, tuple) and None in inert):
        if table.sound:
            table.wrong("inert", raw, kind)
        return None
    return replace(lever, inert=inert)  # type: ignore[arg-type]


def _bound(table: Table, key: str, lever: str, names: Names) -> float | str | None:
    """Take a bound: a number, or the key of another lever."""
    value = table.take(key, False, TYPES["bound"])
    if isinstance(value, str) and value != lever:
        return value if names.check(table, key, value, "lever") else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(as_float(value)):
        table.wrong(key, value, "bound")
        return None
    return float(value)


def _choices(table: Table, kind: str) -> tuple[Choice, ...]:
    if kind not in ("choice", "regime"):
        return ()
    found = []
    for row in table.rows("choices", needed=True):
        found.append(Choice(row.text("id"), row.both("title"), row.both("sentence", needed=False)))
        row.close()
    no_repeats(table, "choices", [choice.id for choice in found], "choice")
    return tuple(found)


def check_bounds_by_lever(lever: Lever, levers: Mapping[str, Lever], document: Document) -> None:
    """Check that a bound that names a lever names a numeric one of the same unit."""
    for key, bound in (("min", lever.min), ("max", lever.max)):
        other = levers.get(bound) if isinstance(bound, str) else None
        if other is None:
            continue
        path = (*lever.place.path, key)
        crossed = (lever.type, other.type) == ("schedule", "by_industry")
        if not other.numeric or other.type == "schedule" or crossed:
            document.report(WrongType, "bound_not_number", path, found=shown(bound), other=other.key)
        elif other.unit != lever.unit:
            document.report(UnitMismatch, "unit_mismatch", path, found=other.unit, allowed=lever.unit, other=other.key)


def read_regime(
    document: Document, names: Names, levers: Mapping[str, Lever], units: Mapping[str, Unit]
) -> Regime | None:
    """Read a regime file; None where its head is not sound (its values are checked all the same)."""
    top = Table(document, document.data, ())
    head, rows = top.table("regime"), top.rows("value")
    top.close()
    if head is None:
        return None
    name, title, summary = head.text("id"), head.both("title"), head.both("summary")
    authority, level = head.both("authority"), take_option(head, "level", LEVELS)
    announced, effective = head.quarter("announced", True), head.quarter("effective", True)
    extends = head.text("extends", needed=False) or None
    names.check(head, "extends", extends, "regime")
    source, unstated = take_sources(head, names), head.texts("unstated")
    home = head.text("home", needed=False) or None
    names.check(head, "home", home, "world")
    if announced and effective and announced > effective:
        head.report(
            OutOfBounds,
            "dates_order",
            "announced",
            found=str(announced),
            allowed=f"≤ {effective}",
            rule=Phrase("value.announced_first", "announced must not come after effective"),
        )
    head.close()
    start = effective or FIRST_QUARTER
    found = [read_setting(row, names, levers, units, start) for row in rows]
    settings = tuple(setting for setting in found if setting is not None)
    if announced is None or effective is None or not head.sound:
        return None
    return Regime(
        name, title, summary, authority, level, announced, effective, extends, source, unstated, settings, head.place,
        home,
    )  # fmt: skip


def read_setting(
    table: Table, names: Names, levers: Mapping[str, Lever], units: Mapping[str, Unit], effective: Quarter
) -> Setting | None:
    """Read one `[[value]]`; None where it is not sound."""
    key = table.text("lever")
    known = names.check(table, "lever", key, "lever")
    raw = table.take("value", True, TYPES["number"])
    clause = take_sources(table, names, "clause")
    evidence = take_option(table, "evidence", EVIDENCE, needed=False)
    note = table.both("note", needed=False) or None
    first, last, dated = _dates(table, effective)
    unit = take_unit(table, names, needed=False)
    table.close()
    lever = levers.get(key) if known else None
    if lever is None or raw is None:
        return None
    if unit and unit != lever.unit and table.sound:
        table.report(UnitMismatch, "unit_mismatch", "unit", found=shown(unit), allowed=shown(lever.unit), other=key)
    value = check_value(lever, raw, table.document, (*table.path, "value"), units.get(lever.unit))
    if value is None or not table.sound:
        return None
    return Setting(key, value, first, last, dated, clause, evidence or lever.evidence, note, table.place)


def _dates(table: Table, effective: Quarter) -> tuple[Quarter, Quarter | None, bool]:
    """Take `at`, or `from` and `to`; return first, last and whether the value holds in one quarter only."""
    first, last, at = table.quarter("from"), table.quarter("to"), table.quarter("at")
    if at and (first or last):
        table.report(UnknownKey, "at_with_range", "at", found=shown(str(at)))
    begin = at or first or effective
    if begin < effective:
        table.report(
            OutOfBounds,
            "dates_order",
            "at" if at else "from",
            found=shown(str(begin)),
            allowed=f"≥ {effective}",
            rule=Phrase("value.value_after", "a value must not begin before the regime takes effect"),
        )
    if last and last < begin:
        table.report(
            OutOfBounds,
            "dates_order",
            "to",
            found=shown(str(last)),
            allowed=f"≥ {begin}",
            rule=Phrase("value.to_after", "to must not come before from"),
        )
    return begin, (at or last), at is not None


SetReader = Callable[[Table, str], Mapping[str, object]]


def read_study(document: Document, names: Names, check_set: SetReader) -> Study | None:
    """Read a study file. `check_set(table, key)` reads the lever values or behaviour under a scenario's key."""
    top = Table(document, document.data, ())
    head, rows = top.table("study"), top.rows("scenario", needed=True)
    top.close()
    found = [_scenario(row, names, check_set) for row in rows]
    no_repeats(top, "scenario", [scenario.id for scenario in found], "scenario")
    if head is None:
        return None
    name, title, what = head.text("id"), head.both("title"), head.both("what", needed=False)
    replicates = head.integer("replicates", 100, 1, 10_000_000)
    head.close()
    return Study(name, title, what, replicates, tuple(found), head.place) if top.sound else None


def _scenario(table: Table, names: Names, check_set: SetReader) -> StudyScenario:
    name, regime, world = table.text("id"), table.text("regime"), table.text("world")
    title = table.both("title", needed=False) or Text(name, name)
    names.check(table, "regime", regime, "regime")
    names.check(table, "world", world, "world")
    start = table.quarter("start")
    quarters = table.integer("quarters", RUN_QUARTERS, 1, LONGEST_RUN)
    effective = table.quarter("effective")
    settings, behaviour = check_set(table, "set"), check_set(table, "behaviour")
    fill = table.ids("fill", needed=False)
    names.check_all(table, "fill", fill, "fill")
    table.close()
    return StudyScenario(
        name, title, regime, world, start, quarters, effective, Frozen(settings), Frozen(behaviour), fill  # type: ignore[arg-type]
    )  # fmt: skip
