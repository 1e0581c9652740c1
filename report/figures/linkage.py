"""What passes between towns and villages: both ways by scenario, by channel, by distance, and in one county's 1+N."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from report.figures import captions
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
    page,
    panel_title,
    scenario_name,
)
from report.text.quantity import quantity, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.analysis.study import ScenarioRuns, Study

Floats = NDArray[np.float64]
CHANNELS = ("planning", "industry", "infrastructure", "services", "ecology", "management")
BANDS = ("0_2", "2_4", "4_6", "6_8", "8_up")
NAMES = {
    "planning": ("规划", "planning"),
    "industry": ("产业", "industry"),
    "infrastructure": ("基础设施", "infrastructure"),
    "services": ("公共服务", "services"),
    "ecology": ("生态", "ecology"),
    "management": ("管理", "management"),
    "0_2": ("2公里以内", "within 2 km"),
    "2_4": ("2—4公里", "2–4 km"),
    "4_6": ("4—6公里", "4–6 km"),
    "6_8": ("6—8公里", "6–8 km"),
    "8_up": ("8公里以外", "beyond 8 km"),
}
OUT, BACK = "#0b4f8a", "#d55e00"
OUT_WORDS = {"zh": "镇到村", "en": "town to village"}
BACK_WORDS = {"zh": "村到镇", "en": "village to town"}
BAR = 0.2
"""Inches a bar."""
GAP = 0.55


def draw(study: Study, geography: Any, lang: str) -> Page | None:
    """The four panels, or None where no scenario links any village."""
    names = {f"to_village_{name}" for name in (*CHANNELS, *BANDS)}
    linked = [g for g in study.groups if names <= set(study.summary_ids) and _total(study, g, "to_village").sum() > 0]
    if not linked:
        return None
    shown = _middle(study, linked)
    tall = BAR * len(study.groups)
    low = 2.75
    made = page(
        tall + low + 1.16,
        _finding(study, shown, lang),
        _subtitle(study, shown, lang),
        captions.source_line(study, lang, _marks(lang)),
        legend=0.28,
    )
    top = made.top * made.height - 0.34
    labels = [scenario_name(study, g.id, lang) for g in study.groups]
    left = 0.2 + max(width_in_em(x) for x in labels) * BODY / 72.0
    half = (WIDTH - GAP) / 2.0
    bars = _axes(made, left, top - tall, half + 0.35 - left, tall)
    _mirror(bars, [_both(study, g, CHANNELS) for g in study.groups], labels, lang)
    x = half + 0.35 + GAP
    words = [NAMES[name][lang == "en"] for name in CHANNELS]
    room = 0.12 + max(width_in_em(w) for w in words) * BODY / 72.0
    panel = _axes(made, x + room, top - tall, WIDTH - 0.1 - x - room, tall)
    _mirror(panel, [_both(study, shown, (name,)) for name in CHANNELS], words, lang)
    _titles(bars, panel, study, shown, lang)
    under = top - tall - 0.78 - low
    words = [NAMES[name][lang == "en"] for name in BANDS]
    room = 0.2 + max(width_in_em(w) for w in words) * BODY / 72.0
    far = _axes(made, room, under + 0.3, half + 0.1 - room, low - 0.3)
    heads, each = _heads(geography), "yi_yuan" if geography is None else "wan_yuan_per_person"
    _mirror(far, [_both(study, shown, (name,)) / n for name, n in zip(BANDS, heads, strict=True)], words, lang, each)
    unit = captions.axis_unit(each, lang)
    panel_title(far, *_far_title(study, shown, unit, lang), half - room, shift=-(room - 0.1) * 72.0)
    _county(made, (half + 0.3, under, WIDTH - half - 0.36, low), geography, shown, lang)
    _legend(made, lang)
    return made


def _middle(study: Study, linked: list[ScenarioRuns]) -> ScenarioRuns:
    """The scenario with the middle flow among those in which most channels work both ways."""

    def working(group: ScenarioRuns) -> int:
        return int(sum((_total(study, group, way) > 0).sum() for way in ("to_village", "to_town")))

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
    from sim.state.countryside import BANDS as UPPER

    if geography is None:
        return np.ones(len(BANDS))
    v = geography.villages
    band = np.searchsorted(np.array(UPPER), v.distance, side="right")
    people = np.bincount(band, weights=v.population, minlength=len(BANDS))
    heads: Floats = np.maximum(1.0, people) / 1e4
    return heads


def _both(study: Study, group: ScenarioRuns, names: tuple[str, ...]) -> Floats:
    """Mean and 95 % interval over replicates of some flows together, both ways, 亿元: shape (2, 3)."""
    from experiments.analysis.estimates.contrasts import mean_estimate

    found = []
    for way in ("to_village", "to_town"):
        each = np.sum([group.summary(f"{way}_{name}") for name in names], axis=0)
        e = mean_estimate(each, unit="yi_yuan")
        found.append((e.value, e.low, e.high))
    flows: Floats = np.nan_to_num(np.array(found))
    return flows


def _axes(made: Page, x: float, y: float, width: float, height: float) -> Axes:
    return made.figure.add_axes((x / WIDTH, y / made.height, width / WIDTH, height / made.height))


def _mirror(axes: Axes, rows: list[Floats], labels: list[str], lang: str, unit: str = "yi_yuan") -> None:
    """Bars to the right for what villages get, to the left for what towns get."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

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
    axes.tick_params(axis="y", length=0)
    axes.axvline(0.0, color=MUTED, linewidth=0.7, zorder=4)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    edge = 1.06 * float(np.abs(data).max())
    axes.set_xlim(-edge, edge)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, symmetric=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{abs(v):,g}"))


