"""Figures of a sensitivity study: indices by factor, the plane of Morris, and indices as rows grow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullLocator

from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.study import Found
from experiments.analysis.sensitivity.verdicts import NEGLIGIBLE, NO_EFFECT, NOT_RESOLVED, RESOLVED, VERDICTS
from report.figures.dose import spread
from report.figures.labels import place_labels
from report.figures.setting import width_in_em, wrap
from report.figures.style import FAINT, INK, MUTED, RULE, SMALL, WIDTH, Page, grid, page, panel_title, save, styled
from report.text.catalogue import say
from report.text.language import listed
from report.text.outcomes import outcome_title
from report.text.sensitivity import factor_title, headline, study_text

LOOKS: Mapping[str, tuple[str, str, str]] = {
    RESOLVED: ("#0b4f8a", "o", ""),
    NOT_RESOLVED: ("#e0a100", "D", "////"),
    NEGLIGIBLE: ("#9a9a9a", "s", ""),
    NO_EFFECT: ("#5b5b5b", "x", ""),
}
"""Colour, marker and hatch of each verdict."""
LUCK_LOOK = ("#8c510a", "^", "....")
ROW, LABEL, SAY = 0.225, 2.5, 1.0
"""Inches: height of a factor's row, room for its name, room for the verdict."""
LINES = 5
"""Factors with a line of their own in a convergence figure."""
SHADES = (("#0b4f8a", "o"), ("#d55e00", "s"), ("#33b091", "^"), ("#aa3377", "D"), ("#e0a100", "P"))
Row = dict[str, Any]


def write_figures(found: Found, folder: Path, langs: Sequence[str]) -> list[Path]:
    """Draw every outcome in every language, PNG and SVG: ``OUTCOME.LANG`` and ``OUTCOME-rows.LANG``."""
    written: list[Path] = []
    with styled():
        for outcome in found.asked.subject.design.outcomes:
            for lang in langs:
                if not drawable(found, outcome):
                    continue
                made = plane(found, outcome, lang) if found.asked.method == "morris" else bars(found, outcome, lang)
                written += save(made, folder / f"{outcome}.{lang}")
                if found.convergence["size"].nunique() > 1:
                    written += save(curve(found, outcome, lang), folder / f"{outcome}-rows.{lang}")
    return written


def drawable(found: Found, outcome: str) -> bool:
    """Whether the outcome has any index to draw."""
    table = found.table(outcome)
    return bool(np.isfinite(table[main(found)].to_numpy(dtype=float)).any() and (table["rows"] > 0).all())


def main(found: Found) -> str:
    """Column of the index that matters most."""
    return {"sobol": "total", "morris": "mu_star", "pawn": "pawn"}[found.asked.method]


# --- indices by factor -----------------------------------------------------------------------------------------------


def bars(found: Found, outcome: str, lang: str) -> Page:
    """First and total indices (or PAWN) of every factor, largest first, luck below a line."""
    rows = found.table(outcome).to_dict("records")
    kind = main(found)
    body = ROW * len(rows) + 0.62
    drawn = say(f"sensitivity.figure.{'bars' if kind == 'total' else 'pawn'}", lang)
    made = page(body, headline(found, outcome, lang), drawn, _caption(found, lang), legend=0.2)
    left, right = LABEL / WIDTH, (WIDTH - SAY) / WIDTH
    bottom = (0.42 / made.height) + made.bottom
    axes = made.figure.add_axes((left, bottom, right - left, ROW * len(rows) / made.height))
    for i, row in enumerate(rows):
        _bar(axes, len(rows) - 1 - i, row, kind)
        _names(axes, len(rows) - 1 - i, row, found, lang)
    _bar_axes(axes, rows, kind, found, lang)
    _legend(made, rows, lang, both=kind == "total")
    return made


def _look(row: Row) -> tuple[str, str, str]:
    return LUCK_LOOK if row["factor"] == LUCK else LOOKS[str(row["verdict"])]


def _bar(axes: Axes, y: int, row: Row, kind: str) -> None:
    color, _, hatch = _look(row)
    value, low, high = (float(row[k]) for k in (kind, f"{kind}_low", f"{kind}_high"))
    if row["verdict"] == NO_EFFECT:
        axes.plot([0.0], [y], marker="x", color=color, markersize=4.5, linestyle="none", zorder=4, clip_on=False)
        return
    if not math.isfinite(value):
        return
    up = 0.17 if kind == "total" else 0.0
    axes.barh(y + up, value, height=0.32, color=color, edgecolor="white", linewidth=0, hatch=hatch, zorder=2)
    axes.plot([max(low, 0.0), high], [y + up] * 2, color=INK, linewidth=0.9, zorder=3, solid_capstyle="butt")
    if kind == "pawn":
        axes.plot([row["dummy"]] * 2, [y - 0.3, y + 0.3], color=INK, linewidth=1.2, zorder=4)
        return
    first = [float(row[k]) for k in ("first", "first_low", "first_high")]
    axes.barh(y - 0.2, max(first[0], 0.0), height=0.26, color="white", edgecolor=color, linewidth=0.9, zorder=2)
    axes.plot([first[1], first[2]], [y - 0.2] * 2, color=MUTED, linewidth=0.8, zorder=3, solid_capstyle="butt")


