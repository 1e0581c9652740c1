"""``xiaozhen resume``: run what a store still lacks."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Resume


def resume(asked: Resume, screen: Screen) -> Answer:
    """Run what a store still lacks."""
    from report.pages.stores import status as page
    from xiaozhen.api.stores import go_on, status
    from xiaozhen.cli.sweeps import keeping, watching

    with watching(screen.lang) as tell, keeping(asked.folder, screen.lang, "sweep.to_go_on"):
        go_on(**asked.keywords(), tell=tell)
    at = status(asked.folder)
    return Answer(at, page(at))
