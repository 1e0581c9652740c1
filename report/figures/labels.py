"""Names at points that do not cover each other: each takes the nearest free place, with a thin line to its point."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from report.figures.setting import width_in_em
from report.figures.style import FAINT

Box = tuple[float, float, float, float]
TURNS, RINGS = 16, 16
"""Directions and distances that are tried around a point."""


def place_labels(
    axes: Axes,
    points: Sequence[tuple[float, float, str, str]],
    lines: Sequence[tuple[float, float, float]],
    *,
    size: float,
    inches: tuple[float, float],
) -> None:
    """Write a name at every point.

    Args:
        axes: With its limits set.
        points: x, y, name, colour.
        lines: Level lines that no name may cover: from x, to x, y.
        size: Of the type, points.
        inches: Width and height of the axes.
    """
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    width, height = (72.0 * i for i in inches)
    spots = [((x - x0) / (x1 - x0) * width, (y - y0) / (y1 - y0) * height) for x, y, *_ in points]
    taken: list[Box] = [(x - 4, y - 4, x + 4, y + 4) for x, y in spots]
    for low, high, y in lines:
        level = (y - y0) / (y1 - y0) * height
        taken.append(((low - x0) / (x1 - x0) * width, level - 1, (high - x0) / (x1 - x0) * width, level + 1))
    # The outermost first: they have the most room, those in a crowd find what is left.
    for i in sorted(range(len(points)), key=lambda i: -spots[i][0] - spots[i][1]):
        x, y = spots[i]
        wide, tall = width_in_em(points[i][2]) * size, 1.2 * size
        box, far = _free(x, y, wide, tall, taken, (width, height))
        taken.append(box)
        middle = ((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0)
        line = {"arrowstyle": "-", "color": FAINT, "linewidth": 0.5, "shrinkA": 1, "shrinkB": 3}
        axes.annotate(
            points[i][2], points[i][:2], (middle[0] - x, middle[1] - y), textcoords="offset points", ha="center",
            va="center", size=size, color=points[i][3], arrowprops=line if far else None, annotation_clip=False,
        )  # fmt: skip


def _free(
    x: float, y: float, wide: float, tall: float, taken: Sequence[Box], room: tuple[float, float]
) -> tuple[Box, bool]:
    """The nearest free box around a point, and whether it is far enough for a line; the first one tried if none is."""
    fallback: Box | None = None
    for ring in range(RINGS):
        away = 6.0 + 7.0 * ring
        for turn in range(TURNS):
            angle = 2.0 * math.pi * turn / TURNS
            cx = x + math.cos(angle) * (away + wide / 2.0)
            cy = y + math.sin(angle) * (away + tall / 2.0)
            box = (cx - wide / 2.0, cy - tall / 2.0, cx + wide / 2.0, cy + tall / 2.0)
            fallback = fallback or box
            inside = box[0] >= 2 and box[1] >= 2 and box[2] <= room[0] + 6 and box[3] <= room[1] + 4
            if inside and not any(_meet(box, other) for other in taken):
                return box, ring > 0
    assert fallback is not None
    return fallback, False


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
