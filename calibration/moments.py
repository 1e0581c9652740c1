"""The model's side of the published figures, its simulated moments: one function a figure, of a finished province.

``simulate(spec)`` runs a province quarter by quarter, because grades, stocks of firms and cohorts of entrants are not
kept in histories (:mod:`calibration.notes`), and returns one number for every id of ``targets.toml``. A number that the
run cannot give (no such date, nobody on the list) is NaN.

Money is 万元 inside and 亿元 in the results. Where the source is a town's report about itself and the model has a
reported figure, the reported one is used: true investment of the quarter times the year's ratio of reported to true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from calibration.history import (
    OutsideRun,
    assessed_creation,
    first_batch,
    flow,
    on_creation_list,
    per_town,
    reported_flow,
    row,
    since_listing,
    year_rows,
)
from calibration.notes import (
    AT_WORK,
    FIRMS,
    FOR_MOMENTS,
    GRADES,
    MICRO,
    MICRO_COHORTS,
    STOCK_DATE,
    TALENTS,
    TEAM_DATES,
    TEAMS,
    WORKING,
)
from sim.model import Simulation
from sim.outcomes.arithmetic import NAN, YI, Floats, share
from sim.outcomes.observe import Observer
from sim.parameters import Quarter
from sim.run import RunSpec
from sim.state.province import Province
from sim.state.town import EVENTS

START, QUARTERS = "2015Q1", 16
"""The window that all figures need: 2015Q1 to 2018Q4."""
TASK = "calibration.moments:simulate"
"""What runs and measures one spec, as plans name it."""
AUTUMN_2016, SUMMER_2017 = STOCK_DATE, Quarter(2017, 2)
JULY = 1.0 / 3.0
"""Part of the third quarter of 2017 that lies before the end of July."""
EXCELLENT = 4

Moment = Callable[[Province, Observer], float]
"""A figure of a province that has run, and of what was noted meanwhile."""


# --- assessments -----------------------------------------------------------------------------------------------------


def _excellent(p: Province, noted: Observer, year: int) -> float:
    who = assessed_creation(p, year)
    return share(float((noted[GRADES][row(p, Quarter(year, 4))][who] == EXCELLENT).sum()), float(who.sum()))


def _events(p: Province, year: int, *names: str) -> float:
    who = assessed_creation(p, year)
    bits = sum(EVENTS[name] for name in names)
    happened = (p.towns.event[row(p, Quarter(year, 4))] & bits) > 0
    return share(float((happened & who).sum()), float(who.sum()))


def excellent(year: int) -> Moment:
    """Share of assessed creation towns graded excellent."""
    return lambda p, noted: _excellent(p, noted, year)


def warned(year: int) -> Moment:
    """Share of assessed creation towns warned and kept."""
    return lambda p, noted: _events(p, year, "warned")


def taken_off(year: int) -> Moment:
    """Share of assessed creation towns that the assessment took off the creation list: demoted, or out by rule."""
    return lambda p, noted: _events(p, year, "demoted", "exited")


def demoted_only(year: int) -> Moment:
    """Share of assessed creation towns demoted to the cultivation list."""
    return lambda p, noted: _events(p, year, "demoted")


# --- investment ------------------------------------------------------------------------------------------------------


def _nine_months(p: Province, history: Floats) -> float:
    start = row(p, Quarter(2015, 1))
    return per_town(history[start : start + 3].sum(axis=0) * (4.0 / 3.0) / YI, first_batch(p))


def investment_2015(p: Province, noted: Observer) -> float:
    """Reported effective investment of January to September 2015, made annual, 亿元 a first-batch town."""
    return _nine_months(p, reported_flow(p))


def investment_2015_true(p: Province, noted: Observer) -> float:
    """The same at its true value."""
    return _nine_months(p, flow(p))


def investment_2015_year(p: Province, noted: Observer) -> float:
    """Reported effective investment of the whole of 2015, 亿元 a first-batch town."""
    return per_town(reported_flow(p)[year_rows(p, 2015)].sum(axis=0) / YI, first_batch(p))


def investment_to_2016(p: Province, noted: Observer) -> float:
    """Reported effective investment from the listing year to September 2016, 亿元 a town on the creation list."""
    return per_town(since_listing(p, reported_flow(p), AUTUMN_2016) / YI, on_creation_list(p, AUTUMN_2016))


def investment_to_2017(p: Province, noted: Observer) -> float:
    """The same to July 2017, over the towns listed before the third batch."""
    return per_town(since_listing(p, reported_flow(p), SUMMER_2017, JULY) / YI, on_creation_list(p, SUMMER_2017))


def featured_2015(p: Province, noted: Observer) -> float:
    """Share of the first batch's effective investment of 2015 that went into the towns' own industries."""
    rows, who = year_rows(p, 2015), first_batch(p)
    return share(float(p.towns.core[rows][:, who].sum()), float(flow(p)[rows][:, who].sum()))


def featured_to_2017(p: Province, noted: Observer) -> float:
    """The same from the listing year to July 2017."""
    who = on_creation_list(p, SUMMER_2017)
    core = since_listing(p, p.towns.core.astype(np.float64), SUMMER_2017, JULY)
    return share(float(core[who].sum()), float(since_listing(p, flow(p), SUMMER_2017, JULY)[who].sum()))


def government_share_2015(p: Province, noted: Observer) -> float:
    """Share of the effective investment of all sites in Hangzhou in 2015 that governments paid."""
    names = p.places.prefectures.name_en
    if "Hangzhou" not in names:
        return NAN
    rows, who = year_rows(p, 2015), p.places.towns.prefecture == names.index("Hangzhou")
    return share(float(p.towns.government[rows][:, who].sum()), float(flow(p)[rows][:, who].sum()))


# --- stocks and output -----------------------------------------------------------------------------------------------


def firms_2016(p: Province, noted: Observer) -> float:
    """Enterprises on the register a listed town, September 2016."""
    return per_town(noted[FIRMS][row(p, AUTUMN_2016)], on_creation_list(p, AUTUMN_2016))


def firms_2016_operating(p: Province, noted: Observer) -> float:
    """Those that operate."""
    return per_town(noted[WORKING][row(p, AUTUMN_2016)], on_creation_list(p, AUTUMN_2016))


def talents_2016(p: Province, noted: Observer) -> float:
    """Talents present a listed town, September 2016."""
    return per_town(noted[TALENTS][row(p, AUTUMN_2016)], on_creation_list(p, AUTUMN_2016))


def talents_2016_arrived(p: Province, noted: Observer) -> float:
    """Talents that arrived since the listing year, a listed town, to September 2016."""
    came = since_listing(p, p.diary.talents_in.astype(np.float64), AUTUMN_2016)
    return per_town(came, on_creation_list(p, AUTUMN_2016))


def output_2017(p: Province, noted: Observer) -> float:
    """Output of 2017, 亿元 a town assessed on the creation list."""
    return per_town(p.towns.output[year_rows(p, 2017)].sum(axis=0) / YI, assessed_creation(p, 2017))


def tax_2017(p: Province, noted: Observer) -> float:
    """Tax of 2017, 亿元 a town assessed on the creation list."""
    return per_town(p.towns.tax[year_rows(p, 2017)].sum(axis=0) / YI, assessed_creation(p, 2017))


# --- enterprises -----------------------------------------------------------------------------------------------------


def hazard(first: int, last: int) -> Moment:
    """Yearly closure rate in years of age ``first`` to ``last``: 1 − (1 − closures/firm-quarters)⁴."""

    def moment(p: Province, noted: Observer) -> float:
        ages = slice(first - 1, last)
        quarterly = share(float(p.diary.gone[:, ages].sum()), float(p.diary.exposed[:, ages].sum()))
        return 1.0 - (1.0 - quarterly) ** 4

    return moment


def opened_after_a_year(p: Province, noted: Observer) -> float:
    """Share of registered micro firms that operate four quarters later, mean of the two cohorts."""
    return sum(_opened(p, noted, cohort) for cohort in MICRO_COHORTS) / len(MICRO_COHORTS)


def _opened(p: Province, noted: Observer, cohort: Quarter) -> float:
    keys, at_work = noted[MICRO][row(p, cohort)], noted[AT_WORK][row(p, cohort + 4)]
    return share(float(np.isin(keys, at_work).sum()), float(keys.size))


def team_size(p: Province, noted: Observer) -> float:
    """Employees of a talents' start-up less than a year old, mean of three dates."""
    return sum(noted[TEAMS][row(p, date)] for date in TEAM_DATES) / len(TEAM_DATES)


