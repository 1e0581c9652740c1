"""Blind prediction: what the model says about figures that nobody has compared it with, as a file of quantiles.

Draw k of the behaviour is run as replicate k in every run of ``predictions.toml``; a row's quantiles are those of its
values over the draws. So a row's spread holds three things: not knowing the behaviour, the luck of a replicate, and the
few towns of a list. Quantiles are order statistics at p(n + 1) (Weibull's positions): the interval between two of them
covers the next draw as often as it says, however few draws there are, until it runs out of draws at the ends.

Nothing that was observed after 2017 is read here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from calibration.history import OutsideRun
from calibration.moments import QUARTERS, moments_of
from calibration.notes import FOR_PREDICTIONS
from calibration.predictands import FILE as DEFINITIONS
from calibration.predictands import FITTED_RUN, Row, rows, runs
from calibration.targets import FILE as TARGETS
from experiments.analysis.results import run_all
from experiments.errors import ExperimentError
from experiments.plan.behaviour import Behaviours, behaviours_for
from experiments.plan.plan import Plan, Point, crossed
from experiments.store.manifest import file_hash
from experiments.store.reading import frame
from experiments.store.result import dump
from experiments.store.versions import versions
from sim.engine.draws import SCHEME
from sim.model import ROOT, Simulation
from sim.outcomes.observe import Observer
from sim.parameters import Library, load_library
from sim.parameters.records import Frozen
from sim.run import RunSpec
from sim.state.province import Province

TASK = "calibration.predict:measure_run"
LEVELS = (50, 80, 90, 95)
"""Central intervals of the file, per cent."""
BOUNDS = tuple(f"{side}{level}" for level in LEVELS for side in ("lo", "hi"))
COLUMNS = ("id", "quantity", "region", "period", "unit", "median", *BOUNDS)
TAILS = (0.5, *(tail for level in LEVELS for tail in (0.5 - level / 200.0, 0.5 + level / 200.0)))
"""Shares of probability below the median and the bounds, in the order of the columns."""
FEWEST = 39
"""Draws below which the outermost interval ends at the smallest and largest draw."""

_MESSAGES: Mapping[str, str] = {
    "no_draws": "the number of draws must be a positive whole number",
    "other_file": "another file stands here, so nothing was written and it was not touched",
    "unwritable": "no file can be written here",
}


class PredictionError(ExperimentError):
    """A prediction that cannot be made or written as it was asked for."""

    topic: ClassVar[str] = "prediction"
    sentences: ClassVar[Mapping[str, str]] = _MESSAGES


@dataclass(frozen=True)
class Prediction:
    """What was predicted.

    Attributes:
        mode: Where the behaviour came from.
        draws: How many.
        behaviour: SHA-256 over the draws themselves.
        values: By row id, the value of every draw; NaN where it is not defined.
        fingerprints: By run id, the fingerprint of its scenario at the centre of the behaviour.
        at_prior: Uncertainties that the posterior lacked.
    """

    mode: str
    draws: int
    behaviour: str
    values: Mapping[str, NDArray[np.float64]]
    fingerprints: Mapping[str, str]
    at_prior: tuple[str, ...] = ()

    def records(self) -> list[dict[str, Any]]:
        """Rows of the file that at least one draw defines, in file order."""
        return [_record(row, self.values[row.id]) for row in rows() if np.isfinite(self.values[row.id]).any()]

    def undefined(self) -> dict[str, int]:
        """Rows that some draws do not define: id -> draws that do."""
        known = {row.id: int(np.isfinite(self.values[row.id]).sum()) for row in rows()}
        return {name: n for name, n in known.items() if n < self.draws}


def quantiles(values: ArrayLike, tails: Sequence[float] = TAILS) -> NDArray[np.float64]:
    """Order statistics at p(n + 1), interpolated; the first and last where that lies outside.

    Args:
        values: Any order; NaN are left out.
        tails: Shares of probability.

    Returns:
        One number a share, NaN where no value is known.
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if known.size == 0:
        return np.full(len(tails), math.nan)
    return np.asarray(np.quantile(known, np.asarray(tails), method="weibull"))


def predict(
    mode: str = "posterior",
    draws: int = 200,
    *,
    library: Library | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    behaviours: Sequence[Mapping[str, float]] | None = None,
    only: Sequence[str] | None = None,
) -> Prediction:
    """Predict every row.

    Args:
        mode: Where the behaviour comes from: "posterior", "prior" or "central".
        draws: How many draws; draw k is run as replicate k.
        library: The scenario files, where they have been read already.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all).
        behaviours: Draws of one's own, instead of those of ``mode``.
        only: Ids of runs, for trials; rows of other runs stay undefined.

    Raises:
        BehaviourError: No such mode, or no posterior.
        InputErrors: A value of the behaviour is not allowed.
        PredictionError: ``draws`` is below one.
        RunFailures: A run failed.
    """
    if draws < 1:
        raise PredictionError("no_draws", found=str(draws))
    files = library if library is not None else load_library()
    if behaviours is not None:
        behaviour = Behaviours(mode, tuple(map(Frozen, behaviours)), each=1)
    else:
        behaviour = behaviours_for(mode, files, draws, each=1)
    count = len(behaviours) if behaviours is not None else draws
    names = [name for name in runs() if only is None or name in only]
    values = {row.id: np.full(count, math.nan) for row in rows()}
    for at, name in enumerate(names):
        plan = Plan(f"predict-{name}", {}, (point(name),), crossed(1, count), task=TASK, behaviour=behaviour)
        store = run_all(
            plan, files, workers=workers, progress=_beyond(progress, at, len(names)), task=partial(_measured, name)
        )
        table = frame(store)
        for row in (row for row in rows() if _column(row.id) in table):
            values[row.id][table["replicate"]] = table[_column(row.id)]
    marks = {name: point(name).resolve(files).fingerprint for name in names}
    sample = [behaviour.of(k) for k in range(count)]
    return Prediction(mode, count, behaviour_hash(sample), values, marks, behaviour.at_prior)


