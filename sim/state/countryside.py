"""What the linkage, shares, processing and visitors of towns and villages keep between quarters, and side trades.

Side trades are what a town earns from its villages and visitors beside its enterprises' own output. They are booked
through the control account of the town's enterprises and leave nothing on it::

    sales = paid to villages + tax + wages + dividends,    wages = half of what is left after villages and tax

Sales enter the town's output and its tax (so rebates and budgets feel them), wages enter side jobs at the town's wage.
Money is 万元, land centi-mu, areas of crops mu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import State, column
from sim.engine.ledger import Reason
from sim.state.books import DIVIDEND, REVENUE, WAGES, Kind

if TYPE_CHECKING:
    from sim.state.province import Province

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHANNELS = ("planning", "industry", "infrastructure", "services", "ecology", "management")
"""The six channels of 1+N: 规划 产业 设施 服务 生态 管理."""
BANDS = (2.0, 4.0, 6.0, 8.0)
"""Upper bounds of the bands of distance from town, km; the last band is open."""
BAND_NAMES = ("0_2", "2_4", "4_6", "6_8", "8_up")
WAGE_PART = 0.5
"""Part of a side trade's value added that is paid as wages (assumption)."""


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

    def open_quarter(self, p: Province) -> None:
        """Before the villages' quarter: side jobs of the last quarter count, and the quarter's accounts start again."""
        if self.side_wages.any() or self.jobs.any():
            self.jobs = self.side_wages / np.maximum(1e-9, p.places.wage / 4.0)
            self.side_wages[:] = 0
        self.fees[p.t % 4] = 0

    def record(self, t: int, channel: int, out: NDArray[Any], back: NDArray[Any]) -> None:
        """Write down one channel's flows by village, 万元."""
        to_village, to_town = np.rint(out).astype(np.int64), np.rint(back).astype(np.int64)
        self.out[t, channel] += to_village.sum()
        self.back[t, channel] += to_town.sum()
        self.to_village += to_village
        self.to_town += to_town


def earn(p: Province, sales: Ints, villages: Ints, reason: Reason, clause: str) -> Ints:
    """Book a side trade of the quarter.

    Args:
        p: The province.
        sales: Sales by town, 万元, shape (T,).
        villages: What the villages are paid out of them, 万元, shape (V,); a town pays at most its sales.
        reason: Of the payment to villages.
        clause: Of the payment to villages.

    Returns:
        What the villages got, shape (V,).
    """
    chart, town = p.books.chart, p.places.villages.town
    cost = np.zeros(p.towns.size, dtype=np.int64)
    np.add.at(cost, town, villages)
    if (cost > sales).any():
        part = np.minimum(1.0, sales / np.maximum(1, cost))
        villages = np.floor(villages * part[town]).astype(np.int64)
        cost[:] = 0
        np.add.at(cost, town, villages)
    tax = np.minimum(sales - cost, np.rint(sales * p.behaviour["treasury.tax_output"]).astype(np.int64))
    left = sales - cost - tax
    wages = np.floor(left * WAGE_PART).astype(np.int64)
    firms, out = chart.of(Kind.ENTERPRISE), chart.of(Kind.OUTSIDE)
    p.money.post(REVENUE, out, firms, sales)
    p.money.post(reason, firms[town], chart.of(Kind.VILLAGE), villages, clause=clause)
    p.money.post(WAGES, firms, chart.of(Kind.HOUSEHOLD), wages)
    p.money.post(DIVIDEND, firms, out, left - wages)
    p.towns.output[p.t] += sales
    p.towns.tax[p.t] += tax
    p.rural.side_wages += wages
    return villages


def add_income(p: Province, amount: NDArray[np.number]) -> None:
    """Raise villagers' income by an amount that a village got this quarter, taken over a year, 万元."""
    p.villages.income[:] += 4.0 * amount / np.maximum(1, p.villages.population)


def to_collective(p: Province, amount: Ints) -> None:
    """Income of village collectives: it counts towards their floor and builds village facilities (assumption).

    facilities ← facilities + (1 − facilities)·min(0.02, 0.05·amount a head)
    """
    if not amount.any():
        return
    p.rural.fees[p.t % 4] += amount
    gain = np.minimum(0.02, 0.05 * amount / np.maximum(1, p.villages.population))
    p.villages.facilities[:] += (1.0 - p.villages.facilities) * gain


def by_town(p: Province, village_column: NDArray[Any]) -> Floats:
    """Sum of a village column by town, shape (T,)."""
    return np.bincount(p.places.villages.town, weights=village_column, minlength=p.towns.size)
