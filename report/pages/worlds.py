"""What a world says, in words: ``python -m report.pages.worlds [--lang zh|en] [--write | --check]`` for
docs/worlds*.md.

Every figure is told with its unit, reliability and sources; figures taken from another world are named at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import fsum
from typing import Any

import scenarios
from report.blocks import (
    Block,
    Grid,
    Joined,
    Mono,
    Page,
    Paragraph,
    Picture,
    Section,
    Text,
    between,
    glued,
    message,
    title,
)
from report.pages.places import not_for, section
from report.render.documents import Document
from report.text.catalogue import under
from report.text.language import LANGS
from report.text.spoken import spoken
from sim.parameters.texts import Text as Titled
from sim.world.build import load_world
from sim.world.facts import FORMS, Figure, WorldFacts

LEVELS = tuple(id.rpartition(".")[2] for id in under("worlds.levels"))
MAPPED = "zhejiang"
"""World whose map stands on the page; it is drawn by ``python -m report.figures.places``."""
MEANS = frozenset({"province.rural_income"})
"""Figures by prefecture that do not add up to one of the whole."""


def worlds() -> list[WorldFacts]:
    """All worlds: provinces first, then cities and districts."""
    found = [load_world(path.stem) for path in sorted((scenarios.ROOT / "worlds").glob("*.toml"))]
    return sorted(found, key=lambda world: (LEVELS.index(world.level), world.id))


def value(figure: Figure) -> Text:
    """A figure in one line: totals over prefectures with their range, other values as they stand."""
    form, raw = FORMS[figure.key], figure.value
    if form.shape == "by_prefecture":
        return _spread([float(x) for x in raw.values()], figure.key not in MEANS)
    if form.shape in ("names_by_prefecture", "grades_by_prefecture", "seats_by_prefecture"):
        return f"Σ {sum(len(part) for part in raw.values())}"
    if form.shape == "rows_by_prefecture":
        parts = list(raw.values())
        return _row(parts[0]) if len(parts) == 1 else glued(message("worlds.each"), ": ", _row(parts[0]), "; …")
    if form.shape == "rows":
        return "; ".join(_row(row) for row in raw)
    return _row(raw) if isinstance(raw, list) else _number(raw)


def _spread(values: Sequence[float], adds: bool) -> Text:
    if len(values) == 1:
        return _number(values[0])
    between = glued(message("worlds.each"), f" {_number(min(values))} … {_number(max(values))}")
    return glued(f"Σ {_number(fsum(values))}; ", between) if adds else between


def _row(numbers: Sequence[float]) -> str:
    return " / ".join(_number(x) for x in numbers)


def _number(x: float) -> str:
    return f"{round(x):,}" if abs(x) >= 1000 else f"{x:.6g}"


def size(world: WorldFacts) -> dict[str, float]:
    """A world's totals: prefectures, units, sites, residents, and GDP and revenue a head in yuan."""
    people = fsum(world.residents)
    return {
        "prefectures": len(world.prefectures),
        "units": sum(world.province.units),
        "sites": sum(world.town.sites),
        "residents": people,
        "gdp": fsum(world.province.gdp) * 1e8 / people,
        "revenue": fsum(world.province.revenue) * 1e8 / people,
    }


def explain(name: str) -> dict[str, Any]:
    """What ``show`` adds to the head of a world's file."""
    world = load_world(name)
    sizes = Joined([glued(message(f"worlds.{k}"), " ", one) for k, one in _sizes(world).items()], "semicolon")
    return {
        "level": _said(message(f"worlds.levels.{world.level}")),
        "authority": world.authority.as_dict(),
        "units": world.units.as_dict(),
        "size": _said(sizes),
        "figures": [
            {
                "key": figure.key,
                "reliability": figure.reliability,
                "source": list(figure.source),
                "value": figure.value,
                "line": _said(_line(figure)),
            }
            for figure in _own(world)
        ],
        "like": world.like,
        "lent": sorted(world.lent),
    }


def _said(text: Text) -> dict[str, str]:
    return {lang: spoken(text, lang) for lang in LANGS}


def _own(world: WorldFacts) -> list[Figure]:
    return [figure for key, figure in world.figures.items() if key not in world.lent]


def _line(figure: Figure) -> Text:
    grade = message(f"worlds.grades.{figure.reliability}")
    return glued(f"{figure.key}  ", title(figure.title), ": ", value(figure), f" {figure.unit} (", grade, ")")


def page() -> Page:
    """Every world: its size, and its figures with their sources."""
    found = worlds()
    rows = [
        [_named(w.title, w.id), message(f"worlds.levels.{w.level}"), str(w.start), *_sizes(w).values()] for w in found
    ]
    heads = [message(f"worlds.{h}") for h in ("world", "level", "start", *_sizes(found[0]))]
    table = Grid(heads, rows, words=True)
    return Page(message("worlds.title"), [Paragraph(message("worlds.intro")), table, not_for(), *map(_section, found)])


def _named(text: Titled, id: str) -> Text:
    return glued(title(text), " ", Mono(id))


def _sizes(world: WorldFacts) -> dict[str, str]:
    totals = size(world)
    totals["residents"] /= 1e4
    return {name: f"{round(number):,}" for name, number in totals.items()}


def _section(world: WorldFacts) -> Section:
    heads = [message(f"worlds.{h}") for h in ("figure", "value", "reliability", "source", "note")]
    rows = [
        [
            _named(figure.title, figure.key),
            glued(value(figure), f" {figure.unit}"),
            message(f"worlds.grades.{figure.reliability}"),
            ", ".join(figure.source),
            title(figure.note) if figure.note else "",
        ]
        for figure in _own(world)
    ]
    head = message("worlds.head", authority=title(world.authority), units=title(world.units))
    sources = [glued(Mono(source.id), " ", title(source.title)) for source in world.sources.values()]
    parts: list[Block] = [Paragraph(head), Grid(heads, rows, words=True)]
    parts.append(Paragraph(message("worlds.from_sources", sources=between("; ", sources))))
    if world.lent:
        names = between(", ", (Mono(key) for key in sorted(world.lent)))
        parts.append(Paragraph(message("worlds.lent", like=world.like, names=names)))
    parts += section(world)
    if world.id == MAPPED:
        size = {"sites": sum(world.town.sites), "listed": len(world.listed)}
        parts.append(
            Picture(f"figures/places-{MAPPED}", message("figures.places.finding", world=title(world.title), **size))
        )
    return Section(_named(world.title, world.id), parts)


DOCUMENT = Document("report.pages.worlds", "The worlds and their figures.", "worlds", page)
FILES, document, stale, main = DOCUMENT.files, DOCUMENT.text, DOCUMENT.stale, DOCUMENT.main


if __name__ == "__main__":
    sys.exit(main())
