"""A map of one run: towns by final status and investment, their villages, and which counties border on each other."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import Joined, Text, message, title
from report.figures import captions
from report.figures.registry import Scene, figure
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, PANEL, WIDTH, Page, scenario_name, told
from report.text.quantity import scale, unit_text
from report.text.spoken import spoken

Floats = NDArray[np.float64]
GONE = ("exited", "withdrawn", "vetoed")
KINDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("site",), "#c9c9c9", "o"),
    (("cultivation",), "#7db8e0", "s"),
    (("creation",), "#0b4f8a", "o"),
    (("named",), "#1a9850", "^"),
    (GONE, "#d55e00", "X"),
)
"""Final status: names in the town table, the first for all of them; colour, marker."""
INVESTMENT = "investment"
"""Column of the town table: true effective investment of the whole run, 万元."""
WAN_IN_YI = 10_000.0
PANEL_WIDTH = 3.42


def finding(study: Study) -> Text:
    """Towns on a list, named and gone at the end of the mapped run, by scenario."""
    parts = []
    for group in _mapped(study):
        listed, named, gone = _counts(group)
        if listed + named + gone:
            name = title(group.title)
            parts.append(message("figures.network.part", name=name, listed=listed, named=named, gone=gone))
    said = Joined(parts, "semicolon") if parts else message("figures.network.none")
    return message("figures.network.finding", year=study.groups[0].years[-1], parts=said)


@figure("network", order=21, places=True)
def draw(scene: Scene) -> Page | None:
    """Replicate 0 of every scenario, or None without places or the runs' town tables."""
    study, geography, lang = scene.study, scene.geography, scene.lang
    groups = _mapped(study)
    if geography is None or not groups:
        return None
    columns = min(2, len(groups))
    rows = -(-len(groups) // columns)
    x0, x1, y0, y1 = _frame(geography)
    tall = PANEL_WIDTH * (y1 - y0) / (x1 - x0)
    first, *_, last = study.groups[0].years
    made = told(
        lang,
        rows * (tall + 0.24) + 0.02,
        finding(study),
        message("figures.network.subtitle", first=first, last=last),
        captions.source_line(study, message("figures.network.marks")),
        legend=0.42,
    )
    biggest = max(float(np.max(_investment(g))) for g in groups)
    for i, group in enumerate(groups):
        left = MARGIN + (i % columns) * (WIDTH - 2 * MARGIN - PANEL_WIDTH)
        bottom = made.top * made.height - (i // columns + 1) * (tall + 0.24)
        axes = made.figure.add_axes((left / WIDTH, bottom / made.height, PANEL_WIDTH / WIDTH, tall / made.height))
        axes.set_xlim(x0, x1)
        axes.set_ylim(y0, y1)
        axes.axis("off")
        _ground(axes, geography)
        _towns(axes, geography, group, biggest)
        axes.text(
            0.0,
            1.0,
            scenario_name(study, group.id, lang),
            transform=axes.transAxes,
            size=PANEL,
            weight="bold",
            va="bottom",
            ha="left",
        )
        if i == 0:
            _ruler(axes, x0, y0, x1 - x0, lang)
    _legend(made, biggest, lang)
    return made


def _mapped(study: Study) -> list[ScenarioRuns]:
    return [g for g in study.groups if g.runs and "towns" in g.runs[0].tables]


def _investment(group: ScenarioRuns) -> NDArray[np.float64]:
    """亿元 by town."""
    return np.asarray(group.runs[0].tables["towns"][INVESTMENT], dtype=np.float64).clip(min=0.0) / WAN_IN_YI


def _status(group: ScenarioRuns) -> NDArray[np.str_]:
    return np.asarray(group.runs[0].tables["towns"]["status"], dtype=np.str_)


def _counts(group: ScenarioRuns) -> tuple[int, int, int]:
    """Towns listed, named and gone."""
    status = _status(group)
    listed, named, gone = (int(np.isin(status, n).sum()) for n in (("cultivation", "creation"), ("named",), GONE))
    return listed, named, gone


def _frame(geography: Any) -> tuple[float, float, float, float]:
    xs = np.concatenate([geography.counties.x, geography.towns.x, geography.villages.x])
    ys = np.concatenate([geography.counties.y, geography.towns.y, geography.villages.y])
    pad = 0.03 * max(np.ptp(xs), np.ptp(ys), 1.0)
    return float(xs.min() - pad), float(xs.max() + pad), float(ys.min() - pad), float(ys.max() + pad)


def _ground(axes: Axes, geography: Any) -> None:
    """County adjacency, villages and their links; each kind is one broken line, which is quick and small in SVG."""
    c, t, v = geography.counties, geography.towns, geography.villages
    start, other = np.asarray(c.neighbours_start), np.asarray(c.neighbours)
    one = np.repeat(np.arange(start.size - 1), np.diff(start))
    keep = one < other
    a, b = one[keep], other[keep]
    axes.plot(*_broken(c.x[a], c.y[a], c.x[b], c.y[b]), color="#e9e6df", linewidth=0.8, zorder=0)
    axes.plot(*_broken(v.x, v.y, t.x[v.town], t.y[v.town]), color="#cfcfcf", linewidth=0.25, zorder=1)
    axes.plot(v.x, v.y, linestyle="none", marker=".", markersize=1.3, markeredgewidth=0, color="#b3b3b3", zorder=1)


def _broken(x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> tuple[Floats, Floats]:
    """Coordinates of many segments as one line with gaps."""
    gap = np.full(x0.shape, np.nan)
    return np.column_stack([x0, x1, gap]).ravel(), np.column_stack([y0, y1, gap]).ravel()


def _area(investment: NDArray[np.float64] | float, biggest: float) -> Any:
    return 6.0 + 130.0 * np.asarray(investment) / max(biggest, 1e-9)


def _towns(axes: Axes, geography: Any, group: ScenarioRuns, biggest: float) -> None:
    status, area = _status(group), _area(_investment(group), biggest)
    t = geography.towns
    for z, (names, color, marker) in enumerate(KINDS):
        rows = np.flatnonzero(np.isin(status, names))
        rows = rows[np.argsort(-area[rows], kind="stable")]
        axes.scatter(
            t.x[rows],
            t.y[rows],
            s=area[rows],
            c=color,
            marker=marker,
            edgecolors="white",
            linewidths=0.4,
            alpha=0.92,
            zorder=3 + z,
        )


def _ruler(axes: Axes, x0: float, y0: float, span: float, lang: str) -> None:
    """A scale bar of 50 or 100 km."""
    length = 100.0 if span > 300.0 else 50.0 if span > 100.0 else 10.0
    axes.plot([x0, x0 + length], [y0, y0], color=INK, linewidth=1.4, solid_capstyle="butt", zorder=9, clip_on=False)
    far = spoken(message("figures.kilometres", n=f"{length:.0f}"), lang)
    axes.annotate(far, (x0, y0), (0, 3), textcoords="offset points", size=BODY - 0.8, color=MUTED)


def _legend(made: Page, biggest: float, lang: str) -> None:
    spot: dict[str, Any] = {
        "loc": "lower left",
        "borderpad": 0,
        "borderaxespad": 0,
        "columnspacing": 1.3,
        "handletextpad": 0.3,
    }
    left = MARGIN / WIDTH
    kinds = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker=m,
            markersize=5.2,
            markerfacecolor=c,
            markeredgecolor="white",
            label=spoken(message(f"figures.network.{names[0]}"), lang),
        )
        for names, c, m in KINDS
    ]
    made.figure.legend(handles=kinds, ncols=5, bbox_to_anchor=(left, made.top + 0.26 / made.height), **spot)
    unit, factor = unit_text("yi_yuan", lang), scale("yi_yuan", lang)
    sizes = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=float(np.sqrt(_area(v, biggest))),
            markerfacecolor="none",
            markeredgecolor=FAINT,
            label=f"{v * factor:,g} {unit}",
        )
        for v in _round_sizes(biggest)
    ]
    made.figure.legend(handles=sizes, ncols=3, bbox_to_anchor=(left, made.top + 0.06 / made.height), **spot)


def _round_sizes(biggest: float) -> list[float]:
    """Two or three round investments for the legend of sizes."""
    if biggest <= 0.0:
        return []
    top = 10.0 ** np.floor(np.log10(biggest))
    top *= 5.0 if biggest >= 5.0 * top else 2.0 if biggest >= 2.0 * top else 1.0
    return [float(top / 10.0), float(top / 2.0), float(top)]
