"""Write the brief of a result folder as HTML, and as PDF where it is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.store import manifest
from experiments.store.disk import write_text
from experiments.store.manifest import DIGEST, MANIFEST
from experiments.store.result import SPEC
from report.errors import BriefError
from report.pages.brief.assemble import assemble
from report.pages.brief.content import Brief
from report.pages.brief.context import CONTEXT
from report.pages.brief.page import render
from report.pages.brief.source import Source, is_brief, open_source, parts_of
from report.render.pdf import print_pdf
from sim.parameters.errors import listed

BOTH = "both"
LANGS = ("zh", "en")


def write_brief(
    folder: str | Path,
    *,
    lang: str = BOTH,
    out: str | Path | None = None,
    pdf: bool = False,
    beside: Sequence[str | Path] = (),
    library: Any = None,
) -> list[Path]:
    """Write a brief.

    Args:
        folder: The result folder.
        lang: "zh", "en", or "both" for one page with a switch.
        out: The HTML file; ``brief.html`` or ``brief.LANG.html`` in the folder unless told. A name that ends in
            ``.pdf`` asks for a PDF, and the page stands beside it.
        pdf: Print it as well, one PDF for each language.
        beside: Further result folders whose sections go into the same brief.
        library: The scenario files, for results that keep no context.

    Returns:
        The files written, the page first.

    Raises:
        BriefError: If a folder holds no result that can be read, or a file cannot be written; a folder that cannot be
            read leaves nothing written.
    """
    if lang not in (*LANGS, BOTH):
        raise BriefError("bad_language", found=str(lang), allowed=listed((*LANGS, BOTH)))
    source = open_source(Path(folder), library)
    others = [open_source(Path(one), library) for one in (*parts_of(Path(folder)), *beside)]
    page, wants_pdf = _target(source, lang, out, pdf)
    briefs = [assemble(source, one, others) for one in (LANGS if lang == BOTH else (lang,))]
    _put(page, render(briefs))
    files = [page]
    try:
        files += [_printed(page, brief, lang) for brief in briefs if wants_pdf]
    finally:
        _enter(source, files)
    return files


def _enter(source: Source, files: Sequence[Path]) -> None:
    """Put briefs that stand in a finished result folder under their own names into its manifest.

    A folder that is not what its manifest says is not signed again; the brief says so.
    """
    inside = [p for p in files if p.resolve().parent == source.folder.resolve() and is_brief(p.name)]
    if inside and source.manifest and not source.changed:
        manifest.add(source.folder, [source.folder / p.name for p in inside])


def _target(source: Source, lang: str, out: str | Path | None, pdf: bool) -> tuple[Path, bool]:
    """Where the page goes, and whether a PDF is wanted."""
    page = source.folder / ("brief.html" if lang == BOTH else f"brief.{lang}.html") if out is None else Path(out)
    if page.suffix.lower() == ".pdf":
        page, pdf = page.with_suffix(".html"), True
    if page.is_dir():
        raise BriefError("brief_is_folder", file=str(out))
    own = {SPEC, MANIFEST, DIGEST, CONTEXT, *source.files}
    if page.resolve() in {(source.folder / name).resolve() for name in own}:
        raise BriefError("brief_over_result", file=str(out))
    return page, pdf


def _put(page: Path, content: str) -> None:
    try:
        write_text(page, content)
    except OSError as error:
        raise BriefError("brief_unwritable", file=str(page), found=error.strerror or str(error)) from error


def _printed(page: Path, brief: Brief, lang: str) -> Path:
    """The PDF of one language, printed from a passing copy in which nothing is folded away."""
    pdf = page.with_suffix(f".{brief.lang}.pdf" if lang == BOTH else ".pdf")
    with tempfile.TemporaryDirectory(prefix="xiaozhen-brief-", ignore_cleanup_errors=True) as place:
        copy = Path(place) / "brief.html"
        copy.write_text(render([brief], unfolded=True), encoding="utf-8")
        return print_pdf(copy, pdf, page)
