"""``xiaozhen run``: one scenario, a few replicates, its outcomes as a table, as JSON, or as files."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, Count, argument, chosen, common, option
from xiaozhen.cli.commands.store import place
from xiaozhen.cli.errors import CommandError, nearest
from xiaozhen.cli.fills import filled_line
from xiaozhen.cli.inputs import county_table
from xiaozhen.cli.output import line, note, print_json, progress, table

if TYPE_CHECKING:
    from experiments.analysis.study import ScenarioRuns
    from experiments.plan.plan import Plan
    from experiments.store.folder import Store

RECORD = "run.json"
"""The whole answer as one file."""
TABLES = ("towns", "counties", "villages", "firms", "projects", "talents")
"""Detail tables of agents at the end of a run."""


@click.command(cls=Command, help="commands.run.help", epilog="commands.run.more")
@argument("scenario", metavar="SCENARIO")
@option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="help.opt_set")
@option("--fill", "fill", multiple=True, metavar="NAME", help="help.opt_fill")
@option("--replicates", type=Count(), default=1, show_default=True, help="help.opt_replicates")
@option("--replicate", type=Count(0), default=0, show_default=True, help="help.opt_replicate")
@option("--quarters", type=Count(), default=40, show_default=True, help="help.opt_quarters")
@option("--start", default=None, metavar="2015Q1", help="help.opt_start")
@option("--effective", default=None, metavar="2015Q2", help="help.opt_effective")
@option("--world", default="zhejiang", show_default=True, help="help.opt_world")
@option("--counties", default=None, metavar="FILE", help="help.opt_counties")
@option("--tables", default="", metavar="A,B", help="help.opt_tables")
@option("--out", default=None, metavar="DIR", help="help.opt_out")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@common
def run(scenario: str, settings: tuple[str, ...], as_json: bool, lang: str | None, **asked: Any) -> None:
    """Run one scenario."""
    told = chosen(lang)
    plan = _plan(scenario, settings, asked)
    folder = place(asked["out"]) if asked["out"] is not None else None
    words = [word for setting in settings for word in ("--set", setting)]
    group = _run(plan, folder, shlex.join(["xiaozhen", "run", scenario, *words]), asked, told)
    if folder is not None:
        _write(group, folder, settings, plan.counties)
    if as_json:
        print_json(_document(group, settings))
        return
    _print(group, told)
    if folder is not None:
        note(say("output.written", told, folder=folder))


def _plan(regime: str, settings: Sequence[str], asked: dict[str, Any]) -> Plan:
    """One point and its replicates.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    from experiments.plan.plan import PARTS, Plan, Point
    from xiaozhen.api.library import is_uncertainty, load, settings_of

    library, given, first = load(), settings_of(settings), asked["replicate"]
    behaviour = {key: given.pop(key) for key in list(given) if is_uncertainty(library, key)}
    calendar = {name: asked[name] for name in ("world", "start", "quarters", "effective", "fill")}
    title = library.regimes[regime].title.as_dict() if regime in library.regimes else {}
    point = Point(regime, regime, **calendar, levers=given, behaviour=behaviour, title=title)
    point.resolve(library)
    counties = county_table(asked["counties"], [asked["world"]])
    runs = tuple((0, k) for k in range(first, first + asked["replicates"]))
    design = {"method": "run", "replicates": asked["replicates"]}
    tables = _table_names(asked["tables"])
    return Plan(regime, title, (point,), runs, counties=counties, parts=PARTS, tables=tables, design=design)


def _table_names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for name in names:
        if name not in TABLES:
            raise CommandError(
                "not_among",
                name="--tables",
                found=name,
                allowed=list(TABLES),
                suggestion=nearest(name, list(TABLES)),
            )
    return names


