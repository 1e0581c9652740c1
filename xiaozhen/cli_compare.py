"""``xiaozhen compare``: run a study, write its tables and figures, print the summary."""

from __future__ import annotations

from typing import Any

import click

from xiaozhen.cli_base import Among, Command, Count, argument, chosen, lang_now, option
from xiaozhen.cli_output import line, note, print_json, progress
from xiaozhen.text import LANGS, CommandError, say


@click.command(cls=Command, help="compare", epilog="compare_more")
@argument("study", default="provinces", required=False, metavar="[STUDY]")
@option("--replicates", type=Count(), default=None, help="opt_replicates")
@option("--out", default=None, metavar="DIR", help="opt_out")
@option("--workers", type=Count(), default=None, help="opt_workers")
@option("--threads", type=Count(), default=None, help="opt_threads")
@option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="opt_set")
@option("--json", "as_json", is_flag=True, help="opt_json")
@option("--lang", type=Among((*LANGS, "both")), default="both", show_default=True, help="opt_lang_both")
def compare(study: str, settings: tuple[str, ...], as_json: bool, lang: str, **asked: Any) -> None:
    """Run a study and compare its scenarios."""
    from experiments.compare import run_study
    from xiaozhen.api import load, settings_of

    if asked["threads"] is not None and asked["workers"] is not None:
        raise CommandError("threads_and_workers", command="xiaozhen compare")
    told = chosen(lang)
    library, given = load(), settings_of(settings)
    with progress(told) as tell:
        found = run_study(study, library=library, settings=given, progress=tell, lang=lang, **asked)
    if as_json:
        print_json(found)
    else:
        line(str(found))
        note(say("written", lang_now(), folder=asked["out"]))
