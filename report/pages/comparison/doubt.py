"""The part of a report that says what its uncertainty is made of, and which findings survive not knowing the behaviour.

Under one behaviour there is nothing to tell, and the part is empty.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from experiments.analysis.estimates.contrasts import LEAST
from report.figures.across import is_across, told_ids

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns, Study
    from experiments.analysis.uncertainty import Uncertain

TELL: Mapping[str, Mapping[str, str]] = {
    "title": {"zh": "哪些结论站得住", "en": "Which findings survive"},
    "note": {
        "zh": "每组行为有两次重复，由此把差异的方差分成两份：重复的运气，和不知道行为。"
        "“站得住”：平均差异经霍尔姆校正后不为零，且在至少95%的行为下方向相同；“看行为”：平均有差异，但方向随行为而变；"
        "“看不出”：平均差异的区间含零；“行为太少”：少于{least}组，不下结论。百分数是运气在方差中所占的份额。",
        "en": "Two replicates of each behaviour split the variance of a difference into luck and not knowing the "
        "behaviour. *Survives*: the mean difference is not zero after Holm's correction and has the same direction "
        "under at least 95% of behaviours. *Depends*: there is a difference on average, but its direction hangs on the "
        "behaviour. *Untold*: the interval of the mean holds zero. "
        "*Too few*: fewer than {least} behaviours, so nothing is concluded. Percentages: luck's share of the variance.",
    },
    "survives": {"zh": "站得住", "en": "survives"},
    "depends": {"zh": "看行为", "en": "depends"},
    "untold": {"zh": "看不出", "en": "untold"},
    "too_few": {"zh": "行为太少", "en": "too few"},
    "luck": {"zh": "运气{share}", "en": "luck {share}"},
    "count": {
        "zh": "{all}项比较中：站得住{survives}项，看行为{depends}项，看不出{untold}项，行为太少{too_few}项；"
        "运气所占份额的中位数为{luck}。",
        "en": "Of {all} comparisons {survives} survive, {depends} depend on the behaviour, {untold} cannot be told, "
        "{too_few} have too few behaviours to say; "
        "luck's median share of the variance is {luck}.",
    },
    "outcome": {"zh": "结果", "en": "outcome"},
    "scenario": {"zh": "情景", "en": "scenario"},
}


def section(study: Study, lang: str) -> list[str]:
    """Heading, sentences and table; nothing where all runs had one behaviour."""
    from report.pages.comparison.summary import grid

    if study.behaviour == "central" or not study.pairs():
        return []
    found = {key: one for key, one in study.doubts.items() if key[1] in told_ids(study)}
    head, rows = _table(study, found, lang)
    return [
        f"## {TELL['title'][lang]}",
        TELL["note"][lang].format(least=LEAST),
        counted(found.values(), lang),
        grid(head, rows),
    ]


def counted(found: Iterable[Uncertain], lang: str) -> str:
    """How many findings survive, in one sentence."""
    ones = [one for one in found if one.kind == "nested"]
    verdicts = Counter(one.verdict for one in ones)
    shares = [one.noise.value for one in ones if not math.isnan(one.noise.value)]
    luck = _percent(statistics.median(shares)) if shares else "–"
    counts = {name: verdicts[name] for name in ("survives", "depends", "untold", "too_few")}
    return TELL["count"][lang].format(all=len(ones), luck=luck, **counts)


def _table(study: Study, found: Mapping[tuple[str, str], Uncertain], lang: str) -> tuple[list[str], list[list[str]]]:
    """Outcomes by scenarios where those are few, else scenarios by outcomes."""
    groups, names = [group for group, _ in study.pairs()], told_ids(study)
    if is_across(study):
        head = [TELL["scenario"][lang], *(_title(study, name, lang) for name in names)]
        return head, [[_name(g, lang), *(_cell(found[g.id, name], lang) for name in names)] for g in groups]
    head = [TELL["outcome"][lang], *(_name(g, lang) for g in groups)]
    return head, [[_title(study, name, lang), *(_cell(found[g.id, name], lang) for g in groups)] for name in names]


def _name(group: ScenarioRuns, lang: str) -> str:
    return str(group.title[lang])


def _title(study: Study, name: str, lang: str) -> str:
    return str(study.definition("summary", name).title[lang])


def _cell(one: Uncertain, lang: str) -> str:
    if one.kind != "nested":
        return "–"
    comma = "，" if lang == "zh" else ", "
    return TELL[one.verdict][lang] + comma + TELL["luck"][lang].format(share=_percent(one.noise.value))


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f}%"
