"""``xiaozhen schedule``: the quarter as a list of steps."""

from __future__ import annotations

from report.blocks import Grid, message, title
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Schedule


def schedule(asked: Schedule, screen: Screen) -> Answer:
    """The steps that the model runs each quarter, in order."""
    from xiaozhen.api.checks import schedule

    steps = schedule()
    rows = [(str(i), title(s["title"]), s["name"], title(s["what"])) for i, s in enumerate(steps, 1)]
    head = ("", message("output.col_step"), message("output.col_id"), message("output.col_what"))
    return Answer(steps, [Grid(head, rows, message("output.schedule_title"), words=True)])
