"""``docs/behaviour.md`` and its Chinese twin: what every dose did, written from the runs, with figures and a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from experiments.analysis.doses.stakes import STRATEGIES, Stakes, stakes
from experiments.analysis.doses.sweep import EFFECTIVE, GROUPS, YEARS, Measured, corrected, verdict
from experiments.analysis.estimates.contrasts import PairedContrast
from experiments.store.disk import replace_file, write_text
from report.figures import dose
from report.figures.dose import outcome_title, value_label
from report.figures.style import DPI, styled
from report.render.documents import names
from report.render.markdown import grid
from report.text.catalogue import say, under
from report.text.language import LANGS, mark
from report.text.quantity import decimals, difference_unit, interval, number, unit_text
from sim.parameters import Library

REGIMES = ("zhejiang_2015", "tongzhou_2017")
ARROWS = {1: "↑", -1: "↓", 0: "?"}
VERDICTS = tuple(id.rpartition(".")[2] for id in under("doses.verdicts"))
NAMES = names("behaviour")
Corrected = dict[tuple[str, str], PairedContrast]


def write_measured(measured: Sequence[Measured], out: Path, library: Library) -> list[Path]:
    """Write documents, figures and numbers of doses that have been run."""
    weighed = [stakes(r, library, EFFECTIVE) for r in REGIMES]
    held = corrected(measured)
    written = draw(measured, out / "figures" / "behaviour")
    for lang in LANGS:
        write_text(out / NAMES[lang], document(measured, held, weighed, lang))
        written.append(out / NAMES[lang])
    write_text(out / "behaviour.csv", "\ufeff" + numbers(measured, held))
    return [*written, out / "behaviour.csv"]


def numbers(measured: Sequence[Measured], held: Corrected) -> str:
    """All numbers as CSV."""
    table = pd.concat([m.frame for m in measured], ignore_index=True)
    strongest = {m.dose.id: str(m.dose.values[m.dose.strongest]) for m in measured}
    table["p_holm"] = [
        held[r.dose, r.outcome].p_holm if (r.dose, r.outcome) in held and r.value == strongest[r.dose] else float("nan")
        for r in table.itertuples()
    ]
    return str(table.to_csv(index=False, float_format="%.8g", lineterminator="\n"))


def draw(measured: Sequence[Measured], folder: Path) -> list[Path]:
    """One figure for each dose and language."""
    written = []
    with styled():
        for m in measured:
            for lang in LANGS:
                path, figure = folder / f"{m.dose.id}.{lang}.png", dose.draw(m, lang).figure
                replace_file(path, lambda half, f=figure: f.savefig(half, format="png", dpi=DPI))  # type: ignore[misc]
                written.append(path)
    return written


# --- the document ----------------------------------------------------------------------------------------------------


def document(measured: Sequence[Measured], held: Corrected, weighed: Sequence[Stakes], lang: str) -> str:
    """The whole document in one language."""
    replicates = len(measured[0].runs[0])
    blocks = [
        f"# {say('doses.title', lang)}",
        say("doses.intro", lang),
        say("doses.made", lang, replicates=replicates, scenarios=sum(len(m.dose.values) for m in measured)),
        f"```\nxiaozhen doses --replicates {replicates} --out docs\n```",
        say("doses.reading", lang, years=YEARS, sites=measured[0].runs[0][0].tables["sites"]["poor"].size),
        f"## {say('doses.short', lang)}",
        _tally(measured, held, lang),
        grid(*overview(measured, lang)).replace("---:", "---"),
        say("doses.lessons", lang),
        f"## {say('doses.weighs', lang)}",
        say("doses.weighs_text", lang),
        *[block for s in weighed for block in _stakes(s, lang)],
    ]
    part = ""
    for m in measured:
        if m.dose.part != part:
            part = m.dose.part
            blocks.append(f"## ({part}) {say(f'doses.parts.{part}', lang)}")
        blocks += _section(m, held, lang)
    blocks += [f"## {say('doses.limits', lang)}", say("doses.limits_text", lang)]
    return "\n\n".join(b for b in blocks if b) + "\n"


def _tally(measured: Sequence[Measured], held: Corrected, lang: str) -> str:
    """How many predictions were borne out."""
    said = [m.frame for m in measured]
    verdicts = [
        f.loc[(f.outcome == e.outcome) & (f.value == str(m.dose.values[m.dose.strongest])), "verdict"].iloc[0]
        for m, f in zip(measured, said, strict=True)
        for e in m.dose.expected
        if e.sign
    ]
    count = {v: verdicts.count(v) for v in ("as expected", "not shown", "against", "nothing")}
    stand = sum(c.excludes_zero_holm for c in held.values())
    return say("doses.tally", lang, all=len(verdicts), holm=stand, **{k.replace(" ", "_"): n for k, n in count.items()})


def overview(measured: Sequence[Measured], lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table of all doses: first outcome, choice in focus, how the directions came out."""
    rows = []
    for m in measured:
        d, i = m.dose, m.dose.strongest
        cells = [f"({d.part}) {d.title[lang]}", f"{value_label(d, 0, lang)} → {value_label(d, i, lang)}"]
        for name in (d.expected[0].outcome, d.focus):
            cells.append(f"{outcome_title(name, lang)} {_cell(m.contrasts[name, i], lang, unit=True)}")
        if m.movers(i)[0] == 0.0:
            cells[-1] = say("doses.nobody_short", lang)
        rows.append([*cells, _signs(m, lang)])
    return say("doses.overview_head", lang).split("|"), rows


