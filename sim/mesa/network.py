"""Networks of a province as graphs of networkx: which towns are linked, which villages a town leads.

Made when somebody asks, from the columns and the quarter's policy; nothing in a run reads them.
"""

from __future__ import annotations

import networkx as nx
import numpy as np

from sim.instruments.cluster import Cluster
from sim.state.province import Province


def town_network(p: Province) -> nx.Graph:
    """Towns on a list and the links between them.

    Args:
        p: A province between two quarters.

    Returns:
        Nodes are rows of ``p.places.towns``; edges carry ``km``.
    """
    graph = nx.Graph()
    graph.add_nodes_from(np.flatnonzero(p.towns.on_a_list()).tolist())
    cluster = p.policy.the(Cluster)
    one, other, km = cluster.links(p, cluster.now(max(0, p.t)))
    graph.add_weighted_edges_from(zip(one.tolist(), other.tolist(), km.tolist(), strict=True), weight="km")
    return graph


def village_network(p: Province) -> nx.Graph:
    """Towns and the villages that they lead (1+N).

    Args:
        p: A province between two quarters.

    Returns:
        Nodes are ("town", row) and ("village", row); edges carry ``km`` and ``support``, 0 to 1.
    """
    graph, v = nx.Graph(), p.places.villages
    for i in np.flatnonzero(p.offer.link_aim > 0.0).tolist():
        graph.add_edge(
            ("town", int(v.town[i])),
            ("village", i),
            km=float(v.distance[i]),
            support=float(p.villages.support[i]),
        )
    return graph


def standing(graph: nx.Graph) -> dict[int, dict[str, float]]:
    """Where each node stands: its links, its betweenness by road, and how many are in its cluster."""
    between = nx.betweenness_centrality(graph, weight="km")
    size = {node: len(part) for part in nx.connected_components(graph) for node in part}
    return {
        node: {"links": float(graph.degree[node]), "betweenness": float(between[node]), "cluster": float(size[node])}
        for node in graph
    }
