"""A text of a page said in a language: runs of words with their marks, or plain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from report import blocks
from report.text.messages import template
from report.text.words import decimals, interval, is_count, is_share, number, unit_text

_NOTHING = "–"


@dataclass(frozen=True)
class Run:
    """Words that look alike: strong, in one-width type, or leading to an address."""

    text: str
    strong: bool = False
    mono: bool = False
    address: str = ""


def spoken(text: blocks.Value, lang: str) -> str:
    """A text in a language, without marks."""
    return "".join(run.text for run in runs(text, lang))


def runs(text: blocks.Value, lang: str) -> list[Run]:
    """A text in a language as runs, none of them empty."""
    return [run for run in _runs(text, lang) if run.text]


def _runs(text: blocks.Value, lang: str) -> Iterator[Run]:
    match text:
        case str() | int():
            yield Run(str(text))
        case blocks.Message():
            for literal, name, _, _ in Formatter().parse(template(text.id, lang)):
                yield Run(literal)
                if name is not None:
                    yield from _runs(text.values[name], lang)
        case blocks.Title():
            yield Run(str(text.words.get(lang) or next(iter(text.words.values()), "")))
        case blocks.Strong():
            yield from (replace(run, strong=True) for run in _runs(text.text, lang))
        case blocks.Mono():
            yield from (replace(run, mono=True) for run in _runs(text.text, lang))
        case blocks.Link():
            yield from (replace(run, address=text.address) for run in _runs(text.text, lang))
        case blocks.Joined():
            yield from _joined([part for part in (runs(one, lang) for one in text.parts) if part], text.by, lang)
        case blocks.Sentence():
            yield from _sentence(runs(text.text, lang), lang)
        case _:
            yield Run(_numeric(text, lang))


def _joined(parts: Sequence[Sequence[Run]], by: blocks.Joint, lang: str) -> Iterator[Run]:
    between = "" if by == "none" else template(f"language.{'comma_and' if by == 'and' else by}", lang)
    for i, part in enumerate(parts):
        if i:
            yield Run(template("language.and", lang) if by == "and" and i == len(parts) - 1 else between)
        yield from part


def _sentence(said: list[Run], lang: str) -> Iterator[Run]:
    if said:
        yield from said[:-1]
        yield replace(said[-1], text=said[-1].text.rstrip("。. "))
        yield Run(template("language.stop", lang))


def _numeric(text: blocks.Quantity | blocks.Interval | blocks.Estimated | blocks.Unit, lang: str) -> str:
    match text:
        case blocks.Quantity():
            places = decimals(*text.within, text.unit, lang) if text.within else None
            body = number(text.value, text.unit, lang, sign=text.sign, digits=text.digits, places=places)
            return body if text.bare else with_unit(body, text.unit, lang, difference=text.difference)
        case blocks.Interval():
            places = decimals(text.low, text.high, text.unit, lang)
            body = interval(text.low, text.high, text.unit, lang, sign=text.sign, places=places)
            return body if text.bare else with_unit(body, text.unit, lang, difference=text.sign)
        case blocks.Estimated():
            return _estimated(text, lang)
        case blocks.Unit():
            label = unit_text(text.unit, lang)
            points = text.difference and is_share(text.unit)
            return template("language.unit_points", lang) + label[1:] if points else label


def _estimated(text: blocks.Estimated, lang: str) -> str:
    if text.constant:
        return f"{number(text.value, text.unit, lang, sign=text.sign)} ∗"
    places = decimals(text.low, text.high, text.unit, lang)
    value = number(text.value, text.unit, lang, sign=text.sign, places=places)
    between = interval(text.low, text.high, text.unit, lang, sign=text.sign, places=places)
    return value if between == _NOTHING else f"{value} ({between})"


def with_unit(body: str, unit: str, lang: str, *, difference: bool) -> str:
    """A printed number with its unit; differences of shares are in points."""
    label = unit_text(unit, lang)
    if body == _NOTHING or not label:
        return body
    if is_share(unit):
        if not difference:
            return body + label
        return body + template("language.gap", lang) + template("language.points", lang) + label[1:]
    return f"{body}{label}" if is_count(unit) and not template("language.gap", lang) else f"{body} {label}"
