"""Read a design file: every problem at once, with file, line, key and what was probably meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import scenarios
from experiments.plan.design.axis import Factor
from experiments.plan.design.errors import DesignError
from experiments.plan.design.factors import REGIME, factor
from experiments.plan.design.methods import LIST, MOST_POINTS, STEPS
from experiments.plan.design.records import (
    MOST_REPLICATES,
    Design,
    check_count,
    check_factors,
    check_method,
    check_outcomes,
)
from experiments.plan.plan import Level, Point
from sim.parameters import Library
from sim.parameters.errors import InputError, InputErrors, UnknownName, Words, WrongType, listed, nearest, shown
from sim.parameters.overrides import check_behaviour, check_overrides, flat
from sim.parameters.read import Document, read_document
from sim.parameters.records import Frozen
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, TYPES

FOLDER = "designs"
QUARTERS, LONGEST = 40, 200
KEYS = {
    "empty_range": "low",
    "half_range": "low",
    "range_and_levels": "levels",
    "few_levels": "levels",
    "cannot_scale": "scale",
    "scale_over_time": "scale",
    "bad_options": "options",
}
"""Which key of a factor a problem is about; all others are about its name."""
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_TAKEN = ("run", "point", "replicate", "status")


def design_files(library: Library) -> dict[str, Path]:
    """The design files of the scenarios folder, by id."""
    folder = library.root / FOLDER
    found = folder if folder.is_dir() else scenarios.ROOT / FOLDER
    return {path.stem: path for path in sorted(found.glob("*.toml"))}


def load_design(
    name_or_path: str | Path, library: Library, *, regime: str | None = None, world: str | None = None
) -> Design:
    """A design by id, or from a file of one's own.

    Args:
        name_or_path: Id, or path of a TOML file.
        library: The scenario files.
        regime: Another regime for the base; defaults of factors then come from it.
        world: Another world for the base.

    Raises:
        InputErrors: All that is wrong with the file.
        DesignError: If there is no such design.
    """
    name, known = str(name_or_path), design_files(library)
    if isinstance(name_or_path, Path) or name.endswith(".toml"):
        path, label = Path(name_or_path), Path(name_or_path).name
    elif name in known:
        path, label = known[name], f"{FOLDER}/{name}.toml"
    else:
        raise DesignError("unknown_design", found=shown(name), allowed=listed(known), suggestion=nearest(name, known))
    return _Reader(read_document(path, label), library, regime, world).design()


class _Reader:
    """Reads one file; problems gather in its document."""

    def __init__(self, document: Document, library: Library, regime: str | None, world: str | None) -> None:
        self.document, self.library = document, library
        self.regime, self.world = regime, world

    def design(self) -> Design:
        top = Table(self.document, self.document.data, ())
        head, base = top.table("design"), top.table("base", needed=False)
        entries, rows = top.rows("factor"), top.rows("row")
        top.close()
        point = self.base(base)
        fields = self.head(head)
        factors = self.factors(entries, point)
        written = self.rows(rows, factors, fields.get("method", ""))
        self.told(lambda: check_factors(factors, fields["method"]), ("factor",), unless=bool(self.document.problems))
        if self.document.problems or head is None:
            raise InputErrors(self.document.problems)
        n = len(written) if fields["method"] == LIST else fields.pop("n")
        fields.pop("n", None)
        return Design(base=point, factors=tuple(factors), n=n, rows=tuple(written), place=head.place, **fields)

    def told(self, act: Callable[[], Any], path: tuple[str | int, ...], *, unless: bool = False) -> Any:
        """The result of an act; what it finds wrong is noted at a key path."""
        if unless:
            return None
        try:
            return act()
        except InputErrors as problem:
            found = list(problem.problems)
        except InputError as problem:
            found = [problem]
        for one in found:
            key = KEYS.get(one.message_id, "name") if path[:1] == ("factor",) and len(path) == 2 else None
            self.document.report(
                type(one),
                one.message_id,
                path if key is None else (*path, key),
                found=one.found,
                allowed=one.allowed,
                suggestion=one.suggestion,
                **one.details,
            )
        return None

    def head(self, table: Table | None) -> dict[str, Any]:
        if table is None:
            return {}
        found: dict[str, Any] = {"id": table.text("id")}
        found["title"], found["what"] = (Frozen(table.both(key).as_dict()) for key in ("title", "what"))
        found["method"] = method = table.text("method")
        self.told(lambda: check_method(method), ("design", "method"), unless=not method)
        found["n"] = self.size(table, method)
        found["replicates"] = self.count(table, "replicates", 1, "bad_replicates", MOST_REPLICATES)
        found["seed"] = table.integer("seed", 0, 0, 2**31 - 1)
        found["outcomes"] = names = table.ids("outcomes")
        for name in names:
            self.told(lambda name=name: check_outcomes([name]), ("design", "outcomes"))  # type: ignore[misc]
        table.close()
        return found

    def size(self, table: Table, method: str) -> int:
        if "n" not in table.data and method not in (LIST, *STEPS):
            table.take("n", False, TYPES["integer"])
            table.report(DesignError, "size_missing", None, allowed=f"1 … {MOST_POINTS}")
            return 1
        return self.count(table, "n", STEPS.get(method, 1), "bad_size", MOST_POINTS)

    def count(self, table: Table, key: str, default: int, message: str, most: int) -> int:
        value = table.take(key, False, TYPES["integer"])
        if value is None:
            return default
        self.told(lambda: check_count(key, value, message, most), ("design", key))
        return value if isinstance(value, int) else default

    # --- base

    def base(self, table: Table | None) -> Point:
        table = table or Table(self.document, {}, ("base",))
        regime = self.regime or table.text("regime", needed=False) or REGIME
        world = self.world or table.text("world", needed=False) or "zhejiang"
        table.take("regime", False, ""), table.take("world", False, "")
        regime = self.known("regime", regime, self.library.regimes, REGIME)
        world = self.known("world", world, self.library.worlds, "zhejiang")
        start, effective = table.quarter("start"), table.quarter("effective")
        point = Point(
            "base",
            regime,
            world,
            None if start is None else str(start),
            table.integer("quarters", QUARTERS, 1, LONGEST),
            None if effective is None else str(effective),
            self.fills(table),
            self.settings(table, "set"),
            self.settings(table, "behaviour"),
        )
        table.close()
        self.told(lambda: point.resolve(self.library), ("base",), unless=bool(self.document.problems))
        return point

    def known(self, kind: str, name: str, records: Mapping[str, Any], stand_in: str) -> str:
        if name in records:
            return name
        self.document.report(
            UnknownName,
            "unknown_name",
            ("base", kind),
            found=shown(name),
            allowed=listed(records),
            suggestion=nearest(name, records),
            kind=KINDS[kind],
        )
        return stand_in

    def fills(self, table: Table) -> tuple[str, ...]:
        names = table.ids("fill", needed=False)
        return tuple(name for name in names if self.known("fill", name, self.library.fills, "") == name)

    def settings(self, table: Table, key: str) -> Mapping[str, Any]:
        inner = table.table(key, needed=False)
        if inner is None:
            return Frozen({})
        inner.allow_rest()
        if key == "behaviour":
            return Frozen(check_behaviour(inner.data, self.library.uncertainties, self.document, inner.path))
        check_overrides(inner.data, self.library.levers, self.library.units, self.document, inner.path)
        return Frozen({name: value for name, _, value in flat(inner.data)})

    # --- factors

    def factors(self, entries: list[Table], base: Point) -> list[Factor]:
        regimes = next((e.data.get("levels") for e in entries if e.data.get("name") == "regime"), None)
        several = tuple(str(r) for r in regimes) if isinstance(regimes, list) else ()
        made = [self.factor(entry, base, several) for entry in entries]
        return [one for one in made if one is not None]

    def factor(self, entry: Table, base: Point, regimes: tuple[str, ...]) -> Factor | None:
        before = len(self.document.problems)
        name = entry.text("name")
        low, high = (_or_none(entry.number(key, needed=False)) for key in ("low", "high"))
        options: dict[str, Any] = {"low": low, "high": high, "levels": self.levels(entry)}
        options["keys"] = entry.ids("keys", needed=False)
        options["scale"] = self.flag(entry, "scale")
        bundles = entry.table("options", needed=False)
        if bundles is not None:
            bundles.allow_rest()
            options["options"] = bundles.data
        title = entry.both("title", needed=False)
        options["title"] = title.as_dict() if title else None
        options["group"] = entry.text("group", needed=False) or None
        entry.close()
        if len(self.document.problems) > before or not name:
            return None
        if not _NAME.fullmatch(name) or name in _TAKEN:
            entry.report(DesignError, "name_taken" if name in _TAKEN else "bad_name", "name", found=shown(name))
            return None
        known = tuple(r for r in regimes if r in self.library.regimes)
        made = self.told(
            lambda: factor(
                self.library, name, regime=base.regime, regimes=known or (base.regime,), fill=base.fill, **options
            ),
            entry.path,
        )
        return made if isinstance(made, Factor) else None

    def levels(self, entry: Table) -> list[Level] | None:
        value = entry.take("levels", False, TYPES["list"])
        if value is None:
            return None
        if not isinstance(value, list) or any(not isinstance(v, (bool, int, float, str)) for v in value):
            entry.wrong("levels", value, "list")
            return None
        return value

    def flag(self, entry: Table, key: str) -> bool:
        value = entry.take(key, False, TYPES["flag"])
        if value is not None and not isinstance(value, bool):
            entry.wrong(key, value, "flag")
        return value is True

    # --- points written out

    def rows(self, rows: list[Table], factors: list[Factor], method: str) -> list[Mapping[str, Level]]:
        if method == LIST and not rows:
            self.document.report(DesignError, "rows_missing", ("design", "method"), found=shown(method))
        if method and method != LIST and rows:
            self.document.report(DesignError, "rows_unused", rows[0].path, found=f"method = {shown(method)}")
            return []
        return [self.row(row, {f.name: f for f in factors}) for row in rows]

    def row(self, row: Table, factors: Mapping[str, Factor]) -> Mapping[str, Level]:
        row.allow_rest()
        found: dict[str, Level] = {}
        for name, below, value in flat(row.data):
            path = (*row.path, *below)
            if name not in factors:
                if not self.document.problems:
                    guess = nearest(name, factors)
                    self.document.report(
                        DesignError, "row_extra", path, found=shown(name), allowed=listed(factors), suggestion=guess
                    )
            elif self.allowed(factors[name], value, path):
                found[name] = value
        return Frozen(found)

    def allowed(self, one: Factor, value: Any, path: tuple[str | int, ...]) -> bool:
        """Whether a row's value is one that its factor can take."""
        if one.levels:
            fine = value in one.levels
            span = listed(str(v) for v in one.levels)
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self.document.report(WrongType, "wrong_type", path, found=shown(value), allowed=TYPES["number"])
            return False
        else:
            low = one.prior.low if one.prior else one.low
            high = one.prior.high if one.prior else one.high
            assert low is not None and high is not None
            fine, span = low <= value <= high, f"{low:g} … {high:g}"
        if not fine:
            guess: Words = nearest(value, [str(v) for v in one.levels])
            self.document.report(
                DesignError, "outside_bounds", path, found=shown(value), allowed=span, suggestion=guess
            )
        return fine


def _or_none(x: float) -> float | None:
    return None if math.isnan(x) else x
