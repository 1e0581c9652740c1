"""Values of levers in words: money in 万元 and 亿元 or in yuan, shares in per cent, quarters in years."""

from __future__ import annotations

from report.pages.regimes.texts import COUNTED, INDUSTRY_NAMES, PROSE
from sim.parameters import INDUSTRIES, Library, Value
from sim.parameters.records import Lever, Parts

MONEY = {"wan_yuan": ("", ""), "wan_yuan_per_year": ("每年", " a year"), "wan_yuan_per_person": ("每人", " a head")}
"""Units of money: what is put before the sum in Chinese and after it in English."""
YUAN = 10_000


def value_words(library: Library, lever: Lever, value: Value | Parts, lang: str) -> str:
    """A value as a reader would say it."""
    if isinstance(value, bool):
        return PROSE["yes" if value else "no"][lang]
    if isinstance(value, str):
        return next((choice.title[lang] for choice in lever.choices if choice.id == value), value)
    if isinstance(value, tuple):
        return _many(library, lever, value, lang)
    return _number(library, lever, float(value), lang)


def _many(library: Library, lever: Lever, value: Value | Parts, lang: str) -> str:
    """Values by industry, equal ones together; or the steps of a schedule."""
    assert isinstance(value, tuple)
    if lever.type != "by_industry":
        return ("、" if lang == "zh" else ", ").join(_number(library, lever, float(part or 0), lang) for part in value)
    groups: dict[float, list[str]] = {}
    for name, part in zip(INDUSTRIES, value, strict=True):
        if part is not None:
            groups.setdefault(float(part), []).append(INDUSTRY_NAMES[name][lang])
    if len(groups) > 1 and lever.inert in (0, (0,) * len(INDUSTRIES)):
        groups.pop(0.0, None)
    if len(groups) == 1 and len(next(iter(groups.values()))) == len(INDUSTRIES):
        return _number(library, lever, next(iter(groups)), lang)
    ordered = sorted(groups.items(), key=lambda item: len(item[1]))
    shown = [(part, _names(names, lang)) for part, names in ordered]
    if len(shown) == 2 and sum(len(names) for names in groups.values()) == len(INDUSTRIES):
        shown[1] = (shown[1][0], PROSE["rest"][lang])
    if lang == "zh":
        return "，".join(f"{names}{_number(library, lever, part, lang)}" for part, names in shown)
    return ", ".join(f"{_number(library, lever, part, lang)} for {names}" for part, names in shown)


def _names(names: list[str], lang: str) -> str:
    if lang == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _number(library: Library, lever: Lever, x: float, lang: str) -> str:
    if lever.unit in MONEY:
        return money(x, lever.unit, lang)
    if lever.unit == "quarter" and x % 4 == 0:
        return _counted("year", x / 4, lang)
    if lever.unit == "per_year":
        return _counted("per_year", 100.0 * x, lang)
    if lever.unit in COUNTED:
        return _counted(lever.unit, x, lang)
    if lever.unit == "ratio" and not (isinstance(lever.max, int | float) and lever.max > 1):
        return f"{_plain(100.0 * x)}%" if lang == "zh" else f"{_plain(100.0 * x)} %"
    if lever.unit in ("ratio", "none"):
        return _plain(x)
    unit = library.units[lever.unit]
    return f"{_plain(x)}{unit.symbol.zh}" if lang == "zh" else f"{_plain(x)} {unit.title.en}"


def _counted(unit: str, x: float, lang: str) -> str:
    if lang == "zh" and unit.startswith("person") and x >= YUAN and x % 1000 == 0:
        return COUNTED[unit]["zh"].format(n=f"{_plain(x / YUAN)}万")
    text = COUNTED[unit][lang].format(n=_plain(x))
    return text.removesuffix("s") if lang == "en" and x == 1 and text.startswith("1 ") else text


def money(wan: float, unit: str, lang: str) -> str:
    """A sum given in 万元: 亿元 from 10 000 upwards in Chinese; yuan, million or billion yuan in English."""
    before, after = MONEY[unit]
    if lang == "zh":
        return before + (f"{_plain(wan / 10_000)}亿元" if abs(wan) >= 10_000 else f"{_plain(wan)}万元")
    yuan = wan * YUAN
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if abs(yuan) >= size:
            return f"{_plain(yuan / size)}{name} yuan{after}"
    return f"{_plain(yuan)} yuan{after}"


def _plain(x: float) -> str:
    """A number with at most four digits after the point and commas between thousands."""
    text = f"{x:,.4f}".rstrip("0").rstrip(".")
    return text.replace(",", "") if abs(x) < 10_000 else text
