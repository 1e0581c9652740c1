"""``xiaozhen readings``: which ambiguity of the law moves completion and exit most."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen, written
from xiaozhen.requests import Readings


def readings(asked: Readings, screen: Screen) -> Answer:
    """Sweep every meaning of every reading; print the ranking, and write a document where a folder is named."""
    from experiments.analysis.readings.sweep import RANKED
    from report.pages.readings import ranking
    from xiaozhen.api.checks import readings

    with screen.progress() as tell:
        found = readings(**asked.keywords(), progress=tell)
    document = {"replicates": asked.replicates, "regimes": found.regimes, "differences": found.records()}
    return Answer(document, [*(ranking(found, name) for name in RANKED), *written(asked.out)])
