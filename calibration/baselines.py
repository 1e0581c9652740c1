"""Two predictors without a model, for the model to beat; they know published figures up to 2017 and nothing later.

``last``: the last value is carried forward. The count after k of n towns is beta-binomial (Jeffreys' prior)::

    K ~ BetaBinomial(m, k + 1/2, n - k + 1/2),   m towns in the year predicted (those of the last year if unknown)

Any other figure is normal on the log scale (shares: on the logit scale) around the last value, with variance::

    s0^2 + h * g^2,   s0 = (upper - lower end of the published interval) / (2 * 1.96),   h = years ahead,
    g^2 = mean of (change)^2 / (years between) over the changes known, or s0^2 where only one value is known

``pooled``: the hazard of all years known together: the same beta-binomial with the sums of k and of n; counts only.

A year is predicted from earlier years alone, so the first year of a history has no baseline. Elsewhere than where the
history comes from, all of it counts as known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import special

from calibration.predict import BOUNDS, TAILS
from calibration.predictands import FITTED_RUN, Row, document
from calibration.targets import Target, load_targets
from calibration.windows import last_year

Z = 1.959963984540054
LAST_KNOWN = 2017
"""No figure of a later year is ever read."""


@dataclass(frozen=True, slots=True)
class Past:
    """One figure of a history.

    Attributes:
        year: Calendar year.
        count, total: What was counted, out of how many; 0 of 0 where the figure is no share of a count.
        value, low, high: The figure and its published interval; NaN for counts.
    """

    year: int
    count: int = 0
    total: int = 0
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


@cache
def history(series: str) -> tuple[Past, ...]:
    """The published figures of a series, by year, none later than :data:`LAST_KNOWN`."""
    known, one = load_targets(), document()["series"][series]
    found = [_counted(int(year), [known[name] for name in names]) for year, names in one.get("counts", {}).items()]
    found += [_valued(int(year), known[name], one) for year, name in one.get("values", {}).items()]
    return tuple(sorted((p for p in found if p.year <= LAST_KNOWN), key=lambda p: p.year))


def _counted(year: int, parts: Sequence[Target]) -> Past:
    pairs = [tuple(int(n) for n in part.count.split("/")) for part in parts]
    return Past(year, sum(k for k, _ in pairs), pairs[0][1])


def _valued(year: int, target: Target, one: Mapping[str, Any]) -> Past:
    ends = target.value, target.lo, target.hi
    if one.get("complement"):
        ends = 1.0 - target.value, 1.0 - target.hi, 1.0 - target.lo
    return Past(year, 0, 0, *ends)


def last(row: Row, total: int | None = None, pasts: Sequence[Past] | None = None) -> dict[str, float] | None:
    """The last value carried forward.

    Args:
        row: What is to be predicted.
        total: Towns in the year predicted, where known.
        pasts: A history of one's own.

    Returns:
        Quantiles by column, None where nothing earlier is known.
    """
    known, year = _earlier(row, pasts)
    if not known or year is None:
        return None
    end = known[-1]
    if end.total:
        return beta_binomial(end.count, end.total, total or end.total)
    scale = 0.5 if "H" in row.period and document()["series"][row.series].get("yearly_flow") else 1.0
    return _walk(known, year - end.year, row.unit == "ratio", scale)


def pooled(row: Row, total: int | None = None, pasts: Sequence[Past] | None = None) -> dict[str, float] | None:
    """The hazard of all earlier years together; arguments and result as in :func:`last`."""
    known, year = _earlier(row, pasts)
    counted = [p for p in known if p.total]
    if not counted or year is None:
        return None
    k, n = sum(p.count for p in counted), sum(p.total for p in counted)
    return beta_binomial(k, n, total or counted[-1].total)


BASELINES: Mapping[str, Callable[..., dict[str, float] | None]] = {"last": last, "pooled": pooled}
"""By id."""


def _earlier(row: Row, pasts: Sequence[Past] | None) -> tuple[list[Past], int | None]:
    year = last_year(row.period)
    if pasts is None:
        pasts = history(row.series) if row.series else ()
    first = _first_year(row, year)
    return [p for p in pasts if first is not None and p.year < first], year


def _first_year(row: Row, year: int | None) -> int | None:
    """The first year that a row tells of: nothing of it or later may be known."""
    if row.run != FITTED_RUN:
        return LAST_KNOWN + 1
    return row.over.first.year if row.over is not None and "to " not in row.period else year


def beta_binomial(count: int, total: int, towns: int) -> dict[str, float]:
    """Quantiles of the share of ``towns`` next time, after ``count`` of ``total``: the smallest share whose probability
    of not being exceeded reaches the quantile's.
    """
    a, b, k = count + 0.5, total - count + 0.5, np.arange(towns + 1)
    ways = special.gammaln(towns + 1) - special.gammaln(k + 1) - special.gammaln(towns - k + 1)
    chance = np.exp(ways + special.betaln(k + a, towns - k + b) - special.betaln(a, b))
    below = np.cumsum(chance) / chance.sum()
    place = np.minimum(np.searchsorted(below, np.asarray(TAILS) - 1e-12), towns)
    return _named(place / towns)


def _walk(known: Sequence[Past], ahead: int, share: bool, scale: float) -> dict[str, float]:
    there = special.logit if share else np.log
    end = known[-1]
    spread = float(there(end.high) - there(end.low)) / (2.0 * Z)
    steps = [float(there(b.value) - there(a.value)) ** 2 / (b.year - a.year) for a, b in pairwise(known)]
    growth = sum(steps) / len(steps) if steps else spread**2
    x = float(there(end.value)) + math.sqrt(spread**2 + ahead * growth) * special.ndtri(np.asarray(TAILS))
    return _named(special.expit(x) if share else scale * np.exp(x))


def _named(numbers: Any) -> dict[str, float]:
    return dict(zip(("median", *BOUNDS), map(float, numbers), strict=True))
