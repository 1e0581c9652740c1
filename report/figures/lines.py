"""Yearly outcomes over time: the median of every scenario, with bands that hold half and nine tenths of the runs."""

from __future__ import annotations

from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis.claims import mean_year
from experiments.analysis.estimates.bands import Band
from experiments.analysis.study import Study
from report.blocks import Text, message, title
from report.figures import captions
from report.figures.registry import Figure, Scene, declare
from report.figures.style import (
    MARGIN,
    WIDTH,
    Look,
    Page,
    grid,
    legend_inches,
    legend_line,
    looks,
    panel_title,
    scenario_name,
    ticks,
    told,
)
from report.text.quantity import scale
from report.text.studies import ranking
from sim.outcomes.records import THEMES

PANEL_HEIGHT, GAP_HEIGHT = 1.62, 0.62
LEFT, RIGHT, BETWEEN = 0.5, 0.12, 0.58


def draw_theme(theme: str, scene: Scene) -> Page | None:
    """One theme as small multiples, or None where the runs define none of its outcomes."""
    study, lang = scene.study, scene.lang
    names = [n for n in THEMES[theme].outcomes if n in study.yearly_ids and _filled(study, n)]
    if not names:
        return None
    columns = 3 if len(names) > 4 else min(2, len(names))
    rows = -(-len(names) // columns)
    scenarios = [g.id for g in study.groups]
    titles = [scenario_name(study, s, lang) for s in scenarios]
    first, *_, last = study.groups[0].years
    what = title(THEMES[theme].title)
    made = told(
        lang,
        rows * (PANEL_HEIGHT + GAP_HEIGHT) + 0.02,
        finding(theme, study),
        message("figures.lines.subtitle", what=what, first=first, last=last),
        captions.source_line(study, message("figures.lines.marks")),
        legend=legend_inches(titles),
    )
    legend_line(study, made, lang, scenarios)
    width = (WIDTH - LEFT - RIGHT - (columns - 1) * BETWEEN) / columns
    for i, name in enumerate(names):
        axes = made.figure.add_axes(_place(made, i // columns, i % columns, width))
        _panel(axes, study, name, lang, width)
    return made


def finding(theme: str, study: Study) -> Text:
    """The theme's headline outcome, mean over replicates, in every scenario that defines it, highest first."""
    kind, name = THEMES[theme].headline.kind, THEMES[theme].headline.id
    outcome = study.definition(kind, name)
    if kind == "summary":
        ranked = ranking(study, {g.id: study.means[g.id][name].value for g in study.groups}, outcome.unit)
        return message("figures.lines.finding", title=title(outcome.title), ranked=ranked)
    ranked = ranking(study, {g.id: mean_year(g, name) for g in study.groups}, outcome.unit)
    first, *_, last = study.groups[0].years
    return message("figures.lines.finding_mean", title=title(outcome.title), first=first, last=last, ranked=ranked)


def _filled(study: Study, name: str) -> bool:
    return any(bool(np.isfinite(g.yearly(name)).any()) for g in study.groups)


for _order, (_id, _theme) in enumerate(THEMES.items()):
    declare(Figure(_id, 10 + _order, partial(draw_theme, _id), partial(finding, _id), title(_theme.title)))


def _place(made: Page, row: int, column: int, width: float) -> tuple[float, float, float, float]:
    left = LEFT + column * (width + BETWEEN)
    top = made.top * made.height - row * (PANEL_HEIGHT + GAP_HEIGHT) - 0.38
    return left / WIDTH, (top - PANEL_HEIGHT) / made.height, width / WIDTH, PANEL_HEIGHT / made.height


def _panel(axes: Axes, study: Study, name: str, lang: str, width: float) -> None:
    outcome = study.definition("yearly", name)
    all_looks = looks(study)
    factor = scale(outcome.unit, lang)
    for rank, group in enumerate(study.groups):
        if np.isfinite(group.yearly(name)).any():
            _series(axes, np.asarray(group.years), group.spread(name).times(factor), all_looks[group.id], rank)
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
    axes.set_xlim(years[0] - 0.3, years[-1] + 0.3)
    axes.set_xticks([y for y in years if (y - years[-1]) % 3 == 0])
    ticks(axes.yaxis, MaxNLocator(nbins=4, min_n_ticks=3))
    low, high = axes.get_ylim()
    axes.set_ylim(min(0.0, low) if low < 0.5 * high else low, high)
    grid(axes, "y")
