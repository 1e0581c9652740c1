"""What a study found, for people: tables in both languages, a summary page, files, and figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.analysis.sensitivity.study import Asked, Found
from experiments.analysis.sensitivity.verdicts import VERDICTS
from experiments.store.disk import write_text
from experiments.store.result import dump
from experiments.store.tables import write_table
from report.blocks import Block, Grid, Item, Page, Paragraph, Picture, Points, Section, Text, message, together
from report.figures.sensitivity import write_figures
from report.render import json as data
from report.render.markdown import markdown
from report.text.catalogue import say
from report.text.language import LANGS, mark
from report.text.outcomes import outcome_title, outcome_unit
from report.text.quantity import interval, is_share, unit_text
from report.text.sensitivity import (
    DASH,
    change_text,
    factor_title,
    headline,
    index_text,
    leaders,
    rows_text,
    span_text,
    study_text,
)

FOLDER = "sensitivity"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sobol": ("factor", "first", "total", "interval", "slope", "direction", "verdict", "more_rows"),
    "morris": ("factor", "mu_star", "interval", "sigma", "direction", "verdict", "more_rows"),
    "pawn": ("factor", "pawn", "interval", "dummy", "direction", "verdict"),
}
MAIN = {"sobol": "total", "morris": "mu_star", "pawn": "pawn"}
PAIRS = 10
"""Strongest pairs that the page lists."""


def heads(found: Found, lang: str) -> list[str]:
    """Heads of the table of one outcome."""
    return [say(f"sensitivity.heads.{name}", lang) for name in COLUMNS[found.asked.method]]


def cells(found: Found, outcome: str, lang: str) -> list[list[str]]:
    """The table of one outcome, largest first, luck last."""
    records = found.table(outcome).to_dict("records")
    return [[_cell(found, name, row, outcome, lang) for name in COLUMNS[found.asked.method]] for row in records]


def _cell(found: Found, name: str, row: Mapping[str, Any], outcome: str, lang: str) -> str:
    if name == "factor":
        return factor_title(found.asked, str(row["factor"]), lang)
    if name == "interval":
        return _interval(found.asked.method, row, outcome, lang)
    if name == "verdict":
        return say(f"sensitivity.verdicts.{row['verdict']}", lang) if row["factor"] != LUCK else ""
    if name == "direction":
        direction = str(row["direction"])
        return say(f"sensitivity.directions.{direction}", lang) if direction else ""
    if name == "more_rows":
        return rows_text(float(row["more_rows"]), lang) if row["factor"] != LUCK else ""
    if name in ("slope", "mu_star", "sigma"):
        return change_text(row, outcome, lang, name)
    return index_text(float(row[name]))


def _interval(method: str, row: Mapping[str, Any], outcome: str, lang: str) -> str:
    low, high = (float(row[f"{MAIN[method]}_{end}"]) for end in ("low", "high"))
    if method != "morris":
        return span_text(low, high, lang)
    return interval(low, high, outcome_unit(outcome), lang) if math.isfinite(low) else DASH


def title(found: Found, outcome: str, lang: str) -> str:
    """Title of the table of one outcome."""
    return say(f"sensitivity.title_{found.asked.method}", lang, outcome=outcome_title(outcome, lang))


def caption(found: Found, outcome: str, lang: str, of: str = "table") -> str:
    """A caption that stands alone: what, of which study, how many runs, what intervals are over, and behaviour.

    Args:
        found: The study.
        outcome: Id of the outcome.
        lang: Language.
        of: "table", "pairs", "figure" or "curve".
    """
    method, study, name = found.asked.method, study_text(found.asked, lang), outcome_title(outcome, lang)
    unit = outcome_unit(outcome)
    shown = say("sensitivity.points", lang) if is_share(unit) else unit_text(unit, lang)
    behaviour = say("sensitivity.behaviour", lang)
    if of in ("table", "pairs"):
        return say(
            f"sensitivity.table_{'pairs' if of == 'pairs' else method}",
            lang,
            outcome=name,
            study=study,
            behaviour=behaviour,
            unit=shown,
        )
    drawn = "curve" if of == "curve" else {"sobol": "bars", "morris": "plane", "pawn": "pawn"}[method]
    head = (
        say("sensitivity.figure.curve_title", lang, outcome=name) if of == "curve" else headline(found, outcome, lang)
    )
    source = say("sensitivity.figure." + ("caption_pawn" if method == "pawn" else "caption"), lang, study=study)
    stop, gap = mark("stop", lang), mark("space", lang)
    shown = say(f"sensitivity.figure.{drawn}", lang)
    return f"{head}{stop if head[-1] not in '？?' else gap}{shown}{stop}{source}{gap}{behaviour}"


def remarks(found: Found, outcome: str, lang: str) -> list[str]:
    """Sentences under the table of one outcome: verdicts, what is largest, how the variance splits."""
    table = found.table(outcome)
    factors = table[table["factor"] != LUCK]
    if found.asked.method != "morris" and not factors[MAIN[found.asked.method]].notna().any():
        return [say("sensitivity.undefined", lang, rows=int(table["rows"].max()))]
    counts = [(v, int((factors["verdict"] == v).sum())) for v in VERDICTS]
    joint = mark("comma", lang)
    said = joint.join(f"{say(f'sensitivity.verdicts.{v}', lang)} {count}" for v, count in counts if count)
    lines = [say("sensitivity.tally", lang, names=len(factors), said=said)]
    names = leaders(found, outcome, lang)
    lines.append(say("sensitivity.largest", lang, names=names) if names else say("sensitivity.none_resolved", lang))
    return [*lines, *_split(found, outcome, lang)]


def _split(found: Found, outcome: str, lang: str) -> list[str]:
    if found.shares.empty:
        return []
    part = found.shares[found.shares["outcome"] == outcome]
    shown = {
        str(r["part"]): f"{index_text(r['share'])} ({span_text(r['share_low'], r['share_high'], lang)})"
        for r in part.to_dict("records")
    }
    return [say("sensitivity.shares", lang, **shown)] if part["share"].notna().all() else []


def how(found: Found, lang: str) -> str:
    """How to read the tables."""
    t = found.asked.threshold
    return say(f"sensitivity.how_{found.asked.method}", lang, threshold=f"{t:g}", bar=f"{math.sqrt(t):g}")


# --- files -----------------------------------------------------------------------------------------------------------


def write(found: Found, folder: Path, langs: Sequence[str] = LANGS) -> list[Path]:
    """Write tables (CSV and Parquet), figures (PNG and SVG) and a page in each language.

    Args:
        found: What was found.
        folder: Where to write; made if it is not there.
        langs: Languages of page and figures.

    Returns:
        The files.
    """
    files = _tables(found, folder)
    drawn = write_figures(found, folder / "figures", langs)
    names = list(dict.fromkeys(path.name.split(".")[0] for path in drawn))
    pages = {lang: page(found, lang, names) for lang in langs}
    texts = {f"summary.{lang}.md": markdown(one, lang) for lang, one in pages.items()}
    for name, text in {**texts, data.FILE: dump(data.plain(together(pages)))}.items():
        write_text(folder / name, text)
        files.append(folder / name)
    return [*files, *drawn]


def _tables(found: Found, folder: Path) -> list[Path]:
    tables = {"indices": found.indices, "convergence": found.convergence, "shares": found.shares,
              "second": found.second}  # fmt: skip
    written = []
    for name, table in tables.items():
        if not table.empty:
            written += write_table(pa.Table.from_pandas(_titled(found, table), preserve_index=False), folder / name)
    return written


def _titled(found: Found, table: pd.DataFrame) -> pd.DataFrame:
    """The table with titles of factors in both languages."""
    if "factor" not in table:
        return table
    named = {f"factor_{lang}": [factor_title(found.asked, f, lang) for f in table["factor"]] for lang in LANGS}
    return table.assign(**named)


def page(found: Found, lang: str, figures: Sequence[str] = ()) -> Page:
    """The summary page in a language; ``figures`` are names of drawn files without language."""
    parts: list[Block] = [Paragraph(study_text(found.asked, lang))]
    if found.failed:
        parts.append(Paragraph(say("sensitivity.failed", lang, failed=found.failed)))
    parts += [_outcome(found, outcome, lang, figures) for outcome in found.asked.subject.design.outcomes]
    more = "" if found.shares.empty else mark("files", lang) + "shares.csv"
    closing = (Paragraph(how(found, lang)), Paragraph(say("sensitivity.files", lang, more=more)))
    return Page(say("sensitivity.summary", lang), [*parts, Section(say("sensitivity.how", lang), closing)])


def _outcome(found: Found, outcome: str, lang: str, figures: Sequence[str]) -> Section:
    """One outcome: its table, remarks, pairs and figures."""
    words = [k for k, name in enumerate(COLUMNS[found.asked.method]) if name in ("direction", "verdict")]
    table = Grid(heads(found, lang), cells(found, outcome, lang), caption(found, outcome, lang), words)
    parts: list[Block] = [table, Points([Item(text) for text in remarks(found, outcome, lang)])]
    parts += _pairs(found, outcome, lang)
    for name in figures:
        if name in (outcome, f"{outcome}-rows"):
            shown = caption(found, outcome, lang, "figure" if name == outcome else "curve")
            parts.append(Picture(f"figures/{name}", shown, shown))
    return Section(title(found, outcome, lang), parts)


def _pairs(found: Found, outcome: str, lang: str) -> list[Section]:
    if found.second.empty:
        return []
    part = found.second[found.second["outcome"] == outcome].sort_values("second", ascending=False).head(PAIRS)
    rows = [
        [
            " × ".join(factor_title(found.asked, str(r[k]), lang) for k in ("factor", "with")),
            index_text(r["second"]),
            span_text(r["second_low"], r["second_high"], lang),
        ]
        for r in part.to_dict("records")
    ]
    columns = [say(f"sensitivity.heads.{k}", lang) for k in ("pair", "second", "interval")]
    grid = Grid(columns, rows, caption(found, outcome, lang, "pairs"))
    return [Section(say("sensitivity.second_title", lang), (grid,))]


def document(found: Found, folder: Path, files: Sequence[Path], cost: dict[str, float]) -> dict[str, Any]:
    """The result as one JSON document."""
    asked = found.asked
    return {
        "method": asked.method,
        "design": dict(asked.plan.design),
        "regime": asked.subject.design.base.regime,
        "n": asked.n,
        "evaluations": asked.evaluations,
        "runs": len(asked.plan.runs),
        "failed": found.failed,
        "indices": found.indices.to_dict("records"),
        "shares": found.shares.to_dict("records"),
        "second": found.second.to_dict("records"),
        "cost": cost,
        "folder": str(folder),
        "files": [path.relative_to(folder).as_posix() for path in files],
    }


def ahead(asked: Asked, lang: str) -> Text:
    """What is going to be run."""
    counts = {"evaluations": f"{asked.evaluations:,}", "runs": f"{len(asked.plan.runs):,}"}
    return message("sensitivity.sens_plan", study=study_text(asked, lang), **counts)


def screen(found: Found, cost: Mapping[str, float], lang: str) -> list[Block]:
    """What a terminal shows of it, and what it cost."""
    blocks: list[Block] = []
    for outcome in found.asked.subject.design.outcomes:
        head = heads(found, lang)
        blocks.append(Grid(head, cells(found, outcome, lang), title(found, outcome, lang), words=(len(head) - 1,)))
        blocks += [Paragraph(text) for text in (*remarks(found, outcome, lang), "")]
    said: list[Text] = [message("sensitivity.sens_failed", failed=found.failed)] if found.failed else []
    shown = {"wall": f"{cost['wall_s']:,.0f}"}
    if cost["model_cpu_s"]:
        shown |= {"cpu": f"{cost['model_cpu_s']:,.0f}", "workers": f"{cost['workers']:.0f}"}
        shown |= {"overhead": f"{100.0 * cost['overhead']:.1f}"}
    said.append(message("sensitivity.sens_done" if cost["model_cpu_s"] else "sensitivity.sens_done_kept", **shown))
    return [*blocks, *map(Paragraph, said)]
