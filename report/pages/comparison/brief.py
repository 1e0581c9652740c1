"""Write the brief of a result as one HTML file, and as PDF where it is asked for."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from experiments.analysis.context import CONTEXT
from experiments.analysis.opened import COMPARE, SWEEP, Result, ResultError, is_brief, open_result
from experiments.store import manifest
from experiments.store.disk import write_text
from experiments.store.manifest import DIGEST, MANIFEST
from experiments.store.result import SPEC
from report.blocks import Block, Grid, Joined, Page, Picture, Section, message, within
from report.errors import BriefError
from report.pages.comparison.page import name, page
from report.render import json as data
from report.render.html import html
from report.render.pdf import print_pdf
from report.text.language import LANGS
from sim.parameters import Library
from sim.parameters.errors import listed

BOTH = "both"
PARTS = ("sensitivity", "attribution")
"""Kinds of results that may lie inside another, in a folder of that name."""
KINDS = (COMPARE, SWEEP, *PARTS)
MOST_ROWS, MOST_COLUMNS = 40, 9
"""Rows and columns of a table that are shown where nobody said what matters in it."""


def write_brief(
    folder: str | Path,
    *,
    lang: str = BOTH,
    out: str | Path | None = None,
    pdf: bool = False,
    beside: Sequence[str | Path] = (),
    library: Library | None = None,
) -> list[Path]:
    """Write a brief.

    Args:
        folder: The result folder.
        lang: A language, or "both" for one page with a switch.
        out: The HTML file; ``brief.html`` or ``brief.LANG.html`` in the folder unless told. A name that ends in
            ``.pdf`` asks for a PDF, and the page stands beside it.
        pdf: Print it as well, one PDF for each language.
        beside: Further result folders whose sections go into the same brief.
        library: The scenario files, for results that keep no context.

    Returns:
        The files written, the page first.

    Raises:
        ResultError: If a folder holds no result that can be read; nothing is written then.
        BriefError: If a file cannot be written.
    """
    if lang not in (*LANGS, BOTH):
        raise BriefError("bad_language", found=str(lang), allowed=listed((*LANGS, BOTH)))
    result = open_part(Path(folder), library)
    others = [open_part(Path(one), library) for one in (*parts_of(Path(folder)), *beside)]
    made = brief(result, others)
    target, wants_pdf = _target(result, lang, out, pdf)
    langs = LANGS if lang == BOTH else (lang,)
    _put(target, html(made, langs, result.folder))
    files = [target]
    try:
        for one in langs if wants_pdf else ():
            pdf_file = target.with_suffix(f".{one}.pdf" if lang == BOTH else ".pdf")
            files.append(_printed(target, pdf_file, html(made, (one,), result.folder, unfolded=True)))
    finally:
        _enter(result, files)
    return files


def brief(result: Result, beside: Sequence[Result] = ()) -> Page:
    """The page of a result with the sections of others between its own and the closing ones.

    Raises:
        BriefError: If a brief of results of its kind cannot be made.
    """
    for one in (result, *beside):
        if one.kind not in KINDS:
            raise BriefError("unknown_kind", file=one.folder.name, found=one.kind, allowed=listed(KINDS))
    sections = [*own_sections(result)]
    for k, other in enumerate(beside):
        parts = own_sections(other) if other.study is None else page(other).blocks
        sections += [
            replace(s, id=f"{s.id}-{k + 2}", title=s.title if other.kind in PARTS else Joined((name(other), s.title)))
            for s in (within(part, other.folder) for part in parts)
            if isinstance(s, Section)
        ]
    return page(result, tuple(sections))


def parts_of(folder: Path) -> list[Path]:
    """Results inside a result: a sensitivity study or an attribution of it, each in a folder of that name."""
    return [
        folder / part for part in PARTS if (folder / part / data.FILE).is_file() or (folder / part / SPEC).is_file()
    ]


def open_part(folder: Path, library: Library | None) -> Result:
    """Open a result; a part of another result need not say what was run."""
    try:
        return open_result(folder, library)
    except ResultError:
        if folder.name in PARTS and (folder / data.FILE).is_file():
            return Result(folder, folder.name, {}, {}, None)
        raise


def own_sections(result: Result) -> list[Section]:
    """What a result says of itself beside the parts of a comparison: its page, else its figures and tables in part."""
    path = result.folder / data.FILE
    if not path.is_file():
        return _plain(result) if result.kind in PARTS else []
    try:
        kept = data.restored(json.loads(path.read_text(encoding="utf-8")), result.folder)
        sections = [block for block in kept.blocks if isinstance(block, Section)]
        loose = tuple(block for block in kept.blocks if not isinstance(block, Section))
    except (KeyError, TypeError, ValueError, AttributeError, OSError) as error:
        found = f"{data.FILE}: {type(error).__name__}: {error}"[:200]
        raise ResultError("broken_result", file=result.folder.name, found=found) from error
    if result.kind not in PARTS:
        return sections
    inside = Section(kept.title, (*loose, *(replace(s, id="") for s in sections)))
    return [Section(message(f"comparison.{result.kind}"), (inside,), result.kind)]


def _plain(result: Result) -> list[Section]:
    """Figures and the beginning of every table."""
    names = dict.fromkeys(path.name.split(".")[0] for path in sorted((result.folder / "figures").glob("*.png")))
    blocks: list[Block] = [Picture(f"figures/{one}", one.replace("_", " "), one.replace("_", " ")) for one in names]
    blocks += [grid for path in sorted(result.folder.glob("*.csv")) for grid in _grid(path)]
    return [Section(message(f"comparison.{result.kind}"), blocks, result.kind)] if blocks else []


def _grid(path: Path) -> Iterator[Grid]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row, _ in zip(csv.reader(file), range(MOST_ROWS + 2), strict=False)]
    if len(rows) > 1:
        head, body = rows[0][:MOST_COLUMNS], rows[1 : MOST_ROWS + 1]
        cut = len(rows) > MOST_ROWS + 1 or len(rows[0]) > MOST_COLUMNS
        caption = message("comparison.csv_part" if cut else "comparison.csv_whole", file=path.name, n=len(body))
        yield Grid(head, [[_short(text) for text in row[:MOST_COLUMNS]] for row in body], caption)


def _short(text: str) -> str:
    """A number with four digits that count; other text as it is."""
    try:
        value = float(text)
    except ValueError:
        return text
    return text if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"


def _enter(result: Result, files: Sequence[Path]) -> None:
    """Put briefs that stand in a finished result folder under their own names into its manifest.

    A folder that is not what its manifest says is not signed again; the brief says so.
    """
    inside = [p for p in files if p.resolve().parent == result.folder.resolve() and is_brief(p.name)]
    if inside and result.manifest and not result.changed:
        manifest.add(result.folder, [result.folder / p.name for p in inside])


def _target(result: Result, lang: str, out: str | Path | None, pdf: bool) -> tuple[Path, bool]:
    """Where the page goes, and whether a PDF is wanted."""
    target = result.folder / ("brief.html" if lang == BOTH else f"brief.{lang}.html") if out is None else Path(out)
    if target.suffix.lower() == ".pdf":
        target, pdf = target.with_suffix(".html"), True
    if target.is_dir():
        raise BriefError("brief_is_folder", file=str(out))
    own = {SPEC, MANIFEST, DIGEST, CONTEXT, *result.files}
    if target.resolve() in {(result.folder / one).resolve() for one in own}:
        raise BriefError("brief_over_result", file=str(out))
    return target, pdf


def _put(target: Path, content: str) -> None:
    try:
        write_text(target, content)
    except OSError as error:
        raise BriefError("brief_unwritable", file=str(target), found=error.strerror or str(error)) from error


def _printed(target: Path, pdf: Path, unfolded: str) -> Path:
    """The PDF of one language, printed from a passing copy in which nothing is folded away."""
    with tempfile.TemporaryDirectory(prefix="xiaozhen-brief-", ignore_cleanup_errors=True) as place:
        copy = Path(place) / "brief.html"
        copy.write_text(unfolded, encoding="utf-8")
        return print_pdf(copy, pdf, target)
