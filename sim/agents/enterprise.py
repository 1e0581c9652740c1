"""Enterprises at work: output, wages, tax, profit, growth.

Operation (step 9), per firm and quarter, 万元::

    output  = workers · output_per_worker/4 · own productivity · town productivity · industry cycle
    town productivity = (1 + jobs/1000) ** elasticity, normalised at 4,000 jobs        (F54)
    profit  = output·(1 − inputs) − workers·wage/4 − tax_output·output − debt service + rebate passed through

Entry is :mod:`sim.agents.entry`, closure and relocation :mod:`sim.agents.closure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import FirmColumns
from sim.agents.location import industry_counts, staff_limit
from sim.compiled import inline, kernel
from sim.draws import Decision, uniform
from sim.ledger import Kind, Reason
from sim.numeric import exp, log

if TYPE_CHECKING:
    from sim.province import Province

REGISTERED, OPERATING = 1, 2
SME, SMALL = 1, 2
BLOCK = 512
"""Firms whose accounts are made together."""
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
        count += 1 if (f.state[i] == REGISTERED) & (t - f.born[i] <= 4) else 0
    for i in young[:count]:
        age = t - f.born[i]
        if age >= 1 and uniform(opens, f.key[i] + np.uint64(age)) < slow / (4.0 - slow * (age - 1)):
            f.state[i] = OPERATING


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
        count += 1 if due & (f.state[i] == OPERATING) & (t > f.born[i]) else 0
    for i in now[:count]:
        rate = (first if t - f.born[i] <= 4 else later) * room[f.town[i]] * cycle[f.industry[i]]
        rate += 0.5 * (f.margin[i] - 0.06)
        f.employees[i] = max(1, int(f.employees[i] * (1.0 + rate) + uniform(grows, f.key[i])))


class Rates(NamedTuple):
    """What decides about the accounts of firms: levels by town (T,), the cycle by industry, shares of output or debt."""

    level: NDArray[np.float64]
    wage: NDArray[np.float64]
    cycle: NDArray[np.float64]
    rebate: NDArray[np.float64]
    inputs: float
    tax: float
    service: float


@inline
def sell(f: FirmColumns, lo: int, hi: int, r: Rates, flow: NDArray[np.int64]) -> None:
    """Output, inputs, wages, tax and rebate of firms ``lo`` to ``hi``, into rows 0, 1, 2, 3 and 6 of ``flow``."""
    output, inputs, wages, tax, back = flow[0], flow[1], flow[2], flow[3], flow[6]
    town, workers = f.town[lo:hi], f.employees[lo:hi]
    productivity, industry = f.productivity[lo:hi], f.industry[lo:hi]
    for j in range(hi - lo):
        place = np.uint32(town[j])
        output[j] = np.int64(workers[j] * r.level[place] * productivity[j] * r.cycle[np.uint8(industry[j])] + 0.5)
        wages[j] = np.int64(workers[j] * r.wage[place] + 0.5)
    for j in range(hi - lo):
        inputs[j] = np.int64(output[j] * r.inputs + 0.5)
        due = np.int64(output[j] * r.tax + 0.5)
        tax[j] = due
        back[j] = np.int64(due * r.rebate[np.uint32(town[j])] + 0.5)


@inline
def serve(state: NDArray[np.int8], debt: NDArray[np.int64], rate: float, paid: NDArray[np.int64]) -> None:
    """Serve debts: two thirds of what is paid reduce them (a third times a whole number and a half, cut, is exact)."""
    for j in range(state.size):
        owed = debt[j]
        due = np.int64(max(0, owed) * rate + 0.5)
        paid[j] = due
        debt[j] = owed - (np.int64((2 * due + 0.5) * (1.0 / 3.0)) if state[j] == OPERATING else 0)


@inline
def settle(
    state: NDArray[np.int8], margin: NDArray[np.float64], cash: NDArray[np.int64], flow: NDArray[np.int64]
) -> None:
    """Profit, margin, dividends of three fifths (row 5 of ``flow``) and cash of the firms that operate."""
    output, inputs, wages, tax, paid, share, back, profit = flow
    for j in range(state.size):
        profit[j] = output[j] - inputs[j] - wages[j] - tax[j] - paid[j] + back[j]
    for j in range(state.size):
        works = state[j] == OPERATING
        new = 0.7 * margin[j] + 0.3 * (profit[j] / max(1, output[j]))
        margin[j] = new if works else margin[j]
        part = np.int64((3 * max(0, profit[j]) + 0.5) * 0.2)
        share[j] = part
        cash[j] += profit[j] - part if works else 0


@inline
def add_up(state: NDArray[np.int8], town: NDArray[np.int32], flow: NDArray[np.int64], sums: NDArray[np.int64]) -> None:
    """Add the flows of firms to their towns' rows; the last row takes what firms that do not operate would have."""
    none = sums.shape[0] - 1
    for j in range(state.size):
        place = np.uint32(town[j] if state[j] == OPERATING else none)
        s0, s1 = sums[place, 0] + flow[0, j], sums[place, 1] + flow[1, j]
        s2, s3 = sums[place, 2] + flow[2, j], sums[place, 3] + flow[3, j]
        s4, s5 = sums[place, 4] + flow[4, j], sums[place, 5] + flow[5, j]
        s6, s7 = sums[place, 6] + flow[6, j], sums[place, 7] + 1
        sums[place, 0], sums[place, 1], sums[place, 2], sums[place, 3] = s0, s1, s2, s3
        sums[place, 4], sums[place, 5], sums[place, 6], sums[place, 7] = s4, s5, s6, s7


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
    """One quarter of every firm, a block of firms at a time so that the loops stay in the nearest memory and run wide.

    ``sums`` (T + 1, 8) receives output, inputs, wages, tax, debt service, dividends, rebate, firms open by town.
    """
    sums[:] = 0
    slow = operate_share * (1.0 - OPENS_AT_ONCE) / max(1e-9, 1.0 - operate_share * OPENS_AT_ONCE)
    open_up(f, n, t, opens, slow)
    grow(f, n, t, grows, rates.cycle, first_growth, later_growth, room)
    flow = np.empty((8, BLOCK), dtype=np.int64)
    for lo in range(0, n, BLOCK):
        hi = min(n, lo + BLOCK)
        state = f.state[lo:hi]
        sell(f, lo, hi, rates, flow)
        serve(state, f.debt[lo:hi], rates.service, flow[4])
        settle(state, f.margin[lo:hi], f.cash[lo:hi], flow)
        add_up(state, f.town[lo:hi], flow, sums)


