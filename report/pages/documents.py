"""Documents against model: ``python -m report.pages.documents [--lang zh|en] [--write | --check]`` for
docs/documents*.md, and the same table for ``xiaozhen documents``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from calibration.documents import REASONS, REPLICATES, Compared, compare
from report.blocks import (
    Block,
    Grid,
    Item,
    Joined,
    Page,
    Paragraph,
    Points,
    Quantity,
    Section,
    Text,
    banded,
    message,
    title,
)
from report.render.documents import Document
from report.text.outcomes import regime_name, unit_name, world_name
from sim.parameters import Library, load_library

HEADS = ("fact", "unit", "document", "model", "ratio", "verdict", "where", "in")
VERDICTS = ("near", *REASONS, "open")


def tally(found: Sequence[Compared]) -> dict[str, int]:
    """How many rows have each verdict."""
    return {name: sum(one.verdict == name for one in found) for name in VERDICTS}


def rows(found: Sequence[Compared]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [
        {
            "id": one.fact.id, "title": one.fact.title.as_dict(), "source": one.fact.source,
            "clauses": list(one.fact.clauses), "unit": one.fact.unit, "document": one.fact.value, "model": one.median,
            "low": one.low, "high": one.high, "ratio": one.ratio, "verdict": one.verdict, "regime": one.fact.run[0],
            "world": one.fact.run[1], "period": one.fact.over.text, "note": one.fact.note.as_dict(),
            "why": one.fact.why.as_dict(),
        }
        for one in found
    ]  # fmt: skip


def screen(found: Sequence[Compared], library: Library) -> list[Block]:
    """The table, and how many rows are near, off with a reason, and open."""
    head = [message(f"documents.{name}") for name in HEADS]
    counts = tally(found)
    off = sum(counts[name] for name in REASONS)
    told = message("documents.tally", rows=len(found), near=counts["near"], off=off, open=counts["open"])
    return [Grid(head, [_cells(one, library) for one in found], words=(1, 5, 6, 7), wide=True), Paragraph(told)]


def _cells(one: Compared, library: Library) -> list[Text]:
    fact = one.fact
    return [
        title(fact.title),
        unit_name(fact.unit, library),
        Quantity(fact.value, fact.unit, bare=True),
        banded(one.median, one.low, one.high, fact.unit),
        Quantity(one.ratio, "", bare=True),
        message(f"documents.verdict_{one.verdict}"),
        f"{fact.source} ({', '.join(fact.clauses)})",
        Joined((regime_name(fact.run[0], library), world_name(fact.run[1], library), _period(fact.over.text)), "comma"),
    ]


def _period(text: str) -> Text:
    return message("documents.until", last=text.removeprefix("to ")) if text.startswith("to ") else text


def page(found: Sequence[Compared] | None = None) -> Page:
    """The table, then row by row how the two are compared and why one is off.

    Args:
        found: The rows; played when not given.
    """
    library = load_library()
    found = found if found is not None else compare(library=library)
    notes = [Item(title(one.fact.note), title(one.fact.title)) for one in found]
    why = [Item(title(one.fact.why), title(one.fact.title)) for one in found if one.verdict in REASONS]
    blocks: list[Block] = [
        Paragraph(message("documents.intro", n=REPLICATES)),
        *screen(found, library),
        Section(message("documents.why"), [Paragraph(message("documents.reasons")), Points(why)]),
        Section(message("documents.how"), [Points(notes)]),
    ]
    return Page(message("documents.title"), blocks)


DOCUMENT = Document("report.pages.documents", "What the documents report, beside the model.", "documents", page)
FILES, document, stale, main = DOCUMENT.files, DOCUMENT.text, DOCUMENT.stale, DOCUMENT.main


if __name__ == "__main__":
    sys.exit(main())
