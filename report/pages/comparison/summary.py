"""A short report in Markdown, written from the results: what was compared, what came out, what it costs, how sure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from experiments.analysis.estimates.contrasts import Estimate, PairedContrast
from experiments.analysis.study import Study
from report.figures.captions import behaviour_line, compared_ids, effect_dates, quarter
from report.pages.comparison import doubt
from report.text.checks import sentence
from report.text.quantity import decimals, interval, is_share, number, quantity, unit_text
from report.text.report_words import FIGURE_NAMES, STATUS, WORDS
from sim.outcomes.records import RATIOS, shown_in

if TYPE_CHECKING:
    from experiments.analysis.guards import Finding

MOST_ASSUMPTIONS = 12


def markdown(
    study: Study,
    findings: Sequence[Finding],
    lang: str,
    *,
    regimes: Mapping[str, Any],
    levers: Mapping[str, Any],
    command: str,
    marks: Mapping[str, str],
    figures: Sequence[str],
) -> str:
    """The report in one language.

    Args:
        study: A finished study.
        findings: What the guards found.
        lang: "zh" or "en".
        regimes: Regime records by id, for authority, dates, gaps and assumptions; may lack some.
        levers: Lever records by key, for titles; may lack some.
        command: The command that reproduces the study.
        marks: Name -> fingerprint or version, as they are to be printed.
        figures: Paths of this language's PNG figures, relative to the report.

    Returns:
        Markdown text.
    """
    parts = [
        f"# {study.title[lang]}",
        f"> {WORDS['question'][lang]}",
        *_in_short(study, lang),
        *_compared(study, regimes, lang),
        *_outcomes(study, lang),
        *_differences(study, lang),
        *doubt.section(study, lang),
        *_costs(study, lang),
        *_caveats(study, regimes, levers, lang),
        *_checks(study, findings, lang),
        *pictures(figures, lang),
        f"## {WORDS['reproduce'][lang]}",
        f"```\n{command}\n```",
        f"## {WORDS['fingerprints'][lang]}",
        "\n".join(f"- {name}: `{mark}`" for name, mark in marks.items()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], *, words: bool = False) -> str:
    """A table; numbers to the right, ``words`` to the left."""
    rule = "|" + "|".join("---" if i == 0 or words else "---:" for i in range(len(head))) + "|"
    return "\n".join([_row(head), rule, *map(_row, rows)])


def _compared(study: Study, regimes: Mapping[str, Any], lang: str) -> list[str]:
    from experiments.analysis.guards import differing_levers

    head = WORDS["regime_head"][lang].split("|")
    rows = []
    for group in study.groups:
        record, r = regimes.get(r_id := group.resolved.regime), group.resolved
        base = study.baseline_of.get(group.id)
        moved = str(len(differing_levers(group, study.group(base)))) if base else "–"
        without = r_id == "null"
        rows.append(
            [
                str(group.title[lang]),
                str(record.title[lang]) if record else r_id,
                str(record.authority[lang]) if record and not without else "–",
                "–" if without else str(r.start + r.announced_index),
                "–" if without else str(r.start + r.effective_index),
                moved,
            ]
        )
    return [f"## {WORDS['regimes'][lang]}", grid(head, rows, words=True), _alignment(study, regimes, lang)]


def _alignment(study: Study, regimes: Mapping[str, Any], lang: str) -> str:
    """How long the runs are and which regimes were moved in time."""
    r, n = study.groups[0].resolved, study.replicates
    end = str(r.start + (r.quarters - 1))
    moved = []
    for group in study.groups:
        record = regimes.get(group.resolved.regime)
        if record is None or group.resolved.regime == "null":
            continue
        now = str(group.resolved.start + group.resolved.effective_index)
        if str(record.effective) != now:
            moved.append((str(group.title[lang]), str(record.effective), now))
    if lang == "zh":
        shifts = "".join(f"{name}原自{quarter(a, lang)}生效，整体移到{quarter(b, lang)}。" for name, a, b in moved)
        return (
            f"每种情景运行{n}次，从{quarter(str(r.start), lang)}到{quarter(end, lang)}，"
            f"各情景的第k次重复使用同一随机根。"
            f"{effect_dates(study, lang)}{shifts}{_filled(study, lang)}{behaviour_line(study, lang)}"
        )
    shifts = "".join(f"{name} took effect in {a} in reality and was moved as a whole to {b}. " for name, a, b in moved)
    return (
        f"{n} replicates of each scenario, {r.start} to {end}; replicate k has the same random root in all. "
        f"{effect_dates(study, lang)} {shifts}{_filled(study, lang)}{behaviour_line(study, lang)}"
    )


def _filled(study: Study, lang: str) -> str:
    """Which scenarios had gaps of their documents filled, and by what."""
    said = []
    for group in study.groups:
        filled = group.resolved.filled
        for name in dict.fromkeys(filled.values()):
            keys = [f"`{key}`" for key, by in filled.items() if by == name]
            if lang == "zh":
                said.append(
                    f"{group.title[lang]}的文件没有写明的{len(keys)}个政策参数由`{name}`补上（{'、'.join(keys)}）。"
                )
            else:
                said.append(f"{len(keys)} levers that the documents of {group.title[lang]} leave unstated are lent by "
                            f"`{name}` ({', '.join(keys)}). ")  # fmt: skip
    return "".join(said)


def _in_short(study: Study, lang: str) -> list[str]:
    """One sentence for each scenario, in the order in which the question asks."""
    lines = []
    for group, base in study.pairs():
        said = [_clause(study, group.id, name, lang) for name in shown_in("lead") if name in study.summary_ids]
        said = [s for s in said if s]
        head = WORDS["short_line"][lang].format(name=group.title[lang], base=base.title[lang])
        lines.append(f"- {head}{('；' if lang == 'zh' else '; ').join(said)}{'。' if lang == 'zh' else '.'}")
    return [f"## {WORDS['short'][lang]}", "\n".join(lines)] if lines else []


def _clause(study: Study, scenario: str, name: str, lang: str) -> str:
    """One outcome's level and, where it is defined, its difference from the baseline."""
    outcome, e = study.definition("summary", name), study.means[scenario][name]
    if e.value != e.value:
        return ""
    title, c = str(outcome.title[lang]), study.contrasts[scenario][name]
    level = quantity(e.value, e.unit, lang)
    if c.difference.value != c.difference.value:
        return f"{title}{level}" if lang == "zh" else f"{title.lower()} {level}"
    if c.difference.method == "constant" and c.difference.value == 0.0:
        return f"{title}{level}，没有变化" if lang == "zh" else f"{title.lower()} {level}, unchanged"
    change = cell(c.difference, lang, sign=True).removesuffix(" ∗")
    points = ("个百分点" if lang == "zh" else " points") if is_share(e.unit) else ""
    unsure = "" if c.excludes_zero else WORDS["unsure"][lang]
    if lang == "zh":
        return f"{title}{level}，变化{change}{points}{unsure}"
    return f"{title.lower()} {level}, a change of {change}{points}{unsure}"


