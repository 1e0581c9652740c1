"""Networks of a province: county adjacency, the town-village linkage (1+N), village neighbours.

The columns of a world hold networks as CSR arrays; for analysis they come as networkx graphs, imported only then,
because a run needs none. Nothing here draws anything.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.kernel import kernel
from sim.world.types import Floats, Geography, Ints

if TYPE_CHECKING:
    import networkx as nx


def plain_graph(nodes: int, edges: Iterable[Sequence[int]]) -> nx.Graph:
    """Graph on nodes ``0 .. nodes - 1`` with the given edges."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(edges)
    return graph


def nearest_pairs(x: Floats, y: Floats, k: int, only: Ints | None = None) -> Ints:
    """Each place with its ``k`` nearest places, shape (pairs, 2); of places equally near the first counts.

    Args:
        x: Places, km east, shape (n,).
        y: Places, km north, shape (n,).
        k: Neighbours of each place.
        only: Places that look for neighbours; by default all.
    """
    seekers = np.arange(x.size) if only is None else only
    k = min(k, x.size - 1)
    if k < 1 or seekers.size == 0:
        return np.zeros((0, 2), dtype=np.int64)
    order = np.argsort(x, kind="stable")
    found = _nearest(x[order], y[order], order, np.argsort(order)[seekers], k)
    return np.column_stack((np.repeat(seekers, k), found.reshape(-1)))


@kernel
def _nearest(x: Floats, y: Floats, number: Ints, seekers: Ints, k: int) -> Ints:
    """Numbers of the ``k`` nearest places of each seeker; places stand in rising order of ``x``, so the search goes
    outward on both sides and stops where ``x`` alone is too far.
    """
    n = x.size
    out = np.empty((seekers.size, k), dtype=np.int64)
    best = np.empty(k)
    for s in range(seekers.size):
        i = seekers[s]
        best[:] = np.inf
        left, right = i - 1, i + 1
        while left >= 0 or right < n:
            to_left = x[i] - x[left] if left >= 0 else np.inf
            to_right = x[right] - x[i] if right < n else np.inf
            if min(to_left, to_right) ** 2 > best[k - 1]:
                break
            if to_left <= to_right:
                j, left = left, left - 1
            else:
                j, right = right, right + 1
            far = (x[j] - x[i]) ** 2 + (y[j] - y[i]) ** 2
            if far > best[k - 1] or (far == best[k - 1] and far < np.inf and number[j] > out[s, k - 1]):
                continue
            at = k - 1
            while at > 0 and (best[at - 1] > far or (best[at - 1] == far and out[s, at - 1] > number[j])):
                best[at], out[s, at] = best[at - 1], out[s, at - 1]
                at -= 1
            best[at], out[s, at] = far, number[j]
    return out


def unique_edges(pairs: Sequence[Sequence[int]] | Ints) -> Ints:
    """Undirected edges, each once and the lower end first, shape (edges, 2)."""
    ends = np.sort(np.array(pairs, dtype=np.int64).reshape(-1, 2), axis=1)
    return np.unique(ends, axis=0)


def csr_of(nodes: int, edges: Ints) -> tuple[Ints, Ints]:
    """Neighbours by undirected edges, shape (edges, 2), as CSR arrays.

    Returns:
        Row pointers, shape (nodes + 1,), and neighbours in rising order, each once.
    """
    both = np.unique(np.concatenate((edges[:, 0] * nodes + edges[:, 1], edges[:, 1] * nodes + edges[:, 0])))
    start = np.zeros(nodes + 1, dtype=np.int64)
    start[1:] = np.cumsum(np.bincount(both // nodes, minlength=nodes))
    return start, both % nodes


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
    import networkx as nx

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
    import networkx as nx

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
    import networkx as nx

    values = nx.closeness_centrality(graph, distance="km")
    return np.array([values[node] for node in sorted(graph.nodes)])


def betweenness(graph: nx.Graph) -> Floats:
    """Betweenness centrality of each node by ``km``, nodes in sorted order, shape (n,)."""
    import networkx as nx

    values = nx.betweenness_centrality(graph, weight="km")
    return np.array([values[node] for node in sorted(graph.nodes)])
