"""Investment projects: announced, signed, approved, given land, financed, built, in operation; or fallen through.

Stages and what moves a project on (steps 4 to 8 of the quarter):

=========  ==================================================================================================
announced  an investor picks a town (:mod:`sim.agents.location`); budget lognormal with a heavy tail (B-KQ-5)
signed     with probability ``project.sign`` (F47: 48 %), higher with an able operator; a town that is held to a core
           share and falls short of it turns away projects outside its industry
approved   after preparation and the approval limit (``approval.days``/65 quarters); may drop out while waiting
landed     when the county's quota, the town's rewarded quota or a guarantee covers the land that its budget takes
building   when own funds, bank, matched social capital and the government's share cover the budget
running    spending follows the S-curve 3x² − 2x³ of progress; effort and deadline pressure speed it up
=========  ==================================================================================================

A finished project becomes an enterprise with ``project.jobs_per_100m`` jobs a 亿元.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents.intensity import intensity
from sim.agents.location import PROSPECT_TYPE, Streams, choose, locate, prospect_streams
from sim.engine.draws import child_key, decision, uniform
from sim.engine.kernel import kernel
from sim.engine.ledger import reason
from sim.engine.numeric import exp_, log_, normal_quantile
from sim.state.books import LAND_RETURN, Kind
from sim.state.choice import Choice, Notes
from sim.state.people import ANNOUNCED, APPROVED, DROPPED, LANDED, SIGNED
from sim.state.populations import ProjectColumns
from sim.state.province import Province

LAND_PRICE = reason("money", "land_price", "土地出让金", "land conveyance fee")
LAND_SUPPLY = reason("land", "land_supply", "供地", "land supplied to projects")
LAND_GUARANTEE = reason("land", "land_guarantee", "用地保障", "land guarantee")
PROSPECT_BUDGET = decision("prospect.budget")
CONTRACT_SIGN = decision("contract.sign")
CONTRACT_DROP = decision("contract.drop")
APPROVAL_TIME = decision("approval.time")
BUILD_DELAY = decision("build.delay")
BUILD_COST = decision("build.cost")


@kernel
def seek(
    count: int,
    root: np.uint64,
    streams: Streams,
    budgets: np.uint64,
    log_median: float,
    log_sd: float,
    industries: NDArray[np.float64],
    homes: NDArray[np.float64],
    choice: Choice,
    notes: Notes,
    out: ProjectColumns,
) -> int:
    """Let ``count`` investors choose a town; fill ``out`` with the announced projects and return how many there are."""
    made = 0
    home = np.empty(count, dtype=np.int16)
    for k in range(count):
        key = child_key(root, np.uint64(k))
        out.key[k] = key
        out.industry[k] = locate(industries, uniform(streams.industry, key))
        home[k] = locate(homes, uniform(streams.home, key))
    choose(out.key[:count], out.industry, home, 1, streams, choice, notes, out.town)
    for k in range(count):
        if out.town[k] >= 0:
            key = out.key[k]
            out.key[made] = key
            out.town[made] = out.town[k]
            out.industry[made] = out.industry[k]
            out.budget[made] = int(exp_(log_median + log_sd * normal_quantile(uniform(budgets, key))) + 1.0)
            made += 1
    return made


def prospects(p: Province, choice: Choice) -> None:
    """Step 4, investors: announce projects."""
    b, t, s = p.behaviour, p.t, p.draws.stream
    count = int(b["project.rate"] * p.places.activity[0] * p.towns.size / 4.0 * p.economy.cycle_mean + 0.5)
    out = p.scratch.projects(count)
    streams = prospect_streams(p, 9000 + t)
    median, spread = log_(b["project.budget_median"]), b["project.budget_log_sd"]
    root, budgets = s(PROSPECT_TYPE, -9000 - t), s(PROSPECT_BUDGET)
    made = seek(
        count,
        root,
        streams,
        budgets,
        median,
        spread,
        p.places.project_mix,
        p.places.home_mix,
        choice,
        p.scratch.notes,
        out,
    )
    town, industry = out.town[:made], out.industry[:made]
    core = p.places.towns.industry[town] == industry
    announce(p, t, key=out.key[:made], town=town, industry=industry, core=core, budget=out.budget[:made])


def announce(p: Province, t: int, **rows: NDArray[np.generic]) -> slice:
    """Add projects with their land need, duration and cost overrun drawn from their own keys."""
    b, d = p.behaviour, p.draws
    keys = rows["key"].astype(np.uint64)
    budget = rows["budget"].astype(np.float64)
    each = intensity(b)[rows["industry"].astype(np.int64)]
    size = np.sqrt(np.sqrt(np.clip(budget / 10000.0, 0.2, 10.0)))
    u = d.uniforms(BUILD_DELAY, keys)
    z = d.normals(BUILD_COST, keys)
    return p.projects.append(
        **rows,
        stage=np.full(keys.size, ANNOUNCED, dtype=np.int8),
        land=np.rint(100.0 * budget / each).astype(np.int64),
        duration=np.maximum(2.0, b["project.duration"] * size * (0.6 + 0.8 * u)),
        cost=np.clip(1.0 + b["project.cost_sd"] * z, 0.7, 1.8),
        announced=np.full(keys.size, t, dtype=np.int32),
        changed=np.full(keys.size, t, dtype=np.int32),
    )


@kernel
def advance(
    c: ProjectColumns,
    n: int,
    t: int,
    sign: np.uint64,
    drop: np.uint64,
    time: np.uint64,
    sign_rate: float,
    drop_rate: float,
    preparation: float,
    ready: NDArray[np.float64],
    delay: NDArray[np.float64],
    patience: NDArray[np.float64],
    capability: NDArray[np.float64],
    declined: NDArray[np.float64],
    fallen: NDArray[np.int64],
) -> None:
    """Sign, wait for approval, or fall through; towns short of core investment decline others' projects."""
    for i in range(n):
        town = c.town[i]
        if c.stage[i] == ANNOUNCED and c.changed[i] < t:
            welcome = 1.0 if c.core[i] == 1 else 1.0 - declined[town]
            if uniform(sign, c.key[i]) < sign_rate * (0.7 + 0.6 * capability[town]) * welcome:
                c.stage[i] = SIGNED
                c.wait[i] = preparation * (0.5 + uniform(time, c.key[i])) * ready[town] + delay[town]
            else:
                c.stage[i] = DROPPED
                fallen[0] += 1
            c.changed[i] = t
        elif SIGNED <= c.stage[i] <= LANDED:
            if uniform(drop, c.key[i]) < drop_rate:
                c.stage[i] = DROPPED
                c.changed[i] = t
                fallen[1] += 1
            elif c.stage[i] == SIGNED:
                c.wait[i] -= patience[town]
                if c.wait[i] <= 0.0:
                    c.stage[i] = APPROVED
                    c.changed[i] = t


