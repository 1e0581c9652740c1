"""Where public money goes, by scenario, with the value of rewarded land beside it: land is not money and is not added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.figures import captions
from experiments.figures.style import (
    BODY, INK, MARGIN, MUTED, RULE, SMALL, WIDTH, Page, page, panel_title, scenario_name, width_in_em, wrap,
)
from experiments.words import number, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.study import Study

PARTS: tuple[tuple[str, str, str], ...] = (
    ("cost_rebate", "#0b4f8a", ""),
    ("cost_grants", "#e0a100", "////"),
    ("cost_infrastructure", "#8fbfa8", "...."),
)
"""Outcome, colour and hatch of the parts, from the axis outward."""
LAND = ("land_value", "#8c6d46", "\\\\\\\\")
BAR = 0.38


def draw(study: Study, lang: str) -> Page | None:
    """Mean public cost by part, or None where the runs do not carry it."""
    needed = {"public_cost", LAND[0], *(p[0] for p in PARTS)}
    if not needed <= set(study.summary_ids):
        return None
    rows = len(study.groups)
    made = page(rows * BAR + 0.66, captions.spending_finding(study, lang), _subtitle(lang),
                captions.source_line(study, lang, _marks(lang)), legend=0.26)
    labels = [wrap(scenario_name(study, g.id, lang), 1.3, BODY) for g in study.groups]
    left = 0.16 + max(width_in_em(r) for label in labels for r in label) * BODY / 72.0
    body, bottom = rows * BAR, made.bottom * made.height + 0.24
    wide = (WIDTH - left - 0.5) * 0.6
    spots = ((left, wide), (left + wide + 0.55, WIDTH - left - wide - 1.05))
    money, land = (made.figure.add_axes((x / WIDTH, bottom / made.height, w / WIDTH, body / made.height)) for x, w in spots)
    _money(money, study, lang)
    _land(land, study, lang)
    money.set_yticks(range(rows), ["\n".join(label) for label in labels], size=BODY, color=INK)
    land.set_yticks([])
    _titles(money, land, study, lang, spots)
    _legend(made, study, lang)
    return made


def _subtitle(lang: str) -> str:
    if lang == "zh":
        return "公共支出的构成（各次重复的均值）；净奖励用地指标按影子价格折算，单独列示，不计入支出"
    return "Public cost by purpose, mean over replicates; land quota at its shadow price is shown apart and not added"


def _marks(lang: str) -> str:
    if lang == "zh":
        return "数字为合计均值，横线为其95%置信区间。土地价值＝（奖励−倒扣）指标×影子价格，影子价格为假定值。"
    return ("Numbers: mean total; horizontal lines: its 95% confidence interval. Land value = quota rewarded less clawed back, "
            "times an assumed shadow price.")


def _money(axes: Axes, study: Study, lang: str) -> None:
    start = np.zeros(len(study.groups))
    for name, color, hatch in PARTS:
        size = _sizes(study, name, lang)
        axes.barh(range(len(study.groups)), size, left=start, height=0.62, color=color, hatch=hatch, edgecolor="white",
                  linewidth=0.5, zorder=2)
        start = start + size
    _totals(axes, study, "public_cost", lang)


def _land(axes: Axes, study: Study, lang: str) -> None:
    name, color, hatch = LAND
    size = _sizes(study, name, lang)
    axes.barh(range(len(study.groups)), size, height=0.62, color=color, hatch=hatch, edgecolor="white", linewidth=0.5,
              zorder=2)
    axes.axvline(0.0, color=MUTED, linewidth=0.6)
    _totals(axes, study, name, lang)


def _sizes(study: Study, name: str, lang: str) -> NDArray[np.float64]:
    """Means over runs in the language's unit, 0 where undefined."""
    means = [study.means[g.id][name] for g in study.groups]
    return np.array([np.nan_to_num(e.value) * scale(e.unit, lang) for e in means])


def _totals(axes: Axes, study: Study, name: str, lang: str) -> None:
    """Interval and number of the total at the end of each bar; room for the number inside the axes."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from experiments.figures.lines import _tick

    ends = [study.means[g.id][name] for g in study.groups]
    factor = scale(ends[0].unit, lang)
    for y, e in enumerate(ends):
        if np.isfinite(e.low) and np.isfinite(e.high):
            axes.plot([e.low * factor, e.high * factor], [y, y], color=INK, linewidth=1.2, marker="|", markersize=5, zorder=3)
        edge = max((v for v in (e.value, e.high, 0.0) if np.isfinite(v)), default=0.0) * factor
        axes.annotate(number(e.value, e.unit, lang), (edge, y), (5, 0), textcoords="offset points", va="center",
                      size=BODY - 0.2, weight="bold")
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.2 * (high - low))
    axes.set_ylim(len(ends) - 0.45, -0.55)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def _titles(money: Axes, land: Axes, study: Study, lang: str, spots: tuple[tuple[float, float], ...]) -> None:
    for axes, name, (_, width) in ((money, "public_cost", spots[0]), (land, LAND[0], spots[1])):
        outcome = study.definition("summary", name)
        panel_title(axes, str(outcome.title[lang]), captions.axis_unit(outcome.unit, lang), width + 0.45)


def _legend(made: Page, study: Study, lang: str) -> None:
    from matplotlib.patches import Patch

    parts = (*PARTS, LAND)
    handles = [Patch(facecolor=c, hatch=h, edgecolor="white", linewidth=0.5) for _, c, h in parts]
    names = [str(study.definition("summary", p[0]).title[lang]) for p in parts]
    made.figure.legend(handles, names, loc="lower left", bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.05 / made.height),
                       ncols=4, borderpad=0, borderaxespad=0, columnspacing=1.4, handlelength=2.0,
                       fontsize=BODY if lang == "zh" else SMALL + 0.5)