def _titles(bars: Axes, panel: Axes, study: Study, shown: ScenarioRuns, lang: str) -> None:
    unit, name = captions.axis_unit("yi_yuan", lang), scenario_name(study, shown.id, lang)
    both = {"zh": f"{unit}，全程合计", "en": f"{unit}, whole run"}[lang]
    shifts = [-(a.get_position().x0 * WIDTH - x) * 72.0 for a, x in ((bars, MARGIN), (panel, 0.0))]
    title = {"zh": "各情景双向流量", "en": "Flows both ways, by scenario"}[lang]
    panel_title(bars, title, both, 3.0, shift=shifts[0])
    title = {"zh": "按渠道", "en": "By channel"}[lang]
    panel_title(panel, title, f"{unit}：{name}" if lang == "zh" else f"{unit}: {name}", 2.4)


def _far_title(study: Study, shown: ScenarioRuns, unit: str, lang: str) -> tuple[str, str]:
    name = scenario_name(study, shown.id, lang)
    if lang == "zh":
        return "按村到镇的距离", f"{unit}：{name}"
    return "By distance of the village from town", f"{unit}: {name}"


def _finding(study: Study, shown: ScenarioRuns, lang: str) -> str:
    out, back = (float(x[0]) for x in _both(study, shown, CHANNELS))
    name = scenario_name(study, shown.id, lang)
    sums = [quantity(x, "yi_yuan", lang) for x in (out, back)]
    way = [_total(study, shown, w) for w in ("to_village", "to_town")]
    most = [NAMES[CHANNELS[int(np.argmax(w))]][lang == "en"] for w in way]
    if lang == "zh":
        lead = f"最多的都走{most[0]}渠道" if most[0] == most[1] else f"去的以{most[0]}、回的以{most[1]}为最多"
        return f"{name}：镇到村{sums[0]}，村到镇{sums[1]}，{lead}"
    lead = f"mostly through {most[0]}" if most[0] == most[1] else f"mostly {most[0]} out and {most[1]} back"
    return f"{name}: {sums[0]} from towns to villages and {sums[1]} back, {lead}"


def _subtitle(study: Study, shown: ScenarioRuns, lang: str) -> str:
    years = shown.years
    if lang == "zh":
        return f"{years[0]}—{years[-1]}年经六条渠道在镇村之间流动的价值（各次重复的均值），以及一个县的“1+N”网络"
    return (
        f"Worth of what passed between towns and villages through the six channels, {years[0]}–{years[-1]} "
        "(means over replicates), and one county's 1+N network"
    )


def _marks(lang: str) -> str:
    if lang == "zh":
        return (
            "横线为均值的95%置信区间；各图横轴尺度不同。镇到村：扶持资金、工资、用地价款和销售；村到镇：劳动力按工资、"
            "用地按县工业地价、农产品按售价、客源按镇上消费计。网络图取第0次重复，线宽与流量的平方根成正比。"
        )
    return (
        "Lines: 95% confidence intervals of the means; scales differ. To villages: support, wages, land prices and "
        "sales. To towns: labour at its wage, land at the county's industrial price, produce at its sales price, "
        "visitors at what they spend in town. The network is replicate 0; line widths grow with the root of the flow."
    )


def _legend(made: Page, lang: str) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=OUT, label=OUT_WORDS[lang]),
        Patch(facecolor=BACK, hatch="////", edgecolor="white", label=BACK_WORDS[lang]),
        Line2D([], [], linestyle="none", marker="o", color=INK, markersize=6, label={"zh": "小镇", "en": "town"}[lang]),
        Line2D([], [], linestyle="none", marker="o", markerfacecolor="white", markeredgecolor=INK, markersize=4,
               label={"zh": "联动村", "en": "linked village"}[lang]),
        Line2D([], [], linestyle="none", marker="o", color=FAINT, markersize=3,
               label={"zh": "未联动的村", "en": "village without link"}[lang]),
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
    name = _name(geography, here, lang)
    title = {"zh": f"一个县的“1+N”：{name}", "en": f"1+N in one county: {name}"}
    counts = {
        "zh": f"{towns.size}个镇、{linked.size}个联动村、{alone.size}个未联动的村",
        "en": f"{towns.size} towns, {linked.size} linked villages, {alone.size} others",
    }
    x, y = box[0] / WIDTH, (box[1] + box[3]) / made.height
    made.figure.text(x, y + 15 / 72.0 / made.height, title[lang], size=BODY + 1.0, weight="bold", ha="left")
    made.figure.text(x, y + 5 / 72.0 / made.height, counts[lang], size=SMALL + 0.3, color=MUTED, ha="left")


def _name(geography: Any, county: int, lang: str) -> str:
    """A county's name; in English its city and number, for names of counties are Chinese."""
    name = str(geography.counties.name[county])
    if lang == "zh" or name.isascii():
        return name
    city = int(geography.counties.prefecture[county])
    number = int(np.count_nonzero(geography.counties.prefecture[: county + 1] == city))
    return f"{geography.prefectures.name_en[city]}, unit {number}"


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
    unit = "公里" if lang == "zh" else "km"
    axes.annotate(f"{length:.0f} {unit}", (x0, y0), (0, 3), textcoords="offset points", size=SMALL, color=MUTED)
