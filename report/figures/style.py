"""How every figure looks: page, colours, type sizes, captions, and how it is saved.

Regimes keep one colour, line and marker everywhere. The colours differ in hue for colour-blind readers and in lightness
on a grey print; lines and markers tell them apart without any colour.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, Locator

from experiments.analysis.study import Study
from experiments.store.disk import replace_file
from report.blocks import Text
from report.figures.setting import width_in_em, wrap
from report.fonts import FAMILY, register
from report.text.spoken import spoken

WIDTH = 7.1
"""Inches: the text width of an A4 page with 15 mm margins."""
DPI = 200
MARGIN = 0.08
INK, MUTED, FAINT, RULE = "#1c1c1c", "#5b5b5b", "#9a9a9a", "#d9d9d9"
TITLE, SUBTITLE, PANEL, BODY, SMALL = 11.0, 8.2, 8.4, 7.4, 6.3


@dataclass(frozen=True)
class Look:
    """How one scenario is drawn."""

    color: str
    dash: Any
    marker: str
    hatch: str


_LOOKS: Mapping[str, Look] = {
    "null": Look("#8c8c8c", (0, (1.2, 1.4)), "X", "...."),
    "zhejiang_2015": Look("#0b4f8a", "-", "o", ""),
    "tongzhou_2017": Look("#d55e00", (0, (5, 1.6)), "s", "////"),
    "pingxiang_2017": Look("#33b091", (0, (5, 1.4, 1.2, 1.4)), "^", "\\\\\\\\"),
    "zhejiang_2015_yiwu": Look("#6fb1e0", (0, (3, 1)), "D", "xxxx"),
}
_SPARE: Sequence[Look] = (
    Look("#aa3377", (0, (3, 1)), "v", "----"),
    Look("#e0a100", (0, (2, 1)), "P", "++++"),
    Look("#4b2e83", (0, (7, 2)), "h", "oooo"),
    Look("#8c510a", (0, (1, 1)), "<", "||||"),
    Look("#c994c7", (0, (4, 1, 1, 1, 1, 1)), ">", "**"),
)


def looks(study: Study) -> dict[str, Look]:
    """A look for each scenario id: the regime's own for the first scenario of a regime, spare ones for the others."""
    taken: set[str] = set()
    chosen: dict[str, Look] = {}
    spare = 0
    for group in study.groups:
        regime = group.resolved.regime
        if regime in _LOOKS and regime not in taken:
            chosen[group.id] = _LOOKS[regime]
            taken.add(regime)
        else:
            chosen[group.id] = _SPARE[spare % len(_SPARE)]
            spare += 1
    return chosen


def settings() -> dict[str, Any]:
    """Matplotlib settings of every figure."""
    return {
        "font.family": font_families(),
        "font.size": BODY,
        "text.color": INK,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": PANEL,
        "axes.unicode_minus": True,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelsize": BODY - 0.6,
        "ytick.labelsize": BODY - 0.6,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.4,
        "ytick.major.size": 2.4,
        "hatch.linewidth": 0.5,
        "legend.frameon": False,
        "legend.fontsize": BODY,
        "svg.fonttype": "path",
        "svg.hashsalt": "xiaozhen",
        "path.simplify": False,
    }


def styled() -> AbstractContextManager[None]:
    """Matplotlib with these settings, to draw in."""
    chosen: Any = settings()  # its stubs spell out every key
    return matplotlib.rc_context(chosen)


def font_families() -> list[str]:
    """The bundled Chinese font first, where it is installed; matplotlib falls back through the list."""
    try:
        register()
    except (OSError, RuntimeError):
        return ["DejaVu Sans"]
    return [FAMILY, "DejaVu Sans"]


@dataclass
class Page:
    """A figure with its frame: title, subtitle and legend above, caption below.

    Attributes:
        figure: The matplotlib figure.
        top, bottom: Where panels may stand, as shares of the height.
        height: Inches.
    """

    figure: Figure
    top: float
    bottom: float
    height: float


def page(body: float, title: str, subtitle: str, caption: str, *, legend: float = 0.0) -> Page:
    """Start a figure.

    Args:
        body: Height of the panels, inches.
        title: The finding; wrapped.
        subtitle: What is shown; wrapped.
        caption: Runs, behaviour, source; wrapped.
        legend: Inches kept free between subtitle and panels.
    """
    room = WIDTH - 2 * MARGIN
    blocks = [(wrap(title, room, TITLE, bold=True), TITLE, 1.24), (wrap(subtitle, room, SUBTITLE), SUBTITLE, 1.3)]
    foot = wrap(caption, room, SMALL)
    head_inches = 0.1 + sum(len(rows) * size * lead / 72.0 + 0.05 for rows, size, lead in blocks) + legend
    foot_inches = 0.1 + len(foot) * SMALL * 1.35 / 72.0
    height = head_inches + body + foot_inches
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    y = 0.1
    for (rows, size, lead), weight, color in zip(blocks, ("bold", "normal"), (INK, MUTED), strict=True):
        _write(figure, rows, y, size, lead, height, weight, color)
        y += len(rows) * size * lead / 72.0 + 0.05
    _write(figure, foot, height - foot_inches + 0.02, SMALL, 1.35, height, "normal", MUTED)
    return Page(figure, 1.0 - head_inches / height, foot_inches / height, height)


