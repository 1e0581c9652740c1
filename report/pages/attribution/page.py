"""The result folder of an attribution: tables, waterfalls, a page in both languages, what was run, and a manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.attribution.attribute import Attribution, Shared
from experiments.analysis.attribution.design import Design
from experiments.analysis.attribution.fates import Fates
from experiments.analysis.tables import records_table
from experiments.store.disk import write_text
from experiments.store.manifest import file_hash
from experiments.store.result import FORMAT, MARK, dump, open_folder, sign
from experiments.store.tables import write_table
from experiments.store.versions import versions
from report.blocks import Block, Code, Grid, Page, Paragraph, Picture, Section, Text, message, together
from report.figures import waterfall
from report.figures.style import save, styled
from report.figures.waterfall import finding
from report.pages.attribution import fates as fates_page
from report.render import json as data
from report.render.markdown import markdown
from report.text import attribution as telling
from report.text.attribution import told
from report.text.catalogue import say
from report.text.groups import group_title
from report.text.language import LANGS, mark
from report.text.outcomes import outcome_title
from sim.engine.draws import SCHEME
from sim.parameters import Library

PAGE = "attribution.{lang}.md"


def write(
    found: Attribution,
    library: Library,
    out: Path,
    *,
    fates: Fates | None = None,
    names: Sequence[str] = (),
    command: str = "",
    langs: Sequence[str] = LANGS,
) -> list[Path]:
    """Write the result folder.

    Args:
        found: The attribution.
        library: The scenario files.
        out: New, empty, an earlier result, which is replaced, or the store of its runs, whose pages are.
        fates: Which agents fared differently, where that was asked.
        names: Real names of the world's sites, where the reader asked for them.
        command: The command line that does it again.
        langs: Languages of pages and figures.

    Returns:
        Every file written, the manifest last.

    Raises:
        FolderError: If the folder is not ours or cannot be written.
    """
    open_folder(out, _spec(found, command))
    written = [out / "spec.json", *_tables(found, out)]
    if fates is not None:
        for name, records in fates_page.records(fates, names).items():
            written += write_table(records_table(records), out / name)
    drawn = _figures(found, library, out / "figures", langs)
    pages = {lang: page(found, library, lang, fates=fates, command=command) for lang in langs}
    texts = {PAGE.format(lang=lang): markdown(one, lang) for lang, one in pages.items()}
    for name, text in {**texts, data.FILE: dump(data.plain(together(pages)))}.items():
        write_text(out / name, text)
        written.append(out / name)
    return [*written, *drawn, sign(out, [*written, *drawn])]


def _tables(found: Attribution, out: Path) -> list[Path]:
    """Contributions, interactions, and the contribution of each group in each replicate."""
    pairs = [
        {"outcome": s.outcome, "one": p.one.id, "other": p.other.id, "interaction": p.contrast.difference.value,
         "low": p.contrast.difference.low, "high": p.contrast.difference.high, "p_value": p.contrast.p_value,
         "unit": s.unit}
        for s in found.outcomes for p in s.interactions
    ]  # fmt: skip
    single = [
        {"outcome": s.outcome, "group": p.group.id, "replicate": k, "contribution": float(x)}
        for s in found.outcomes for p in s.contributions for k, x in zip(s.replicates, p.exact, strict=True)
    ]  # fmt: skip
    tables = {"contributions": titled_records(found), "interactions": pairs, "by_replicate": single}
    return [path for name, rows in tables.items() if rows for path in write_table(records_table(rows), out / name)]


def titled_records(found: Attribution) -> list[dict[str, Any]]:
    """One row for each outcome and group, with the group's title in every language."""
    titles = {g.id: {f"title_{lang}": group_title(g, lang) for lang in LANGS} for g in found.comparison.groups}
    return [
        {"outcome": row["outcome"], "group": row["group"], **titles[row["group"]], **row} for row in found.records()
    ]


def _figures(found: Attribution, library: Library, out: Path, langs: Sequence[str]) -> list[Path]:
    """A waterfall for each outcome and language."""
    written: list[Path] = []
    with styled():
        for shared in found.outcomes:
            for lang in langs:
                made = waterfall.draw(found, shared, library, lang)
                written += save(made, out / f"waterfall_{shared.outcome}.{lang}")
    return written


def _spec(found: Attribution, command: str) -> dict[str, Any]:
    """What was run, as plain data."""
    c, d = found.comparison, found.design
    ends = {"a": c.scenario_a, "b": c.scenario_b}
    return {
        MARK: FORMAT,
        "kind": "attribution",
        "command": command,
        "regimes": {k: {"regime": p.regime, "fingerprint": ends[k].fingerprint} for k, p in (("a", c.a), ("b", c.b))},
        "world": c.scenario_b.world,
        "start": str(c.scenario_b.start),
        "quarters": c.scenario_b.quarters,
        "effective": str(c.scenario_b.start + c.scenario_b.effective_index),
        "own_dates": not c.kept,
        "by": c.by,
        "groups": [
            {"id": g.id, "levers": list(g.levers), "clauses": list(g.clauses), "merged": list(g.merged)}
            for g in c.groups
        ],
        "method": d.method,
        "replicates": d.replicates,
        "behaviour": {"mode": found.plan.behaviour.mode, "sha256": found.plan.behaviour.digest},
        "counties": _counties(found.plan.counties),
        "orders": [[list(order) for order in orders] for orders in d.orders],
        "runs": len(d.runs),
        "outcomes": [s.outcome for s in found.outcomes],
        "root": found.plan.root,
        "draw_scheme": SCHEME,
        "fingerprint": telling.fingerprint(found),
        "versions": versions(),
    }


