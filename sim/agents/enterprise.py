"""Enterprises from registration to closure: entry, operation, growth, exit, relocation.

Entry (step 4). Every quarter a fixed number of prospective small firms looks for a place (:mod:`sim.agents.location`).
A share ``entry.operate_share`` of those that register ever operates (F41: 69.6 %), two fifths of them at once.

Operation (step 9), per firm and quarter, 万元::

    output  = workers · output_per_worker/4 · own productivity · town productivity · industry cycle
    town productivity = (1 + jobs/1000) ** elasticity, normalised at 4,000 jobs        (F54)
    profit  = output·(1 − inputs) − workers·wage/4 − tax_output·output − debt service + rebate passed through

Exit (step 10): the yearly closure hazard of F40 by age, times ``(employees/6.2) ** size_slope`` and
``1 + margin_slope·(margin − usual)``, turned into a quarter's hazard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import FirmColumns
from sim.agents.location import choose, industry_counts, locate
from sim.compiled import kernel
from sim.draws import Decision, child_key, uniform
from sim.ledger import Kind, Reason
from sim.numeric import exp_, log_, normal_quantile

if TYPE_CHECKING:
    from sim.province import Province

REGISTERED, OPERATING = 1, 2
SME, SMALL = 1, 2
AGES = 60
"""Length of the hazard table, quarters."""
_OPENS_AT_ONCE = 0.58
"""Share of eventual operators that operate at registration (F41: 40.4 % of 69.9 %)."""


def recount(p: Province) -> None:
    """Refresh firms, jobs and industry counts of every town."""
    f = p.firms.columns
    industry_counts(f.town, f.industry, f.state, f.employees, p.firms.n, p.towns.same, p.towns.firms, p.towns.jobs)


# --- step 4: prospect ------------------------------------------------------------------------------------------------


@kernel
def enter(
    count: int,
    root: np.uint64,
    knows: np.uint64,
    tastes: np.uint64,
    nest: np.uint64,
    types: np.uint64,
    homes: np.uint64,
    capital: np.uint64,
    staff: np.uint64,
    quality: np.uint64,
    opens: np.uint64,
    industry_mix: NDArray[np.float64],
    home_mix: NDArray[np.float64],
    weight: NDArray[np.float64],
    known: NDArray[np.float64],
    guide: NDArray[np.int64],
    scale: float,
    outside: float,
    seen: NDArray[np.int64],
    minimum: float,
    scope: float,
    operate_share: float,
    log_staff: float,
    staff_sd: float,
    sme_staff: float,
    out_town: NDArray[np.int32],
    out: FirmColumns,
) -> int:
    """Let ``count`` prospective firms choose; fill ``out`` with those that register and return how many did."""
    made = 0
    for k in range(count):
        key = child_key(root, np.uint64(k))
        industry = locate(industry_mix, uniform(types, key))
        home = locate(home_mix, uniform(homes, key))
        u = uniform(capital, key)
        if u < scope and exp_(6.4 + normal_quantile(u / scope)) < minimum:
            continue  # asks for the provincial name but cannot register the capital (ZJ/YW-REG-1)
        town = choose(
            key,
            knows,
            tastes,
            nest,
            weight[industry, 0, home],
            known[industry, home],
            guide[industry, home],
            scale,
            outside,
            seen,
        )
        if town < 0:
            continue
        z = normal_quantile(uniform(staff, key))
        sme = (key >> np.uint64(7)) % np.uint64(100) < np.uint64(12)
        size = exp_((log_(sme_staff) if sme else log_(log_staff)) + staff_sd * z)
        o = uniform(opens, key)
        out_town[made] = town
        out.key[made] = key
        out.industry[made] = industry
        out.kind[made] = SME if sme else SMALL
        out.employees[made] = max(1, int(size + 0.5))
        out.productivity[made] = exp_(0.35 * normal_quantile(uniform(quality, key)) - 0.06)
        out.state[made] = OPERATING if o < operate_share * _OPENS_AT_ONCE else REGISTERED
        made += 1
    return made


def prospects(p: Province) -> None:
    """Step 4, small firms: prospects choose a town and register."""
    b, d, t = p.b, p.draws, p.t
    count = int(b["entry.rate"] * p.towns.size / 4.0 * p.cycle_mean + 0.5)
    buffer, towns = p.scratch_firms(count)
    s = d.stream
    made = enter(
        count,
        s(Decision.PROSPECT_TYPE, -1000 - t),
        s(Decision.PROSPECT_KNOWS, t),
        s(Decision.PROSPECT_TOWN),
        s(Decision.PROSPECT_NEST),
        s(Decision.PROSPECT_TYPE),
        s(Decision.PROSPECT_HOME),
        s(Decision.PROSPECT_BUDGET),
        s(Decision.PROSPECT_STAFF),
        s(Decision.PROSPECT_QUALITY),
        s(Decision.PROSPECT_OPERATES),
        p.industry_mix,
        p.home_mix,
        p.choice.weight,
        p.choice.known,
        p.choice.guide,
        p.choice.scale,
        p.choice.outside,
        p.seen,
        p.offer.capital,
        p.offer.capital_scope,
        b["entry.operate_share"],
        b["entry.staff"],
        b["entry.staff_log_sd"],
        b["firm.staff_established"],
        towns,
        buffer,
    )
    p.firms.append(
        key=buffer.key[:made],
        town=towns[:made],
        industry=buffer.industry[:made],
        kind=buffer.kind[:made],
        state=buffer.state[:made],
        employees=buffer.employees[:made],
        productivity=buffer.productivity[:made],
        born=np.full(made, t, dtype=np.int32),
        margin=np.full(made, b["firm.margin"]),
    )
    np.add.at(p.towns.entrants[t], towns[:made], 1)


# --- step 9: operate -------------------------------------------------------------------------------------------------


@kernel
def work(
    f: FirmColumns,
    n: int,
    t: int,
    opens: np.uint64,
    grows: np.uint64,
    level: NDArray[np.float64],
    wage: NDArray[np.float64],
    cycle: NDArray[np.float64],
    rebate: NDArray[np.float64],
    inputs_share: float,
    tax_rate: float,
    service: float,
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
    slow = operate_share * (1.0 - _OPENS_AT_ONCE) / max(1e-9, 1.0 - operate_share * _OPENS_AT_ONCE)
    for i in range(n):
        if f.state[i] == REGISTERED:
            age = t - f.born[i]
            if 1 <= age <= 4 and uniform(opens, f.key[i] + np.uint64(age)) < slow / (4.0 - slow * (age - 1)):
                f.state[i] = OPERATING
        if f.state[i] != OPERATING:
            continue
        town = f.town[i]
        if (np.uint64(t) + f.key[i]) & np.uint64(3) == np.uint64(0) and t > f.born[i]:
            rate = (first_growth if t - f.born[i] <= 4 else later_growth) * room[town] * cycle[f.industry[i]]
            rate += 0.5 * (f.margin[i] - 0.06)
            f.employees[i] = max(1, int(f.employees[i] * (1.0 + rate) + uniform(grows, f.key[i])))
        workers = f.employees[i]
        output = int(workers * level[town] * f.productivity[i] * cycle[f.industry[i]] + 0.5)
        inputs = int(output * inputs_share + 0.5)
        wages = int(workers * wage[town] + 0.5)
        tax = int(output * tax_rate + 0.5)
        paid = int(f.debt[i] * service + 0.5)
        back = int(tax * rebate[town] + 0.5)
        profit = output - inputs - wages - tax - paid + back
        f.margin[i] = 0.7 * f.margin[i] + 0.3 * (profit / max(1, output))
        share = max(0, (3 * profit) // 5)
        f.cash[i] += profit - share
        f.debt[i] -= (paid * 2) // 3
        sums[town, 0] += output
        sums[town, 1] += inputs
        sums[town, 2] += wages
        sums[town, 3] += tax
        sums[town, 4] += paid
        sums[town, 5] += share
        sums[town, 6] += back
        sums[town, 7] += 1


def town_level(p: Province) -> NDArray[np.float64]:
    """Output of one worker of average productivity, 万元 a quarter, by town (density elasticity F54)."""
    from sim.numeric import exp, log

    density = (1.0 + p.towns.jobs / 1000.0) / 5.0
    gain = exp(p.b["agglomeration.elasticity"] * log(density))
    talent = 1.0 + 0.15 * np.minimum(1.0, 20.0 * p.towns.talents / (1.0 + p.towns.jobs))
    return p.b["firm.output_per_worker"] / 4.0 * gain * talent * p.county_productivity[p.geography.towns.county]


def operate(p: Province) -> None:
    """Step 9: produce, pay, grow; post the flows of every town's enterprises."""
    b, t, d = p.b, p.t, p.draws
    f, n = p.firms.columns, p.firms.n
    room = np.maximum(0.0, 1.0 - p.towns.jobs / b["growth.saturation_jobs"])
    wage = p.wage / 4.0
    sums = p.sums
    work(
        f,
        n,
        t,
        d.stream(Decision.PROSPECT_OPERATES, 1),
        d.stream(Decision.OPERATE_GROWTH, t),
        town_level(p),
        wage,
        p.cycle,
        p.firm_rebate,
        p.c["firm.inputs_share"],
        b["treasury.tax_output"],
        p.c["firm.debt_service"],
        b["entry.operate_share"],
        b["growth.first_year"],
        b["growth.later"],
        room,
        sums,
    )
    flow = np.ascontiguousarray(sums.T)
    p.towns.output[t] = flow[0]
    p.towns.tax[t] = flow[3]
    chart, money = p.chart, p.money
    firms, out = chart.of(Kind.ENTERPRISE), chart.of(Kind.OUTSIDE)
    money.post(Reason.REVENUE, out, firms, flow[0])
    money.post(Reason.INPUTS, firms, out, flow[1])
    money.post(Reason.WAGES, firms, chart.of(Kind.HOUSEHOLD), flow[2])
    money.post(Reason.DEBT_SERVICE, firms, p.town_bank, flow[4])
    money.post(Reason.DIVIDEND, firms, out, flow[5])
    money.post(Reason.REBATE_FIRM, p.county_account, firms, flow[6], clause="ZJ-FISC-1")


