"""Values of levers in words: money in 万元 and 亿元 or in yuan, shares in per cent, quarters in years."""

from __future__ import annotations

from typing import Literal

from report.blocks import Count, Joined, Text, glued, message, title
from report.text.catalogue import has
from sim.parameters import INDUSTRIES, Library, Value
from sim.parameters.records import Lever, Parts

MONEY = ("wan_yuan", "wan_yuan_per_year", "wan_yuan_per_person")


def value_words(library: Library, lever: Lever, value: Value | Parts) -> Text:
    """A value as a reader would say it."""
    if isinstance(value, bool):
        return message("regimes.prose.yes" if value else "regimes.prose.no")
    if isinstance(value, str):
        return next((title(choice.title) for choice in lever.choices if choice.id == value), value)
    if isinstance(value, tuple):
        return _many(library, lever, value)
    return _number(library, lever, float(value))


def _many(library: Library, lever: Lever, value: Value | Parts) -> Text:
    """Values by industry, equal ones together; or the steps of a schedule."""
    assert isinstance(value, tuple)
    if lever.type != "by_industry":
        return Joined([_number(library, lever, float(part or 0)) for part in value])
    groups: dict[float, list[Text]] = {}
    for name, part in zip(INDUSTRIES, value, strict=True):
        if part is not None:
            groups.setdefault(float(part), []).append(message(f"regimes.industry.{name}"))
    if len(groups) > 1 and lever.inert in (0, (0,) * len(INDUSTRIES)):
        groups.pop(0.0, None)
    if len(groups) == 1 and len(next(iter(groups.values()))) == len(INDUSTRIES):
        return _number(library, lever, next(iter(groups)))
    ordered = sorted(groups.items(), key=lambda item: len(item[1]))
    shown: list[tuple[float, Text]] = [(part, Joined(names, "also")) for part, names in ordered]
    if len(shown) == 2 and sum(len(names) for names in groups.values()) == len(INDUSTRIES):
        shown[1] = (shown[1][0], message("regimes.prose.rest"))
    each = [message("regimes.prose.of", value=_number(library, lever, part), who=who) for part, who in shown]
    return Joined(each, "comma")


def _number(library: Library, lever: Lever, x: float) -> Text:
    unit = lever.unit
    if unit in MONEY:
        return _counted(unit, x, "money")
    if unit == "quarter" and x % 4 == 0:
        return _counted("year", x / 4)
    if unit == "ratio" and isinstance(lever.max, int | float) and lever.max > 1:
        return _counted("none", x)
    if unit in ("per_year", "ratio"):
        return _counted(unit, 100.0 * x)
    if has(f"regimes.counted.{unit}"):
        return _counted(unit, x, "people" if unit.startswith("person") else "plain")
    return glued(_counted("none", x), " ", title(library.units[unit].title))


def _counted(unit: str, x: float, form: Literal["plain", "money", "people"] = "plain") -> Count:
    return Count(x, f"regimes.counted.{unit}", form)
