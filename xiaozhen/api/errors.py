"""What can be wrong with something asked from Python that the command line cannot ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class AskedError(ExperimentError):
    """Something asked of a frame or plan that it does not hold."""

    topic: ClassVar[str] = "asked"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_such_outcome": "the frame has no such outcome",
        "no_such_point": "the frame has no such point",
        "not_one_point": "the baseline must be exactly one point; {points} points match",
        "fixed_plan": "a plan has its points and replicates already; give them where the plan is made",
        "odd_values": "a factor takes None (its default range), a tuple (low, high), or a list of values",
    }
