"""Design methods: which shares of probability of each factor go into each point.

A method is a function (factors, n, seed) -> rows of shares, one for each factor in order; None leaves a factor as the
base has it. Every column depends on its factor's name and the seed, never on the place of the factor in the list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from SALib.sample import sobol_sequence as sequence

from experiments.plan.design.axis import Factor
from experiments.plan.design.errors import DesignError
from experiments.plan.luck import permutation, uniforms

Row = tuple[float | None, ...]
Method = Callable[[Sequence[Factor], int, int], list[Row]]
MOST_POINTS = 200_000
"""Points of the largest design that is laid out."""
BITS = 31
_MASK = np.uint64(2**64 - 1)


def grid(factors: Sequence[Factor], n: int, seed: int) -> list[Row]:
    """Every combination: all levels of a factor, ``n`` values of a range; the last factor changes fastest.

    Raises:
        DesignError: If there are more than :data:`MOST_POINTS`.
    """
    axes = [factor.shares(n) for factor in factors]
    count = math.prod(len(axis) for axis in axes)
    if count > MOST_POINTS:
        raise DesignError(
            "too_many_points", found=str(count), allowed=f"≤ {MOST_POINTS}", details={"points": f"{count}"}
        )
    return list(product(*axes))


def one_at_a_time(factors: Sequence[Factor], n: int, seed: int) -> list[Row]:
    """The base as it is, then each factor alone: all its levels, or ``n`` values of its range."""
    rows: list[Row] = [(None,) * len(factors)]
    for i, factor in enumerate(factors):
        rows += [tuple(share if j == i else None for j in range(len(factors))) for share in factor.shares(n)]
    return rows


def latin_hypercube(factors: Sequence[Factor], n: int, seed: int) -> list[Row]:
    """``n`` points, of which each factor has exactly one in each of ``n`` equal shares of its probability."""
    columns = [
        (permutation(f"lhs.order.{f.name}", n, seed) + uniforms(f"lhs.place.{f.name}", n, seed)) / n for f in factors
    ]
    return _rows(columns)


def random_points(factors: Sequence[Factor], n: int, seed: int) -> list[Row]:
    """``n`` independent points; more points leave the first ones as they were."""
    return _rows([uniforms(f"random.{f.name}", n, seed) for f in factors])


def sobol_sequence(factors: Sequence[Factor], n: int, seed: int) -> list[Row]:
    """The first ``n`` points of Sobol's sequence (directions of Joe and Kuo), scrambled factor by factor.

    More points leave the first ones as they were; with n a power of two each factor has one point in each of n equal
    shares. The dimension of a factor is its place among the sorted names.
    """
    raw = sequence.sample(max(n, 2), len(factors))[:n]
    place = {name: i for i, name in enumerate(sorted(f.name for f in factors))}
    return _rows([scrambled(raw[:, place[f.name]], f"sobol.scramble.{f.name}", seed) for f in factors])


def scrambled(points: NDArray[np.float64], use: str, seed: int) -> NDArray[np.float64]:
    """Owen's nested scrambling of one dimension: each bit is flipped by luck that the bits above it decide.

    Args:
        points: Multiples of 2**-31 in [0, 1), shape (n,).
        use: Name of the luck.
        seed: Another seed gives another scrambling.
    """
    whole = np.asarray(np.round(points * 2.0**BITS), dtype=np.uint64)
    # Halves of two uniforms make a key of 64 bits.
    first, second = (uniforms(use, 2, seed) * 2.0**32).astype(np.uint64)
    key, out = (first << np.uint64(32)) | second, np.zeros_like(whole)
    for bit in range(BITS):
        above = whole >> np.uint64(BITS - bit)
        mark = (above + (np.uint64(1) << np.uint64(bit))) ^ key
        flip = _mixed(mark) >> np.uint64(63)
        own = (whole >> np.uint64(BITS - 1 - bit)) & np.uint64(1)
        out |= (own ^ flip) << np.uint64(BITS - 1 - bit)
    # Within its smallest box a point lies in the middle, so that no share is exactly 0.
    return np.asarray((out + 0.5) / 2.0**BITS, dtype=np.float64)


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every bit of the result depends on every bit of x."""
    x = (x + np.uint64(0x9E3779B97F4A7C15)) & _MASK
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _rows(columns: Sequence[NDArray[np.float64]]) -> list[Row]:
    return [tuple(float(x) for x in row) for row in zip(*columns, strict=True)]


ONE_AT_A_TIME = "one_at_a_time"
METHODS: dict[str, Method] = {
    "grid": grid,
    ONE_AT_A_TIME: one_at_a_time,
    "latin_hypercube": latin_hypercube,
    "sobol": sobol_sequence,
    "random": random_points,
}
"""Methods by the name that a design file gives; analyses with designs of their own add theirs."""
LIST = "list"
"""The method of a design that writes its points out."""
STEPS = {"grid": 5, ONE_AT_A_TIME: 5}
"""Methods whose n counts the values along a range, and how many unless told."""
EXTENDS = frozenset({"sobol", "random"})
"""Methods whose n+1 points begin with the n points."""
