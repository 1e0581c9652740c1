"""Estimates from runs: a mean, a paired contrast, a ratio of two means.

Every estimator takes one number for each run, never rows of agents or years, so an interval is about the mean over
replicates (for the spread over runs see ``bands``). NaN means "not defined in this run"; such runs are left out and
``n`` counts the others.

Intervals of means are t intervals corrected for skewness by Hall's cubic transformation (Hall 1992, "On the removal of
skewness by transformation", JRSS B 54). For symmetric values it is the ordinary t interval; for shares near 0 or 1 its
coverage is closer to nominal than the t interval at every n tried
(``tests/experiments/analysis/test_estimates_cover.py``), and it
needs no random numbers, as a bootstrap would. Sums use ``math.fsum``, so the order of runs cannot change a bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

LEVEL = 0.95
ROUNDING = 1e-12
"""Spread relative to the values that counts as none: what differs by less differs by the rounding of a sum."""
LEAST = 6
"""Runs, or draws of the behaviour, from which on a difference may be called one: of fewer not even a common sign of all
is rarer than one in twenty, ``2 ** (1 - 5)`` being 0.06."""
METHOD_MEAN = "hall-t"
METHOD_LUCK = "luck-t"
METHOD_CONSTANT = "constant"
METHOD_TOO_FEW = "too-few-runs"
METHOD_RATIO = "fieller"

K = TypeVar("K")
Bounds = tuple[float | None, float | None]
FREE: Bounds = (None, None)
SHARE: Bounds = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval.

    Attributes:
        value: The estimate; NaN where no run defines it.
        low, high: Ends of the interval; NaN with fewer than two runs, infinite where the data set no limit.
        level: Confidence level of the interval.
        method: "hall-t", "luck-t" (the draws' means tie, so the interval is what the luck inside them says), "fieller",
            "constant" (all runs equal, so no interval can be estimated) or "too-few-runs".
        n: Runs used.
        unit: Unit id of value and ends.
    """

    value: float
    low: float
    high: float
    level: float
    method: str
    n: int
    unit: str = ""

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2.0


@dataclass(frozen=True, slots=True)
class PairedContrast:
    """Treatment minus baseline in the same replicates.

    Attributes:
        difference: Mean difference with interval; ``n`` counts replicates where both sides are defined.
        correlation: Between the two sides over replicates; NaN where one side is constant.
        variance_reduction: Variance of an unpaired difference over that of the paired one: how many times as many runs
            independent random numbers would need. Infinite where every replicate differs by the same amount.
        replicates_to_halve: Further replicates until the interval is half as wide; 0 where it has no width.
        excludes_zero: Whether the interval of the difference leaves zero out; a difference that never varies needs
            :data:`LEAST` runs for that.
        p_value: Two-sided, from the same transformed t statistic; where the difference never varies, that all signs
            agree by chance.
        p_holm: The same after Holm's step-down over the family it was tested with, else NaN.
    """

    difference: Estimate
    correlation: float
    variance_reduction: float
    replicates_to_halve: int
    excludes_zero: bool
    p_value: float
    p_holm: float = math.nan

    @property
    def excludes_zero_holm(self) -> bool:
        """Whether the difference stands after Holm's correction at the interval's level; never with too few runs."""
        return self.difference.n >= LEAST and self.p_holm < 1.0 - self.difference.level


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, standard deviation and skewness of n runs; ``lucky`` where the luck inside them stands for the spread."""

    n: int
    mean: float
    sd: float
    skew: float
    lucky: bool = False


def ties(values: NDArray[np.float64], scale: float = 0.0) -> bool:
    """Whether finite values differ by no more than rounding, relative to the largest of them or to ``scale``."""
    return values.size == 0 or float(np.ptp(values)) <= ROUNDING * max(float(np.abs(values).max()), scale)


def moments(values: NDArray[np.float64], *, scale: float = 0.0, luck: float = 0.0) -> Moments:
    """Moments of finite values by exactly rounded sums.

    Args:
        values: One for each run or draw.
        scale: Size of the numbers that the values are differences of: what is rounding beside it is nothing.
        luck: Least standard deviation, from :func:`experiments.analysis.estimates.nested.luck_of`; 0 for none.

    Returns:
        The moments; sd is 0 where the values are equal up to rounding and nothing is known of luck.
    """
    n = int(values.size)
    if n == 0:
        return Moments(0, math.nan, math.nan, 0.0)
    mean = float(values[0]) if bool(np.all(values == values[0])) else math.fsum(values) / n
    if ties(values, scale):
        return Moments(n, 0.0 if abs(mean) <= ROUNDING * scale else mean, luck, 0.0, luck > 0.0)
    gap = values - mean
    sd = math.sqrt(math.fsum(gap * gap) / (n - 1))
    if sd < luck:
        return Moments(n, mean, luck, 0.0, True)
    skew = math.fsum((gap / sd) ** 3) / n if sd > 0.0 else 0.0
    return Moments(n, mean, sd, skew)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    return flat[np.isfinite(flat)]


def t_quantile(degrees: int, level: float) -> float:
    """Two-sided quantile of Student's t."""
    return float(stdtrit(degrees, 0.5 + level / 2.0))


