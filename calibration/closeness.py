"""How close the model comes to the published figures: the median over replicates beside each.

Replicates of a regime are run over 2015 to 2018 only. The figures are never fitted here; they are only shown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from calibration.moments import QUARTERS, START, TASK
from calibration.targets import Target, load_targets
from experiments.analysis.results import run_all
from experiments.errors import StudyError
from experiments.plan.plan import Plan, Point, crossed
from experiments.store.reading import frame
from sim.parameters import Library, load_library

BAND = (5.0, 95.0)
"""Percentiles of the replicates shown as the model's 90 % range."""


def measure_runs(
    replicates: int = 20,
    regime: str = "zhejiang_2015",
    workers: int | None = None,
    library: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    levers: Mapping[str, object] | None = None,
    behaviour: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Run replicates over the window that the figures need and measure each.

    Args:
        replicates: How many, from replicate 0 on.
        regime: Id of a regime.
        workers: Worker processes; None = one for each core, 1 = in this process.
        library: The scenario files, where they have been read already.
        progress: Called with (finished, all).
        levers: Levers to set.
        behaviour: Uncertainties to set.

    Returns:
        One row a replicate with the number of every moment, those of other definitions too ("C-inv15/true").

    Raises:
        InputErrors: A name or value that is not allowed.
        RunFailures: A run failed.
        StudyError: ``replicates`` or ``workers`` is below one.
    """
    if replicates < 1:
        raise StudyError("bad_count", found=str(replicates))
    files = library if library is not None else load_library()
    point = Point(regime, regime, start=START, quarters=QUARTERS, levers=levers or {}, behaviour=behaviour or {})
    plan = Plan("targets", {}, (point,), crossed(1, replicates), task=TASK)
    return frame(run_all(plan, files, workers=workers, progress=progress))


def compare(
    replicates: int = 20,
    regime: str = "zhejiang_2015",
    workers: int | None = None,
    library: Library | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    levers: Mapping[str, object] | None = None,
    behaviour: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Put the model's median beside every published figure; arguments and errors as for :func:`measure_runs`.

    Returns:
        One row a figure: id, unit, target, lo, hi, model_median, model_lo90, model_hi90 (5th and 95th percentile of the
        replicates), ratio (model over target), within_factor_two, inside_interval (the median lies between lo and hi),
        also (medians under other definitions, by name). Missing numbers are NaN and count as neither within nor inside.
    """
    runs = measure_runs(replicates, regime, workers, library, progress, levers=levers, behaviour=behaviour)
    return pd.DataFrame([_row(target, runs) for target in load_targets().values()])


def _row(target: Target, runs: pd.DataFrame) -> dict[str, Any]:
    low, median, high = band(runs[target.id])
    ratio = median / target.value
    return {
        "id": target.id,
        "unit": target.unit,
        "target": target.value,
        "lo": target.lo,
        "hi": target.hi,
        "model_median": median,
        "model_lo90": low,
        "model_hi90": high,
        "ratio": ratio,
        "within_factor_two": bool(0.5 <= ratio <= 2.0),
        "inside_interval": bool(target.lo <= median <= target.hi),
        "also": {name: band(runs[f"{target.id}/{name}"])[1] for name, _ in target.also},
    }


def band(values: ArrayLike) -> tuple[float, float, float]:
    """5th percentile, median and 95th percentile of the runs that define the number; NaN where none does."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if known.size == 0:
        return math.nan, math.nan, math.nan
    low, median, high = np.percentile(known, [BAND[0], 50.0, BAND[1]])
    return float(low), float(median), float(high)


def tally(frame: pd.DataFrame) -> dict[str, int]:
    """How many rows there are, how many the model defines, and how many are close.

    Returns:
        Keys rows, defined, within_factor_two, inside_interval.
    """
    return {
        "rows": len(frame),
        "defined": int(frame["model_median"].notna().sum()),
        "within_factor_two": int(frame["within_factor_two"].sum()),
        "inside_interval": int(frame["inside_interval"].sum()),
    }
