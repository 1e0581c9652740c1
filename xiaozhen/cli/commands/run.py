"""``xiaozhen run``: one scenario, a few replicates, its outcomes as a table, as JSON, or as files."""

from __future__ import annotations

from report.blocks import message
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Run


def run(asked: Run, screen: Screen) -> Answer:
    """Run one scenario."""
    from report.pages import run as page
    from xiaozhen.api.library import load
    from xiaozhen.api.runs import repeat

    with screen.progress() as tell:
        found = repeat(**asked.keywords(), progress=tell)
    notes = [message("output.written", folder=asked.out)] if asked.out is not None and not screen.as_json else []
    return Answer(found.as_dict(), page.screen(found.group, found.estimates, load()), notes)
