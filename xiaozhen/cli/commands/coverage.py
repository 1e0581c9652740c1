"""``xiaozhen coverage``: which clauses act, which have nothing to simulate, which are missing; and the proof."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Coverage


def coverage(asked: Coverage, screen: Screen) -> Answer:
    """Say where every clause stands; with ``--check`` and ``--levers``, take clauses and levers out and compare."""
    from report.pages import coverage as page
    from xiaozhen.api.checks import coverage
    from xiaozhen.api.library import load

    with screen.progress() as tell:
        found = coverage(**asked.keywords(), progress=tell)
    if found.levers is not None:
        blocks = page.levers(found.levers, load())
    else:
        blocks = page.moves(found.moved, load()) if asked.check else page.screen(found.entries)
    return Answer(found.as_dict(), blocks, code=0 if found.holds else 1)