MOMENTS: Mapping[str, Moment] = {
    **{f"C-exc{year}": excellent(year) for year in (2015, 2016)},
    **{f"C-warn{year}": warned(year) for year in (2015, 2016, 2017)},
    **{f"C-dem{year}": taken_off(year) for year in (2015, 2016, 2017)},
    "C-inv15": investment_2015, "C-inv16": investment_to_2016, "C-inv17": investment_to_2017,
    "C-spec15": featured_2015, "C-spec17": featured_to_2017, "C-gov15": government_share_2015,
    "C-firm16": firms_2016, "C-tal16": talents_2016, "C-out17": output_2017, "C-tax17": tax_2017,
    "C-h1": hazard(1, 1), "C-h2": hazard(2, 2), "C-h3": hazard(3, 3), "C-h47": hazard(4, 7),
    "C-open": opened_after_a_year, "C-dream15": team_size,
}  # fmt: skip
"""The model's side of every published figure, by target id."""

ALSO: Mapping[str, Moment] = {
    **{f"C-dem{year}/demoted_only": demoted_only(year) for year in (2015, 2016, 2017)},
    "C-inv15/whole_year": investment_2015_year, "C-inv15/true": investment_2015_true,
    "C-firm16/operating": firms_2016_operating, "C-tal16/arrived_since_listing": talents_2016_arrived,
}  # fmt: skip
"""The same figures under other definitions, by target id and name."""


def moments_of(p: Province, noted: Observer) -> dict[str, float]:
    """Every moment of a province that has run; NaN where the run does not reach."""
    out = {}
    for name, moment in {**MOMENTS, **ALSO}.items():
        try:
            out[name] = moment(p, noted)
        except (OutsideRun, KeyError):
            out[name] = NAN
    return out


def simulate(spec: RunSpec) -> dict[str, float]:
    """Run a spec and take its moments; a pure function, the task of every worker.

    Raises:
        sim.engine.ledger.LedgerError: The books do not balance.
    """
    p, noted = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties), Observer(FOR_MOMENTS)
    while p.t + 1 < p.clock.quarters:
        p.step()
        noted.observe(p)
    return moments_of(p, noted)
