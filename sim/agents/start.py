"""The first quarter: firms, talents and projects under way before any policy."""

from __future__ import annotations

import numpy as np

from sim.agents import project
from sim.agents.building import BUILD_ABANDON
from sim.agents.enterprise import PROSPECT_OPERATES
from sim.agents.financier import PROJECT_PART
from sim.agents.location import PROSPECT_HOME, PROSPECT_TYPE
from sim.agents.project import CONTRACT_SIGN, PROSPECT_BUDGET
from sim.agents.talent import TALENT_HIRE
from sim.engine.draws import child_keys
from sim.engine.numeric import exp
from sim.state.people import ANCHOR, BUILDING, FOUNDER, HIRED, LOOKING, OBSERVED, OPERATING, REGISTERED, SIGNED, SMALL
from sim.state.province import Province
from sim.world.types import Population


def place_firms(p: Province, population: Population, extra: tuple[int, int] | None) -> None:
    """Fill the table of enterprises; older firms are the likelier to operate (F41)."""
    n = population.firm_key.size
    u = p.draws.uniforms(PROSPECT_OPERATES, population.firm_key)
    share = np.where(population.firm_age >= 4, 0.85, p.behaviour["entry.operate_share"] * 0.8)
    p.firms.append(
        key=population.firm_key,
        town=population.firm_town,
        industry=population.firm_industry,
        kind=population.firm_kind,
        state=np.where((u < share) | (population.firm_kind == ANCHOR), OPERATING, REGISTERED),
        employees=population.firm_employees,
        born=-population.firm_age,
        productivity=population.firm_productivity,
        margin=np.full(n, p.behaviour["firm.margin"]),
    )
    if extra is not None:
        town, count = extra
        keys = (np.uint64(0xE0E0E0E0E0E0E0E0) + np.arange(count, dtype=np.uint64)).astype(np.uint64)
        p.firms.append(
            key=keys,
            town=np.full(count, town),
            industry=np.full(count, p.places.towns.industry[town]),
            kind=np.full(count, SMALL),
            state=np.full(count, OPERATING),
            employees=np.full(count, 6),
            born=np.full(count, -1),
            productivity=np.ones(count),
            margin=np.full(count, p.behaviour["firm.margin"]),
        )


def place_talents(p: Province, population: Population) -> None:
    """Fill the table of talents: most have work, one in ten heads a team."""
    u = p.draws.uniforms(TALENT_HIRE, population.talent_key)
    state = np.where(u < 0.1, FOUNDER, np.where(u < 0.85, HIRED, LOOKING))
    p.talents.append(
        key=population.talent_key,
        town=population.talent_town,
        tier=population.talent_tier,
        home=population.talent_home,
        state=state,
        arrived=-1 - population.talent_age,
        stage=np.minimum(OBSERVED, population.talent_age // 8),
    )
    p.towns.talents[:] = np.bincount(population.talent_town, minlength=p.towns.size)


def place_projects(p: Province) -> None:
    """Projects under way at the start, about as many as the usual inflow would have left unfinished."""
    b, towns = p.behaviour, p.places.towns
    quarters = b["project.preparation"] + 0.8 * b["project.duration"] + 2.0
    count = round(p.towns.size * b["project.rate"] * p.places.activity[0] / 4.0 * 0.46 * b["project.sign"] * quarters)
    keys = child_keys(np.uint64(0xB11D), count)
    weights = np.cumsum(exp(0.2 * towns.potential))
    u = p.draws.uniforms(BUILD_ABANDON, keys, -1)
    town = np.searchsorted(weights, u * weights[-1]).clip(0, p.towns.size - 1)
    own = p.draws.uniforms(PROSPECT_TYPE, keys, -2) < 0.6
    other = (p.draws.uniforms(PROSPECT_HOME, keys, -2) * 8).astype(np.int64).clip(0, 7)
    industry = np.where(own, towns.industry[town], other)
    budget = b["project.budget_median"] * exp(b["project.budget_log_sd"] * p.draws.normals(PROSPECT_BUDGET, keys))
    rows = project.announce(
        p,
        0,
        key=keys,
        town=town,
        industry=industry,
        core=(industry == towns.industry[town]),
        budget=np.rint(budget).astype(np.int64) + 1,
    )
    _under_way(p, rows, keys)


def _under_way(p: Province, rows: slice, keys: np.ndarray[tuple[int], np.dtype[np.uint64]]) -> None:
    """Give the first projects a stage and, where they are being built, a place on the curve, land and terms of
    finance.
    """
    c, b = p.projects.columns, p.behaviour
    u = p.draws.uniforms(CONTRACT_SIGN, keys, -3)
    building = u < 0.6
    c.stage[rows] = np.where(building, BUILDING, SIGNED)
    c.wait[rows] = np.where(building, 0.0, b["project.preparation"] * 2.0 * (u - 0.5))
    x = np.where(building, u / 0.6 * 0.95, 0.0)
    c.progress[rows] = x
    c.spent[rows] = np.rint(c.budget[rows] * c.cost[rows] * x * x * (3.0 - 2.0 * x)).astype(np.int64)
    c.held[rows] = np.where(building, c.land[rows], 0)
    public = PROJECT_PART * b["finance.government_share"]
    c.bank[rows], c.social[rows], c.government[rows] = b["finance.bank_share"], 0.5 * b["finance.social_share"], public
    c.own[rows] = 1.0 - c.bank[rows] - c.social[rows] - public
    c.announced[rows] = c.changed[rows] = -1
    held = np.bincount(c.town[rows], weights=c.held[rows], minlength=p.towns.size).astype(np.int64)
    p.towns.supplied += held
    p.books.opening_land[:] = held
