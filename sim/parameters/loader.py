"""Read all scenario files once, gather all names, then turn tables into records and check them together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import scenarios
from sim.parameters.compose import chain_of, overlap
from sim.parameters.entries import (
    read_clause,
    read_constant,
    read_fact,
    read_reading,
    read_uncertainty,
    read_unit,
    read_world,
)
from sim.parameters.errors import CircularExtends, DuplicateKey, InputError, UnknownName, UnreadableFile, shown
from sim.parameters.fills import read_fill
from sim.parameters.names import Names
from sim.parameters.overrides import check_behaviour, check_overrides
from sim.parameters.read import Document, read_document
from sim.parameters.records import Choice, Frozen, Lever, Regime, World
from sim.parameters.rules import check_bounds_by_lever, read_instrument, read_lever, read_regime, read_study
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, Text

R = TypeVar("R")

GENERAL_SOURCE = "G"
"""The source id of an assumption for which no source was found."""
OPTIONAL = ("fills",)
"""Folders that a scenarios folder may lack."""


class Loader:
    """Reads the files once, gathers all names, then turns tables into records."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.names = Names()
        self.unread: list[InputError] = []
        self.documents: dict[str, list[Document]] = {}

    @property
    def problems(self) -> list[InputError]:
        """Everything found wrong so far."""
        return [*self.unread, *(problem for document in self.all_documents() for problem in document.problems)]

    def all_documents(self) -> Iterable[Document]:
        return (document for documents in self.documents.values() for document in documents)

    def load(self) -> dict[str, Any]:
        """Return the mappings of a library by field name; they are complete only where `problems` is empty."""
        self._read_files()
        self._gather_names()
        parts: dict[str, Any] = {"units": self._section("units", "unit", read_unit)}
        parts["clauses"] = self._section("clauses", "clause", lambda table, key: read_clause(table, key, self.names))
        parts["facts"] = self._section("facts", "fact", read_fact)
        parts["constants"] = self._section(
            "constants", "constant", lambda table, key: read_constant(table, key, self.names)
        )
        parts["uncertainties"] = self._section(
            "behaviour", "uncertainty", lambda table, key: read_uncertainty(table, key, self.names)
        )
        self._levers(parts)
        parts["readings"] = self._section(
            "readings", "reading", lambda table, key: read_reading(table, key, self.names, self._set_check(parts))
        )
        self._idle_readings(parts)
        self._regimes(parts)
        parts["fills"] = self._files("fills", "fill", lambda document: read_fill(document, self.names))
        parts["worlds"] = _with_bases(self._files("worlds", "world", read_world))
        parts["studies"] = self._files("studies", "study", lambda document: self._study(document, parts))
        return {name: Frozen(records) for name, records in parts.items()}

    def _read_files(self) -> None:
        """Read every file; where one cannot be read, the names of its kinds count as incomplete."""
        kinds = {
            "units": ("unit",),
            "constants": ("constant",),
            "facts": ("fact", "source"),
            "readings": ("reading",),
            "clauses": ("clause", "source"),
            "instruments": ("lever", "instrument"),
            "regimes": ("regime",),
            "fills": ("fill",),
            "worlds": ("world",),
            "behaviour": ("uncertainty",),
            "studies": ("study",),
        }
        for section, names in kinds.items():
            self.documents[section] = []
            for path in self._paths(section):
                try:
                    self.documents[section].append(read_document(path, self._shown(path)))
                except InputError as problem:
                    self.unread.append(problem)
                    self.names.incomplete.update(names)

    def _shown(self, path: Path) -> str:
        inside = path.is_relative_to(self.root)
        return (Path(self.root.name) / path.relative_to(self.root)).as_posix() if inside else path.as_posix()

    def _paths(self, section: str) -> list[Path]:
        """Return the files of a section: one file at the root, or all TOML files of a folder."""
        if section in ("units", "constants", "facts", "readings"):
            return [self.root / f"{section}.toml"]
        folder = self.root / section
        if section in OPTIONAL and not folder.exists():
            return []
        try:
            folders = [folder, *(scenarios.extensions() if section == "instruments" else ())]
            return [path for one in folders for path in _toml(one)]
        except OSError:
            missing = "file_denied" if folder.exists() else "file_missing"
            self.unread.append(UnreadableFile(missing, file=self._shown(folder)))
            self.names.incomplete.update(("clause", "source", "lever", "instrument", "regime", "world"))
            return []

    def _gather_names(self) -> None:
        """Note all names before any record is read, so that files may refer to each other in any order."""
        add = self.names.add
        tables = (
            ("units", "unit"),
            ("facts", "fact"),
            ("readings", "reading"),
            ("clauses", "clause"),
            ("constants", "constant"),
            ("behaviour", "uncertainty"),
        )
        for section, kind in tables:
            for document in self.documents[section]:
                self._gather(kind, document, _dict(document.data.get(kind)))
        add("source", {GENERAL_SOURCE} | self.names.known.get("clause", set()) | self.names.known.get("fact", set()))
        for document in self.documents["instruments"]:
            stem = _stem(document)
            add("instrument", [stem])
            self._gather("lever", document, [f"{stem}.{name}" for name in _dict(document.data.get("lever"))])
        for section, kind in (("regimes", "regime"), ("fills", "fill"), ("worlds", "world"), ("studies", "study")):
            add(kind, [_stem(document) for document in self.documents[section]])

    def _gather(self, kind: str, document: Document, names: Iterable[str]) -> None:
        """Note the names of a kind in a document; where their table is missing, the names count as incomplete."""
        self.names.add(kind, names)
        if not isinstance(document.data.get(kind), dict):
            self.names.incomplete.update((kind, "source") if kind in ("clause", "fact") else (kind,))

    def _section(self, section: str, kind: str, read: Callable[[Table, str], R]) -> dict[str, R]:
        """Read all `[kind.NAME]` tables of a section; a name may stand in one file only."""
        found: dict[str, R] = {}
        for document in self.documents[section]:
            top = Table(document, document.data, ())
            entries = top.table(kind)
            top.close()
            for name in entries.data if entries else ():
                table = entries.table(name) if entries else None
                if table is None:
                    continue
                record = read(table, name)
                if name in found:
                    self._twice(document, kind, (kind, name), found[name])
                elif table.close():
                    found[name] = record
        return found

    def _twice(self, document: Document, kind: str, path: tuple[str, ...], first: Any) -> None:
        document.report(
            DuplicateKey,
            "duplicate_name",
            path,
            found=shown(path[-1]),
            kind=KINDS[kind],
            first=f"{first.place.file}:{self.line(first.place.file, first.place.path)}",
        )

    def line(self, file: str, path: tuple[str | int, ...]) -> int | None:
        """Return the line of a key path in one of the files, or None."""
        return next((document.line(path) for document in self.all_documents() if document.file == file), None)

    def _levers(self, parts: dict[str, Any]) -> None:
        instruments, levers = {}, {}
        for document in self.documents["instruments"]:
            top = Table(document, document.data, ())
            head, entries = top.table("instrument"), top.table("lever")
            for dose in top.rows("dose"):
                dose.allow_rest()
                self.names.check(dose, "key", dose.text("key"), "lever")
            top.close()
            if head is None or entries is None:
                continue
            instrument = read_instrument(head, entries.data)
            sound = head.close() and self._named(document, "instrument")
            for name in entries.data:
                table = entries.table(name)
                lever = read_lever(table, f"{_stem(document)}.{name}", self.names, parts["units"]) if table else None
                if lever is not None:
                    levers[lever.key] = self._with_regimes(lever)
            if sound:
                instruments[instrument.id] = instrument
        parts["instruments"], parts["levers"] = instruments, levers
        for document in self.documents["instruments"]:
            for lever in levers.values():
                if lever.place.file == document.file:
                    check_bounds_by_lever(lever, levers, document)

    def _with_regimes(self, lever: Lever) -> Lever:
        """Let a lever of type "regime" be set to any regime that there is, by its id or its title."""
        if lever.type != "regime":
            return lever
        heads: dict[str, dict[str, Any]] = {path.stem: {} for path in self._paths("regimes")}
        heads |= {_stem(one): _dict(_dict(one.data.get("regime")).get("title")) for one in self.documents["regimes"]}
        found = [Choice(id, Text(str(t.get("zh", id)), str(t.get("en", id)))) for id, t in heads.items()]
        return replace(lever, choices=(*lever.choices, *found))

    def _named(self, document: Document, kind: str) -> bool:
        """Check that an id is the name of its file, so that no two files define the same."""
        name, stem = _dict(document.data.get(kind)).get("id"), _stem(document)
        if isinstance(name, str) and name and name != stem:
            document.report(UnknownName, "file_name", (kind, "id"), found=shown(name), allowed=shown(stem))
        return name == stem

    def _files(self, section: str, kind: str, read: Callable[[Document], Any]) -> dict[str, Any]:
        """Read a section in which each file is one record."""
        found = {}
        for document in self.documents[section]:
            record = read(document)
            if self._named(document, kind) and record is not None:
                found[record.id] = record
        return found

    def _regimes(self, parts: dict[str, Any]) -> None:
        levers: Mapping[str, Lever] = parts["levers"]
        regimes = self._files(
            "regimes", "regime", lambda document: read_regime(document, self.names, levers, parts["units"])
        )
        parts["regimes"] = regimes
        for document in self.documents["regimes"]:
            regime = next((one for one in regimes.values() if one.place.file == document.file), None)
            if regime is not None:
                _check_overlaps(regime, document)
                _check_circle(regime, regimes, document)

    def _study(self, document: Document, parts: dict[str, Any]) -> Any:
        return read_study(document, self.names, self._set_check(parts))

    def _set_check(self, parts: dict[str, Any]) -> Callable[[Table, str], Mapping[str, object]]:
        """Return what takes values of levers (or, under "behaviour", of uncertainties) from a table, checked."""

        def check_set(table: Table, key: str) -> Mapping[str, object]:
            inner = table.table(key, needed=False)
            if inner is None:
                return {}
            inner.allow_rest()
            if key == "behaviour":
                return dict(check_behaviour(inner.data, parts["uncertainties"], table.document, inner.path))
            data = self._readable(inner.data, parts["levers"])
            checked = check_overrides(data, parts["levers"], parts["units"], table.document, inner.path)
            return dict(_as_written(data, checked))

        return check_set

    def _readable(self, data: Mapping[str, Any], levers: Mapping[str, Lever]) -> dict[str, Any]:
        """Leave out values of levers that are not known because their own file is wrong, which is told there."""
        if "lever" in self.names.incomplete:
            return {}
        wrong = self.names.known.get("lever", set()) - set(levers)
        return {key: value for key, value in data.items() if key not in wrong and key.rpartition(".")[0] not in wrong}

    def _idle_readings(self, parts: dict[str, Any]) -> None:
        """Tell of levers that carry a reading that is said not to matter."""
        readings = parts["readings"]
        for document in self.documents["instruments"]:
            for lever in parts["levers"].values():
                reading = readings.get(lever.reading or "")
                if lever.place.file == document.file and reading is not None and reading.idle is not None:
                    path = (*lever.place.path, "reading")
                    document.report(UnknownName, "reading_idle", path, found=shown(lever.reading))


