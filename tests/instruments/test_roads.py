"""roads: link roads to stations and ramps, what they do, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import REASONS
from sim.instruments.roads import Roads
from tests.instruments.kit import ZJ, Case, Effect, flow, played, small

EFFECT = Effect(ZJ, {"roads.access": 0}, {"roads.access": 0.3}, 6, flow(REASONS["link_roads"]), +1)
CASES = {"access": Case(ZJ, 0.2)}


def test_link_roads_bring_towns_nearer_and_national_road_money_pays():
    """GZ-INF-5 (F001 L53): 积极对接高速铁路车站、高速公路匝道, 加快建设与小城镇之间的联络线; 结合国家公路投资政策."""
    with_roads, without = (played(small("guizhou_2019", 12, levers={"roads.access": x})) for x in (0.3, 0.0))
    done = with_roads.policy.the(Roads).done
    assert 0.5 < done.min() < 1.0 and np.allclose(with_roads.offer.way, 1.0 - 0.3 * done)
    paid = with_roads.money.total(REASONS["link_roads"]).sum()
    whole = with_roads.constants["roads.cost"] * 0.3 * done.sum()
    assert np.isclose(paid, whole, rtol=0.01) and without.money.total(REASONS["link_roads"]).sum() == 0
    assert with_roads.towns.entrants.sum() > without.towns.entrants.sum()
