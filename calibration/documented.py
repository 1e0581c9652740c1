"""The model's side of what the documents report: one function a fact, of a province that has run.

Every function has the form ``f(p, noted, over) -> float``; NaN where the run has nobody to ask. Money is 万元
inside and 亿元 in results unless told otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from calibration.history import first_batch, flow, reported_flow, row
from calibration.windows import Window
from sim.instruments.finance import FinanceMatching
from sim.instruments.visitors import KIND
from sim.outcomes.arithmetic import YI, Flags, share
from sim.outcomes.observe import Note, Observer, always
from sim.state.people import APPROVED, BUILDING, SIGNED
from sim.state.province import Province
from sim.state.residents import local_revenue, people
from sim.world.types import INDUSTRIES

Measure = Callable[[Province, Observer, Window], float]
Rows = NDArray[np.float64]
MU_A_KM2, MU = 1500.0, 100.0
CROWD = 50_000
"""People of a large town area."""
TOWN, INDUSTRY, BUDGET, LAND, STAGE, ANNOUNCED = range(6)


def _projects(p: Province) -> tuple[NDArray[np.uint64], Rows]:
    """Keys of live projects and (town, industry, budget, land, stage, announced)."""
    live = [p.projects.live(name) for name in ("town", "industry", "budget", "land", "stage", "announced")]
    return np.array(p.projects.live("key")), np.stack([np.asarray(one, dtype=np.float64) for one in live], axis=1)


def _matched(p: Province) -> float:
    """Firms that the quarter's events help: as many as contacts and success allow, of the projects that wait."""
    finance = p.policy.the(FinanceMatching)
    now = finance.now(p.t) if p.t >= 0 else None
    return 0.0 if now is None else min(now.events * now.contacts / 4.0 * now.success, float(finance.waiting(p)))


PROJECTS = Note("live projects", _projects, always)
MATCHED = Note("projects that events help", _matched, always)
PEOPLE = Note("people of town areas", people, always)
FOR_DOCUMENTS = (PROJECTS, MATCHED, PEOPLE)


def _span(p: Province, over: Window) -> range:
    return range(row(p, over.first), row(p, over.last) + 1)


def _rows(p: Province, over: Window) -> slice:
    span = _span(p, over)
    return slice(span.start, span.stop)


def _ever(p: Province, over: Window) -> Flags:
    """Towns on a list in the window, of creation or cultivation."""
    listed, trained = p.towns.listed_at, p.towns.cultivated_at
    end = row(p, over.last)
    return np.asarray(((listed >= 0) & (listed <= end)) | ((trained >= 0) & (trained <= end)))


def _first_seen(p: Province, noted: Observer, over: Window, stage: int) -> Rows:
    """Projects of listed towns that reach a stage in the window, as they are when first seen in it or beyond."""
    found: dict[int, Rows] = {}
    before: set[int] = set()
    for t in range(-1, row(p, over.last) + 1):
        keys, rows = noted[PROJECTS][t]
        for key, one in zip(keys[rows[:, STAGE] >= stage], rows[rows[:, STAGE] >= stage], strict=True):
            if t < _span(p, over).start:
                before.add(int(key))
            elif int(key) not in before:
                found.setdefault(int(key), one)
    listed = _ever(p, over)
    inside = [one for one in found.values() if listed[int(one[TOWN])]]
    return np.array(inside) if inside else np.zeros((0, 6))


def investment_of_first_batch(p: Province, noted: Observer, over: Window) -> float:
    """Reported effective investment of the first batch in the window, all towns together, 亿元."""
    return float(reported_flow(p)[_rows(p, over)][:, first_batch(p)].sum()) / YI


def investment_of_listed(p: Province, noted: Observer, over: Window) -> float:
    """Effective investment of towns ever listed, all together, 亿元."""
    return float(flow(p)[_rows(p, over)][:, _ever(p, over)].sum()) / YI


def investment_a_town_year(p: Province, noted: Observer, over: Window) -> float:
    """The same a listed town and year, 亿元."""
    years = len(_span(p, over)) / 4.0
    return share(investment_of_listed(p, noted, over), float(_ever(p, over).sum()) * years)


def firms_of_first_batch(p: Province, noted: Observer, over: Window) -> float:
    """Enterprises that registered in towns of the first batch to November: a third of the last quarter is left out."""
    came = p.towns.entrants[_rows(p, over)][:, first_batch(p)].sum(axis=1).astype(np.float64)
    came[-1] *= 2.0 / 3.0
    return float(came.sum())


def studios(p: Province, noted: Observer, over: Window) -> float:
    """Enterprises that registered in the window, a listed town of the classics."""
    classics = _ever(p, over) & (p.places.towns.industry == INDUSTRIES.index("classics"))
    return share(float(p.towns.entrants[_rows(p, over)][:, classics].sum()), float(classics.sum()))


def visitors_of_a_tourism_town(p: Province, noted: Observer, over: Window) -> float:
    """Visits a year to a listed tourism town; towns of other industries count by their pull."""
    pull = KIND[p.places.towns.industry][_ever(p, over)].sum()
    return share(float(p.rural.visits[_rows(p, over)].sum()), float(pull) * len(_span(p, over)) / 4.0)


def projects_a_town(p: Province, noted: Observer, over: Window) -> float:
    """Projects approved in the window, a listed town: a plan lists what has come through approval."""
    return share(float(len(_first_seen(p, noted, over, APPROVED))), float(_ever(p, over).sum()))


