"""What can be wrong with something asked from Python that the command line cannot ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError


class AskedError(ExperimentError):
    """Something asked of a frame or plan that it does not hold."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "no_such_outcome": {"zh": "表里没有这个指标", "en": "the frame has no such outcome"},
        "no_such_point": {"zh": "表里没有这个点", "en": "the frame has no such point"},
        "not_one_point": {
            "zh": "基准要恰好是一个点，这里符合的有 {points} 个",
            "en": "the baseline must be exactly one point; {points} points match",
        },
        "fixed_plan": {
            "zh": "计划的点数和重复次数已定，请在制作计划时给出",
            "en": "a plan has its points and replicates already; give them where the plan is made",
        },
        "odd_values": {
            "zh": "因子要么不给值（默认范围），要么给（下限, 上限）元组，要么给取值列表",
            "en": "a factor takes None (its default range), a tuple (low, high), or a list of values",
        },
    }
