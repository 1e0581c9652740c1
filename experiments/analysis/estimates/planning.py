"""How many replicates a wanted precision needs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri

from experiments.analysis.estimates.contrasts import LEVEL, moments, t_quantile

ASSURANCE = 0.8
MOST = 10**9


def replicates_for(
    values: ArrayLike,
    half_width: float,
    *,
    level: float = LEVEL,
    assurance: float | None = None,
    luck: float = 0.0,
) -> int:
    """Replicates until the interval of a mean (or of a paired difference) is as narrow as wanted.

    Args:
        values: Values of a pilot, or paired differences; one for each replicate (or draw), at least two.
        half_width: Wanted half of the interval's width, in the values' unit.
        level: Confidence level of the interval.
        assurance: Probability with which the width shall be reached, since the pilot knows the spread only roughly;
            None takes the pilot's spread as it is, which reaches it about every second time. Measured for normal
            values and assurances of 0.8 and 0.95: reached as often as asked within 0.01; less for long tails.
        luck: Least standard deviation of a value, see :func:`experiments.analysis.estimates.nested.luck_of`.

    Returns:
        All replicates, those of the pilot included; 0 where the pilot has no spread.

    Raises:
        ValueError: If the half width is not positive, or the pilot has fewer than two values.
    """
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    m = moments(flat[np.isfinite(flat)], luck=luck)
    if not half_width > 0.0:
        raise ValueError(f"the half width must be positive, not {half_width}")
    if m.n < 2:
        raise ValueError("a pilot needs two runs or more")
    sd = m.sd if assurance is None else m.sd * _inflation(m.n - 1, assurance)
    return _enough(sd, half_width, level)


def _inflation(degrees: int, assurance: float) -> float:
    """Upper bound of a standard deviation over its estimate, at a probability, for normal values."""
    return math.sqrt(degrees / float(chdtri(degrees, assurance)))


def _enough(sd: float, half_width: float, level: float) -> int:
    if sd == 0.0:
        return 0
    low, high = 2, 4
    while t_quantile(high - 1, level) * sd / math.sqrt(high) > half_width:
        if high >= MOST:
            return MOST
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if t_quantile(middle - 1, level) * sd / math.sqrt(middle) <= half_width:
            high = middle
        else:
            low = middle + 1
    return low
