"""What passes between towns and villages: both ways by scenario, by channel, by distance, and in one county's 1+N."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from experiments.analysis.claims import total_of
from experiments.analysis.study import ScenarioRuns, Study
from report.blocks import Quantity, Text, Unit, Value, message, title
from report.figures import captions
from report.figures.registry import Scene, figure
from report.figures.setting import width_in_em
from report.figures.style import (
    BODY,
    FAINT,
    INK,
    MARGIN,
    MUTED,
    RULE,
    SMALL,
    WIDTH,
    Page,
    grid,
    panel_title,
    scenario_name,
    told,
)
from report.text.quantity import scale
from report.text.spoken import spoken
from report.text.towns import county
from sim.state.countryside import BANDS as UPPER

Floats = NDArray[np.float64]
CHANNELS = ("planning", "industry", "infrastructure", "services", "ecology", "management")
BANDS = ("0_2", "2_4", "4_6", "6_8", "8_up")
OUT, BACK = "#0b4f8a", "#d55e00"
BAR = 0.2
"""Inches a bar."""
GAP = 0.55


@figure("linkage", order=22, finding=lambda study: _finding(study, _shown(study)), places=True)
def draw(scene: Scene) -> Page | None:
    """The four panels, or None where no scenario links any village."""
    study, geography, lang = scene.study, scene.geography, scene.lang
    if not _linked(study):
        return None
    shown = _shown(study)
    tall, low = BAR * len(study.groups), 2.75
    first, *_, last = shown.years
    made = told(
        lang,
        tall + low + 1.16,
        _finding(study, shown),
        _say("subtitle", first=first, last=last),
        captions.source_line(study, _say("marks")),
        legend=0.28,
    )
    top = made.top * made.height - 0.34
    labels = [scenario_name(study, g.id, lang) for g in study.groups]
    left = 0.2 + max(width_in_em(x) for x in labels) * BODY / 72.0
    half = (WIDTH - GAP) / 2.0
    bars = _axes(made, left, top - tall, half + 0.35 - left, tall)
    _mirror(bars, [_both(study, g, CHANNELS) for g in study.groups], labels, lang)
    x = half + 0.35 + GAP
    words = [spoken(_say(name), lang) for name in CHANNELS]
    room = 0.12 + max(width_in_em(w) for w in words) * BODY / 72.0
    panel = _axes(made, x + room, top - tall, WIDTH - 0.1 - x - room, tall)
    _mirror(panel, [_both(study, shown, (name,)) for name in CHANNELS], words, lang)
    _titles(bars, panel, study, shown, lang)
    under = top - tall - 0.78 - low
    words = [spoken(_say(name), lang) for name in BANDS]
    room = 0.2 + max(width_in_em(w) for w in words) * BODY / 72.0
    far = _axes(made, room, under + 0.3, half + 0.1 - room, low - 0.3)
    heads, each = _heads(geography), "yi_yuan" if geography is None else "wan_yuan_per_person"
    _mirror(far, [_both(study, shown, (name,)) / n for name, n in zip(BANDS, heads, strict=True)], words, lang, each)
    heading, unit = _say("by_distance"), _of(shown, each)
    panel_title(far, spoken(heading, lang), spoken(unit, lang), half - room, shift=-(room - 0.1) * 72.0)
    _county(made, (half + 0.3, under, WIDTH - half - 0.36, low), geography, shown, lang)
    _legend(made, lang)
    return made


def _say(sentence: str, /, **values: Value) -> Text:
    return message(f"figures.linkage.{sentence}", **values)


def _of(shown: ScenarioRuns, unit: str) -> Text:
    """A unit, and whose numbers they are."""
    return message("language.told", name=Unit(unit), what=title(shown.title))


def _linked(study: Study) -> list[ScenarioRuns]:
    """Scenarios in which anything passes to a village; none where the runs do not carry it."""
    names = {f"to_village_{name}" for name in (*CHANNELS, *BANDS)}
    carried = names <= set(study.summary_ids)
    return [g for g in study.groups if carried and _total(study, g, "to_village").sum() > 0]


def _shown(study: Study) -> ScenarioRuns:
    """The scenario with the middle flow among those in which most channels work both ways.

    Raises:
        KeyError: If no scenario links a village.
    """

    def working(group: ScenarioRuns) -> int:
        return int(sum((_total(study, group, way) > 0).sum() for way in ("to_village", "to_town")))

    linked = _linked(study)
    if not linked:
        raise KeyError("to_village")
    most = max(map(working, linked))
    full = sorted(
        (g for g in linked if working(g) == most), key=lambda g: float(np.sum(_total(study, g, "to_village")))
    )
    return full[(len(full) - 1) // 2]


def _total(study: Study, group: ScenarioRuns, way: str) -> Floats:
    """Mean flow of each channel, 亿元."""
    return np.array([np.nan_to_num(study.means[group.id][f"{way}_{name}"].value) for name in CHANNELS])


def _heads(geography: Any) -> Floats:
    """Villagers of each band in such numbers that 亿元 over them print as 万元 a head; ones without places."""
    if geography is None:
        return np.ones(len(BANDS))
    v = geography.villages
    band = np.searchsorted(np.array(UPPER), v.distance, side="right")
    people = np.bincount(band, weights=v.population, minlength=len(BANDS))
    heads: Floats = np.maximum(1.0, people) / 1e4
    return heads


def _both(study: Study, group: ScenarioRuns, names: tuple[str, ...]) -> Floats:
    """Mean and 95 % interval over replicates of some flows together, both ways, 亿元: shape (2, 3)."""
    found = [total_of(group, [f"{way}_{name}" for name in names], "yi_yuan") for way in ("to_village", "to_town")]
    flows: Floats = np.nan_to_num(np.array([(e.value, e.low, e.high) for e in found]))
    return flows


def _axes(made: Page, x: float, y: float, width: float, height: float) -> Axes:
    return made.figure.add_axes((x / WIDTH, y / made.height, width / WIDTH, height / made.height))


def _mirror(axes: Axes, rows: list[Floats], labels: list[str], lang: str, unit: str = "yi_yuan") -> None:
    """Bars to the right for what villages get, to the left for what towns get."""
    factor = scale(unit, lang)
    data = np.array(rows) * factor
    y = np.arange(len(rows))
    for way, sign, color in ((0, 1.0, OUT), (1, -1.0, BACK)):
        mean, ends = data[:, way, 0], data[:, way, 1:]
        axes.barh(y, sign * mean, height=0.66, color=color, hatch="////" if way else "", edgecolor="white", zorder=2)
        for i in np.flatnonzero(mean > 0.0):
            axes.plot(sign * ends[i], [i, i], color=INK, linewidth=0.9, marker="|", markersize=3.2, zorder=3)
    axes.set_yticks(y, labels, size=BODY - 0.2, color=INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(0.0, color=MUTED, linewidth=0.7, zorder=4)
    grid(axes)
    edge = 1.06 * float(np.abs(data).max())
    axes.set_xlim(-edge, edge)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, symmetric=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):,g}"))


def _titles(bars: Axes, panel: Axes, study: Study, shown: ScenarioRuns, lang: str) -> None:
    shifts = [-(a.get_position().x0 * WIDTH - x) * 72.0 for a, x in ((bars, MARGIN), (panel, 0.0))]
    whole = spoken(_say("whole", unit=Unit("yi_yuan")), lang)
    panel_title(bars, spoken(_say("both"), lang), whole, 3.0, shift=shifts[0])
    panel_title(panel, spoken(_say("by_channel"), lang), spoken(_of(shown, "yi_yuan"), lang), 2.4)


def _finding(study: Study, shown: ScenarioRuns) -> Text:
    out, back = (float(x[0]) for x in _both(study, shown, CHANNELS))
    most = [CHANNELS[int(np.argmax(_total(study, shown, way)))] for way in ("to_village", "to_town")]
    lead = _say("lead_two", out=_say(most[0]), back=_say(most[1]))
    if most[0] == most[1]:
        lead = _say("lead_one", channel=_say(most[0]))
    sums = {"out": Quantity(out, "yi_yuan"), "back": Quantity(back, "yi_yuan")}
    return _say("finding", name=title(shown.title), lead=lead, **sums)


def _legend(made: Page, lang: str) -> None:
    handles = [
        Patch(facecolor=OUT, label=spoken(_say("out"), lang)),
        Patch(facecolor=BACK, hatch="////", edgecolor="white", label=spoken(_say("back"), lang)),
        Line2D([], [], linestyle="none", marker="o", color=INK, markersize=6, label=spoken(_say("town"), lang)),
        Line2D([], [], linestyle="none", marker="o", markerfacecolor="white", markeredgecolor=INK, markersize=4,
               label=spoken(_say("linked"), lang)),
        Line2D([], [], linestyle="none", marker="o", color=FAINT, markersize=3,
               label=spoken(_say("alone"), lang)),
    ]  # fmt: skip
    made.figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(MARGIN / WIDTH, made.top + 0.1 / made.height),
        ncols=5,
        borderpad=0,
        borderaxespad=0,
        columnspacing=1.5,
        handletextpad=0.5,
    )


def _county(made: Page, box: tuple[float, float, float, float], geography: Any, shown: ScenarioRuns, lang: str) -> None:
    """Towns of the county with the largest flows, and their villages."""
    tables = shown.runs[0].tables if shown.runs else {}
    if geography is None or "villages" not in tables:
        return
    axes = _axes(made, *box)
    axes.axis("off")
    axes.set_aspect("equal", adjustable="datalim")
    out, back = (np.asarray(tables["villages"][name], dtype=np.float64) for name in ("to_village", "to_town"))
    v, t = geography.villages, geography.towns
    here = int(np.argmax(np.bincount(v.county, weights=out + back, minlength=geography.counties.key.size)))
    rows = np.flatnonzero(v.county == here)
    _links(axes, geography, rows, out, back)
    linked = rows[(out + back)[rows] > 0]
    alone = rows[(out + back)[rows] <= 0]
    axes.plot(v.x[alone], v.y[alone], linestyle="none", marker="o", markersize=2.4, color=FAINT, zorder=4)
    axes.scatter(v.x[linked], v.y[linked], s=9, facecolor="white", edgecolor=INK, linewidth=0.7, zorder=5)
    towns = np.flatnonzero(t.county == here)
    axes.scatter(t.x[towns], t.y[towns], s=46, color=INK, edgecolor="white", linewidth=0.6, zorder=6)
    _ruler(axes, v.x[rows], v.y[rows], lang)
    axes.autoscale_view()
    heading = spoken(_say("county", name=county(geography, here)), lang)
    counts = spoken(_say("counts", towns=towns.size, linked=linked.size, alone=alone.size), lang)
    x, y = box[0] / WIDTH, (box[1] + box[3]) / made.height
    made.figure.text(x, y + 15 / 72.0 / made.height, heading, size=BODY + 1.0, weight="bold", ha="left")
    made.figure.text(x, y + 5 / 72.0 / made.height, counts, size=SMALL + 0.3, color=MUTED, ha="left")


def _links(axes: Axes, geography: Any, rows: NDArray[np.int64], out: Floats, back: Floats) -> None:
    """Two lines beside each other for each linked village, one each way."""
    v, t = geography.villages, geography.towns
    most = max(1.0, float(max(out[rows].max(), back[rows].max())))
    span = max(float(np.ptp(v.x[rows])), float(np.ptp(v.y[rows])), 1.0)
    for i in rows.tolist():
        town = int(v.town[i])
        x0, y0, x1, y1 = float(t.x[town]), float(t.y[town]), float(v.x[i]), float(v.y[i])
        if out[i] + back[i] <= 0.0:
            axes.plot([x0, x1], [y0, y1], color=RULE, linewidth=0.5, zorder=1)
            continue
        length = max(1e-9, float(np.hypot(x1 - x0, y1 - y0)))
        dx, dy = (y1 - y0) / length * 0.006 * span, -(x1 - x0) / length * 0.006 * span
        for side, flow, color in ((1.0, out[i], OUT), (-1.0, back[i], BACK)):
            width = 0.3 + 2.6 * float(np.sqrt(flow / most))
            axes.plot(
                [x0 + side * dx, x1 + side * dx],
                [y0 + side * dy, y1 + side * dy],
                color=color,
                linewidth=width,
                solid_capstyle="round",
                alpha=0.85,
                zorder=2,
            )


def _ruler(axes: Axes, xs: Floats, ys: Floats, lang: str) -> None:
    x0, y0 = float(xs.min()), float(ys.min()) - 0.06 * max(float(np.ptp(ys)), 1.0)
    length = 10.0 if np.ptp(xs) > 25.0 else 5.0
    axes.plot([x0, x0 + length], [y0, y0], color=INK, linewidth=1.4, solid_capstyle="butt", zorder=9)
    far = spoken(message("figures.kilometres", n=f"{length:.0f}"), lang)
    axes.annotate(far, (x0, y0), (0, 3), textcoords="offset points", size=SMALL, color=MUTED)
