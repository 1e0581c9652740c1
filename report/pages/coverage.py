"""Where every clause stands, on a screen; and what moved where a clause, a lever or a meaning was turned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from experiments.analysis.coverage.levers import Kind, Verdict, Verdicts, counts
from experiments.analysis.coverage.register import PLACES, Entry
from experiments.analysis.coverage.trials import Moved
from experiments.analysis.coverage.turns import silences
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


def moves(moved: Mapping[str, Moved | None], library: Library) -> list[Block]:
    """What moved most, clause by clause; then those that moved nothing."""
    head = [message(f"output.col_{name}") for name in HEADS]
    rows = [_move(one, library) for one in moved.values() if one]
    still = [name for name, one in moved.items() if not one]
    blocks: list[Block] = [
        Grid(head, rows, message("output.check_title"), words=(1, 2, 3)),
        Paragraph(message("output.check_totals", moved=len(moved) - len(still), clauses=len(moved))),
    ]
    if still:
        blocks.append(Paragraph(message("output.check_still", names=Joined(still))))
    return blocks


def _move(one: Moved, library: Library) -> list[Text]:
    clause, largest, levers = one.turn.name, one.largest, "\n".join(one.set)
    regime = one.turn.regime if not one.place.fill else f"{one.turn.regime} + {one.place.fill}"
    count = f"{len(one.outcomes)} + {len(one.names) - len(one.outcomes)}"
    if largest is None:
        return [clause, regime, levers, one.names[0], "", "", count]
    known = OUTCOMES.get(largest)
    unit = known.unit if known else ""
    values = [Quantity(v, unit, bare=True) if v == v else message("output.undefined") for v in one.outcomes[largest]]
    called: Text = title(known.title) if known else largest
    if known and unit not in ("", "none"):
        called = Joined((called, " [", unit_name(unit, library), "]"), "none")
    return [clause, regime, levers, called, *values, count]


# --- lever by lever --------------------------------------------------------------------------------------------------


def levers(found: Verdicts, library: Library) -> list[Block]:
    """How every lever and every meaning stands, what it moved and where; then the counts and what is dead."""
    blocks: list[Block] = []
    for name, side in (("lever", found.levers), ("meaning", found.meanings)):
        head = [message(f"output.col_{one}") for one in ("regime", name, "stands", "tried", "where", "moved_most")]
        rows = [_verdict(one, library) for one in side]
        blocks.append(Grid(head, rows, message(f"output.{name}s_title"), words=True))
    for regime in dict.fromkeys(one.turn.regime for one in found.levers):
        blocks.append(Paragraph(message("output.levers_totals", regime=regime, **counts(found.levers, regime))))
    if found.dead:
        blocks.append(Paragraph(message("output.levers_dead", names=Joined(found.dead))))
    if found.belied:
        blocks.append(Paragraph(message("output.levers_belied", names=Joined(found.belied))))
    return blocks


def _verdict(one: Verdict, library: Library) -> Sequence[Text]:
    stands = stands_text(one, library)
    if one.moved is None:
        return [one.turn.regime, one.turn.name, stands, "", "", ""]
    place, largest = one.moved.place, one.moved.largest
    known = OUTCOMES.get(largest) if largest else None
    most: Text = title(known.title) if known else one.moved.names[0]
    luck = f" #{place.replicate}" if place.replicate else ""
    return [one.turn.regime, one.turn.name, stands, sets_text(one.moved.set), f"{place.world}{luck}", most]


def stands_text(one: Verdict, library: Library) -> Text:
    """How a lever or meaning stands; of an excused one, why, and under what it acts."""
    if one.kind is Kind.EXCUSED and one.moved is None:
        *_, why = silences(library, one.turn.regime, one.turn.name).values()
        return message("output.reason_silent", why=title(why))
    if one.kind is not Kind.EXCUSED or one.moved is None:
        return message(f"output.kind_{one.kind}")
    place = one.moved.place
    world = title(library.worlds[place.world].title)
    return message(f"output.reason_{one.reason}", world=world, fill=place.fill, beside=sets_text(place.beside))


def sets_text(values: Mapping[str, object]) -> str:
    """Lever values as one writes them."""
    return ", ".join(f"{key}={_value(value)}" for key, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return "/".join("" if part is None else f"{part:g}" for part in value)
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)
