"""What can be wrong with a design: its factors, ranges, method, size or outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, str] = {
    "unknown_factor": "there is no factor of this name: no lever, uncertainty, reading (reading.D-06), world or regime",
    "empty_range": "the range is empty: low must be below high",
    "half_range": "low and high must be given together",
    "range_and_levels": "a factor has a range (low, high) or levels, not both",
    "no_range": "this lever is idle in this regime and has no numeric bounds: give low and high",
    "outside_bounds": "a value is outside what is allowed",
    "needs_levels": "this kind of factor has no numeric range: list its levels instead",
    "few_levels": "a factor needs two levels or more, each once",
    "cannot_scale": "this cannot be varied by a multiplier: only numeric levers can",
    "bad_options": (
        "options map a name to lever values, need a title, and stand without low, high, levels, keys and scale"
    ),
    "scale_over_time": (
        "this lever takes several values over time in the regime {regime} and a multiplier would flatten "
        "them: give absolute values (low and high, or levels)"
    ),
    "unknown_method": "there is no such design method",
    "unknown_outcome": "there is no such outcome",
    "unknown_design": "there is no such design",
    "no_factors": "the design has no factor",
    "factor_twice": "this factor appears twice",
    "key_twice": 'the factors "{first}" and "{second}" both set this, so one would hide the other: keep one of them',
    "name_taken": "tables already have a column of this name: give the factor another",
    "bad_size": "the number of points must be a positive whole number",
    "bad_replicates": "the number of replicates must be a positive whole number",
    "too_many_points": "the design has {points} points, more than are allowed: use fewer levels or factors",
    "rows_missing": "a list design writes each of its points as a [[row]]",
    "rows_unused": "only a list design has [[row]] entries",
    "row_extra": "this row names something that the design does not vary",
    "size_missing": "this method needs n, the number of points",
    "bad_name": "a factor's name has letters, digits, underscores, hyphens and dots only",
    "point_refused": "point {number} of the design ({settings}) cannot be run ({count} points are refused): {why}",
}
"""Sentences by id."""


class DesignError(ExperimentError):
    """A design that cannot be run as it was written."""

    topic: ClassVar[str] = "design"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES
