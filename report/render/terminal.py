"""Blocks on a terminal, or plain where the output is a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich import box
from rich.console import Console, JustifyMethod
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text as Styled

from report.blocks import (
    Block,
    Code,
    Estimated,
    Fold,
    Grid,
    Joined,
    Paragraph,
    Picture,
    Points,
    Section,
    Strong,
    Text,
    message,
)
from report.text.spoken import Run, runs, spoken

CONSTANT, HERE = "∗", "="
"""How equal runs are marked on a page, and here, where a star stands for strong type."""
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
                for k, item in enumerate(block.items, 1):
                    told = message("language.told", name=Strong(item.head), what=item.text) if item.head else item.text
                    out.print(
                        Styled(f"{k}. " if block.numbered else "· ").append_text(_styled(told, lang)), soft_wrap=True
                    )
            case Grid():
                out.print(_fitting(block, lang, out))
            case Code():
                out.print(Styled(block.text), soft_wrap=True)
            case Picture():
                pass


def _fitting(grid: Grid, lang: str, out: Console) -> Table:
    """The table; where it would not fit, intervals go under their numbers, or are left to the page."""
    for form in ("beside", "below"):
        made = _table(grid, lang, form)
        if Measurement.get(out, out.options.update(max_width=10_000), made).maximum <= out.width:
            return made
    return _table(grid, lang, "alone")


def _table(grid: Grid, lang: str, form: str) -> Table:
    cells = [cell for row in grid.rows for cell in row]
    notes = [message("page.starred")] if any(isinstance(cell, Strong) for cell in cells) else []
    if form == "alone" and any(isinstance(_inner(cell), Estimated) for cell in cells):
        notes.append(message("page.no_room"))
    title = spoken(Joined((grid.caption, *notes), "space"), lang).replace(CONSTANT, HERE) or None
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    made.show_header = bool(grid.head)
    for k, head in enumerate(grid.head or [""] * len(grid.rows[0])):
        justify: JustifyMethod = "left" if grid.is_words(k) else "right"
        made.add_column(_styled(head, lang), justify=justify, overflow="fold")
    for row in grid.rows:
        made.add_row(*(_cell(cell, lang, form) for cell in row))
    return made


def _inner(cell: Text) -> Text:
    return cell.text if isinstance(cell, Strong) else cell


def _cell(cell: Text, lang: str, form: str) -> Styled:
    """A cell; a strong one has a star, for terminals without bold type."""
    star = " *" if isinstance(cell, Strong) else ""
    if form == "beside" or not isinstance(_inner(cell), Estimated):
        styled = _styled(cell, lang).append(star)
        return styled if CONSTANT not in styled.plain else Styled(styled.plain.replace(CONSTANT, HERE))
    value, gap, rest = spoken(cell, lang).replace(CONSTANT, HERE).partition(" (")
    return Styled(value + star + (f"\n({rest}" if gap and form == "below" else ""))


def _styled(text: Text, lang: str) -> Styled:
    said = Styled()
    for run in runs(text, lang):
        said.append(run.text, style=_style(run))
    return said


def _style(run: Run) -> str:
    return "bold" if run.strong else "cyan" if run.mono else ""
