"""A text of a page said in a language: runs of words with their marks, or plain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter

from report import blocks
from report.text.catalogue import spoken as title
from report.text.catalogue import template
from report.text.language import language, mark
from report.text.quantity import (
    DASH,
    counted,
    decimals,
    difference_unit,
    interval,
    measured,
    money,
    number,
    people,
    plain,
    unit_text,
)

_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
_MARKS = re.compile(r"(\*\*|`|\[[^\]]*\]\([^)]*\))")
JOINTS: Mapping[blocks.Joint, tuple[str, str]] = {
    "and": ("pause", "and"),
    "also": ("pause", "also"),
    **{name: (name, name) for name in ("pause", "comma", "semicolon", "space")},
    "none": ("", ""),
}
"""Marks between parts, and before the last."""
FORMS: Mapping[str, Callable[[float, str], str]] = {"plain": lambda x, _: plain(x), "money": money, "people": people}
"""How a number stands in a sentence."""


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
            said = template(text.id, lang)
            said = said if text.part is None else said.split("|")[text.part]
            yield from _message(said, text.values, lang)
        case blocks.Title():
            yield Run(title(text.words, lang))
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


def _message(said: str, values: Mapping[str, blocks.Value], lang: str) -> Iterator[Run]:
    """A sentence of the catalogue; strong words, ids in one-width type and links stand in it as in Markdown."""
    look = Run("")
    for literal, name, _, _ in Formatter().parse(said):
        for piece in _MARKS.split(literal):
            if piece == "**":
                look = replace(look, strong=not look.strong)
            elif piece == "`":
                look = replace(look, mono=not look.mono)
            elif link := _LINK.fullmatch(piece):
                yield replace(look, text=link[1], address=link[2])
            else:
                yield replace(look, text=piece)
        if name is not None:
            for run in _runs(values[name], lang):
                yield replace(run, strong=run.strong or look.strong, mono=run.mono or look.mono)


def _joined(parts: Sequence[Sequence[Run]], by: blocks.Joint, lang: str) -> Iterator[Run]:
    between, last = (mark(name, lang) if name else "" for name in JOINTS[by])
    for i, part in enumerate(parts):
        if i:
            yield Run(last if i == len(parts) - 1 else between)
        yield from part


def _sentence(said: list[Run], lang: str) -> Iterator[Run]:
    if said:
        yield from said[:-1]
        yield replace(said[-1], text=said[-1].text.rstrip("。. "))
        yield Run(mark("stop", lang).strip())


def _numeric(
    text: blocks.Quantity | blocks.Interval | blocks.Estimated | blocks.Unit | blocks.Count | blocks.Filled, lang: str
) -> str:
    match text:
        case blocks.Quantity():
            places = decimals(*text.within, text.unit, lang) if text.within else None
            body = number(text.value, text.unit, lang, sign=text.sign, digits=text.digits, places=places)
            return body if text.bare else measured(body, text.unit, lang, difference=text.difference)
        case blocks.Interval():
            places = None if text.each else decimals(text.low, text.high, text.unit, lang)
            body = interval(text.low, text.high, text.unit, lang, sign=text.sign, places=places)
            return body if text.bare else measured(body, text.unit, lang, difference=text.sign)
        case blocks.Estimated():
            return _estimated(text, lang)
        case blocks.Count():
            return counted(template(text.id, lang), FORMS[text.form](text.value, lang), lang)
        case blocks.Filled():
            return _filled(text, lang)
        case blocks.Unit():
            label = unit_text(text.unit, lang)
            return difference_unit(text.unit, lang) if text.difference else label


def _filled(text: blocks.Filled, lang: str) -> str:
    said: str = title(text.words, lang).format_map({name: spoken(one, lang) for name, one in text.values.items()})
    for long, short in language(lang).every.items():
        said = said.replace(long, short)
    return said[:1].upper() + said[1:]


def _estimated(text: blocks.Estimated, lang: str) -> str:
    if text.constant:
        return f"{number(text.value, text.unit, lang, sign=text.sign)} ∗"
    places = decimals(text.low, text.high, text.unit, lang)
    value = number(text.value, text.unit, lang, sign=text.sign, places=places)
    between = interval(text.low, text.high, text.unit, lang, sign=text.sign, places=places)
    return value if between == DASH else f"{value} ({between})"
