"""What can be wrong with a sensitivity study: too few rows, no outcome, an unknown method or grouping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, str] = {
    "few_rows": "there are too few rows for an interval",
    "no_outcomes": "no outcome is named",
    "unknown_grouping": "there is no such way of grouping",
    "unknown_way": "there is no such method of sensitivity analysis",
    "second_order_only_sobol": "second-order indices come from the method sobol only",
    "groups_not_pawn": "the method pawn looks at single factors and cannot group them",
    "unknown_subject": "there is no regime or design of this name",
}
"""Sentences by id."""


class SensitivityError(ExperimentError):
    """A sensitivity study that cannot be run as it was asked for."""

    topic: ClassVar[str] = "sensitivity"
    sentences: ClassVar[Mapping[str, str]] = MESSAGES
