"""What the model says about each published figure: one function a figure, of a finished province.

``watch(spec)`` runs a province quarter by quarter, because grades, stocks of firms and cohorts of entrants are not kept
in histories, and returns one number for every id of ``targets.toml``. A number that the run cannot give (no such date,
nobody on the list) is NaN.

Money is 万元 inside and 亿元 in the results. Where the source is a town's report about itself and the model has a
reported figure, the reported one is used: true investment of the quarter times the year's ratio of reported to true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from calibration.observed import MICRO_COHORTS, STOCK_DATE, TEAM_DATES, Seen
from sim.model import Simulation
from sim.outcomes.arithmetic import NAN, YI, share
from sim.parameters import Quarter
from sim.state.province import Province
from sim.state.town import EVENTS, Status

if TYPE_CHECKING:
    from sim.run import RunSpec

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

START, QUARTERS = "2015Q1", 16
"""The window that all figures need: 2015Q1 to 2018Q4."""
AUTUMN_2016, SUMMER_2017 = STOCK_DATE, Quarter(2017, 2)
JULY = 1.0 / 3.0
"""Part of the third quarter of 2017 that lies before the end of July."""
EXCELLENT = 4

Measure = Callable[[Province, Seen], float]
"""A figure of a province that has run."""


class OutsideRun(LookupError):
    """A date that the run does not reach."""


# --- dates, towns, flows ---------------------------------------------------------------------------------------------


def row(p: Province, when: Quarter) -> int:
    """Quarters since the start of the run.

    Raises:
        OutsideRun: The run has no such quarter.
    """
    t = when.index - p.clock.start_index
    if not 0 <= t <= p.t:
        raise OutsideRun(str(when))
    return t


def year_rows(p: Province, year: int) -> slice:
    """The four quarters of a calendar year."""
    return slice(row(p, Quarter(year, 1)), row(p, Quarter(year, 4)) + 1)


def on_creation_list(p: Province, when: Quarter) -> Flags:
    """Towns on the creation list, or named, at the end of a quarter."""
    return np.asarray(np.isin(p.towns.status_history[row(p, when)], (Status.CREATION, Status.NAMED)))


def first_batch(p: Province) -> Flags:
    """Towns first listed in 2015."""
    listed = p.towns.listed_at
    return np.asarray((listed >= 0) & ((p.clock.start_index + listed) // 4 == 2015))


def assessed_creation(p: Province, year: int) -> Flags:
    """Towns that were on the creation list when the year was assessed, whatever the assessment did to them."""
    t = row(p, Quarter(year, 4))
    s = p.towns
    before = s.status_history[t - 1] == Status.CREATION if t > 0 else np.zeros(s.size, dtype=bool)
    called = (s.listed_at == t) & ((s.event[t] & EVENTS["promoted"]) == 0)
    return np.asarray((before | called) & ((s.event[t] & EVENTS["assessed"]) > 0))


def flow(p: Province) -> Floats:
    """True effective investment by quarter and town under the regime's own rule, 万元, shape (quarters, T)."""
    rows = [p.towns.effective(slice(t, t + 1), p.policy.target.rule(t)) for t in range(p.clock.quarters)]
    return np.stack(rows).astype(np.float64)


def reported_flow(p: Province) -> Floats:
    """The same as the towns report it; the report is yearly, so every quarter of a year carries the year's ratio."""
    true = flow(p)
    out = true.copy()
    for t in np.flatnonzero((p.clock.start_index + np.arange(p.clock.quarters)) % 4 == 3):
        rows = slice(max(0, int(t) - 3), int(t) + 1)
        year = true[rows].sum(axis=0)
        out[rows] *= np.where(year > 0.0, p.towns.reported[t] / np.maximum(1.0, year), 1.0)
    return out


