"""What a study can say of a factor: it does nothing, next to nothing, something that is resolved, or not yet known.

A total index cannot be negative, so "its interval holds zero" needs care. With common seeds a factor that the model
never reads changes no run at all: every difference is exactly zero, the interval is [0, 0] and the verdict is
*no effect*. One that acts has an index above zero; what is open is whether it matters. So the other verdicts compare
the interval with a threshold, by default one per cent of the variance:

* *no effect*: no run of the study changed by a bit;
* *negligible*: it acts, and the interval ends below the threshold;
* *resolved*: the interval begins above the threshold;
* *not resolved*: the threshold lies inside the interval; about how many rows more would move it out is told.
"""

from __future__ import annotations

import math

import numpy as np

from experiments.analysis.sensitivity.rows import Floats

NO_EFFECT, NEGLIGIBLE, RESOLVED, NOT_RESOLVED = "no effect", "negligible", "resolved", "not resolved"
VERDICTS = (NO_EFFECT, NEGLIGIBLE, RESOLVED, NOT_RESOLVED)
THRESHOLD = 0.01
"""Total index below which a factor is negligible; for mean absolute effects its root, 0.1 standard deviations."""
MOST = 1000.0
"""Times the present rows beyond which the number needed is not told: the index lies on the threshold."""


def verdict(low: float, high: float, moved: float, n: int, threshold: float | Floats = THRESHOLD) -> str:
    """The verdict on one factor and outcome.

    Args:
        low: Lower end of the interval of the total index or of the scaled effect.
        high: Upper end.
        moved: Rows in which the factor changed the outcome at all.
        n: Rows.
        threshold: What is negligible.
    """
    if n > 0 and moved == 0:
        return NO_EFFECT
    if not (math.isfinite(low) and math.isfinite(high)):
        return NOT_RESOLVED
    if high < threshold:
        return NEGLIGIBLE
    return RESOLVED if low > threshold else NOT_RESOLVED


def more_rows(value: float, low: float, high: float, n: int, threshold: float = THRESHOLD) -> float:
    """About how many rows more, at least one, bring the threshold out of the interval; infinite where it is the index.

    Intervals shrink with the root of the rows; on the logarithm, as those of totals are made.
    """
    if not (value > 0.0 and math.isfinite(high)):
        return math.nan
    if value > threshold and low <= 0.0:
        # An interval that reaches zero has no logarithm; it shrinks towards the index as a symmetric one does.
        times = ((value - low) / (value - threshold)) ** 2
    else:
        reach = math.log(value / low) if value > threshold else math.log(high / value)
        gap = abs(math.log(value / threshold))
        times = (reach / gap) ** 2 if gap > 0.0 else math.inf
    return math.inf if times > MOST else float(max(1, math.ceil(n * (times - 1.0))))


def ranks(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Best and worst rank that intervals leave open, 1 = largest; equal where the rank is settled.

    Args:
        low: Lower ends, shape (factors,).
        high: Upper ends.
    """
    above = (low[None, :] > high[:, None]).sum(axis=1)
    below = (high[None, :] < low[:, None]).sum(axis=1)
    return np.asarray(1.0 + above), np.asarray(low.size - below).astype(np.float64)
