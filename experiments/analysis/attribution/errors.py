"""What can go wrong when a difference is shared out: nothing differs, an outcome is not there, too few runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class AttributionError(ExperimentError):
    """A question that cannot be answered as it was asked."""

    topic: ClassVar[str] = "attribution"
    sentences: ClassVar[Mapping[str, str]] = {
        "same_regimes": (
            "no lever differs between {a} and {b} in this world and window, so there is nothing to share out"
        ),
        "no_outcome": "there is no such outcome",
        "undefined_outcome": 'this outcome is not defined under "{where}", so there is no difference to share out',
        "undefined_between": (
            "this outcome is not defined in some of the scenarios between the two regimes, in every replicate"
        ),
        "too_many_groups": "{groups} groups cannot be attributed exactly ({runs} runs); sample, or group by instrument",
        "budget_too_small": "{groups} groups and {replicates} replicates need at least {runs} runs",
    }
