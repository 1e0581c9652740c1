"""From a frame of runs to a table of contrasts: every point against its baseline, several outcomes, one family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.estimates.contrasts import LEVEL, PairedContrast, holm, paired
from experiments.analysis.estimates.nested import luck_of, paired_over_draws
from experiments.analysis.estimates.planning import replicates_for
from experiments.analysis.estimates.shares import Beats, beats, beats_over_draws


def contrast_table(
    frame: pd.DataFrame,
    baselines: Mapping[str, str],
    outcomes: Sequence[str],
    *,
    better: Mapping[str, int] | None = None,
    level: float = LEVEL,
    per_draw: int = 1,
    half_width: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Paired contrasts of points with their baselines, with Holm's correction over the whole table.

    Args:
        frame: One row a run, with columns point, replicate and the outcomes.
        baselines: Id of a point -> id of the point it is compared with; such as ``Plan.baselines``.
        outcomes: Columns.
        better: 1 where more of an outcome is better, -1 where less is; those that say neither have no winner.
        level: Confidence level.
        per_draw: Replicates in a row that share a draw of the behaviour; the draws are the units then.
        half_width: Wanted half of an interval's width by outcome, for ``replicates_needed``.

    Returns:
        One row for each point and outcome: difference, low, high, n, p_value, p_holm, excludes_zero,
        excludes_zero_holm, correlation, variance_reduction, replicates_to_halve, and beats, beats_low, beats_high: the
        probability that the point beats its baseline in a run with the same luck (NaN without a better side); and
        replicates_needed, in all, where a width is asked for.

    Raises:
        KeyError: If a point or an outcome is not in the frame.
    """
    missing = [name for name in outcomes if name not in frame.columns]
    missing += [p for pair in baselines.items() for p in pair if p not in set(frame["point"])]
    if missing:
        raise KeyError(missing[0])
    made: dict[tuple[str, str], PairedContrast] = {}
    won: dict[tuple[str, str], Beats] = {}
    needed: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        wide = frame.pivot(index="replicate", columns="point", values=outcome).sort_index()
        wide = wide.reindex(range(-(-(wide.index.max() + 1) // per_draw) * per_draw)) if per_draw > 1 else wide
        for point, base in baselines.items():
            sides = wide[point].to_numpy(np.float64), wide[base].to_numpy(np.float64)
            side = (better or {}).get(outcome, 0)
            made[point, outcome], winner = _compared(*sides, side, level, per_draw)
            if winner is not None:
                won[point, outcome] = winner
            if outcome in (half_width or {}):
                needed[point, outcome] = _needed(*sides, (half_width or {})[outcome], level, per_draw)
    table = [_row(key, baselines[key[0]], one, won.get(key)) for key, one in holm(made).items()]
    if half_width:
        table = [{**row, "replicates_needed": needed.get(key)} for key, row in zip(made, table, strict=True)]
    return pd.DataFrame(table)


def _compared(
    a: NDArray[np.float64], b: NDArray[np.float64], better: int, level: float, per_draw: int
) -> tuple[PairedContrast, Beats | None]:
    if per_draw == 1:
        return paired(a, b, level=level), beats(a, b, better=better, level=level) if better else None
    rows, base = a.reshape(-1, per_draw), b.reshape(-1, per_draw)
    found = paired_over_draws(rows, base, level=level)
    return found, beats_over_draws(rows, base, better=better, level=level) if better else None


def _needed(a: NDArray[np.float64], b: NDArray[np.float64], half_width: float, level: float, per_draw: int) -> int:
    gap = (a - b).reshape(-1, per_draw)
    means = gap[np.isfinite(gap).any(axis=1)]
    return per_draw * replicates_for(np.nanmean(means, axis=1), half_width, level=level, luck=luck_of(means))


def _row(key: tuple[str, str], base: str, c: PairedContrast, won: Beats | None) -> dict[str, Any]:
    d, share = c.difference, None if won is None else won.better
    missing = float("nan")
    return {
        "point": key[0],
        "baseline": base,
        "outcome": key[1],
        "difference": d.value,
        "low": d.low,
        "high": d.high,
        "level": d.level,
        "n": d.n,
        "p_value": c.p_value,
        "p_holm": c.p_holm,
        "excludes_zero": c.excludes_zero,
        "excludes_zero_holm": c.excludes_zero_holm,
        "correlation": c.correlation,
        "variance_reduction": c.variance_reduction,
        "replicates_to_halve": c.replicates_to_halve,
        "beats": missing if share is None else share.value,
        "beats_low": missing if share is None else share.low,
        "beats_high": missing if share is None else share.high,
    }
