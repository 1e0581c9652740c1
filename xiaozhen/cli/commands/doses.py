"""``xiaozhen doses``: one instrument at several strengths, and who changed behaviour."""

from __future__ import annotations

from report.blocks import message
from xiaozhen.cli.answer import Answer, Screen, written
from xiaozhen.requests import Doses


def doses(asked: Doses, screen: Screen) -> Answer:
    """Run the doses; print what they did, and write documents and figures where a folder is named."""
    from report.pages.doses import overview
    from xiaozhen.api.checks import doses

    with screen.progress() as tell:
        found = doses(**asked.keywords(), progress=tell)
    document = {"replicates": asked.replicates, "doses": {m.dose.id: m.frame.to_dict("records") for m in found}}
    table = overview(found, message("help.doses_title", replicates=asked.replicates))
    return Answer(document, [table, *written(asked.out)])
