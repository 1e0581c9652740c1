"""``xiaozhen readings``: which ambiguity of the law moves completion and exit most."""

from __future__ import annotations

from pathlib import Path

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, Count, chosen, common, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.inputs import free
from xiaozhen.cli.output import line, print_json, progress


@click.command(cls=Command, help="commands.readings.help", epilog="commands.readings.more")
@option("--only", multiple=True, metavar="D-XX", help="help.opt_only_readings")
@option("--regime", "regimes", multiple=True, metavar="REGIME", help="help.opt_regimes")
@option("--replicates", type=Count(2), default=8, show_default=True, help="help.opt_replicates")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@option("--out", type=click.Path(path_type=Path), default=None, metavar="FOLDER", help="help.opt_out_doses")
@option("--force", is_flag=True, help="help.opt_force_results")
@common
def readings(
    only: tuple[str, ...],
    regimes: tuple[str, ...],
    replicates: int,
    workers: int | None,
    out: Path | None,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Sweep every meaning of every reading; print the ranking, and write documents and figures where a folder is
    named.
    """
    from experiments.analysis.readings.sweep import RANKED, sweep
    from report.pages.readings import ranking, write_sweep
    from report.render.terminal import show
    from xiaozhen.api.library import load

    told = chosen(lang)
    if out is not None and out.exists() and not out.is_dir():
        raise CommandError("not_folder", found=out.name)
    if out is not None:
        free(out, force)
    with progress(told) as tell:
        found = sweep(load(), replicates, workers, regimes=regimes or None, readings=only or None, progress=tell)
    if out is not None:
        write_sweep(found, out)
    if as_json:
        print_json({"replicates": replicates, "regimes": found.regimes, "differences": found.records()})
        return
    show([ranking(found, name) for name in RANKED], told)
    if out is not None:
        line(say("output.written", told, folder=out.as_posix()))
