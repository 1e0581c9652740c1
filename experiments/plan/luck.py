"""Random numbers of designs and analyses: resamples, permutations, random orders.

They come from the same generator as the model's draws, keyed by the name of the use and a seed, so an analysis gives
the same bits whatever else was drawn before it.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import REPLICATE, Draws


def uniforms(use: str, shape: int | tuple[int, ...], seed: int = 0) -> NDArray[np.float64]:
    """Uniforms on [0, 1).

    Args:
        use: What they are for, such as "sobol.bootstrap"; each use has its own numbers.
        shape: Shape of the result.
        seed: Another seed gives independent numbers.
    """
    root = int.from_bytes(hashlib.blake2b(f"{use}/{seed}".encode(), digest_size=8).digest(), "little")
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    keys = np.arange(math.prod(sizes), dtype=np.uint64)
    return Draws(root).uniforms(REPLICATE, keys).reshape(sizes)


def permutation(use: str, n: int, seed: int = 0) -> NDArray[np.int64]:
    """A random order of 0 ... n-1."""
    return np.argsort(uniforms(use, n, seed), kind="stable")


def resamples(use: str, n: int, rounds: int, seed: int = 0) -> NDArray[np.int64]:
    """Indices of ``rounds`` bootstrap samples of n units, with replacement, shape (rounds, n)."""
    return np.minimum((uniforms(use, (rounds, n), seed) * n).astype(np.int64), n - 1)
