"""From a frame of runs to a table of contrasts: every point against its baseline, several outcomes, one family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.analysis.estimates.contrasts import LEVEL, PairedContrast, holm, paired
from experiments.analysis.estimates.shares import Beats, beats

if TYPE_CHECKING:
    import pandas as pd


def contrast_table(
    frame: pd.DataFrame,
    baselines: Mapping[str, str],
    outcomes: Sequence[str],
    *,
    better: Mapping[str, int] | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Paired contrasts of points with their baselines, with Holm's correction over the whole table.

    Args:
        frame: One row a run, with columns point, replicate and the outcomes.
        baselines: Id of a point -> id of the point it is compared with; such as ``Plan.baselines``.
        outcomes: Columns.
        better: 1 where more of an outcome is better, -1 where less is; those that say neither have no winner.
        level: Confidence level.

    Returns:
        One row for each point and outcome: difference, low, high, n, p_value, p_holm, excludes_zero,
        excludes_zero_holm, correlation, variance_reduction, replicates_to_halve, and beats, beats_low, beats_high: the
        probability that the point beats its baseline in a run with the same luck (NaN without a better side).

    Raises:
        KeyError: If a point or an outcome is not in the frame.
    """
    import pandas as pd

    missing = [name for name in outcomes if name not in frame.columns]
    missing += [p for pair in baselines.items() for p in pair if p not in set(frame["point"])]
    if missing:
        raise KeyError(missing[0])
    made: dict[tuple[str, str], PairedContrast] = {}
    won: dict[tuple[str, str], Beats] = {}
    for outcome in outcomes:
        wide = frame.pivot(index="replicate", columns="point", values=outcome)
        for point, base in baselines.items():
            a, b, side = wide[point].to_numpy(), wide[base].to_numpy(), (better or {}).get(outcome, 0)
            made[point, outcome] = paired(a, b, level=level)
            if side:
                won[point, outcome] = beats(a, b, better=side, level=level)
    corrected = holm({"\t".join(key): one for key, one in made.items()})
    return pd.DataFrame([_row(key, baselines[key[0]], corrected["\t".join(key)], won.get(key)) for key in made])


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
