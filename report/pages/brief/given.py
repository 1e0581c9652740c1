"""Sections that a result brings along: how a sensitivity study, an attribution or any other kind speaks in a brief.

Whoever writes a result folder puts :func:`sections_text` into it as ``sections.json``; figures are named by their path
in the folder. A folder without that file still gets a brief: its figures, and its tables in part.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.store.result import dump
from report.errors import BriefError
from report.pages.brief.content import (
    Block,
    Bullets,
    Cell,
    Code,
    FigureFile,
    Fold,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Point,
    Said,
    Section,
)
from report.pages.brief.markdown import title_and_sections
from report.pages.brief.pictures import data_address, inside, shown_file
from report.pages.brief.source import SECTIONS
from report.pages.brief.words import tell

if TYPE_CHECKING:
    from report.pages.brief.source import Source

MARK = "xiaozhen_sections"
FORMAT = 1
MOST_ROWS = 40
"""Rows of a table that are shown where nobody said what matters in it."""
MOST_COLUMNS = 9
NAMED = ("sensitivity", "attribution", "sweep")
"""Kinds that have a name in both languages."""
KINDS: Mapping[str, type[Any]] = {
    "paragraph": Paragraph, "heading": Heading, "code": Code, "file": FigureFile,
}  # fmt: skip
"""Blocks whose fields are plain."""


def sections_text(sections: Mapping[str, Sequence[Section]]) -> str:
    """The text of ``sections.json``.

    Args:
        sections: By language ("zh" and "en"), with figures as :class:`FigureFile`.
    """
    return dump({MARK: FORMAT, **{lang: [asdict(s) for s in some] for lang, some in sections.items()}})


def section(source: Source, lang: str) -> list[Section]:
    """What the folder says of itself, else its figures and the beginning of its tables."""
    given = source.given.get(lang)
    if given is None:
        page = page_of(source, lang)
        return _from_page(page, source, lang) if page is not None else _plain(source, lang)
    try:
        return [Section(s["id"], s["title"], tuple(_block(b, source.folder) for b in s["blocks"])) for s in given]
    except (KeyError, TypeError, ValueError, OSError) as error:
        found = f"{SECTIONS}: {type(error).__name__}: {error}"[:200]
        raise BriefError("broken_result", file=source.folder.name, found=found) from error


def page_of(source: Source, lang: str) -> Path | None:
    """The Markdown page that a result carries in this language."""
    names = (f"{source.kind}.{lang}.md", f"summary.{lang}.md", f"findings.{lang}.md")
    return next((source.folder / name for name in names if (source.folder / name).is_file()), None)


def _from_page(page: Path, source: Source, lang: str) -> list[Section]:
    title = tell(source.kind, lang) if source.kind in NAMED else source.kind
    found, sections = title_and_sections(page.read_text(encoding="utf-8"), source.folder, source.kind)
    lead = (Heading(found),) if found else ()
    return [Section(s.id, title, (*lead, *s.blocks)) for s in sections]


def page_title(source: Source, lang: str) -> str:
    """Title of the page that a result carries, "" without one."""
    page = page_of(source, lang)
    if page is None:
        return ""
    first = page.read_text(encoding="utf-8").lstrip("\ufeff\n").split("\n", 1)[0]
    return first.removeprefix("# ").strip() if first.startswith("# ") else ""


def extra(source: Source, lang: str) -> list[Section]:
    """Sections that a study or a sweep brings along beside its own."""
    return section(source, lang) if lang in source.given else []


def _block(found: Mapping[str, Any], folder: Path) -> Block:
    values = {name: value for name, value in found.items() if name != "kind"}
    match found["kind"]:
        case "file":
            return _picture(FigureFile(**values), folder)
        case "bullets":
            return Bullets(tuple((str(strong), str(text)) for strong, text in values["items"]))
        case "point":
            return Point(values["title"], tuple(Said(**one) for one in values["said"]), values.get("note", ""))
        case "grid":
            values["rows"] = [[Cell(**cell) for cell in row] for row in values["rows"]]
            return Grid(**values)
        case "fold":
            return Fold(values["title"], tuple(_block(one, folder) for one in values["blocks"]))
        case kind:
            made: Block = KINDS[kind](**values)
            return made


def _picture(file: FigureFile, folder: Path) -> Picture:
    """Read a figure; a name that leads out of the folder is refused."""
    path = inside(folder, file.file)
    if path is None:
        raise ValueError(file.file)
    return shown_file(path, file.alt, file.caption)


def _plain(source: Source, lang: str) -> list[Section]:
    """Figures in this language and the beginning of every table."""
    blocks: list[Block] = []
    for path in sorted((source.folder / "figures").glob(f"*.{lang}.png")):
        name = path.name.removesuffix(f".{lang}.png").replace("_", " ")
        blocks.append(Picture(*data_address(path), name, name))
    for path in sorted(source.folder.glob("*.csv")):
        grid = _grid(path, lang)
        if grid is not None:
            blocks.append(grid)
    title = tell(source.kind, lang) if source.kind in NAMED else source.kind
    return [Section(source.kind, title, tuple(blocks))] if blocks else []


def _grid(path: Path, lang: str) -> Grid | None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row, _ in zip(csv.reader(file), range(MOST_ROWS + 2), strict=False)]
    if len(rows) < 2:
        return None
    head, body = rows[0][:MOST_COLUMNS], rows[1:]
    cut = len(body) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS
    caption = tell("csv_part" if cut else "csv_whole", lang, file=path.name, n=min(len(body), MOST_ROWS))
    cells = [[Cell(_short(text)) for text in row[:MOST_COLUMNS]] for row in body[:MOST_ROWS]]
    return Grid(caption, head, cells, wide=len(head) > 5)


def _short(text: str) -> str:
    """A number with four digits that count; other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    return text if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"
