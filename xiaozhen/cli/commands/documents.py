"""``xiaozhen documents``: what the source documents report beside the model's."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Documents


def documents(asked: Documents, screen: Screen) -> Answer:
    """Put the model beside what the documents report; leaves with 1 where a row is off without a reason."""
    from report.pages import documents as page
    from xiaozhen.api.checks import documents
    from xiaozhen.api.library import load

    with screen.progress() as tell:
        found = documents(**asked.keywords(), progress=tell)
    document = {"replicates": asked.replicates, "tally": page.tally(found), "rows": page.rows(found)}
    return Answer(document, page.screen(found, load()), code=1 if page.tally(found)["open"] else 0)
