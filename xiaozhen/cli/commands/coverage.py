"""``xiaozhen coverage``: which clauses act, which have nothing to simulate, which are missing; and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from report.text.language import bracketed, mark
from xiaozhen.cli.base import Among, Command, Count, chosen, common, option
from xiaozhen.cli.output import line, print_json, progress, table

if TYPE_CHECKING:
    from experiments.analysis.coverage.check import Moved
    from experiments.analysis.coverage.register import Entry

KINDS = ("RULE", "TARGET", "PRACTICE", "PROPOSAL", "GUIDE")
"""Kinds of clause, as in the scenario files."""


@click.command(cls=Command, help="commands.coverage.help", epilog="commands.coverage.more")
@option("--regime", default=None, metavar="REGIME", help="help.opt_coverage_regime")
@option("--status", type=Among(KINDS), multiple=True, help="help.opt_status")
@option("--check", is_flag=True, help="help.opt_check")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@common
def coverage(
    regime: str | None, status: tuple[str, ...], check: bool, workers: int | None, as_json: bool, lang: str | None
) -> int:
    """Say where every clause stands; with ``--check``, take each acting clause out of its regime and compare."""
    from experiments.analysis.coverage.register import as_data, regime_of
    from experiments.analysis.coverage.register import chosen as only
    from experiments.analysis.coverage.register import coverage as every
    from xiaozhen.api.library import load

    told, library = chosen(lang), load()
    if regime is not None:
        regime_of(library, regime)
    entries = only(every(library), library, regime, status)
    moved: Mapping[str, Moved] = {}
    if check:
        from experiments.analysis.coverage.check import check as try_all

        with progress(told) as tell:
            moved = try_all(library, entries, workers=workers, progress=tell)
    if as_json:
        print_json(_with_moves(as_data(entries), moved))
    elif check:
        _print_moves(moved, told)
    else:
        _print(entries, told)
    return 0 if all(one.anything for one in moved.values()) else 1


def _with_moves(data: dict[str, Any], moved: Mapping[str, Moved]) -> dict[str, Any]:
    from experiments.analysis.coverage.check import as_data

    for name, one in moved.items():
        data["detail"][name]["check"] = as_data(one)
    return data


def _print(entries: Mapping[str, Entry], lang: str) -> None:
    """One table for each place a clause can stand, and a line of totals."""
    from experiments.analysis.coverage.register import PLACES

    for place in PLACES:
        rows = [(name, e.clause.status, _why(e, lang)) for name, e in entries.items() if e.place == place]
        if rows:
            count = bracketed(str(len(rows)), lang)
            title = say(f"output.place_{place}", lang) + count
            table(
                title,
                [say(head, lang) for head in ("output.col_clause", "output.col_status", f"output.col_how_{place}")],
                rows,
            )
    line(_totals(entries, lang))


def _totals(entries: Mapping[str, Entry], lang: str) -> str:
    from experiments.analysis.coverage.register import PLACES

    counts = {p: sum(e.place == p for e in entries.values()) for p in PLACES}
    return say("output.coverage_totals", lang, clauses=len(entries), **counts)


def _why(entry: Entry, lang: str) -> str:
    """What carries a clause, why nothing does, or what it says."""
    if entry.place == "acts":
        levers = "\n".join(f"{lever.key}  {lever.title[lang]}" for lever in entry.levers)
        return f"{levers}\n{', '.join(entry.regimes)}"
    return (entry.clause.context or entry.clause.text)[lang]


def _print_moves(moved: Mapping[str, Moved], lang: str) -> None:
    """What moved most, clause by clause; then those that moved nothing."""
    heads = (
        "output.col_clause",
        "output.col_regime",
        "output.col_levers",
        "output.col_moved_most",
        "output.col_with",
        "output.col_without",
        "output.col_moved",
    )
    table(
        say("output.check_title", lang), [say(h, lang) for h in heads],
        [_move(one, lang) for one in moved.values() if one.anything], right=(4, 5, 6),
    )  # fmt: skip
    still = [one.clause for one in moved.values() if not one.anything]
    line(say("output.check_totals", lang, moved=len(moved) - len(still), clauses=len(moved)))
    if still:
        line(say("output.check_still", lang, names=mark("pause", lang).join(still)))


def _move(one: Moved, lang: str) -> list[str]:
    from report.text.quantity import number
    from sim.outcomes.records import OUTCOMES
    from xiaozhen.api.names import unit_name

    largest, levers = one.largest, "\n".join(one.levers)
    regime = one.regime if not one.fill else f"{one.regime} + {one.fill}"
    if largest is None:
        return [one.clause, regime, levers, one.tables[0], "", "", f"0 + {len(one.tables)}"]
    known = OUTCOMES.get(largest)
    unit = known.unit if known else ""
    texts = [number(v, unit, lang) if v == v else say("output.undefined", lang) for v in one.outcomes[largest]]
    title = known.title[lang] if known else largest
    if known and (measured := unit_name(unit, lang)):
        title = f"{title} [{measured}]"
    return [one.clause, regime, levers, title, *texts, f"{len(one.outcomes)} + {len(one.tables)}"]
