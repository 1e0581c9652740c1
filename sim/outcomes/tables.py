"""Agent-level tables at the end of a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.fates import FIRMS, ROLL, TOWNS, firm_fates, town_history
from sim.outcomes.observe import Observer
from sim.outcomes.windows import own_window
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.town import EVENTS, Grade, Status, Strategy
from sim.world.types import INDUSTRIES


def tables(
    p: Province, names: tuple[str, ...], observer: Observer | None = None
) -> dict[str, dict[str, NDArray[np.generic]]]:
    """Tables asked for: "towns", "firms", "talents", "projects", "villages", "counties", "flows", "town_history", and
    "firm_fates", which needs an observer of :data:`~sim.outcomes.fates.ROLL`.
    """
    makers = {
        "towns": town_table,
        "villages": village_table,
        "counties": county_table,
        "flows": flow_table,
        TOWNS: town_history,
    }
    out: dict[str, dict[str, NDArray[np.generic]]] = {}
    for name in names:
        if name == FIRMS and observer is not None:
            out[name] = firm_fates(observer[ROLL])
        elif name in makers:
            out[name] = makers[name](p)
        else:
            table = getattr(p, name)
            out[name] = {field: table.live(field).copy() for field in table.columns._fields}
    return out


def town_table(p: Province) -> dict[str, NDArray[np.generic]]:
    """One row a town site at the end of the run."""
    s, g = p.towns, p.places.towns
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
        "grade": np.array([Grade(int(v)).name.lower() for v in s.grade]),
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
    g = p.places.villages
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
    g = p.places.counties
    quota = p.land.balance[p.books.chart.of(Kind.COUNTY)]
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


def flow_table(p: Province) -> dict[str, NDArray[np.generic]]:
    """Who paid what for which reason over the run: one row a reason and kind of payer, 万元 or centi-mu."""
    rows = [
        (book.name, reason.name, kind.name.lower(), int(amount))
        for book in (p.money, p.land)
        for reason, paid in zip(book.reasons, book.flows.sum(axis=0), strict=True)
        for kind, amount in zip(p.books.chart.kinds, paid, strict=True)
        if amount
    ]
    names = ("book", "reason", "payer")
    columns: dict[str, NDArray[np.generic]] = {n: np.array([row[i] for row in rows]) for i, n in enumerate(names)}
    return columns | {"amount": np.array([row[3] for row in rows], dtype=np.int64)}
