"""Lever by lever on paper: how every lever and every meaning of every regime stands, and which clauses it carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from experiments.analysis.coverage.levers import Kind, Verdict, Verdicts, counts, nominal_clauses
from experiments.analysis.coverage.turns import stated
from experiments.analysis.coverage.where import Reason
from experiments.analysis.tables import records_table
from experiments.store.disk import write_text
from experiments.store.tables import write_table
from report.blocks import Block, Fold, Grid, Item, Joined, Page, Paragraph, Points, Section, Text, glued, message, title
from report.pages.coverage import sets_text, stands_text
from report.render.documents import names
from report.render.markdown import markdown
from report.text.language import LANGS
from sim.parameters import Library

STEM = "levers"
NAMES = names(STEM)


def write_levers(found: Verdicts, out: Path, library: Library) -> list[Path]:
    """Write the page and its table into a folder.

    Returns:
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = write_table(records_table(records(found, library)), out / STEM)
    for lang in LANGS:
        write_text(out / NAMES[lang], markdown(page(found, library), lang))
        written.append(out / NAMES[lang])
    return written


def records(found: Verdicts, library: Library) -> list[dict[str, Any]]:
    """One flat record for each lever and meaning."""
    sides = (("lever", found.levers), ("meaning", found.meanings))
    return [_record(side, one, library) for side, verdicts in sides for one in verdicts]


def _record(side: str, one: Verdict, library: Library) -> dict[str, Any]:
    moved, place = one.moved, one.moved.place if one.moved else None
    return {
        "regime": one.turn.regime,
        "what": side,
        "name": one.turn.name,
        "clauses": " ".join(_clauses(one, library)),
        "stands": str(one.kind),
        "reason": str(one.reason or ""),
        "set": sets_text(moved.set) if moved else "",
        "world": place.world if place else "",
        "quarters": place.quarters if place else 0,
        "replicate": place.replicate if place else 0,
        "fill": place.fill if place else "",
        "beside": sets_text(place.beside) if place else "",
        "moved": len(moved.names) if moved else 0,
        "most": (moved.largest or moved.names[0]) if moved else "",
    }


def _clauses(one: Verdict, library: Library) -> Sequence[str]:
    """Clauses that a lever carries in a regime; those of a meaning's reading."""
    reading = library.readings.get(one.turn.name.partition(".")[0])
    if reading is not None:
        return reading.source
    settings = stated(library.regimes[one.turn.regime]).get(one.turn.name, ())
    return tuple(dict.fromkeys(name for setting in settings for name in setting.clause))


def page(found: Verdicts, library: Library) -> Page:
    """The whole page."""
    regimes = list(dict.fromkeys(one.turn.regime for one in found.levers))
    said = [Paragraph(message(f"levers.{name}")) for name in ("intro", "kinds", "made")]
    reasons = [Item(message(f"output.reason_{name}", **_NAMED)) for name in map(str, Reason)]
    parts: list[Block] = [*said, Points(reasons), _totals(found, regimes, library)]
    parts += [Section(title(library.regimes[name].title), list(_regime(found, name, library))) for name in regimes]
    return Page(message("levers.title"), parts)


_NAMED = {"world": "…", "fill": "…", "beside": "…", "why": "…"}


def _totals(found: Verdicts, regimes: Sequence[str], library: Library) -> Section:
    head = [
        message("output.col_regime"),
        *(message(f"output.kind_{kind}") for kind in Kind),
        message("levers.meanings"),
    ]
    rows: list[list[Text]] = []
    for name in regimes:
        mine = counts(found.levers, name)
        meanings = " / ".join(str(n) for n in counts(found.meanings, name).values())
        rows.append([title(library.regimes[name].title), *(str(mine[kind]) for kind in Kind), meanings])
    return Section(message("levers.counts"), (Grid(head, rows),))


def _regime(found: Verdicts, regime: str, library: Library) -> Iterator[Block]:
    """The clauses that act nominally, and two folded tables."""
    only = nominal_clauses(found, library, regime)
    if only:
        yield Paragraph(message("levers.only_nominal", names=Joined(only)))
    for side, verdicts in (("lever", found.levers), ("meaning", found.meanings)):
        mine = [one for one in verdicts if one.turn.regime == regime]
        heads = [message(f"output.col_{side}"), message("levers.clauses")]
        heads += [message(f"output.col_{name}") for name in ("stands", "tried", "where")]
        rows = [_row(one, library) for one in mine]
        if rows:
            yield Fold(message(f"output.{side}s_title"), (Grid(heads, rows, words=True),))


def _row(one: Verdict, library: Library) -> list[Text]:
    lever = library.levers.get(one.turn.name)
    name: Text = glued(title(lever.title), " ", one.turn.name) if lever else one.turn.name
    tried = sets_text(one.moved.set) if one.moved else ""
    where = one.moved.place.world if one.moved else ""
    return [name, Joined(_clauses(one, library)), stands_text(one, library), tried, where]
