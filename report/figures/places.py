"""A schematic map of a world: its town sites, the centres of its counties, and which of them are neighbours.

Dots and lines between them, no boundary and no base map: centres are rough, and a site is a drawn place on the fringe
of its county's centre. It shows where towns stand and nothing of how they fare, so towns of lists bear their names.
``python -m report.figures.places`` draws the one of ``docs/worlds*.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from report.blocks import message, title
from report.figures.setting import width_in_em
from report.figures.style import FAINT, INK, MARGIN, MUTED, SMALL, WIDTH, Page, styled, told
from report.render.documents import DOCS
from report.text.language import LANGS
from report.text.spoken import spoken
from sim.world.build import build_geography, load_world
from sim.world.facts import WorldFacts
from sim.world.types import INDUSTRIES, Geography

Floats = NDArray[np.float64]
COLORS = ("#0b4f8a", "#1a9850", "#33b091", "#e0a100", "#aa3377", "#4b2e83", "#d55e00", "#8c510a")
MARKERS = ("o", "P", "v", "^", "D", "h", "s", "X")
"""Look of each class of industry, in the model's order."""
NAME = 4.9
"""Points of a town's name; its last sign but one and last, 小镇, are left away."""
DIRECTIONS = 16
REACH = (4.0, 7.0, 11.0, 16.0, 22.0, 29.0, 37.0, 46.0, 56.0, 67.0, 79.0)
"""How far from its dot a name may stand, points; the nearest free place is taken."""


