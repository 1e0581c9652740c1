"""What a page is made of, in no language and no format: texts, and the blocks that hold them.

A page says *what* is said. Which language it is said in, and how a table or a strong word looks, is chosen by the
renderer (:mod:`report.render`). A text never holds Markdown or HTML: titles come from users' files, and each renderer
escapes them by its own one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

Joint = Literal["and", "also", "pause", "comma", "semicolon", "space", "none"]
"""What stands between parts: “a, b and c”, items of a list, parts of a sentence, clauses, sentences, or nothing."""
Verdict = Literal["up", "down", "open", "none"]
"""More, less, cannot be told, or nothing to tell."""


@dataclass(frozen=True)
class Message:
    """A sentence of the catalogue by its id, with what fills its gaps; ``part`` counts what bars separate in it."""

    id: str
    values: Mapping[str, Value] = field(default_factory=dict)
    part: int | None = None


def message(name: str, /, **values: Value) -> Message:
    """A sentence of the catalogue (``report/text/catalogue``)."""
    return Message(name, values)


def heads(name: str, columns: int) -> tuple[Message, ...]:
    """Heads of a table, which stand in one message with bars between them."""
    return tuple(Message(name, part=k) for k in range(columns))


@dataclass(frozen=True)
class Title:
    """A text of the user's scenario files, by language."""

    words: Mapping[str, str]


class _Bilingual(Protocol):
    def as_dict(self) -> dict[str, str]: ...


def title(text: _Bilingual | Mapping[str, str] | str) -> Text:
    """A text of a scenario file, in whichever of the shapes it is kept."""
    return text if isinstance(text, str) else Title(text if isinstance(text, Mapping) else text.as_dict())


@dataclass(frozen=True)
class Quantity:
    """A number.

    Attributes:
        value: In ``unit``.
        unit: Unit id.
        sign: Write a plus before a positive number.
        difference: A difference: shares are in percentage points.
        bare: Without its unit, as under a head that names it.
        within: Interval that decides how many decimals are worth printing.
        digits: Digits that count where there is no interval.
    """

    value: float
    unit: str
    sign: bool = False
    difference: bool = False
    bare: bool = False
    within: tuple[float, float] | None = None
    digits: int = 3


@dataclass(frozen=True)
class Interval:
    """From one number to another, without their unit unless told.

    Attributes:
        each: Each end to three digits of its own, instead of as many decimals as the width deserves.
    """

    low: float
    high: float
    unit: str
    sign: bool = False
    bare: bool = True
    each: bool = False


