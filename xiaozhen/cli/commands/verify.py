"""``xiaozhen verify``: check what is in a result."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Verify


def verify(asked: Verify, screen: Screen) -> Answer:
    """Check every byte and run a few runs again; leaves with 1 where something is wrong."""
    from report.pages.stores import checked, problems, sound
    from xiaozhen.api.stores import verify

    found = verify(**asked.keywords())
    document = {"folder": asked.folder, "sample": asked.sample, **checked(found)}
    notes = [] if screen.as_json else problems(found)
    return Answer(document, sound(found), notes, code=0 if found.holds else 1)
