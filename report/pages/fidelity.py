"""How each sentence is kept: ``python -m report.pages.fidelity [--lang zh|en] [--write | --check]`` for
docs/fidelity*.md.

Written from ``scenarios/fidelity/``; the second part, what each mend moved, from ``docs/mends.json`` where it is there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby

from experiments.analysis.fidelity import Moved, Row, load_moved, load_rows
from report.blocks import (
    Block,
    Estimated,
    Grid,
    Joined,
    Link,
    Mono,
    Page,
    Paragraph,
    Quantity,
    Section,
    Strong,
    Text,
    Unit,
    glued,
    message,
    title,
)
from report.render.documents import Document
from report.text.outcomes import outcome_unit, regime_name, unit_name, world_name
from sim.outcomes.records import OUTCOMES
from sim.parameters import Library, load_library

KINDS = ("E", "D", "X")
HEADS = ("finding", "sentence", "before", "after", "moved", "held")
WORLD, HEADLINE = "zhejiang", ("zhejiang_2015", "tongzhou_2017", "pingxiang_2017")
"""The headline comparison beside no policy, which no mend moves but by the world."""
HEADLINE_OUTCOMES = (
    "completion_ratio_total", "completion_own", "town_exit_rate", "investment_effective", "public_cost", "land_net"
)  # fmt: skip
MOVED_HEADS = ("regime", "outcome", "unit", "was", "is", "difference")


def page(library: Library | None = None) -> Page:
    """Every finding with its sentence, what the rule did and does, and what holds it; then what each mend moved.

    Args:
        library: The scenario files; read when not given.

    Raises:
        sim.parameters.InputErrors: Problems in the scenario files.
    """
    library = library or load_library()
    rows = load_rows(library)
    parts = [_kind(kind, [row for name, row in rows.items() if name[0] == kind], library) for kind in KINDS]
    blocks: list[Block] = [Paragraph(message("fidelity.intro")), *(part for part in parts if part is not None)]
    moved = load_moved()
    if moved:
        blocks.append(_mends(moved, library))
    return Page(message("fidelity.title"), blocks)


def _kind(kind: str, rows: Sequence[Row], library: Library) -> Section | None:
    if not rows:
        return None
    heads = [message(f"fidelity.{name}") for name in HEADS]
    grid = Grid(heads, [_cells(row, library) for row in rows], words=True, wide=True)
    told = (Paragraph(message(f"fidelity.about_{kind}")), grid)
    return Section(message(f"fidelity.kind_{kind}"), told)


def _cells(row: Row, library: Library) -> list[Text]:
    where = Joined((row.source, *row.clauses), "comma")
    whose = Joined([regime_name(name, library) for name in row.regimes], "comma")
    held = [Mono(test) for test in row.tests]
    decision = (Link(message("fidelity.decision"), row.decision.removeprefix("docs/")),) if row.decision else ()
    return [
        Strong(row.id),
        glued(f"“{row.sentence}” (", where, ")"),
        title(row.before),
        title(row.after),
        message("fidelity.moved_in", moved=title(row.moved), regimes=whose) if row.regimes else title(row.moved),
        Joined((*held, *decision), "comma"),
    ]


def _mends(moved: Sequence[Moved], library: Library) -> Section:
    """What each mend moved of the main outcomes; only differences that stand are told one by one."""
    blocks: list[Block] = [Paragraph(message("fidelity.mends_about")), *_headline(moved, library)]
    for name, group in groupby(moved, key=lambda one: one.mend):
        blocks.append(Section(_named(name), _mend(tuple(group), library)))
    return Section(message("fidelity.mends"), blocks)


def _headline(moved: Sequence[Moved], library: Library) -> list[Block]:
    """Mend by mend the headline comparison in Zhejiang's world; what moved nothing there is named below."""
    there = [one for one in moved if one.world == WORLD and one.regime in HEADLINE]
    if not there:
        return []
    cells: dict[tuple[str, str], dict[str, Moved]] = {}
    for one in there:
        if one.diff and one.outcome in HEADLINE_OUTCOMES:
            cells.setdefault((one.mend, one.regime), {})[one.outcome] = one
    rows = [
        [_named(mend), regime_name(regime, library), *(_difference(found.get(name)) for name in HEADLINE_OUTCOMES)]
        for (mend, regime), found in cells.items()
    ]
    heads = [*(message(f"fidelity.{name}") for name in ("finding", "regime")), *map(_headed, HEADLINE_OUTCOMES)]
    still = [name for name in dict.fromkeys(one.mend for one in there) if name not in {mend for mend, _ in cells}]
    names = Joined([_named(name) for name in still], "comma")
    said = [Paragraph(message("fidelity.mends_still", names=names))] if still else []
    return [Grid(heads, rows, message("fidelity.mends_headline"), words=(0, 1)), *said]


def _named(mend: str) -> Text:
    """A finding's id; a mend of no single finding by what it is."""
    return mend if mend[0].isupper() else message(f"fidelity.word_{mend.replace('-', '_')}")


def _headed(outcome: str) -> Text:
    return message("language.with_unit", name=title(OUTCOMES[outcome].title), unit=Unit(OUTCOMES[outcome].unit))


def _difference(one: Moved | None) -> Text:
    return Estimated(one.diff, one.low, one.high, OUTCOMES[one.outcome].unit, sign=True) if one else "0"


def _mend(rows: tuple[Moved, ...], library: Library) -> list[Block]:
    commits = Joined([Mono(commit) for commit in rows[0].commit.split()], "comma")
    places = dict.fromkeys((one.regime, one.world) for one in rows)
    tried = Joined([_place(*place, library) for place in places], "comma")
    runs = max(one.replicates for one in rows)
    found = [one for one in rows if one.stands]
    said = message("fidelity.mend_tried", commits=commits, tried=tried, n=runs)
    if not found:
        return [Paragraph(said), Paragraph(message("fidelity.mend_nothing"))]
    heads = [message(f"fidelity.{name}") for name in MOVED_HEADS]
    return [Paragraph(said), Grid(heads, list(_differences(found, library)), words=(0, 1, 2))]


def _differences(rows: Iterable[Moved], library: Library) -> Iterable[list[Text]]:
    for one in rows:
        unit, known = outcome_unit(one.outcome), OUTCOMES.get(one.outcome)
        yield [
            _place(one.regime, one.world, library),
            title(known.title) if known else one.outcome,
            unit_name(unit, library) if unit != "none" else "",
            Quantity(one.before, unit, bare=True),
            Quantity(one.after, unit, bare=True),
            Estimated(one.diff, one.low, one.high, unit, sign=True),
        ]


def _place(regime: str, world: str, library: Library) -> Text:
    return message("fidelity.place", regime=regime_name(regime, library), world=world_name(world, library))


DOCUMENT = Document("report.pages.fidelity", "How each sentence of the documents is kept.", "fidelity", page)
FILES, document, stale, main = DOCUMENT.files, DOCUMENT.text, DOCUMENT.stale, DOCUMENT.main


if __name__ == "__main__":
    sys.exit(main())
