"""``xiaozhen query``: ask a store in SQL."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Query


def query(asked: Query, screen: Screen) -> Answer:
    """Ask a store in SQL."""
    from report.pages.stores import heed, rows
    from xiaozhen.api.stores import query, unsound

    found = query(**asked.keywords())
    return Answer(found.to_dict("records"), rows(found), heed(unsound(asked.folder)))
