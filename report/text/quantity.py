"""How a number is written with its unit, its interval, its share; the marks and scales are the language's.

The same functions write the axes of the figures, the tables of the pages and the findings of the guards, so that one
quantity looks the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from report.text.catalogue import spoken
from report.text.language import Language, language, mark
from sim.outcomes.records import SHARE_UNITS

COUNT_UNITS = frozenset({"town", "firm", "person", "village", "project", "count", "person_quarters", "person_quarter"})
"""Units of things that come whole; averages of them are printed whole from ten upwards."""

DASH = "–"
MINUS = "\u2212"
MYRIAD = 10_000


def text(titles: Any, lang: str) -> str:
    """A title in one language, from a mapping, a ``Text`` or a plain string."""
    return str(spoken(titles, lang))


def _pattern(unit: str, speech: Language) -> str:
    """A number of a unit, ``{n}`` for the number; an unknown unit is written as its id."""
    units: Mapping[str, str] = speech.units
    known = units.get(unit) or units.get(unit.removesuffix("s"))
    return known or ("{n} " + unit.replace("_", " ") if unit else "{n}")


def unit_text(unit: str, lang: str) -> str:
    """How a unit is printed; an unknown unit prints as its id."""
    return _pattern(unit, language(lang)).replace("{n}", "").strip()


def is_share(unit: str) -> bool:
    """Whether numbers of this unit are printed as per cent."""
    return unit in SHARE_UNITS


def is_count(unit: str) -> bool:
    """Whether the unit counts things that come whole."""
    return unit in COUNT_UNITS or unit.removesuffix("s") in COUNT_UNITS


def scale(unit: str, lang: str = "zh") -> float:
    """What a number is multiplied with before it is printed."""
    return 100.0 if is_share(unit) else language(lang).scale.get(unit, 1.0)


def number(
    value: float, unit: str, lang: str, *, sign: bool = False, digits: int = 3, places: int | None = None
) -> str:
    """A number to about three digits with thousands separators; shares as per cent figures without the sign %.

    Args:
        value: In the outcome's own unit.
        unit: Unit id.
        lang: Language, whose money units decide the size.
        sign: Write a plus before positive numbers.
        digits: Digits that count.
        places: Decimals, instead of a number of digits.
    """
    if math.isnan(value):
        return DASH
    shown = value * scale(unit, lang)
    if math.isinf(shown):
        return "∞" if shown > 0 else f"{MINUS}∞"
    size = abs(shown)
    if places is None:
        places = 0 if size == 0.0 else max(0, min(3, digits - 1 - math.floor(math.log10(size))))
        if is_count(unit):
            places = 0 if size >= 10.0 or size == round(size) else 1
            size = float(f"{size:.4g}") if size >= 1e5 else size
    body = f"{size:,.{places}f}"
    if float(body.replace(",", "")) == 0.0:
        return body
    return (MINUS if shown < 0 else "+" if sign else "") + body


def quantity(value: float, unit: str, lang: str, *, sign: bool = False, places: int | None = None) -> str:
    """A number with its unit, such as ``62.1%`` or ``1,240 亩``."""
    return measured(number(value, unit, lang, sign=sign, places=places), unit, lang)


def measured(body: str, unit: str, lang: str, *, difference: bool = False) -> str:
    """A printed number with its unit; differences of shares are in points."""
    pattern = _pattern(unit, language(lang))
    if difference and is_share(unit):
        pattern = pattern.replace("%", mark("points", lang))
    return body if body == DASH else pattern.format(n=body)


def difference_unit(unit: str, lang: str) -> str:
    """Unit of a difference."""
    label = unit_text(unit, lang)
    return label.replace("%", mark("point", lang)) if is_share(unit) else label


def percent(share: float, lang: str, places: int = 0) -> str:
    """A share in running text, such as ``62 %``."""
    return DASH if math.isnan(share) else f"{100.0 * share:.{places}f}{mark('percent', lang)}"


def interval(low: float, high: float, unit: str, lang: str, *, sign: bool = False, places: int | None = None) -> str:
    """An interval without its unit, such as ``58.0 to 66.2``."""
    if math.isnan(low) or math.isnan(high):
        return DASH
    return mark("to", lang).join(number(end, unit, lang, sign=sign, places=places) for end in (low, high))


def decimals(low: float, high: float, unit: str, lang: str) -> int | None:
    """Decimals that show two digits of an interval's half width, 0 to 4; None where it has no width."""
    half = (high - low) / 2.0 * scale(unit, lang)
    if not math.isfinite(half) or half <= 0.0:
        return None
    return max(0, min(4, 1 - math.floor(math.log10(half))))


def plain(x: float) -> str:
    """A number with at most four digits after the point and, from ten thousand, commas between thousands."""
    text = f"{x:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", "") if abs(x) < MYRIAD else text


def money(wan: float, lang: str) -> str:
    """A sum given in 万元, in the largest unit that it reaches: 亿元 and 万元, or billion, million and plain yuan."""
    step = next(one for one in language(lang).money if abs(wan) >= one.get("from", 0.0))
    return str(step["text"]).format(n=plain(wan / step.get("divide", 1.0)))


def people(x: float, lang: str) -> str:
    """A number of people: round numbers from ten thousand in 万 where the language counts so."""
    pattern = language(lang).numbers.get("myriad", "")
    return pattern.format(n=plain(x / MYRIAD)) if pattern and x >= MYRIAD and x % 1000 == 0 else plain(x)


def counted(pattern: str, n: str, lang: str) -> str:
    """A number put into ``"{n} towns"``; after one the unit loses what marks the plural."""
    drops = language(lang).numbers.get("one_drops", "")
    return pattern.format(n=n).removesuffix(drops) if n == "1" and pattern.startswith("{n} ") else pattern.format(n=n)
