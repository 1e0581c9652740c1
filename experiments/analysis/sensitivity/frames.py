"""Indices as tables: one row a factor and outcome, with interval, verdict, direction and rows still needed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from experiments.analysis.sensitivity.indices import Indices
from experiments.analysis.sensitivity.pawn import PawnIndices
from experiments.analysis.sensitivity.rows import Interval
from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.trajectories import Screening
from experiments.analysis.sensitivity.verdicts import (
    NO_EFFECT,
    NOT_RESOLVED,
    RESOLVED,
    THRESHOLD,
    more_rows,
    ranks,
    verdict,
)

UP, DOWN, MIXED, UNORDERED = "up", "down", "mixed", ""
"""Direction of an effect: rises or falls with the setting, both, or nothing that can be told."""


def sobol_rows(
    outcome: str, found: Indices, slope: Mapping[str, Interval], threshold: float = THRESHOLD
) -> list[dict[str, Any]]:
    """Rows of one outcome: ``first``, ``total``, slope over the range, verdict."""
    best, worst = ranks(found.total.low[:-1], found.total.high[:-1])
    rows = []
    for i, name in enumerate(found.names):
        total = [float(x[i]) for x in (found.total.value, found.total.low, found.total.high)]
        said = verdict(total[1], total[2], found.moved[i], found.n, threshold)
        row: dict[str, Any] = {"outcome": outcome, "factor": name}
        row |= _three("first", found.first, i) | _three("total", found.total, i)
        row |= {"verdict": said, "more_rows": _more(said, total, found.n, threshold)}
        row |= _three("slope", slope[name], 0) if name in slope else dict.fromkeys(_NO_SLOPE, math.nan)
        row["direction"] = _direction(row["slope_low"], row["slope_high"], said) if name in slope else UNORDERED
        luck = name == LUCK
        row |= {"rank_best": math.nan if luck else best[i], "rank_worst": math.nan if luck else worst[i]}
        rows.append(row | {"moved": int(found.moved[i]), "rows": found.n, "variance": found.variance})
    return rows


_NO_SLOPE = ("slope", "slope_low", "slope_high")


def _three(name: str, found: Interval, i: int) -> dict[str, float]:
    return {name: float(found.value[i]), f"{name}_low": float(found.low[i]), f"{name}_high": float(found.high[i])}


def _direction(low: float, high: float, said: str) -> str:
    if said == NO_EFFECT or not math.isfinite(low):
        return UNORDERED
    if low <= 0.0 <= high:
        return MIXED if said == RESOLVED else UNORDERED
    return UP if low > 0.0 else DOWN


def _more(said: str, ends: list[float], n: int, threshold: float) -> float:
    """Rows still needed: none where the verdict stands."""
    return 0.0 if said != NOT_RESOLVED else more_rows(ends[0], ends[1], ends[2], n, threshold)


def share_rows(outcome: str, found: Indices) -> list[dict[str, Any]]:
    """How the variance of one outcome splits: settings alone, luck alone, both together."""
    parts = ("settings", "luck", "both")
    return [{"outcome": outcome, "part": part} | _three("share", found.shares, i) for i, part in enumerate(parts)]


def second_rows(outcome: str, found: Indices) -> list[dict[str, Any]]:
    """Second-order indices of one outcome, by pair."""
    if found.second is None:
        return []
    return [
        {"outcome": outcome, "factor": a, "with": b} | _three("second", found.second, i)
        for i, (a, b) in enumerate(found.pairs)
    ]


def morris_rows(
    outcome: str, found: Screening, ordered: Mapping[str, int], threshold: float = THRESHOLD
) -> list[dict[str, Any]]:
    """Rows of one outcome: ``mu_star``, ``mu``, ``sigma``; the verdict holds ``mu_star`` against the deviation."""
    scale = found.deviation or 1.0
    bar = math.sqrt(threshold)
    rows = []
    for i, name in enumerate(found.names):
        scaled = [float(x[i]) / scale for x in (found.mu_star.value, found.mu_star.low, found.mu_star.high)]
        said = verdict(scaled[1], scaled[2], found.moved[i], found.n, bar)
        row: dict[str, Any] = {"outcome": outcome, "factor": name}
        for kind, interval in (("mu_star", found.mu_star), ("mu", found.mu), ("sigma", found.sigma)):
            row |= _three(kind, interval, i)
        signed = name in ordered
        row |= {"scaled": scaled[0], "verdict": said, "more_rows": _more(said, scaled, found.n, bar)}
        row["direction"] = _direction(row["mu_low"], row["mu_high"], said) if signed else UNORDERED
        rows.append(row | {"moved": int(found.moved[i]), "rows": found.n, "deviation": found.deviation})
    return rows


def pawn_rows(outcome: str, found: PawnIndices, ordered: Mapping[str, int]) -> list[dict[str, Any]]:
    """Rows of one outcome: ``pawn`` against ``dummy``, what settings in random order reach."""
    rows = []
    for i, name in enumerate(found.names):
        ends = [float(x[i]) for x in (found.index.value, found.index.low, found.index.high)]
        row: dict[str, Any] = {"outcome": outcome, "factor": name} | _three("pawn", found.index, i)
        row["dummy"] = float(found.dummy[i])
        row["verdict"] = RESOLVED if ends[0] > row["dummy"] else NOT_RESOLVED
        rank = float(found.rank[i]) if name in ordered else math.nan
        # Two standard errors of a rank correlation of nothing.
        clear = abs(rank) > 2.0 / math.sqrt(max(found.n, 1))
        row |= {"rank_correlation": rank, "direction": UNORDERED}
        if clear:
            row["direction"] = UP if rank > 0.0 else DOWN
        rows.append(row | {"rows": found.n})
    return rows


def prefix_sizes(n: int, least: int = 8, steps: int = 6) -> list[int]:
    """Numbers of rows at which a convergence curve is drawn: halving down from n."""
    sizes = [n // 2**k for k in range(steps) if n // 2**k >= least]
    return sorted(dict.fromkeys([n, *sizes]))
