"""Scores of predictions that are quantiles, and how sure a difference between two predictors is.

Interval score of a central 100(1-a) % interval (Gneiting and Raftery 2007), smaller is better::

    IS_a(y) = (hi - lo) + (2/a) max(0, lo - y) + (2/a) max(0, y - hi)

Weighted interval score (Bracher and others 2021), which approximates the continuous ranked probability score::

    WIS(y) = (|y - median| / 2 + sum_k (a_k / 2) IS_k(y)) / (K + 1/2),   a_k = 0.5, 0.2, 0.1, 0.05,   K = 4

Rows have different units, so two predictors are compared row by row by a number without unit between -1 and 1::

    skill = (WIS of the baseline - WIS of the model) / (WIS of the baseline + WIS of the model)
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.predict import LEVELS
from experiments.plan.luck import resamples

Floats = NDArray[np.float64]
Quantiles = Mapping[str, float]
"""Numbers by column: median, lo50, hi50, ... as in the file of predictions."""

ROUNDS = 2000
"""Bootstrap samples."""
FEWEST_ROWS = 5
"""Rows below which no verdict is given."""
FEWEST_FAMILIES = 4
"""Families below which they are not resampled."""


def interval_score(y: float, low: float, high: float, level: float) -> float:
    """Interval score of a central interval.

    Args:
        y: What was observed.
        low: Its lower end.
        high: Its upper end.
        level: Its probability, 0 to 1.
    """
    penalty = 2.0 / (1.0 - level)
    return (high - low) + penalty * max(0.0, low - y) + penalty * max(0.0, y - high)


def weighted_interval_score(y: float, q: Quantiles) -> float:
    """Weighted interval score over the median and all intervals of the file; in the quantity's own unit."""
    total = 0.5 * abs(y - q["median"])
    for percent in LEVELS:
        level = percent / 100.0
        total += 0.5 * (1.0 - level) * interval_score(y, q[f"lo{percent}"], q[f"hi{percent}"], level)
    return total / (len(LEVELS) + 0.5)


def inside(y: float, q: Quantiles, percent: int) -> bool:
    """Whether the central interval holds what was observed, ends included."""
    return q[f"lo{percent}"] <= y <= q[f"hi{percent}"]


def wilson(k: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's 95 % interval of a share; NaN where nothing was counted."""
    if n == 0:
        return math.nan, math.nan
    middle = (k / n + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def skill(model: float, baseline: float) -> float:
    """How much better the model's score is than the baseline's, -1 to 1; zero where both are perfect."""
    return 0.0 if model + baseline == 0.0 else (baseline - model) / (baseline + model)


@dataclass(frozen=True)
class Verdict:
    """Two predictors over the same rows.

    Attributes:
        rows, better, worse: How many rows, and in how many the model's score is smaller or larger.
        mean: Mean skill; NaN without rows.
        low, high: 95 % bootstrap interval over rows.
        family_low, family_high: The same over families of rows that hang together; NaN where there are few families.
        verdict: "better", "worse", "untold" where an interval holds zero, "few" where there are too few rows.
    """

    rows: int
    better: int
    worse: int
    mean: float
    low: float
    high: float
    family_low: float
    family_high: float
    verdict: str


def compare(
    model: Sequence[float], baseline: Sequence[float], families: Sequence[Hashable], use: str = "validate"
) -> Verdict:
    """Compare two predictors on the rows that both predict.

    Args:
        model: Its scores by row.
        baseline: Those of the baseline.
        families: What rows hang together, such as one quantity over the years.
        use: Name of the comparison; each has its own resamples.
    """
    each = np.array([skill(m, b) for m, b in zip(model, baseline, strict=True)])
    n, nan = each.size, math.nan
    if n == 0:
        return Verdict(0, 0, 0, nan, nan, nan, nan, nan, "few")
    low, high = _ends(each[resamples(f"{use}.rows", n, ROUNDS)].mean(axis=1))
    family_low, family_high = _by_family(each, list(families), use)
    counts = int((each > 0.0).sum()), int((each < 0.0).sum())
    found = _told(n, low, high, family_low, family_high)
    return Verdict(n, *counts, float(each.mean()), low, high, family_low, family_high, found)


def _ends(means: Floats) -> tuple[float, float]:
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _by_family(each: Floats, families: list[Hashable], use: str) -> tuple[float, float]:
    names = list(dict.fromkeys(families))
    if len(names) < FEWEST_FAMILIES:
        return math.nan, math.nan
    place = np.array([names.index(one) for one in families])
    total = np.bincount(place, weights=each, minlength=len(names))
    size = np.bincount(place, minlength=len(names))
    drawn = resamples(f"{use}.families", len(names), ROUNDS)
    return _ends(total[drawn].sum(axis=1) / size[drawn].sum(axis=1))


def _told(n: int, low: float, high: float, family_low: float, family_high: float) -> str:
    """A verdict only where both intervals agree."""
    if n < FEWEST_ROWS:
        return "few"
    lowest = low if math.isnan(family_low) else min(low, family_low)
    highest = high if math.isnan(family_high) else max(high, family_high)
    return "better" if lowest > 0.0 else "worse" if highest < 0.0 else "untold"
