"""The names that exist across all files, and the values that refer to them."""

from __future__ import annotations

from collections.abc import Iterable

from sim.parameters.errors import (
    DuplicateKey,
    InputError,
    MissingSource,
    UnknownName,
    UnknownUnit,
    listed,
    nearest,
    shown,
)
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS


class Names:
    """The names that exist, by kind, and the kinds whose list is incomplete because a file could not be read."""

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}
        self.incomplete: set[str] = set()

    def add(self, kind: str, names: Iterable[object]) -> None:
        """Note names of a kind."""
        self.known.setdefault(kind, set()).update(name for name in names if isinstance(name, str))

    def check(
        self,
        table: Table,
        key: str | int,
        name: object,
        kind: str,
        error: type[InputError] = UnknownName,
        also: Iterable[str] = (),
    ) -> bool:
        """Return whether `name` exists; note the problem where it does not."""
        known = self.known.get(kind, set()) | set(also)
        if not name or name in known or kind in self.incomplete:
            return bool(name)
        message = "unknown_unit" if error is UnknownUnit else "unknown_name"
        table.report(
            error,
            message,
            key,
            found=shown(name),
            allowed=listed(sorted(known)),
            suggestion=nearest(name, known),
            kind=KINDS[kind],
        )
        return False

    def check_all(self, table: Table, key: str, names: Iterable[str], kind: str) -> None:
        """Check a list of names that stands under `key`."""
        many = isinstance(table.data.get(key), list)
        inner = Table(table.document, {}, (*table.path, key)) if many else table
        for place, name in enumerate(names):
            self.check(inner, place if many else key, name, kind)


def take_option(table: Table, key: str, options: Iterable[str], needed: bool = True, default: str = "") -> str:
    """Take a text that must be one of `options`."""
    known = tuple(options)
    value = table.take(key, needed, listed(known))
    if value is None:
        return default
    if not isinstance(value, str) or value not in known:
        table.report(
            UnknownName,
            "not_a_choice",
            key,
            found=shown(value),
            allowed=listed(known),
            suggestion=nearest(value, known),
        )
        return default
    return value


def take_unit(table: Table, names: Names, needed: bool = True) -> str:
    """Take the id of a unit."""
    unit = table.text("unit", needed)
    names.check(table, "unit", unit, "unit", UnknownUnit)
    return unit


def take_sources(table: Table, names: Names, key: str = "source") -> tuple[str, ...]:
    """Take the clause and fact ids a value rests on."""
    found = table.ids(key, kind=MissingSource)
    names.check_all(table, key, found, "source")
    return found


def no_repeats(table: Table, key: str, ids: list[str], kind: str) -> None:
    """Note ids that stand twice in the list of tables under `key`."""
    for place, name in enumerate(ids):
        first = ids.index(name)
        if name and first < place:
            path = (*table.path, key)
            at = f"{table.document.file}:{table.document.line((*path, first))}"
            table.document.report(
                DuplicateKey, "duplicate_name", (*path, place, "id"), found=shown(name), kind=KINDS[kind], first=at
            )
