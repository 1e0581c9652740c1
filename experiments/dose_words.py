"""The words of ``docs/behaviour.md`` in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

Pair = Mapping[str, str]


def _pair(zh: str, en: str) -> Pair:
    return {"zh": zh, "en": en}


HELP = _pair("把每项政策工具按强度逐档试验", "One instrument at several strengths, all luck equal.")
PARTS: Mapping[str, Pair] = {
    "a": _pair("倒扣几倍", "The multiple of the clawback"),
    "b": _pair("用地奖励", "The land reward"),
    "c": _pair("财政返还", "The fiscal rebate"),
    "d": _pair("核查与水分", "Audits and the reporting gap"),
    "e": _pair("住宅算不算数", "Housing left out, and drift into housing"),
    "f": _pair("“1+N”", "N in 1+N"),
    "g": _pair("倒扣当不当真", "Enforcement of the clawback"),
    "h": _pair("对照：仕途", "For comparison: careers"),
}
VERDICTS: Mapping[str, Pair] = {
    "as expected": _pair("符合预期", "as expected"),
    "not shown": _pair("未显示", "not shown"),
    "against": _pair("与预期相反", "against"),
    "nothing": _pair("毫无变化", "no change at all"),
    "open": _pair("理论无定论", "theory open"),
}
MENU: Mapping[str, Pair] = {
    "out": _pair("不参与", "out"),
    "coast": _pair("观望", "coast"),
    "build": _pair("建设", "build"),
    "push": _pair("冲刺", "push"),
    "inflate": _pair("虚报", "inflate"),
    "drift": _pair("转向住宅", "drift"),
}
"""The county's menu in the order of ``sim.agents.town.Strategy``."""
KINDS: Mapping[str, Pair] = {
    "weak": _pair("运营能力较弱的", "weaker operators"),
    "able": _pair("运营能力较强的", "abler operators"),
    "poor": _pair("26县的", "the 26 poorer counties"),
    "other": _pair("其余县的", "other counties"),
}
ARROWS: Mapping[int, str] = {1: "↑", -1: "↓", 0: "?"}
TEXT: Mapping[str, Pair] = {
    "title": _pair("激励咬不咬人：一项一项加量试验", "What bites: each incentive, dose by dose"),
    "intro": _pair(
        "把一项政策工具从弱到强逐档调整，其余条件和运气完全相同，看结果变了多少、谁改变了行为。"
        "没有作用的剂量也照样写出来并解释原因。本页的数字、表和图全部由下面的命令写成。",
        "One instrument is set from weak to strong while everything else and all luck stay the same: what changed, and "
        "who behaved differently? A dose that does nothing is reported and explained like any other. All numbers, "
        "tables and figures of this page are written by the command below.",
    ),
    "made": _pair(
        "共{scenarios}个剂量，每个{replicates}次重复；各体系都放在同一个浙江、自2015年第2季度起，共40个季度。",
        "{scenarios} doses with {replicates} replicates each; every regime is laid over the same Zhejiang from 2015Q2, "
        "40 quarters in all.",
    ),
    "reading": _pair(
        "怎样读：每格是与第一档的配对差异及95%区间（第k次重复在各档里运气相同；区间为经偏度校正的t区间），**粗体**表示区间不含零，"
        "占比的差异用百分点。行为是全部130个选址在政策头{years}年里的平均比例；申报只算有申报窗口的年份。↑ ↓ 是理论预期的方向，"
        "? 是理论没有定论。行为参数取先验中心值，未经拟合，因此这里显示的是机制和量级，不是预测。"
        "数字另见[behaviour.csv](behaviour.csv)。",
        "How to read: each cell is the paired difference from the first dose with its 95% interval (replicate k has the same "
        "luck at every dose; t intervals corrected for skewness); **bold** means that the interval leaves zero out, and "
        "differences of shares are in percentage points. Behaviour is the share of all 130 sites, averaged over the "
        "policy's first {years} years; applications count years with an open window only. ↑ and ↓ are what theory "
        "expects, ? is where it is silent. Behaviour stands at the centre of its priors and is not fitted, so what shows "
        "is mechanism and magnitude, not a forecast. The numbers are also in [behaviour.csv](behaviour.csv).",
    ),
    "short": _pair("概要", "In short"),
    "tally": _pair(
        "理论给出方向的{all}项中，{as_expected}项符合预期且区间不含零，{not_shown}项未显示，{against}项与预期相反，"
        "{nothing}项毫无变化；对全部{all}项做霍尔姆（Holm）校正后仍有{holm}项不含零。",
        "Of {all} directions that theory predicts, {as_expected} came out as expected with an interval that leaves zero "
        "out, {not_shown} were not shown, {against} went against it, {nothing} did not change at all; {holm} intervals "
        "leave zero out after Holm's correction over all {all}.",
    ),
    "overview_head": _pair("试验|剂量|首要结果|谁动了|方向", "Dose|from → to|first outcome|who moved|directions"),
    "lessons": _pair("", ""),
    "weighs": _pair("县里在掂量什么", "What a county weighs"),
    "weighs_text": _pair(
        "每个县每年为每个镇在五种做法里选一种，看今后三年各条款会给多少、拿走多少。下表是模型在决策时实际用的数，按条款分开。"
        "一项工具能不能推动行为，取决于它在**不同做法之间差多少**，而不是总额有多大；所差若远小于其他动机的尺度，就推不动。",
        "Every year a county picks one of five courses for each of its towns by what the clauses will pay or take over the "
        "next three years. The tables show the very numbers the model decides with, clause by clause. An instrument moves "
        "behaviour by how much it **differs between courses**, not by its size; where it differs by much less than the "
        "scale of other motives, it cannot.",
    ),
    "stakes_head": _pair("{regime}，万元", "{regime}, 10,000 yuan"),
    "stakes_note": _pair(
        "创建名单上{towns}个镇的平均值，{quarter}，今后三年现值。其他动机的尺度为{scale}万元：两种做法差这么多时，较好的一种约有73%的机会被选中。",
        "Mean of {towns} towns on the creation list at {quarter}, present value over the next three years. Other motives have "
        "a scale of {scale}: a course better by as much is taken over the other with odds of 73 to 27.",
    ),
    "total": _pair("合计", "Total"),
    "at": _pair("{value}时的水平", "level at {value}"),
    "verdict_head": _pair("到{value}为止|理论与理由|结论", "at {value}|theory and why|found"),
    "not_holm": _pair("（霍尔姆校正后含零）", " (not after Holm)"),
    "who": _pair(
        "**谁改变了行为。** 选址年中有{share}%作出了不同选择（含互相抵消的往来）；最大的净流向（百分点）：{flows}。"
        "“{focus}”的变化（百分点）：{groups}。",
        "**Who changed behaviour.** {share}% of site-years were decided differently, crossings included; largest net flows in "
        "points: {flows}. Change in “{focus}”, in points: {groups}.",
    ),
    "nobody": _pair("**谁改变了行为。** 没有一个县作出不同选择。", "**Who changed behaviour.** Not one county decided differently."),
    "limits": _pair("界限", "Limits"),
    "limits_text": _pair("", ""),
}
