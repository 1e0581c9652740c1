"""A study's results as tidy tables.

One row of ``runs`` is one run; ``yearly`` and ``cohorts`` are long (one row is one number). Tables are Arrow; call
``.to_pandas()`` for a frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from experiments.analysis.study import ScenarioRuns, Study


def study_tables(study: Study) -> dict[str, pa.Table]:
    """Runs, yearly, cohorts, estimates and the meaning of outcomes, by name."""
    return {
        "runs": runs_table(study.groups),
        "yearly": yearly_table(study.groups),
        "cohorts": cohorts_table(study.groups),
        "estimates": records_table(study.estimate_records()),
        "outcomes": outcomes_table(study.outcomes),
    }


def _table(columns: Mapping[str, Any], nan_is_missing: bool = True) -> pa.Table:
    arrays = {}
    for name, values in columns.items():
        if isinstance(values, np.ndarray) and values.dtype == np.float64:
            arrays[name] = pa.array(values, mask=np.isnan(values) if nan_is_missing else None)
        else:
            arrays[name] = pa.array(values)
    return pa.table(arrays)


def _labels(values: Sequence[str], codes: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(values), pa.string()))


def runs_table(groups: Sequence[ScenarioRuns]) -> pa.Table:
    """One row for each run.

    Args:
        groups: The study's scenarios with their runs.

    Returns:
        Columns scenario, regime, world, replicate, root, fingerprint, then every summary outcome; a missing value
        where the outcome is not defined in that run.
    """
    pairs = [(g, spec, run) for g in groups for spec, run in zip(g.specs, g.runs, strict=True)]
    names = _first_seen(run.summary for _, _, run in pairs)
    columns: dict[str, Any] = {
        "scenario": [g.id for g, _, _ in pairs],
        "regime": [g.resolved.regime for g, _, _ in pairs],
        "world": [g.resolved.world for g, _, _ in pairs],
        "replicate": np.array([spec.replicate for _, spec, _ in pairs], dtype=np.int64),
        "root": np.array([spec.root for _, spec, _ in pairs], dtype=np.uint64),
        "fingerprint": [g.resolved.fingerprint for g, _, _ in pairs],
    }
    for name in names:
        columns[name] = np.array([run.summary.get(name, np.nan) for _, _, run in pairs], dtype=np.float64)
    return _table(columns)


def yearly_table(groups: Sequence[ScenarioRuns]) -> pa.Table:
    """One row for each run, year and yearly outcome: scenario, replicate, year, outcome, value."""
    parts = [_yearly_part(g) for g in groups if g.runs]
    return pa.concat_tables(parts).unify_dictionaries() if parts else pa.table({})


def _yearly_part(group: ScenarioRuns) -> pa.Table:
    first = group.runs[0]
    names, years = list(first.yearly), np.asarray(first.years, dtype=np.int64)
    cube = np.stack([np.stack([np.asarray(run.yearly[n], dtype=np.float64) for n in names]) for run in group.runs])
    runs, outcomes, times = cube.shape
    replicate = np.array([spec.replicate for spec in group.specs], dtype=np.int64)
    flat = cube.reshape(-1)
    return pa.table(
        {
            "scenario": _labels([group.id], np.zeros(flat.size)),
            "replicate": np.repeat(replicate, outcomes * times),
            "year": np.tile(years, runs * outcomes),
            "outcome": _labels(names, np.tile(np.repeat(np.arange(outcomes), times), runs)),
            "value": pa.array(flat, mask=np.isnan(flat)),
        }
    )


def cohorts_table(groups: Sequence[ScenarioRuns]) -> pa.Table:
    """One row for each run, cohort and measure: scenario, replicate, cohort, measure, value."""
    rows = [
        (g.id, spec.replicate, cohort, measure, value)
        for g in groups
        for spec, run in zip(g.specs, g.runs, strict=True)
        for cohort, measures in run.cohorts.items()
        for measure, value in measures.items()
    ]
    scenario, replicate, cohort, measure, value = zip(*rows, strict=True) if rows else ((),) * 5
    return _table(
        {
            "scenario": list(scenario),
            "replicate": np.array(replicate, dtype=np.int64),
            "cohort": [str(c) for c in cohort],
            "measure": list(measure),
            "value": np.array(value, dtype=np.float64),
        }
    )


def outcomes_table(outcomes: Mapping[str, Any]) -> pa.Table:
    """What every outcome means: id, kind, unit, direction, then title, population, window, definition by language."""
    items = list(outcomes.values())
    columns: dict[str, Any] = {
        "outcome": [o.id for o in items],
        "kind": [o.kind for o in items],
        "unit": [o.unit for o in items],
        "better": np.array([o.better for o in items], dtype=np.int64),
    }
    for name in ("title", "population", "window", "definition"):
        for lang in ("zh", "en"):
            columns[f"{name}_{lang}"] = [str(getattr(o, name)[lang]) for o in items]
    return _table(columns)


def records_table(records: Sequence[Mapping[str, Any]]) -> pa.Table:
    """A table of records that all have the same keys; float columns turn NaN into a missing value."""
    if not records:
        return _table({})
    columns: dict[str, Any] = {}
    for name, example in records[0].items():
        values = [r[name] for r in records]
        columns[name] = np.array(values, dtype=np.float64) if isinstance(example, float) else values
    return _table(columns)


def _first_seen(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    for mapping in mappings:
        names.update(dict.fromkeys(mapping))
    return list(names)
