"""``xiaozhen validate``: scores of any table of observations."""

from __future__ import annotations

from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.errors import CommandError
from xiaozhen.requests import Validate


def validate(asked: Validate, screen: Screen) -> Answer:
    """Score a table of observations."""
    from calibration.validate import document
    from report.pages.scores import screen as page
    from xiaozhen.api.checks import validate
    from xiaozhen.api.library import load

    if asked.observations is None:
        raise CommandError("validate_nothing", command="xiaozhen validate")
    found = validate(asked.observations, asked.predictions)
    return Answer(document(found), page(found, load()))
