"""``xiaozhen status``: how far a store is."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Status


def status(asked: Status, screen: Screen) -> Answer:
    """How far a store is; touches nothing."""
    from report.pages.stores import heed
    from report.pages.stores import status as page
    from xiaozhen.api.stores import status, unsound

    at = status(asked.folder)
    return Answer(at, page(at), heed(unsound(asked.folder)))
