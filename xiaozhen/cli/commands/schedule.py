"""``xiaozhen schedule``: the quarter as a list of steps."""

from __future__ import annotations

import click

from report.text.catalogue import say
from xiaozhen.cli.base import Command, chosen, common
from xiaozhen.cli.output import print_json, table


@click.command(cls=Command, help="commands.schedule.help")
@common
def schedule(as_json: bool, lang: str | None) -> None:
    """Print the steps that the model runs each quarter, in order."""
    from sim.schedule import STEPS

    told = chosen(lang)
    if as_json:
        print_json([{"name": s.name, "title": s.title, "what": s.what} for s in STEPS])
        return
    rows = [(str(i), s.title[told], s.name, s.what[told]) for i, s in enumerate(STEPS, 1)]
    heads = ("", say("output.col_step", told), say("output.col_id", told), say("output.col_what", told))
    table(say("output.schedule_title", told), heads, rows, right=(0,))
