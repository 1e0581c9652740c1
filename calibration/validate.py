"""Score a table of observations against predictions made before, beside two baselines.

Rows are of two kinds that are never mixed in a verdict: *fitted* rows are figures that the fit has seen, or lie in the
place and years that it has seen (Zhejiang up to 2017); all others are *blind*. Closeness in fitted rows shows that the
fit did its work, and nothing about prediction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.baselines import BASELINES, LAST_KNOWN
from calibration.matching import Match, Unmatched, match
from calibration.observations import Observation, Predicted, read_observations, read_predictions
from calibration.predict import LEVELS
from calibration.predictands import FITTED_RUN
from calibration.scores import Verdict, compare, inside, weighted_interval_score, wilson
from calibration.windows import last_year

PREDICTIONS = Path(__file__).with_name("predictions.csv")
"""The predictions that came with the product."""
KINDS = ("blind", "fitted")
MODEL = "model"


@dataclass(frozen=True)
class Scored:
    """One observation beside what was predicted.

    Attributes:
        match: Observation and prediction.
        kind: One of :data:`KINDS`.
        family: What rows hang together: a quantity in a run.
        quantiles: By predictor, "model" first; a baseline without history is missing.
        scores: Weighted interval score by predictor, in the quantity's own unit.
    """

    match: Match
    kind: str
    family: str
    quantiles: Mapping[str, Mapping[str, float]]
    scores: Mapping[str, float]

    def within(self) -> int | None:
        """The narrowest of the model's intervals that holds the value, per cent; None where none does."""
        value = self.match.observation.value
        return next((level for level in LEVELS if inside(value, self.quantiles[MODEL], level)), None)


@dataclass(frozen=True)
class Coverage:
    """How many rows an interval of some level held; ``low`` and ``high`` are Wilson's 95 % interval of the share."""

    level: int
    held: int
    rows: int
    low: float
    high: float


@dataclass(frozen=True)
class Validation:
    """What came of it.

    Attributes:
        scored: Rows that were scored, in the order of the table.
        unmatched: Rows that nothing is predicted for.
        coverage: By kind, the model's coverage at every level.
        verdicts: By kind and baseline.
    """

    scored: tuple[Scored, ...]
    unmatched: tuple[Unmatched, ...]
    coverage: Mapping[str, tuple[Coverage, ...]] = field(default_factory=dict)
    verdicts: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        """The scored rows as a frame: observation, quantiles and scores by predictor."""
        return pd.json_normalize([_plain(one) for one in self.scored])


def validate(observations: Path, predictions: Path | None = None) -> Validation:
    """Score a table.

    Args:
        observations: In the form of the table of published figures.
        predictions: A file of ``xiaozhen predict``; by default the one that came with the product.

    Raises:
        ObservationError: What is wrong with one of the files.
    """
    seen = read_observations(observations)
    return scored_against(seen, read_predictions(predictions or PREDICTIONS))


def scored_against(observations: Sequence[Observation], predictions: Mapping[str, Predicted]) -> Validation:
    """The same with tables that have been read."""
    found, rest = match(observations, predictions)
    scored = tuple(_scored(one) for one in found)
    coverage, verdicts = {}, {}
    for kind in KINDS:
        rows = [one for one in scored if one.kind == kind]
        coverage[kind] = tuple(_coverage(rows, level) for level in LEVELS)
        verdicts[kind] = {name: _verdict(rows, name, kind) for name in BASELINES}
    return Validation(scored, tuple(rest), coverage, verdicts)


def _scored(one: Match) -> Scored:
    quantiles: dict[str, Mapping[str, float]] = {MODEL: one.predicted.quantiles}
    if one.row is not None:
        for name, baseline in BASELINES.items():
            found = baseline(one.row, one.observation.total)
            if found is not None:
                quantiles[name] = found
    scores = {name: weighted_interval_score(one.observation.value, q) for name, q in quantiles.items()}
    return Scored(one, _kind(one), _family(one), quantiles, scores)


def _kind(one: Match) -> str:
    year = last_year(one.predicted.period)
    here = one.row is None or one.row.run == FITTED_RUN
    early = here and year is not None and year <= LAST_KNOWN
    return "fitted" if early or (one.row is not None and one.row.fitted) else "blind"


def _family(one: Match) -> str:
    """Rows of one history or one quantity in one run hang together."""
    if one.row is None:
        return one.predicted.quantity
    return f"{one.row.run}/{one.row.series or one.row.family}"


def _coverage(rows: Sequence[Scored], level: int) -> Coverage:
    held = sum(inside(one.match.observation.value, one.quantiles[MODEL], level) for one in rows)
    return Coverage(level, held, len(rows), *wilson(held, len(rows)))


def _verdict(rows: Sequence[Scored], name: str, kind: str) -> Verdict:
    both = [one for one in rows if name in one.scores]
    return compare(
        [one.scores[MODEL] for one in both],
        [one.scores[name] for one in both],
        [one.family for one in both],
        f"validate.{kind}.{name}",
    )


def document(found: Validation) -> dict[str, Any]:
    """Everything as plain data."""
    return {
        "rows": [_plain(one) for one in found.scored],
        "unmatched": [
            {"id": u.observation.id, "line": u.observation.line, "quantity": u.observation.quantity,
             "region": u.observation.region, "period": u.observation.period, "reason": u.reason, "near": u.near}
            for u in found.unmatched
        ],
        "coverage": {
            kind: [vars(one) for one in found.coverage[kind]] for kind in KINDS
        },
        "verdicts": {
            kind: {name: vars(verdict) for name, verdict in found.verdicts[kind].items()} for kind in KINDS
        },
        "mean_score": {kind: mean_scores(found, kind) for kind in KINDS},
    }  # fmt: skip


def _plain(one: Scored) -> dict[str, Any]:
    seen, said = one.match.observation, one.match.predicted
    return {
        "id": seen.id, "prediction": said.id, "matched_by": one.match.by, "kind": one.kind, "quantity": said.quantity,
        "region": said.region, "period": said.period, "unit": said.unit, "value": seen.value,
        "lo": seen.lo, "hi": seen.hi, "within": one.within(), "scores": dict(one.scores),
        "quantiles": {name: dict(q) for name, q in one.quantiles.items()},
    }  # fmt: skip


def mean_scores(found: Validation, kind: str) -> dict[str, dict[str, float]]:
    """Mean score by unit and predictor, over the rows of a kind that the predictor predicts."""
    out: dict[str, dict[str, float]] = {}
    for unit in dict.fromkeys(one.match.predicted.unit for one in found.scored if one.kind == kind):
        rows = [one for one in found.scored if one.kind == kind and one.match.predicted.unit == unit]
        for name in (MODEL, *BASELINES):
            known = [one.scores[name] for one in rows if name in one.scores]
            out.setdefault(unit, {})[name] = sum(known) / len(known) if known else math.nan
    return out
