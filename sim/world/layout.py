"""The plane of a synthetic province: which square kilometre belongs to which county.

The province is a grid of small cells. A prefecture holds the cells that are nearest to it in the metric of its
published shape; its counties are the cells nearest to their seats. So counties tile the land without overlap, and
two counties are adjacent when their cells touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import Draws, decision
from sim.world.facts import WorldFacts
from sim.world.keys import candidates, channel
from sim.world.types import Floats, Ints, Keys

COUNTY_PLACE = decision("county.place")

CELL = 3.0
"""Side of a cell, km, in all but small worlds."""
CELLS_A_UNIT = 30
"""Cells that a unit of a small world has at least on average."""
KM_PER_DEGREE = 111.32
CANDIDATES = 12
"""Places tried for each seat; the one farthest from the seats already placed is taken."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Seats of C counties and their land."""

    x: Floats
    y: Floats
    area: Floats
    """km2."""
    edges: list[tuple[int, int]]


def cosine_of_degrees(angle: float) -> float:
    """Cosine by its series, from exactly rounded operations only (a library's cosine may differ in the last bit)."""
    square = (angle * 0.017453292519943295) ** 2
    total = 1.0
    for k in range(24, 0, -2):
        total = 1.0 - square / (k * (k - 1)) * total
    return total


