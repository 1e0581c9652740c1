"""What can be wrong with a plan as it was asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class PlanError(ExperimentError):
    """A plan that does not exist or that has nothing to run."""

    topic: ClassVar[str] = "plan"
    sentences: ClassVar[Mapping[str, str]] = {
        "no_such_plan": "there is no such study or design",
        "no_such_file": "there is no such file",
        "nothing_to_run": "the plan has no run",
    }
