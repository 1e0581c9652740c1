"""What the linkage, shares, processing and visitors of towns and villages keep between quarters.

Money is 万元, land centi-mu, areas of crops mu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import State, column

if TYPE_CHECKING:
    pass

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHANNELS = ("planning", "industry", "infrastructure", "services", "ecology", "management")
"""The six channels of 1+N: 规划 产业 设施 服务 生态 管理."""
BANDS = (2.0, 4.0, 6.0, 8.0)
"""Upper bounds of the bands of distance from town, km; the last band is open."""
BAND_NAMES = ("0_2", "2_4", "4_6", "6_8", "8_up")


class Countryside(State):
    """State of towns and villages beyond the villages' own columns."""

    support = column((6, "village"), np.float64)
    """Support in effect by channel, 0 to about 1, after the lags."""
    gained = column("village", np.int64)
    """Commuters that the linkage brought, persons."""
    paid = column("village", np.int64)
    """Public support of the quarter, 万元."""
    out = column(("quarter", 6), np.int64)
    """What went from towns to villages by channel, 万元."""
    back = column(("quarter", 6), np.int64)
    """What came from villages to towns by channel, 万元."""
    kinds = column(("quarter", 4), np.float64)
    """What came by kind: labour (person-quarters), land (mu), produce (万元), visitors (万元)."""
    visits = column("quarter", np.int64)
    """Visitors of scenic towns, persons."""
    spending = column("quarter", np.int64)
    """What they spend, 万元."""
    processed = column("quarter", np.int64)
    """Value added by processing, 万元."""
    dividends = column(("quarter", 2), np.int64)
    """Dividends on villages' shares: to collectives, to households, 万元."""
    labour = column("town", np.float64)
    """Villagers by whom the town's limit on staff is raised, persons."""
    keep = column("town", np.float64)
    """Services that linked villages add for the town's talents."""
    side_wages = column("town", np.int64)
    jobs = column("town", np.float64)
    """Jobs in side trades."""
    fame = column("town", np.float64)
    grade = column("town", np.float64)
    """Scenic grade reached, number of A."""
    base = column("town", np.float64)
    """Demonstration base, mu."""
    land_given = column("village", np.int64)
    """Land consolidated and handed to the county, centi-mu."""
    rented = column("village", np.float64)
    """Land let to the base, mu."""
    planted = column("village", np.float64)
    """Land planted after the example of the base, mu."""
    assets = column("village", np.float64)
    money = column("village", np.float64)
    residents = column("village", np.float64)
    """Shares from resources, from public money and from residents' money, 万元."""
    joined = column("village", np.float64)
    """Part of households that hold shares of their own."""
    fees = column((4, "village"), np.int64)
    """Income of the collective in each of the last four quarters, 万元."""
    to_village = column("village", np.int64)
    to_town = column("village", np.int64)
    """Flows of the whole run by village, 万元."""
    band = column("village", np.int64)
    """Band of distance from town, of :data:`BANDS`."""

    def __init__(self, distance: Floats, sizes: Mapping[str, int]) -> None:
        super().__init__(sizes)
        self.band[:] = np.searchsorted(np.array(BANDS), distance, side="right")

    def open_quarter(self, t: int, wage: Floats) -> None:
        """Before the villages' quarter: side jobs of the last quarter count, and the quarter's accounts start again.

        Args:
            t: The quarter.
            wage: Yearly wage in each town, 万元, shape (T,).
        """
        if self.side_wages.any() or self.jobs.any():
            self.jobs = self.side_wages / np.maximum(1e-9, wage / 4.0)
            self.side_wages[:] = 0
        self.fees[t % 4] = 0

    def record(self, t: int, channel: int, out: NDArray[Any], back: NDArray[Any]) -> None:
        """Write down one channel's flows by village, 万元."""
        to_village, to_town = np.rint(out).astype(np.int64), np.rint(back).astype(np.int64)
        self.out[t, channel] += to_village.sum()
        self.back[t, channel] += to_town.sum()
        self.to_village += to_village
        self.to_town += to_town
