"""Where public money goes, by scenario: the policy's own money, works and promotion beside it, and rewarded land.

Land is quota, not money, so its value at the shadow price is shown apart and never added.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from experiments.analysis.study import Study
from report.blocks import Text, message
from report.figures import captions
from report.figures.registry import Scene, figure
from report.figures.setting import width_in_em, wrap
from report.figures.style import (
    BODY,
    INK,
    MARGIN,
    MUTED,
    SMALL,
    WIDTH,
    Page,
    grid,
    panel_title,
    scenario_name,
    ticks,
    told,
)
from report.text.quantity import number, scale
from report.text.spoken import spoken
from report.text.studies import outcome_title, ranking
from sim.outcomes.records import shown_in

LOOKS = (("#0b4f8a", ""), ("#e0a100", "////"), ("#b04a3a", "--"), ("#6c5aa8", "oo"))
LOOKS_APART = (("#5f9e86", "xxxx"), ("#8c6d46", "\\\\\\\\"))
"""Colours and hatches in turn."""
PARTS = (
    *((name, *look) for name, look in zip(shown_in("spending"), LOOKS, strict=False)),
    ("other", "#b9b9b9", "...."),
)
"""Outcome, colour and hatch of the parts of ``public_cost``, from the axis outward; "other" is what remains of it."""
APART = tuple((name, *look) for name, look in zip(shown_in("spending_beside"), LOOKS_APART, strict=True))
BAR = 0.38
SHARES = (0.46, 0.27, 0.27)
BETWEEN = 0.34


def finding(study: Study) -> Text:
    """Mean public cost in every scenario, highest first."""
    unit = study.definition("summary", "public_cost").unit
    ranked = ranking(study, {g.id: study.means[g.id]["public_cost"].value for g in study.groups}, unit)
    first, *_, last = study.groups[0].years
    return message("figures.stack.finding", first=first, last=last, ranked=ranked)


@figure("spending", order=20, finding=finding)
def draw(scene: Scene) -> Page | None:
    """Mean public cost by part, or None where the runs do not carry it."""
    study, lang = scene.study, scene.lang
    if not {"public_cost", *shown_in("spending"), *shown_in("spending_beside")} <= set(study.summary_ids):
        return None
    rows = len(study.groups)
    made = told(
        lang,
        rows * BAR + 0.66,
        finding(study),
        message("figures.stack.subtitle"),
        captions.source_line(study, message("figures.stack.marks")),
        legend=0.26,
    )
    labels = [wrap(scenario_name(study, g.id, lang), 1.3, BODY) for g in study.groups]
    left = 0.16 + max(width_in_em(r) for label in labels for r in label) * BODY / 72.0
    panels = _panels(made, left, rows)
    _stacked(panels[0], study, lang)
    for axes, (name, color, hatch) in zip(panels[1:], APART, strict=True):
        _bars(axes, np.zeros(rows), _sizes(study, name, lang), color, hatch)
        _totals(axes, study, name, lang)
    for axes in panels:
        axes.set_yticks([])
    panels[0].set_yticks(range(rows), ["\n".join(label) for label in labels], size=BODY, color=INK)
    _titles(panels, study, lang, left)
    _legend(made, study, lang)
    return made


def _panels(made: Page, left: float, rows: int) -> list[Axes]:
    room, x, out = WIDTH - left - 0.1 - 2 * BETWEEN, left, []
    for share in SHARES:
        width = room * share
        box = (x / WIDTH, made.bottom + 0.24 / made.height, width / WIDTH, rows * BAR / made.height)
        out.append(made.figure.add_axes(box))
        x += width + BETWEEN
    return out


def _bars(axes: Axes, start: NDArray[np.float64], size: NDArray[np.float64], color: str, hatch: str) -> None:
    axes.barh(
        range(size.size),
        size,
        left=start,
        height=0.62,
        color=color,
        hatch=hatch,
        edgecolor="white",
        linewidth=0.5,
        zorder=2,
    )


def _stacked(axes: Axes, study: Study, lang: str) -> None:
    start = np.zeros(len(study.groups))
    for name, color, hatch in PARTS:
        size = _other(study, lang) if name == "other" else _sizes(study, name, lang)
        if np.any(size > 0.0):
            _bars(axes, start, size, color, hatch)
        start = start + size
    _totals(axes, study, "public_cost", lang)


def _sizes(study: Study, name: str, lang: str) -> NDArray[np.float64]:
    """Means over runs in the language's unit, 0 where undefined."""
    means = [study.means[g.id][name] for g in study.groups]
    return np.array([np.nan_to_num(e.value) * scale(e.unit, lang) for e in means])


def _other(study: Study, lang: str) -> NDArray[np.float64]:
    """Policy money beyond rebate and grants."""
    named = sum((_sizes(study, name, lang) for name in shown_in("spending")), np.zeros(len(study.groups)))
    rest = _sizes(study, "public_cost", lang) - named
    return np.where(rest > 1e-6 * np.maximum(1.0, named), rest, 0.0)


def _totals(axes: Axes, study: Study, name: str, lang: str) -> None:
    """Interval and number of the total at the end of each bar; room for the number inside the axes."""
    ends = [study.means[g.id][name] for g in study.groups]
    factor = scale(ends[0].unit, lang)
    for y, e in enumerate(ends):
        if np.isfinite(e.low) and np.isfinite(e.high):
            axes.plot(
                [e.low * factor, e.high * factor], [y, y], color=INK, linewidth=1.2, marker="|", markersize=5, zorder=3
            )
        edge = max((v for v in (e.value, e.high, 0.0) if np.isfinite(v)), default=0.0) * factor
        axes.annotate(
            number(e.value, e.unit, lang),
            (edge, y),
            (5, 0),
            textcoords="offset points",
            va="center",
            size=BODY - 0.2,
            weight="bold",
        )
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.3 * (high - low))
    axes.set_ylim(len(ends) - 0.45, -0.55)
    ticks(axes.xaxis, MaxNLocator(nbins=4))
    axes.axvline(0.0, color=MUTED, linewidth=0.7, zorder=4)
    grid(axes)


def _titles(panels: Sequence[Axes], study: Study, lang: str, left: float) -> None:
    names = ("public_cost", *(p[0] for p in APART))
    room = WIDTH - left - 0.1 - 2 * BETWEEN
    for axes, name, share in zip(panels, names, SHARES, strict=True):
        outcome = study.definition("summary", name)
        panel_title(axes, str(outcome.title[lang]), captions.axis_unit(outcome.unit, lang), room * share + 0.05)


def _legend(made: Page, study: Study, lang: str) -> None:
    shown = [p for p in PARTS if p[0] != "other" or np.any(_other(study, lang) > 0.0)]
    handles = [Patch(facecolor=c, hatch=h, edgecolor="white", linewidth=0.5) for _, c, h in shown]
    titles = [message("figures.stack.other") if n == "other" else outcome_title(study, n) for n, _, _ in shown]
    names = [spoken(one, lang) for one in titles]
    made.figure.legend(
        handles,
        names,
        loc="lower left",
        bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.05 / made.height),
        ncols=4,
        borderpad=0,
        borderaxespad=0,
        columnspacing=1.4,
        handlelength=2.0,
        fontsize=BODY if lang == "zh" else SMALL + 0.5,
    )
