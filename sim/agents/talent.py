"""Talents: they arrive, choose a town, are hired, found start-ups, are cultivated and observed, and leave.

Arrival: ``talent.arrivals`` prospective talents per site and year choose by nested logit among the towns they know::

    V = migration_elasticity·ln(wage/usual) + housing_cost·(1 − relief)·ln(house price/usual) + home_bias·[home
    prefecture]
        + services·(I + ease of settling) + 0.25·ln(1 + talents) + 0.15·ln(1 + firms)
        + (subsidy + a year's stipend)/(yearly wage)

(F56, F57; "talent attracts talent" M-16). Leaving: the yearly hazard ``talent.leave``, halved when hired and lowered by
services and housing relief ("comes for platform and pay, stays for housing, schooling and service", M-15). Stages are
Panyu's: introduced, cultivated, observed. Where leavers are followed, a part of them stays in an outside pool, and
``talent.return`` of the pool comes back a year, half as many to a town without services (M-17). A programme of
supported projects turns talents who know how into founders (PY-FUND-2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents.entry import PROSPECT_STAFF
from sim.agents.location import Streams, choose, locate, shares
from sim.engine.draws import child_key, decision, uniform, uniform_two
from sim.engine.kernel import kernel
from sim.engine.ledger import Reason, reason
from sim.engine.numeric import exp, log
from sim.state.books import SOCIAL_CAPITAL, Kind
from sim.state.choice import Choice, Notes
from sim.state.people import FOUNDER, GONE, GRADUATE, HIRED, LOOKING, OBSERVED, OPERATING, SENIOR, SMALL
from sim.state.populations import TalentColumns
from sim.state.province import Province
from sim.world.population import TALENT_HOME, TALENT_TIER

TALENT_SUBSIDY = reason("money", "talent_subsidy", "人才补贴", "talent subsidy", policy=True)
STARTUP_FUND = reason("money", "startup_fund", "创业启动资金", "start-up fund", policy=True)
TALENT_HOUSING = reason("money", "talent_housing", "人才安居", "talent housing relief", policy=True)
TALENT_ARRIVE = decision("talent.arrive")
TALENT_KNOWS = decision("talent.knows")
TALENT_TOWN = decision("talent.town")
TALENT_HIRE = decision("talent.hire")
TALENT_FOUND = decision("talent.found")
TALENT_LEAVE = decision("talent.leave")
TALENT_TRACK = decision("talent.track")
TALENT_RETURN = decision("talent.return")
TALENT_PROJECT = decision("talent.project")

_HOME = 60.0
"""Floor space of a talent's home, m2."""
_RENT = 0.005
"""A quarter's rent as a share of the price."""
_TIERS = (0.50, 0.85, 0.98)
"""Cumulative shares of skilled, graduate and senior talents among arrivals; the rest are leading talents."""


def appeal(p: Province) -> Choice:
    """Tables of the quarter's choice of talents, by home; one industry and one class stand for all."""
    b, s, g = p.behaviour, p.towns, p.places
    relief = p.offer.housing_relief + (1.0 - p.offer.housing_relief) * p.offer.flats
    wage = log(p.places.wage / p.constants["wage.base"])
    price = log(g.counties.house_price[g.towns.county] / 10000.0)
    value = (
        b["talent.migration_elasticity"] * wage
        + b["talent.housing_cost"] * (1.0 - relief) * price
        + b["talent.services"] * (s.infra + p.offer.services)
        + 0.25 * log(1.0 + s.talents)
        + 0.15 * log(1.0 + s.firms)
        + p.offer.subsidy / (4.0 * p.constants["wage.base"])
        + 0.2 * g.towns.potential
        + 0.3 * s.reputation
        + b["talent.services"] * p.offer.settling
        + p.offer.stipend / (4.0 * p.constants["wage.base"])
    )
    if p.offer.referral.any():
        masters = np.bincount(p.talents.live("town")[p.talents.live("tier") >= SENIOR], minlength=s.size)
        value = value + 0.25 * p.offer.referral * log(1.0 + masters)
    scale = b["choice.nest"]
    homes = g.home_distance.shape[0]
    bias = np.where(g.towns.prefecture[None, :] == np.arange(homes)[:, None], b["talent.home_bias"], 0.0)
    near = 1.0 / (1.0 + g.home_distance * p.offer.search / 100.0)
    fame = 0.4 + 0.4 * s.effort + 0.8 * np.maximum(0.0, s.reputation) + 0.3 * s.on_a_list()
    known, guide = shares((near * (fame + s.fame)[None, :])[None])
    weight, outside = exp((value[None, :] + bias) / scale), b["choice.outside"] - 1.0
    return Choice(weight[None, None], known, guide, outside, outside, scale)


