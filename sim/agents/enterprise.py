"""Enterprises at work: output, wages, tax, profit, growth.

Operation (step 9), per firm and quarter, 万元::

    output  = workers · output_per_worker/4 · own productivity · town productivity · industry cycle
    town productivity = (1 + jobs/1000) ** elasticity, normalised at 4,000 jobs        (F54)
    profit  = output·(1 − inputs) − workers·wage/4 − tax_output·output − debt service + rebate passed through

Entry is :mod:`sim.agents.entry`, closure and relocation :mod:`sim.agents.closure`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.location import industry_counts, staff_limit
from sim.engine.draws import decision, uniform
from sim.engine.kernel import inline, kernel
from sim.engine.ledger import reason
from sim.engine.numeric import exp, log
from sim.state.books import DIVIDEND, REVENUE, WAGES, Kind
from sim.state.people import OPERATING, REGISTERED
from sim.state.populations import FirmColumns
from sim.state.province import Province

INPUTS = reason("money", "inputs", "中间投入", "intermediate inputs")
DEBT_SERVICE = reason("money", "debt_service", "还本付息", "debt service of firms")
REBATE_FIRM = reason("money", "rebate_firm", "返还下达企业", "rebate passed to firms")
SUPPORT_FUND = reason("money", "support_fund", "产业扶持资金", "support fund for enterprises", policy=True)
PROSPECT_OPERATES = decision("prospect.operates")
OPERATE_GROWTH = decision("operate.growth")

OPENS_AT_ONCE = 0.58
"""Share of eventual operators that operate at registration (F41: 40.4 % of 69.9 %)."""


def recount(p: Province) -> None:
    """Refresh firms, jobs and industry counts of every town."""
    f = p.firms.columns
    industry_counts(f.town, f.industry, f.state, f.employees, p.firms.n, p.towns.same, p.towns.firms, p.towns.jobs)


def cash_of_towns(p: Province) -> NDArray[np.int64]:
    """What the enterprises of each town hold by their own columns, 万元, shape (T,)."""
    cash = np.zeros(p.towns.size, dtype=np.int64)
    _add_cash(p.firms.columns.town, p.firms.columns.cash, p.firms.n, cash)
    return cash


@kernel
def _add_cash(town: NDArray[np.int32], cash: NDArray[np.int64], n: int, out: NDArray[np.int64]) -> None:
    for i in range(n):
        out[town[i]] += cash[i]


@inline
def open_up(f: FirmColumns, n: int, t: int, opens: np.uint64, slow: float) -> None:
    """Let registered firms of up to four quarters begin to operate; candidates are gathered first, without a branch."""
    young = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        young[count] = i
        count += int((f.state[i] == REGISTERED) & (t - f.born[i] <= 4))
    for row in young[:count]:
        age = t - f.born[row]
        if age >= 1 and uniform(opens, f.key[row] + np.uint64(age)) < slow / (4.0 - slow * (age - 1)):
            f.state[row] = OPERATING


@inline
def grow(
    f: FirmColumns,
    n: int,
    t: int,
    grows: np.uint64,
    cycle: NDArray[np.float64],
    first: float,
    later: float,
    room: NDArray[np.float64],
) -> None:
    """Hire or lay off, once a year, in the quarter that the firm's key tells."""
    now = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        now[count] = i
        due = (np.uint64(t) + f.key[i]) & np.uint64(3) == np.uint64(0)
        count += int(due & (f.state[i] == OPERATING) & (t > f.born[i]))
    for row in now[:count]:
        rate = (first if t - f.born[row] <= 4 else later) * room[f.town[row]] * cycle[f.industry[row]]
        rate += 0.5 * (f.margin[row] - 0.06)
        f.employees[row] = max(1, int(f.employees[row] * (1.0 + rate) + uniform(grows, f.key[row])))


class Rates(NamedTuple):
    """What decides about the accounts of firms: levels by town, the cycle by industry, shares of output or debt."""

    level: NDArray[np.float64]
    wage: NDArray[np.float64]
    cycle: NDArray[np.float64]
    rebate: NDArray[np.float64]
    inputs: float
    tax: float
    service: float


