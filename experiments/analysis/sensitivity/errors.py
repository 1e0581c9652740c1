"""What can be wrong with a sensitivity study: too few rows, no outcome, an unknown method or grouping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "few_rows": {
        "zh": "行数太少，得不出区间",
        "en": "there are too few rows for an interval",
    },
    "no_outcomes": {"zh": "没有指定任何结果指标", "en": "no outcome is named"},
    "unknown_grouping": {"zh": "没有这种分组方式", "en": "there is no such way of grouping"},
    "unknown_way": {"zh": "没有这种敏感性方法", "en": "there is no such method of sensitivity analysis"},
    "second_order_only_sobol": {
        "zh": "二阶指数只有 sobol 方法能给出",
        "en": "second-order indices come from the method sobol only",
    },
    "groups_not_pawn": {
        "zh": "pawn 方法按单个因子计算，不能分组",
        "en": "the method pawn looks at single factors and cannot group them",
    },
    "unknown_subject": {
        "zh": "没有这个政策体系或设计",
        "en": "there is no regime or design of this name",
    },
}
"""Sentences by message id, in both languages."""


class SensitivityError(ExperimentError):
    """A sensitivity study that cannot be run as it was asked for."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES
