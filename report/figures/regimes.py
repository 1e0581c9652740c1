"""Many regimes by rows: each outcome a panel, each regime a row with one mark in the common world and one at home."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import Quantity, Text, message, title
from report.figures import across, captions
from report.figures.registry import Scene, figure
from report.figures.setting import width_in_em, wrap
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, SMALL, WIDTH, Page, grid, ticks, told
from report.text.quantity import scale
from report.text.spoken import spoken
from report.text.studies import outcome_title, world_title

COMMON, HOME = "#0b4f8a", "#d55e00"
ROW, HEAD, GAP = 0.185, 0.66, 0.11
OFFSET = 0.17
"""How far the two marks of a row stand from its middle, in rows."""


def finding(study: Study) -> Text:
    """Which regimes raise completion in the common world, and by how much the first does."""
    name = "completion_common"
    common = [(row, row.common) for row in across.rows(study) if row.common is not None]
    gains = [
        (row, study.contrasts[group.id][name].difference)
        for row, group in common
        if across.stands(study, group, name, True)
    ]
    up = [(row, gain) for row, gain in gains if gain.value > 0.0]
    if not up:
        return message("figures.regimes.finding_none", total=len(common))
    best, gain = up[0]
    most = Quantity(gain.value, gain.unit, difference=True, within=(0.0, 0.02))
    return message("figures.regimes.finding", total=len(common), up=len(up), best=title(best.title), gain=most)


@figure("regimes", order=-1, finding=finding, many=True)
def draw(scene: Scene) -> Page | None:
    """The comparison of all regimes, or None for a study of few."""
    study, lang = scene.study, scene.lang
    if not across.is_across(study):
        return None
    rows, panels = across.rows(study), across.shown(study)
    left = 0.2 + max(width_in_em(row.title[lang]) for row in rows) * BODY / 72.0
    body = HEAD + ROW * (len(rows) + 0.4) + 0.3
    caption = captions.source_line(study, message("figures.regimes.marks"), "figures.runs_short")
    made = told(lang, body, finding(study), message("figures.regimes.subtitle"), caption, legend=0.22)
    width = (WIDTH - MARGIN - left - 0.05) / len(panels)
    height = ROW * (len(rows) + 0.4)
    bottom = made.bottom * made.height + 0.24
    for i, (name, difference) in enumerate(panels):
        box = ((left + i * width) / WIDTH, bottom / made.height, (width - GAP) / WIDTH, height / made.height)
        axes = made.figure.add_axes(box)
        _panel(axes, study, rows, name, difference, lang)
        _title(axes, study, name, difference, lang, width - GAP)
        if i == 0:
            _names(axes, rows, lang)
    _legend(made, study, lang)
    return made


def _panel(axes: Axes, study: Study, rows: list[across.Row], name: str, difference: bool, lang: str) -> None:
    factor = scale(study.definition("summary", name).unit, lang)
    for y, row in enumerate(rows):
        if y % 2:
            axes.axhspan(y - 0.5, y + 0.5, color="#f4f4f2", linewidth=0, zorder=0)
        both = row.common is not None and row.home is not None
        if row.common is not None:
            _mark(axes, study, row.common, name, difference, y - OFFSET * both, factor, COMMON, "o")
        if row.home is not None:
            _mark(axes, study, row.home, name, difference, y + OFFSET * both, factor, HOME, "D")
    if difference:
        axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
    axes.set_ylim(len(rows) - 0.3, -0.7)
    axes.set_yticks([])
    _ticks(axes, difference)


def _mark(
    axes: Axes, study: Study, group: ScenarioRuns, name: str, difference: bool, y: float, factor: float, color: str,
    marker: str,
) -> None:  # fmt: skip
    e = across.estimate(study, group, name, difference)
    if not np.isfinite(e.value):
        return
    if np.isfinite(e.low) and np.isfinite(e.high):
        axes.plot(
            [e.low * factor, e.high * factor], [y, y], color=color, linewidth=1.2, zorder=2, solid_capstyle="butt"
        )
    face = color if across.stands(study, group, name, difference) else "white"
    axes.plot(
        [e.value * factor], [y], marker=marker, markersize=3.4, markerfacecolor=face, markeredgecolor=color,
        markeredgewidth=0.9, linestyle="none", zorder=3,
    )  # fmt: skip


def _ticks(axes: Axes, difference: bool) -> None:
    low, high = axes.get_xlim()
    low, high = (min(low, 0.0), max(high, 0.0)) if difference else (min(0.0, low), high)
    pad = 0.06 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    wide = max(abs(low), abs(high)) >= 10_000.0  # long numbers would run into each other
    ticks(axes.xaxis, MaxNLocator(nbins=2 if wide else 3, min_n_ticks=2))
    axes.tick_params(axis="x", labelsize=SMALL - 0.3, colors=MUTED)
    grid(axes, line=0.4)


def _names(axes: Axes, rows: list[across.Row], lang: str) -> None:
    for y, row in enumerate(rows):
        axes.annotate(
            row.title[lang], (0, y), (-5, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", ha="right", size=BODY, color=INK, annotation_clip=False,
        )  # fmt: skip


def _title(axes: Axes, study: Study, name: str, difference: bool, lang: str, inches: float) -> None:
    """Title in up to three short lines, and what the numbers are."""
    unit = captions.axis_unit(study.definition("summary", name).unit, lang, difference=difference)
    kind = message(f"figures.regimes.{'change' if difference else 'level'}", unit=unit)
    what = wrap(spoken(kind, lang), inches, SMALL - 0.2)
    y = 4.0
    for size, weight, color, lines in (
        (SMALL - 0.2, "normal", MUTED, what),
        (SMALL + 0.5, "bold", INK, wrap(spoken(outcome_title(study, name), lang), inches, SMALL + 0.5, bold=True)),
    ):
        for text in reversed(lines):
            axes.annotate(
                text, (0, 1), (0, y), xycoords="axes fraction", textcoords="offset points", size=size, weight=weight,
                color=color, va="baseline", annotation_clip=False,
            )  # fmt: skip
            y += size * 1.18
        y += 0.8


def _legend(made: Page, study: Study, lang: str) -> None:
    world = world_title(study, across.common_world(study))
    texts = (message("figures.regimes.common", world=world), message("figures.regimes.home"))
    names = [spoken(text, lang) for text in texts]
    marks = [
        Line2D([], [], color=color, marker=marker, markersize=3.8, linewidth=1.2)
        for color, marker in ((COMMON, "o"), (HOME, "D"))
    ]
    made.figure.legend(
        marks, names, loc="lower left", bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.03 / made.height), ncols=2,
        borderpad=0, borderaxespad=0, handlelength=2.6, columnspacing=2.0, fontsize=BODY,
    )  # fmt: skip