def told(lang: str, body: float, title: Text, subtitle: Text, caption: Text, *, legend: float = 0.0) -> Page:
    """The same with texts of the catalogue, in a language."""
    return page(body, spoken(title, lang), spoken(subtitle, lang), spoken(caption, lang), legend=legend)


def _write(
    figure: Figure, rows: Sequence[str], y: float, size: float, lead: float, height: float, weight: str, color: str
) -> None:
    for i, row in enumerate(rows):
        base = 1.0 - (y + (i * lead + 0.9) * size / 72.0) / height
        figure.text(MARGIN / WIDTH, base, row, size=size, weight=weight, color=color, va="baseline", ha="left")


def legend_line(study: Study, made: Page, lang: str, scenarios: Sequence[str], *, filled: bool = False) -> None:
    """A legend of scenarios in the room kept for it above the panels, in as many columns as fit."""
    all_looks = looks(study)
    handles: list[Artist] = []
    for s in scenarios:
        k = all_looks[s]
        if filled:
            handles.append(Patch(facecolor=k.color, hatch=k.hatch, edgecolor="white"))
        else:
            handles.append(
                Line2D([], [], color=k.color, linestyle=k.dash, marker=k.marker, markersize=4.2, linewidth=1.6)
            )
    names = [scenario_name(study, s, lang) for s in scenarios]
    columns = legend_columns(names)
    made.figure.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.07 / made.height),
        ncols=columns,
        borderpad=0,
        borderaxespad=0,
        handlelength=3.4,
        columnspacing=1.6,
        handletextpad=0.6,
        labelspacing=0.35,
    )


def legend_columns(names: Sequence[str]) -> int:
    """Columns of a legend of these names that fit the page."""
    em = max(width_in_em(n) for n in names) + 6.0
    return max(1, min(len(names), math.floor((WIDTH - 2 * MARGIN) * 72.0 / BODY / em)))


def legend_inches(names: Sequence[str]) -> float:
    """Height of that legend."""
    return 0.1 + 0.15 * -(-len(names) // legend_columns(names))


def scenario_name(study: Study, scenario: str, lang: str) -> str:
    """The scenario's title."""
    return str(study.group(scenario).title[lang])


def panel_title(axes: Axes, title: str, unit: str, inches: float, *, shift: float = 0.0) -> None:
    """Title of a panel with its unit on a second, lighter line, ``shift`` points from the left edge of the axes.

    A title wider than ``inches`` shrinks to stay on one line.
    """
    size = min(PANEL, inches * 72.0 / max(1.0, width_in_em(title, bold=True)) * 0.98)
    axes.annotate(
        title,
        (0, 1),
        (shift, 15),
        xycoords="axes fraction",
        textcoords="offset points",
        size=size,
        weight="bold",
        ha="left",
        va="baseline",
        annotation_clip=False,
    )
    axes.annotate(
        unit,
        (0, 1),
        (shift, 5),
        xycoords="axes fraction",
        textcoords="offset points",
        size=SMALL + 0.3,
        color=MUTED,
        ha="left",
        va="baseline",
        annotation_clip=False,
    )


def ticks(axis: Any, locator: Locator) -> None:
    """Ticks of an axis of numbers, with thousands separators and no trailing zeros."""
    axis.set_major_locator(locator)
    axis.set_major_formatter(FuncFormatter(tick))


def grid(axes: Axes, along: Literal["x", "y"] = "x", line: float = 0.5) -> None:
    """Faint lines behind a panel; one of rows (``along`` "x") has no line at its left."""
    axes.grid(axis=along, color=RULE, linewidth=line, zorder=0)
    axes.set_axisbelow(True)
    if along == "x":
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)


def tick(value: float, _: int = 0) -> str:
    """A number at an axis."""
    body = f"{abs(value):,.6f}".rstrip("0").rstrip(".")
    return ("\u2212" if value < 0 else "") + body


def save(made: Page, stem: Path) -> list[Path]:
    """Write ``stem.png`` and ``stem.svg`` without dates, so that the bytes depend on the results alone."""
    png, svg = stem.parent / f"{stem.name}.png", stem.parent / f"{stem.name}.svg"
    replace_file(png, lambda half: made.figure.savefig(half, format="png", dpi=DPI, pil_kwargs={"compress_level": 3}))
    replace_file(
        svg,
        lambda half: made.figure.savefig(half, format="svg", dpi=DPI, metadata={"Date": None, "Creator": "Xiaozhen"}),
    )
    return [png, svg]
