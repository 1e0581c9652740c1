"""``xiaozhen verify``, ``export`` and ``query``: check what is in a store, and get it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from report.text.catalogue import say
from report.text.errors import said
from report.text.language import LANGS
from xiaozhen.cli.base import Among, Command, Count, argument, chosen, common, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.output import line, note, print_json, table

if TYPE_CHECKING:
    from experiments.run.verify import Verified
    from experiments.store.folder import Folder

SHOWN_ROWS = 50


def place(path: str) -> Path:
    """A folder as it stands on the line.

    Raises:
        CommandError: If it can be no path.
    """
    if "\0" in path:
        raise CommandError("unwritable", found=path.replace("\0", "\\0"), why="\\0")
    return Path(path)


def heed(store: Folder, lang: str) -> Folder:
    """The store, after a word on the files that are not what its manifest says."""
    from experiments.store.manifest import MANIFEST, unsound

    if (store.folder / MANIFEST).is_file() and (other := unsound(store.folder)):
        note("! " + say("store.unsound", lang, names=", ".join(other)))
    return store


@click.command(cls=Command, help="commands.verify.help", epilog="commands.verify.more")
@argument("folder", metavar="DIR")
@option("--sample", type=Count(0), default=5, show_default=True, help="store.opt_sample")
@option("--task", default="", metavar="MODULE:FUNCTION", help="store.opt_task")
@common
def verify(folder: str, sample: int, task: str, as_json: bool, lang: str | None) -> None:
    """Check every byte and run a few runs again; leaves with 1 where something is wrong."""
    from experiments.run.verify import verify as check

    told = chosen(lang)
    found = check(place(folder), sample, task=task)
    if as_json:
        entries = [{"kind": p.kind, "where": p.where, "grave": p.grave, **{k: said(p.line(), k) for k in LANGS}}
                   for p in found.problems]  # fmt: skip
        print_json({"folder": folder, "sound": found.holds, "sample": sample, "rerun": found.rerun,
                    "problems": entries})  # fmt: skip
    else:
        _tell(found, told)
    if not found.holds:
        raise click.exceptions.Exit(1)


def _tell(found: Verified, lang: str) -> None:
    if found.grave:
        note(say("store.not_verified", lang, n=len(found.grave)))
    for problem in found.problems:
        note(("! " if problem.grave else "  ") + said(problem.line(), lang))
    if not found.grave:
        line(say("store.verified", lang, sample=found.rerun) if found.rerun else say("store.verified_files", lang))


@click.command(cls=Command, help="commands.export.help", epilog="commands.export.more")
@argument("folder", metavar="DIR")
@option(
    "--format",
    "kind",
    type=Among(("csv", "parquet", "xlsx")),
    default="csv",
    show_default=True,
    help="store.opt_format",
)
@option("--table", "name", type=Among(("runs", "yearly", "cohorts", "points")), default=None, help="store.opt_table")
@option("--out", default=None, metavar="PATH", help="store.opt_out_export")
@option("--force", is_flag=True, help="store.opt_force")
@common
def export(
    folder: str, kind: str, name: str | None, out: str | None, force: bool, as_json: bool, lang: str | None
) -> None:
    """Write a store's tables for other programs."""
    from experiments.store.export import TABLES
    from experiments.store.export import export as write
    from experiments.store.folder import Store
    from report.pages.workbook import workbook

    store = heed(Store.open(place(folder)), chosen(lang))
    beside = f"{store.folder.resolve().name}.{kind}" if kind == "xlsx" else f"{store.folder.resolve().name}_{kind}"
    target = place(out) if out else store.folder.resolve().parent / beside
    names = (name,) if name else TABLES
    if kind == "xlsx":
        files = workbook(store, target, tables=names, overwrite=force)
    else:
        files = write(store, target, kind, tables=names, overwrite=force)
    if as_json:
        print_json({"files": [str(path) for path in files]})
        return
    for path in files:
        line(say("store.exported", chosen(lang), file=path))


@click.command(cls=Command, help="commands.query.help", epilog="commands.query.more")
@argument("folder", metavar="DIR")
@argument("sql", metavar="SQL")
@common
def query(folder: str, sql: str, as_json: bool, lang: str | None) -> None:
    """Ask a store in SQL."""
    from experiments.store.folder import Store
    from experiments.store.query import query as ask

    found = ask(heed(Store.open(place(folder)), chosen(lang)), sql)
    if as_json:
        print_json(found.to_dict("records"))
        return
    rows = [[_cell(value) for value in row] for row in found.head(SHOWN_ROWS).itertuples(index=False)]
    numbers = [i for i, dtype in enumerate(found.dtypes) if dtype.kind in "if"]
    table("", [str(c) for c in found.columns], rows, right=numbers)
    if len(found) > SHOWN_ROWS:
        note(say("store.rows_shown", chosen(lang), rows=f"{len(found):,}", shown=SHOWN_ROWS))


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.6g}"
    return "" if value is None else str(value)
