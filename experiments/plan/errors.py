"""What can be wrong with a plan as it was asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class PlanError(ExperimentError):
    """A plan that does not exist or that has nothing to run."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "no_such_plan": {"zh": "没有这个研究或设计", "en": "there is no such study or design"},
        "no_such_file": {"zh": "没有这个文件", "en": "there is no such file"},
        "nothing_to_run": {"zh": "计划里没有任何运行", "en": "the plan has no run"},
    }