def label(study: Study, name: str, lang: str, *, difference: bool = False) -> str:
    """Title and unit of a summary outcome."""
    outcome = study.definition("summary", name)
    unit = unit_text(outcome.unit, lang)
    if difference and is_share(outcome.unit):
        unit = ("百分点" if lang == "zh" else "points") + unit[1:]
    return f"{outcome.title[lang]}（{unit}）" if lang == "zh" else f"{outcome.title[lang]} ({unit})"


def cell(e: Estimate, lang: str, *, sign: bool = False) -> str:
    """A number with its interval; a star where all replicates are equal."""
    if e.method == "constant":
        return f"{number(e.value, e.unit, lang, sign=sign)} ∗"
    places = decimals(e.low, e.high, e.unit, lang)
    value = number(e.value, e.unit, lang, sign=sign, places=places)
    between = interval(e.low, e.high, e.unit, lang, sign=sign, places=places)
    return value if between == "–" else f"{value} ({between})"


def _outcomes(study: Study, lang: str) -> list[str]:
    head = [WORDS["outcome"][lang], *(str(g.title[lang]) for g in study.groups)]
    rows = [[label(study, n, lang), *(cell(study.means[g.id][n], lang) for g in study.groups)] for n in study.main_ids]
    return [f"## {WORDS['outcomes'][lang]}", WORDS["outcomes_note"][lang], grid(head, rows)]


def _differences(study: Study, lang: str) -> list[str]:
    if not study.pairs():
        return []
    names = compared_ids(study)
    head = [WORDS["outcome"][lang], *(str(g.title[lang]) for g, _ in study.pairs())]
    rows = [
        [label(study, n, lang, difference=True), *(_bold(study.contrasts[g.id][n], lang) for g, _ in study.pairs())]
        for n in names
    ]
    lost = [str(study.definition("summary", n).title[lang]) for n in study.main_ids if n not in names]
    separator = "、" if lang == "zh" else ", "
    return [
        f"## {WORDS['differences'][lang]}",
        WORDS["differences_note"][lang].format(n=len(names) * len(study.pairs())),
        grid(head, rows),
        WORDS["undefined"][lang].format(names=separator.join(lost)) if lost else "",
        _pairing(study, names, lang),
    ]