def contract(p: Province) -> None:
    """Step 5: announced projects are signed or not; signed ones go through approval."""
    s, b = p.draws.stream, p.behaviour
    p.diary.announced[p.t] += int(np.count_nonzero(p.projects.live("announced") == p.t))
    advance(
        p.projects.columns,
        p.projects.n,
        p.t,
        s(CONTRACT_SIGN),
        s(CONTRACT_DROP, p.t),
        s(APPROVAL_TIME),
        b["project.sign"],
        b["project.drop"],
        b["project.preparation"],
        p.offer.preparation,
        p.offer.delay,
        p.offer.pace,
        p.places.towns.capability,
        p.policy.target.declined(p),
        p.diary.fallen[p.t],
    )
    _give_back(p)


def _give_back(p: Province) -> None:
    """Land supplied to projects that then fell through goes back to the county."""
    c = p.projects.columns
    rows = np.flatnonzero((p.projects.live("stage") == DROPPED) & (p.projects.live("held") > 0))
    land = np.zeros(p.towns.size, dtype=np.int64)
    if rows.size:
        np.add.at(land, c.town[rows], c.held[rows])
    c.held[rows] = 0
    p.land.post(LAND_RETURN, p.books.chart.of(Kind.ENTERPRISE), p.books.county_account, land)
    p.towns.supplied -= land
    p.towns.land_back[p.t] += land


@kernel
def allot(
    c: ProjectColumns,
    order: NDArray[np.int64],
    t: int,
    county: NDArray[np.int64],
    quota: NDArray[np.int64],
    own: NDArray[np.int64],
    guaranteed: NDArray[np.bool_],
    room: NDArray[np.int64],
    from_county: NDArray[np.int64],
    from_town: NDArray[np.int64],
    from_city: NDArray[np.int64],
) -> None:
    """Serve waiting projects in order: the town's own rewarded quota first, then the county's, then a guarantee.

    A county with quota left serves the next project whole, if need be in advance of next year's quota (a plot cannot
    be supplied in slices); a county in arrears serves nobody.
    """
    for k in range(order.size):
        i = order[k]
        town = c.town[i]
        need = c.land[i]
        if need > room[town]:
            continue
        first = min(need, max(0, own[town]))
        rest = need - first
        if rest == 0 or quota[county[town]] > 0:
            quota[county[town]] -= rest
            from_county[town] += rest
        elif guaranteed[town]:
            from_city[town] += rest
        else:
            continue
        own[town] -= first
        from_town[town] += first
        room[town] -= need
        c.held[i] = need
        c.stage[i] = LANDED
        c.changed[i] = t


def land(p: Province) -> None:
    """Step 6: quota accounts serve approved projects; without quota a project waits."""
    stage = p.projects.live("stage")
    waiting = np.flatnonzero(stage == APPROVED)
    towns, s, chart = p.places.towns, p.towns, p.books.chart
    f = p.projects.columns
    urgency = s.effort + 10.0 * p.offer.land_priority
    order = waiting[np.lexsort((f.key[waiting], f.changed[waiting], -urgency[f.town[waiting]]))]
    quota = p.land.balance[chart.of(Kind.COUNTY)].copy()
    own = p.land.balance[chart.of(Kind.TOWN)].copy()
    cap = np.where(p.policy.target.hard_cap(p), towns.buildable, towns.planned_area)
    room = cap - s.built - s.supplied - s.housing_land - s.idle
    sources = np.zeros((3, s.size), dtype=np.int64)
    allot(f, order, p.t, towns.county, quota, own, p.offer.land_guaranteed, room, sources[0], sources[1], sources[2])
    firms = chart.of(Kind.ENTERPRISE)
    p.land.post(LAND_SUPPLY, p.books.county_account, firms, sources[0])
    whose = "ZJ-LAND-1" if s.rewarded.any() else "SD-LAND-1"
    p.land.post(LAND_SUPPLY, chart.of(Kind.TOWN), firms, sources[1], clause=whose)
    p.land.post(LAND_GUARANTEE, p.books.prefecture_account, firms, sources[2], clause="PX-LAND-1")
    supplied = sources.sum(axis=0)
    s.supplied += supplied
    s.land_used[p.t] += sources[0] + sources[2]
    s.guaranteed += sources[2]
    s.land_from_reward[p.t] += sources[1]
    price = p.places.counties.land_price[towns.county]
    p.money.post(
        LAND_PRICE, chart.of(Kind.OUTSIDE), p.books.county_account, np.rint(supplied / 100.0 * price).astype(np.int64)
    )
