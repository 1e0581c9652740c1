"""What the store's tables and their own columns are, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

SHEETS: Mapping[str, tuple[str, str]] = {
    "runs": ("运行", "one row a run"),
    "yearly": ("逐年", "one row a run and year"),
    "cohorts": ("批次", "one row a run and listing year"),
    "points": ("情景点", "one row a point of the design"),
}
"""Tables: Chinese name, and what a row is."""

COLUMNS: Mapping[str, tuple[str, str]] = {
    "run": ("运行的序号，从0起", "number of the run, from 0"),
    "point": ("情景点", "point of the design"),
    "replicate": (
        "重复的序号；同一重复在各点使用同一随机根",
        "replicate; equal ones share all luck between points",
    ),
    "status": ("完成done、失败failed、未运行waiting", "done, failed, or waiting to be run"),
    "year": ("年份", "calendar year"),
    "cohort": ("列入名单的年份", "year of listing"),
    "title_zh": ("中文名", "title in Chinese"),
    "title_en": ("英文名", "title in English"),
    "regime": ("政策体系", "regime"),
    "world": ("世界", "world"),
    "start": ("起始季度；空为世界自身的起点", "first quarter; empty: that of the world"),
    "quarters": ("季度数", "number of quarters"),
    "effective": ("政策生效季度；空为原文日期", "quarter in which the regime takes effect; empty: as in its documents"),
    "fill": ("填补未写明之处的规则", "what fills the gaps of the documents"),
    "fingerprint": ("全部参数的指纹", "fingerprint of all parameters"),
    "baseline": ("比较的对象", "point it is compared with"),
    "levers": ("改动的政策参数", "levers that were set"),
    "behaviour": ("改动的行为参数", "behavioural parameters that were set"),
}
"""Columns that are no outcome and no factor: Chinese, English."""
