"""``xiaozhen doses``: one instrument at several strengths, and who changed behaviour."""

from __future__ import annotations

from pathlib import Path

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Among, Command, Count, chosen, common, option
from xiaozhen.cli.errors import CommandError
from xiaozhen.cli.inputs import free
from xiaozhen.cli.output import line, print_json, progress, table


class DoseName(Among):
    """The id of a dose; the names are read when one is given, so that help is quick."""

    def __init__(self) -> None:
        super().__init__(())

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """How it is shown in the help."""
        return "DOSE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check one name."""
        from experiments.analysis.doses.sweep import doses as every

        self.names = tuple(d.id for d in every())
        return super().convert(value, param, ctx)


@click.command(cls=Command, help="commands.doses.help")
@option("--only", type=DoseName(), multiple=True, help="help.opt_only")
@option("--replicates", type=Count(2), default=30, show_default=True, help="help.opt_replicates")
@option("--workers", type=Count(), default=None, help="help.opt_workers")
@option("--out", type=click.Path(path_type=Path), default=None, metavar="FOLDER", help="help.opt_out_doses")
@option("--force", is_flag=True, help="help.opt_force_results")
@common
def doses(
    only: tuple[str, ...],
    replicates: int,
    workers: int | None,
    out: Path | None,
    force: bool,
    as_json: bool,
    lang: str | None,
) -> None:
    """Run the doses; print what they did, and write documents and figures where a folder is named."""
    from experiments.analysis.doses.sweep import doses as every
    from experiments.analysis.doses.sweep import measure
    from report.pages.doses import overview, write_measured
    from xiaozhen.api.library import load

    told = chosen(lang)
    if out is not None and out.exists() and not out.is_dir():
        raise CommandError("not_folder", found=out.name)
    if out is not None:
        free(out, force)
    wanted = [d for d in every() if not only or d.id in only]
    with progress(told) as tell:
        found = measure(wanted, replicates, workers, library=load(), progress=tell)
    if out is not None:
        write_measured(found, out, load())
    if as_json:
        print_json({"replicates": replicates, "doses": {m.dose.id: m.frame.to_dict("records") for m in found}})
        return
    head, rows = overview(found, told)
    table(say("help.doses_title", told, replicates=replicates), head, [[c.replace("**", "") for c in r] for r in rows])
    if out is not None:
        line(say("output.written", told, folder=out.as_posix()))