def project_budget(p: Province, noted: Observer, over: Window) -> float:
    """Mean budget of the same projects, 亿元."""
    approved = _first_seen(p, noted, over, APPROVED)
    return float(approved[:, BUDGET].mean()) / YI if len(approved) else float("nan")


def largest_project(p: Province, noted: Observer, over: Window) -> float:
    """Largest budget of the projects signed in listed towns, 亿元."""
    signed = _first_seen(p, noted, over, SIGNED)
    return float(signed[:, BUDGET].max()) / YI if len(signed) else float("nan")


def done_of_begun(p: Province, noted: Observer, over: Window) -> float:
    """Of the projects that were built or under way in the window, the share that is done at its end."""
    _, rows = noted[PROJECTS][row(p, over.last)]
    done = float(p.diary.finished[_rows(p, over)].sum())
    return share(done, done + float((rows[:, STAGE] == BUILDING).sum()))


def begun_of_announced(p: Province, noted: Observer, over: Window) -> float:
    """Of the projects announced in listed towns in the window's first year, the share under way or done by its end."""
    first = range(_span(p, over).start, _span(p, over).start + 4)
    new = [one for one in _first_seen(p, noted, over, 0) if int(one[ANNOUNCED]) in first]
    begun = [one for one in _first_seen(p, noted, over, BUILDING) if int(one[ANNOUNCED]) in first]
    return share(float(len(begun)), float(len(new)))


def _land_price(industry: str) -> Measure:
    def measure(p: Province, noted: Observer, over: Window) -> float:
        signed = _first_seen(p, noted, over, SIGNED)
        own = signed[signed[:, INDUSTRY] == INDUSTRIES.index(industry)]
        return share(float(own[:, BUDGET].sum()), float(own[:, LAND].sum()) / MU)

    return measure


def people_added(p: Province, noted: Observer, over: Window) -> float:
    """People that listed towns gained over the window, all together."""
    start = noted[PEOPLE][row(p, over.first) - 1]
    return float((noted[PEOPLE][row(p, over.last)] - start)[_ever(p, over)].sum())


def land_added(p: Province, noted: Observer, over: Window) -> float:
    """Land that listed towns took into use over the window, all together, km²."""
    return float(p.towns.land_used[_rows(p, over)][:, _ever(p, over)].sum()) / MU / MU_A_KM2


def revenue_of_listed(p: Province, noted: Observer, over: Window) -> float:
    """Local revenue of listed towns in the last year, all together, 亿元."""
    return float(local_revenue(p)[_ever(p, over)].sum()) / YI


def firms_of_listed(p: Province, noted: Observer, over: Window) -> float:
    """Enterprises on the register of listed towns at the end."""
    return float(p.towns.firms[_ever(p, over)].sum())


def large_towns(p: Province, noted: Observer, over: Window) -> float:
    """Listed towns of more than 50,000 people at the end, of two hundred."""
    listed = _ever(p, over)
    return 200.0 * share(float((people(p)[listed] > CROWD).sum()), float(listed.sum()))


def solved_by_events(p: Province, noted: Observer, over: Window) -> float:
    """Projects that matching events helped in the window."""
    return float(sum(noted[MATCHED][t] for t in _span(p, over)))


def start_ups(p: Province, noted: Observer, over: Window) -> float:
    """Start-ups of talents in the window."""
    return float(p.diary.startups[_rows(p, over)].sum())


def talents_settled(p: Province, noted: Observer, over: Window) -> float:
    """Talents who came in the window."""
    return float(p.diary.talents_in[_rows(p, over)].sum())


def processed_a_town(p: Province, noted: Observer, over: Window) -> float:
    """Value added by processing a listed town and year, 万元."""
    years = len(_span(p, over)) / 4.0
    return share(float(p.rural.processed[_rows(p, over)].sum()), float(_ever(p, over).sum()) * years)


def jobs_of_investment(p: Province, noted: Observer, over: Window) -> float:
    """Jobs that a project brings, a 亿元."""
    return float(p.behaviour["project.jobs_per_100m"])


def households_a_village(p: Province, noted: Observer, over: Window) -> float:
    """Income that came from the town to a linked village in a year, 万元."""
    linked = float((p.rural.to_village > 0).sum())
    return share(float(p.rural.out[_rows(p, over)].sum()), linked * len(_span(p, over)) / 4.0)


def collective_a_village(p: Province, noted: Observer, over: Window) -> float:
    """Income of the collective of a linked village in the last year, 万元."""
    linked = p.rural.to_village > 0
    return share(float(p.rural.fees.sum(axis=0)[linked].sum()), float(linked.sum()))


def settlers_a_town(p: Province, noted: Observer, over: Window) -> float:
    """Farmers who settled in the window, a small town."""
    return float(p.towns.settlers[_rows(p, over)].sum()) / p.towns.size


MEASURES: Mapping[str, Measure] = {
    **{f.__name__: f for f in (
        investment_of_first_batch, investment_of_listed, investment_a_town_year, firms_of_first_batch, studios,
        visitors_of_a_tourism_town, projects_a_town, project_budget, largest_project, done_of_begun, begun_of_announced,
        people_added, land_added, revenue_of_listed, firms_of_listed, large_towns, solved_by_events, start_ups,
        talents_settled, processed_a_town, jobs_of_investment, households_a_village, collective_a_village,
        settlers_a_town,
    )},
    "land_price_tourism": _land_price("tourism"),
    "land_price_health": _land_price("health"),
}  # fmt: skip
"""Every measure by name, as ``scenarios/documents.toml`` names it."""
