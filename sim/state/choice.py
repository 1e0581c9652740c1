"""Tables of a quarter's location choice, and the scratch of those who choose; :mod:`sim.agents.location` fills them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GUIDE = 256
BATCH = 60
"""Prospects who are dealt with together."""


class Notes(NamedTuple):
    """Scratch of a chooser."""

    seen: NDArray[np.int64]
    """Towns that each prospect of a batch has heard of; the width is how often it hears of one (``choice.known``)."""
    marks: NDArray[np.uint64]
    """Who heard of each town last, shape (T,): tells repeats at once."""
    rate: NDArray[np.float64]
    """exp(V/λ) of the towns seen."""
    luck: NDArray[np.float64]
    """Uniform of the taste for each town seen."""
    bound: NDArray[np.float64]
    """Earliest time at which each town's clock can ring."""


def scratch_notes(heard: int, towns: int) -> Notes:
    """Scratch for choosers who hear of ``heard`` of so many towns."""
    seen, rate = np.zeros((BATCH, heard), dtype=np.int64), np.zeros((BATCH, heard))
    return Notes(seen, np.zeros(towns, dtype=np.uint64), rate, np.zeros(heard), np.zeros(heard))


class Choice(NamedTuple):
    """Tables of one quarter's location choice."""

    weight: NDArray[np.float64]
    """exp(V / λ), shape (industries, classes, homes, towns)."""
    known: NDArray[np.float64]
    """Cumulative share of awareness, shape (industries, homes, towns)."""
    guide: NDArray[np.int16]
    """Starting points in ``known``, shape (industries, homes, GUIDE)."""
    outside: float
    """V0 for small firms."""
    outside_project: float
    """V0 for investment projects."""
    scale: float
    """Dissimilarity of the nest of towns."""
