"""Yearly outcomes over time: the median of every scenario, with bands that hold half and nine tenths of the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.analysis.estimates.bands import Band, quantile_band
from report.figures import captions
from report.figures.style import (
    MARGIN,
    RULE,
    WIDTH,
    Look,
    Page,
    legend_inches,
    legend_line,
    looks,
    page,
    panel_title,
    scenario_name,
)
from report.text.quantity import scale
from sim.outcomes.records import THEMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.analysis.study import Study

PANEL_HEIGHT, GAP_HEIGHT = 1.62, 0.62
LEFT, RIGHT, BETWEEN = 0.5, 0.12, 0.58


def draw(study: Study, theme: str, lang: str) -> Page | None:
    """One theme as small multiples, or None where the runs define none of its outcomes."""
    names = captions.theme_outcomes(study, theme)
    if not names:
        return None
    columns = 3 if len(names) > 4 else min(2, len(names))
    rows = -(-len(names) // columns)
    scenarios = [g.id for g in study.groups]
    titles = [scenario_name(study, s, lang) for s in scenarios]
    what = THEMES[theme].title[lang]
    made = page(
        rows * (PANEL_HEIGHT + GAP_HEIGHT) + 0.02,
        captions.theme_finding(study, theme, lang),
        _subtitle(study, what, lang),
        captions.source_line(study, lang, _marks(lang)),
        legend=legend_inches(titles),
    )
    legend_line(study, made, lang, scenarios)
    width = (WIDTH - LEFT - RIGHT - (columns - 1) * BETWEEN) / columns
    for i, name in enumerate(names):
        axes = made.figure.add_axes(_place(made, i // columns, i % columns, width))
        _panel(axes, study, name, lang, width)
    return made


def _subtitle(study: Study, what: str, lang: str) -> str:
    years = study.groups[0].years
    if lang == "zh":
        return f"{what}，{years[0]}—{years[-1]}年，各次重复的中位数与分布"
    return f"{what}, {years[0]}–{years[-1]}: median and spread over replicates"


def _marks(lang: str) -> str:
    if lang == "zh":
        return (
            "线为各次重复的中位数，深色带含50%、浅色带含90%的重复；"
            "带表示各次重复之间的差异，不是均值的置信区间。标题为均值。"
        )
    return (
        "Lines: median replicate; darker band: 50%, lighter band: 90% of replicates. Bands show how replicates differ; "
        "they are not confidence intervals. Title: means."
    )


def _place(made: Page, row: int, column: int, width: float) -> tuple[float, float, float, float]:
    left = LEFT + column * (width + BETWEEN)
    top = made.top * made.height - row * (PANEL_HEIGHT + GAP_HEIGHT) - 0.38
    return left / WIDTH, (top - PANEL_HEIGHT) / made.height, width / WIDTH, PANEL_HEIGHT / made.height


def _panel(axes: Axes, study: Study, name: str, lang: str, width: float) -> None:
    outcome = study.definition("yearly", name)
    all_looks = looks(study)
    factor = scale(outcome.unit, lang)
    for rank, group in enumerate(study.groups):
        values = group.yearly(name) * factor
        if np.isfinite(values).any():
            _series(axes, np.asarray(group.years), quantile_band(values), all_looks[group.id], rank)
    panel_title(axes, str(outcome.title[lang]), captions.axis_unit(outcome.unit, lang), width + BETWEEN - 2 * MARGIN)
    _finish(axes, study.groups[0].years)


def _series(axes: Axes, years: np.ndarray, band: Band, look: Look, rank: int) -> None:
    for alpha, (_, low, high) in zip((0.2, 0.09), band.bands, strict=True):
        axes.fill_between(years, low, high, color=look.color, alpha=alpha, linewidth=0, zorder=2)
    axes.plot(
        years,
        band.median,
        color=look.color,
        linestyle=look.dash,
        linewidth=1.5,
        marker=look.marker,
        markersize=3.4,
        markeredgecolor="white",
        markeredgewidth=0.4,
        markevery=(rank % 2, 2),
        zorder=4 + rank,
    )


def _finish(axes: Axes, years: tuple[int, ...]) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
    axes.set_xticks([y for y in years if (y - years[-1]) % 3 == 0])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, min_n_ticks=3))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    low, high = axes.get_ylim()
    axes.set_ylim(min(0.0, low) if low < 0.5 * high else low, high)
    axes.grid(axis="y", color=RULE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def _tick(value: float, _: int) -> str:
    body = f"{abs(value):,.6f}".rstrip("0").rstrip(".")
    return ("\u2212" if value < 0 else "") + body
