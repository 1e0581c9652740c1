"""Numbers, units and short words as they are printed, in Chinese and English.

The same functions write the axes of the figures, the tables of the summary and the findings of the guards, so that one
quantity looks the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

from sim.outcomes.records import SHARE_UNITS

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")

_UNITS: Mapping[str, tuple[str, str]] = {
    "ratio": ("%", "%"),
    "share": ("%", "%"),
    "hazard": ("%/年", "% a year"),
    "per_year": ("%/年", "% a year"),
    "yi_yuan": ("亿元", "billion yuan"),
    "wan_yuan": ("万元", "thousand yuan"),
    "wan_yuan_per_mu": ("万元/亩", "thousand yuan per mu"),
    "wan_yuan_per_person": ("万元/人", "thousand yuan a head"),
    "wan_yuan_per_year": ("万元/年", "thousand yuan a year"),
    "wan_yuan_per_wan_yuan": ("元/元", "yuan per yuan"),
    "yi_yuan_per_yi_yuan": ("元/元", "yuan per yuan"),
    "mu": ("亩", "mu"),
    "town": ("个", "towns"),
    "firm": ("家", "firms"),
    "person": ("人", "persons"),
    "year": ("年", "years"),
    "quarter": ("季", "quarters"),
    "person_quarters": ("人·季", "person-quarters"),
    "person_quarter": ("人·季", "person-quarters"),
    "village": ("个", "villages"),
    "project": ("个", "projects"),
    "count": ("个", "count"),
    "score": ("分", "points"),
    "index": ("", ""),
    "none": ("", ""),
    "": ("", ""),
}

_ENGLISH_SCALE: Mapping[str, float] = {"yi_yuan": 0.1}
"""Chinese counts money in 万 and 亿, English in thousands and billions: 1 亿元 is 0.1 billion yuan."""

COUNT_UNITS = frozenset({"town", "firm", "person", "village", "project", "count", "person_quarters", "person_quarter"})
"""Units of things that come whole; averages of them are printed whole from ten upwards."""

_DASH = "–"
_MINUS = "\u2212"


def text(titles: Any, lang: str) -> str:
    """A title in one language, from a mapping, a ``Text`` or a plain string."""
    return titles if isinstance(titles, str) else str(titles[lang])


def unit_text(unit: str, lang: str) -> str:
    """How a unit is printed; an unknown unit prints as its id."""
    pair = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s"))
    return unit.replace("_", " ") if pair is None else pair[0 if lang == "zh" else 1]


def is_share(unit: str) -> bool:
    """Whether numbers of this unit are printed as per cent."""
    return unit in SHARE_UNITS


def is_count(unit: str) -> bool:
    """Whether the unit counts things that come whole."""
    return unit in COUNT_UNITS or unit.removesuffix("s") in COUNT_UNITS


def scale(unit: str, lang: str = "zh") -> float:
    """What a number is multiplied with before it is printed."""
    if is_share(unit):
        return 100.0
    if lang == "zh":
        return 1.0
    return _ENGLISH_SCALE.get(unit, 10.0 if unit.startswith("wan_yuan") and unit != "wan_yuan_per_wan_yuan" else 1.0)


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
        return _DASH
    shown = value * scale(unit, lang)
    if math.isinf(shown):
        return "∞" if shown > 0 else f"{_MINUS}∞"
    size = abs(shown)
    if places is None:
        places = 0 if size == 0.0 else max(0, min(3, digits - 1 - math.floor(math.log10(size))))
        if is_count(unit):
            places = 0 if size >= 10.0 or size == round(size) else 1
            size = float(f"{size:.4g}") if size >= 1e5 else size
    body = f"{size:,.{places}f}"
    if float(body.replace(",", "")) == 0.0:
        return body
    return (_MINUS if shown < 0 else "+" if sign else "") + body


def quantity(value: float, unit: str, lang: str, *, sign: bool = False) -> str:
    """A number with its unit, such as ``62.1 %`` or ``1,240 亩``."""
    body = number(value, unit, lang, sign=sign)
    label = unit_text(unit, lang)
    if body == _DASH or not label:
        return body
    return f"{body}{label}" if label.startswith("%") or (lang == "zh" and is_count(unit)) else f"{body} {label}"


def interval(low: float, high: float, unit: str, lang: str, *, sign: bool = False, places: int | None = None) -> str:
    """An interval without its unit, such as ``58.0 to 66.2``."""
    if math.isnan(low) or math.isnan(high):
        return _DASH
    joiner = " 至 " if lang == "zh" else " to "
    return joiner.join(number(end, unit, lang, sign=sign, places=places) for end in (low, high))


def decimals(low: float, high: float, unit: str, lang: str) -> int | None:
    """Decimals that show two digits of an interval's half width, 0 to 4; None where it has no width."""
    half = (high - low) / 2.0 * scale(unit, lang)
    if not math.isfinite(half) or half <= 0.0:
        return None
    return max(0, min(4, 1 - math.floor(math.log10(half))))


def joined(parts: list[str], lang: str) -> str:
    """A list in a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    if lang == "zh":
        return "、".join(parts[:-1]) + "和" + parts[-1]
    return ", ".join(parts[:-1]) + " and " + parts[-1]
