"""Pages as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from report.blocks import (
    Block,
    Code,
    Fold,
    Grid,
    Item,
    Page,
    Paragraph,
    Picture,
    Points,
    Section,
    Strong,
    Text,
    message,
)
from report.text.spoken import Run, runs, spoken

_MARKS = re.compile(r"([\\`*<]|\](?=\())")
"""What would turn words of a title into marks."""


def markdown(page: Page, lang: str) -> str:
    """A page in a language."""
    question = [f"> {_said(page.question, lang)}"] if page.question else []
    facts = ["\n".join(f"- {_said(message('language.told', name=n, what=v), lang)}" for n, v in page.facts)]
    parts = [f"# {_said(page.title, lang)}", *question, *facts, *_blocks(page.blocks, lang, 2)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], rules: Sequence[str]) -> str:
    lines = [head, rules, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    """What a cell may hold: no line breaks, and no bar that ends it."""
    return re.sub(r"\s*\n\s*", " ", text).replace("|", "\\|")


def _blocks(blocks: Iterable[Block], lang: str, level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                if block.anchor:
                    yield f'<a id="{block.id}"></a>'
                yield f"{'#' * min(level, 6)} {_said(block.title, lang)}"
                yield from _blocks(block.blocks, lang, level + 1)
            case Fold():
                yield f"**{_said(block.title, lang)}**"
                yield from _blocks(block.blocks, lang, level + 1)
            case Paragraph():
                said = _said(block.text, lang)
                yield f"> {said}" if block.style == "quote" else f"**{said}**" if block.style == "lead" else said
            case Points():
                yield from _points(block, lang)
            case Grid():
                yield from _grid(block, lang)
            case Picture():
                yield f"![{spoken(block.alt, lang)}]({block.file(lang)})"
                if block.caption:
                    yield f"*{_said(block.caption, lang)}*"
            case Code():
                yield f"```{block.language}\n{block.text}\n```"


def _points(block: Points, lang: str) -> Iterator[str]:
    if block.title:
        yield f"**{_said(block.title, lang)}**"
    if block.note:
        yield _said(block.note, lang)
    if block.items:
        marks = (f"{k}." if block.numbered else "-" for k in count(1))
        yield "\n".join(f"{mark} {_item(item, lang)}" for mark, item in zip(marks, block.items, strict=False))


def _item(item: Item, lang: str) -> str:
    if not item.head:
        return _said(item.text, lang)
    return _said(message("language.told", name=Strong(item.head), what=item.text), lang)


def _grid(grid: Grid, lang: str) -> Iterator[str]:
    if grid.caption:
        yield f"*{_said(grid.caption, lang)}*"
    rules = ["---" if grid.is_words(k) else "---:" for k in range(len(grid.head))]
    rows = ([_cell(_said(cell, lang)) for cell in row] for row in grid.rows)
    yield _table([_cell(_said(one, lang)) for one in grid.head], rows, rules)


def _said(text: Text, lang: str) -> str:
    return "".join(_run(run) for run in runs(text, lang))


def _run(run: Run) -> str:
    said = f"`{run.text}`" if run.mono else _MARKS.sub(r"\\\1", run.text)
    said = f"**{said}**" if run.strong else said
    return f"[{said}]({run.address})" if run.address else said
