"""Sobol' indices of a Saltelli design: first order (Saltelli 2010), total (Jansen), second order, and mean slopes.

The formulas are those of ``SALib.analyze.sobol`` and agree with it to rounding on the same matrix. All of them are
functions of means over rows, so one pass gives estimates, intervals and what a longer study would bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from experiments.analysis.estimates.contrasts import ties
from experiments.analysis.sensitivity.rows import Floats, Interval, Rows, Statistic, interval
from experiments.analysis.sensitivity.saltelli import Saltelli

INTERVAL = {"first": "t", "total": "log_t", "second": "t", "slope": "t"}
"""Kind of interval by kind of index, chosen by measured coverage: docs/decisions/0006-sensitivity-intervals.md."""


@dataclass(frozen=True)
class Indices:
    """Indices of one outcome.

    Attributes:
        names: Factors or groups, then luck.
        first, total: One entry for each name.
        shares: Settings alone, luck alone, both together: shares of the variance, which add up to one.
        second: One entry for each pair of names, in the order of ``pairs``; None where not designed for.
        moved: Rows in which swapping the factor changed the outcome at all, for each name.
        n: Rows in which every evaluation defines the outcome.
        variance: Of the outcome over settings and luck.
    """

    names: tuple[str, ...]
    first: Interval
    total: Interval
    shares: Interval
    second: Interval | None
    moved: Floats
    n: int
    variance: float

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of names in the order of ``second``."""
        return list(combinations(self.names, 2))


def sobol_indices(
    design: Saltelli, y: Floats, *, level: float = 0.95, method: str | None = None, rounds: int = 999
) -> Indices:
    """Indices of an outcome.

    Args:
        design: The design.
        y: The outcome, shape (n, evaluations), NaN where undefined; a row with a NaN is left out whole.
        level: Of the intervals.
        method: Kind of interval for all indices; :data:`INTERVAL` by default.
        rounds: Bootstrap rounds of methods that resample.
    """
    whole = np.isfinite(y).all(axis=1)
    y, clusters, k = y[whole], design.clusters[whole], len(design.names)
    n = int(y.shape[0])
    if ties(y):
        return _constant(design, n)
    features, parts = row_features(y, k, design.second)
    rows = Rows.gather(features, clusters)

    def made(kind: str, g: Statistic) -> Interval:
        return interval(rows, g, method=method or INTERVAL[kind], level=level, rounds=rounds, use=f"sobol.{kind}")

    first, total = statistic(parts, "first"), statistic(parts, "total")

    def shares(m: Floats) -> Floats:
        main, whole_luck = first(m)[..., -1], total(m)[..., -1]
        return np.stack([1.0 - whole_luck, main, whole_luck - main], axis=-1)

    bounded = made("total", total)
    return Indices(
        design.names,
        made("first", first),
        Interval(bounded.value, np.maximum(bounded.low, 0.0), np.minimum(bounded.high, np.maximum(1.0, bounded.value))),
        made("first", shares),
        made("second", statistic(parts, "second")) if design.second else None,
        (y[:, 1 : k + 1] != y[:, :1]).sum(axis=0).astype(np.float64),
        n,
        float(_variance(rows.means(), parts)),
    )


def row_features(y: Floats, k: int, second: bool) -> tuple[Floats, dict[str, slice]]:
    """What is averaged over rows.

    Args:
        y: Shape (n, evaluations) in the order of the design.
        k: Names.
        second: Whether BA evaluations are there.

    Returns:
        Features, shape (n, features), and where each kind stands.
    """
    y = y - y.mean()
    a, b, ab = y[:, :1], y[:, -1:], y[:, 1 : k + 1]
    blocks = {
        "first": b * (ab - a),
        "total": 0.5 * (a - ab) ** 2,
        "sum": 0.5 * (a + b),
        "square": 0.5 * (a**2 + b**2),
    }
    if second:
        ba = y[:, k + 1 : 2 * k + 1]
        blocks["second"] = np.stack([ba[:, i] * ab[:, j] for i, j in combinations(range(k), 2)], axis=1) - a * b
    ends = np.cumsum([0, *(block.shape[1] for block in blocks.values())])
    parts = {name: slice(int(ends[i]), int(ends[i + 1])) for i, name in enumerate(blocks)}
    return np.concatenate(list(blocks.values()), axis=1), parts


def _variance(means: Floats, parts: dict[str, slice]) -> Floats:
    return np.asarray((means[..., parts["square"]] - means[..., parts["sum"]] ** 2)[..., 0])


def statistic(parts: dict[str, slice], kind: str) -> Statistic:
    """The function from means to indices of one kind."""

    def g(means: Floats) -> Floats:
        variance = np.maximum(_variance(means, parts), 1e-300)[..., None]
        found = means[..., parts[kind]] / variance
        if kind != "second":
            return np.asarray(found)
        first = means[..., parts["first"]] / variance
        i, j = np.array(list(combinations(range(first.shape[-1]), 2))).T
        return np.asarray(found - first[..., i] - first[..., j])

    return g


def _constant(design: Saltelli, n: int) -> Indices:
    """Indices of an outcome that no evaluation changed, or that none defined."""

    def nothing(size: int) -> Interval:
        empty = np.full(size, np.nan)
        return Interval(empty, empty, empty)

    k = len(design.names)
    second = nothing(k * (k - 1) // 2) if design.second else None
    return Indices(design.names, nothing(k), nothing(k), nothing(3), second, np.zeros(k), n, 0.0)


def slopes(design: Saltelli, y: Floats, columns: dict[str, int], *, level: float = 0.95) -> dict[str, Interval]:
    """Mean change of the outcome when a factor goes from its lowest to its highest setting, all luck equal.

    The least-squares slope through zero of AB_i - A on b_i - a_i.

    Args:
        design: The design.
        y: Shape (n, evaluations).
        columns: Name -> its column, for single factors whose settings have an order.
        level: Of the intervals.
    """
    whole = np.isfinite(y).all(axis=1)
    found = {}
    for name, column in columns.items():
        i = design.names.index(name) + 1
        dx = (design.shares[:, i, column] - design.shares[:, 0, column])[whole]
        dy = (y[:, i] - y[:, 0])[whole]
        if dx.size == 0:
            found[name] = Interval(*(np.full(1, np.nan) for _ in range(3)))
            continue
        rows = Rows.gather(np.stack([dx * dy, dx * dx], axis=1), design.clusters[whole])
        found[name] = interval(rows, lambda m: m[..., :1] / m[..., 1:2], method=INTERVAL["slope"], level=level)
    return found
