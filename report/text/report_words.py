"""Sentences and headings of the report, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from sim.outcomes.records import THEMES

WORDS: Mapping[str, Mapping[str, str]] = {
    "question": {
        "zh": "如果本省采用别处的激励政策，小镇能完成多少承诺的投资，多少小镇和企业会离开，要花多少钱？",
        "en": "If this province had that province's incentives, how much of the promised investment would its towns "
        "complete, how many towns and firms would leave, and what would it cost?",
    },
    "short": {"zh": "要点", "en": "In short"},
    "short_line": {"zh": "**{name}**与{base}相比：", "en": "**{name}** against {base}: "},
    "unsure": {"zh": "，不能排除没有差异", "en": " that may be none"},
    "regimes": {"zh": "比较了什么", "en": "What was compared"},
    "regime_head": {
        "zh": "情景|政策体系|制定机关|公布|生效|与基准不同的参数",
        "en": "scenario|regime|authority|announced|in force|levers that differ from the baseline",
    },
    "outcomes": {"zh": "主要结果", "en": "Main outcomes"},
    "outcomes_note": {
        "zh": "各次重复的均值和95%区间（经偏度校正的t区间）。“–”表示该情景下没有定义；"
        "“∗”表示各次重复全部相同，无从估计区间。",
        "en": "Mean over replicates with 95% interval (t, corrected for skewness). “–”: not defined in that scenario; "
        "“∗”: all replicates equal, so no interval can be estimated.",
    },
    "outcome": {"zh": "结果", "en": "outcome"},
    "differences": {"zh": "与基准的差异", "en": "Differences from the baseline"},
    "differences_note": {
        "zh": "同一随机根下配对相减，均值和95%区间；占比类为百分点。"
        "加粗的差异经霍尔姆（Holm）校正（{n}项比较）后仍不含零。",
        "en": "Paired within replicates: mean and 95% interval; shares in percentage points. Bold differences exclude "
        "zero after Holm's correction over {n} comparisons.",
    },
    "pairing": {
        "zh": "配对使差异的方差平均（中位数）缩小到不配对时的{share}；区间再缩小一半约需再运行{more}次重复。",
        "en": "Pairing cuts the variance of a difference to {share} of the unpaired one (median over outcomes); "
        "halving the intervals takes about {more} more replicates.",
    },
    "undefined": {
        "zh": "基准下没有定义、因而无法求差的结果：{names}。",
        "en": "Not defined in the baseline, so no difference is given: {names}.",
    },
    "cost": {"zh": "要花多少", "en": "What it costs"},
    "cost_note": {
        "zh": "土地是指标而不是资金，按影子价格折算的价值单列，不与支出相加。",
        "en": "Land is quota, not money: its value at the shadow price stands apart and is not added to the spending.",
    },
    "ratio_unbounded": {
        "zh": "有效投资的增量无法与零区分，比率没有界",
        "en": "extra investment cannot be told from zero, so the ratio has no bound",
    },
    "less_investment": {"zh": "有效投资没有增加", "en": "effective investment did not rise"},
    "caveats": {"zh": "须知", "en": "Caveats"},
    "unstated": {"zh": "{name}的文件没有写明：{what}。", "en": "{name} leaves unstated: {what}."},
    "assumed": {"zh": "{name}有{n}项取值是假定：{what}。", "en": "{name} has {n} assumed values: {what}."},
    "more": {"zh": "另外{n}项", "en": "{n} more"},
    "transplant": {
        "zh": "把一地的政策移到另一地，只移动政策参数；当地的行政能力、财力和产业不随之移动。",
        "en": "Moving a regime to another place moves its levers only, not the authority, budget or industry of its "
        "home.",
    },
    "spread": {
        "zh": "区间只反映模型内部的随机性，不含行为参数和条款解读的不确定性。",
        "en": "Intervals reflect chance inside the model only, not uncertainty about behaviour or about how clauses "
        "are read.",
    },
    "guards": {"zh": "自检", "en": "Checks"},
    "figures": {"zh": "图", "en": "Figures"},
    "reproduce": {"zh": "复现", "en": "To reproduce"},
    "fingerprints": {"zh": "指纹", "en": "Fingerprints"},
}
STATUS: Mapping[str, Mapping[str, str]] = {
    "ok": {"zh": "通过", "en": "ok"},
    "note": {"zh": "留意", "en": "note"},
    "alarm": {"zh": "**警告**", "en": "**alarm**"},
    "not checked": {"zh": "未查", "en": "not checked"},
}
FIGURE_NAMES: Mapping[str, Mapping[str, str]] = {
    **{name: dict(theme.title) for name, theme in THEMES.items()},
    "regimes": {"zh": "各政策体系的比较", "en": "All regimes compared"},
    "differences": {"zh": "与基准的配对差异", "en": "Paired differences from the baseline"},
    "spending": {"zh": "公共支出与土地价值", "en": "Public money and land value"},
    "network": {"zh": "一次重复中的小镇与村庄", "en": "Towns and villages in one replicate"},
    "linkage": {"zh": "镇村双向流量与“1+N”网络", "en": "Flows between towns and villages, and the 1+N network"},
}
