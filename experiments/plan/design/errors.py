"""What can be wrong with a design: its factors, ranges, method, size or outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from experiments.errors import ExperimentError

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "unknown_factor": {
        "zh": "没有这个因子：它不是政策参数、不确定参数、解读（reading.D-06）、world 或 regime",
        "en": "there is no factor of this name: no lever, uncertainty, reading (reading.D-06), world or regime",
    },
    "empty_range": {"zh": "范围是空的：下限必须小于上限", "en": "the range is empty: low must be below high"},
    "half_range": {"zh": "low 与 high 必须一起给出", "en": "low and high must be given together"},
    "range_and_levels": {
        "zh": "因子要么有范围（low、high），要么有水平（levels），不能两样都有",
        "en": "a factor has a range (low, high) or levels, not both",
    },
    "no_range": {
        "zh": "该政策参数在这一政策体系中不起作用，也没有数字上下限，请写明 low 和 high",
        "en": "this lever is idle in this regime and has no numeric bounds: give low and high",
    },
    "outside_bounds": {"zh": "取值超出允许范围", "en": "a value is outside what is allowed"},
    "needs_levels": {
        "zh": "这类因子没有数字范围，请用 levels 列出水平",
        "en": "this kind of factor has no numeric range: list its levels instead",
    },
    "few_levels": {"zh": "因子至少要有两个不同的水平", "en": "a factor needs two levels or more, each once"},
    "cannot_scale": {
        "zh": "这个名称不能按倍数变动：只有数值型政策参数可以",
        "en": "this cannot be varied by a multiplier: only numeric levers can",
    },
    "bad_options": {
        "zh": "options 应是“选项名 = 政策参数取值表”，并写明 title，且不能与 low、high、levels、keys、scale 同用",
        "en": "options map a name to lever values, need a title, and stand without low, high, levels, keys and scale",
    },
    "scale_over_time": {
        "zh": "该政策参数在政策体系 {regime} 中随时间取不同的值，倍数会抹平差别；请改用绝对值（low、high 或 levels）",
        "en": "this lever takes several values over time in the regime {regime} and a multiplier would flatten them: "
        "give absolute values (low and high, or levels)",
    },
    "unknown_method": {"zh": "没有这种设计方法", "en": "there is no such design method"},
    "unknown_outcome": {"zh": "没有这个结果指标", "en": "there is no such outcome"},
    "unknown_design": {"zh": "没有这个设计", "en": "there is no such design"},
    "no_factors": {"zh": "设计里没有任何因子", "en": "the design has no factor"},
    "factor_twice": {"zh": "因子出现了两次", "en": "this factor appears twice"},
    "key_twice": {
        "zh": "因子“{first}”与“{second}”都要设定同一个名称，只能留一个",
        "en": 'the factors "{first}" and "{second}" both set this, so one would hide the other: keep one of them',
    },
    "name_taken": {
        "zh": "这个名称已是表格的列名，因子请另取名",
        "en": "tables already have a column of this name: give the factor another",
    },
    "bad_size": {"zh": "设计的点数必须是正整数", "en": "the number of points must be a positive whole number"},
    "bad_replicates": {"zh": "重复次数必须是正整数", "en": "the number of replicates must be a positive whole number"},
    "too_many_points": {
        "zh": "设计共有 {points} 个点，超过上限，请减少水平或因子",
        "en": "the design has {points} points, more than are allowed: use fewer levels or factors",
    },
    "rows_missing": {
        "zh": "列表设计（list）要用 [[row]] 写出每个点",
        "en": "a list design writes each of its points as a [[row]]",
    },
    "rows_unused": {
        "zh": "只有列表设计（list）才写 [[row]]",
        "en": "only a list design has [[row]] entries",
    },
    "row_extra": {
        "zh": "这一行里的名称不是设计的因子",
        "en": "this row names something that the design does not vary",
    },
    "size_missing": {
        "zh": "这种方法需要写明点数 n",
        "en": "this method needs n, the number of points",
    },
    "bad_name": {
        "zh": "因子名称只能用字母、数字、下划线、连字符和点",
        "en": "a factor's name has letters, digits, underscores, hyphens and dots only",
    },
    "point_refused": {
        "zh": "设计的第 {number} 点（{settings}）不能运行（这样的点有 {count}）：{why}",
        "en": "point {number} of the design ({settings}) cannot be run ({count} points are refused): {why}",
    },
}
"""Sentences by message id, in both languages."""


class DesignError(ExperimentError):
    """A design that cannot be run as it was written."""

    messages: ClassVar[Mapping[str, Mapping[str, str]]] = MESSAGES
