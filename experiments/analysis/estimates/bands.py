"""Spread over runs: the median and the bands that hold a share of the runs. Not intervals of a mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Band:
    """Spread over runs at every time: not an interval of the mean.

    Attributes:
        median: Shape (times,).
        bands: For each level, the lower and upper quantile, shape (times,) each.
        n: Runs that define the value, shape (times,).
    """

    median: NDArray[np.float64]
    bands: tuple[tuple[float, NDArray[np.float64], NDArray[np.float64]], ...]
    n: NDArray[np.int64]

    def times(self, factor: float) -> Band:
        """The same in another unit; ``factor`` is above zero."""
        bands = tuple((level, low * factor, high * factor) for level, low, high in self.bands)
        return Band(self.median * factor, bands, self.n)


def quantile_band(matrix: ArrayLike, levels: Sequence[float] = (0.5, 0.9)) -> Band:
    """Median and central bands over runs.

    Quantiles stand at place p (n + 1) among the sorted runs, so that one further run lies inside a band as often as
    its level says. With fewer than 2 / (1 - level) - 1 runs (19 for a band of 0.9) the band is the range of the runs
    and holds a share of (n - 1) / (n + 1) only.

    Args:
        matrix: Shape (runs, times); NaN where undefined.
        levels: Share of the runs inside each band.
    """
    m = np.asarray(matrix, dtype=np.float64)
    n = np.isfinite(m).sum(axis=0)
    tails = [0.5, *(t for level in levels for t in (0.5 - level / 2.0, 0.5 + level / 2.0))]
    out = np.full((len(tails), m.shape[1]), math.nan)
    full = n == m.shape[0]
    if full.any():
        out[:, full] = np.quantile(m[:, full], tails, axis=0, method="weibull")
    for j in np.flatnonzero((n > 0) & ~full):
        out[:, j] = np.quantile(m[np.isfinite(m[:, j]), j], tails, method="weibull")
    bands = tuple((level, out[1 + 2 * i], out[2 + 2 * i]) for i, level in enumerate(levels))
    return Band(out[0], bands, n)
