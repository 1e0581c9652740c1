"""Building (step 8): projects spend along the S-curve 3x² − 2x³ of progress, and finish or are abandoned.

Speed is one over the planned duration, times 1 + ``effort.build_speed``·(effort − ½), and in the last two quarters of
a year times the rush of a town that lags behind its target. A finished project becomes an enterprise with
``project.jobs_per_100m`` jobs a 亿元; the land of an abandoned one lies idle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents.entry import PROSPECT_QUALITY, PROSPECT_STAFF
from sim.engine.draws import decision, uniform
from sim.engine.kernel import kernel
from sim.engine.ledger import reason
from sim.engine.numeric import exp
from sim.state.books import EQUITY, SOCIAL_CAPITAL, Kind
from sim.state.people import ABANDONED, ANCHOR, BUILDING, DONE, OPERATING, SME
from sim.state.populations import ProjectColumns
from sim.state.province import Province

LOAN = reason("money", "loan", "银行贷款", "bank loans")
GOVERNMENT_SHARE = reason("money", "government_share", "政府出资", "government share of projects")
BUILDING_COST = reason("money", "building", "项目建设支出", "project building")
BUILD_ABANDON = decision("build.abandon")


@kernel
def spend(
    c: ProjectColumns,
    n: int,
    t: int,
    abandon: np.uint64,
    hazard: float,
    speed: NDArray[np.float64],
    sums: NDArray[np.int64],
    returned: NDArray[np.int64],
    given_up: NDArray[np.int64],
) -> None:
    """One quarter of building; ``sums`` (6, T): core, other, own, bank, social, government money spent."""
    sums[:] = 0
    returned[:] = 0
    for i in range(n):
        if c.stage[i] != BUILDING:
            continue
        town = c.town[i]
        if uniform(abandon, c.key[i]) < hazard:
            c.stage[i] = ABANDONED
            c.changed[i] = t
            returned[town] += c.held[i]
            given_up[0] += 1
            continue
        x0 = c.progress[i]
        x1 = min(1.0, x0 + speed[town] / c.duration[i])
        c.progress[i] = x1
        due = int(c.budget[i] * c.cost[i] * x1 * x1 * (3.0 - 2.0 * x1) + 0.5)
        step = due - c.spent[i]
        c.spent[i] = due
        bank, social = int(step * c.bank[i]), int(step * c.social[i])
        public = int(step * c.government[i])
        sums[0 if c.core[i] == 1 else 1, town] += step
        sums[2, town] += step - bank - social - public
        sums[3, town] += bank
        sums[4, town] += social
        sums[5, town] += public
        if x1 >= 1.0:
            c.stage[i] = DONE
            c.changed[i] = t


def pace(p: Province) -> NDArray[np.float64]:
    """Speed of building by town: effort, and the rush to make the year's target in its last two quarters."""
    s, b = p.towns, p.behaviour
    speed = 1.0 + b["effort.build_speed"] * (s.effort - 0.5)
    if p.clock.quarter.q >= 3:
        speed = speed + 2.0 * s.effort * p.policy.shortfall(p)
    return np.maximum(0.2, speed)


def build(p: Province) -> None:
    """Step 8: spend on projects, works and housing; finish or abandon projects."""
    s, t, chart = p.towns, p.t, p.books.chart
    sums, returned = np.zeros((6, s.size), dtype=np.int64), p.scratch.town(0)
    hazard = p.behaviour["project.abandon"] * (2.0 - p.economy.credit)
    spend(
        p.projects.columns,
        p.projects.n,
        t,
        p.draws.stream(BUILD_ABANDON, t),
        hazard,
        pace(p),
        sums,
        returned,
        p.diary.abandoned[t : t + 1],
    )
    s.core[t] += sums[0]
    s.other[t] += sums[1]
    s.lent[t] += sums[3]
    s.social[t] += sums[4]
    s.government[t] += sums[5]
    firms, out = chart.of(Kind.ENTERPRISE), chart.of(Kind.OUTSIDE)
    p.money.post(EQUITY, out, firms, sums[2])
    p.money.post(LOAN, p.books.town_bank, firms, sums[3])
    p.money.post(SOCIAL_CAPITAL, p.books.town_fund, firms, sums[4])
    p.money.post(GOVERNMENT_SHARE, p.books.county_account, firms, sums[5])
    p.money.post(BUILDING_COST, firms, out, sums[0] + sums[1])
    s.idle += returned
    s.supplied -= returned
    finish(p)
    p.projects.keep(p.projects.live("stage") < DONE)


def finish(p: Province) -> None:
    """Turn finished projects into enterprises."""
    c = p.projects.columns
    done = np.flatnonzero(p.projects.live("stage") == DONE)
    if done.size == 0:
        return
    d, b = p.draws, p.behaviour
    keys, town, budget = c.key[done], c.town[done], c.budget[done]
    spread = exp(0.35 * d.normals(PROSPECT_STAFF, keys))
    staff = np.maximum(3, np.rint(b["project.jobs_per_100m"] * budget / 10000.0 * spread * 0.9)).astype(np.int32)
    quality = 1.0 + 0.2 * d.normals(PROSPECT_QUALITY, keys)
    p.firms.append(
        key=keys,
        town=town,
        industry=c.industry[done],
        kind=np.where(budget >= 10000, ANCHOR, SME).astype(np.int8),
        state=np.full(done.size, OPERATING, dtype=np.int8),
        employees=staff,
        born=np.full(done.size, p.t, dtype=np.int32),
        productivity=np.clip(quality, 0.5, 1.8),
        debt=np.rint(c.spent[done] * c.bank[done]).astype(np.int64),
        margin=np.full(done.size, b["firm.margin"]),
    )
    held = np.bincount(town, weights=c.held[done], minlength=p.towns.size).astype(np.int64)
    p.towns.supplied -= held
    p.towns.built += held
    np.add.at(p.towns.entrants[p.t], town, 1)
    p.diary.finished[p.t] += done.size