def _run(plan: Plan, folder: Path | None, line: str, asked: dict[str, Any], lang: str) -> ScenarioRuns:
    """Run the replicates, in memory or into the folder, showing how far they are."""
    from experiments.analysis.load import study_of
    from experiments.run.carry import Way, carry_out, telling
    from experiments.run.engines.choose import Where
    from experiments.run.failures import refuse_failures
    from xiaozhen.api.library import load

    library = load()
    with progress(lang) as tell:
        way = Way(Where(asked["workers"]), tell=telling(tell))
        store: Store
        if folder is None:
            store = carry_out(plan, None, way, library=library)
        else:
            store = carry_out(plan, folder, way, library=library, command=line, force=asked["force"])
    refuse_failures(store, library)
    return study_of(store, library).groups[0]


def _estimates(group: ScenarioRuns) -> dict[str, Any]:
    from experiments.analysis.estimates.contrasts import mean_estimate
    from xiaozhen.api.names import outcomes

    known = outcomes()
    return {name: mean_estimate(group.summary(name), unit=known[name].unit) for name in group.runs[0].summary}


def _document(group: ScenarioRuns, settings: Sequence[str]) -> dict[str, Any]:
    """The run as one JSON document: what was run, each replicate, and means with intervals."""
    resolved = group.resolved
    return {
        "regime": resolved.regime, "world": resolved.world, "start": str(resolved.start),
        "quarters": resolved.quarters, "set": list(settings), "fingerprint": resolved.fingerprint,
        "overridden": resolved.overridden, "filled": resolved.filled,
        "outcomes": {name: {"value": e.value, "low": e.low, "high": e.high, "unit": e.unit, "n": e.n}
                     for name, e in _estimates(group).items()},
        "runs": [{"replicate": spec.replicate, "key": spec.key, "summary": run.summary, "years": list(run.years),
                  "yearly": run.yearly, "cohorts": run.cohorts}
                 for spec, run in zip(group.specs, group.runs, strict=True)],
    }  # fmt: skip


def _print(group: ScenarioRuns, lang: str) -> None:
    from report.text.quantity import interval, number
    from xiaozhen.api.names import outcomes, unit_name

    many = len(group.runs) > 1
    rows = []
    for name, e in _estimates(group).items():
        between = [interval(e.low, e.high, e.unit, lang)] if many else []
        rows.append(
            [outcomes()[name].title[lang], number(e.value, e.unit, lang), *between, unit_name(e.unit, lang), name]
        )
    heads = [
        "output.col_outcome",
        "output.col_mean" if many else "output.col_value",
        *(["output.col_interval"] if many else []),
        "output.col_unit",
        "output.col_id",
    ]
    title = say(
        "output.run_title", lang, title=group.title[lang], quarters=group.resolved.quarters, replicates=len(group.runs)
    )
    table(title, [say(head, lang) for head in heads], rows, right=(1, 2) if many else (1,))
    if group.resolved.overridden:
        line(say("output.levers_set", lang, names=", ".join(sorted(group.resolved.overridden))))
    filled_line(group, lang)


def _write(group: ScenarioRuns, folder: Path, settings: Sequence[str], counties: str | None) -> None:
    """Write ``run.json`` and the tables as CSV and Parquet beside the runs."""
    import json

    from experiments.analysis.tables import cohorts_table, records_table, runs_table, yearly_table
    from experiments.store.disk import write_text
    from experiments.store.folder import remove_pages
    from experiments.store.result import sign
    from experiments.store.tables import write_table
    from xiaozhen.cli.output import plain

    remove_pages(folder)
    written = [
        *write_table(runs_table([group]), folder / "runs"),
        *write_table(yearly_table([group]), folder / "yearly"),
    ]
    written += write_table(cohorts_table([group]), folder / "cohorts")
    for spec, run in zip(group.specs, group.runs, strict=True):
        for name, columns in run.tables.items():
            rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            written += write_table(records_table(rows), folder / f"{name}-{spec.replicate:03d}")
    record = _document(group, settings) | {"counties": Path(counties).name if counties else None}
    write_text(folder / RECORD, json.dumps(plain(record), ensure_ascii=False, indent=1) + "\n")
    sign(folder, [*written, folder / RECORD])
