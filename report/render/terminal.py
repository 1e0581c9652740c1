"""Blocks on a terminal, or plain where the output is a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from report.blocks import Block, Code, Fold, Grid, Paragraph, Picture, Points, Section, Strong, Text, message
from report.text.spoken import Run, runs, spoken

PLAIN_WIDTH = 140
"""Width of tables that go to a file or a pipe."""


def console(stderr: bool = False) -> Console:
    """A console for tables; wide where nobody looks at a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else PLAIN_WIDTH, highlight=False)


def show(blocks: Iterable[Block], lang: str, to: Console | None = None) -> None:
    """Print blocks in a language; pictures are left out."""
    out = to or console()
    for block in blocks:
        match block:
            case Section() | Fold():
                out.print(_styled(Strong(block.title), lang), soft_wrap=True)
                show(block.blocks, lang, out)
            case Paragraph():
                out.print(_styled(block.text, lang), soft_wrap=True)
            case Points():
                if block.title:
                    out.print(_styled(Strong(block.title), lang), soft_wrap=True)
                for item in block.items:
                    told = message("language.told", name=Strong(item.head), what=item.text) if item.head else item.text
                    out.print(Styled("· ").append_text(_styled(told, lang)), soft_wrap=True)
            case Grid():
                out.print(_table(block, lang))
            case Code():
                out.print(Styled(block.text), soft_wrap=True)
            case Picture():
                pass


def _table(grid: Grid, lang: str) -> Table:
    title = spoken(grid.caption, lang) or None
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for k, head in enumerate(grid.head):
        justify = "left" if grid.is_words(k) else "right"
        made.add_column(_styled(head, lang), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in grid.rows:
        made.add_row(*(_styled(cell, lang, mark=" *") for cell in row))
    return made


def _styled(text: Text, lang: str, mark: str = "") -> Styled:
    """A text with its marks; ``mark`` stands behind a strong cell, for terminals without bold type."""
    said = Styled()
    for run in runs(text, lang):
        said.append(run.text, style=_style(run))
    if mark and isinstance(text, Strong):
        said.append(mark)
    return said


def _style(run: Run) -> str:
    return "bold" if run.strong else "cyan" if run.mono else ""
