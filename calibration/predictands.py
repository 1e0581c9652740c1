"""What is to be predicted, read from ``predictions.toml``: one record for each row of the file of predictions."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from calibration.quantities import GROUPS, QUANTITIES, group
from calibration.targets import load_targets
from calibration.windows import Window, window
from sim.outcomes.observe import Observer
from sim.parameters import Quarter
from sim.parameters.texts import Text
from sim.state.province import Province

FILE = Path(__file__).with_name("predictions.toml")
FITTED_RUN = "zhejiang"
"""The run whose first quarters give the figures that the fit uses."""
_REGIONS: Mapping[str, Text] = {
    "poor": Text("：衢州、丽水", ": Quzhou and Lishui"),
    "rest": Text("：其余九市", ": the other nine prefectures"),
}


@dataclass(frozen=True)
class Run:
    """A regime in a world over a stretch of time; ``assumes`` says what was put in beyond the regime's own file."""

    id: str
    regime: str
    world: str
    start: str
    quarters: int
    effective: str | None
    levers: Mapping[str, Any]
    region: Text
    assumes: Text

    @property
    def whole(self) -> Window:
        """All of its quarters."""
        first = Quarter(int(self.start[:4]), int(self.start[5]))
        last = first + (self.quarters - 1)
        return Window(f"{first.year}-{last.year}", first, last)


@dataclass(frozen=True)
class Row:
    """One row of the file of predictions.

    Attributes:
        id: Unique.
        family: Id of its family, or of the published figure that it repeats.
        run: Id of its run.
        quantity: Its name in the file.
        also: Other names by which a table of observations may call it.
        title, definition, population, span: In both languages.
        region: In both languages; ``region_name`` of the file is the English one.
        period: As the file writes it.
        unit: Id of a unit.
        series: Id of the history that a baseline uses; empty where there is none.
        fitted: Whether it is one of the figures that the fit uses.
        measure, arguments, over, group: What is computed; empty for a published figure.
    """

    id: str
    family: str
    run: str
    quantity: str
    also: tuple[str, ...]
    title: Text
    definition: Text
    population: Text
    span: Text
    region: Text
    period: str
    unit: str
    series: str = ""
    fitted: bool = False
    measure: str = ""
    arguments: Mapping[str, Any] | None = None
    over: Window | None = None
    group: str = "all"

    def of(self, p: Province, noted: Observer) -> float:
        """Its value in a province that has run.

        Raises:
            LookupError: The run does not reach.
        """
        return QUANTITIES[self.measure](p, noted, self.over, group(p, self.group), **(self.arguments or {}))


@cache
def document() -> Mapping[str, Any]:
    """The file as plain data."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def runs() -> Mapping[str, Run]:
    """The runs by id, in file order."""
    found = {}
    for name, one in document()["run"].items():
        assumes = one.get("assumes", {"zh": "", "en": ""})
        found[name] = Run(
            name, one["regime"], one["world"], one["start"], one["quarters"], one.get("effective"),
            one.get("levers", {}), Text(**one["region"]), Text(**assumes),
        )  # fmt: skip
    return found


@cache
def rows() -> tuple[Row, ...]:
    """Every row: first the published figures, then the families in file order."""
    found = [*_published(), *(row for name in document()["family"] for row in _family(name))]
    return tuple(found)


def row_by_id() -> Mapping[str, Row]:
    """Every row by id."""
    return {row.id: row for row in rows()}


def _published() -> Iterator[Row]:
    series = {target: name for name, one in document()["series"].items() for target in _sources(one)}
    for target in load_targets().values():
        yield Row(
            target.id, target.id, FITTED_RUN, target.title.en, (target.title.zh,), target.title, target.measure,
            target.population, target.window, target.region, target.period, target.unit,
            "" if target.id in ("C-gov15",) else series.get(target.id, ""), fitted=True,
        )  # fmt: skip


def _sources(one: Mapping[str, Any]) -> list[str]:
    """Targets that stand for a series alone; sums of several do not."""
    counts = [names[0] for names in one.get("counts", {}).values() if len(names) == 1]
    return counts + list(one.get("values", {}).values())


def _family(name: str) -> Iterator[Row]:
    one = document()["family"][name]
    several = "runs" in one
    for run in one["runs"] if several else [one["run"]]:
        for over in _windows(one["periods"], runs()[run]):
            for who in one["groups"]:
                yield _row(name, one, runs()[run], over, who, several)


def _row(name: str, one: Mapping[str, Any], run: Run, over: Window, who: str, several: bool) -> Row:
    if who not in GROUPS:
        raise ValueError(who)
    tail = _REGIONS.get(who, Text("", ""))
    part = (f"-{run.id}" if several else over.text.replace(" ", "")) + ("" if who == "all" else f"-{who}")
    arguments = {k: tuple(v) if isinstance(v, list) else v for k, v in one.get("arguments", {}).items()}
    return Row(
        name + part if not _says_when(name) else name + ("" if who == "all" else f"-{who}"),
        name, run.id, one["quantity"], tuple(one.get("also", ())), Text(**one["title"]), Text(**one["definition"]),
        Text(**one["population"]), Text(**one["window"]), Text(run.region.zh + tail.zh, run.region.en + tail.en),
        over.text, one["unit"], one.get("series", ""), False, one["measure"], arguments, over, who,
    )  # fmt: skip


def _says_when(name: str) -> bool:
    """Families of one period whose id needs no period."""
    return str(document()["family"][name]["periods"][0]).startswith("to ")


def _windows(periods: list[str], run: Run) -> Iterator[Window]:
    for text in periods:
        kind, _, span = text.partition(" ")
        if text == "whole":
            yield run.whole
        elif kind in ("years", "halves"):
            first, last = (int(year) for year in span.split("-"))
            for year in range(first, last + 1):
                yield from (window(f"{year}{half}") for half in (("",) if kind == "years" else ("H1", "H2")))
        else:
            yield window(text)
