"""What is written around the figures: findings as titles, what is shown, and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from report.figures.style import scenario_name
from report.text.catalogue import say
from report.text.language import joined
from report.text.quantity import is_share, number, quantity, unit_text
from sim.outcomes.records import THEMES

if TYPE_CHECKING:
    from experiments.analysis.study import Study


def _filled(study: Study, name: str) -> bool:
    return any(bool(np.isfinite(g.yearly(name)).any()) for g in study.groups)


def theme_outcomes(study: Study, theme: str) -> list[str]:
    """The theme's outcomes that the runs carry and define somewhere."""
    return [n for n in THEMES[theme].outcomes if n in study.yearly_ids and _filled(study, n)]


def theme_finding(study: Study, theme: str, lang: str) -> str:
    """The theme's headline outcome, mean over replicates, in every scenario that defines it, highest first."""
    kind, name = THEMES[theme].headline.kind, THEMES[theme].headline.id
    outcome = study.definition(kind, name)
    years = study.groups[0].years
    if kind == "summary":
        means = {g.id: study.means[g.id][name].value for g in study.groups}
        window = ""
    else:
        means = {g.id: float(np.mean(g.yearly(name))) for g in study.groups}
        window = f"，{years[0]}—{years[-1]}年平均" if lang == "zh" else f", average of {years[0]}–{years[-1]}"
    ranked = ranking(study, {s: m for s, m in means.items() if not math.isnan(m)}, outcome.unit, lang)
    return f"{outcome.title['zh']}{window}：{ranked}" if lang == "zh" else f"{outcome.title['en']}{window}: {ranked}"


def ranking(study: Study, values: dict[str, float], unit: str, lang: str) -> str:
    """Values of scenarios from the highest to the lowest, as part of a sentence."""
    order = sorted(values, key=lambda s: -values[s])
    if lang == "zh":
        return "，".join(f"{scenario_name(study, s, lang)}为{quantity(values[s], unit, lang)}" for s in order)
    said = [
        quantity(values[s], unit, lang) if i == 0 or is_share(unit) else number(values[s], unit, lang)
        for i, s in enumerate(order)
    ]
    return ", ".join(f"{v} under {scenario_name(study, s, lang)}" for v, s in zip(said, order, strict=True))


def compared_ids(study: Study) -> list[str]:
    """Main outcomes whose difference from the baseline is defined in some scenario."""
    return [
        n
        for n in study.main_ids
        if any(not math.isnan(study.contrasts[g.id][n].difference.value) for g, _ in study.pairs())
    ]


def difference_finding(study: Study, lang: str) -> str:
    """How many of the main differences stand, by scenario."""
    total = len(compared_ids(study))
    parts = []
    for g, _ in study.pairs():
        stand = sum(study.contrasts[g.id][n].excludes_zero_holm for n in study.main_ids)
        name = scenario_name(study, g.id, lang)
        parts.append(f"{name}有{stand}项" if lang == "zh" else f"{stand} under {name}")
    if lang == "zh":
        return f"{total}项主要结果中，与基准的差异可以排除零的：" + "，".join(parts)
    return f"Of {total} main outcomes, those that differ from the baseline: " + joined(parts, lang)


def spending_finding(study: Study, lang: str) -> str:
    """Mean public cost in every scenario, highest first."""
    unit = study.definition("summary", "public_cost").unit
    costs = {g.id: study.means[g.id]["public_cost"].value for g in study.groups}
    ranked = ranking(study, {s: c for s, c in costs.items() if not math.isnan(c)}, unit, lang)
    first, last = study.groups[0].years[0], study.groups[0].years[-1]
    if lang == "zh":
        return f"{first}—{last}年公共支出平均值：{ranked}"
    return f"Public cost {first}–{last}, mean over replicates: {ranked}"


def map_finding(study: Study, counts: dict[str, tuple[int, int, int]], lang: str) -> str:
    """Towns on a list, named and gone at the end of the mapped run, by scenario."""
    parts = []
    for scenario, (listed, named, gone) in counts.items():
        if listed + named + gone == 0:
            continue
        name = scenario_name(study, scenario, lang)
        if lang == "zh":
            parts.append(f"{name}在册{listed}个、命名{named}个、离开{gone}个")
        else:
            parts.append(f"{name}: {listed} listed, {named} named, {gone} gone")
    year = study.groups[0].years[-1]
    if lang == "zh":
        return f"{year}年末的小镇：" + ("；".join(parts) or "没有小镇进入名单")
    return f"Towns at the end of {year}. " + ("; ".join(parts) or "No town was on a list")


