"""Networks of a province: county adjacency, the town-village linkage (1+N), village neighbours.

The columns of a world hold networks as CSR arrays. Nothing here draws anything.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.kernel import kernel
from sim.world.types import Floats, Ints


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
