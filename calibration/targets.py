"""The published figures, read from ``targets.toml``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from calibration.moments import ALSO, MOMENTS
from sim.parameters.errors import InputErrors, OutOfBounds, UnknownName, listed, nearest, shown
from sim.parameters.read import read_document
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, TYPES, Text

FILE = Path(__file__).with_name("targets.toml")
TRUST = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure.

    Attributes:
        id: Its id, also the name of the model's measure.
        title, region: In both languages.
        period: As the source states it.
        count: What was counted, such as "7/37"; empty where the figure is no share of a count.
        value, lo, hi: The figure and its interval, in ``unit``.
        unit: Id of a unit.
        fact: Ids of the facts that hold its sources.
        trust: A official, B press on official decisions, C self-reported sums, D the same with a known inconsistency.
        self_report: Whether the source is what towns say of themselves.
        sets: Parameters of the model that were taken from this figure or chosen in view of it.
        population, window, measure: What the model computes for it.
        note: What to bear in mind.
        also: Other definitions shown beside it, (name, title).
    """

    id: str
    title: Text
    region: Text
    period: str
    count: str
    value: float
    lo: float
    hi: float
    unit: str
    fact: tuple[str, ...]
    trust: str
    self_report: bool
    sets: tuple[str, ...]
    population: Text
    window: Text
    measure: Text
    note: Text
    also: tuple[tuple[str, Text], ...]


def load_targets(path: Path | None = None) -> dict[str, Target]:
    """Read the published figures.

    Args:
        path: Another file of the same form.

    Returns:
        Targets by id, in file order.

    Raises:
        InputErrors: All that is wrong in the file.
        UnreadableFile, BrokenSyntax, DuplicateKey: The file cannot be read at all.
    """
    file = path or FILE
    document = read_document(file, f"calibration/{file.name}" if path is None else None)
    root = Table(document, document.data, ())
    group = root.table("target")
    found = {}
    for name in list(group.data) if group else []:
        entry = group.table(name) if group else None
        if entry is not None:
            found[name] = _target(name, entry)
    root.close()
    if document.problems:
        raise InputErrors(sorted(document.problems, key=lambda problem: problem.line or 0))
    return found


def _target(name: str, entry: Table) -> Target:
    target = Target(
        id=name, title=entry.both("title"), region=entry.either("region"), period=entry.text("period"),
        count=entry.text("count", needed=False), value=entry.number("value"), lo=entry.number("lo"),
        hi=entry.number("hi"), unit=entry.text("unit"), fact=entry.ids("fact"), trust=entry.text("trust"),
        self_report=_flag(entry, "self_report"), sets=entry.ids("sets", needed=False),
        population=entry.both("population"), window=entry.both("window"), measure=entry.both("measure"),
        note=entry.both("note"),
        also=tuple((one.text("id"), one.both("title")) for one in entry.rows("also")),
    )  # fmt: skip
    entry.close()
    _check(target, entry)
    return target


def _flag(entry: Table, key: str) -> bool:
    value = entry.take(key, True, TYPES["flag"])
    if value is not None and not isinstance(value, bool):
        entry.wrong(key, value, "flag")
    return value is True


def _check(target: Target, entry: Table) -> None:
    if target.id not in MOMENTS:
        entry.report(
            UnknownName,
            "unknown_name",
            None,
            found=target.id,
            allowed=listed(MOMENTS),
            suggestion=nearest(target.id, MOMENTS),
            kind=KINDS["measure"],
        )
    for name, _ in target.also:
        if f"{target.id}/{name}" not in ALSO:
            entry.report(UnknownName, "unknown_name", "also", found=name, allowed=listed(ALSO), kind=KINDS["measure"])
    if target.trust not in TRUST:
        entry.report(
            UnknownName, "unknown_name", "trust", found=target.trust, allowed=listed(TRUST), kind=KINDS["trust"]
        )
    if not target.lo <= target.value <= target.hi and not math.isnan(target.lo + target.value + target.hi):
        entry.report(
            OutOfBounds, "out_of_bounds", "value", found=shown(target.value), allowed=f"{target.lo:g} … {target.hi:g}"
        )