def since_listing(p: Province, history: Floats, last: Quarter, part_of_next: float = 0.0) -> Floats:
    """Sum of a history from the start of each town's listing year to the end of a quarter, by town.

    Args:
        p: The province.
        history: By quarter and town.
        last: Last whole quarter.
        part_of_next: Share of the quarter after it that counts too.
    """
    end = row(p, last)
    weight = (np.arange(p.clock.quarters) <= end).astype(np.float64)
    if part_of_next > 0.0:
        weight[row(p, last + 1)] = part_of_next
    inside = np.arange(p.clock.quarters)[:, None] >= p.window_start()[None, :]
    return np.asarray((history * inside * weight[:, None]).sum(axis=0))


def per_town(amount: Floats, who: Flags) -> float:
    """Mean over some towns; NaN where there are none."""
    return float(amount[who].mean()) if who.any() else NAN


# --- assessments -----------------------------------------------------------------------------------------------------


def _excellent(p: Province, seen: Seen, year: int) -> float:
    who = assessed_creation(p, year)
    return share(float((seen.grades[year][who] == EXCELLENT).sum()), float(who.sum()))


def _events(p: Province, year: int, *names: str) -> float:
    who = assessed_creation(p, year)
    bits = sum(EVENTS[name] for name in names)
    happened = (p.towns.event[row(p, Quarter(year, 4))] & bits) > 0
    return share(float((happened & who).sum()), float(who.sum()))


def excellent(year: int) -> Measure:
    """Share of assessed creation towns graded excellent."""
    return lambda p, seen: _excellent(p, seen, year)


def warned(year: int) -> Measure:
    """Share of assessed creation towns warned and kept."""
    return lambda p, seen: _events(p, year, "warned")


def taken_off(year: int) -> Measure:
    """Share of assessed creation towns that the assessment took off the creation list: demoted, or out by rule."""
    return lambda p, seen: _events(p, year, "demoted", "exited")


def demoted_only(year: int) -> Measure:
    """Share of assessed creation towns demoted to the cultivation list."""
    return lambda p, seen: _events(p, year, "demoted")


# --- investment ------------------------------------------------------------------------------------------------------


def _nine_months(p: Province, history: Floats) -> float:
    start = row(p, Quarter(2015, 1))
    return per_town(history[start : start + 3].sum(axis=0) * (4.0 / 3.0) / YI, first_batch(p))


def investment_2015(p: Province, seen: Seen) -> float:
    """Reported effective investment of January to September 2015, made annual, 亿元 a first-batch town."""
    return _nine_months(p, reported_flow(p))


def investment_2015_true(p: Province, seen: Seen) -> float:
    """The same at its true value."""
    return _nine_months(p, flow(p))


def investment_2015_year(p: Province, seen: Seen) -> float:
    """Reported effective investment of the whole of 2015, 亿元 a first-batch town."""
    return per_town(reported_flow(p)[year_rows(p, 2015)].sum(axis=0) / YI, first_batch(p))


def investment_to_2016(p: Province, seen: Seen) -> float:
    """Reported effective investment from the listing year to September 2016, 亿元 a town on the creation list."""
    return per_town(since_listing(p, reported_flow(p), AUTUMN_2016) / YI, on_creation_list(p, AUTUMN_2016))


def investment_to_2017(p: Province, seen: Seen) -> float:
    """The same to July 2017, over the towns listed before the third batch."""
    return per_town(since_listing(p, reported_flow(p), SUMMER_2017, JULY) / YI, on_creation_list(p, SUMMER_2017))


def featured_2015(p: Province, seen: Seen) -> float:
    """Share of the first batch's effective investment of 2015 that went into the towns' own industries."""
    rows, who = year_rows(p, 2015), first_batch(p)
    return share(float(p.towns.core[rows][:, who].sum()), float(flow(p)[rows][:, who].sum()))


def featured_to_2017(p: Province, seen: Seen) -> float:
    """The same from the listing year to July 2017."""
    who = on_creation_list(p, SUMMER_2017)
    core = since_listing(p, p.towns.core.astype(np.float64), SUMMER_2017, JULY)
    return share(float(core[who].sum()), float(since_listing(p, flow(p), SUMMER_2017, JULY)[who].sum()))


