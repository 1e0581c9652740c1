"""One page of findings on many regimes, written from results: who completes, who leaves, what it costs, how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from report.figures import across
from report.figures.captions import behaviour_line
from report.pages.comparison import doubt
from report.pages.comparison.summary import cell, grid, label, pictures
from report.text.checks import sentence
from report.text.language import joined
from report.text.quantity import decimals, interval, is_share, number, unit_text
from report.text.report_words import STATUS, WORDS

if TYPE_CHECKING:
    from experiments.analysis.guards import Finding
    from experiments.analysis.study import ScenarioRuns, Study

MOST_NAMED = 5
"""Regimes named in one sentence; the rest is counted."""

TELL: Mapping[str, Mapping[str, str]] = {
    "title": {"zh": "{title}：发现", "en": "{title}: findings"},
    "own": {"zh": "在各自的世界里", "en": "Each in its own world"},
    "common": {"zh": "移到同一个世界（{world}）", "en": "Laid over one world ({world})"},
    "more": {"zh": "升高：{names}", "en": "up under {names}"},
    "less": {"zh": "降低：{names}", "en": "down under {names}"},
    "none": {"zh": "没有一种可以确认有变化", "en": "no change can be shown under any regime"},
    "rest": {"zh": "其余{n}种不能确认有变化", "en": "no change can be shown under the other {n}"},
    "zero": {"zh": "没有小镇离开名单", "en": "no town left a list"},
    "levels": {"zh": "{names}；其余为零或没有名单", "en": "{names}; zero or no list elsewhere"},
    "regime": {"zh": "政策体系", "en": "regime"},
    "table": {"zh": "全部数字", "en": "All numbers"},
    "note": {
        "zh": "差异为同一世界、同一随机根下与没有政策的配对差，附95%区间；加粗者经霍尔姆（Holm）校正后不含零。"
        "退出率为水平。占比类差异为百分点。",
        "en": "Differences are paired with no policy in the same world under the same random roots, with 95% "
        "intervals; bold ones exclude zero after Holm's correction. Exit rates are levels. Shares in points.",
    },
    "same": {
        "zh": "自身世界就是共同世界、日期也相同的政策体系只列一次。",
        "en": "A regime whose own world and dates are the common ones is listed once.",
    },
    "unstated": {"zh": "各文件没有写明的", "en": "What the documents leave unstated"},
    "unstated_note": {
        "zh": "没有写明的条款在模型里一律不起作用，所以“没有效果”常常只是“没有写明”。",
        "en": "What is not stated stays inert in the model, so that no effect often only means not stated.",
    },
    "filled": {"zh": "（另有{n}项取值是假定）", "en": " ({n} further values are assumed)"},
    "lent": {
        "zh": "{name}没有写明的{n}项由{fills}补足，结果不再只是原文件的结果。",
        "en": "{n} values that {name} leaves open are lent by {fills}; results are not the document's alone.",
    },
    "readings": {
        "zh": "条款的歧义有多大影响，见 `xiaozhen readings`；这里一律取默认读法。",
        "en": "How much the ambiguities matter is the subject of `xiaozhen readings`; here all clauses are read by "
        "default.",
    },
    "sizes": {
        "zh": "各世界大小不同，公共支出和用地按每个选址计。区县级世界只有几个到十几个选址，区间因此较宽。",
        "en": "Worlds differ in size, so money and land are per site. A district's world has few sites and wide "
        "intervals.",
    },
}


def markdown(
    study: Study,
    findings: Sequence[Finding],
    lang: str,
    *,
    regimes: Mapping[str, Any],
    command: str,
    marks: Mapping[str, str],
    figures: Sequence[str],
) -> str:
    """The page in one language; arguments as for :func:`report.pages.comparison.summary.markdown`."""
    rows = across.rows(study)
    world = study.world_name(across.common_world(study), lang)
    common = [(row, row.common) for row in rows if row.common is not None]
    home = [(row, row.home) for row in rows if row.home is not None]
    parts = [
        f"# {TELL['title'][lang].format(title=study.title[lang])}",
        f"> {WORDS['question'][lang]}",
        f"## {TELL['common'][lang].format(world=world)}",
        _told(study, common, lang),
        *([f"## {TELL['own'][lang]}", _told(study, home, lang)] if home else []),
        *pictures(figures, lang),
        f"## {TELL['table'][lang]}",
        f"{TELL['note'][lang]}{'' if lang == 'zh' else ' '}{TELL['same'][lang]}",
        f"### {TELL['common'][lang].format(world=world)}",
        _table(study, common, lang),
        *([f"### {TELL['own'][lang]}", _table(study, home, lang)] if home else []),
        *doubt.section(study, lang),
        *_caveats(study, rows, regimes, lang),
        *_checks(study, findings, lang),
        f"## {WORDS['reproduce'][lang]}",
        f"```\n{command}\n```",
        f"## {WORDS['fingerprints'][lang]}",
        "\n".join(f"- {name}: `{mark}`" for name, mark in marks.items()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


Told = Sequence[tuple[across.Row, "ScenarioRuns"]]


def _told(study: Study, rows: Told, lang: str) -> str:
    """One line an outcome: which regimes move it, and by how much."""
    lines = []
    for name, difference in across.shown(study):
        said = (_moved if difference else _levels)(study, rows, name, lang)
        title = str(study.definition("summary", name).title[lang])
        lines.append(f"- **{title}**：{said}。" if lang == "zh" else f"- **{title}**: {said}.")
    return "\n".join(lines)


def _moved(study: Study, rows: Told, name: str, lang: str) -> str:
    stands = [(r, g) for r, g in rows if across.stands(study, g, name, True)]
    value = {g.id: study.contrasts[g.id][name].difference.value for _, g in rows}
    up = sorted(((r, g) for r, g in stands if value[g.id] > 0.0), key=lambda pair: -value[pair[1].id])
    down = sorted(((r, g) for r, g in stands if value[g.id] < 0.0), key=lambda pair: value[pair[1].id])
    if not stands:
        return TELL["none"][lang]
    said = [
        TELL[word][lang].format(names=_names(study, some, name, True, lang))
        for word, some in (("more", up), ("less", down))
        if some
    ]
    if len(stands) < len(rows):
        said.append(TELL["rest"][lang].format(n=len(rows) - len(stands)))
    return ("；" if lang == "zh" else "; ").join(said)


def _names(study: Study, rows: Told, name: str, difference: bool, lang: str) -> str:
    """Regimes with their numbers and intervals."""
    brackets = "（{}）" if lang == "zh" else " ({})"
    named = []
    for row, group in rows[:MOST_NAMED]:
        e = across.estimate(study, group, name, difference)
        places = decimals(e.low, e.high, e.unit, lang)
        value = number(e.value, e.unit, lang, sign=difference, places=places)
        between = interval(e.low, e.high, e.unit, lang, sign=difference, places=places)
        named.append(row.title[lang] + brackets.format(value if between == "–" else f"{value}, {between}"))
    if len(rows) > MOST_NAMED:
        named.append(WORDS["more"][lang].format(n=len(rows) - MOST_NAMED))
    unit = unit_text(study.definition("summary", name).unit, lang)
    if difference and is_share(study.definition("summary", name).unit):
        unit = {"zh": "百分点", "en": "points"}[lang]
    return f"{'、'.join(named)}，单位{unit}" if lang == "zh" else f"{joined(named, lang)}, in {unit}"


def _levels(study: Study, rows: Told, name: str, lang: str) -> str:
    some = [(r, g) for r, g in rows if study.means[g.id][name].value > 0.0]
    if not some:
        return TELL["zero"][lang]
    ranked = sorted(some, key=lambda pair: -study.means[pair[1].id][name].value)
    return TELL["levels"][lang].format(names=_names(study, ranked, name, False, lang))


def _table(study: Study, rows: Told, lang: str) -> str:
    names = across.shown(study)
    head = [TELL["regime"][lang], *(label(study, n, lang, difference=d) for n, d in names)]
    body = [[row.title[lang], *(_number(study, group, n, d, lang) for n, d in names)] for row, group in rows]
    return grid(head, body)


def _number(study: Study, group: ScenarioRuns, name: str, difference: bool, lang: str) -> str:
    shown = cell(across.estimate(study, group, name, difference), lang, sign=difference)
    return f"**{shown}**" if difference and across.stands(study, group, name, True) else shown


def _caveats(study: Study, rows: Sequence[across.Row], regimes: Mapping[str, Any], lang: str) -> list[str]:
    lines = []
    for row in rows:
        record = regimes.get(row.regime)
        if record is None:
            continue
        what = ("；" if lang == "zh" else "; ").join(str(t[lang]) for t in record.unstated) or "–"
        assumed = len({s.lever for s in record.values if s.evidence == "assumption"})
        extra = TELL["filled"][lang].format(n=assumed) if assumed else ""
        lines.append(f"- **{row.title[lang]}**{'：' if lang == 'zh' else ': '}{what}{extra}")
    lent = [
        TELL["lent"][lang].format(
            name=row.title[lang],
            n=len(group.resolved.filled),
            fills=", ".join(sorted(set(group.resolved.filled.values()))),
        )
        for row in rows
        for group in row.scenarios()
        if group.resolved.filled
    ]
    general = [TELL["readings"], TELL["sizes"], WORDS["spread"], WORDS["transplant"]]
    return [
        f"## {TELL['unstated'][lang]}",
        TELL["unstated_note"][lang],
        "\n".join(lines),
        f"## {WORDS['caveats'][lang]}",
        "\n".join(f"- {text}" for text in (*lent, behaviour_line(study, lang), *(words[lang] for words in general))),
    ]


def _checks(study: Study, findings: Sequence[Finding], lang: str) -> list[str]:
    """Alarms in full; what passed is counted."""
    alarms = [f for f in findings if f.status == "alarm"]
    counts = {s: sum(f.status == s for f in findings) for s in ("ok", "note", "not checked")}
    told = ("，" if lang == "zh" else ", ").join(f"{STATUS[s][lang]} {n}" for s, n in counts.items() if n)
    lines = [f"- {STATUS['alarm'][lang]}: {f.scenario} {sentence(f, study, lang)}" for f in alarms]
    return [f"## {WORDS['guards'][lang]}", "\n".join([*lines, f"- {told}"])]
