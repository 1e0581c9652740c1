"""Points of the unit cube for sensitivity studies: scrambled Sobol' points, plain random points, Latin hypercubes.

The Sobol' sequence itself is SALib's (deterministic); what is random, the scrambling, comes from ``experiments.luck``.
A longer sequence begins with the shorter one, so a study that grows keeps every run that it has.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from experiments.luck import uniforms

Floats = NDArray[np.float64]
BITS = 31
"""Binary digits of SALib's sequence."""


def sobol_points(n: int, columns: int, seed: int = 0) -> Floats:
    """The first n points of a scrambled Sobol' sequence.

    Scrambling is Matousek's: a random lower triangular binary matrix for each column, then a random digital shift. Every
    point is uniform on the cube, so estimates are unbiased, and the even spread of the sequence is kept.

    Args:
        n: Points.
        columns: Dimensions.
        seed: Another seed scrambles independently.

    Returns:
        Shares in (0, 1), shape (n, columns).
    """
    from SALib.sample import sobol_sequence

    raw = np.round(sobol_sequence.sample(max(n, 2), columns)[:n] * 2.0**BITS).astype(np.int64)
    places = np.arange(BITS - 1, -1, -1)
    digits = (raw[:, :, None] >> places) & 1
    matrix = np.tril(uniforms("sensitivity.scramble", (columns, BITS, BITS), seed) < 0.5, -1) | np.eye(BITS, dtype=bool)
    mixed = np.stack([(digits[:, c, :] @ matrix[c].T.astype(np.int64)) & 1 for c in range(columns)], axis=1)
    shift = uniforms("sensitivity.shift", (columns, BITS), seed) < 0.5
    fine = uniforms("sensitivity.fine", columns, seed)
    number = ((mixed ^ shift) << places).sum(axis=2)
    return np.asarray((number + fine) / 2.0**BITS)


def random_points(n: int, columns: int, seed: int = 0) -> Floats:
    """Independent uniform points, shape (n, columns); the first rows do not depend on n."""
    return uniforms("sensitivity.points", (n, columns), seed)


def latin_points(n: int, columns: int, seed: int = 0) -> Floats:
    """A Latin hypercube: in every column one point in each of n equal slices, shape (n, columns)."""
    order = np.argsort(uniforms("sensitivity.latin.order", (n, columns), seed), axis=0, kind="stable")
    return np.asarray((order + uniforms("sensitivity.latin.place", (n, columns), seed)) / n)


def next_power(n: int) -> int:
    """The power of two at or above n: where a Sobol' sequence is balanced."""
    return 1 << max(0, math.ceil(math.log2(max(n, 1))))