# --- step 10: leave --------------------------------------------------------------------------------------------------


def hazard_table(p: Province) -> NDArray[np.float64]:
    """Quarterly closure hazard by age in quarters, shape (AGES,), from the yearly hazards of F40."""
    b = p.b
    by_year = [b["exit.hazard_year1"], b["exit.hazard_year2"], b["exit.hazard_year3"]] + [b["exit.hazard_years4_7"]] * 4
    yearly = np.full(AGES, b["exit.hazard_later"])
    for year, value in enumerate(by_year):
        yearly[4 * year : 4 * year + 4] = value
    return 1.0 - np.sqrt(np.sqrt(1.0 - yearly))


@kernel
def close(
    f: FirmColumns,
    n: int,
    t: int,
    stream: np.uint64,
    hazard: NDArray[np.float64],
    size_factor: NDArray[np.float64],
    margin_slope: float,
    usual: float,
    exposed: NDArray[np.int64],
    gone: NDArray[np.int64],
    left: NDArray[np.int64],
    refund: NDArray[np.int64],
    shortfall: NDArray[np.int64],
) -> None:
    """Close firms; count exposure and exits by year of age, and settle the cash of those that close."""
    left[:] = 0
    refund[:] = 0
    shortfall[:] = 0
    for i in range(n):
        if f.state[i] == 0:
            continue
        age = min(hazard.size - 1, max(0, t - f.born[i]))
        year = min(exposed.size - 1, age // 4)
        exposed[year] += 1
        h = hazard[age]
        if f.state[i] == OPERATING:
            h *= size_factor[min(size_factor.size - 1, f.employees[i])]
            h *= min(4.0, max(0.25, 1.0 + margin_slope * 4.0 * (f.margin[i] - usual)))
        if uniform(stream, f.key[i]) < h:
            gone[year] += 1
            left[f.town[i]] += 1
            if f.cash[i] >= 0:
                refund[f.town[i]] += f.cash[i]
            else:
                shortfall[f.town[i]] -= f.cash[i]
            f.cash[i] = 0
            f.state[i] = 0


def size_factors(slope: float) -> NDArray[np.float64]:
    """(employees / 6.2) ** slope for 0..2000 employees, scaled so that the usual mix of sizes has mean one."""
    from sim.numeric import exp, log

    workers = np.maximum(1.0, np.arange(2001.0))
    return exp(slope * (log(workers) - log_(12.0)))


def leave(p: Province) -> None:
    """Step 10: closures and rare relocations; closed rows are removed."""
    t, f = p.t, p.firms.columns
    refund, shortfall = p.town_scratch(0), p.town_scratch(1)
    close(
        f,
        p.firms.n,
        t,
        p.draws.stream(Decision.LEAVE_CLOSE, t),
        p.hazard,
        p.size_factor,
        p.b["exit.margin_slope"],
        p.usual_margin,
        p.exposed[p.year_index],
        p.gone[p.year_index],
        p.towns.exits[t],
        refund,
        shortfall,
    )
    firms, out = p.chart.of(Kind.ENTERPRISE), p.chart.of(Kind.OUTSIDE)
    p.money.post(Reason.DIVIDEND, firms, out, refund)
    p.money.post(Reason.EQUITY, out, firms, shortfall)
    relocate(p)
    p.firms.keep(p.firms.live("state") > 0)
    recount(p)


@kernel
def move(
    f: FirmColumns,
    n: int,
    who: np.uint64,
    knows: np.uint64,
    tastes: np.uint64,
    nest: np.uint64,
    rate: float,
    weight: NDArray[np.float64],
    known: NDArray[np.float64],
    guide: NDArray[np.int64],
    home: NDArray[np.int64],
    scale: float,
    outside: float,
    seen: NDArray[np.int64],
    moved: NDArray[np.int64],
) -> int:
    """Let a few operating firms look for a better town; move them and the cash on their books."""
    count = 0
    for i in range(n):
        if f.state[i] != OPERATING or f.kind[i] == 0 or uniform(who, f.key[i]) >= rate:
            continue
        old, industry = f.town[i], f.industry[i]
        h = home[old]
        new = choose(
            f.key[i],
            knows,
            tastes,
            nest,
            weight[industry, 0, h],
            known[industry, h],
            guide[industry, h],
            scale,
            outside,
            seen,
        )
        if new >= 0 and weight[industry, 0, home[old], new] > weight[industry, 0, home[old], old]:
            moved[old] -= f.cash[i]
            moved[new] += f.cash[i]
            f.town[i] = new
            count += 1
    return count


def relocate(p: Province) -> None:
    """Rare moves between towns: ``choice.displacement`` times 2 % of operating firms look each year (F53b)."""
    moved = p.town_scratch(2)
    moved[:] = 0
    s, c = p.draws.stream, p.choice
    move(
        p.firms.columns,
        p.firms.n,
        s(Decision.LEAVE_RELOCATE, p.t),
        s(Decision.PROSPECT_KNOWS, 5000 + p.t),
        s(Decision.LEAVE_TOWN),
        s(Decision.PROSPECT_NEST, 5000 + p.t),
        p.b["choice.displacement"] * 0.02 / 4.0,
        c.weight,
        c.known,
        c.guide,
        p.geography.towns.prefecture,
        c.scale,
        c.outside,
        p.seen,
        moved,
    )
    firms, out = p.chart.of(Kind.ENTERPRISE), p.chart.of(Kind.OUTSIDE)
    p.money.post(Reason.DIVIDEND, firms, out, np.maximum(0, -moved))
    p.money.post(Reason.EQUITY, out, firms, np.maximum(0, moved))
