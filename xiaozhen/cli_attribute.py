"""``xiaozhen attribute``: which clause made the difference between two regimes, and who fared differently."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xiaozhen.cli_base import Among, Command, Count, argument, chosen, common, option
from xiaozhen.cli_inputs import county_table
from xiaozhen.cli_output import line, note, print_json, progress, table
from xiaozhen.text import CommandError, say

if TYPE_CHECKING:
    from experiments.attribution.attribute import Attribution
    from experiments.attribution.design import Design
    from experiments.attribution.differences import Comparison
    from experiments.attribution.fates import Fates
    from sim.parameters import Library

SECONDS = 0.015
"""Seconds a quarter of a run takes on one core, for the estimate of time."""
DEFAULT = ("completion_common",)


@click.command(cls=Command, help="attribute", epilog="attribute_more")
@argument("a", metavar="FROM")
@argument("b", metavar="TO")
@option("--world", default="zhejiang", show_default=True, help="opt_world")
@option("--outcome", "outcomes", multiple=True, metavar="ID", help="opt_outcome_attribute")
@option("--by", type=Among(("clause", "instrument", "lever")), default="clause", show_default=True, help="opt_by")
@option("--replicates", type=Count(2), default=8, show_default=True, help="opt_replicates")
@option("--quarters", type=Count(), default=40, show_default=True, help="opt_quarters")
@option("--effective", default=None, metavar="2015Q2", help="opt_effective")
@option("--own-dates", is_flag=True, help="opt_own_dates")
@option(
    "--method",
    type=Among(("auto", "exact", "sampled")),
    default="auto",
    show_default=True,
    help="opt_method_attribute",
)
@option("--max-runs", type=Count(), default=None, help="opt_max_runs")
@option("--no-fates", is_flag=True, help="opt_no_fates")
@option("--counties", default=None, metavar="FILE", help="opt_counties")
@option("--out", default=None, metavar="DIR", help="opt_out_attribute")
@option("--workers", type=Count(), default=None, help="opt_workers")
@option("--yes", is_flag=True, help="opt_yes")
@common
def attribute(a: str, b: str, outcomes: tuple[str, ...], as_json: bool, lang: str | None, **asked: Any) -> None:
    """Share the difference between two regimes out over their clauses."""
    from experiments.attribution.attribute import attribute as share_out
    from experiments.attribution.design import design, plan_of
    from experiments.attribution.differences import compare_regimes
    from experiments.attribution.report import write
    from experiments.results import check_folder
    from xiaozhen.api import load

    spoken, library, wanted = chosen(lang), load(), outcomes or DEFAULT
    _check_outcomes(wanted)
    if asked["own_dates"] and asked["effective"]:
        raise CommandError("bad_usage", command="xiaozhen attribute")
    same = {name: asked[name] for name in ("by", "world", "quarters", "effective", "own_dates")}
    found = compare_regimes(library, a, b, **same)
    picked = design(len(found.groups), asked["replicates"], method=asked["method"], max_runs=asked["max_runs"])
    counties = county_table(asked["counties"], [asked["world"]])
    folder = Path(asked["out"] or f"results/attribute-{a}-{b}")
    check_folder(folder)
    if not _agreed(picked, asked, spoken):
        note(say("attribute_no", spoken))
        return
    plan, runs = plan_of(found, picked, counties=counties), list[Any]()
    with progress(spoken) as tell:
        shared = share_out(found, picked, _evaluator(library, asked["workers"], tell, runs), wanted, plan=plan)
    fates = None if asked["no_fates"] else _fates(found, asked, counties, spoken)
    command = _command(a, b, outcomes, asked)
    written = write(shared, library, folder, runs=runs[0], fates=fates, command=command)
    if as_json:
        print_json(_document(shared, fates, folder, written))
    else:
        _print(shared, fates, library, folder, spoken)


def _check_outcomes(outcomes: tuple[str, ...]) -> None:
    """So that a misspelt outcome is told before anything runs."""
    from experiments.attribution.attribute import outcome_ids
    from experiments.attribution.errors import AttributionError
    from sim.parameters.errors import listed, nearest, shown

    known = outcome_ids()
    for name in outcomes:
        if name not in known:
            raise AttributionError(
                "no_outcome", found=shown(name), suggestion=nearest(name, known), allowed=listed(known)
            )


def _agreed(picked: Design, asked: dict[str, Any], lang: str) -> bool:
    """Say what it will cost, and ask where somebody is there to answer."""
    from experiments.runner import available_cores

    workers = asked["workers"] or available_cores()
    seconds = SECONDS * asked["quarters"]
    runs = len(picked.runs) + (0 if asked["no_fates"] else 2 * picked.replicates)
    minutes = max(1, round(runs * seconds / workers / 60.0))
    method = say(f"attribute_{picked.method}", lang)
    said = {"groups": picked.groups, "method": method, "runs": f"{runs:,}", "minutes": minutes}
    note(say("attribute_ahead", lang, **said, seconds=f"{seconds:.1f}", workers=workers))
    if asked["yes"] or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return click.confirm(say("attribute_ask", lang), default=True, err=True)


def _evaluator(library: Library, workers: int | None, tell: Any, kept: list[Any]) -> Any:
    """Runs a plan in memory and keeps its table."""
    from experiments.sweep.memory import evaluate

    def run(plan: Any) -> Any:
        kept.append(evaluate(plan, library=library, workers=workers, progress=tell))
        return kept[0]

    return run


def _fates(found: Comparison, asked: dict[str, Any], counties: str | None, lang: str) -> Fates:
    from experiments.attribution.fates import compare_fates

    ends = found.scenario_a, found.scenario_b
    with progress(lang) as tell:
        return compare_fates(*ends, asked["replicates"], counties=counties, workers=asked["workers"], progress=tell)


def _command(a: str, b: str, outcomes: tuple[str, ...], asked: dict[str, Any]) -> str:
    """The line that does it again; files by name only."""
    parts = ["xiaozhen", "attribute", a, b]
    for name in outcomes:
        parts += ["--outcome", name]
    usual = {"world": "zhejiang", "by": "clause", "replicates": 8, "quarters": 40, "method": "auto"}
    for name in ("world", "by", "replicates", "quarters", "effective", "method", "max_runs"):
        if asked[name] != usual.get(name):
            parts += [f"--{name.replace('_', '-')}", str(asked[name])]
    parts += [f"--{name.replace('_', '-')}" for name in ("own_dates", "no_fates") if asked[name]]
    if asked["counties"]:
        parts += ["--counties", Path(asked["counties"]).name]
    return shlex.join(parts)


def _document(shared: Attribution, fates: Fates | None, folder: Path, written: list[Path]) -> dict[str, Any]:
    """The result as one JSON document."""
    return {
        "from": shared.comparison.a.regime,
        "to": shared.comparison.b.regime,
        "by": shared.comparison.by,
        "method": shared.design.method,
        "runs": len(shared.design.runs),
        "failed": shared.failed,
        "outcomes": [
            {"outcome": s.outcome, "start": s.start, "end": s.end, "difference": s.difference,
             "adds_up_exactly": s.exact, "replicates": s.replicates} for s in shared.outcomes
        ],
        "contributions": shared.records(),
        "merged": [g.merged for g in shared.comparison.groups if g.merged],
        "same": shared.comparison.same,
        "towns_changed": fates.changed("towns") if fates else None,
        "firms_changed": fates.changed("firms") if fates else None,
        "folder": str(folder),
        "files": [path.relative_to(folder).as_posix() for path in written],
    }  # fmt: skip


def _print(shared: Attribution, fates: Fates | None, library: Library, folder: Path, lang: str) -> None:
    from experiments.attribution import telling
    from experiments.attribution.report import PAGE

    for one in shared.outcomes:
        line(telling.sum_line(one, lang))
        table("", telling.TEXT["head"][lang].split("|"), telling.table(one, lang), right=range(1, 6))
        line(telling.check_line(one, lang))
        if not one.difference.excludes_zero:
            line(telling.TEXT["unresolved_whole"][lang])
    for text in [telling.method_line(shared, lang), *telling.notes(shared, library, lang)]:
        line(text)
    for text in fates.lines(lang) if fates else []:
        line(text)
    line(say("written", lang, folder=folder))
    line(say("read_first", lang, file=folder / PAGE.format(lang=lang)))
