"""``xiaozhen targets``: published figures beside the model's."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Targets


def targets(asked: Targets, screen: Screen) -> Answer:
    """Compare the model with published figures."""
    from calibration.closeness import tally
    from report.pages import targets as page
    from xiaozhen.api.checks import targets
    from xiaozhen.api.library import load

    with screen.progress() as tell:
        frame = targets(**asked.keywords(), progress=tell)
    document = {"regime": asked.regime, "replicates": asked.replicates, "tally": tally(frame)}
    document["targets"] = page.rows(frame, screen.lang)
    return Answer(document, page.screen(frame, asked.replicates, load()))
