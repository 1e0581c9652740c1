"""Outcomes by calendar year and by cohort, and agent-level tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.instruments.clawback import CLAWBACK
from sim.instruments.land_reward import LAND_REWARD
from sim.outcomes.fates import FIRMS, TOWNS, Diary, town_history
from sim.outcomes.summary import NAN, YI, own_window, public_cost, share, strategy_share
from sim.state.books import Kind
from sim.state.town import EVENTS, Status, Strategy
from sim.world.types import INDUSTRIES

if TYPE_CHECKING:
    from sim.state.province import Province


class Recorder:
    """Writes down, at each year's end, the stocks that histories do not keep."""

    def __init__(self, years: int) -> None:
        self.stocks: dict[str, NDArray[np.float64]] = {
            name: np.full(years, NAN) for name in ("idle_land", "debt", "firms", "jobs", "talents", "village_income")
        }

    def observe(self, p: Province) -> None:
        """Call after each quarter."""
        if p.quarter.q != 4 and p.t + 1 < p.quarters:
            return
        people = np.maximum(1, p.villages.population)
        now = {
            "idle_land": p.towns.idle.sum() / 100.0,
            "debt": p.counties.debt.sum() / YI,
            "firms": p.firms.n,
            "jobs": p.towns.jobs.sum(),
            "talents": p.talents.n,
            "village_income": (p.villages.income * people).sum() / people.sum(),
        }
        for name, number in now.items():
            self.stocks[name][p.year_index] = float(number)


def years(p: Province) -> tuple[int, ...]:
    """Calendar years of the run."""
    first = p.start_index // 4
    return tuple(range(first, first + p.exposed.shape[0]))


def yearly(p: Province, recorder: Recorder) -> dict[str, NDArray[np.float64]]:
    """All yearly outcomes, each of shape (years,)."""
    cost = public_cost(p)
    rows = [_year(p, _rows(p, y), cost) for y in range(len(years(p)))]
    out = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    out.update(recorder.stocks)
    return out


def _rows(p: Province, year: int) -> slice:
    offset = p.start_index % 4
    return slice(max(0, 4 * year - offset), min(p.quarters, 4 * year + 4 - offset))


def _year(p: Province, rows: slice, cost: NDArray[np.float64]) -> dict[str, float]:
    return {**_year_lists(p, rows), **_year_money(p, rows, cost), **_year_choices(p, rows.stop - 1)}


def _year_lists(p: Province, rows: slice) -> dict[str, float]:
    s = p.towns
    status, event = s.status_history[rows.stop - 1], s.event
    left = EVENTS["exited"] | EVENTS["withdrew"] | EVENTS["vetoed"]
    assessed = (event[rows] & EVENTS["assessed"]) > 0
    met = assessed & ((event[rows] & EVENTS["missed"]) == 0)
    return {
        "listed": float(np.isin(status, (Status.CREATION, Status.CULTIVATION, Status.NAMED)).sum()),
        "creation": float((status == Status.CREATION).sum()),
        "cultivation": float((status == Status.CULTIVATION).sum()),
        "warned": float(((event[rows] & EVENTS["warned"]) > 0).sum()),
        "demoted": float(((event[rows] & EVENTS["demoted"]) > 0).sum()),
        "exited_total": float(((event[: rows.stop] & left) > 0).sum()),
        "named": float(((event[: rows.stop] & EVENTS["named"]) > 0).sum()),
        "completion_annual": share(float(met.sum()), float(assessed.sum())),
    }


def _year_money(p: Province, rows: slice, cost: NDArray[np.float64]) -> dict[str, float]:
    s = p.towns
    effective = float(s.core[rows].sum() + s.other[rows].sum() + s.works[rows].sum())
    housing = float(s.housing[rows].sum())
    return {
        "investment_effective": effective / YI,
        "investment_total": (effective + housing) / YI,
        "investment_reported": float(s.reported[rows].sum()) / YI,
        "housing_share": share(housing, effective + housing),
        "core_share": share(float(s.core[rows].sum()), effective),
        "public_cost": float(cost[rows].sum()) / YI,
        "land_rewarded": float(p.land.total(LAND_REWARD)[rows].sum()) / 100.0,
        "land_clawed": float(p.land.total(CLAWBACK)[rows].sum()) / 100.0,
        "entrants": float(s.entrants[rows].sum()),
        "exits": float(s.exits[rows].sum()),
        "output": float(s.output[rows].sum()) / YI,
        "tax": float(s.tax[rows].sum()) / YI,
    }


def _year_choices(p: Province, last: int) -> dict[str, float]:
    first = last - last % 4 if last >= 3 else 0
    return {
        "applied": float(p.towns.applied_history[first : last + 1].any(axis=0).mean()),
        "pushed": strategy_share(p, last, Strategy.PUSH),
        "inflated": strategy_share(p, last, Strategy.INFLATE),
        "drifted": strategy_share(p, last, Strategy.DRIFT),
        "coasted": strategy_share(p, last, Strategy.COAST, Strategy.OUT),
    }


