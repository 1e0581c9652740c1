"""``xiaozhen sweep``, ``resume`` and ``status``: run a study or design into a store that survives anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from xiaozhen.api.stores import command_line
from xiaozhen.cli.base import Command, Count, argument, chosen, common, option
from xiaozhen.cli.commands.store import heed, place
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.inputs import county_table
from xiaozhen.cli.output import line, print_json
from xiaozhen.cli.sweep_consent import asking, keeping
from xiaozhen.cli.sweep_progress import size, watching

if TYPE_CHECKING:
    from experiments.plan.plan import Plan
    from experiments.run.carry import Way
    from experiments.run.pilot import Estimate
    from experiments.store.folder import Folder
    from sim.parameters import Library


@click.command(cls=Command, help="commands.sweep.help", epilog="commands.sweep.more")
@argument("study", metavar="STUDY")
@option("--out", default=None, metavar="DIR", help="sweep.opt_out_store")
@option("--force", is_flag=True, help="help.opt_force_results")
@option("--replicates", type=Count(), default=None, help="sweep.opt_replicates_sweep")
@option("--n", type=Count(), default=None, help="sweep.opt_points")
@option("--behaviour", default=None, metavar="posterior|prior|central", help="help.opt_behaviour")
@option("--workers", type=Count(), default=None, help="sweep.opt_workers_sweep")
@option("--threads", type=Count(), default=None, help="sweep.opt_threads_sweep")
@option("--scheduler", default=None, metavar="ADDRESS", help="sweep.opt_scheduler")
@option("--shard", default=None, metavar="I/N", help="sweep.opt_shard")
@option("--counties", default=None, metavar="FILE", help="help.opt_counties")
@option("--yes", is_flag=True, help="sweep.opt_yes")
@common
def sweep(study: str, out: str | None, yes: bool, as_json: bool, lang: str | None, **asked: Any) -> None:
    """Run a study or design into a store."""
    from experiments.run import carry
    from xiaozhen.api.library import load

    told, library = chosen(lang), load()
    plan = _plan(study, library, asked)
    folder = place(out or f"results/{plan.id}")
    with watching(told) as tell, keeping(folder, told, "sweep.to_go_on", folder):
        way = _way(asked, tell, asking(told, yes or as_json))
        command = command_line(study, plan, asked)
        store = carry.carry_out(plan, folder, way, library=library, command=command, force=asked["force"])
    _report(store, told, as_json)


@click.command(cls=Command, help="commands.resume.help", epilog="commands.resume.more")
@argument("folder", metavar="DIR")
@option("--workers", type=Count(), default=None, help="sweep.opt_workers_sweep")
@option("--threads", type=Count(), default=None, help="sweep.opt_threads_sweep")
@option("--scheduler", default=None, metavar="ADDRESS", help="sweep.opt_scheduler")
@option("--shard", default=None, metavar="I/N", help="sweep.opt_shard")
@option("--task", default="", metavar="MODULE:FUNCTION", help="store.opt_task")
@common
def resume(folder: str, as_json: bool, lang: str | None, **asked: Any) -> None:
    """Run what a store still lacks."""
    from experiments.run import carry

    told, store_folder = chosen(lang), place(folder)
    with watching(told) as tell, keeping(store_folder, told, "sweep.to_go_on", store_folder):
        store = carry.resume(store_folder, _way(asked, tell, None), task=asked["task"])
    _report(store, told, as_json)


@click.command(cls=Command, help="commands.status.help", epilog="commands.status.more")
@argument("folder", metavar="DIR")
@common
def status(folder: str, as_json: bool, lang: str | None) -> None:
    """How far a store is; touches nothing."""
    from experiments.store.folder import Store

    told = chosen(lang)
    _report(heed(Store.open(place(folder)), told), told, as_json)


def _plan(study: str, library: Library, asked: dict[str, Any]) -> Plan:
    from experiments.plan.from_study import is_design, plan_named

    if asked["n"] is not None and not is_design(study, library):
        raise CommandError("only_designs_have_points", found=study, command="xiaozhen sweep")
    plan = plan_named(study, library, replicates=asked["replicates"], n=asked["n"], behaviour=asked["behaviour"])
    table = county_table(asked["counties"], (point.world for point in plan.points))
    if table is None:
        return plan
    from dataclasses import replace

    return replace(plan, counties=table)


def _way(asked: dict[str, Any], tell: Any, consent: Callable[[Estimate], bool] | None) -> Way:
    from experiments.run.carry import Way
    from experiments.run.engines.choose import Where
    from experiments.run.shard import shard_of

    where = Where(asked["workers"], asked["threads"], asked["scheduler"])
    return Way(where, shard_of(asked["shard"]) if asked["shard"] is not None else None, tell, consent)


def _report(store: Folder, lang: str, as_json: bool) -> None:
    document = described(store)
    if as_json:
        print_json(document)
        return
    runs, failed, waiting = (f"{document[name]:,}" for name in ("runs", "failed", "waiting"))
    if document["waiting"]:
        done = f"{document['done']:,}"
        line(say("sweep.sweep_waiting", lang, runs=runs, done=done, failed=failed, waiting=waiting))
    else:
        line(say("sweep.sweep_done", lang, runs=runs, failed=failed))
    if document["first_failure"]:
        line(say("sweep.first_failure", lang, **document["first_failure"]))
    line(f"{store.folder} ({size(document['bytes'])})")
    if document["manifest"]:
        line(say("sweep.manifest_written", lang, file=document["manifest"], hash=document["sha256"][:16]))
    elif document["waiting"]:
        line(say("sweep.to_go_on", lang, folder=store.folder))
    elif not document["finished"]:
        line(say("sweep.not_merged", lang, folder=store.folder))


def described(store: Folder) -> dict[str, Any]:
    """How far a store is, as plain data."""
    from experiments.store.manifest import file_hash
    from experiments.store.reading import failures

    counts, manifest = store.counts(), store.folder / "manifest.json"
    failed = failures(store).head(1).to_dict("records") if counts["failed"] else []
    names = ("point", "replicate", "stage", "cause")
    return {
        "folder": str(store.folder),
        "plan": store.plan.id,
        "command": store.file.command,
        "runs": counts["all"],
        "done": counts["done"],
        "failed": counts["failed"],
        "waiting": counts["waiting"],
        "finished": store.finished,
        "bytes": sum(p.stat().st_size for p in store.folder.rglob("*") if p.is_file()),
        "first_failure": {name: failed[0][name] for name in names} if failed else None,
        "manifest": str(manifest) if manifest.is_file() else None,
        "sha256": file_hash(manifest) if manifest.is_file() else None,
    }
