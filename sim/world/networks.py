"""Networks of a province: county adjacency, the town-village linkage (1+N), village neighbours.

Graphs are networkx graphs; the columns of a world hold them as CSR arrays. Nothing here draws anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

from sim.world.types import Floats, Geography, Ints


def plain_graph(nodes: int, edges: Iterable[tuple[int, int]]) -> nx.Graph:
    """Graph on nodes ``0 .. nodes - 1`` with the given edges."""
    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    return graph


def nearest_graph(x: Floats, y: Floats, k: int, only: Ints | None = None) -> nx.Graph:
    """Graph that links each place to its ``k`` nearest places (an edge holds for both ends).

    Args:
        x: Places, km east, shape (n,).
        y: Places, km north, shape (n,).
        k: Neighbours of each place.
        only: Places that look for neighbours; by default all.
    """
    points = np.column_stack((x, y))
    seekers = np.arange(x.size) if only is None else only
    k = min(k, x.size - 1)
    if k < 1 or seekers.size == 0:
        return plain_graph(x.size, ())
    _, found = cKDTree(points).query(points[seekers], k=k + 1)
    pairs = np.column_stack((np.repeat(seekers, k + 1), found.reshape(-1)))
    return plain_graph(x.size, map(tuple, pairs[pairs[:, 0] != pairs[:, 1]].tolist()))


def csr(graph: nx.Graph, nodes: Sequence[Hashable] | None = None) -> tuple[Ints, Ints]:
    """Neighbours of a graph as CSR arrays.

    Args:
        graph: Any undirected graph.
        nodes: Order of the nodes; by default sorted.

    Returns:
        Row pointers, shape (n + 1,), and neighbours in rising order.
    """
    order = sorted(graph.nodes) if nodes is None else list(nodes)
    place = {node: i for i, node in enumerate(order)}
    lists = [sorted(place[other] for other in graph[node]) for node in order]
    start = np.zeros(len(order) + 1, dtype=np.int64)
    start[1:] = np.cumsum([len(row) for row in lists])
    return start, np.array([i for row in lists for i in row], dtype=np.int64)


def _from_csr(start: Ints, targets: Ints, x: Floats, y: Floats) -> nx.Graph:
    """Graph from CSR arrays, with the distance of each edge in km."""
    source = np.repeat(np.arange(start.size - 1), np.diff(start))
    km = np.sqrt((x[source] - x[targets]) ** 2 + (y[source] - y[targets]) ** 2)
    graph = plain_graph(start.size - 1, ())
    graph.add_weighted_edges_from(zip(source.tolist(), targets.tolist(), km.tolist(), strict=True), weight="km")
    return graph


def county_graph(geography: Geography) -> nx.Graph:
    """County adjacency: nodes are county indices with ``name``, edges have ``km`` between seats."""
    counties = geography.counties
    graph = _from_csr(counties.neighbours_start, counties.neighbours, counties.x, counties.y)
    nx.set_node_attributes(graph, dict(enumerate(counties.name)), "name")
    return graph


def village_graph(geography: Geography) -> nx.Graph:
    """Village neighbours: nodes are village indices, edges have ``km``."""
    villages = geography.villages
    return _from_csr(villages.links_start, villages.links, villages.x, villages.y)


def linkage_graph(geography: Geography, n: int) -> nx.Graph:
    """The 1+N network: each town with its ``n`` nearest villages.

    Nodes are ``("town", t)`` and ``("village", v)``; edges have ``km`` and ``weight``. A town's weights sum to one;
    a village weighs by its residents and falls with distance as 1 / (1 + km).
    """
    villages = geography.villages
    linked = np.flatnonzero(villages.rank < n)
    pull = villages.population[linked] / (1.0 + villages.distance[linked])
    total = np.bincount(villages.town[linked], weights=pull, minlength=geography.towns.key.size)
    weight = pull / total[villages.town[linked]]
    graph = nx.Graph()
    graph.add_nodes_from(("town", t) for t in range(geography.towns.key.size))
    for v, t, km, w in zip(
        linked.tolist(),
        villages.town[linked].tolist(),
        villages.distance[linked].tolist(),
        weight.tolist(),
        strict=True,
    ):
        graph.add_edge(("town", t), ("village", v), km=km, weight=w)
    return graph


def closeness(graph: nx.Graph) -> Floats:
    """Closeness centrality of each node by ``km``, nodes in sorted order, shape (n,)."""
    values = nx.closeness_centrality(graph, distance="km")
    return np.array([values[node] for node in sorted(graph.nodes)])


def betweenness(graph: nx.Graph) -> Floats:
    """Betweenness centrality of each node by ``km``, nodes in sorted order, shape (n,)."""
    values = nx.betweenness_centrality(graph, weight="km")
    return np.array([values[node] for node in sorted(graph.nodes)])
