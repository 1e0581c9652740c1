"""Closure and relocation of enterprises.

Exit (step 10): the yearly closure hazard of F40 by age, times ``(employees/12) ** size_slope`` and
``1 + margin_slope·(margin − usual)``, turned into a quarter's hazard.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.agents.enterprise import recount
from sim.agents.location import PROSPECT_HOME, PROSPECT_KNOWS, PROSPECT_NEST, PROSPECT_TYPE, Streams, choose
from sim.engine.draws import decision, uniform
from sim.engine.kernel import kernel
from sim.engine.numeric import exp, log, log_
from sim.state.books import DIVIDEND, EQUITY, Kind
from sim.state.choice import Choice, Notes
from sim.state.people import ANCHOR, GONE, OPERATING
from sim.state.populations import FirmColumns
from sim.state.province import Province

LEAVE_CLOSE = decision("leave.close")
LEAVE_RELOCATE = decision("leave.relocate")
LEAVE_TOWN = decision("leave.town")

AGES = 60
"""Length of the hazard table, quarters."""


@lru_cache(maxsize=8)
def hazard_table(year1: float, year2: float, year3: float, years4_7: float, later: float) -> NDArray[np.float64]:
    """Quarterly closure hazard by age in quarters, shape (AGES,), from the yearly hazards of F40."""
    yearly = np.full(AGES, later)
    for year, value in enumerate([year1, year2, year3, *[years4_7] * 4]):
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
        state = f.state[i]
        age = min(hazard.size - 1, max(0, t - f.born[i]))
        year = min(exposed.size - 1, age // 4)
        exposed[year] += 1 if state != GONE else 0
        works = state == OPERATING
        size = size_factor[min(size_factor.size - 1, f.employees[i])]
        poor = min(4.0, max(0.25, 1.0 + margin_slope * 4.0 * (f.margin[i] - usual)))
        h = hazard[age] * (size if works else 1.0) * (poor if works else 1.0)
        if (state != GONE) & (uniform(stream, f.key[i]) < h):
            gone[year] += 1
            left[f.town[i]] += 1
            if f.cash[i] >= 0:
                refund[f.town[i]] += f.cash[i]
            else:
                shortfall[f.town[i]] -= f.cash[i]
            f.cash[i] = 0
            f.state[i] = GONE


@lru_cache(maxsize=8)
def size_factors(slope: float) -> NDArray[np.float64]:
    """(employees / 6.2) ** slope for 0..2000 employees, scaled so that the usual mix of sizes has mean one."""
    workers = np.maximum(1.0, np.arange(2001.0))
    return exp(slope * (log(workers) - log_(12.0)))


def leave(p: Province) -> None:
    """Step 10: closures and rare relocations; closed rows are removed."""
    t, f, b = p.t, p.firms.columns, p.behaviour
    refund, shortfall = p.scratch.town(0), p.scratch.town(1)
    close(
        f,
        p.firms.n,
        t,
        p.draws.stream(LEAVE_CLOSE, t),
        hazard_table(*(b[f"exit.hazard_{name}"] for name in ("year1", "year2", "year3", "years4_7", "later"))),
        size_factors(b["exit.size_slope"]),
        b["exit.margin_slope"],
        b["firm.margin"],
        p.diary.exposed[p.clock.year_index],
        p.diary.gone[p.clock.year_index],
        p.towns.exits[t],
        refund,
        shortfall,
    )
    firms, out = p.books.chart.of(Kind.ENTERPRISE), p.books.chart.of(Kind.OUTSIDE)
    p.money.post(DIVIDEND, firms, out, refund)
    p.money.post(EQUITY, out, firms, shortfall)
    relocate(p)
    p.firms.keep(p.firms.live("state") != GONE)
    recount(p)


@kernel
def move(
    f: FirmColumns,
    n: int,
    who: np.uint64,
    rate: float,
    streams: Streams,
    choice: Choice,
    home: NDArray[np.int64],
    notes: Notes,
    moved: NDArray[np.int64],
) -> None:
    """Let a few operating firms look for a better town; move them and the cash on their books."""
    rows = np.empty(n, dtype=np.int64)
    looking = 0
    for k in range(n):
        rows[looking] = k
        asks = (f.state[k] == OPERATING) & (f.kind[k] != ANCHOR) & (uniform(who, f.key[k]) < rate)
        looking += 1 if asks else 0
    rows = rows[:looking]
    place = home[f.town[rows]].astype(np.int16)
    town = np.empty(looking, dtype=np.int32)
    choose(f.key[rows], f.industry[rows], place, 0, streams, choice, notes, town)
    for j in range(looking):
        k, new = rows[j], town[j]
        old, i, h = f.town[k], f.industry[k], place[j]
        if new >= 0 and choice.weight[i, 0, h, new] > choice.weight[i, 0, h, old]:
            moved[old] -= f.cash[k]
            moved[new] += f.cash[k]
            f.town[k] = new


def relocate(p: Province) -> None:
    """Rare moves, once a year: ``choice.displacement`` times 2 % of operating firms look for a better town (F53b)."""
    if p.clock.quarter.q != 4 or p.scratch.choice is None:
        return
    moved = p.scratch.town(2)
    moved[:] = 0
    s, t = p.draws.stream, p.t
    streams = Streams(
        s(PROSPECT_KNOWS, 5000 + t), s(LEAVE_TOWN), s(PROSPECT_NEST, 5000 + t),
        s(PROSPECT_TYPE), s(PROSPECT_HOME),
    )  # fmt: skip
    who, rate, home = s(LEAVE_RELOCATE, t), p.behaviour["choice.displacement"] * 0.02, p.places.towns.prefecture
    move(p.firms.columns, p.firms.n, who, rate, streams, p.scratch.choice, home, p.scratch.notes, moved)
    firms, out = p.books.chart.of(Kind.ENTERPRISE), p.books.chart.of(Kind.OUTSIDE)
    p.money.post(DIVIDEND, firms, out, np.maximum(0, -moved))
    p.money.post(EQUITY, out, firms, np.maximum(0, moved))
