"""``xiaozhen attribute``: which clause made the difference between two regimes, and who fared differently."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Among, Command, Count, argument, chosen, common, option
from xiaozhen.cli.commands.store import place
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.inputs import county_table
from xiaozhen.cli.output import line, note, print_json, progress, table
from xiaozhen.cli.sweep_consent import asking, keeping
from xiaozhen.cli.sweep_progress import watching

if TYPE_CHECKING:
    from experiments.analysis.attribution.attribute import Attribution
    from experiments.analysis.attribution.design import Design
    from experiments.analysis.attribution.fates import Fates
    from experiments.plan.plan import Plan
    from experiments.store.folder import Store
    from sim.parameters import Library

DEFAULT = ("completion_common",)


@click.command(cls=Command, help="commands.attribute.help", epilog="commands.attribute.more")
@argument("a", metavar="FROM")
@argument("b", metavar="TO")
@option("--world", default="zhejiang", show_default=True, help="help.opt_world")
@option("--outcome", "outcomes", multiple=True, metavar="ID", help="attribute.opt_outcome_attribute")
@option(
    "--by", type=Among(("clause", "instrument", "lever")), default="clause", show_default=True, help="attribute.opt_by"
)
@option("--replicates", type=Count(2), default=8, show_default=True, help="help.opt_replicates")
@option("--quarters", type=Count(), default=40, show_default=True, help="help.opt_quarters")
@option("--effective", default=None, metavar="2015Q2", help="help.opt_effective")
@option("--own-dates", is_flag=True, help="attribute.opt_own_dates")
@option(
    "--method",
    type=Among(("auto", "exact", "sampled")),
    default="auto",
    show_default=True,
    help="attribute.opt_method_attribute",
)
@option("--max-runs", type=Count(), default=None, help="attribute.opt_max_runs")
@option("--no-fates", is_flag=True, help="attribute.opt_no_fates")
@option("--counties", default=None, metavar="FILE", help="help.opt_counties")
@option("--out", default=None, metavar="DIR", help="attribute.opt_out_attribute")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--behaviour", default=None, metavar="posterior|prior|central", help="help.opt_behaviour")
@option("--workers", type=Count(), default=None, help="sweep.opt_workers_sweep")
@option("--threads", type=Count(), default=None, help="sweep.opt_threads_sweep")
@option("--scheduler", default=None, metavar="ADDRESS", help="sweep.opt_scheduler")
@option("--yes", is_flag=True, help="sweep.opt_yes")
@common
def attribute(a: str, b: str, outcomes: tuple[str, ...], as_json: bool, lang: str | None, **asked: Any) -> None:
    """Share the difference between two regimes out over their clauses."""
    from experiments.analysis.attribution.attribute import attribute as share_out
    from experiments.analysis.attribution.design import design, plan_of
    from experiments.analysis.attribution.differences import compare_regimes
    from experiments.plan.behaviour import behaviours_for
    from experiments.store.reading import frame
    from report.pages.attribution.page import write
    from xiaozhen.api.library import load

    spoken, library, wanted = chosen(lang), load(), outcomes or DEFAULT
    _check_outcomes(wanted)
    if asked["own_dates"] and asked["effective"]:
        raise CommandError("bad_usage", command="xiaozhen attribute")
    same = {name: asked[name] for name in ("by", "world", "quarters", "effective", "own_dates")}
    found = compare_regimes(library, a, b, **same)
    picked = design(len(found.groups), asked["replicates"], method=asked["method"], max_runs=asked["max_runs"])
    drawn = behaviours_for(asked["behaviour"], library, picked.replicates)
    plan = plan_of(found, picked, counties=county_table(asked["counties"], [asked["world"]]), behaviour=drawn)
    folder = place(asked["out"] or f"results/attribute-{a}-{b}-{asked['by']}")
    command = _command(a, b, outcomes, asked)
    _foretell(picked, asked, spoken)
    with keeping(folder, spoken, "attribute.attribute_go_on", folder):
        store = _run(plan, folder, asked, spoken, asked["yes"] or as_json, command)
        shared = share_out(found, picked, lambda _: frame(store), wanted, plan=plan)
        fates = None if asked["no_fates"] else _fates(shared, library, asked, spoken)
        written = write(shared, library, folder, fates=fates, command=command)
    if as_json:
        print_json(_document(shared, fates, folder, written))
    else:
        _print(shared, fates, library, folder, spoken)


def _check_outcomes(outcomes: tuple[str, ...]) -> None:
    """So that a misspelt outcome is told before anything runs."""
    from experiments.analysis.attribution.attribute import outcome_ids
    from experiments.analysis.attribution.errors import AttributionError
    from sim.parameters.errors import listed, nearest, shown

    known = outcome_ids()
    for name in outcomes:
        if name not in known:
            raise AttributionError(
                "no_outcome", found=shown(name), suggestion=nearest(name, known), allowed=listed(known)
            )


def _foretell(picked: Design, asked: dict[str, Any], lang: str) -> None:
    """Say what will be run; how long that takes is told after the pilot."""
    method = say(f"attribute.attribute_{picked.method}", lang)
    said = {"groups": picked.groups, "method": method, "runs": f"{len(picked.runs):,}"}
    fates = "" if asked["no_fates"] else say("attribute.attribute_and_fates", lang, runs=f"{2 * picked.replicates:,}")
    note(say("attribute.attribute_ahead", lang, **said, fates=fates))


def _run(plan: Plan, folder: Path, asked: dict[str, Any], lang: str, silent: bool, command: str) -> Store:
    """Run into the store; the result counts as unfinished from the first new run on.

    Raises:
        InputError: If the store holds something else, or a point is not acceptable.
    """
    from experiments.run.carry import Way, carry_out
    from experiments.run.engines.choose import Where
    from xiaozhen.api.library import load

    where = Where(asked["workers"], asked["threads"], asked["scheduler"])
    with watching(lang) as tell:
        way = Way(where, None, tell, asking(lang, silent, least=2))
        return carry_out(plan, folder, way, library=load(), command=command, force=asked["force"])


def _fates(shared: Attribution, library: Library, asked: dict[str, Any], lang: str) -> Fates:
    """Run both ends once more with histories; where a scheduler ran the sweep, this machine does it."""
    from experiments.analysis.attribution.fates import compare_fates

    plan, ends = shared.plan, (shared.comparison.a, shared.comparison.b)
    workers = 1 if asked["threads"] else asked["workers"]
    with progress(lang) as tell:
        return compare_fates(
            *ends, asked["replicates"], counties=plan.counties, workers=workers, progress=tell,
            behaviour=plan.behaviour, library=library,
        )  # fmt: skip


def _command(a: str, b: str, outcomes: tuple[str, ...], asked: dict[str, Any]) -> str:
    """The line that does it again; files by name only."""
    parts = ["xiaozhen", "attribute", a, b]
    for name in outcomes:
        parts += ["--outcome", name]
    usual: dict[str, Any] = {"world": "zhejiang", "by": "clause", "replicates": 8, "quarters": 40, "method": "auto"}
    for name in ("world", "by", "replicates", "quarters", "effective", "method", "max_runs", "behaviour"):
        if asked[name] != usual.get(name):
            parts += [f"--{name.replace('_', '-')}", str(asked[name])]
    parts += [f"--{name.replace('_', '-')}" for name in ("own_dates", "no_fates") if asked[name]]
    if asked["counties"]:
        parts += ["--counties", Path(asked["counties"]).name]
    return shlex.join(parts)


def _document(shared: Attribution, fates: Fates | None, folder: Path, written: list[Path]) -> dict[str, Any]:
    """The result as one JSON document."""
    from report.pages.attribution.page import titled_records

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


def _print(shared: Attribution, fates: Fates | None, library: Library, folder: Path, lang: str) -> None:
    from report.pages.attribution.fates import lines
    from report.pages.attribution.page import PAGE
    from report.text import attribution as telling

    for one in shared.outcomes:
        line(telling.sum_line(one, lang))
        table("", telling.told("head", lang).split("|"), telling.table(one, lang), right=range(1, 6))
        line(telling.check_line(one, lang))
        if not one.difference.excludes_zero:
            line(telling.told("unresolved_whole", lang))
    for text in [telling.method_line(shared, lang), *telling.notes(shared, library, lang)]:
        line(text)
    for text in lines(fates, lang) if fates else []:
        line(text)
    line(say("output.written", lang, folder=folder))
    line(say("output.read_first", lang, file=folder / PAGE.format(lang=lang)))