def _bold(contrast: PairedContrast, lang: str) -> str:
    shown = cell(contrast.difference, lang, sign=True)
    return f"**{shown}**" if contrast.excludes_zero_holm else shown


def _pairing(study: Study, names: Sequence[str], lang: str) -> str:
    import statistics

    found = [study.contrasts[g.id][n] for g, _ in study.pairs() for n in names]
    kept = [1.0 / c.variance_reduction for c in found if 0.0 < c.variance_reduction < float("inf")]
    more = [c.replicates_to_halve for c in found if c.replicates_to_halve]
    if not kept or not more:
        return ""
    share = number(statistics.median(kept), "ratio", lang) + "%"
    return WORDS["pairing"][lang].format(share=share, more=int(statistics.median(more)))


def _costs(study: Study, lang: str) -> list[str]:
    names = [n for n in shown_in("cost") if n in study.summary_ids]
    head = [WORDS["outcome"][lang], *(str(g.title[lang]) for g in study.groups)]
    rows = [[label(study, n, lang), *(cell(study.means[g.id][n], lang) for g in study.groups)] for n in names]
    for ratio, of in RATIOS.items():
        if any(ratio in found for found in study.ratios.values()):
            unit = unit_text(of.unit, lang)
            head_cell = f"{of.title['zh']}（{unit}）" if lang == "zh" else f"{of.title['en']} ({unit})"
            rows.append([head_cell, *(_ratio_cell(study, g.id, ratio, lang) for g in study.groups)])
    return [f"## {WORDS['cost'][lang]}", WORDS["cost_note"][lang], grid(head, rows)]


def _ratio_cell(study: Study, scenario: str, ratio: str, lang: str) -> str:
    e = study.ratios.get(scenario, {}).get(ratio)
    if e is None or e.value != e.value:
        return "–"
    extra = study.contrasts[scenario][RATIOS[ratio].below].difference
    if extra.high < 0.0:
        return WORDS["less_investment"][lang]
    return WORDS["ratio_unbounded"][lang] if e.high == float("inf") else cell(e, lang)


def _caveats(study: Study, regimes: Mapping[str, Any], levers: Mapping[str, Any], lang: str) -> list[str]:
    lines, seen = [], set[str]()
    for group in study.groups:
        record = regimes.get(group.resolved.regime)
        if record is None or record.id in seen:
            continue
        seen.add(record.id)
        if record.unstated:
            what = ("；" if lang == "zh" else "; ").join(str(t[lang]) for t in record.unstated)
            lines.append(WORDS["unstated"][lang].format(name=record.title[lang], what=what))
        assumed = dict.fromkeys(s.lever for s in record.values if s.evidence == "assumption")
        if assumed:
            lines.append(
                WORDS["assumed"][lang].format(
                    name=record.title[lang], n=len(assumed), what=_lever_titles(list(assumed), levers, lang)
                )
            )
    lines += [behaviour_line(study, lang), WORDS["spread"][lang], WORDS["transplant"][lang]]
    return [f"## {WORDS['caveats'][lang]}", "\n".join(f"- {line}" for line in lines)]


def _lever_titles(keys: Sequence[str], levers: Mapping[str, Any], lang: str) -> str:
    titles = [str(levers[k].title[lang]) if k in levers else k for k in keys[:MOST_ASSUMPTIONS]]
    if len(keys) > MOST_ASSUMPTIONS:
        titles.append(WORDS["more"][lang].format(n=len(keys) - MOST_ASSUMPTIONS))
    return ("、" if lang == "zh" else ", ").join(titles)


def _checks(study: Study, findings: Sequence[Finding], lang: str) -> list[str]:
    titles = {g.id: str(g.title[lang]) for g in study.groups}
    colon = "：" if lang == "zh" else ": "
    lines = []
    for f in findings:
        where = titles[f.scenario] + colon if f.scenario else ""
        lines.append(f"- {STATUS[f.status][lang]}{colon}{where}{sentence(f, study, lang)}")
    return [f"## {WORDS['guards'][lang]}", "\n".join(lines)]


def pictures(figures: Sequence[str], lang: str) -> list[str]:
    """A section that shows the figures."""
    if not figures:
        return []
    shown = [f"![{FIGURE_NAMES[PurePosixPath(p).name.split('.')[0]][lang]}]({p})" for p in figures]
    return [f"## {WORDS['figures'][lang]}", *shown]
