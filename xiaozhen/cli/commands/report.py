"""``xiaozhen report``: one self-contained HTML brief from a result folder, and its PDF."""

from __future__ import annotations

from pathlib import Path

from report.blocks import Joined, Paragraph, message
from xiaozhen.cli.answer import Answer, Screen
from xiaozhen.requests import Report


def report(asked: Report, screen: Screen) -> Answer:
    """Write the brief of a result; leaves with 1 where its files are not those of its manifest."""
    from xiaozhen.api.stores import unsound
    from xiaozhen.api.studies import report

    files, other = report(**asked.keywords()), unsound(asked.folder)
    said = [message("report.report_written", file=str(path), size=_size(path)) for path in files]
    blocks = [Paragraph(text) for text in (*said, message("report.report_open"))]
    notes = [message("report.report_unsigned", names=", ".join(other))] if other else []
    document = {"files": [str(path) for path in files], "unsound": other}
    return Answer(document, blocks, [Joined(("! ", text), "none") for text in notes], code=1 if other else 0)


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"