def _hall(t: float, skew: float, n: int) -> float:
    """Hall's transformation of a t statistic; monotone, the identity for no skewness."""
    a = skew / (3.0 * math.sqrt(n))
    return t + a * t * t + a * a * t**3 / 3.0 + skew / (6.0 * math.sqrt(n))


def _hall_inverse(w: float, skew: float, n: int) -> float:
    a = skew / (3.0 * math.sqrt(n))
    w -= skew / (6.0 * math.sqrt(n))
    return w if abs(a) < 1e-9 else (math.cbrt(1.0 + 3.0 * a * w) - 1.0) / a


def _clip(x: float, bounds: Bounds) -> float:
    low, high = bounds
    x = x if low is None else max(x, low)
    return x if high is None else min(x, high)


def mean_estimate(
    values: ArrayLike, *, level: float = LEVEL, unit: str = "", bounds: Bounds = FREE, luck: float = 0.0
) -> Estimate:
    """Mean over runs with its interval.

    Measured coverage at 0.95: 0.95 for normal values from n = 5 on, 0.94 for long tails (t with 5 degrees, n = 20),
    0.92 for a lognormal of log sd 0.6 at n = 10 and 0.95 at n = 60. Where all runs are equal there is no interval
    ("constant"), so a 0/1 outcome as rare as 0.02 in 30 runs is covered in 0.45 of the samples only: for those use
    :func:`experiments.analysis.estimates.shares.share_estimate`.

    Args:
        values: One value for each run, shape (n,); NaN where undefined.
        level: Confidence level.
        unit: Unit id.
        bounds: Range the quantity cannot leave, such as :data:`SHARE`; the interval is cut to it.
        luck: Least standard deviation of a value, see :func:`moments`.

    Returns:
        The estimate; its value is NaN if no run defines it.
    """
    return _from_moments(moments(_finite(values), luck=luck), level, unit, bounds)


def _from_moments(m: Moments, level: float, unit: str, bounds: Bounds) -> Estimate:
    if m.n < 2:
        return Estimate(m.mean, math.nan, math.nan, level, METHOD_TOO_FEW, m.n, unit)
    if m.sd == 0.0:
        return Estimate(m.mean, m.mean, m.mean, level, METHOD_CONSTANT, m.n, unit)
    q, error = t_quantile(m.n - 1, level), m.sd / math.sqrt(m.n)
    low = _clip(m.mean - error * _hall_inverse(q, m.skew, m.n), bounds)
    high = _clip(m.mean - error * _hall_inverse(-q, m.skew, m.n), bounds)
    return Estimate(m.mean, low, high, level, METHOD_LUCK if m.lucky else METHOD_MEAN, m.n, unit)


def paired(a: ArrayLike, b: ArrayLike, *, level: float = LEVEL, unit: str = "", luck: float = 0.0) -> PairedContrast:
    """Contrast ``a`` minus ``b`` over replicates with the same random numbers.

    Args:
        a: Treatment, one value for each replicate, shape (n,).
        b: Baseline, same replicates in the same order, shape (n,).
        level: Confidence level.
        unit: Unit id.
        luck: Least standard deviation of a difference, see :func:`moments`.

    Raises:
        ValueError: If the two sides have different numbers of replicates.
    """
    x, y = np.asarray(a, dtype=np.float64).reshape(-1), np.asarray(b, dtype=np.float64).reshape(-1)
    if x.size != y.size:
        raise ValueError(f"paired values need the same replicates: {x.size} and {y.size}")
    both = np.isfinite(x) & np.isfinite(y)
    scale = max(float(np.abs(side[both]).max(initial=0.0)) for side in (x, y))
    mx, my, md = moments(x[both]), moments(y[both]), moments(x[both] - y[both], scale=scale, luck=luck)
    difference = _from_moments(md, level, unit, FREE)
    correlation, reduction = _pairing(mx, my, md)
    return PairedContrast(
        difference,
        correlation,
        reduction,
        replicates_to_halve(md, level),
        md.n >= (LEAST if md.sd == 0.0 else 2) and not difference.low <= 0.0 <= difference.high,
        _p_value(md),
    )