@kernel
def come(
    count: int,
    root: np.uint64,
    streams: Streams,
    tiers: np.uint64,
    homes: NDArray[np.float64],
    choice: Choice,
    notes: Notes,
    cuts: NDArray[np.float64],
    out: TalentColumns,
) -> int:
    """Let ``count`` prospective talents choose; fill ``out`` with those that come."""
    made = 0
    industry = np.zeros(count, dtype=np.int8)
    for k in range(count):
        out.key[k] = child_key(root, np.uint64(k))
        out.home[k] = locate(homes, uniform(streams.home, out.key[k]))
    choose(out.key[:count], industry, out.home, 0, streams, choice, notes, out.town)
    for k in range(count):
        if out.town[k] >= 0:
            v = uniform(tiers, out.key[k])
            out.key[made] = out.key[k]
            out.town[made] = out.town[k]
            out.home[made] = out.home[k]
            out.tier[made] = (1 if v >= cuts[0] else 0) + (1 if v >= cuts[1] else 0) + (1 if v >= cuts[2] else 0)
            made += 1
    return made


@kernel
def live(
    c: TalentColumns,
    n: int,
    t: int,
    hire: np.uint64,
    found: np.uint64,
    leave: np.uint64,
    hire_rate: NDArray[np.float64],
    found_rate: float,
    leave_rate: NDArray[np.float64],
    cultivate: NDArray[np.float64],
    hold: NDArray[np.float64],
    founders: NDArray[np.int64],
    room: int,
) -> int:
    """Hiring, founding, stages and leaving; returns how many found a start-up (their rows are in ``founders``)."""
    teams = 0
    able = np.empty(n, dtype=np.int64)
    count = 0
    stays = np.array([0.0, 1.0, 0.5, 0.3])
    for i in range(n):
        # Draws are taken for everybody and answers are numbers: cheaper than branches that are taken at random.
        key, state, town, tier, stage = c.key[i], np.uint8(c.state[i]), np.uint32(c.town[i]), c.tier[i], c.stage[i]
        u, v = uniform_two(leave, key)
        goes = (state == GONE) | (u < leave_rate[town] * stays[state] * hold[town, np.uint8(tier), np.uint8(stage)])
        c.stage[i] = stage + np.int8((not goes) & (stage < OBSERVED) & (v < cultivate[town]))
        hired = (state == LOOKING) & (uniform(hire, key) < hire_rate[town])
        c.state[i] = np.int8((state + np.uint8(hired)) * np.uint8(not goes))
        able[count] = i
        founds = (uniform(found, key) < found_rate) & (state != FOUNDER) & (tier >= GRADUATE)
        count += int(founds & (not goes) & (not hired))
    for row in able[:count]:
        if teams < room:
            c.state[row] = FOUNDER
            founders[teams] = row
            teams += 1
    return teams


def talents(p: Province) -> None:
    """Step 11: arrivals, hiring, start-ups, stages and departures."""
    arrivals(p)
    b, s, d, t = p.behaviour, p.towns, p.draws.stream, p.t
    jobs = np.minimum(1.0, 0.05 * s.jobs / (1.0 + s.talents))
    leave = (
        b["talent.leave"]
        / 4.0
        * (1.6 - 0.8 * np.minimum(1.0, s.infra + p.offer.services) - 0.4 * p.offer.housing_relief)
    )
    founders = p.scratch.founders
    teams = live(
        p.talents.columns,
        p.talents.n,
        t,
        d(TALENT_HIRE, t),
        d(TALENT_FOUND, t),
        d(TALENT_LEAVE, t),
        b["talent.hire"] * jobs,
        b["talent.startup_rate"],
        np.maximum(0.0, leave),
        b["talent.cultivate"] / 4.0 * p.offer.cultivate,
        p.offer.hold,
        founders,
        founders.size,
    )
    found(p, founders[:teams].copy(), p.offer.startup_fund)
    programme(p)
    follow(p)
    p.talents.keep(p.talents.live("state") != GONE)
    s.talents[:] = np.bincount(p.talents.live("town"), minlength=s.size)


def arrivals(p: Province) -> None:
    """New talents choose a town; subsidies are paid on arrival."""
    b, d, t = p.behaviour, p.draws.stream, p.t
    count = int(b["talent.arrivals"] * p.places.activity[2] * p.towns.size / 4.0 * p.economy.cycle_mean + 0.5)
    out = p.scratch.talents(count)
    streams = Streams(
        d(TALENT_KNOWS), d(TALENT_TOWN), d(TALENT_ARRIVE), d(TALENT_TIER),
        d(TALENT_HOME),
    )  # fmt: skip
    root, tiers = d(TALENT_ARRIVE, t), d(TALENT_TIER)
    made = come(
        count, root, streams, tiers, p.places.talent_home_mix, appeal(p), p.scratch.notes, np.array(_TIERS), out
    )
    town = out.town[:made]
    p.talents.append(
        key=out.key[:made],
        town=town,
        home=out.home[:made],
        tier=out.tier[:made],
        state=np.full(made, LOOKING, dtype=np.int8),
        arrived=np.full(made, t, dtype=np.int32),
    )
    came = np.bincount(town, minlength=p.towns.size).astype(np.int64)
    p.diary.talents_in[t] = came
    _pay(p, TALENT_SUBSIDY, np.rint(came * p.offer.subsidy).astype(np.int64))
    rent = p.places.counties.house_price[p.places.towns.county] * _HOME * _RENT / 1e4
    relief = p.offer.housing_relief * rent
    _pay(p, TALENT_HOUSING, np.rint(p.towns.talents * relief * p.constants["talent.rent_quarters"]).astype(np.int64))