def _counties(path: str | None) -> dict[str, str] | None:
    return {"file": Path(path).name, "sha256": file_hash(Path(path))} if path else None


def page(found: Attribution, library: Library, lang: str, *, fates: Fates | None = None, command: str = "") -> Page:
    """The whole page in a language."""
    a, b = telling.regime_titles(found, library, lang)
    parts: list[Block] = [
        Paragraph(telling.question_line(found, library, lang)),
        Paragraph(telling.method_line(found, lang)),
        *(_outcome(found, shared, library, lang) for shared in found.outcomes),
        Paragraph(say("attribution.first_last", lang)),
        Paragraph(" ".join(telling.notes(found, library, lang))),
    ]
    if fates is not None:
        parts.append(fates_page.part(fates, (a, b), telling.basis(found, library, lang), lang))
    rows = [telling.group_row(group, library, lang) for group in found.comparison.groups]
    said = telling.caption("groups_caption", lang, told("between", lang, a=a, b=b))
    heads = say("attribution.groups_head", lang).split("|")
    parts.append(Section(say("attribution.groups_title", lang), (Grid(heads, rows, said, words=True),)))
    if command:
        parts += [Paragraph(told("again", lang)), Code(command)]
    return Page(told("title", lang, a=a, b=b), parts)


def _outcome(found: Attribution, shared: Shared, library: Library, lang: str) -> Section:
    """One outcome: the difference, the figure, the table, the check, the pairs."""
    title = outcome_title(shared.outcome, lang)
    basis = telling.basis(found, library, lang, len(shared.replicates))
    said = {"outcome": title, "unit": telling.difference_unit(shared.unit, lang), "by": telling.by_text(found, lang)}
    shown = finding(shared, telling.regime_titles(found, library, lang), lang) + mark("stop", lang) + basis
    caption = telling.caption("table_caption", lang, basis, **said)
    parts: list[Block] = [
        Paragraph(telling.sum_line(shared, lang)),
        Picture(f"figures/waterfall_{shared.outcome}", shown, shown),
        Grid(say("attribution.head", lang).split("|"), telling.table(shared, lang), caption, words=True),
        Paragraph(telling.check_line(shared, lang)),
    ]
    if missing := found.design.replicates - len(shared.replicates):
        parts.append(Paragraph(told("left_out", lang, n=missing)))
    if not shared.difference.excludes_zero:
        parts.append(Paragraph(say("attribution.unresolved_whole", lang)))
    if pairs := shared.standing_pairs(telling.PAIRS):
        rows = [telling.pair_row(p, shared.difference.difference.value, lang) for p in pairs]
        caption = telling.caption("pairs_caption", lang, basis, **said)
        grid = Grid(say("attribution.pairs_head", lang).split("|"), rows, caption, words=True)
        what = Paragraph(say("attribution.pairs_what", lang))
        parts.append(Section(say("attribution.pairs_title", lang), (what, grid)))
    return Section(title, parts)


def document(shared: Attribution, fates: Fates | None, folder: Path, written: Sequence[Path]) -> dict[str, Any]:
    """The result as one JSON document."""
    return {
        "from": shared.comparison.a.regime,
        "to": shared.comparison.b.regime,
        "by": shared.comparison.by,
        "method": shared.design.method,
        "replicates": shared.design.replicates,
        "behaviour": shared.plan.behaviour.mode,
        "runs": len(shared.design.runs),
        "failed": shared.failed,
        "outcomes": [
            {"outcome": s.outcome, "start": s.start, "end": s.end, "difference": s.difference,
             "adds_up_exactly": s.exact, "replicates": s.replicates} for s in shared.outcomes
        ],
        "contributions": titled_records(shared),
        "merged": [g.merged for g in shared.comparison.groups if g.merged],
        "same": shared.comparison.same,
        "towns_changed": fates.changed("towns") if fates else None,
        "firms_changed": fates.changed("firms") if fates else None,
        "folder": str(folder),
        "files": [path.relative_to(folder).as_posix() for path in written],
    }  # fmt: skip


def ahead(picked: Design, alone: bool) -> Text:
    """What will be run; how long that takes is told after the pilot.

    Args:
        picked: The coalitions.
        alone: Whether single towns and firms are not compared.
    """
    fates: Text = "" if alone else message("attribute.attribute_and_fates", runs=f"{2 * picked.replicates:,}")
    method = message(f"attribute.attribute_{picked.method}")
    runs = f"{len(picked.runs):,}"
    return message("attribute.attribute_ahead", groups=picked.groups, method=method, runs=runs, fates=fates)


def screen(found: Attribution, fates: Fates | None, library: Library, lang: str) -> list[Block]:
    """What a terminal shows of it."""
    blocks: list[Block] = []
    for one in found.outcomes:
        blocks += [
            Paragraph(telling.sum_line(one, lang)),
            Grid(told("head", lang).split("|"), telling.table(one, lang)),
            Paragraph(telling.check_line(one, lang)),
        ]
        if not one.difference.excludes_zero:
            blocks.append(Paragraph(told("unresolved_whole", lang)))
    said = [telling.method_line(found, lang), *telling.notes(found, library, lang)]
    return [*blocks, *map(Paragraph, [*said, *(fates_page.lines(fates, lang) if fates else [])])]
