"""Where every clause stands, on a screen; and what moved where one was taken out."""

from __future__ import annotations

from collections.abc import Mapping

from experiments.analysis.coverage.check import Moved
from experiments.analysis.coverage.register import PLACES, Entry
from report.blocks import Block, Grid, Joined, Paragraph, Quantity, Text, message, title
from report.text.outcomes import unit_name
from sim.outcomes.records import OUTCOMES
from sim.parameters import Library

HEADS = ("clause", "regime", "levers", "moved_most", "with", "without", "moved")


def screen(entries: Mapping[str, Entry]) -> list[Block]:
    """One table for each place that a clause can stand in, and a line of totals."""
    blocks: list[Block] = []
    for place in PLACES:
        rows = [[name, e.clause.status, _why(e)] for name, e in entries.items() if e.place == place]
        if rows:
            head = [message(f"output.{name}") for name in ("col_clause", "col_status", f"col_how_{place}")]
            told = message("output.counted", title=message(f"output.place_{place}"), n=len(rows))
            blocks.append(Grid(head, rows, told, words=True))
    counts = {place: sum(e.place == place for e in entries.values()) for place in PLACES}
    return [*blocks, Paragraph(message("output.coverage_totals", clauses=len(entries), **counts))]


def _why(entry: Entry) -> Text:
    """What carries a clause, why nothing does, or what it says."""
    if entry.place != "acts":
        return title(entry.clause.context or entry.clause.text)
    levers = [Joined((f"{lever.key}  ", title(lever.title), "\n"), "none") for lever in entry.levers]
    return Joined((*levers, ", ".join(entry.regimes)), "none")


def moves(moved: Mapping[str, Moved], library: Library) -> list[Block]:
    """What moved most, clause by clause; then those that moved nothing."""
    head = [message(f"output.col_{name}") for name in HEADS]
    rows = [_move(one, library) for one in moved.values() if one.anything]
    still = [one.clause for one in moved.values() if not one.anything]
    blocks: list[Block] = [
        Grid(head, rows, message("output.check_title"), words=(1, 2, 3)),
        Paragraph(message("output.check_totals", moved=len(moved) - len(still), clauses=len(moved))),
    ]
    if still:
        blocks.append(Paragraph(message("output.check_still", names=Joined(still))))
    return blocks


def _move(one: Moved, library: Library) -> list[Text]:
    largest, levers = one.largest, "\n".join(one.levers)
    regime = one.regime if not one.fill else f"{one.regime} + {one.fill}"
    if largest is None:
        return [one.clause, regime, levers, one.tables[0], "", "", f"0 + {len(one.tables)}"]
    known = OUTCOMES.get(largest)
    unit = known.unit if known else ""
    values = [Quantity(v, unit, bare=True) if v == v else message("output.undefined") for v in one.outcomes[largest]]
    called: Text = title(known.title) if known else largest
    if known and unit not in ("", "none"):
        called = Joined((called, " [", unit_name(unit, library), "]"), "none")
    return [one.clause, regime, levers, called, *values, f"{len(one.outcomes)} + {len(one.tables)}"]
