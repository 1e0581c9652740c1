"""``xiaozhen version``: what this installation is made of."""

from __future__ import annotations

from report.blocks import Paragraph
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Version


def version(asked: Version, screen: Screen) -> Answer:
    """Versions of the product, Python, the libraries that touch numbers, and the draw scheme."""
    from xiaozhen.api.speed import versions

    parts = versions()
    return Answer(parts, [Paragraph(f"{name} {value}") for name, value in parts.items()])