class _Estimate(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def method(self) -> str: ...


@dataclass(frozen=True)
class Estimated:
    """A number without its unit and the interval around it; a star where all runs agree and nothing is estimated."""

    value: float
    low: float
    high: float
    unit: str
    sign: bool = False
    constant: bool = False


def estimated(e: _Estimate, *, sign: bool = False) -> Estimated:
    """An estimate as a cell of a table."""
    return Estimated(e.value, e.low, e.high, e.unit, sign, e.method == "constant")


@dataclass(frozen=True)
class Count:
    """A number as a sentence tells it: 3 years, 30 billion yuan, 1 town.

    Attributes:
        id: Message with a gap ``n`` that says what is counted.
        form: How the number is written: as it stands, as a sum given in 万元, or as a number of people.
    """

    value: float
    id: str
    form: Literal["plain", "money", "people"] = "plain"


@dataclass(frozen=True)
class Filled:
    """A sentence of a user's file, whose gaps are filled, with a capital at its beginning."""

    words: Mapping[str, str]
    values: Mapping[str, Text]


@dataclass(frozen=True)
class Unit:
    """How a unit is written, or what it becomes in a difference."""

    unit: str
    difference: bool = False


@dataclass(frozen=True)
class Joined:
    """Several texts as one; empty ones are left out."""

    parts: Sequence[Text]
    by: Joint = "pause"


def glued(*parts: Text) -> Joined:
    """Texts with nothing between."""
    return Joined(parts, "none")


def between(mark: str, parts: Iterable[Text]) -> Joined:
    """Texts with the same mark between them in every language."""
    return glued(*[one for part in parts for one in (mark, part)][1:])


def told(name: Text, what: Text) -> Message:
    """A strong name and what is said of it."""
    return message("language.told", name=Strong(name), what=what)


def noted(text: Text, note: Text) -> Text:
    """A text with a note in brackets, where there is one."""
    return message("language.with_unit", name=text, unit=note) if note else text


def banded(value: float, low: float, high: float, unit: str) -> Joined:
    """A number with its band, both without their unit."""
    return glued(Quantity(value, unit, bare=True), " (", Interval(low, high, unit, each=True), ")")


@dataclass(frozen=True)
class Sentence:
    """A text with one full stop at its end."""

    text: Text


@dataclass(frozen=True)
class Strong:
    """A text that stands out: a head, or a difference that stands."""

    text: Text


@dataclass(frozen=True)
class Mono:
    """An id, a path or a command inside a sentence."""

    text: Text


@dataclass(frozen=True)
class Link:
    """A text that leads to an address: relative, ``#anchor`` or a URL."""

    text: Text
    address: str


Text = (
    str
    | Message
    | Title
    | Quantity
    | Interval
    | Estimated
    | Count
    | Filled
    | Unit
    | Joined
    | Sentence
    | Strong
    | Mono
    | Link
)
"""Something that can be said. A plain ``str`` is said as it is in every language: an id, a number, a command."""
Value = Text | int
"""What fills a gap of a message."""


@dataclass(frozen=True)
class Paragraph:
    """Running text; a lead is set larger, a quotation apart."""

    text: Text
    style: Literal["plain", "lead", "quote", "note"] = "plain"


@dataclass(frozen=True)
class Item:
    """An item of a list: a strong beginning, the text, and what the data decide."""

    text: Text
    head: Text = ""
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Points:
    """A list, numbered or not; with a title it is a finding, whose note says what its words mean."""

    items: Sequence[Item]
    title: Text = ""
    note: Text = ""
    numbered: bool = False


@dataclass(frozen=True)
class Grid:
    """A table whose first column names the rows.

    Attributes:
        head: Column heads.
        rows: Cells, the row's name first; a :class:`Strong` one stands out.
        caption: Stands alone: what, where, when, how many runs.
        words: Columns that hold words and are set left, or True for all; the first always does.
        wide: Whether it needs the width of a page; a narrow screen scrolls it.
    """

    head: Sequence[Text]
    rows: Sequence[Sequence[Text]]
    caption: Text = ""
    words: bool | Sequence[int] = False
    wide: bool = False

    def is_words(self, column: int) -> bool:
        """Whether a column is set left."""
        return column == 0 or (self.words if isinstance(self.words, bool) else column in self.words)


@dataclass(frozen=True)
class Picture:
    """A figure, with the text that stands for it where it cannot be seen.

    Attributes:
        name: Path in its result folder without language and suffix, such as ``figures/completion``.
        alt: What it shows.
        caption: What is written under it.
        folder: Result folder, where it is not that of the page.
    """

    name: str
    alt: Text
    caption: Text = ""
    folder: Path | None = None

    def file(self, lang: str) -> str:
        """Path in the folder of the picture in a language."""
        return f"{self.name}.{lang}.png"


@dataclass(frozen=True)
class Code:
    """A command or a listing, in one-width type."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Fold:
    """Detail that a screen folds away and paper shows."""

    title: Text
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Section:
    """A part under a heading of its own.

    Attributes:
        title: Heading.
        blocks: What stands in it; sections inside are one level lower.
        id: Unique on the page and the same in every language, where something leads there.
        anchor: Whether a link of the page itself leads there.
    """

    title: Text
    blocks: Sequence[Block] = ()
    id: str = ""
    anchor: bool = False


Block = Paragraph | Points | Grid | Picture | Code | Fold | Section


@dataclass(frozen=True)
class Page:
    """A whole page.

    Attributes:
        title: Its heading.
        blocks: In reading order.
        question: What it answers, under the heading.
        facts: A few figures for the head of the page, (name, value).
        kicker: What kind of page it is, over the heading.
    """

    title: Text
    blocks: Sequence[Block]
    question: Text = ""
    facts: Sequence[tuple[Text, Text]] = ()
    kicker: Text = ""

    def only(self, *ids: str) -> Page:
        """The page with these sections only, in this order, wherever they stand in it; those it lacks are left out."""
        found = dict(_sections(self.blocks))
        return replace(self, blocks=tuple(found[name] for name in ids if name in found))


def _sections(blocks: Sequence[Block]) -> Iterator[tuple[str, Section]]:
    for block in blocks:
        if isinstance(block, Section):
            yield block.id, block
            yield from _sections(block.blocks)


def within(block: Any, folder: Path) -> Any:
    """A block (or page) whose pictures lie in another folder than that of the page it goes into."""
    if isinstance(block, Picture):
        return block if block.folder else replace(block, folder=folder)
    if isinstance(block, Section | Fold | Page):
        return replace(block, blocks=tuple(within(one, folder) for one in block.blocks))
    return block


def together(said: Mapping[str, Any]) -> Any:
    """A block (or page) that was made in each language with plain words, as one that holds them all.

    Args:
        said: By language; all of the same make.
    """
    first = next(iter(said.values()))
    if isinstance(first, str):
        return first if len(set(said.values())) == 1 else Title(said)
    if isinstance(first, list | tuple):
        return tuple(together(dict(zip(said, part, strict=True))) for part in zip(*said.values(), strict=True))
    if is_dataclass(first) and not isinstance(first, type | Title):
        parts = {f.name: together({lang: getattr(one, f.name) for lang, one in said.items()}) for f in fields(first)}
        return replace(first, **parts)
    return first
