"""From a frame of runs to contrasts, from Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.analysis.estimates.frames import contrast_table
from sim.outcomes.records import OUTCOMES
from sim.parameters.errors import listed, nearest, shown
from xiaozhen.errors import AskedError


def contrasts(
    runs: pd.DataFrame,
    against: str | Mapping[str, Any],
    outcomes: Sequence[str],
    *,
    better: Mapping[str, int] | None = None,
    level: float = 0.95,
    per_draw: int = 1,
    half_width: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Compare every point of a frame with one of them, replicate by replicate.

    Args:
        runs: From :func:`sweep`, :func:`resume` or a store.
        against: The baseline: id of a point, or its factors, such as ``{"clawback.multiple": 2}``.
        outcomes: Ids.
        better: 1 where more of an outcome is better, -1 where less is.
        level: Confidence level.
        per_draw: Replicates in a row that share a draw of the behaviour: 2 for the prior and the posterior.
        half_width: Wanted half of an interval's width by outcome; ``replicates_needed`` says how many runs that takes.

    Returns:
        One row a point and outcome: its factors, then difference, low, high, p_holm (Holm's correction over the whole
        table) and the other columns of :func:`experiments.analysis.estimates.frames.contrast_table`.

    Raises:
        InputError: If the frame holds no such outcome or point.
    """
    known = [str(c) for c in runs.columns]
    for name in outcomes:
        if name not in known:
            guess = nearest(name, known)
            raise AskedError("no_such_outcome", found=shown(name), allowed=listed(known), suggestion=guess)
    base = _baseline(runs, against)
    points = [p for p in dict.fromkeys(runs["point"]) if p != base]
    table = contrast_table(
        runs, dict.fromkeys(points, base), outcomes, better=better, level=level, per_draw=per_draw,
        half_width=half_width,
    )  # fmt: skip
    first = runs.drop_duplicates("point").set_index("point")
    names = [c for c in known[known.index("status") + 1 :] if c not in OUTCOMES]
    for place, name in enumerate(names, 1):
        table.insert(place, name, table["point"].map(first[name]))
    return table


def _baseline(runs: pd.DataFrame, against: str | Mapping[str, Any]) -> str:
    points = [str(p) for p in dict.fromkeys(runs["point"])]
    if isinstance(against, str):
        if against not in points:
            guess = nearest(against, points)
            raise AskedError("no_such_point", found=shown(against), allowed=listed(points), suggestion=guess)
        return against
    matching = runs
    for name, value in against.items():
        if name not in runs:
            columns = [str(c) for c in runs.columns]
            raise AskedError("no_such_point", found=shown(name), suggestion=nearest(name, columns))
        matching = matching[matching[name] == value]
    found = [str(p) for p in dict.fromkeys(matching["point"])]
    if len(found) != 1:
        raise AskedError("not_one_point", found=shown(dict(against)), details={"points": str(len(found))})
    return found[0]
