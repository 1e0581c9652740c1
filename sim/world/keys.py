"""Birth identities of the places and people of a world.

An identity is a hash of what something is and of whose child it is, so it does not depend on where it stands in an
array, on how many others there are, or on the order in which they were made.
"""

from __future__ import annotations

import hashlib

import numpy as np

from sim.engine.draws import child_key
from sim.engine.kernel import kernel
from sim.world.types import Ints, Keys


def name_key(*parts: str) -> np.uint64:
    """Identity of something that has a name, such as a prefecture or a county's code."""
    text = "/".join(parts).encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


FIRM, TALENT, VILLAGE, TOWN, CANDIDATE = (
    name_key("kind", kind) for kind in ("firm", "talent", "village", "town", "candidate")
)
"""Kinds of children, so that a town's third firm and its third talent are not the same identity."""


@kernel
def _children(parents: Keys, kind: np.uint64, counts: Ints, out: Keys, owner: Ints) -> None:
    at = 0
    for p in range(parents.size):
        family = child_key(parents[p], kind)
        for ordinal in range(counts[p]):
            out[at] = child_key(family, np.uint64(ordinal))
            owner[at] = p
            at += 1


def children(parents: Keys, kind: np.uint64, counts: Ints) -> tuple[Keys, Ints]:
    """Identities of ``counts[p]`` children of each parent.

    Returns:
        Keys and the parent's index, both of shape (sum of counts,), children of one parent standing together.
    """
    total = int(counts.sum())
    out, owner = np.empty(total, dtype=np.uint64), np.empty(total, dtype=np.int64)
    _children(parents, kind, counts, out, owner)
    return out, owner


@kernel
def _derived(keys: Keys, channel: np.uint64, out: Keys) -> None:
    for i in range(keys.size):
        out[i] = child_key(keys[i], channel)


def channel(keys: Keys, number: int) -> Keys:
    """Keys for the ``number``-th draw that one decision needs for the same agent."""
    out = np.empty_like(keys)
    _derived(keys, np.uint64(number), out)
    return out


def candidates(key: np.uint64, count: int) -> Keys:
    """Keys for the places tried for one seat or site, shape (count,)."""
    return children(np.array([key], dtype=np.uint64), CANDIDATE, np.array([count]))[0]
