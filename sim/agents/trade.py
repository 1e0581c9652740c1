"""Side trades: what a town earns from its villages and visitors beside its enterprises' own output.

They are booked through the control account of the town's enterprises and leave nothing on it::

    sales = paid to villages + tax + wages + dividends,    wages = half of what is left after villages and tax

Sales enter the town's output and its tax (so rebates and budgets feel them), wages enter side jobs at the town's wage.
Money is 万元.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.ledger import Reason
from sim.state.books import DIVIDEND, REVENUE, WAGES, Kind
from sim.state.province import Province

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WAGE_PART = 0.5
"""Part of a side trade's value added that is paid as wages (assumption)."""


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


def add_income(p: Province, amount: NDArray[Any]) -> None:
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
    total = np.bincount(p.places.villages.town, weights=village_column, minlength=p.towns.size)
    return np.asarray(total, dtype=np.float64)
