"""What can go wrong when a difference is shared out: nothing differs, an outcome is not there, too few runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import MESSAGES, ExperimentError


class AttributionError(ExperimentError):
    """A question that cannot be answered as it was asked."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = {
        **MESSAGES,
        "same_regimes": {
            "zh": "{a} 与 {b} 在这个世界和时段里没有任何参数不同，没有差异可归因",
            "en": "no lever differs between {a} and {b} in this world and window, so there is nothing to share out",
        },
        "no_outcome": {"zh": "没有这个结果指标", "en": "there is no such outcome"},
        "undefined_outcome": {
            "zh": "这个结果在“{where}”里没有定义，无法比较",
            "en": 'this outcome is not defined under "{where}", so there is no difference to share out',
        },
        "undefined_between": {
            "zh": "这个结果在两个体系之间的某些组合里没有定义，没有一次重复能完整归因",
            "en": "this outcome is not defined in some of the scenarios between the two regimes, in every replicate",
        },
        "too_many_groups": {
            "zh": "{groups} 组不能精确归因（需要 {runs} 次运行），请改用抽样或按政策工具分组",
            "en": "{groups} groups cannot be attributed exactly ({runs} runs); sample, or group by instrument",
        },
        "budget_too_small": {
            "zh": "{groups} 组、{replicates} 次重复至少要运行 {runs} 次",
            "en": "{groups} groups and {replicates} replicates need at least {runs} runs",
        },
    }
