"""The figure of a fit: what the prior and the posterior predict of every published figure, over what was published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from calibration.fit.known import Known
from calibration.targets import Target, load_targets
from report.figures.setting import width_in_em
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, RULE, SMALL, WIDTH, page, save, styled
from report.text.catalogue import say

ROW = 0.205
MOST = 2.4
"""Right end of the axis: model over published."""
PRIOR, POSTERIOR, BAND = "#b9d3ea", "#0b4f8a", "#e6e6e6"


def draw(found: Known, lang: str, stem: Path) -> list[Path]:
    """Write the figure as PNG and SVG.

    Args:
        found: The fit.
        lang: "zh" or "en".
        stem: Path without suffix.
    """
    size, f = found.about["size"], found.about["found"]
    targets = load_targets()
    with styled():
        made = page(
            ROW * (len(found.targets) + 2.0),
            say("calibration.figure_title", lang, inside=f["figures_inside"], figures=f["figures"]),
            say("calibration.figure_subtitle", lang),
            say("calibration.figure_caption", lang, check=size["check"], trials=size["truths"]),
        )
        names = [targets[name].title[lang] for name in found.targets]
        left = 0.26 + max(width_in_em(name) for name in names) * BODY / 72.0
        low, foot = made.bottom, 0.34 / made.height
        box = (left / WIDTH, low + foot, (WIDTH - left - MARGIN - 0.1) / WIDTH, made.top - low - foot - 0.04)
        axes = made.figure.add_axes(box)
        for i, (name, row) in enumerate(found.targets.items()):
            _row(axes, len(names) - 1 - i, row, targets[name])
        _dress(axes, names)
        return save(made, stem)


def _row(axes: Axes, y: int, row: Mapping[str, Any], target: Target) -> None:
    value = target.value
    axes.barh(y, (target.hi - target.lo) / value, left=target.lo / value, height=0.78, color=BAND, zorder=1)
    for when, color, height, level in (("prior", PRIOR, 0.46, 2), ("posterior", POSTERIOR, 0.2, 3)):
        low, high = (float(row[f"{when}_{q}"]) / value for q in ("q05", "q95"))
        axes.barh(y, min(high, MOST) - low, left=low, height=height, color=color, zorder=level, linewidth=0)
        if high > MOST:
            axes.plot([MOST - 0.012], [y], ">", color=color, markersize=4.6, zorder=level, clip_on=False)
    middle = min(float(row["posterior_q50"]) / value, MOST)
    filled = POSTERIOR if row["inside"] else "white"
    axes.plot(
        [middle], [y], "o", markersize=4.4, color=filled, markeredgecolor=POSTERIOR, markeredgewidth=0.9, zorder=5
    )


def _dress(axes: Axes, names: list[str]) -> None:
    axes.axvline(1.0, color=INK, linewidth=0.7, zorder=4)
    for x in (0.5, 1.5, 2.0):
        axes.axvline(x, color=RULE, linewidth=0.5, zorder=0)
    axes.set_xlim(0.0, MOST)
    axes.set_ylim(-0.8, len(names) - 0.2)
    axes.set_yticks(range(len(names)), names[::-1], size=BODY, color=INK)
    axes.set_xticks([0.0, 0.5, 1.0, 1.5, 2.0], ["0", "0.5", "1", "1.5", "2"], size=SMALL + 0.6, color=MUTED)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
