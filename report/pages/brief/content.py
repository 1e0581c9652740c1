"""What a brief is made of: sections of paragraphs, findings, tables, pictures and lists, still without any look.

Text is plain and the page escapes it: strong parts are marked by position, never by markup inside a text, because
titles come from users' files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["up", "down", "open", "none"]
"""More, less, cannot be told, or nothing to tell."""


@dataclass(frozen=True)
class Said:
    """One statement of a finding: whom it is about, what is said, and whether the data decide."""

    who: str
    text: str
    verdict: Verdict = "none"


@dataclass(frozen=True)
class Paragraph:
    """Running text; a lead is set larger."""

    text: str
    lead: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True)
class Point:
    """A finding: a headline with its statements, and what the words mean."""

    title: str
    said: Sequence[Said]
    note: str = ""
    kind: str = "point"


@dataclass(frozen=True)
class Bullets:
    """A list; each item is (strong beginning, text)."""

    items: Sequence[tuple[str, str]]
    kind: str = "bullets"


@dataclass(frozen=True)
class Cell:
    """A cell of a table; a strong one stands after the correction for many comparisons."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Grid:
    """A table whose first column names the rows.

    Attributes:
        caption: Stands alone: what, where, when, how many runs.
        head: Column heads.
        rows: Cells, the row's name first.
        words: Whether the cells are words (set left) and not numbers (set right).
        wide: Whether it needs a page of its own width; a narrow screen scrolls it.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    words: bool = False
    wide: bool = False
    kind: str = "grid"


@dataclass(frozen=True)
class Picture:
    """A figure as a data address, with the text that stands for it where it cannot be seen."""

    address: str
    width: int
    height: int
    alt: str
    caption: str
    kind: str = "picture"


@dataclass(frozen=True)
class FigureFile:
    """A figure by its path in the result folder; it becomes a :class:`Picture` when the brief is made."""

    file: str
    alt: str
    caption: str
    kind: str = "file"


@dataclass(frozen=True)
class Code:
    """A command or a hash, in one-width type."""

    text: str
    kind: str = "code"


@dataclass(frozen=True)
class Fold:
    """Detail that a screen folds away and paper shows."""

    title: str
    blocks: Sequence[Block]
    kind: str = "fold"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: str = "heading"


Block = Paragraph | Point | Bullets | Grid | Picture | FigureFile | Code | Fold | Heading


@dataclass(frozen=True)
class Section:
    """A part of the brief under one heading.

    Attributes:
        id: Unique in the brief, the same in both languages.
        title: Heading.
        blocks: What stands in it.
    """

    id: str
    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)


@dataclass(frozen=True)
class Brief:
    """A whole brief in one language.

    Attributes:
        lang: "zh" or "en".
        title: Of the study, as its author wrote it.
        question: What it asks.
        facts: A few figures of the study for the head of the page, (name, value).
        sections: In reading order.
    """

    lang: str
    title: str
    question: str
    facts: Sequence[tuple[str, str]]
    sections: Sequence[Section]