def _measured(name: str, spec: RunSpec) -> dict[str, float]:
    return {_column(id): value for id, value in measure_run(name, spec).items()}


def _column(id: str) -> str:
    """Name of a row in a store, whose columns have no dots."""
    return id.replace(".", "_")


def _beyond(progress: Callable[[int, int], None] | None, at: int, plans: int) -> Callable[[int, int], None] | None:
    """Progress over several plans of one size, while one of them runs."""
    return None if progress is None else lambda done, total: progress(at * total + done, plans * total)


def point(name: str) -> Point:
    """The setting of a run."""
    run = runs()[name]
    return Point(
        id=name, regime=run.regime, world=run.world, start=run.start, quarters=run.quarters, effective=run.effective,
        levers=run.levers,
    )  # fmt: skip


def behaviour_hash(sample: Sequence[Mapping[str, float]]) -> str:
    """SHA-256 over draws, to the last bit of every value."""
    lines = (",".join(f"{key}={float(value).hex()}" for key, value in sorted(one.items())) for one in sample)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def measure_run(name: str, spec: RunSpec) -> dict[str, float]:
    """Run a spec and measure every row of the run that it is; a pure function, the task of every worker.

    The published figures are taken when the window of the fit ends, so that they are the ones that the fit sees.
    """
    p = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties)
    noted = Observer(FOR_PREDICTIONS)
    found: dict[str, float] = {}
    while p.t + 1 < p.clock.quarters:
        p.step()
        noted.observe(p)
        if name == FITTED_RUN and p.t + 1 == QUARTERS:
            found = {id: value for id, value in moments_of(p, noted).items() if "/" not in id}
    for row in rows():
        if row.run == name and not row.fitted:
            found[row.id] = _value(row, p, noted)
    return found


def _value(row: Row, p: Province, noted: Observer) -> float:
    try:
        return row.of(p, noted)
    except (OutsideRun, KeyError):
        return math.nan


def _record(row: Row, values: NDArray[np.float64]) -> dict[str, Any]:
    numbers = dict(zip(("median", *BOUNDS), map(float, quantiles(values)), strict=True))
    words = {"id": row.id, "quantity": row.quantity, "region": row.region.en, "period": row.period, "unit": row.unit}
    return words | numbers


# --- files -----------------------------------------------------------------------------------------------------------


def table_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The file of predictions: :data:`COLUMNS`, numbers to six digits."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in records:
        writer.writerow([f"{record[c]:.6g}" if isinstance(record[c], float) else record[c] for c in COLUMNS])
    return held.getvalue()


def manifest_path(out: Path) -> Path:
    """The file beside the predictions that says how they were made."""
    return out.with_suffix(".manifest.json")


def check_place(out: Path) -> None:
    """Make sure that predictions may be written here; creates nothing.

    Raises:
        PredictionError: Another file stands there, or the folder does not exist or cannot be written.
    """
    try:
        if out.is_dir() or (out.exists() and not _ours(out)):
            raise PredictionError("other_file", file=out.name)
        if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
            raise PredictionError("unwritable", file=str(out))
    except (OSError, ValueError) as error:
        raise PredictionError("unwritable", file=str(out), found=str(error)) from error


def _ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(",".join(COLUMNS))) == ",".join(COLUMNS).encode()


def write(prediction: Prediction, out: Path, command: str) -> str:
    """Write the file of predictions and its manifest.

    Returns:
        SHA-256 of the file.

    Raises:
        PredictionError: The place cannot be written.
    """
    check_place(out)
    text = table_text(prediction.records())
    mark = hashlib.sha256(text.encode()).hexdigest()
    try:
        for path, content in ((out, text), (manifest_path(out), dump(manifest(prediction, out.name, mark, command)))):
            held = path.with_name(path.name + ".part")
            held.write_bytes(content.encode())
            held.replace(path)
    except OSError as error:
        raise PredictionError("unwritable", file=str(out), found=str(error.strerror)) from error
    return mark


def manifest(prediction: Prediction, name: str, mark: str, command: str) -> dict[str, Any]:
    """How a file was made: nothing about when or where."""
    return {
        "file": name,
        "sha256": mark,
        "command": command,
        "behaviour": {
            "mode": prediction.mode, "draws": prediction.draws, "sha256": prediction.behaviour,
            **({"at_prior": list(prediction.at_prior)} if prediction.at_prior else {}),
        },
        "luck": {"root": ROOT, "scheme": SCHEME, "replicates": "draw k is run as replicate k"},
        "intervals": "order statistics at p(n + 1)",
        "definitions": {path.name: file_hash(path) for path in (DEFINITIONS, TARGETS)},
        "runs": {n: {"regime": runs()[n].regime, "world": runs()[n].world, "quarters": runs()[n].quarters,
                     "fingerprint": f} for n, f in prediction.fingerprints.items()},
        "defined_in_some_draws_only": prediction.undefined(),
        "versions": versions(),
    }  # fmt: skip
