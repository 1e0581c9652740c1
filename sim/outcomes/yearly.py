"""Outcomes by calendar year: flows from the histories, stocks as noted at each year's end."""

from __future__ import annotations

import numpy as np

from sim.instruments.clawback import CLAWBACK
from sim.instruments.land_reward import LAND_REWARD
from sim.outcomes.arithmetic import CENTI, YI, Flags, Floats, Numbers, share
from sim.outcomes.lists import LEFT, LISTS
from sim.outcomes.money import public_spending
from sim.outcomes.people import village_income_end
from sim.outcomes.registry import stock, yearly
from sim.outcomes.windows import by_year, year_rows
from sim.state.province import Province
from sim.state.town import EVENTS, Status, Strategy


def _shares(part: Numbers, whole: Numbers) -> Floats:
    return np.array([share(float(a), float(b)) for a, b in zip(part, whole, strict=True)])


def _at_end(p: Province, *states: Status) -> Numbers:
    """Towns in some states at each year's end."""
    return np.array([np.isin(p.towns.status_history[rows.stop - 1], states).sum() for rows in year_rows(p)])


def _events(p: Province, bits: int) -> Numbers:
    """Town-quarters with one of some events, in each year."""
    return by_year(p, ((p.towns.event & bits) > 0).astype(np.int64))


@yearly
def listed(p: Province) -> Numbers:
    """Towns on a list at the year's end."""
    return _at_end(p, *LISTS)


@yearly
def creation(p: Province) -> Numbers:
    """Towns on the creation list."""
    return _at_end(p, Status.CREATION)


@yearly
def cultivation(p: Province) -> Numbers:
    """Towns on the cultivation list."""
    return _at_end(p, Status.CULTIVATION)


@yearly
def warned(p: Province) -> Numbers:
    """Warnings of the year."""
    return _events(p, EVENTS["warned"])


@yearly
def demoted(p: Province) -> Numbers:
    """Demotions of the year."""
    return _events(p, EVENTS["demoted"])


@yearly
def exited_total(p: Province) -> Numbers:
    """Exits since the start."""
    return np.asarray(_events(p, LEFT).cumsum())


@yearly
def named(p: Province) -> Numbers:
    """Towns named since the start."""
    return np.asarray(_events(p, EVENTS["named"]).cumsum())


@yearly
def completion_annual(p: Province) -> Floats:
    """Share of the year's assessments that met the annual target."""
    event = p.towns.event
    assessed: Flags = (event & EVENTS["assessed"]) > 0
    met = assessed & ((event & EVENTS["missed"]) == 0)
    return _shares(by_year(p, met.astype(np.int64)), by_year(p, assessed.astype(np.int64)))


def _effective(p: Province) -> Numbers:
    s = p.towns
    return by_year(p, s.core) + by_year(p, s.other) + by_year(p, s.works)


@yearly
def investment_effective(p: Province) -> Numbers:
    """Effective investment, 亿元."""
    return _effective(p) / YI


@yearly
def investment_total(p: Province) -> Numbers:
    """Effective investment and housing, 亿元."""
    return (_effective(p) + by_year(p, p.towns.housing)) / YI


@yearly
def investment_reported(p: Province) -> Numbers:
    """Investment as reported, 亿元."""
    return by_year(p, p.towns.reported) / YI


@yearly
def housing_share(p: Province) -> Floats:
    """Housing over all investment."""
    housing = by_year(p, p.towns.housing)
    return _shares(housing, _effective(p) + housing)


@yearly
def core_share(p: Province) -> Floats:
    """Part of effective investment in the towns' own industries."""
    return _shares(by_year(p, p.towns.core), _effective(p))


@yearly
def public_cost(p: Province) -> Numbers:
    """Money that governments pay under the policy, 亿元."""
    return by_year(p, public_spending(p)) / YI


@yearly
def land_rewarded(p: Province) -> Numbers:
    """Quota rewarded, mu."""
    return by_year(p, p.land.total(LAND_REWARD)) / CENTI


@yearly
def land_clawed(p: Province) -> Numbers:
    """Quota clawed back, mu."""
    return by_year(p, p.land.total(CLAWBACK)) / CENTI


@yearly
def entrants(p: Province) -> Numbers:
    """Enterprises that entered."""
    return by_year(p, p.towns.entrants)


@yearly
def exits(p: Province) -> Numbers:
    """Enterprises that closed."""
    return by_year(p, p.towns.exits)


@yearly
def output(p: Province) -> Numbers:
    """Output, 亿元."""
    return by_year(p, p.towns.output) / YI


@yearly
def tax(p: Province) -> Numbers:
    """Tax, 亿元."""
    return by_year(p, p.towns.tax) / YI


@yearly
def applied(p: Province) -> Floats:
    """Share of sites that applied in the four quarters to the year's last."""
    history = p.towns.applied_history
    ends = [rows.stop - 1 for rows in year_rows(p)]
    starts = [end - end % 4 if end >= 3 else 0 for end in ends]
    return np.array([history[a : b + 1].any(axis=0).mean() for a, b in zip(starts, ends, strict=True)])


def _choosing(p: Province, *strategies: Strategy) -> Floats:
    """Share of sites whose county has chosen one of some strategies, at each year's end."""
    history = p.towns.strategy_history
    return np.array([np.isin(history[rows.stop - 1], strategies).mean() for rows in year_rows(p)])


@yearly
def pushed(p: Province) -> Floats:
    """Sites whose county pushes."""
    return _choosing(p, Strategy.PUSH)


@yearly
def inflated(p: Province) -> Floats:
    """Sites whose county inflates its reports."""
    return _choosing(p, Strategy.INFLATE)


@yearly
def drifted(p: Province) -> Floats:
    """Sites whose county lets housing in."""
    return _choosing(p, Strategy.DRIFT)


@yearly
def coasted(p: Province) -> Floats:
    """Sites whose county does the least, or stays out."""
    return _choosing(p, Strategy.COAST, Strategy.OUT)


@stock
def idle_land(p: Province) -> float:
    """Land of abandoned projects not yet taken back, mu."""
    return float(p.towns.idle.sum()) / CENTI


@stock
def debt(p: Province) -> float:
    """Debt of county platforms, 亿元."""
    return float(p.counties.debt.sum()) / YI


@stock
def firms(p: Province) -> float:
    """Enterprises."""
    return float(p.firms.n)


@stock
def jobs(p: Province) -> float:
    """Jobs."""
    return float(p.towns.jobs.sum())


@stock
def talents(p: Province) -> float:
    """Talents."""
    return float(p.talents.n)


@stock
def village_income(p: Province) -> float:
    """Income a villager, 万元 a year."""
    return village_income_end(p)