def _signs(m: Measured, lang: str) -> str:
    found = [verdict(e.sign, m.contrasts[e.outcome, m.dose.strongest]) for e in m.dose.expected if e.sign]
    said = [f"{say(f'doses.verdicts.{v}', lang)} {found.count(v)}" for v in VERDICTS if found.count(v)]
    return mark("comma", lang).join(said)


def _stakes(s: Stakes, lang: str) -> list[str]:
    total = sum(s.parts.values())
    own = {id.rpartition(".")[2]: say(id, lang) for id in under("doses.stakes")}
    named = {k: t for k, t in own.items() if k in s.parts}
    named |= {k: str(t[lang]) for k, t in s.titles.items() if k not in own}
    rows = [[title, *(_money(x) for x in s.parts[k])] for k, title in named.items()]
    rows.append([f"**{say('doses.total', lang)}**", *(f"**{_money(float(x))}**" for x in total)])  # type: ignore[union-attr]
    head = [
        say("doses.stakes_head", lang, regime=s.regime, quarter=s.quarter),
        *(say(f"doses.menu.{n}", lang) for n in STRATEGIES),
    ]
    note = say("doses.stakes_note", lang, towns=f"{s.towns:.0f}", scale=f"{s.scale:,.0f}", quarter=s.quarter)
    return [grid(head, rows), note]


def _money(x: float) -> str:
    return f"{x:,.0f}".replace("-", "−")


def _section(m: Measured, held: Corrected, lang: str) -> list[str]:
    d = m.dose
    return [
        f"### {d.title[lang]}",
        str(d.says[lang]),
        f"![{d.title[lang]}](figures/behaviour/{d.id}.{lang}.png)",
        _table(m, lang),
        _verdicts(m, held, lang),
        _who(m, lang),
        str(d.reads[lang]),
    ]


def _cell(c: PairedContrast, lang: str, *, unit: bool = False) -> str:
    """A paired difference with its interval, bold where the interval leaves zero out."""
    d = c.difference
    places = decimals(d.low, d.high, d.unit, lang)
    if d.low == d.high:
        return "0" if d.value == 0.0 else number(d.value, d.unit, lang, sign=True)
    body = number(d.value, d.unit, lang, sign=True, places=places)
    ends = interval(d.low, d.high, d.unit, lang, places=places)
    mark = ""
    if unit:
        mark = f" {difference_unit(d.unit, lang)}"
    return f"{f'**{body}**' if c.excludes_zero else body}{mark} ({ends})"


def _table(m: Measured, lang: str) -> str:
    """Levels at the first value, paired differences at the others."""
    d = m.dose
    head = ["", say("doses.at", lang, value=value_label(d, 0, lang))]
    head += [value_label(d, i, lang) for i in range(1, len(d.values))]
    rows = []
    for name in m.names:
        unit = m.contrasts[name, 0].difference.unit
        level = number(float(m.values(name, 0).mean()), unit, lang)
        label = f"{outcome_title(name, lang)} ({unit_text(unit, lang) or '–'})"
        rows.append([label, level, *(_cell(m.contrasts[name, i], lang) for i in range(1, len(d.values)))])
    return grid(head, rows)


def _verdicts(m: Measured, held: Corrected, lang: str) -> str:
    """Theory against what was found, outcome by outcome."""
    rows = []
    for e in m.dose.expected:
        c = m.contrasts[e.outcome, m.dose.strongest]
        found = say(f"doses.verdicts.{verdict(e.sign, c)}", lang)
        if (m.dose.id, e.outcome) in held and c.excludes_zero and not held[m.dose.id, e.outcome].excludes_zero_holm:
            found += say("doses.not_holm", lang)
        rows.append([outcome_title(e.outcome, lang), f"{ARROWS[e.sign]} {e.why[lang]}", found])
    head = say("doses.verdict_head", lang, value=value_label(m.dose, m.dose.strongest, lang)).split("|")
    return grid(head, rows).replace("---:", "---")


def _who(m: Measured, lang: str) -> str:
    """Who decided differently, and what kind of site changed the choice in focus."""
    i = m.dose.strongest
    share, flows = m.movers(i)
    if share == 0.0:
        return say("doses.nobody", lang)
    menu = [id.rpartition(".")[2] for id in under("doses.menu")]
    said = [
        f"{say(f'doses.menu.{menu[a]}', lang)} → {say(f'doses.menu.{menu[b]}', lang)} {100.0 * x:.1f}"
        for a, b, x in flows[:3]
        if 100.0 * x >= 0.05
    ]
    joint = mark("comma", lang)
    groups = [f"{say(f'doses.kinds.{g}', lang)} {_cell(m.group_contrast(g, i), lang)}" for g in GROUPS]
    return say("doses.who", lang, 
        share=f"{100.0 * share:.1f}", flows=joint.join(said) or "–", focus=outcome_title(m.dose.focus, lang),
        groups=joint.join(groups),
    )  # fmt: skip