def _pay(p: Province, reason: Reason, amount: NDArray[np.int64], clause: str = "PX-TAL-1") -> None:
    p.money.post(reason, p.offer.talent_payer, p.books.chart.of(Kind.HOUSEHOLD), amount, clause=clause)


def programme(p: Province) -> None:
    """Supported projects of the quarter: talents who know how, drawn by lot, get money, and most of them register."""
    o, d, t = p.offer, p.draws, p.t
    if o.projects == 0:
        return
    c = p.talents.live
    able = ((c("state") == LOOKING) | (c("state") == HIRED)) & (c("tier") >= GRADUATE) & p.towns.supported()[c("town")]
    rows = np.flatnonzero(able)
    lots = d.uniforms(TALENT_PROJECT, c("key")[rows], t)
    chosen = rows[np.lexsort((c("key")[rows], lots))[: o.projects]]
    each = np.bincount(c("town")[chosen], minlength=p.towns.size)
    _pay(p, STARTUP_FUND, np.rint(each * o.project_money).astype(np.int64), "PY-FUND-2")
    lands = d.uniforms(TALENT_PROJECT, c("key")[chosen], -1 - t) < o.project_success
    c("state")[chosen[lands]] = FOUNDER
    found(p, chosen[lands], np.full(p.towns.size, o.project_money), paid=True)


def follow(p: Province) -> None:
    """The outside pool: some of the pool come back, and some of those who leave are followed from now on."""
    pool, o, d, t = p.pool, p.offer, p.draws, p.t
    if pool.n:
        town, key = pool.live("town"), pool.live("key")
        rate = p.behaviour["talent.return"] / 4.0 * (0.5 + 0.5 * np.minimum(1.0, p.towns.infra + o.services))
        back = np.flatnonzero(d.uniforms(TALENT_RETURN, key, t) < rate[town])
        fields = {name: pool.live(name)[back].copy() for name in pool.columns._fields}
        new = {"state": np.full(back.size, LOOKING, np.int8), "arrived": np.full(back.size, t, np.int32)}
        p.talents.append(**{**fields, **new})
        p.diary.talents_in[t] += np.bincount(fields["town"], minlength=p.towns.size)
        pool.keep(~np.isin(np.arange(pool.n), back))
    if o.tracking.any():
        c = p.talents.live
        left = np.flatnonzero(c("state") == GONE)
        kept = d.uniforms(TALENT_TRACK, c("key")[left]) < o.tracking[c("town")[left]]
        rows = left[kept & ~np.isin(c("key")[left], p.firms.live("founder"))]
        pool.append(**{name: c(name)[rows].copy() for name in pool.columns._fields})


def found(p: Province, rows: NDArray[np.int64], fund: NDArray[np.float64], paid: bool = False) -> None:
    """Start-ups of talents: a team of ``talent.per_startup`` on average (F31), small firms of the town's own
    industry.

    Args:
        p: The province.
        rows: Rows of the founders.
        fund: Start-up money for each team, 万元, shape (T,).
        paid: Whether that money has been paid already.
    """
    c, b = p.talents.columns, p.behaviour
    keys = c.key[rows] ^ np.uint64(0x5AFE5AFE5AFE5AFE)
    town = c.town[rows]
    u = p.draws.uniforms(PROSPECT_STAFF, keys, 1)
    team = np.maximum(2, np.rint(b["talent.per_startup"] * (0.4 + 1.2 * u))).astype(np.int32)
    boost = 1.0 + 0.1 * c.tier[rows] + 0.02 * np.minimum(5.0, fund[town] / 20.0)
    teams = np.bincount(town, minlength=p.towns.size).astype(np.int64)
    venture = np.floor(p.offer.venture / np.maximum(1, teams)).astype(np.int64)
    boost = boost + 0.02 * np.minimum(5, venture[town] / 20.0)
    p.firms.append(
        key=keys,
        town=town,
        industry=p.places.towns.industry[town].astype(np.int8),
        kind=np.full(rows.size, SMALL, dtype=np.int8),
        state=np.full(rows.size, OPERATING, dtype=np.int8),
        employees=team,
        born=np.full(rows.size, p.t, dtype=np.int32),
        productivity=boost,
        founder=c.key[rows],
        margin=np.full(rows.size, b["firm.margin"]),
        cash=venture[town],
    )
    p.money.post(SOCIAL_CAPITAL, p.books.town_fund, p.books.chart.of(Kind.ENTERPRISE), teams * venture, clause="PY-P04")
    p.towns.entrants[p.t] += teams
    p.diary.startups[p.t] += rows.size
    if not paid:
        _pay(p, STARTUP_FUND, np.rint(teams * fund).astype(np.int64))
