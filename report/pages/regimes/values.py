"""Values of levers in words: money in 万元 and 亿元 or in yuan, shares in per cent, quarters in years."""

from __future__ import annotations

from report.text.catalogue import has, say, template
from report.text.language import joined, language, listed, mark
from report.text.quantity import counted, money, people, plain
from sim.parameters import INDUSTRIES, Library, Value
from sim.parameters.records import Lever, Parts

MONEY = ("wan_yuan", "wan_yuan_per_year", "wan_yuan_per_person")


def value_words(library: Library, lever: Lever, value: Value | Parts, lang: str) -> str:
    """A value as a reader would say it."""
    if isinstance(value, bool):
        return say("regimes.prose.yes" if value else "regimes.prose.no", lang)
    if isinstance(value, str):
        return next((choice.title[lang] for choice in lever.choices if choice.id == value), value)
    if isinstance(value, tuple):
        return _many(library, lever, value, lang)
    return _number(library, lever, float(value), lang)


def _many(library: Library, lever: Lever, value: Value | Parts, lang: str) -> str:
    """Values by industry, equal ones together; or the steps of a schedule."""
    assert isinstance(value, tuple)
    if lever.type != "by_industry":
        return listed((_number(library, lever, float(part or 0), lang) for part in value), lang)
    groups: dict[float, list[str]] = {}
    for name, part in zip(INDUSTRIES, value, strict=True):
        if part is not None:
            groups.setdefault(float(part), []).append(say(f"regimes.industry.{name}", lang))
    if len(groups) > 1 and lever.inert in (0, (0,) * len(INDUSTRIES)):
        groups.pop(0.0, None)
    if len(groups) == 1 and len(next(iter(groups.values()))) == len(INDUSTRIES):
        return _number(library, lever, next(iter(groups)), lang)
    ordered = sorted(groups.items(), key=lambda item: len(item[1]))
    shown = [(part, joined(names, lang, "also")) for part, names in ordered]
    if len(shown) == 2 and sum(len(names) for names in groups.values()) == len(INDUSTRIES):
        shown[1] = (shown[1][0], say("regimes.prose.rest", lang))
    each = (say("regimes.prose.of", lang, value=_number(library, lever, part, lang), who=who) for part, who in shown)
    return listed(each, lang, "comma")


def _number(library: Library, lever: Lever, x: float, lang: str) -> str:
    if lever.unit in MONEY:
        return say(f"regimes.counted.{lever.unit}", lang, n=money(x, lang))
    if lever.unit == "quarter" and x % 4 == 0:
        return _counted("year", x / 4, lang)
    if lever.unit == "per_year":
        return _counted("per_year", 100.0 * x, lang)
    if has(f"regimes.counted.{lever.unit}"):
        return _counted(lever.unit, x, lang)
    if lever.unit == "ratio" and not (isinstance(lever.max, int | float) and lever.max > 1):
        return plain(100.0 * x) + mark("percent", lang)
    if lever.unit in ("ratio", "none"):
        return plain(x)
    unit = library.units[lever.unit]
    return language(lang).numbers["other"].format(n=plain(x), symbol=unit.symbol[lang], title=unit.title[lang])


def _counted(unit: str, x: float, lang: str) -> str:
    shown = people(x, lang) if unit.startswith("person") else plain(x)
    return counted(template(f"regimes.counted.{unit}", lang), shown, lang)
