"""``xiaozhen export``: the tables of a store for other programs."""

from __future__ import annotations

from report.blocks import Paragraph, message
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Export


def export(asked: Export, screen: Screen) -> Answer:
    """Write a store's tables for other programs."""
    from report.pages.stores import heed
    from xiaozhen.api.stores import export, unsound

    other = unsound(asked.folder)
    files = [str(path) for path in export(**asked.keywords())]
    said = [Paragraph(message("store.exported", file=path)) for path in files]
    return Answer({"files": files}, said, heed(other))