def _with_bases(worlds: dict[str, World]) -> dict[str, World]:
    """Let the digest of a world that takes figures from another one follow that one's digest too."""

    def digest(world: World) -> str:
        base = worlds.get(world.like)
        return hashlib.sha256(f"{world.digest}/{base.digest}".encode()).hexdigest() if base else world.digest

    return {name: replace(world, digest=digest(world)) for name, world in worlds.items()}


def _toml(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(".toml") and path.name[0] != ".")


def _stem(document: Document) -> str:
    """Return the name of a document's file without its ending; files that hold one record are named by its id."""
    return document.file.rpartition("/")[2].removesuffix(".toml")


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _as_written(data: Mapping[str, Any], checked: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, Any]]:
    """Return a study's lever values merged to one value per lever (None where an industry is not mentioned)."""
    merged: dict[str, Any] = {}
    for key, value in checked:
        below = merged.get(key)
        if isinstance(value, tuple) and below is not None:
            value = tuple(low if high is None else high for low, high in zip(below, value, strict=True))
        merged[key] = value
    return merged.items()


def _check_overlaps(regime: Regime, document: Document) -> None:
    """Tell of two settings of one lever that hold in the same quarter."""
    by_lever: dict[str, list[Any]] = {}
    for setting in regime.values:
        for other in by_lever.setdefault(setting.lever, []):
            quarter = overlap(other, setting)
            if quarter is not None:
                document.report(
                    DuplicateKey,
                    "duplicate_value",
                    (*setting.place.path, "lever"),
                    found=shown(setting.lever),
                    quarter=str(quarter),
                    first=str(document.line((*other.place.path, "lever"))),
                )
                break
        by_lever[setting.lever].append(setting)


def _check_circle(regime: Regime, regimes: Mapping[str, Regime], document: Document) -> None:
    try:
        chain_of(regime.id, regimes)
    except CircularExtends as problem:
        document.report(
            CircularExtends, problem.message_id, ("regime", "extends"), found=problem.found, **problem.details
        )