def _names(axes: Axes, y: int, row: Row, found: Found, lang: str) -> None:
    """Name at the left, verdict and direction at the right."""
    title, size = factor_title(found.asked, str(row["factor"]), lang), SMALL + 0.4
    lines = wrap(title, LABEL - 0.2, size)
    if len(lines) > 2:
        size = SMALL - 0.8
        lines = wrap(title, LABEL - 0.2, size)
    if len(lines) > 2:
        lines = [lines[0], lines[1][: max(1, len(lines[1]) - 2)].rstrip() + "…"]
    axes.annotate("\n".join(lines), (0, y), (-7, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                  ha="right", va="center", size=size, linespacing=0.95, annotation_clip=False)  # fmt: skip
    if row["factor"] == LUCK:
        return
    arrow = say(f"sensitivity.directions.{row['direction']}", lang) if row["direction"] else ""
    told = f"{say('sensitivity.verdicts.' + row['verdict'], lang)} {arrow}".rstrip()
    axes.annotate(told, (1, y), (6, 0), xycoords=("axes fraction", "data"), textcoords="offset points", ha="left",
                  va="center", size=SMALL + 0.2, color=MUTED, annotation_clip=False)  # fmt: skip


def _bar_axes(axes: Axes, rows: Sequence[Row], kind: str, found: Found, lang: str) -> None:
    ends = [float(r[f"{k}_high"]) for r in rows for k in ([kind, "first"] if kind == "total" else [kind])]
    top = max([e for e in ends if math.isfinite(e)] or [1.0])
    lows = [float(r["first_low"]) for r in rows if kind == "total" and math.isfinite(float(r["first_low"]))]
    axes.set_xlim(max(-0.12, min([0.0, *lows])), min(max(top * 1.03, 0.05), 1.5))
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_yticks([])
    axes.axvline(0.0, color=FAINT, linewidth=0.7, zorder=1)
    if kind == "total":
        axes.axvline(found.asked.threshold, color=MUTED, linewidth=0.6, linestyle=(0, (2, 2)), zorder=1)
    if rows[-1]["factor"] == LUCK:
        axes.axhline(0.5, color=RULE, linewidth=0.8)
    grid(axes)
    axes.set_xlabel(
        say("sensitivity.figure.axis", lang) if kind == "total" else "PAWN", size=SMALL + 0.3, color=MUTED, labelpad=2
    )


def _legend(made: Page, rows: Sequence[Row], lang: str, *, both: bool) -> None:
    """Verdicts that occur, and what hollow and filled mean."""
    handles: list[Any] = []
    names: list[str] = []
    present = {str(r["verdict"]) for r in rows if r["factor"] != LUCK}
    for verdict in VERDICTS:
        if verdict not in present:
            continue
        color, marker, hatch = LOOKS[verdict]
        if verdict == NO_EFFECT or not both:
            handles.append(Line2D([], [], color=color, marker=marker, markersize=4.5, linestyle="none"))
        else:
            handles.append(Patch(facecolor=color, hatch=hatch, edgecolor="white", linewidth=0))
        names.append(say(f"sensitivity.verdicts.{verdict}", lang))
    if both:
        handles += [Patch(facecolor=MUTED), Patch(facecolor="white", edgecolor=MUTED)]
        names += [say("sensitivity.figure.total", lang), say("sensitivity.figure.first", lang)]
    made.figure.legend(handles, names, loc="lower left", bbox_to_anchor=(0.011, made.top + 0.02 / made.height),
                       ncols=len(names), borderpad=0, borderaxespad=0, handlelength=1.6, columnspacing=1.4,
                       handletextpad=0.5)  # fmt: skip


# --- the plane of Morris ---------------------------------------------------------------------------------------------


def plane(found: Found, outcome: str, lang: str) -> Page:
    """Mean absolute effect against the spread of effects, with a name at every point."""
    rows = found.table(outcome).to_dict("records")
    scale = float(rows[0]["deviation"]) or 1.0
    body = 3.9
    small = [
        short(factor_title(found.asked, str(r["factor"]), lang))
        for r in rows
        if r["factor"] != LUCK and r["verdict"] in (NO_EFFECT, NEGLIGIBLE)
    ]
    below = say("sensitivity.figure.small", lang, names=listed(small, lang)) if small else ""
    caption = f"{_caption(found, lang)}{'' if lang == 'zh' else ' '}{below}"
    made = page(body, headline(found, outcome, lang), say("sensitivity.figure.plane", lang), caption, legend=0.2)
    axes = made.figure.add_axes((0.5 / WIDTH, made.bottom + 0.42 / made.height, (WIDTH - 0.62) / WIDTH,
                                 (body - 0.55) / made.height))  # fmt: skip
    points, lines = [], []
    for row in rows:
        color, marker, _ = _look(row)
        x, y = float(row["mu_star"]) / scale, float(row["sigma"]) / scale
        low, high = float(row["mu_star_low"]) / scale, float(row["mu_star_high"]) / scale
        axes.plot([low, high], [y, y], color=color, linewidth=0.8, alpha=0.55, zorder=2)
        axes.plot([x], [y], marker=marker, color=color, markersize=5, linestyle="none", zorder=3, clip_on=False)
        name = short(factor_title(found.asked, str(row["factor"]), lang))
        if row["factor"] == LUCK or row["verdict"] not in (NO_EFFECT, NEGLIGIBLE):
            points.append((x, y, name, color))
            lines.append((low, high, y))
    axes.axvline(math.sqrt(found.asked.threshold), color=MUTED, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
    right, top = max(float(r["mu_star_high"]) for r in rows) / scale, max(float(r["sigma"]) for r in rows) / scale
    axes.set_xlim(-0.02 * right, right * 1.04 + 0.02)
    axes.set_ylim(-0.04 * top, top * 1.15 + 0.02)
    axes.grid(color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(say("sensitivity.figure.plane_x", lang), size=SMALL + 0.5, color=MUTED, labelpad=2)
    axes.set_ylabel(say("sensitivity.figure.plane_y", lang), size=SMALL + 0.5, color=MUTED, labelpad=2)
    place_labels(axes, points, lines, size=SMALL, inches=(WIDTH - 0.62, body - 0.55))
    _legend(made, rows, lang, both=False)
    return made


def short(title: str, em: float = 17.0) -> str:
    """A title short enough to stand at a point: without what is in brackets, cut where it is still long."""
    for mark in ("（", " (", "："):
        title = title.split(mark)[0] if len(title.split(mark)[0]) > 1 else title
    while width_in_em(title) > em:
        title = title[:-2].rstrip() + "…"
    return title


# --- rows ------------------------------------------------------------------------------------------------------------


def curve(found: Found, outcome: str, lang: str) -> Page:
    """Indices of the largest factors from the first rows alone."""
    kind = main(found)
    order = [str(f) for f in found.table(outcome)["factor"] if f != LUCK][:LINES]
    part = found.convergence[found.convergence["outcome"] == outcome]
    body = 2.7
    title = say("sensitivity.figure.curve_title", lang, outcome=outcome_title(outcome, lang))
    made = page(body, title, say("sensitivity.figure.curve", lang), _caption(found, lang))
    axes = made.figure.add_axes((0.42 / WIDTH, made.bottom + 0.4 / made.height, (WIDTH - 2.6) / WIDTH,
                                 (body - 0.7) / made.height))  # fmt: skip
    ends = []
    for i, name in enumerate(order):
        rows = part[part["factor"] == name].sort_values("size")
        x = rows["size"].to_numpy(dtype=float) * (1.0 + 0.03 * (i - (len(order) - 1) / 2.0))
        y, low, high = (rows[c].to_numpy(dtype=float) for c in (kind, f"{kind}_low", f"{kind}_high"))
        color, marker = SHADES[i]
        axes.plot(x, y, color=color, marker=marker, markersize=3.6, linewidth=1.3, zorder=3)
        axes.vlines(x, np.maximum(low, 0.0), high, color=color, linewidth=0.9, alpha=0.7, zorder=2)
        ends.append((float(y[-1]), short(factor_title(found.asked, name, lang), 19.0), color))
    _curve_axes(axes, part, kind, lang, ends)
    return made


def _curve_axes(axes: Axes, part: Any, kind: str, lang: str, ends: Sequence[tuple[float, str, str]]) -> None:
    sizes = sorted(int(s) for s in part["size"].unique())
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [f"{s}" for s in sizes])
    axes.xaxis.set_minor_locator(NullLocator())
    last = part[(part["size"] == sizes[-1]) & (part["factor"] != LUCK)]
    before = part[(part["size"] == sizes[len(sizes) // 2]) & (part["factor"] != LUCK)]
    top = max(float(np.nanmax(t[f"{kind}_high"])) for t in (last, before))
    axes.set_ylim(0.0, top * 1.08 if top > 0.0 else 1.0)
    grid(axes, "y")
    axes.set_xlabel(say("sensitivity.figure.curve_x", lang), size=SMALL + 0.3, color=MUTED, labelpad=2)
    name = {"total": say("sensitivity.figure.total", lang), "mu_star": "μ*", "pawn": "PAWN"}[kind]
    panel_title(axes, name, say("sensitivity.figure.axis", lang) if kind == "total" else "", WIDTH - 2.6)
    low, high = axes.get_ylim()
    order = sorted((min(max((y - low) / (high - low), 0.0), 1.0), text, color) for y, text, color in ends)
    for share, (_, text, color) in zip(spread([o[0] for o in order]), order, strict=True):
        axes.annotate(text, (1, share), (8, 0), xycoords="axes fraction", textcoords="offset points", color=color,
                      va="center", size=SMALL + 0.5, annotation_clip=False)  # fmt: skip


def _caption(found: Found, lang: str) -> str:
    key = "caption_pawn" if found.asked.method == "pawn" else "caption"
    return say(f"sensitivity.figure.{key}", lang, study=study_text(found.asked, lang))