def government_share_2015(p: Province, seen: Seen) -> float:
    """Share of the effective investment of all sites in Hangzhou in 2015 that governments paid."""
    names = p.places.prefectures.name_en
    if "Hangzhou" not in names:
        return NAN
    rows, who = year_rows(p, 2015), p.places.towns.prefecture == names.index("Hangzhou")
    return share(float(p.towns.government[rows][:, who].sum()), float(flow(p)[rows][:, who].sum()))


# --- stocks and output -----------------------------------------------------------------------------------------------


def firms_2016(p: Province, seen: Seen) -> float:
    """Enterprises on the register a listed town, September 2016."""
    return per_town(seen.firms[AUTUMN_2016], on_creation_list(p, AUTUMN_2016))


def firms_2016_operating(p: Province, seen: Seen) -> float:
    """Those that operate."""
    return per_town(seen.operating[AUTUMN_2016], on_creation_list(p, AUTUMN_2016))


def talents_2016(p: Province, seen: Seen) -> float:
    """Talents present a listed town, September 2016."""
    return per_town(seen.talents[AUTUMN_2016], on_creation_list(p, AUTUMN_2016))


def talents_2016_arrived(p: Province, seen: Seen) -> float:
    """Talents that arrived since the listing year, a listed town, to September 2016."""
    came = since_listing(p, p.diary.talents_in.astype(np.float64), AUTUMN_2016)
    return per_town(came, on_creation_list(p, AUTUMN_2016))


def output_2017(p: Province, seen: Seen) -> float:
    """Output of 2017, 亿元 a town assessed on the creation list."""
    return per_town(p.towns.output[year_rows(p, 2017)].sum(axis=0) / YI, assessed_creation(p, 2017))


def tax_2017(p: Province, seen: Seen) -> float:
    """Tax of 2017, 亿元 a town assessed on the creation list."""
    return per_town(p.towns.tax[year_rows(p, 2017)].sum(axis=0) / YI, assessed_creation(p, 2017))


# --- enterprises -----------------------------------------------------------------------------------------------------


def hazard(first: int, last: int) -> Measure:
    """Yearly closure rate in years of age ``first`` to ``last``: 1 − (1 − closures/firm-quarters)⁴."""

    def measure(p: Province, seen: Seen) -> float:
        ages = slice(first - 1, last)
        quarterly = share(float(p.diary.gone[:, ages].sum()), float(p.diary.exposed[:, ages].sum()))
        return 1.0 - (1.0 - quarterly) ** 4

    return measure


def opened_after_a_year(p: Province, seen: Seen) -> float:
    """Share of registered micro firms that operate four quarters later, mean of the two cohorts."""
    return sum(seen.opened[cohort] for cohort in MICRO_COHORTS) / len(MICRO_COHORTS)


def team_size(p: Province, seen: Seen) -> float:
    """Employees of a talents' start-up less than a year old, mean of three dates."""
    return sum(seen.teams[date] for date in TEAM_DATES) / len(TEAM_DATES)


MEASURES: Mapping[str, Measure] = {
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

ALSO: Mapping[str, Measure] = {
    **{f"C-dem{year}/demoted_only": demoted_only(year) for year in (2015, 2016, 2017)},
    "C-inv15/whole_year": investment_2015_year, "C-inv15/true": investment_2015_true,
    "C-firm16/operating": firms_2016_operating, "C-tal16/arrived_since_listing": talents_2016_arrived,
}  # fmt: skip
"""The same figures under other definitions, by target id and name."""


def measured(p: Province, seen: Seen) -> dict[str, float]:
    """Every measure of a province that has run; NaN where the run does not reach."""
    out = {}
    for name, measure in {**MEASURES, **ALSO}.items():
        try:
            out[name] = measure(p, seen)
        except (OutsideRun, KeyError):
            out[name] = NAN
    return out


def watch(spec: RunSpec) -> dict[str, float]:
    """Run a spec and measure it; a pure function, the task of every worker.

    Raises:
        sim.engine.ledger.LedgerError: The books do not balance.
    """
    p, seen = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties), Seen()
    while p.t + 1 < p.clock.quarters:
        p.step()
        seen.observe(p)
    return measured(p, seen)
