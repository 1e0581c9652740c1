"""The readings of the law by what they move: a dot with its interval for each, completion left and exit right."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from experiments.analysis.estimates.contrasts import PairedContrast
from experiments.analysis.readings.sweep import RANKED, Largest, Sweep
from report.figures.captions import axis_unit
from report.figures.dots import dot, finish
from report.figures.setting import width_in_em
from report.figures.style import (
    _LOOKS,
    _SPARE,
    FAINT,
    INK,
    MARGIN,
    MUTED,
    SMALL,
    WIDTH,
    Look,
    Page,
    legend_columns,
    legend_inches,
    page,
    panel_title,
)
from report.text.catalogue import say
from report.text.outcomes import outcome_title
from report.text.quantity import decimals, number, scale
from report.text.readings import meaning
from report.text.spoken import spoken

WIDEST = 2.5
"""The axis reaches this many times the largest difference; longer intervals run out of it."""
MOST = 16
"""Readings shown in a panel."""
ROW, HEAD, AXIS = 0.25, 0.46, 0.3
COLUMNS = 2
NUMBER, LEFT = 0.46, 1.62
"""Inches for the number at the right and the labels at the left of a panel."""


def draw(found: Sweep, lang: str) -> Page:
    """The figure in one language."""
    ranked = {name: [x for x in found.ranking(name) if x.size > 0.0][:MOST] for name in RANKED}
    rows = max(1, *(len(group) for group in ranked.values()))
    panel = ROW * (rows + 0.4)
    used = [r for r in found.regimes if any(x.swept.regime == r for group in ranked.values() for x in group)]
    chosen = _looks(used)
    names = [str(found.library.regimes[r].title[lang]) for r in used]
    made = page(HEAD + panel + AXIS, *_words(found, ranked, lang), legend=legend_inches(names) if names else 0.0)
    if names:
        _legend(made, [chosen[r] for r in used], names)
    width = (WIDTH - MARGIN) / COLUMNS - LEFT - NUMBER
    for i, name in enumerate(RANKED):
        x = i * (WIDTH - MARGIN) / COLUMNS + LEFT
        y = made.top * made.height - HEAD - panel
        axes = made.figure.add_axes((x / WIDTH, y / made.height, width / WIDTH, panel / made.height))
        _panel(axes, found, ranked[name], rows, lang, chosen)
        unit = axis_unit("share", lang, difference=True)
        panel_title(axes, outcome_title(name, lang), unit, LEFT + width, shift=-(LEFT - 0.09) * 72.0)
    return made


def _words(found: Sweep, ranked: dict[str, list[Largest]], lang: str) -> tuple[str, str, str]:
    """Title, subtitle and caption."""
    firsts = [group[0].swept.reading if group else "–" for group in ranked.values()]
    named = [f"{r} {_clip(found.library.readings[r].question[lang], 26, lang)}" if r != "–" else r for r in firsts]
    title = say("readings.figure_title", lang, first=named[0], second=named[1])
    says = say("readings.figure_says", lang, replicates=found.replicates)
    return title, says, say("readings.figure_caption", lang, tests=len(found.corrected))


def _looks(regimes: list[str]) -> dict[str, Look]:
    """A look for each regime shown: its own, or a spare one that no other has while there are spare ones."""
    spare = cycle(_SPARE)
    return {r: _LOOKS[r] if r in _LOOKS else next(spare) for r in regimes}


def _legend(made: Page, looks: list[Look], names: list[str]) -> None:
    handles = [Line2D([], [], color=k.color, marker=k.marker, markersize=4.6, linewidth=1.4) for k in looks]
    made.figure.legend(
        handles, names, loc="lower left", bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.05 / made.height),
        ncols=legend_columns(names), borderpad=0, borderaxespad=0, handlelength=1.8, columnspacing=1.4,
        handletextpad=0.5, labelspacing=0.35,
    )  # fmt: skip


def _clip(text: str, ems: float, lang: str) -> str:
    """A text cut to a width in ems."""
    out = ""
    for sign in text:
        if width_in_em(out + sign) > ems:
            return out.rstrip(" ,，、") + "…"
        out += sign
    return out


def _panel(axes: Axes, found: Sweep, group: list[Largest], rows: int, lang: str, chosen: dict[str, Look]) -> None:
    axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
    for place, x in enumerate(group):
        y = rows - 1 - place
        d = x.contrast.difference
        factor = scale(d.unit, lang)
        dot(axes, y, _marked(x), chosen[x.swept.regime], factor)
        places = decimals(d.low, d.high, d.unit, lang)
        _note(axes, 1, y, 5, number(d.value, d.unit, lang, sign=True, places=places), INK, "left")
        question = found.library.readings[x.swept.reading].question[lang]
        room = (LEFT - 0.16) * 72.0
        _note(axes, 0, y + 0.2, -4, f"{x.swept.reading} {_clip(question, room / SMALL - 3.2, lang)}", INK, "right")
        shown = _clip(spoken(meaning(found, x.swept), lang), room / (SMALL - 0.7) - 1.5, lang)
        _note(axes, 0, y - 0.22, -4, f"→ {shown}", MUTED, "right", SMALL - 0.7)
    axes.set_yticks([])
    axes.set_ylim(-0.7, rows - 0.3)
    largest = max((x.size * scale(x.contrast.difference.unit, lang) for x in group), default=0.0)
    if largest > 0.0:
        low, high = axes.get_xlim()
        axes.set_xlim(max(low, -WIDEST * largest), min(high, WIDEST * largest))
        finish(axes)


def _marked(x: Largest) -> PairedContrast:
    """The contrast with the corrected verdict, which fills the dot."""
    return replace(x.contrast, p_holm=0.0 if x.stands else 1.0)


def _note(axes: Axes, x: int, y: float, shift: float, text: str, color: str, ha: str, size: float = SMALL) -> None:
    axes.annotate(
        text, (x, y), (shift, 0), size=size, xycoords=("axes fraction", "data"), textcoords="offset points",
        va="center", ha=ha, color=color, annotation_clip=False,
    )  # fmt: skip