def town_level(p: Province) -> NDArray[np.float64]:
    """Output of one worker of average productivity, 万元 a quarter, by town (density elasticity F54)."""
    density = (1.0 + p.towns.jobs / 1000.0) / 5.0
    gain = exp(p.b["agglomeration.elasticity"] * log(density))
    talent = 1.0 + 0.15 * np.minimum(1.0, 20.0 * p.towns.talents / (1.0 + p.towns.jobs))
    return p.b["firm.output_per_worker"] / 4.0 * gain * talent * p.county_productivity[p.geography.towns.county]


def operate(p: Province) -> None:
    """Step 9: produce, pay, grow; post the flows of every town's enterprises."""
    b, t, d = p.b, p.t, p.draws
    f, n = p.firms.columns, p.firms.n
    room = np.maximum(0.0, 1.0 - p.towns.jobs / staff_limit(p))
    rates = Rates(
        town_level(p), p.wage / 4.0, p.cycle, np.maximum(0.0, p.firm_rebate), p.c["firm.inputs_share"],
        b["treasury.tax_output"], p.c["firm.debt_service"],
    )  # fmt: skip
    opens, grows = d.stream(Decision.PROSPECT_OPERATES, 1), d.stream(Decision.OPERATE_GROWTH, t)
    first, later = b["growth.first_year"], b["growth.later"]
    work(f, n, t, opens, grows, rates, b["entry.operate_share"], first, later, room, p.work_sums)
    flow = np.ascontiguousarray(p.sums.T)
    p.towns.output[t] = flow[0]
    p.towns.tax[t] = flow[3]
    chart, money = p.chart, p.money
    firms, out = chart.of(Kind.ENTERPRISE), chart.of(Kind.OUTSIDE)
    money.post(Reason.REVENUE, out, firms, flow[0])
    money.post(Reason.INPUTS, firms, out, flow[1])
    money.post(Reason.WAGES, firms, chart.of(Kind.HOUSEHOLD), flow[2])
    money.post(Reason.DEBT_SERVICE, firms, p.town_bank, flow[4])
    money.post(Reason.DIVIDEND, firms, out, flow[5])
    support = np.floor(flow[6] * p.offer.support / np.maximum(1e-12, p.firm_rebate)).astype(np.int64)
    money.post(Reason.SUPPORT_FUND, p.county_account, firms, support, clause="PY-FUND-1")
    money.post(Reason.REBATE_FIRM, p.county_account, firms, flow[6] - support, clause="ZJ-FISC-1")
