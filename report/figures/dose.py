"""Dose curves: what came out at every strength on the left, who changed behaviour on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from experiments.analysis.doses.sweep import CHOICES, Dose, Measured
from report.blocks import Quantity, Text, message, title
from report.figures.captions import axis_unit
from report.figures.style import FAINT, INK, MUTED, SMALL, WIDTH, Page, grid, page, panel_title, ticks
from report.text.catalogue import say
from report.text.language import listed
from report.text.quantity import scale, unit_text
from report.text.spoken import spoken
from sim.engine.draws import SCHEME
from sim.outcomes.records import OUTCOMES

Floats = NDArray[np.float64]
SMALL_PANEL, GAP, HEAD = 1.06, 0.66, 0.4
LEFT, MIDDLE, ACROSS, LABELS = 0.5, 0.62, 2.55, 0.72
"""Inches: margin of the axis, space between the columns, width of the left column, room for names at the right."""
LOOKS = {
    "applied": ("#1fa187", "D"),
    "pushed": ("#0b4f8a", "o"),
    "inflated": ("#d55e00", "s"),
    "drifted": ("#b8860b", "^"),
    "coasted": ("#7d7d7d", "v"),
}
"""Colour and marker of each choice."""
SHADES = ("#9a9a9a", "#9ecae1", "#5ba3cf", "#2171b5", "#08306b")
LINE = "#0b4f8a"


def draw(m: Measured, lang: str) -> Page:
    """The figure of one dose in one language."""
    drawn = [e.outcome for e in m.dose.expected if e.outcome not in CHOICES][:2]
    body = 2 * (HEAD + SMALL_PANEL) + GAP - 0.12
    made = page(body, finding(m, lang), str(m.dose.says[lang]), _caption(m, lang))
    top = made.top * made.height
    for row, name in enumerate(drawn):
        y = top - HEAD - SMALL_PANEL - row * (SMALL_PANEL + GAP)
        axes = _axes(made, LEFT, y, ACROSS, SMALL_PANEL)
        _outcome(axes, m, name, lang)
    height = 2 * SMALL_PANEL + GAP
    right = LEFT + ACROSS + MIDDLE
    axes = _axes(made, right, top - HEAD - height, WIDTH - right - LABELS, height)
    (_ranks if m.dose.part == "f" else _choices)(axes, m, lang)
    return made


def _axes(made: Page, left: float, bottom: float, width: float, height: float) -> Axes:
    return made.figure.add_axes((left / WIDTH, bottom / made.height, width / WIDTH, height / made.height))


def positions(m: Measured) -> Floats:
    """Where the values stand on the axis: true to scale where they are rising numbers, else evenly."""
    values = m.dose.values
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
        x = np.array(values, dtype=np.float64)
        if bool(np.all(np.diff(x) > 0.0)):
            return np.asarray(x / x[-1] * (len(values) - 1))
    return np.arange(len(values), dtype=np.float64)


def difference_text(m: Measured, name: str, i: int, lang: str) -> str:
    """A paired difference with its unit."""
    c = m.contrasts[name, i].difference
    return spoken(Quantity(c.value, c.unit, sign=True, difference=True, within=(c.low, c.high)), lang)


def outcome_title(name: str) -> Text:
    """Title of an outcome or choice."""
    return message(f"doses.chosen.{name}") if name in CHOICES else title(OUTCOMES[name].title)


def value_label(dose: Dose, i: int) -> Text:
    """A value of a dose as it is printed."""
    return title(dose.labels[i]) if dose.labels else f"{dose.values[i]:g}"


def finding(m: Measured, lang: str) -> str:
    """Title of the figure: what the strongest dose did to the first outcome and to the choice in focus."""
    d, i = m.dose, m.dose.strongest
    names = [d.expected[0].outcome, d.expected[1].outcome if d.part == "f" else d.focus]
    parts = []
    for name in names:
        titled = spoken(outcome_title(name), lang)
        said = {"outcome": titled[0].lower() + titled[1:], "change": difference_text(m, name, i, lang)}
        stands = m.contrasts[name, i].excludes_zero
        parts.append(say("doses.figure.moved" if stands else "doses.figure.moved_or_not", lang, **said))
    ends = {"first": spoken(value_label(d, 0), lang), "last": spoken(value_label(d, i), lang)}
    return say("doses.figure.finding", lang, title=d.title, **ends, parts=listed(parts, lang, "comma"))


def _levels(m: Measured, name: str, factor: float) -> tuple[Floats, Floats, list[bool]]:
    """Mean level by value; interval of the paired difference moved to the level, shape (2, values); excludes zero."""
    n = len(m.dose.values)
    base = m.level(name, 0)
    found = [m.contrasts[name, i] for i in range(n)]
    level = np.array([base + c.difference.value for c in found]) * factor
    ends = np.array([[base + c.difference.low, base + c.difference.high] for c in found]).T * factor
    return level, ends, [c.excludes_zero for c in found]


def _curve(axes: Axes, x: Floats, m: Measured, name: str, lang: str, color: str, marker: str) -> float:
    level, ends, stands = _levels(m, name, scale(m.contrasts[name, 0].difference.unit, lang))
    axes.plot(x, level, color=color, linewidth=1.3, zorder=3)
    for i in range(x.size):
        if i and np.all(np.isfinite(ends[:, i])):
            axes.plot([x[i], x[i]], ends[:, i], color=color, linewidth=1.1, zorder=2, solid_capstyle="butt")
        face = color if stands[i] or i == 0 else "white"
        axes.plot(
            [x[i]], [level[i]], marker=marker, markersize=4.6 if i else 3.4, markerfacecolor=face,
            markeredgecolor=color, linestyle="none", zorder=4, markeredgewidth=1.0,
        )  # fmt: skip
    return float(level[-1])


def _outcome(axes: Axes, m: Measured, name: str, lang: str) -> None:
    x = positions(m)
    _curve(axes, x, m, name, lang, LINE, "o")
    base = m.level(name, 0) * scale(m.contrasts[name, 0].difference.unit, lang)
    axes.axhline(base, color=FAINT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    unit = axis_unit(m.contrasts[name, 0].difference.unit, lang)
    panel_title(axes, spoken(outcome_title(name), lang), unit, ACROSS)
    _finish(axes, m, x, lang, least=0.004 * abs(base))


def _choices(axes: Axes, m: Measured, lang: str) -> None:
    """Shares of sites that made each choice."""
    x = positions(m)
    ends = [(_curve(axes, x, m, name, lang, *LOOKS[name]), name) for name in CHOICES]
    title, unit = _who(m, lang)
    panel_title(axes, title, unit, WIDTH - LEFT - ACROSS - MIDDLE)
    _finish(axes, m, x, lang)
    high = axes.get_ylim()[1]
    axes.set_ylim(-0.02 * high, high)
    _names(axes, [(y, say(f"doses.figure.{n}", lang), LOOKS[n][0]) for y, n in ends])


def _who(m: Measured, lang: str) -> tuple[str, str]:
    first = m.runs[0][0].years[m.first]
    last = m.runs[0][0].years[min(m.first + 5, len(m.runs[0][0].years) - 1)]
    return say("doses.figure.who", lang), say("doses.figure.of_sites", lang, first=first, last=last)


def _ranks(axes: Axes, m: Measured, lang: str) -> None:
    """Gain in village income over the first value by rank of nearness, one line for each other value."""
    linked, factor = m.dose.key == "linkage.villages", scale("wan_yuan_per_person", lang)
    n = len(m.dose.values)
    base = m.by_rank("income", 0)
    axes.axhline(0.0, color=FAINT, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    ends = []
    for i in range(1, n):
        y, color = (m.by_rank("income", i) - base) * factor, SHADES[i - n]
        x = np.arange(1, y.size + 1)
        value = spoken(value_label(m.dose, i), lang)
        name = f"N={value}" if linked else say("figures.kilometres", lang, n=value)
        axes.plot(x, y, color=color, linewidth=1.5, marker="o", markersize=3.2, zorder=3 + n - i,
                  drawstyle="steps-mid" if linked else "default")  # fmt: skip
        last = int(m.dose.values[i]) if linked else y.size
        if last < y.size:
            axes.annotate(name, (last + 0.5, 0.5 * y[last - 1]), (4, 0), textcoords="offset points", color=color,
                          size=SMALL + 0.6, va="center")  # fmt: skip
        else:
            ends.append((float(y[-1]), name, color))
    unit = say("doses.figure.nearness_unit", lang, unit=unit_text("wan_yuan_per_person", lang))
    panel_title(axes, say("doses.figure.nearness", lang), unit, WIDTH - LEFT - ACROSS - MIDDLE)
    axes.set_xticks(range(1, base.size + 1))
    _dress(axes)
    _names(axes, ends)


def _names(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Names at the right ends of the lines, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    order = sorted(ends)
    for share, (_, text, color) in zip(spread([(y - low) / (high - low) for y, *_ in order]), order, strict=True):
        axes.annotate(
            text, (1, share), (5, 0), xycoords="axes fraction", textcoords="offset points", color=color, va="center",
            size=SMALL + 0.6, annotation_clip=False,
        )  # fmt: skip


def spread(wanted: Sequence[float], room: float = 0.062) -> list[float]:
    """Rising positions at least ``room`` apart and near those wanted: touching ones are centred on their mean."""
    groups: list[tuple[float, int]] = []
    for y in wanted:
        groups.append((y, 1))
        while len(groups) > 1:
            (a, n), (b, k) = groups[-2:]
            if b - a >= room * (n + k) / 2.0:
                break
            groups[-2:] = [((a * n + b * k) / (n + k), n + k)]
    return [centre + (j - (n - 1) / 2.0) * room for centre, n in groups for j in range(n)]


def _finish(axes: Axes, m: Measured, x: Floats, lang: str, least: float = 0.0) -> None:
    low, high = axes.get_ylim()
    pad = max(0.0, least - (high - low) / 2.0)
    axes.set_ylim(low - pad, high + pad)
    axes.set_xlim(-0.06 * x[-1], 1.06 * x[-1])
    axes.set_xticks(x)
    axes.set_xticklabels([spoken(value_label(m.dose, i), lang) for i in range(x.size)])
    _dress(axes)


def _dress(axes: Any) -> None:
    ticks(axes.yaxis, MaxNLocator(nbins=5, min_n_ticks=3))
    axes.tick_params(labelsize=SMALL + 0.3, colors=MUTED, labelcolor=INK)
    grid(axes, "y")


def _caption(m: Measured, lang: str) -> str:
    n, d = len(m.runs[0]), m.dose
    held = listed((f"{k}={str(v).lower()}" for k, v in (d.fixed or {}).items()), lang, "comma")
    what = listed((d.regime, d.key), lang, "comma")
    kept = say("doses.held", lang, held=held) if held else ""
    return say("doses.caption", lang, what=what, held=kept, n=n, scheme=SCHEME)
