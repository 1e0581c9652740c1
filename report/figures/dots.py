"""Paired differences from the baseline: a dot with its interval for every scenario, one panel for each main outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.estimates.contrasts import PairedContrast
from report.figures import captions
from report.figures.setting import width_in_em, wrap
from report.figures.style import (
    FAINT,
    INK,
    MARGIN,
    MUTED,
    RULE,
    SMALL,
    WIDTH,
    Look,
    Page,
    looks,
    page,
    panel_title,
    scenario_name,
)
from report.text.quantity import decimals, number, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.analysis.study import Study

MOST = 18
COLUMNS = 3
ROW, GAP = 0.17, 0.68
NUMBER = 0.5
"""Inches kept to the right of a panel for the number."""


def draw(study: Study, lang: str) -> Page | None:
    """Main outcomes, or None where the study compares nothing."""
    names = captions.compared_ids(study)[:MOST]
    if not names:
        return None
    labels = {g.id: wrap(scenario_name(study, g.id, lang), 0.95, SMALL + 0.4) for g, _ in study.pairs()}
    left = 0.17 + max(width_in_em(row) for rows in labels.values() for row in rows) * (SMALL + 0.4) / 72.0
    rows = -(-len(names) // COLUMNS)
    panel = ROW * (len(labels) + 0.6)
    made = page(
        rows * (panel + GAP),
        captions.difference_finding(study, lang),
        _subtitle(study, lang),
        captions.source_line(study, lang, _marks(study, lang)),
    )
    width = (WIDTH - MARGIN) / COLUMNS - left - NUMBER
    for i, name in enumerate(names):
        x = i % COLUMNS * (WIDTH - MARGIN) / COLUMNS + left
        y = made.top * made.height - i // COLUMNS * (panel + GAP) - 0.44 - panel
        axes = made.figure.add_axes((x / WIDTH, y / made.height, width / WIDTH, panel / made.height))
        _panel(axes, study, name, lang, labels)
        _title(axes, study, name, lang, left, width)
    return made


def _subtitle(study: Study, lang: str) -> str:
    names = sorted({scenario_name(study, base.id, lang) for _, base in study.pairs()})
    pct = study.replicates
    if lang == "zh":
        return f"与“{'”“'.join(names)}”的配对差异（{pct}对重复的均值）及95%区间；各图内按差异大小排列"
    return f"Paired difference from {', '.join(names)} (mean of {pct} pairs) with 95% interval, ordered by size"


def _marks(study: Study, lang: str) -> str:
    tests = len(captions.compared_ids(study)) * len(study.pairs())
    if lang == "zh":
        return (
            f"实心点：经{tests}项比较的霍尔姆（Holm）校正后仍不含零；空心点：校正后不能排除零。"
            "占比类结果的差异单位为百分点。区间为经偏度校正的t区间。"
        )
    return (
        f"Filled: excludes zero after Holm's correction over {tests} comparisons; hollow: zero not excluded. "
        "Differences of shares in percentage points. Intervals: t corrected for skewness."
    )


def _panel(axes: Axes, study: Study, name: str, lang: str, labels: dict[str, list[str]]) -> None:
    unit = study.definition("summary", name).unit
    all_looks, factor = looks(study), scale(unit, lang)
    found = {g.id: study.contrasts[g.id][name] for g, _ in study.pairs()}
    order = sorted(found, key=lambda s: (np.isfinite(found[s].difference.value), found[s].difference.value))
    axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
    for y, scenario in enumerate(order):
        contrast = found[scenario]
        _dot(axes, y, contrast, all_looks[scenario], factor)
        d = contrast.difference
        places = decimals(d.low, d.high, unit, lang)
        axes.annotate(
            number(d.value, unit, lang, sign=True, places=places),
            (1, y),
            (5, 0),
            size=SMALL + 0.3,
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=INK,
            annotation_clip=False,
        )
        axes.annotate(
            "\n".join(labels[scenario]),
            (0, y),
            (-4, 0),
            size=SMALL + 0.3,
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            ha="right",
            color=INK,
            annotation_clip=False,
        )
    axes.set_yticks([])
    axes.set_ylim(-0.7, len(order) - 0.3)
    _finish(axes)


def _dot(axes: Axes, y: int, contrast: PairedContrast, look: Look, factor: float) -> None:
    d = contrast.difference
    if not np.isfinite(d.value):
        return
    if np.isfinite(d.low) and np.isfinite(d.high):
        axes.plot(
            [d.low * factor, d.high * factor], [y, y], color=look.color, linewidth=1.6, zorder=2, solid_capstyle="butt"
        )
    face = look.color if contrast.excludes_zero_holm else "white"
    axes.plot(
        [d.value * factor],
        [y],
        marker=look.marker,
        markersize=5.0,
        markerfacecolor=face,
        markeredgecolor=look.color,
        markeredgewidth=1.1,
        linestyle="none",
        zorder=3,
    )


def _title(axes: Axes, study: Study, name: str, lang: str, left: float, width: float) -> None:
    """Panel title, starting at the labels' left edge."""
    outcome = study.definition("summary", name)
    unit = captions.axis_unit(outcome.unit, lang)
    if unit.startswith("%"):
        unit = ("百分点" if lang == "zh" else "percentage points") + unit[1:]
    panel_title(axes, str(outcome.title[lang]), unit, left + width + NUMBER - 0.12, shift=-(left - 0.09) * 72.0)


def _finish(axes: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from report.figures.lines import _tick

    low, high = axes.get_xlim()
    pad = 0.08 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3, min_n_ticks=2))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=SMALL, colors=MUTED)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.4, zorder=0)
    axes.set_axisbelow(True)
