"""cluster: links between towns, what they do, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import REASONS
from sim.instruments.cluster import Cluster
from sim.instruments.visitors import Visitors
from tests.instruments.kit import ZJ, Case, Effect, Period, Promise, played, small


def gone_on(it: Period) -> float:
    """Tax on what visitors spent on extra days, less the roads."""
    b = it.before.behaviour
    keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    return keeps * float(it.after.policy.the(Cluster).spent[it.rows].sum()) - it.total("cluster_roads")


JOINED = {"cluster.links": 2, "cluster.visitors": 0.3, "cluster.services": 0.2}
SCENIC = {"visitors.grade": 3}
EFFECT = Effect(ZJ, {"cluster.links": 0}, JOINED, 6, lambda p: float(p.rural.spending.sum()), +1, SCENIC)
CASES = {
    "links": Case(ZJ, 1, JOINED),
    "visitors": Case(ZJ, 0.1, {**JOINED, **SCENIC}),
    "services": Case(ZJ, 0, JOINED),
}
PROMISE = Promise(ZJ, {**JOINED, **SCENIC}, gone_on, low=0.9, high=1.4, why="visitors grow as fame does")


def test_only_towns_on_a_list_are_linked_to_their_neighbours():
    """PY-P07 (F000 L41): 把周边特色小镇串联起来, 形成城镇集群."""
    p = played(small(ZJ, 8, levers=JOINED))
    cluster = p.policy.the(Cluster)
    one, other, km = cluster.links(p, cluster.now(p.t))
    on, places = p.towns.on_a_list(), p.places.towns
    assert on[one].all() and on[other].all() and (np.bincount(one, minlength=on.size)[on] >= 2).all()
    assert {(a, b) for a, b in zip(one, other, strict=True)} == {(b, a) for a, b in zip(one, other, strict=True)}
    for a in np.flatnonzero(on):
        far = np.sort(np.hypot(places.x[on] - places.x[a], places.y[on] - places.y[a]))
        assert np.isclose(km[one == a].min(), far[1])


def test_a_linked_town_shares_its_visitors_and_nobody_else_gets_any():
    """PY-P06, PY-P07 (F000 L39, L41): extra days, at most the stated part of the visitors, in listed linked towns."""
    p = played(small(ZJ, 8, levers={**JOINED, **SCENIC}))
    cluster, visits = p.policy.the(Cluster), p.policy.the(Visitors).visits
    now = cluster.now(p.t)
    days = cluster._days(p, now, visits)
    on = p.towns.on_a_list()
    assert 0.0 < days[on].sum() <= now.visitors * visits.sum() and not days[~on].any()


def test_roads_between_towns_are_paid_by_the_kilometre():
    """PY-P07 (F000 L41): 改造提升区内路网."""
    p = played(small(ZJ, 8, levers=JOINED))
    cluster = p.policy.the(Cluster)
    km = cluster.links(p, cluster.now(p.t))[2].sum() / 2.0
    paid = p.money.total(REASONS["cluster_roads"])[p.t]
    assert np.isclose(4.0 * paid, km * p.constants["cluster.road_cost"], rtol=0.05)


def test_panyu_strings_its_towns_together_in_proposal_and_practice():
    """PY-P07 (F000 L41) 把周边特色小镇串联起来; PY-LINK-1 (F000 L109) 全部串联起来一同发展."""
    for regime in ("panyu_proposal", "panyu_2019"):
        p = played(small(regime, 8))
        assert p.money.total(REASONS["cluster_roads"]).sum() > 0
