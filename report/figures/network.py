"""A map of one run: towns by final status and investment, their villages, and which counties border on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from report.figures import captions
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, PANEL, WIDTH, Page, page, scenario_name
from report.text.quantity import scale, unit_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.analysis.study import ScenarioRuns, Study

Floats = NDArray[np.float64]
GONE = ("exited", "withdrawn", "vetoed")
KINDS: tuple[tuple[tuple[str, ...], str, str, str, str], ...] = (
    (("site",), "#c9c9c9", "o", "未列入名单", "never on a list"),
    (("cultivation",), "#7db8e0", "s", "培育名单", "cultivation list"),
    (("creation",), "#0b4f8a", "o", "创建名单", "creation list"),
    (("named",), "#1a9850", "^", "已命名", "named"),
    (GONE, "#d55e00", "X", "退出、放弃或否决", "removed, withdrawn or vetoed"),
)
"""Final status: names in the town table, colour, marker, 中文, English."""
INVESTMENT = "investment"
"""Column of the town table: true effective investment of the whole run, 万元."""
WAN_IN_YI = 10_000.0
PANEL_WIDTH = 3.42


def draw(study: Study, geography: Any, lang: str) -> Page | None:
    """Replicate 0 of every scenario, or None without places or the runs' town tables."""
    groups = [g for g in study.groups if g.runs and "towns" in g.runs[0].tables]
    if geography is None or not groups:
        return None
    counts = {g.id: _counts(g) for g in groups}
    columns = min(2, len(groups))
    rows = -(-len(groups) // columns)
    x0, x1, y0, y1 = _frame(geography)
    tall = PANEL_WIDTH * (y1 - y0) / (x1 - x0)
    made = page(
        rows * (tall + 0.24) + 0.02,
        captions.map_finding(study, counts, lang),
        _subtitle(study, lang),
        captions.source_line(study, lang, _marks(lang)),
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


def _subtitle(study: Study, lang: str) -> str:
    years = study.groups[0].years
    if lang == "zh":
        return f"第0次重复中各小镇的最终状态和{years[0]}—{years[-1]}年有效投资（圆点面积），及各镇所连村庄"
    return f"Final status of towns in replicate 0, investment {years[0]}–{years[-1]} (area), and their villages"


def _marks(lang: str) -> str:
    if lang == "zh":
        return "只画一次重复，作为示例。灰点为村，细线连到所属小镇；浅灰线连接相邻的县（市、区）。位置为示意坐标。"
    return (
        "One replicate, as an example. Grey dots are villages, hairlines join them to their town; pale lines join "
        "neighbouring counties. Positions are schematic."
    )


def _investment(group: ScenarioRuns) -> NDArray[np.float64]:
    """亿元 by town."""
    return np.asarray(group.runs[0].tables["towns"][INVESTMENT], dtype=np.float64).clip(min=0.0) / WAN_IN_YI


def _status(group: ScenarioRuns) -> NDArray[np.str_]:
    return np.asarray(group.runs[0].tables["towns"]["status"], dtype=np.str_)


def _counts(group: ScenarioRuns) -> tuple[int, int, int]:
    """Towns listed, named and gone."""
    status = _status(group)
    return tuple(int(np.isin(status, names).sum()) for names in (("cultivation", "creation"), ("named",), GONE))  # type: ignore


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
    for z, (names, color, marker, _, _) in enumerate(KINDS):
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
    unit = "公里" if lang == "zh" else "km"
    axes.annotate(f"{length:.0f} {unit}", (x0, y0), (0, 3), textcoords="offset points", size=BODY - 0.8, color=MUTED)


def _legend(made: Page, biggest: float, lang: str) -> None:
    from matplotlib.lines import Line2D

    spot = {"loc": "lower left", "borderpad": 0, "borderaxespad": 0, "columnspacing": 1.3, "handletextpad": 0.3}
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
            label=zh if lang == "zh" else en,
        )
        for _, c, m, zh, en in KINDS
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
