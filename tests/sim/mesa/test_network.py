"""Networks of towns and villages as graphs: they hold what the model's rules use, and looking draws nothing."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.instruments.cluster import Cluster
from sim.mesa.model import Province
from sim.mesa.network import standing
from sim.state.town import Status
from tests.instruments.kit import LINKED, small
from tests.worlds import counties


@pytest.fixture(scope="module")
def province() -> Province:
    """Two years of Zhejiang's regime with towns strung together and villages led."""
    p = Province(small("zhejiang_2015", 8, levers={**LINKED, "cluster.links": 2}), counties=counties())
    for _ in range(8):
        p.step()
    return p


def test_the_graph_holds_the_links_that_the_rule_uses(province: Province) -> None:
    graph = province.town_network()
    cluster = province.policy.the(Cluster)
    one, other, km = cluster.links(province, cluster.now(province.t))
    assert set(graph) == set(np.flatnonzero(province.towns.on_a_list()).tolist())
    assert 2 * graph.number_of_edges() == one.size > 0
    assert all(graph.edges[a, b]["km"] == d for a, b, d in zip(one.tolist(), other.tolist(), km.tolist(), strict=True))
    assert min(degree for _, degree in graph.degree) >= 2


def test_standing_tells_links_betweenness_and_cluster(province: Province) -> None:
    found = standing(province.town_network())
    assert max(row["betweenness"] for row in found.values()) > 0.0
    assert all(row["cluster"] >= row["links"] + 1.0 for row in found.values())
    line = nx.Graph()
    line.add_edge(0, 1, km=1.0)
    line.add_edge(1, 2, km=1.0)
    assert standing(line)[1] == {"links": 2.0, "betweenness": 1.0, "cluster": 3.0}


def test_villages_hang_on_their_town(province: Province) -> None:
    graph = province.village_network()
    v = province.places.villages
    villages = [row for kind, row in graph if kind == "village"]
    listed = np.isin(province.towns.status_history[province.t - 1], (Status.CULTIVATION, Status.CREATION, Status.NAMED))
    assert len(villages) == 3 * int(listed.sum())
    assert all(graph.has_edge(("town", int(v.town[i])), ("village", i)) for i in villages)
