"""What a world says, in words: ``python -m report.pages.worlds [--lang zh|en] [--write | --check]`` for
docs/worlds*.md.

Every figure is told with its unit, reliability and sources; figures taken from another world are named at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any

import scenarios
from report.render.documents import Document, names
from report.render.markdown import table
from sim.parameters.texts import Text
from sim.world.build import load_world
from sim.world.facts import FORMS, Figure, WorldFacts

FILES = names("worlds")
LEVELS: Mapping[str, Text] = {
    "province": Text("省", "province"),
    "city": Text("市", "city"),
    "district": Text("区", "district"),
}
RELIABILITY: Mapping[str, Text] = {
    "published": Text("公布", "published"),
    "computed": Text("推算", "computed"),
    "general": Text("待核", "general knowledge, to be checked"),
    "assumption": Text("假设", "assumption"),
}
MEANS = frozenset({"province.rural_income"})
"""Figures by prefecture that do not add up to one of the whole."""
WORDS: Mapping[str, Text] = {
    "title": Text("各区域的数据", "The worlds and their figures"),
    "intro": Text(
        "本文件由 `scenarios/worlds/` 生成（`python -m report.pages.worlds --write`）。"
        "每个区域的数字按可靠程度分为：公布、推算、待核（凭一般知识）、假设。县或镇街为合成，统计特征与所列数字相符。",
        "Generated from `scenarios/worlds/` (`python -m report.pages.worlds --write`). Figures are published, "
        "computed, "
        "general knowledge to be checked, or assumed. Counties or townships are synthetic and match the figures.",
    ),
    "world": Text("区域", "world"),
    "level": Text("层级", "level"),
    "start": Text("起点", "start"),
    "units": Text("单位", "units"),
    "sites": Text("选址", "sites"),
    "residents": Text("常住人口（万人）", "residents (10,000)"),
    "gdp": Text("人均地区生产总值（元）", "GDP a head (yuan)"),
    "revenue": Text("人均财政收入（元）", "revenue a head (yuan)"),
    "prefectures": Text("市州", "prefectures"),
    "authority": Text("制定者", "authority"),
    "figure": Text("数字", "figure"),
    "value": Text("取值", "value"),
    "reliability": Text("可靠程度", "reliability"),
    "source": Text("来源", "source"),
    "note": Text("说明", "note"),
    "sources": Text("来源", "Sources"),
    "lent": Text("取自 `{like}` 的数字（在此均为假设）", "Figures taken from `{like}` (assumptions here)"),
    "each": Text("各地", "each"),
}


def worlds() -> list[WorldFacts]:
    """All worlds: provinces first, then cities and districts."""
    found = [load_world(path.stem) for path in sorted((scenarios.ROOT / "worlds").glob("*.toml"))]
    return sorted(found, key=lambda world: (list(LEVELS).index(world.level), world.id))


def value(figure: Figure, lang: str) -> str:
    """A figure in one line: totals over prefectures with their range, other values as they stand."""
    form, raw = FORMS[figure.key], figure.value
    if form.shape == "by_prefecture":
        return _spread([float(x) for x in raw.values()], figure.key not in MEANS, lang)
    if form.shape in ("names_by_prefecture", "grades_by_prefecture"):
        return f"Σ {sum(len(part) for part in raw.values())}"
    if form.shape == "rows_by_prefecture":
        parts = list(raw.values())
        return _row(parts[0]) if len(parts) == 1 else f"{WORDS['each'][lang]}: {_row(parts[0])}; …"
    if form.shape == "rows":
        return "; ".join(_row(row) for row in raw)
    return _row(raw) if isinstance(raw, list) else _number(raw)


def _spread(values: Sequence[float], adds: bool, lang: str) -> str:
    if len(values) == 1:
        return _number(values[0])
    between = f"{WORDS['each'][lang]} {_number(min(values))} … {_number(max(values))}"
    return f"Σ {_number(fsum(values))}; {between}" if adds else between


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
    own = [figure for key, figure in world.figures.items() if key not in world.lent]
    return {
        "level": LEVELS[world.level].as_dict(),
        "authority": world.authority.as_dict(),
        "units": world.units.as_dict(),
        "size": {lang: "; ".join(_size_lines(world, lang)) for lang in FILES},
        "figures": [
            {
                "key": figure.key,
                "reliability": figure.reliability,
                "source": list(figure.source),
                "value": figure.value,
                "line": {lang: _line(figure, lang) for lang in FILES},
            }
            for figure in own
        ],
        "like": world.like,
        "lent": sorted(world.lent),
    }


def _size_lines(world: WorldFacts, lang: str) -> list[str]:
    names = ("prefectures", "units", "sites", "residents", "gdp", "revenue")
    return [f"{WORDS[name][lang]} {text}" for name, text in zip(names, _sizes(world), strict=True)]


def _line(figure: Figure, lang: str) -> str:
    told = value(figure, lang)
    return f"{figure.key}  {figure.title[lang]}: {told} {figure.unit} ({RELIABILITY[figure.reliability][lang]})"


def document(lang: str) -> str:
    """The whole of docs/worlds.md or docs/worlds.zh.md."""
    found = worlds()
    heads = ("world", "level", "start", "prefectures", "units", "sites", "residents", "gdp", "revenue")
    rows = [[_title(world, lang), LEVELS[world.level][lang], world.start, *_sizes(world)] for world in found]
    parts = [f"# {WORDS['title'][lang]}", WORDS["intro"][lang], table([WORDS[h][lang] for h in heads], rows)]
    return "\n\n".join([*parts, *(_section(world, lang) for world in found)]) + "\n"


def _title(world: WorldFacts, lang: str) -> str:
    return f"{world.title[lang]} `{world.id}`"


def _sizes(world: WorldFacts) -> list[str]:
    totals = size(world)
    totals["residents"] /= 1e4
    return [f"{round(number):,}" for number in totals.values()]


def _section(world: WorldFacts, lang: str) -> str:
    own = [figure for key, figure in world.figures.items() if key not in world.lent]
    heads = [WORDS[h][lang] for h in ("figure", "value", "reliability", "source", "note")]
    rows = [
        [
            f"{figure.title[lang]} `{figure.key}`",
            f"{value(figure, lang)} {figure.unit}",
            RELIABILITY[figure.reliability][lang],
            ", ".join(figure.source),
            figure.note[lang] if figure.note else "",
        ]
        for figure in own
    ]
    head = f"{WORDS['authority'][lang]}: {world.authority[lang]}; {WORDS['units'][lang]}: {world.units[lang]}."
    sources = "; ".join(f"`{source.id}` {source.title[lang]}" for source in world.sources.values())
    parts = [f"## {_title(world, lang)}", head, table(heads, rows), f"{WORDS['sources'][lang]}: {sources}."]
    if world.lent:
        names = ", ".join(f"`{key}`" for key in sorted(world.lent))
        parts.append(f"{WORDS['lent'][lang].format(like=world.like)}: {names}.")
    return "\n\n".join(parts)


DOCUMENT = Document("report.pages.worlds", "The worlds and their figures.", FILES, document)
stale, main = DOCUMENT.stale, DOCUMENT.main


if __name__ == "__main__":
    sys.exit(main())