@inline
def trade(f: FirmColumns, rows: NDArray[np.int64], r: Rates, sums: NDArray[np.int64]) -> None:
    """Sell, pay and book the quarter of the firms that operate.

    Dividends are three fifths of a profit, and two thirds of the debt service reduce the debt: a whole number and a
    half, times the fraction and cut, is the exact quotient without a division.
    """
    for i in rows:
        town, workers = np.uint32(f.town[i]), f.employees[i]
        output = np.int64(workers * r.level[town] * f.productivity[i] * r.cycle[np.uint8(f.industry[i])] + 0.5)
        inputs = np.int64(output * r.inputs + 0.5)
        wages = np.int64(workers * r.wage[town] + 0.5)
        tax = np.int64(output * r.tax + 0.5)
        paid = np.int64(max(np.int64(0), f.debt[i]) * r.service + 0.5)
        back = np.int64(tax * r.rebate[town] + 0.5)
        profit = output - inputs - wages - tax - paid + back
        share = np.int64((3 * max(np.int64(0), profit) + 0.5) * 0.2)
        f.margin[i] = 0.7 * f.margin[i] + 0.3 * (profit / max(np.int64(1), output))
        f.cash[i] += profit - share
        f.debt[i] -= np.int64((2 * paid + 0.5) * (1.0 / 3.0))
        # All loads before all stores, so that the row of the town is read and written in a few wide words.
        s0, s1, s2, s3 = sums[town, 0] + output, sums[town, 1] + inputs, sums[town, 2] + wages, sums[town, 3] + tax
        s4, s5, s6, s7 = sums[town, 4] + paid, sums[town, 5] + share, sums[town, 6] + back, sums[town, 7] + 1
        sums[town, 0], sums[town, 1], sums[town, 2], sums[town, 3] = s0, s1, s2, s3
        sums[town, 4], sums[town, 5], sums[town, 6], sums[town, 7] = s4, s5, s6, s7


@kernel
def work(
    f: FirmColumns,
    n: int,
    t: int,
    opens: np.uint64,
    grows: np.uint64,
    rates: Rates,
    operate_share: float,
    first_growth: float,
    later_growth: float,
    room: NDArray[np.float64],
    sums: NDArray[np.int64],
) -> None:
    """One quarter of every firm; ``sums`` (T, 8) receives output, inputs, wages, tax, debt service, dividends,
    rebate, firms open.
    """
    sums[:] = 0
    slow = operate_share * (1.0 - OPENS_AT_ONCE) / max(1e-9, 1.0 - operate_share * OPENS_AT_ONCE)
    open_up(f, n, t, opens, slow)
    grow(f, n, t, grows, rates.cycle, first_growth, later_growth, room)
    rows = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        rows[count] = i
        count += int(f.state[i] == OPERATING)
    trade(f, rows[:count], rates, sums)


def town_level(p: Province) -> NDArray[np.float64]:
    """Output of one worker of average productivity, 万元 a quarter, by town (density elasticity F54)."""
    density = (1.0 + p.towns.jobs / 1000.0) / 5.0
    gain = exp(p.behaviour["agglomeration.elasticity"] * log(density))
    talent = 1.0 + 0.15 * np.minimum(1.0, 20.0 * p.towns.talents / (1.0 + p.towns.jobs))
    usual = p.behaviour["firm.output_per_worker"] / 4.0
    level: NDArray[np.float64] = usual * gain * talent * p.places.productivity[p.places.towns.county]
    return level


def operate(p: Province) -> None:
    """Step 9: produce, pay, grow; post the flows of every town's enterprises."""
    b, t, d = p.behaviour, p.t, p.draws
    f, n = p.firms.columns, p.firms.n
    room = np.maximum(0.0, 1.0 - p.towns.jobs / staff_limit(p))
    rates = Rates(
        town_level(p),
        p.places.wage / 4.0,
        p.economy.cycle,
        np.maximum(0.0, p.offer.firm_rebate),
        p.constants["firm.inputs_share"],
        b["treasury.tax_output"],
        p.constants["firm.debt_service"],
    )
    opens, grows = d.stream(PROSPECT_OPERATES, 1), d.stream(OPERATE_GROWTH, t)
    first, later = b["growth.first_year"], b["growth.later"]
    work(f, n, t, opens, grows, rates, b["entry.operate_share"], first, later, room, p.scratch.sums)
    flow = np.ascontiguousarray(p.scratch.sums.T)
    p.towns.output[t] = flow[0]
    p.towns.tax[t] = flow[3]
    chart, money = p.books.chart, p.money
    firms, out = chart.of(Kind.ENTERPRISE), chart.of(Kind.OUTSIDE)
    money.post(REVENUE, out, firms, flow[0])
    money.post(INPUTS, firms, out, flow[1])
    money.post(WAGES, firms, chart.of(Kind.HOUSEHOLD), flow[2])
    money.post(DEBT_SERVICE, firms, p.books.town_bank, flow[4])
    money.post(DIVIDEND, firms, out, flow[5])
    support = np.floor(flow[6] * p.offer.support / np.maximum(1e-12, p.offer.firm_rebate)).astype(np.int64)
    money.post(SUPPORT_FUND, p.policy.grant.payer(p), firms, support, clause="PY-FUND-1")
    money.post(REBATE_FIRM, p.books.county_account, firms, flow[6] - support, clause="ZJ-FISC-1")
