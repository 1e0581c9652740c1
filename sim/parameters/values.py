"""Check one lever value: its type, its bounds, and what a reader probably meant by a text in place of a number."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from sim.parameters.errors import OutOfBounds, UnknownName, Words, WrongType, listed, nearest, shown
from sim.parameters.locate import Path
from sim.parameters.read import Document
from sim.parameters.records import INDUSTRIES, Lever, Parts, Unit, Value
from sim.parameters.tables import as_float
from sim.parameters.texts import KINDS, TYPES, Phrase

LONGEST_SCHEDULE = 40

_WRITTEN = re.compile(r"([+-]?[0-9][0-9,_]*(?:\.[0-9]+)?)\s*(%|亿|万|千|百)?\s*([^0-9%]*)")
_SCALE = {"%": 0.01, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}


def check_value(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> Value | Parts | None:
    """Return a raw TOML or Python value as a value of `lever`; None after noting what is wrong with it.

    A `by_industry` value keeps None for industries it does not mention.
    """
    before = len(document.problems)
    value = _TAKERS[lever.type](lever, raw, document, path, unit)
    return value if len(document.problems) == before else None


def bounds_text(lever: Lever, unit: Unit | None) -> Words:
    """Return the allowed range of a numeric lever in words, for example "0 … 5 万元"."""
    low = "…" if lever.min is None else plain(lever.min)
    high = "…" if lever.max is None else plain(lever.max)
    span = f"{low} … {high}"
    if unit is None or unit.id == "none":
        return span
    return Phrase("value.span", "{span} {unit}", {"span": span, "unit": unit.title})


def plain(value: object) -> str:
    """Return a number without a needless ".0"; anything else as text."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def meant(text: str, unit: Unit | None) -> str:
    """Return the number, in the unit asked for, that a text such as "50%" or "30 亿元" means, or ""."""
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip()[:60])
    if not match:
        return ""
    number = float(match[1].replace(",", "").replace("_", "")) * _SCALE.get(match[2] or "", 1.0)
    symbol, rest = (unit.symbol.zh if unit else ""), match[3].strip()
    for name, scale in (("亿", 1e8), ("万", 1e4)):
        # A bare "30" or "30 万" in a 万元 lever already counts in 万元; only a written scale is taken out again.
        if symbol.startswith(name) and match[2] in ("亿", "万", "千", "百"):
            number /= scale
    if rest.startswith("年") and unit is not None and unit.id == "quarter":
        number *= 4
    number = round(number, 9)
    return plain(number)


def _number(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> float | None:
    """Return a number within the lever's numeric bounds."""
    whole = lever.type == "integer"
    kind = "integer" if whole else "number"
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        guess = meant(raw, unit) if isinstance(raw, str) else ""
        document.report(
            WrongType, "wrong_type", path, found=shown(raw), allowed=_with_unit(kind, unit), suggestion=guess
        )
        return None
    value = as_float(raw)
    if not math.isfinite(value):
        document.report(WrongType, "not_finite", path, found=shown(raw), allowed=bounds_text(lever, unit))
        return None
    if whole and not value.is_integer():
        document.report(
            WrongType,
            "wrong_type",
            path,
            found=shown(raw),
            allowed=_with_unit(kind, unit),
            suggestion=plain(round(value)),
        )
        return None
    low = lever.min if isinstance(lever.min, float) else -math.inf
    high = lever.max if isinstance(lever.max, float) else math.inf
    if not low <= value <= high:
        document.report(
            OutOfBounds,
            "out_of_bounds",
            path,
            found=shown(raw),
            allowed=bounds_text(lever, unit),
            suggestion=_percent(value, low, high, lever),
        )
        return None
    return int(value) if whole else value


def _percent(value: float, low: float, high: float, lever: Lever) -> str:
    """Return value/100 where a ratio was probably written in percent."""
    if lever.unit == "ratio" and value > 1 and low <= value / 100 <= high and high <= 1:
        return plain(round(value / 100, 9))
    return ""


def _with_unit(kind: str, unit: Unit | None) -> Phrase:
    text = TYPES[kind]
    if unit is None or unit.id == "none":
        return text
    return Phrase("value.with_unit", "{what}, in {unit}", {"what": text, "unit": unit.title})


def _flag(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> bool | None:
    if isinstance(raw, bool):
        return raw
    guess = {
        "1": "true",
        "0": "false",
        "true": "true",
        "false": "false",
        "是": "true",
        "否": "false",
        "yes": "true",
        "no": "false",
    }.get(str(raw).lower(), "")
    document.report(WrongType, "wrong_type", path, found=shown(raw), allowed=TYPES["flag"], suggestion=guess)
    return None


def _choice(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> str | None:
    options = [choice.id for choice in lever.choices]
    if isinstance(raw, str) and raw in options:
        return raw
    by_title = {title: choice.id for choice in lever.choices for title in (choice.title.zh, choice.title.en)}
    guess = by_title.get(raw, "") if isinstance(raw, str) else ""
    document.report(
        UnknownName,
        "not_a_choice",
        path,
        found=shown(raw),
        allowed=listed(options),
        suggestion=guess or nearest(raw, options),
    )
    return None


def _schedule(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> tuple[float, ...] | None:
    if not isinstance(raw, (list, tuple)):
        number = isinstance(raw, (int, float)) and not isinstance(raw, bool)
        document.report(
            WrongType,
            "wrong_type",
            path,
            found=shown(raw),
            allowed=TYPES["schedule"],
            suggestion=f"[{plain(raw)}]" if number else "",
        )
        return None
    if not 1 <= len(raw) <= LONGEST_SCHEDULE:
        document.report(
            OutOfBounds,
            "out_of_bounds",
            path,
            found=shown(len(raw)),
            allowed=Phrase("value.schedule", "1 … {n} numbers", {"n": LONGEST_SCHEDULE}),
        )
        return None
    found = [_number(lever, element, document, (*path, place), unit) for place, element in enumerate(raw)]
    return tuple(value for value in found if value is not None)


def _by_industry(lever: Lever, raw: object, document: Document, path: Path, unit: Unit | None) -> Parts | None:
    """Return one number per industry; a bare number stands for all eight, a sequence of eight for each in order."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        value = _number(lever, raw, document, path, unit)
        return None if value is None else (value,) * len(INDUSTRIES)
    if isinstance(raw, (list, tuple)) and len(raw) == len(INDUSTRIES):
        raw = {name: element for name, element in zip(INDUSTRIES, raw, strict=True) if element is not None}
    if not isinstance(raw, dict) or not raw:
        guess = meant(raw, unit) if isinstance(raw, str) else ""
        document.report(WrongType, "wrong_type", path, found=shown(raw), allowed=TYPES["by_industry"], suggestion=guess)
        return None
    found: dict[str, float | None] = {}
    for name, element in raw.items():
        if name in INDUSTRIES:
            found[name] = _number(lever, element, document, (*path, name), unit)
        else:
            document.report(
                UnknownName,
                "unknown_name",
                (*path, str(name)),
                found=shown(name),
                allowed=listed(INDUSTRIES),
                suggestion=nearest(name, INDUSTRIES),
                kind=KINDS["industry"],
            )
    return tuple(found.get(name) for name in INDUSTRIES)


_TAKERS: dict[str, Any] = {
    "number": _number,
    "integer": _number,
    "flag": _flag,
    "choice": _choice,
    "regime": _choice,
    "schedule": _schedule,
    "by_industry": _by_industry,
}
