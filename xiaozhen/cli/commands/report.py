"""``xiaozhen report``: one self-contained HTML brief from a result folder, and its PDF."""

from __future__ import annotations

from pathlib import Path

import click

from report.text.catalogue import say
from report.text.language import LANGS
from xiaozhen.cli.base import Among, Command, argument, chosen, option
from xiaozhen.cli.output import line, note, print_json

BOTH = "both"


@click.command(cls=Command, help="commands.report.help", epilog="commands.report.more")
@argument("folder", metavar="DIR")
@option("--out", default=None, metavar="FILE", help="report.opt_out_report")
@option("--pdf", is_flag=True, help="report.opt_pdf")
@option("--with", "beside", multiple=True, metavar="DIR", help="report.opt_with")
@option("--json", "as_json", is_flag=True, help="help.opt_json")
@option("--lang", type=Among((*LANGS, BOTH)), default=BOTH, show_default=True, help="report.opt_lang_report")
def report(folder: str, out: str | None, pdf: bool, beside: tuple[str, ...], as_json: bool, lang: str) -> None:
    """Write the brief of a result."""
    from experiments.store.manifest import MANIFEST, unsound
    from xiaozhen.api.studies import report as write

    files = write(folder, lang=lang, out=out, pdf=pdf, beside=beside)
    told, other = chosen(lang), unsound(Path(folder)) if (Path(folder) / MANIFEST).is_file() else []
    if as_json:
        print_json({"files": [str(path) for path in files], "unsound": other})
    else:
        for path in files:
            line(say("report.report_written", told, file=path, size=_size(path)))
        line(say("report.report_open", told))
    if other:
        note("! " + say("report.report_unsigned", told, names=", ".join(other)))
        raise click.exceptions.Exit(1)


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"
