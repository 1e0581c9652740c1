"""How the fields of an explanation are labelled, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LABELS: Mapping[str, tuple[str, str]] = {
    "what": ("说明", "what"),
    "summary": ("概要", "summary"),
    "authority": ("制定者", "authority"),
    "level": ("层级", "level"),
    "announced": ("公布", "announced"),
    "effective": ("生效", "effective"),
    "extends": ("沿用", "extends"),
    "unstated": ("未规定", "unstated"),
    "source": ("来源", "source"),
    "instrument": ("政策工具", "instrument"),
    "instrument_title": ("政策工具", "instrument"),
    "type": ("类型", "type"),
    "unit": ("单位", "unit"),
    "min": ("下限", "lower bound"),
    "max": ("上限", "upper bound"),
    "inert": ("不起作用的值", "inert value"),
    "choices": ("选项", "choices"),
    "evidence": ("依据", "evidence"),
    "reading": ("解读", "reading"),
    "question": ("问题", "question"),
    "alternatives": ("各种解读", "alternatives"),
    "default": ("默认", "default"),
    "reason": ("理由", "reason"),
    "levers": ("政策参数", "levers"),
    "set_by": ("由谁设定", "set by"),
    "text": ("内容", "text"),
    "status": ("性质", "status"),
    "numbers": ("数字", "numbers"),
    "timing": ("时间", "timing"),
    "context": ("为何不模拟", "why it is not simulated"),
    "value": ("数值", "value"),
    "region": ("地区", "region"),
    "period": ("时期", "period"),
    "reliability": ("可靠程度", "reliability"),
    "central": ("中心值", "central value"),
    "low": ("低", "low"),
    "high": ("高", "high"),
    "distribution": ("分布", "distribution"),
    "params": ("分布参数", "parameters"),
    "where": ("所在文件", "file"),
    "regimes": ("政策体系", "regimes"),
    "uncertainties": ("不确定参数", "uncertainties"),
    "constants": ("常量", "constants"),
    "readings": ("解读", "readings"),
    "acts": ("在模型中起作用", "acts in the model"),
    "values": ("设定的值", "values"),
    "inherited": ("沿用的值", "inherited values"),
    "chain": ("沿用次序", "chain"),
    "studies": ("研究", "studies"),
    "scenarios": ("情景", "scenarios"),
    "replicates": ("重复次数", "replicates"),
    "clauses": ("条款", "clauses"),
    "definition": ("定义", "definition"),
    "population": ("范围", "population"),
    "window": ("时段", "window"),
    "better": ("方向", "direction"),
    "yearly_or_summary": ("口径", "scope"),
    "bounds": ("作为界限", "bound of"),
    "extended_by": ("被沿用", "extended by"),
    "start": ("开始", "start"),
    "holds": ("内容", "holds"),
    "symbol": ("符号", "symbol"),
    "clause": ("条款", "clause"),
    "lever": ("政策参数", "lever"),
    "from": ("起", "from"),
    "to": ("止", "to"),
    "note": ("说明", "note"),
    "regime": ("政策体系", "regime"),
    "quarters": ("季度数", "quarters"),
    "set": ("改动", "set"),
    "behaviour": ("行为参数", "behaviour"),
    "id": ("名称", "name"),
    "title": ("标题", "title"),
    "world": ("区域", "world"),
    "one_quarter_only": ("只在该季度", "one quarter only"),
    "digest": ("校验值", "digest"),
}
"""Field of an explanation -> how it is labelled."""
CODES: Mapping[str, Mapping[Any, str]] = {
    "better": {1: "more_is_better", -1: "less_is_better", 0: "neither"},
    "yearly_or_summary": {"summary": "whole_run", "yearly": "each_year"},
}
"""Fields whose values are codes -> message id by code."""


def label(key: str, lang: str) -> str:
    """How a field is labelled."""
    pair = LABELS.get(key)
    return key.replace("_", " ") if pair is None else pair[0 if lang == "zh" else 1]
