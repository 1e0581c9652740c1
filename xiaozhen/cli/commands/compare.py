"""``xiaozhen compare``: run a study, write its tables and figures, print the main differences."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen, written
from xiaozhen.requests import Compare


def compare(asked: Compare, screen: Screen) -> Answer:
    """Run a study and compare its scenarios."""
    from experiments.plan.studies import find_study
    from report.pages.comparison.page import screen as page
    from xiaozhen.api.comparison import alarms, document, first_page
    from xiaozhen.api.library import load
    from xiaozhen.api.studies import compare
    from xiaozhen.cli.sweeps import keeping

    folder = asked.out or f"results/{find_study(asked.study, load()).id}"
    with screen.progress() as tell, keeping(folder, screen.lang, "attribute.attribute_go_on"):
        found = compare(**asked.keywords() | {"out": folder}, progress=tell)
    blocks = [*page(found.study, found.context), *written(found.folder, first_page(found, screen.lang))]
    return Answer(document(found), blocks, [] if screen.as_json else alarms(found))
