"""Villages around the towns and the 1+N network (step 12).

Every village lives with its nearest town: villagers commute to its firms, sell produce to it and may settle there;
visitors of the town reach near villages first (decay with distance, F54/``spillover.distance_km``). Where a regime
links N villages to each town, support flows through six channels, each with its weight w and its lag (planning 1,
industry 2, infrastructure 3, services 4, ecology 5, management 6); a channel that no regime names has weight 0::

    s_k        ← s_k + (aim − s_k)/lag_k,     aim = [rank < N]·exp(−km/reach)·(factor of its size)
    facilities ← facilities + (1 − facilities)·(0.01·(w3·s3 + w4·s4) + 0.05·spill·decay·infra)
    busy       = jobs/(jobs + 2000)
    commuters  = (people − migrants)·min(0.6, (commute_share·decay + 0.06·w2·s2 + 0.02·w3·s3 + 0.01·w4·s4)·busy)
    settlers   = (people − migrants)·settle/4·min(3, (decay + 0.5·w4·s4)·pull·infra·busy/0.06)
    produce    ← produce·(1 + growth/4 + 0.002·facilities + 0.01·shock)
    trade      = produce·(0.15·decay·fame + 0.02·(w1·s1 + w5·s5 + w6·s6))
    income     = produce + trade + (0.8·wage·commuters + 3·migrants)/people

What villages give the town is :mod:`sim.instruments.linkage`, and so are shares, processing and visitors in their own
instruments. Distances are in km, income is 万元 a person a year; coefficients are assumptions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision, uniform
from sim.engine.kernel import kernel
from sim.engine.ledger import reason
from sim.state.books import Kind
from sim.state.populations import VillageColumns
from sim.state.province import Province

VILLAGE_LABOUR = reason("money", "village_labour", "村民务工收入", "villagers' wages in towns")
VILLAGE_PRODUCE = reason("money", "village_produce", "农产品与体验", "village produce and visits")
VILLAGE_LINK = reason("money", "village_link", "镇带村投入", "1+N support to villages", policy=True)
VILLAGE_RETURN = reason("money", "village_return", "村向镇回流", "village return flow to town")
VILLAGE_SHOCK = decision("village.shock")
VILLAGE_MIGRATE = decision("village.migrate")

USUAL_ACCESS = 0.06
"""What draws settlers to a town, reach times infrastructure times jobs, on the mean over Zhejiang's villages without a
programme: there the yearly share that settles is the one that ``village.settle`` names."""
MOST_ACCESS = 3.0
"""Times the usual beyond which nearness draws nobody more (assumption)."""
COMMUTE = (0.06, 0.02, 0.01)
"""Share of villagers at home who commute with full support of industry, infrastructure and services (assumption)."""


def start(p: Province) -> VillageColumns:
    """Village columns at the start of the run."""
    v = p.places.villages
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
    support: NDArray[np.float64],
    gained: NDArray[np.int64],
    town: NDArray[np.int64],
    decay: NDArray[np.float64],
    aim: NDArray[np.float64],
    pull: NDArray[np.float64],
    channels: NDArray[np.float64],
    lags: NDArray[np.float64],
    reverse: float,
    infra: NDArray[np.float64],
    jobs: NDArray[np.float64],
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
    for v in range(town.size):
        t = town[v]
        mean = 0.0
        for k in range(6):
            support[k, v] += (aim[v] - support[k, v]) / lags[k]
            mean += channels[k] * support[k, v]
        c.support[v] = min(1.0, mean / 6.0)  # sixfold rounding may pass one by a bit
        works, services = channels[2] * support[2, v], channels[3] * support[3, v]
        c.facilities[v] += 0.01 * (works + services) * (1.0 - c.facilities[v]) + spill * 0.05 * decay[v] * infra[t] * (
            1.0 - c.facilities[v]
        )
        busy = jobs[t] / (jobs[t] + 2000.0)
        near = commute * decay[v]
        helped = near + COMMUTE[0] * channels[1] * support[1, v] + COMMUTE[1] * works + COMMUTE[2] * services
        here = c.population[v] - c.migrants[v]
        c.commuters[v] = int(here * min(0.6, helped * busy) + 0.5)
        gained[v] = c.commuters[v] - int(here * min(0.6, near * busy) + 0.5)
        u = uniform(chance, keys[v])
        back = min(c.migrants[v], int(c.migrants[v] * 0.01 * (0.3 + services + 0.5 * decay[v]) * busy + u))
        c.migrants[v] -= back
        access = (decay[v] + 0.5 * services) * pull[v] * infra[t] * busy / USUAL_ACCESS
        moved = int(here * settle[v] * 0.25 * min(MOST_ACCESS, access) + u)
        c.settled[v] += moved
        c.population[v] -= moved
        c.productivity[v] *= 1.0 + growth * 0.25 + 0.002 * c.facilities[v] + 0.01 * shock[v]
        open_ = channels[0] * support[0, v] + channels[4] * support[4, v] + channels[5] * support[5, v]
        trade = c.productivity[v] * (0.15 * decay[v] * fame[t] + 0.02 * open_)
        people = max(1, c.population[v])
        c.income[v] = c.productivity[v] + trade + (wage[t] * 0.8 * c.commuters[v] + 3.0 * c.migrants[v]) / people
        sums[0, v] = int(wage[t] * 0.2 * c.commuters[v] + 0.5)
        sums[1, v] = int(trade * 0.25 * people + 0.5)
        sums[2, v] = int(reverse * c.support[v] * 0.1 * sums[1, v] + 0.5)


def villages(p: Province) -> None:
    """Step 12: the villages' quarter, the support that counties pay into the 1+N network, and what comes back."""
    g, o, b, t, r = p.places.villages, p.offer, p.behaviour, p.t, p.rural
    r.open_quarter(t, p.places.wage)
    sums = p.scratch.villages
    settled = p.villages.settled.copy()
    quarter(
        p.villages,
        r.support,
        r.gained,
        g.town,
        p.places.decay,
        o.link_aim,
        o.link_pull,
        o.channels,
        o.link_lags,
        o.link_reverse,
        p.towns.infra,
        p.towns.jobs + r.jobs,
        p.places.wage,
        p.towns.infra * (0.3 + np.maximum(0.0, p.towns.reputation) + r.fame),
        p.draws.normals(VILLAGE_SHOCK, g.key, t),
        b["village.income_growth"],
        b["village.commute_share"],
        b["village.spill"],
        b["village.settle"] * o.settle,
        g.key,
        p.draws.stream(VILLAGE_MIGRATE, t),
        sums,
    )
    np.add.at(p.towns.settlers[t], g.town, p.villages.settled - settled)
    own, homes = p.books.chart.of(Kind.VILLAGE), p.books.chart.of(Kind.HOUSEHOLD)[g.town]
    p.money.post(VILLAGE_LABOUR, homes, own, sums[0])
    p.money.post(VILLAGE_PRODUCE, p.books.chart.of(Kind.OUTSIDE), own, sums[1])
    p.money.post(VILLAGE_RETURN, own, homes, sums[2])
    r.paid = np.floor(o.link_aim * (p.constants["linkage.cost_village"] * o.channels.sum() / 24.0) + 0.5).astype(
        np.int64
    )
    p.money.post(VILLAGE_LINK, p.books.chart.of(Kind.COUNTY)[g.county], own, r.paid, clause="PY-P07")
    p.diary.to_village[t] = int(sums[0].sum() + sums[1].sum() + r.paid.sum())
    p.diary.to_town[t] = int(sums[2].sum()) + int(p.villages.commuters.sum())
