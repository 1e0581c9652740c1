"""The usual data collector: the yearly outcomes that make sense each quarter, and a few figures of every town.

Flows are those of the quarter, stocks those at its end; summed or read at a year's end they equal the yearly outcomes
of the same name (:mod:`sim.outcomes.yearly`). Money 亿元, land mu.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.ledger import Ledger, Reason
from sim.instruments.clawback import CLAWBACK
from sim.instruments.land_reward import LAND_REWARD
from sim.mesa.views import Town
from sim.state.town import EVENTS, Status, Strategy

if TYPE_CHECKING:
    from sim.model import Simulation as Province

YI = 10_000.0
"""万元 in a 亿元."""

Reporter = Callable[[Any], Any]
"""From a province to what is collected."""


def _flow(name: str, unit: float = 1.0) -> Reporter:
    """Sum over towns of one history in the quarter."""

    def report(p: Province) -> float:
        return float(getattr(p.towns, name)[p.t].sum()) / unit if p.t >= 0 else 0.0

    return report


def _booked(p: Province, book: Ledger, *reasons: Reason) -> float:
    """Amount booked for some reasons in the quarter."""
    return float(sum(book.total(reason)[p.t] for reason in reasons)) if p.t >= 0 else 0.0


def _state(*states: Status) -> Reporter:
    return lambda p: int(np.isin(p.towns.status, states).sum())


def _event(*names: str) -> Reporter:
    """Towns that had one of some events in the quarter."""
    bits = sum(EVENTS[name] for name in names)
    return lambda p: int(((p.towns.event[p.t] & bits) > 0).sum()) if p.t >= 0 else 0


def _events_so_far(*names: str) -> Reporter:
    bits = sum(EVENTS[name] for name in names)
    return lambda p: int(((p.towns.event[: p.t + 1] & bits) > 0).sum())


def _chosen(*strategies: Strategy) -> Reporter:
    return lambda p: float(np.isin(p.towns.strategy, strategies).mean())


def _effective(p: Province) -> float:
    return float(sum(_flow(name, YI)(p) for name in ("core", "other", "works")))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _public_cost(p: Province) -> float:
    return float(p.money.under_policy()[p.t]) / YI if p.t >= 0 else 0.0


def _village_income(p: Province) -> float:
    people: NDArray[np.int64] = np.maximum(1, p.villages.population)
    return float((p.villages.income * people).sum() / people.sum())


MODEL_REPORTERS: Mapping[str, Reporter] = {
    "quarter": lambda p: str(p.clock.quarter),
    "listed": _state(Status.CREATION, Status.CULTIVATION, Status.NAMED),
    "creation": _state(Status.CREATION),
    "cultivation": _state(Status.CULTIVATION),
    "warned": _event("warned"),
    "demoted": _event("demoted"),
    "exited_total": _events_so_far("exited", "withdrew", "vetoed"),
    "named": _events_so_far("named"),
    "investment_effective": _effective,
    "investment_total": lambda p: _effective(p) + _flow("housing", YI)(p),
    "housing_share": lambda p: _share(_flow("housing", YI)(p), _effective(p) + _flow("housing", YI)(p)),
    "core_share": lambda p: _share(_flow("core", YI)(p), _effective(p)),
    "public_cost": _public_cost,
    "land_rewarded": lambda p: _booked(p, p.land, LAND_REWARD) / 100.0,
    "land_clawed": lambda p: _booked(p, p.land, CLAWBACK) / 100.0,
    "idle_land": lambda p: float(p.towns.idle.sum()) / 100.0,
    "debt": lambda p: float(p.counties.debt.sum()) / YI,
    "firms": lambda p: p.firms.n,
    "entrants": _flow("entrants"),
    "exits": _flow("exits"),
    "jobs": lambda p: int(p.towns.jobs.sum()),
    "talents": lambda p: p.talents.n,
    "output": _flow("output", YI),
    "tax": _flow("tax", YI),
    "village_income": _village_income,
    "pushed": _chosen(Strategy.PUSH),
    "inflated": _chosen(Strategy.INFLATE),
    "drifted": _chosen(Strategy.DRIFT),
    "coasted": _chosen(Strategy.COAST, Strategy.OUT),
}
"""Outcome id to what is collected of the province."""

TOWN_REPORTERS: Mapping[str, Any] = {
    "status": lambda town: town.status.name.lower(),
    "strategy": lambda town: town.strategy.name.lower(),
    "effort": "effort",
    "investment_quarter": "investment_quarter",
    "investment_year": "investment_year",
    "firms": "firms",
    "jobs": "jobs",
    "talents": "talents",
    "infra": "infra",
    "reputation": "reputation",
    "land_rewarded": "land_rewarded",
    "land_clawed": "land_clawed",
}
"""What is collected of every town: property or function."""


def quarterly_collector(*, towns: bool = True) -> mesa.DataCollector:
    """A new data collector.

    Args:
        towns: Collect every town too: ``get_agenttype_vars_dataframe(Town)``.
    """
    types = {Town: dict(TOWN_REPORTERS)} if towns else None
    return mesa.DataCollector(model_reporters=dict(MODEL_REPORTERS), agenttype_reporters=types)
