"""``docs/behaviour.md`` and its Chinese twin: what every dose did, written from the runs, with figures and a CSV."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd

from experiments.analysis.doses.stakes import STRATEGIES, Stakes, stakes
from experiments.analysis.doses.sweep import EFFECTIVE, GROUPS, YEARS, Measured, corrected, verdict
from experiments.analysis.estimates.contrasts import PairedContrast
from experiments.store.disk import replace_file, write_text
from report.blocks import (
    Block,
    Code,
    Grid,
    Interval,
    Item,
    Joined,
    Message,
    Page,
    Paragraph,
    Picture,
    Points,
    Quantity,
    Section,
    Strong,
    Text,
    Unit,
    between,
    glued,
    heads,
    message,
    title,
)
from report.figures import dose
from report.figures.dose import outcome_title, value_label
from report.figures.style import DPI, styled
from report.render.documents import names
from report.render.markdown import markdown
from report.text.catalogue import under
from report.text.language import FALLBACK, LANGS
from report.text.quantity import unit_text
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
    told = page(measured, held, weighed)
    for lang in LANGS:
        write_text(out / NAMES[lang], markdown(told, lang))
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


# --- the page --------------------------------------------------------------------------------------------------------


def page(measured: Sequence[Measured], held: Corrected, weighed: Sequence[Stakes]) -> Page:
    """What every dose did."""
    replicates = len(measured[0].runs[0])
    sites = measured[0].runs[0][0].tables["sites"]["poor"].size
    parts: list[Block] = [
        _said("intro"),
        _said("made", replicates=replicates, scenarios=sum(len(m.dose.values) for m in measured)),
        Code(f"xiaozhen doses --replicates {replicates} --out docs"),
        _said("reading", years=YEARS, sites=sites),
        _section("short", _tally(measured, held), overview(measured), _listed("lesson")),
        _section("weighs", _said("weighs_text"), *(block for s in weighed for block in _stakes(s))),
    ]
    for part, mine in groupby(measured, lambda m: m.dose.part):
        head = glued(f"({part}) ", message(f"doses.parts.{part}"))
        parts.append(Section(head, [_dose(m, held) for m in mine]))
    return Page(message("doses.title"), [*parts, _section("limits", _listed("limit"))])


def _said(name: str, **values: Text | int) -> Paragraph:
    return Paragraph(message(f"doses.{name}", **values))


def _section(name: str, *blocks: Block) -> Section:
    return Section(message(f"doses.{name}"), blocks)


def _listed(table: str) -> Points:
    return Points([Item(message(id)) for id in under(f"doses.{table}")])


def _tally(measured: Sequence[Measured], held: Corrected) -> Paragraph:
    """How many predictions were borne out."""
    verdicts = [
        verdict(e.sign, m.contrasts[e.outcome, m.dose.strongest]) for m in measured for e in m.dose.expected if e.sign
    ]
    count = {v.replace(" ", "_"): verdicts.count(v) for v in VERDICTS if v != "open"}
    stand = sum(c.excludes_zero_holm for c in held.values())
    return _said("tally", all=len(verdicts), holm=stand, **count)


def overview(measured: Sequence[Measured], caption: Text = "") -> Grid:
    """The table of all doses: first outcome, choice in focus, how the directions came out."""
    return Grid(heads("doses.overview_head", 5), [_row(m) for m in measured], caption, words=True)


def _row(m: Measured) -> list[Text]:
    d, i = m.dose, m.dose.strongest
    first, focus = (
        glued(outcome_title(name), " ", _cell(m.contrasts[name, i], unit=True))
        for name in (d.expected[0].outcome, d.focus)
    )
    ends = between(" → ", (value_label(d, 0), value_label(d, i)))
    moved = focus if m.movers(i)[0] else message("doses.nobody_short")
    return [glued(f"({d.part}) ", title(d.title)), ends, first, moved, _signs(m)]


def _signs(m: Measured) -> Text:
    found = [verdict(e.sign, m.contrasts[e.outcome, m.dose.strongest]) for e in m.dose.expected if e.sign]
    said = [glued(message(f"doses.verdicts.{v}"), f" {found.count(v)}") for v in VERDICTS if found.count(v)]
    return Joined(said, "comma")


def _stakes(s: Stakes) -> tuple[Block, ...]:
    own: dict[str, Text] = {id.rpartition(".")[2]: message(id) for id in under("doses.stakes")}
    named = {k: t for k, t in own.items() if k in s.parts} | {k: title(t) for k, t in s.titles.items() if k not in own}
    rows: list[list[Text]] = [[name, *map(_money, s.parts[k])] for k, name in named.items()]
    total = (Strong(_money(float(x))) for x in sum(s.parts.values()))  # type: ignore[union-attr]
    rows.append([Strong(message("doses.total")), *total])
    head = message("doses.stakes_head", regime=s.regime, quarter=str(s.quarter))
    note = _said("stakes_note", towns=f"{s.towns:.0f}", scale=f"{s.scale:,.0f}", quarter=str(s.quarter))
    return Grid([head, *(message(f"doses.menu.{n}") for n in STRATEGIES)], rows), note


def _money(x: float) -> str:
    return f"{x:,.0f}".replace("-", "−")


def _dose(m: Measured, held: Corrected) -> Section:
    d = m.dose
    picture = Picture(f"figures/behaviour/{d.id}", title(d.title))
    says, reads = Paragraph(title(d.says)), Paragraph(title(d.reads))
    return Section(title(d.title), (says, picture, _table(m), _verdicts(m, held), _who(m), reads))


def _cell(c: PairedContrast, *, unit: bool = False) -> Text:
    """A paired difference with its interval, strong where the interval leaves zero out."""
    d = c.difference
    if d.low == d.high:
        return Quantity(d.value, d.unit, sign=True, bare=True) if d.value else "0"
    body = Quantity(d.value, d.unit, sign=True, bare=True, within=(d.low, d.high))
    named: tuple[Text, ...] = (" ", Unit(d.unit, difference=True)) if unit else ()
    return glued(Strong(body) if c.excludes_zero else body, *named, " (", Interval(d.low, d.high, d.unit), ")")


def _table(m: Measured) -> Grid:
    """Levels at the first value, paired differences at the others."""
    d = m.dose
    labels = [value_label(d, i) for i in range(len(d.values))]
    rows: list[list[Text]] = []
    for name in m.names:
        unit = m.contrasts[name, 0].difference.unit
        level = Quantity(float(m.values(name, 0).mean()), unit, bare=True)
        label = glued(outcome_title(name), " (", Unit(unit) if unit_text(unit, FALLBACK) else "–", ")")
        rows.append([label, level, *(_cell(m.contrasts[name, i]) for i in range(1, len(d.values)))])
    return Grid(["", message("doses.at", value=labels[0]), *labels[1:]], rows)


def _verdicts(m: Measured, held: Corrected) -> Grid:
    """Theory against what was found, outcome by outcome."""
    rows: list[list[Text]] = []
    for e in m.dose.expected:
        c, corrected = m.contrasts[e.outcome, m.dose.strongest], held.get((m.dose.id, e.outcome))
        lost = corrected is not None and c.excludes_zero and not corrected.excludes_zero_holm
        found = glued(message(f"doses.verdicts.{verdict(e.sign, c)}"), message("doses.not_holm") if lost else "")
        rows.append([outcome_title(e.outcome), glued(f"{ARROWS[e.sign]} ", title(e.why)), found])
    value = value_label(m.dose, m.dose.strongest)
    return Grid([Message("doses.verdict_head", {"value": value}, k) for k in range(3)], rows, words=True)


def _who(m: Measured) -> Paragraph:
    """Who decided differently, and what kind of site changed the choice in focus."""
    i = m.dose.strongest
    share, flows = m.movers(i)
    if share == 0.0:
        return _said("nobody")
    menu = under("doses.menu")
    said = [
        glued(message(menu[a]), " → ", message(menu[b]), f" {100.0 * x:.1f}") for a, b, x in flows[:3] if x >= 0.0005
    ]
    groups = [glued(message(f"doses.kinds.{g}"), " ", _cell(m.group_contrast(g, i))) for g in GROUPS]
    return _said(
        "who",
        share=f"{100.0 * share:.1f}",
        flows=Joined(said, "comma") if said else "–",
        focus=outcome_title(m.dose.focus),
        groups=Joined(groups, "comma"),
    )
