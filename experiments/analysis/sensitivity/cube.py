"""Points of the unit cube for sensitivity studies: scrambled Sobol' points, plain random points, Latin hypercubes.

The Sobol' sequence itself is SALib's (deterministic); what is random, the scrambling, comes from
``experiments.plan.luck``.
A longer sequence begins with the shorter one, so a study that grows keeps every run that it has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from SALib.sample import sobol_sequence

from experiments.plan.design.methods import scrambled
from experiments.plan.luck import uniforms

Floats = NDArray[np.float64]


def sobol_points(n: int, columns: int, seed: int = 0) -> Floats:
    """The first n points of a Sobol' sequence with Owen's nested scrambling.

    Every point is uniform on the cube, so estimates are unbiased, and the even spread of the sequence is kept.

    Args:
        n: Points; a power of two is spread most evenly.
        columns: Dimensions.
        seed: Another seed scrambles independently.

    Returns:
        Shares in (0, 1), shape (n, columns).
    """
    raw = sobol_sequence.sample(max(n, 2), columns)[:n]
    return np.stack([scrambled(raw[:, c], f"sensitivity.scramble.{c}", seed) for c in range(columns)], axis=1)


def random_points(n: int, columns: int, seed: int = 0) -> Floats:
    """Independent uniform points, shape (n, columns); the first rows do not depend on n."""
    return uniforms("sensitivity.points", (n, columns), seed)


def latin_points(n: int, columns: int, seed: int = 0) -> Floats:
    """A Latin hypercube: in every column one point in each of n equal slices, shape (n, columns)."""
    order = np.argsort(uniforms("sensitivity.latin.order", (n, columns), seed), axis=0, kind="stable")
    return np.asarray((order + uniforms("sensitivity.latin.place", (n, columns), seed)) / n)
