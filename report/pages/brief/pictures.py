"""Figures of a result folder as data addresses, made small, with text that stands for them."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

from report.figures import across
from report.figures.captions import difference_finding, spending_finding, theme_finding
from report.pages.brief.content import Paragraph, Picture, Section
from report.pages.brief.numbers import where
from report.pages.brief.words import tell
from report.text.report_words import FIGURE_NAMES
from sim.outcomes.records import THEMES

if TYPE_CHECKING:
    from experiments.analysis.study import Study
    from report.pages.brief.source import Source

COLOURS = 192
"""Colours kept of a figure: lines and type look the same, and the page is a quarter of the size."""


def section(source: Source, lang: str) -> list[Section]:
    """The section, empty where the folder holds no figure in this language."""
    study = source.study
    if study is None:
        return []
    order = list(FIGURE_NAMES)
    paths = sorted((source.folder / "figures").glob(f"*.{lang}.png"), key=lambda p: _place(order, p))
    if not paths:
        return []
    shown = [picture(p, _name(p, lang), finding(study, _id(p), lang), where(study, lang), lang) for p in paths]
    return [Section("figures", tell("figures", lang), (Paragraph(tell("figures_note", lang)), *shown))]


def _id(path: Path) -> str:
    return path.name.split(".")[0]


def _name(path: Path, lang: str) -> str:
    return FIGURE_NAMES[_id(path)][lang] if _id(path) in FIGURE_NAMES else _id(path)


def _place(order: list[str], path: Path) -> tuple[int, str]:
    """Differences first, for they are the answer; then as the names stand."""
    first = {"regimes": -2, "differences": -1}
    name = _id(path)
    return first.get(name, order.index(name) if name in order else len(order)), name


def finding(study: Study, name: str, lang: str) -> str:
    """What a figure shows, in words, for those who do not see it."""
    try:
        if name in THEMES:
            return theme_finding(study, name, lang)
        if name == "differences" and not across.is_across(study):
            return difference_finding(study, lang)
        if name == "spending":
            return spending_finding(study, lang)
    except KeyError:  # an outcome that these runs do not carry
        return ""
    return ""


def picture(path: Path, name: str, said: str, source: str, lang: str) -> Picture:
    """One PNG file as a picture of the brief.

    Args:
        path: The file.
        name: What the figure is about.
        said: What it shows, in words; may be empty.
        source: Place, years and runs.
        lang: Language.
    """
    address, width, height = data_address(path)
    stop, colon = ("。", "：") if lang == "zh" else (". ", ": ")
    told = f"{said.rstrip('。.')}{stop}" if said else ""
    return Picture(address, width, height, f"{name}{colon}{told or source}".strip(), f"{name}{stop}{told}{source}")


def shown_file(path: Path, alt: str, caption: str) -> Picture:
    """A figure with a given text and caption."""
    return Picture(*data_address(path), alt, caption)


def inside(folder: Path, name: str) -> Path | None:
    """A file of the folder by its name there; None where it is missing or the name leads elsewhere."""
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


def data_address(path: Path) -> tuple[str, int, int]:
    """A PNG file as a data address with its width and height in pixels."""
    from PIL import Image

    with Image.open(path) as opened:
        flat = opened.convert("RGB")
    small = flat.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    sink = io.BytesIO()
    small.save(sink, format="png", compress_level=7)
    return f"data:image/png;base64,{base64.b64encode(sink.getvalue()).decode()}", *flat.size
