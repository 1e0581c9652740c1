"""A waterfall from one regime to another: what each group of clauses adds to the difference, or takes from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from experiments.analysis.attribution.attribute import Attribution, Shared
from experiments.analysis.estimates.contrasts import Estimate
from report.figures.setting import width_in_em, wrap
from report.figures.style import BODY, FAINT, INK, MARGIN, MUTED, SMALL, WIDTH, Page, grid, page, ticks
from report.text.attribution import (
    amount,
    basis,
    by_text,
    fingerprint,
    method_line,
    regime_titles,
    told,
)
from report.text.catalogue import say
from report.text.groups import group_title
from report.text.language import listed
from report.text.outcomes import outcome_title
from report.text.quantity import is_share, quantity, scale, unit_text
from sim.parameters import Library

MOST = 10
"""Groups with a bar of their own; the smaller ones are folded into one."""
SMALLEST = 0.015
"""Part of the span below which a group that does not stand is folded too."""
ROW = 0.235
LABEL = 2.45
NUMBER = 1.18
"""Inches: a row, the widest label, room for the number at the right."""
ENDS, UP, DOWN = "#5b6770", "#0b4f8a", "#d55e00"


@dataclass(frozen=True)
class Bar:
    """One row of the waterfall.

    Attributes:
        label: Its name.
        low, high: Where it begins and ends, in the outcome's unit.
        estimate: The number beside it, with its interval.
        stands: Whether it is told from zero.
        end: Whether it is a regime rather than a step.
    """

    label: str
    low: float
    high: float
    estimate: Estimate
    stands: bool
    end: bool = False


def draw(found: Attribution, shared: Shared, library: Library, lang: str) -> Page:
    """The figure of one outcome in one language."""
    names = regime_titles(found, library, lang)
    rows = bars(shared, names, lang)
    labels = [wrap(bar.label, LABEL, BODY) for bar in rows]
    heights = [max(1.0, 0.62 * len(lines)) for lines in labels]
    widest = max(width_in_em(line) for lines in labels for line in lines) * BODY / 72.0
    left = MARGIN + widest + 0.1
    body = ROW * sum(heights) + 0.42
    rests = basis(found, library, lang, len(shared.replicates))
    source = told("figure_source", lang, basis=rests, how=method_line(found, lang), mark=fingerprint(found)[:12])
    made = page(
        body,
        finding(shared, names, lang),
        told("figure_sub", lang, replicates=len(shared.replicates), by=by_text(found, lang)),
        listed(
            [told("figure_marks", lang), *([told("figure_cut", lang)] if limits(rows)[0] else []), source],
            lang,
            "space",
        ),
    )
    bottom = made.bottom * made.height + 0.34
    box = (left / WIDTH, bottom / made.height, (WIDTH - left - NUMBER) / WIDTH, (body - 0.42) / made.height)
    _panel(made.figure.add_axes(box), rows, labels, heights, shared.unit, lang)
    return made


def bars(shared: Shared, names: tuple[str, str], lang: str) -> list[Bar]:
    """Start, groups by size, the folded rest, end; each begins where the one before ended."""
    span = max(abs(p.value) for p in shared.contributions) or 1.0
    ranked = [p for p in shared.ranked() if not p.nothing]
    own = [p for p in ranked if p.contrast.excludes_zero_holm or abs(p.value) >= SMALLEST * span][:MOST]
    rest = [p for p in ranked if p not in own]
    if len(rest) == 1:
        own, rest = ranked, []
    steps = [(group_title(p.group, lang), p.contrast.difference, p.contrast.excludes_zero_holm) for p in own]
    if rest:
        steps.append((told("others", lang, n=len(rest)), shared.together(rest), False))
    at = shared.start.value
    made = [Bar(names[0], 0.0, at, shared.start, True, True)]
    for label, estimate, stands in steps:
        made.append(Bar(label, at, at + estimate.value, estimate, stands))
        at += estimate.value
    return [*made, Bar(names[1], 0.0, shared.end.value, shared.end, True, True)]


def finding(shared: Shared, names: tuple[str, str], lang: str) -> str:
    """The title: both ends and the two largest contributions that stand."""
    standing = [p for p in shared.ranked() if p.contrast.excludes_zero_holm][:2]
    said = ((group_title(p.group, lang), amount(p.contrast.difference, lang)) for p in standing)
    parts = listed((listed(pair, lang, "space") for pair in said), lang, "comma")
    start, end = (quantity(e.value, e.unit, lang) for e in (shared.start, shared.end))
    ends = {"outcome": outcome_title(shared.outcome, lang), "a": names[0], "b": names[1], "start": start, "end": end}
    return told("figure_title", lang, **ends, parts=parts or say("attribution.figure_none", lang))


def _panel(axes: Axes, rows: list[Bar], labels: list[list[str]], heights: list[float], unit: str, lang: str) -> None:
    factor = scale(unit, lang)
    edges = np.concatenate([[0.0], np.cumsum(heights)])
    centres = (edges[:-1] + edges[1:]) / 2.0
    for y, bar in zip(centres, rows, strict=True):
        _bar(axes, float(y), bar, factor)
    for (y, bar), below in zip(zip(centres[:-1], rows[:-1], strict=True), centres[1:], strict=True):
        axes.plot([bar.high * factor] * 2, [y + 0.36, below - 0.36], color=FAINT, linewidth=0.6, zorder=1)
    axes.set_xlim(*(edge * factor for edge in limits(rows)))
    for y, bar, lines in zip(centres, rows, labels, strict=True):
        weight = "bold" if bar.end else "normal"
        text = quantity(bar.estimate.value, unit, lang) if bar.end else amount(bar.estimate, lang)
        for words, x, shift, side in (("\n".join(lines), 0, -5, "right"), (text, 1, 5, "left")):
            axes.annotate(
                words, (x, y), (shift, 0), size=BODY, weight=weight, color=INK if bar.stands else MUTED,
                xycoords=("axes fraction", "data"), textcoords="offset points", va="center", ha=side,
                linespacing=1.15, annotation_clip=False,
            )  # fmt: skip
    axes.set_ylim(float(edges[-1]) + 0.05, -0.05)
    _finish(axes, unit, lang)


def _bar(axes: Axes, y: float, bar: Bar, factor: float) -> None:
    color = ENDS if bar.end else UP if bar.high >= bar.low else DOWN
    axes.barh(
        [y],
        [(bar.high - bar.low) * factor],
        left=[bar.low * factor],
        height=0.72,
        facecolor=color if bar.stands else "white",
        edgecolor=color,
        linewidth=0.9,
        zorder=2,
    )
    e = bar.estimate
    if np.isfinite(e.low) and np.isfinite(e.high) and e.high > e.low:
        base = 0.0 if bar.end else bar.low
        ends = [(base + e.low) * factor, (base + e.high) * factor]
        axes.plot(ends, [y, y], color="white", linewidth=2.4, zorder=3, solid_capstyle="butt")
        axes.plot(ends, [y, y], color=INK, linewidth=0.9, zorder=4, solid_capstyle="butt")


def limits(rows: list[Bar]) -> tuple[float, float]:
    """Ends of the axis: from zero where that is near, else from below the lowest edge."""
    edges = [bar.high for bar in rows] + [bar.low for bar in rows if not bar.end]
    for bar in rows:
        base = 0.0 if bar.end else bar.low
        edges += [base + e for e in (bar.estimate.low, bar.estimate.high) if np.isfinite(e)]
    low, high = min(edges), max(edges)
    room = (high - low) or abs(high) or 1.0
    near = 0.0 <= low <= 1.2 * room
    return (0.0 if near else low - 0.12 * room), high + 0.04 * room


def _finish(axes: Axes, unit: str, lang: str) -> None:
    label = "%" if is_share(unit) else unit_text(unit, lang)
    axes.set_xlabel(label, size=SMALL + 0.5, color=MUTED, labelpad=2)
    axes.set_yticks([])
    ticks(axes.xaxis, MaxNLocator(nbins=6))
    axes.tick_params(axis="x", labelsize=SMALL + 0.3, colors=MUTED)
    grid(axes, line=0.4)