class Plane:
    """The province's own plane: equirectangular about the mean of the prefectures' seats, km east and north."""

    def __init__(self, facts: WorldFacts) -> None:
        count = len(facts.prefectures)
        self.lon = fsum(p.lon for p in facts.prefectures) / count
        self.lat = fsum(p.lat for p in facts.prefectures) / count
        self._east = KM_PER_DEGREE * cosine_of_degrees(self.lat)

    def place(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Kilometres east and north of the centre."""
        return (np.asarray(lon) - self.lon) * self._east, (np.asarray(lat) - self.lat) * KM_PER_DEGREE


def seats(facts: WorldFacts, plane: Plane) -> tuple[Floats, Floats]:
    """Places of the prefectures' seats, shape (P,) each."""
    return plane.place(np.array([p.lon for p in facts.prefectures]), np.array([p.lat for p in facts.prefectures]))


def lay_out(
    facts: WorldFacts,
    keys: Keys,
    prefecture: Ints,
    district: NDArray[np.bool_],
    island: NDArray[np.bool_],
    draws: Draws,
    given: tuple[Floats, Floats] | None = None,
) -> Layout:
    """Place the counties of a synthetic province.

    Args:
        facts: The world's facts.
        keys: Birth identities of the counties, shape (C,).
        prefecture: Prefecture of each county, shape (C,).
        district: Whether it is an urban district, shape (C,).
        island: Whether it has no land neighbour, shape (C,).
        draws: The world's own draws.
        given: Known places of the counties; drawn where None.
    """
    plane, cell = Plane(facts), cell_side(facts)
    cell_x, cell_y, owner, shape = _land(facts, plane, cell)
    label = np.full(owner.size, -1, dtype=np.int64)
    x, y = np.zeros(keys.size), np.zeros(keys.size)
    seat_x, seat_y = seats(facts, plane)
    for p in range(len(facts.prefectures)):
        cells = np.flatnonzero(owner == p)
        members = np.flatnonzero((prefecture == p) & ~island)
        x[members], y[members] = seat_x[p], seat_y[p]
        if given is not None and members.size and cells.size:
            _around(cells, members, (cell_x, cell_y), given, label)
        elif members.size and cells.size:
            _fill_prefecture(
                facts, cells, members, district, keys, draws, (cell_x, cell_y), (seat_x[p], seat_y[p]), (x, y), label
            )
    _place_islands(facts, np.flatnonzero(island), prefecture, keys, draws, (seat_x, seat_y), (x, y))
    if given is not None:
        x, y = given
    area = np.bincount(label[label >= 0], minlength=keys.size) * cell * cell
    area[island] = facts.county.island_area
    return Layout(x, y, area.astype(np.float64), _touching(label.reshape(shape)))


def cell_side(facts: WorldFacts) -> float:
    """Side of a cell, km: smaller in a district, so that each of its units has land of a shape."""
    each = fsum(facts.province.area) / max(1, sum(facts.province.units)) / CELLS_A_UNIT
    return CELL if each >= CELL * CELL else float(np.sqrt(each))


def _land(facts: WorldFacts, plane: Plane, cell: float) -> tuple[Floats, Floats, Ints, tuple[int, int]]:
    """Cells of the plane and the prefecture that holds each, -1 where there is no land of the province."""
    form = np.array(facts.province.shape)
    x, y = plane.place(form[:, 0], form[:, 1])
    sx, sy, rho = form[:, 2], form[:, 3], form[:, 4]
    east = np.arange(float(np.min(x - 2.6 * sx)), float(np.max(x + 2.6 * sx)), cell)
    north = np.arange(float(np.min(y - 2.6 * sy)), float(np.max(y + 2.6 * sy)), cell)
    cell_x, cell_y = np.tile(east, north.size), np.repeat(north, east.size)
    best, owner = np.full(cell_x.size, np.inf), np.full(cell_x.size, -1, dtype=np.int64)
    for p in range(x.size):
        u, v = (cell_x - x[p]) / sx[p], (cell_y - y[p]) / sy[p]
        far = (u * u - 2 * rho[p] * u * v + v * v) / (1 - rho[p] * rho[p])
        owner[far < best] = p
        best = np.minimum(best, far)
    land = fsum(facts.province.area) - sum(facts.province.islands) * facts.county.island_area
    outside = np.argsort(best, kind="stable")[int(land / (cell * cell)) :]
    owner[outside] = -1
    return cell_x, cell_y, owner, (north.size, east.size)


def _fill_prefecture(
    facts: WorldFacts,
    cells: Ints,
    members: Ints,
    district: NDArray[np.bool_],
    keys: Keys,
    draws: Draws,
    grid: tuple[Floats, Floats],
    seat: tuple[float, float],
    place: tuple[Floats, Floats],
    label: Ints,
) -> None:
    """Place the seats of one prefecture and give each cell to the nearest seat."""
    cell_x, cell_y = grid[0][cells], grid[1][cells]
    by_distance = np.argsort((cell_x - seat[0]) ** 2 + (cell_y - seat[1]) ** 2, kind="stable")
    cell = cell_side(facts)
    inner = int(min(district[members].sum() * facts.county.district_area / (cell * cell), 0.6 * cells.size))
    chosen: list[int] = []
    for county in members:
        u = draws.uniforms(COUNTY_PLACE, candidates(keys[county], CANDIDATES))
        if district[county]:
            # Density falls from the centre, so the inner districts are the small ones.
            tried = by_distance[(u * u * max(inner, 1)).astype(np.int64)]
            if not chosen:
                tried = by_distance[:1]
        else:
            tried = by_distance[inner + (u * (cells.size - inner)).astype(np.int64)]
        chosen.append(int(tried[_farthest(tried, chosen, cell_x, cell_y)]))
    centre = np.array(chosen)
    for _ in range(3):
        nearest = _nearest(cell_x, cell_y, centre)
        centre = _recentred(centre, nearest, cell_x, cell_y, ~district[members])
    label[cells] = members[_nearest(cell_x, cell_y, centre)]
    place[0][members], place[1][members] = cell_x[centre], cell_y[centre]


def _around(cells: Ints, members: Ints, grid: tuple[Floats, Floats], given: tuple[Floats, Floats], label: Ints) -> None:
    """Give each cell of a prefecture to the nearest of the known places, of which each holds at least one cell."""
    cell_x, cell_y = grid[0][cells], grid[1][cells]
    x, y = given[0][members], given[1][members]
    far = (cell_x[:, None] - x) ** 2 + (cell_y[:, None] - y) ** 2
    nearest: Ints = np.argmin(far, axis=1)
    taken: set[int] = set()
    for i in range(members.size):
        own = next(int(k) for k in np.argsort(far[:, i], kind="stable") if int(k) not in taken)
        taken.add(own)
        nearest[own] = i
    label[cells] = members[nearest]


def _farthest(tried: Ints, chosen: list[int], x: Floats, y: Floats) -> int:
    """Which of the places tried is farthest from those already chosen (the first where none is chosen)."""
    if not chosen:
        return 0
    there = np.array(chosen)
    far = (x[tried][:, None] - x[there]) ** 2 + (y[tried][:, None] - y[there]) ** 2
    return int(np.argmax(far.min(axis=1)))


def _nearest(x: Floats, y: Floats, centre: Ints) -> Ints:
    near: Ints = np.argmin((x[:, None] - x[centre]) ** 2 + (y[:, None] - y[centre]) ** 2, axis=1)
    return near


def _recentred(centre: Ints, nearest: Ints, x: Floats, y: Floats, moves: NDArray[np.bool_]) -> Ints:
    """Move each seat that may move to the cell nearest to the middle of its land."""
    out = centre.copy()
    for i in np.flatnonzero(moves):
        own = np.flatnonzero(nearest == i)
        if own.size:
            middle = (x[own] - x[own].mean()) ** 2 + (y[own] - y[own].mean()) ** 2
            out[i] = own[np.argmin(middle)]
    return out


def _place_islands(
    facts: WorldFacts,
    islands: Ints,
    prefecture: Ints,
    keys: Keys,
    draws: Draws,
    seat: tuple[Floats, Floats],
    place: tuple[Floats, Floats],
) -> None:
    """Put island counties off the coast, each a step farther from its prefecture's seat than the one before."""
    east, north = facts.county.island_offset
    step: dict[int, int] = {}
    for county in islands:
        p = int(prefecture[county])
        step[p] = step.get(p, 0) + 1
        jitter = draws.uniforms(COUNTY_PLACE, channel(keys[county : county + 1], 1))[0] - 0.5
        place[0][county] = seat[0][p] + step[p] * east * (1 + jitter)
        place[1][county] = seat[1][p] + step[p] * north


def _touching(label: Ints) -> list[tuple[int, int]]:
    """Pairs of counties that have cells side by side or corner to corner."""
    pairs = []
    sides = (
        (label[:, :-1], label[:, 1:]),
        (label[:-1, :], label[1:, :]),
        (label[:-1, :-1], label[1:, 1:]),
        (label[:-1, 1:], label[1:, :-1]),
    )
    for a, b in sides:
        side = (a != b) & (a >= 0) & (b >= 0)
        pairs.append(np.column_stack((np.minimum(a[side], b[side]), np.maximum(a[side], b[side]))))
    found = np.unique(np.concatenate(pairs), axis=0)
    return [(int(a), int(b)) for a, b in found]