@dataclass(frozen=True)
class Box:
    """Where something is written, points."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether two overlap."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.top <= other.bottom or other.top <= self.bottom)


def draw(facts: WorldFacts, places: Geography, lang: str) -> Page:
    """The map of a world in a language.

    Args:
        facts: What its file says.
        places: Its places.
        lang: Language.
    """
    x0, x1, y0, y1 = _frame(places)
    wide = WIDTH - 2 * MARGIN
    tall = min(wide * (y1 - y0) / (x1 - x0), 8.6)
    wide = tall * (x1 - x0) / (y1 - y0)
    listed = int(np.count_nonzero(places.towns.listed >= 0))
    size = {"world": title(facts.title), "sites": places.towns.key.size, "listed": listed}
    sources = dict.fromkeys(source for town in facts.listed for source in town.list.source)
    marks = message("figures.places.marks")
    made = told(
        lang, tall + 0.1, message("figures.places.finding", **size),
        message("figures.places.subtitle" if sources else "figures.places.drawn"), marks, legend=0.42,
    )  # fmt: skip
    left, bottom = (WIDTH - wide) / 2, made.top * made.height - tall - 0.05
    axes = made.figure.add_axes((left / WIDTH, bottom / made.height, wide / WIDTH, tall / made.height))
    axes.set_xlim(x0, x1)
    axes.set_ylim(y0, y1)
    axes.axis("off")
    per_km = tall * 72.0 / (y1 - y0)
    _counties(axes, places, lang)
    _sites(axes, places)
    _names(axes, places, (x0, y0), per_km, Box(0.0, 0.0, wide * 72.0, tall * 72.0))
    _ruler(axes, x0, y0, x1 - x0, lang)
    _legend(made, lang)
    return made


def _frame(places: Geography) -> tuple[float, float, float, float]:
    xs = np.concatenate([places.counties.x, places.towns.x])
    ys = np.concatenate([places.counties.y, places.towns.y])
    pad = 0.04 * max(np.ptp(xs), np.ptp(ys), 1.0)
    return float(xs.min() - pad), float(xs.max() + pad), float(ys.min() - pad), float(ys.max() + pad)


def _counties(axes: Axes, places: Geography, lang: str) -> None:
    """Centres of counties, lines between neighbours, and cities by name behind everything."""
    c, cities = places.counties, places.prefectures
    one = np.repeat(np.arange(c.key.size), np.diff(c.neighbours_start))
    keep = one < c.neighbours
    a, b = one[keep], c.neighbours[keep]
    gap = np.full(a.size, np.nan)
    x, y = (np.column_stack((part[a], part[b], gap)).ravel() for part in (c.x, c.y))
    axes.plot(x, y, color="#ece9e2", linewidth=0.8, zorder=0)
    axes.plot(c.x, c.y, linestyle="none", marker="o", markersize=2.2, color="#c4bfb4", markeredgewidth=0, zorder=1)
    names = cities.name_zh if lang == "zh" else cities.name_en
    for p, name in enumerate(names):
        own = c.prefecture == p
        axes.text(
            c.x[own].mean(), c.y[own].mean(), name, size=11, color="#d8d3c8", ha="center", va="center", zorder=0.5
        )


def _sites(axes: Axes, places: Geography) -> None:
    """Towns of published lists filled, drawn sites hollow."""
    t = places.towns
    for k, (color, marker) in enumerate(zip(COLORS, MARKERS, strict=True)):
        for real in (False, True):
            rows = np.flatnonzero((t.industry == k) & ((t.listed >= 0) == real))
            face, size = (color, 13.0) if real else ("white", 8.0)
            axes.scatter(
                t.x[rows], t.y[rows], s=size, c=face, marker=marker, edgecolors="white" if real else color,
                linewidths=0.3 if real else 0.5, zorder=4 if real else 3,
            )  # fmt: skip


def _names(axes: Axes, places: Geography, corner: tuple[float, float], per_km: float, page: Box) -> None:
    """Names of the towns of published lists, each at the nearest place where it covers nothing."""
    t = places.towns
    x, y = (t.x - corner[0]) * per_km, (t.y - corner[1]) * per_km
    taken = [Box(a - 2.2, b - 2.2, a + 2.2, b + 2.2) for a, b in zip(x, y, strict=True)]
    rows = np.flatnonzero(t.listed >= 0)
    crowd = ((x[rows, None] - x) ** 2 + (y[rows, None] - y) ** 2 < 50.0**2).sum(axis=1)
    for i in rows[np.argsort(crowd, kind="stable")]:
        name = t.known[i].removesuffix("小镇")
        box = _free(float(x[i]), float(y[i]), name, taken, page)
        taken.append(box)
        at = (box.left / per_km + corner[0], (box.bottom + box.top) / 2 / per_km + corner[1])
        end = (min(max(float(x[i]), box.left), box.right), min(max(float(y[i]), box.bottom), box.top))
        if np.hypot(end[0] - x[i], end[1] - y[i]) > 4.0:
            line = [(value / per_km + low) for value, low in zip(end, corner, strict=True)]
            axes.plot([t.x[i], line[0]], [t.y[i], line[1]], color=FAINT, linewidth=0.25, zorder=2)
        axes.text(*at, name, size=NAME, color=INK, ha="left", va="center_baseline", zorder=5)


def _free(x: float, y: float, name: str, taken: list[Box], page: Box) -> Box:
    """The nearest place for a name where it meets nothing; the last one tried where there is none."""
    wide, tall = width_in_em(name) * NAME, NAME * 1.05
    tried = Box(x, y, x, y)
    for east, north in _around():
        left = x + east - (wide if east < -1.0 else 0.0 if east > 1.0 else wide / 2)
        tried = Box(left, y + north - tall / 2, left + wide, y + north + tall / 2)
        inside = tried.left >= page.left and tried.right <= page.right
        if inside and tried.bottom >= page.bottom and tried.top <= page.top and not any(map(tried.meets, taken)):
            return tried
    return tried


def _around() -> Iterator[tuple[float, float]]:
    """Places around a dot, the nearer first, points east and north."""
    angles = np.arange(DIRECTIONS) * (2 * np.pi / DIRECTIONS)
    for far in REACH:
        yield from ((float(far * np.cos(a)), float(far * np.sin(a))) for a in angles)


def _ruler(axes: Axes, x0: float, y0: float, span: float, lang: str) -> None:
    length = 100.0 if span > 300.0 else 50.0 if span > 100.0 else 10.0
    axes.plot([x0, x0 + length], [y0, y0], color=INK, linewidth=1.4, solid_capstyle="butt", zorder=9, clip_on=False)
    far = spoken(message("figures.kilometres", n=f"{length:.0f}"), lang)
    axes.annotate(far, (x0, y0), (0, 3), textcoords="offset points", size=SMALL, color=MUTED)


def _legend(made: Page, lang: str) -> None:
    """Classes of industry, and what filled and hollow mean."""
    shared: dict[str, Any] = {"linestyle": "none", "markersize": 4.6}
    kinds = [
        Line2D(
            [],
            [],
            marker=m,
            markerfacecolor=c,
            markeredgecolor="white",
            label=_said(f"regimes.industry.{k}", lang),
            **shared,
        )
        for k, c, m in zip(INDUSTRIES, COLORS, MARKERS, strict=True)
    ]
    dots = [
        Line2D(
            [],
            [],
            marker="o",
            markerfacecolor=MUTED,
            markeredgecolor="white",
            label=_said("figures.places.listed", lang),
            **shared,
        ),
        Line2D(
            [],
            [],
            marker="o",
            markerfacecolor="white",
            markeredgecolor=MUTED,
            label=_said("figures.places.site", lang),
            **shared,
        ),
        Line2D(
            [],
            [],
            marker="o",
            color="#c4bfb4",
            markeredgewidth=0,
            label=_said("figures.places.county", lang),
            **shared | {"markersize": 2.6},
        ),
    ]
    where: dict[str, Any] = {
        "loc": "lower left",
        "borderpad": 0,
        "borderaxespad": 0,
        "columnspacing": 1.1,
        "handletextpad": 0.2,
    }
    for handles, row in ((kinds, 0.26), (dots, 0.07)):
        legend = made.figure.legend(
            handles=handles, ncols=len(handles), bbox_to_anchor=(MARGIN / WIDTH, made.top + row / made.height), **where
        )
        made.figure.add_artist(legend)


def _said(name: str, lang: str) -> str:
    return spoken(message(name), lang)


def main(world: str = "zhejiang") -> None:
    """Draw the map that stands in ``docs/``, in every language."""
    facts = load_world(world)
    for lang in LANGS:
        with styled():
            figure = draw(facts, build_geography(facts), lang).figure
            figure.savefig(DOCS / "figures" / f"places-{world}.{lang}.png", dpi=160, metadata={"Software": None})


if __name__ == "__main__":
    main()
