"""Paired differences from the baseline: a dot with its interval for every scenario, one panel for each main outcome."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis.estimates.contrasts import PairedContrast
from experiments.analysis.study import Study
from report.blocks import Joined, Text, message, title
from report.figures import captions
from report.figures.registry import Scene, figure
from report.figures.setting import width_in_em, wrap
from report.figures.style import (
    FAINT,
    INK,
    MARGIN,
    MUTED,
    SMALL,
    WIDTH,
    Look,
    Page,
    grid,
    looks,
    panel_title,
    scenario_name,
    ticks,
    told,
)
from report.text.quantity import decimals, number, scale
from report.text.studies import compared_ids

MOST = 18
COLUMNS = 3
ROW, GAP = 0.17, 0.68
NUMBER = 0.5
"""Inches kept to the right of a panel for the number."""


def finding(study: Study) -> Text:
    """How many of the main differences stand, by scenario."""
    parts = [
        message(
            "figures.dots.part",
            name=title(g.title),
            n=sum(study.contrasts[g.id][n].excludes_zero_holm for n in study.main_ids),
        )
        for g, _ in study.pairs()
    ]
    return message("figures.dots.finding", total=len(compared_ids(study)), parts=Joined(parts, "comma"))


@figure("differences", order=0, finding=finding)
def draw(scene: Scene) -> Page | None:
    """Main outcomes, or None where the study compares nothing."""
    study, lang = scene.study, scene.lang
    names = compared_ids(study)[:MOST]
    if not names:
        return None
    labels = {g.id: wrap(scenario_name(study, g.id, lang), 0.95, SMALL + 0.4) for g, _ in study.pairs()}
    left = 0.17 + max(width_in_em(row) for rows in labels.values() for row in rows) * (SMALL + 0.4) / 72.0
    rows = -(-len(names) // COLUMNS)
    panel = ROW * (len(labels) + 0.6)
    bases = Joined([title(study.group(b).title) for b in sorted({base.id for _, base in study.pairs()})])
    marks = message("figures.dots.marks", tests=len(compared_ids(study)) * len(study.pairs()))
    made = told(
        lang,
        rows * (panel + GAP),
        finding(study),
        message("figures.dots.subtitle", names=bases, n=study.replicates),
        captions.source_line(study, marks),
    )
    width = (WIDTH - MARGIN) / COLUMNS - left - NUMBER
    for i, name in enumerate(names):
        x = i % COLUMNS * (WIDTH - MARGIN) / COLUMNS + left
        y = made.top * made.height - i // COLUMNS * (panel + GAP) - 0.44 - panel
        axes = made.figure.add_axes((x / WIDTH, y / made.height, width / WIDTH, panel / made.height))
        _panel(axes, study, name, lang, labels)
        _title(axes, study, name, lang, left, width)
    return made


def _panel(axes: Axes, study: Study, name: str, lang: str, labels: dict[str, list[str]]) -> None:
    unit = study.definition("summary", name).unit
    all_looks, factor = looks(study), scale(unit, lang)
    found = {g.id: study.contrasts[g.id][name] for g, _ in study.pairs()}
    order = sorted(found, key=lambda s: (np.isfinite(found[s].difference.value), found[s].difference.value))
    axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
    for y, scenario in enumerate(order):
        contrast = found[scenario]
        dot(axes, y, contrast, all_looks[scenario], factor)
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
    finish(axes)


def dot(axes: Axes, y: int, contrast: PairedContrast, look: Look, factor: float) -> None:
    """One difference with its interval; filled where it stands after the correction."""
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
    unit = captions.axis_unit(outcome.unit, lang, difference=True)
    panel_title(axes, str(outcome.title[lang]), unit, left + width + NUMBER - 0.12, shift=-(left - 0.09) * 72.0)


def finish(axes: Axes) -> None:
    """Ticks and lines of a panel of dots."""
    low, high = axes.get_xlim()
    pad = 0.08 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    ticks(axes.xaxis, MaxNLocator(nbins=3, min_n_ticks=2))
    axes.tick_params(axis="x", labelsize=SMALL, colors=MUTED)
    grid(axes, line=0.4)