def cohorts(p: Province) -> dict[str, dict[str, float]]:
    """Completion and fate by listing year."""
    s = p.towns
    ratio = own_window(p)
    first = (p.start_index + s.listed_at) // 4
    out: dict[str, dict[str, float]] = {}
    for year in sorted({int(y) for y in first[s.listed_at >= 0]}):
        who = (s.listed_at >= 0) & (first == year)
        known = who & ~np.isnan(ratio)
        out[str(year)] = {
            "towns": float(who.sum()),
            "completion_own": share(float((ratio[known] >= 1.0).sum()), float(known.sum())),
            "invested_over_target": float(np.median(ratio[known])) if known.any() else NAN,
            "named": share(float((s.named_at[who] >= 0).sum()), float(who.sum())),
            "left": share(float((s.left_at[who] >= 0).sum()), float(who.sum())),
        }
    return out


def tables(
    p: Province, names: tuple[str, ...], diary: Diary | None = None
) -> dict[str, dict[str, NDArray[np.generic]]]:
    """Agent-level tables asked for: "towns", "firms", "talents", "projects", "villages", "counties", "town_history",
    and "firm_fates", which needs the diary of the run.
    """
    makers = {"towns": town_table, "villages": village_table, "counties": county_table, TOWNS: town_history}
    out: dict[str, dict[str, NDArray[np.generic]]] = {}
    for name in names:
        if name == FIRMS and diary is not None:
            out[name] = diary.table()
        elif name in makers:
            out[name] = makers[name](p)
        else:
            table = getattr(p, name)
            out[name] = {field: table.live(field).copy() for field in table.columns._fields}
    return out


def town_table(p: Province) -> dict[str, NDArray[np.generic]]:
    """One row a town site at the end of the run."""
    s, g = p.towns, p.geography.towns
    return {
        "key": g.key.copy(),
        "county": g.county.copy(),
        "prefecture": g.prefecture.copy(),
        "industry": np.array(INDUSTRIES)[g.industry],
        "segment": g.segment.copy(),
        "x": g.x.copy(),
        "y": g.y.copy(),
        "potential": g.potential.copy(),
        "capability": g.capability.copy(),
        "status": np.array([Status(int(v)).name.lower() for v in s.status]),
        "listed_at": s.listed_at.copy(),
        "left_at": s.left_at.copy(),
        "named_at": s.named_at.copy(),
        "promised": s.promised.copy(),
        "strategy": np.array([Strategy(int(v)).name.lower() for v in s.strategy]),
        "investment": (s.core + s.other + s.works).sum(axis=0),
        "core": s.core.sum(axis=0),
        "housing": s.housing.sum(axis=0),
        "reported": s.reported.sum(axis=0),
        "completion": own_window(p),
        "firms": s.firms.copy(),
        "jobs": s.jobs.copy(),
        "talents": s.talents.copy(),
        "output": s.output[-4:].sum(axis=0),
        "tax": s.tax[-4:].sum(axis=0),
        "rewarded": s.rewarded.copy(),
        "clawed": s.clawed.copy(),
        "infra": s.infra.copy(),
        "reputation": s.reputation.copy(),
        "misses": ((s.event & EVENTS["missed"]) > 0).sum(axis=0),
        "pushed": (s.strategy_history == Strategy.PUSH).sum(axis=0),
        "inflated": (s.strategy_history == Strategy.INFLATE).sum(axis=0),
        "drifted": (s.strategy_history == Strategy.DRIFT).sum(axis=0),
        "applied": s.applied_history.any(axis=0),
    }


def village_table(p: Province) -> dict[str, NDArray[np.generic]]:
    """One row a village at the end of the run."""
    g = p.geography.villages
    place = {
        "key": g.key.copy(),
        "town": g.town.copy(),
        "rank": g.rank.copy(),
        "x": g.x.copy(),
        "y": g.y.copy(),
        "distance": g.distance.copy(),
        "to_village": p.rural.to_village.copy(),
        "to_town": p.rural.to_town.copy(),
        "collective": p.rural.fees.sum(axis=0),
    }
    return {**place, **{name: getattr(p.villages, name).copy() for name in p.villages._fields}}


def county_table(p: Province) -> dict[str, NDArray[np.generic]]:
    """One row a county at the end of the run."""
    g = p.geography.counties
    quota = p.land.balance[p.chart.of(Kind.COUNTY)]
    return {
        "key": g.key.copy(),
        "name": np.array(g.name),
        "prefecture": g.prefecture.copy(),
        "x": g.x.copy(),
        "y": g.y.copy(),
        "population": g.population.copy(),
        "poor": g.poor.copy(),
        "revenue": g.revenue.copy(),
        "debt": p.counties.debt.copy(),
        "quota": quota.copy(),
    }
