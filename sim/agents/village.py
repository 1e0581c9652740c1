"""Villages around the towns and the 1+N network (step 12).

Every village lives with its nearest town: villagers commute to its firms, sell produce to it and may settle there;
visitors of the town reach near villages first (decay with distance, F54/``spillover.distance_km``). Where a regime
links N villages to each town, support flows through six channels (planning, industry, infrastructure, services,
ecology, management) after a lag, and villages give labour, produce and land back::

    support    ← support + ([rank < N] − support)/lag
    facilities ← facilities + (1 − facilities)·(0.01·(infrastructure + services)·support + 0.05·spill·decay·infra)
    busy       = jobs/(jobs + 2000)
    commuters  = (people − migrants)·min(0.6, (commute_share·decay + 0.06·industry·support)·busy)
    produce    ← produce·(1 + growth/4 + 0.002·facilities + 0.01·shock)
    trade      = produce·(0.15·decay·fame + 0.02·(planning + ecology + management)·support)
    income     = produce + trade + (0.8·wage·commuters + 3·migrants)/people

Distances are in km, income is 万元 a person a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.agents.columns import VillageColumns
from sim.compiled import kernel
from sim.draws import Decision, uniform
from sim.ledger import Kind, Reason

if TYPE_CHECKING:
    from sim.province import Province


def start(p: Province) -> VillageColumns:
    """Village columns at the start of the run."""
    v = p.geography.villages
    n = v.key.size
    zeros = np.zeros(n)
    migrants = np.rint(0.15 * v.population).astype(np.int64)
    return VillageColumns(
        v.population.astype(np.int64).copy(),
        migrants,
        np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        v.income.copy(),
        np.full(n, 0.2),
        0.6 * v.income,
        zeros.copy(),
    )


@kernel
def quarter(
    c: VillageColumns,
    town: NDArray[np.int64],
    decay: NDArray[np.float64],
    linked: NDArray[np.bool_],
    channels: NDArray[np.float64],
    lag: float,
    reverse: float,
    infra: NDArray[np.float64],
    jobs: NDArray[np.int64],
    wage: NDArray[np.float64],
    fame: NDArray[np.float64],
    shock: NDArray[np.float64],
    growth: float,
    commute: float,
    spill: float,
    settle: NDArray[np.float64],
    keys: NDArray[np.uint64],
    chance: np.uint64,
    sums: NDArray[np.int64],
) -> None:
    """One quarter of every village; ``sums`` (3, V): wages earned in town, produce sold to town, return flow, 万元."""
    planning, industry, works, services, ecology, management = channels
    for v in range(town.size):
        t = town[v]
        target = 1.0 if linked[v] else 0.0
        c.support[v] += (target - c.support[v]) / max(1.0, lag)
        help_ = c.support[v]
        c.facilities[v] += 0.01 * (works + services) * help_ * (1.0 - c.facilities[v]) + spill * 0.05 * decay[
            v
        ] * infra[t] * (1.0 - c.facilities[v])
        busy = jobs[t] / (jobs[t] + 2000.0)
        share = min(0.6, (commute * decay[v] + 0.06 * industry * help_) * busy)
        here = c.population[v] - c.migrants[v]
        c.commuters[v] = int(here * share + 0.5)
        u = uniform(chance, keys[v])
        back = min(c.migrants[v], int(c.migrants[v] * 0.01 * (0.3 + services * help_ + 0.5 * decay[v]) * busy + u))
        c.migrants[v] -= back
        moved = int(here * settle[v] * 0.25 * (decay[v] + 0.5 * services * help_) * infra[t] * busy + u)
        c.settled[v] += moved
        c.population[v] -= moved
        c.productivity[v] *= 1.0 + growth * 0.25 + 0.002 * c.facilities[v] + 0.01 * shock[v]
        trade = c.productivity[v] * (0.15 * decay[v] * fame[t] + 0.06 * (planning + ecology + management) / 3.0 * help_)
        people = max(1, c.population[v])
        c.income[v] = c.productivity[v] + trade + (wage[t] * 0.8 * c.commuters[v] + 3.0 * c.migrants[v]) / people
        sums[0, v] = int(wage[t] * 0.2 * c.commuters[v] + 0.5)
        sums[1, v] = int(trade * 0.25 * people + 0.5)
        sums[2, v] = int(reverse * help_ * 0.1 * sums[1, v] + 0.5)


def villages(p: Province) -> None:
    """Step 12: the villages' quarter, and the support that counties pay into the 1+N network."""
    g, o, b, t = p.geography.villages, p.offer, p.b, p.t
    linked = g.rank < o.linked
    sums = p.village_sums
    shock = p.draws.normals(Decision.VILLAGE_SHOCK, g.key, t)
    settled = p.villages.settled.copy()
    quarter(
        p.villages,
        g.town,
        p.decay,
        linked,
        o.channels,
        float(o.link_lag),
        o.link_reverse,
        p.towns.infra,
        p.towns.jobs,
        p.wage,
        p.towns.infra * (0.3 + np.maximum(0.0, p.towns.reputation)),
        shock,
        b["village.income_growth"],
        b["village.commute_share"],
        b["village.spill"],
        b["village.settle"] * o.settle,
        g.key,
        p.draws.stream(Decision.VILLAGE_MIGRATE, t),
        sums,
    )
    np.add.at(p.towns.settlers[t], g.town, p.villages.settled - settled)
    own, homes = p.chart.of(Kind.VILLAGE), p.chart.of(Kind.HOUSEHOLD)[g.town]
    p.money.post(Reason.VILLAGE_LABOUR, homes, own, sums[0])
    p.money.post(Reason.VILLAGE_PRODUCE, p.chart.of(Kind.OUTSIDE), own, sums[1])
    p.money.post(Reason.VILLAGE_RETURN, own, homes, sums[2])
    support = np.where(linked, int(p.c["linkage.cost_village"] * o.channels.sum() / 24.0 + 0.5), 0).astype(np.int64)
    p.money.post(Reason.VILLAGE_LINK, p.chart.of(Kind.COUNTY)[g.county], own, support, clause="PY-P07")
    p.to_village[t] = int(sums[0].sum() + sums[1].sum() + support.sum())
    p.to_town[t] = int(sums[2].sum()) + int(p.villages.commuters.sum())
