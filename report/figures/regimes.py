"""Many regimes by rows: each outcome a panel, each regime a row with one mark in the common world and one at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from report.figures import across, captions
from report.figures.setting import width_in_em, wrap
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, RULE, SMALL, WIDTH, Page, page
from report.text.quantity import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.analysis.study import ScenarioRuns, Study

COMMON, HOME = "#0b4f8a", "#d55e00"
ROW, HEAD, GAP = 0.185, 0.66, 0.11
OFFSET = 0.17
"""How far the two marks of a row stand from its middle, in rows."""


def draw(study: Study, lang: str) -> Page | None:
    """The comparison of all regimes, or None for a study of few."""
    if not across.is_across(study):
        return None
    rows = across.rows(study)
    panels = across.shown(study)
    left = 0.2 + max(width_in_em(row.title[lang]) for row in rows) * BODY / 72.0
    body = HEAD + ROW * (len(rows) + 0.4) + 0.3
    made = page(body, _finding(study, rows, lang), _subtitle(study, lang), _caption(study, lang), legend=0.22)
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
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    from report.figures.lines import _tick

    low, high = axes.get_xlim()
    low, high = (min(low, 0.0), max(high, 0.0)) if difference else (min(0.0, low), high)
    pad = 0.06 * (high - low)
    axes.set_xlim(low - pad, high + pad)
    wide = max(abs(low), abs(high)) >= 10_000.0  # long numbers would run into each other
    axes.xaxis.set_major_locator(MaxNLocator(nbins=2 if wide else 3, min_n_ticks=2))
    axes.xaxis.set_major_formatter(FuncFormatter(_tick))
    axes.tick_params(axis="x", labelsize=SMALL - 0.3, colors=MUTED)
    axes.grid(axis="x", color=RULE, linewidth=0.4, zorder=0)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _names(axes: Axes, rows: list[across.Row], lang: str) -> None:
    for y, row in enumerate(rows):
        axes.annotate(
            row.title[lang], (0, y), (-5, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            va="center", ha="right", size=BODY, color=INK, annotation_clip=False,
        )  # fmt: skip


def _title(axes: Axes, study: Study, name: str, difference: bool, lang: str, inches: float) -> None:
    """Title in up to three short lines, and what the numbers are."""
    outcome = study.definition("summary", name)
    unit = captions.axis_unit(outcome.unit, lang)
    if difference and unit.startswith("%"):
        unit = "百分点" if lang == "zh" else "points"
    kind = {True: {"zh": "差异", "en": "change"}, False: {"zh": "水平", "en": "level"}}[difference][lang]
    what = wrap(f"{kind}，{unit}" if lang == "zh" else f"{kind}, {unit}", inches, SMALL - 0.2)
    y = 4.0
    for size, weight, color, lines in (
        (SMALL - 0.2, "normal", MUTED, what),
        (SMALL + 0.5, "bold", INK, wrap(str(outcome.title[lang]), inches, SMALL + 0.5, bold=True)),
    ):
        for text in reversed(lines):
            axes.annotate(
                text, (0, 1), (0, y), xycoords="axes fraction", textcoords="offset points", size=size, weight=weight,
                color=color, va="baseline", annotation_clip=False,
            )  # fmt: skip
            y += size * 1.18
        y += 0.8


def _legend(made: Page, study: Study, lang: str) -> None:
    from matplotlib.lines import Line2D

    world = study.world_name(across.common_world(study), lang)
    names = {
        "zh": (f"移植到共同的世界（{world}）", "在各自的世界"),
        "en": (f"laid over one common world ({world})", "in its own world"),
    }[lang]
    marks = [
        Line2D([], [], color=color, marker=marker, markersize=3.8, linewidth=1.2)
        for color, marker in ((COMMON, "o"), (HOME, "D"))
    ]
    made.figure.legend(
        marks, names, loc="lower left", bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.03 / made.height), ncols=2,
        borderpad=0, borderaxespad=0, handlelength=2.6, columnspacing=2.0, fontsize=BODY,
    )  # fmt: skip


def _finding(study: Study, rows: list[across.Row], lang: str) -> str:
    """Which regimes raise completion in the common world, and by how much the first does."""
    name = "completion_common"
    known = [r for r in rows if r.common is not None and across.stands(study, r.common, name, True)]
    up = [r for r in known if study.contrasts[r.common.id][name].difference.value > 0.0]  # type: ignore[union-attr]
    total = sum(r.common is not None for r in rows)
    if not up:
        return {
            "zh": f"{total}种政策体系移到同一个省，没有一种能确认提高三年投资完成率",
            "en": f"Laid over one province, none of {total} regimes shows a higher three-year completion",
        }[lang]
    best = up[0]
    gain = study.contrasts[best.common.id][name].difference.value * 100.0  # type: ignore[union-attr]
    if lang == "zh":
        return (
            f"{total}种政策体系移到同一个省：{len(up)}种确认提高三年投资完成率，"
            f"最多的是{best.title['zh']}，{gain:.1f}个百分点"
        )
    return (
        f"Laid over one province, {len(up)} of {total} regimes raise three-year completion; "
        f"{best.title['en']} most, by {gain:.1f} points"
    )


def _subtitle(study: Study, lang: str) -> str:
    if lang == "zh":
        return "与同一世界、同一随机根下没有政策的配对差异及95%区间；按共同世界中的完成率排列"
    return (
        "Paired difference from no policy in the same world, with 95% interval; ordered by completion in the common "
        "world"
    )


def _caption(study: Study, lang: str) -> str:
    if lang == "zh":
        marks = (
            "实心：校正多重比较（Holm）后不含零，或只示水平；空心：不能排除零。文件没有写明的条款一律不起作用，"
            "“没有效果”因此也可能是“没有写明”。"
        )
    else:
        marks = (
            "Filled: excludes zero after Holm's correction, or a level; hollow: zero not excluded. What a document "
            "does not state stays inert, so no effect may mean not stated."
        )
    behaviour, n = captions.behaviour_line(study, lang), study.replicates
    if lang == "zh":
        return f"{marks}每种情景{n}次重复。{behaviour}资料来源：Xiaozhen（小镇）模型，指纹 {study.fingerprint[:12]}。"
    return f"{marks} {n} replicates of each. {behaviour} Source: Xiaozhen model, fingerprint {study.fingerprint[:12]}."