def behaviour_line(study: Study, lang: str) -> str:
    """Where the behavioural parameters come from, in one sentence."""
    changed = {k for g in study.groups for k in g.resolved.overridden if k in g.resolved.behaviour}
    draws = -(-study.replicates // study.groups[0].per_draw)
    set_by_hand = {"zh": f"（另行设定{len(changed)}项）", "en": f" ({len(changed)} changed)"}[lang] if changed else ""
    return behaviour_said(study.behaviour, draws, lang, set_by_hand + at_prior_said(study.at_prior, lang))


def at_prior_said(keys: Sequence[str], lang: str) -> str:
    """Which uncertainties a posterior lacked; nothing where it lacked none."""
    return say("report.behaviour_at_prior", lang, names=joined(list(keys), lang)) if keys else ""


def behaviour_said(mode: str, draws: int, lang: str, more: str = "") -> str:
    """The same from the mode and the number of draws; ``more`` stands before the full stop."""
    return f"{_BEHAVIOUR[mode][lang].format(draws=draws)}{more}{'。' if lang == 'zh' else '.'}"


_BEHAVIOUR: dict[str, dict[str, str]] = {
    "central": {
        "zh": "行为参数取先验中心值，未经拟合",
        "en": "Behaviour at central prior values, not fitted",
    },
    "prior": {
        "zh": "行为参数取先验的{draws}次抽样，每次抽样两次重复，未经拟合，区间含行为未知",
        "en": "Behaviour: {draws} draws from the priors, two replicates of each, not fitted; intervals include not "
        "knowing it",
    },
    "posterior": {
        "zh": "行为参数取后验的{draws}次抽样（依据2015—2017年公布数字拟合），每次抽样两次重复，区间含行为未知",
        "en": "Behaviour: {draws} draws from the posterior fitted to published figures of 2015-2017, two replicates of "
        "each; intervals include not knowing it",
    },
}


def source_line(study: Study, lang: str, what: str) -> str:
    """The caption: what the marks mean, how many runs, dates of effect, behaviour, and the study's fingerprint."""
    n, behaviour = study.replicates, behaviour_line(study, lang)
    dates = effect_dates(study, lang)
    mark = study.fingerprint[:12]
    if lang == "zh":
        return (
            f"{what}每种情景{n}次重复，各情景的第k次重复使用同一随机根。{dates}{behaviour}"
            f"资料来源：Xiaozhen（小镇）模型，研究“{study.title['zh']}”，指纹 {mark}。"
        )
    return (
        f"{what} {n} replicates of each scenario, replicate k with the same random root in all. {dates} "
        f'{behaviour} Source: Xiaozhen model, study "{study.title["en"]}", '
        f"fingerprint {mark}."
    )


def effect_dates(study: Study, lang: str) -> str:
    """When the scenarios take effect, in one sentence."""
    dated = {
        g.id: str(g.resolved.start + g.resolved.effective_index) for g in study.groups if g.resolved.regime != "null"
    }
    if not dated:
        return ""
    days = sorted(set(dated.values()))
    if len(days) == 1:
        day = days[0]
        return f"各政策体系均自{quarter(day, lang)}起生效。" if lang == "zh" else f"All regimes take effect in {day}."
    parts = [f"{scenario_name(study, s, lang)} {quarter(day, lang)}" for s, day in dated.items()]
    return f"生效时间：{'，'.join(parts)}。" if lang == "zh" else f"In effect from: {', '.join(parts)}."


def quarter(day: str, lang: str) -> str:
    """A quarter as it is said."""
    return f"{day[:4]}年第{day[-1]}季度" if lang == "zh" else day


def axis_unit(unit: str, lang: str) -> str:
    """A unit for an axis, or what stands in its place."""
    return unit_text(unit, lang) or ("指数" if lang == "zh" else "index")
