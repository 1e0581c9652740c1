"""Read the pages that results carry as Markdown into blocks of a brief: what our own reports write, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from report.pages.brief.content import Block, Bullets, Cell, Code, Grid, Heading, Paragraph, Section
from report.pages.brief.pictures import inside, shown_file

_HEADING = re.compile(r"(#{1,6}) (.*)")
_IMAGE = re.compile(r"!\[(.*?)\]\((.*?)\)")
_ITEM = re.compile(r"[-*] (.*)")
_WORDS = re.compile(r"\|[\s|:-]+\|")
_CAPTION = re.compile(r"\*(?!\*)(.+)(?<!\*)\*")
"""A line in slanted type; before a table it is the table's caption."""
_STRONG_START = re.compile(r"\*\*(.+?)\*\*[:：]?\s*(.*)", re.DOTALL)
_MARKS = re.compile(r"\*\*|`")


def title_and_sections(text: str, folder: Path, name: str) -> tuple[str, list[Section]]:
    """The page's title, and one section with all of it; headings stay headings.

    Args:
        text: The page.
        folder: Where its figures lie.
        name: Id of the section, and its title where the page has none.
    """
    title, blocks, parts = "", list[Block](), list(_parts(text))
    for i, part in enumerate(parts):
        found = _HEADING.fullmatch(part[0])
        if found and len(found[1]) == 1 and not title:
            title = plain(found[2])
        elif not (_caption(part) and _is_table(parts[i + 1 : i + 2])):
            said = _caption(parts[i - 1]) if i else ""
            block = _block(part, folder, said or _last_heading(blocks) or title)
            blocks += [block] if block is not None else []
    return title, [Section(name, title or name, tuple(blocks))]


def _caption(part: Sequence[str]) -> str:
    """What a part says if it is one line in slanted type, else ""."""
    found = _CAPTION.fullmatch(part[0].strip()) if len(part) == 1 else None
    return plain(found[1]) if found and not _ITEM.fullmatch(part[0]) else ""


def _is_table(parts: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some parts is a table."""
    return any(p[0].startswith("|") and len(p) > 1 and bool(_WORDS.fullmatch(p[1])) for p in parts[:1])


def _last_heading(blocks: Sequence[Block]) -> str:
    return next((b.text for b in reversed(blocks) if isinstance(b, Heading)), "")


def _parts(text: str) -> Iterator[list[str]]:
    """Lines that belong together: a fenced text, or what stands between empty lines."""
    part, fenced = list[str](), False
    for line in text.splitlines():
        fence = line.startswith("```")
        if not fenced and not fence and (not line.strip() or _HEADING.fullmatch(line)):
            if part:
                yield part
            part = []
            if line.strip():
                yield [line]
            continue
        part.append(line)
        fenced = fenced != fence
    if part:
        yield part


def _block(part: Sequence[str], folder: Path, about: str) -> Block | None:
    first = part[0]
    if first.startswith("```"):
        return Code("\n".join(line for line in part if not line.startswith("```")))
    if found := _HEADING.fullmatch(first):
        return Heading(plain(found[2]))
    if found := _IMAGE.fullmatch(first.strip()):
        path = inside(folder, found[2])
        return shown_file(path, plain(found[1]), plain(found[1])) if path is not None else None
    if _is_table([part]):
        return _grid(part, about)
    if _ITEM.fullmatch(first):
        return Bullets(tuple(_items(part)))
    return Paragraph(_caption(part) or plain(" ".join(line.removeprefix("> ") for line in part)))


def _items(part: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Items with their strong beginning; a line that begins no item goes on with the last."""
    whole = list[str]()
    for line in part:
        found = _ITEM.fullmatch(line)
        if found:
            whole.append(found[1])
        elif whole:
            whole[-1] += " " + line.strip()
    for item in whole:
        found = _STRONG_START.fullmatch(item)
        yield (plain(found[1]), plain(found[2])) if found else ("", plain(item))


def _grid(part: Sequence[str], about: str) -> Grid:
    head, rows = _cells(part[0]), [_cells(line) for line in part[2:]]
    words = "---:" not in part[1]
    shown = [[Cell(plain(text), text.startswith("**") and text.endswith("**")) for text in row] for row in rows]
    return Grid(about, [plain(text) for text in head], shown, words=words, wide=len(head) > 5)


def _cells(line: str) -> list[str]:
    """Cells of a line; an escaped bar is text."""
    return [text.replace("\\|", "|").strip() for text in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def plain(text: str) -> str:
    """Text without marks for strong type and code."""
    return _MARKS.sub("", text).strip()