def _pairing(a: Moments, b: Moments, d: Moments) -> tuple[float, float]:
    """Correlation of the two sides and variance reduction against unpaired runs."""
    if d.n < 2:
        return math.nan, math.nan
    apart, together = a.sd**2 + b.sd**2, d.sd**2
    correlation = (apart - together) / (2.0 * a.sd * b.sd) if min(a.sd, b.sd) > 0.0 and not d.lucky else math.nan
    reduction = apart / together if together > 0.0 else (math.inf if apart > 0.0 else math.nan)
    return min(1.0, max(-1.0, correlation)) if correlation == correlation else correlation, reduction


def _p_value(d: Moments) -> float:
    if d.n < 2:
        return math.nan
    if d.sd == 0.0:
        return 2.0 ** (1 - d.n) if d.mean != 0.0 else 1.0
    w = _hall(d.mean / (d.sd / math.sqrt(d.n)), d.skew, d.n)
    return min(1.0, 2.0 * float(stdtr(d.n - 1, -abs(w))))


def replicates_to_halve(m: Moments, level: float = LEVEL) -> int:
    """Further replicates until a t interval with the same spread is half as wide."""
    if m.n < 2 or m.sd == 0.0:
        return 0
    goal = 0.5 * t_quantile(m.n - 1, level) / math.sqrt(m.n)
    low, high = m.n, 4 * m.n
    while low < high:
        middle = (low + high) // 2
        if t_quantile(middle - 1, level) / math.sqrt(middle) <= goal:
            high = middle
        else:
            low = middle + 1
    return low - m.n


def holm(contrasts: Mapping[K, PairedContrast]) -> dict[K, PairedContrast]:
    """The same contrasts with Holm-adjusted p-values over the whole family; undefined ones stay out of it."""
    known = sorted(((c.p_value, name) for name, c in contrasts.items() if c.p_value == c.p_value), key=lambda x: x[0])
    adjusted: dict[K, float] = {}
    worst = 0.0
    for rank, (p, name) in enumerate(known):
        worst = max(worst, min(1.0, p * (len(known) - rank)))
        adjusted[name] = worst
    return {name: replace(c, p_holm=adjusted.get(name, math.nan)) for name, c in contrasts.items()}


def ratio_estimate(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    level: float = LEVEL,
    unit: str = "",
    luck: tuple[float, float, float] | None = None,
) -> Estimate:
    """Ratio of two means over the same runs, such as public cost per extra 亿元 of effective investment.

    Fieller's interval: where the denominator cannot be told from zero it is unbounded, and says so with infinite ends
    instead of a narrow wrong one. The unbounded one is the whole line, so coverage lies above the level there (0.98 at
    0.95 with a denominator of two standard errors); elsewhere it was 0.95 for normal and skewed runs from n = 10 on.

    Args:
        numerator: One value for each run, shape (n,).
        denominator: The same runs in the same order, shape (n,).
        level: Confidence level.
        unit: Unit id of the ratio.
        luck: Variances of numerator and denominator and their covariance that stand in for those between draws, where
            the draws' means tie; see :func:`experiments.analysis.estimates.nested.luck_of_two`.
    """
    x, y = np.asarray(numerator, dtype=np.float64).reshape(-1), np.asarray(denominator, dtype=np.float64).reshape(-1)
    both = np.isfinite(x) & np.isfinite(y)
    mx, my = moments(x[both]), moments(y[both])
    if mx.n < 2 or abs(my.mean) <= ROUNDING * float(np.abs(y[both]).max()):
        return Estimate(math.nan, math.nan, math.nan, level, METHOD_TOO_FEW, mx.n, unit)
    covariance = math.fsum((x[both] - mx.mean) * (y[both] - my.mean)) / (mx.n - 1)
    if luck is not None:
        mx, my, covariance = replace(mx, sd=math.sqrt(luck[0])), replace(my, sd=math.sqrt(luck[1])), luck[2]
    if mx.sd == my.sd == 0.0:
        value = mx.mean / my.mean
        return Estimate(value, value, value, level, METHOD_CONSTANT, mx.n, unit)
    low, high = _fieller(mx, my, covariance, t_quantile(mx.n - 1, level))
    return Estimate(mx.mean / my.mean, low, high, level, METHOD_RATIO, mx.n, unit)


def _fieller(x: Moments, y: Moments, covariance: float, q: float) -> tuple[float, float]:
    k = q * q / x.n
    a = y.mean**2 - k * y.sd**2
    b = x.mean * y.mean - k * covariance
    c = x.mean**2 - k * x.sd**2
    root = b * b - a * c
    if a <= 0.0 or root < 0.0:
        return -math.inf, math.inf
    return (b - math.sqrt(root)) / a, (b + math.sqrt(root)) / a
