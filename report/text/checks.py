"""What the guards of a study found, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.analysis.guards import Finding
from experiments.analysis.study import Study
from report.blocks import Joined, Text, message, title
from report.text.studies import outcome_title

NAMED = 8
"""Names written out in a sentence; the rest is counted."""
LISTS = ("levers", "outcomes", "yearly", "scenarios")


def said(finding: Finding | Mapping[str, Any], study: Study | None) -> Text:
    """One finding in words.

    Args:
        finding: As the guard made it, or as a result folder holds it; folders of 0.3 hold the sentence itself.
        study: Where titles of outcomes and scenarios come from; ids stand in their place without it.
    """
    record = vars(finding) if isinstance(finding, Finding) else finding
    if "message" not in record:
        return title({lang: record[lang] for lang in ("zh", "en")})
    values = {name: _value(name, value, study) for name, value in record["values"].items()}
    return message(f"guards.{record['message']}", **values)


def _value(name: str, value: Any, study: Study | None) -> Text:
    if name in ("one", "other"):
        return title(study.group(value).title) if study else str(value)
    return _names([_title(name, one, study) for one in value]) if name in LISTS else str(value)


def _title(kind: str, name: str, study: Study | None) -> Text:
    carried = kind == "outcomes" and study is not None and name in study.summary_ids
    return outcome_title(study, name) if carried and study is not None else name


def _names(names: Sequence[Text]) -> Text:
    more = [message("guards.more", n=len(names) - NAMED)] if len(names) > NAMED else []
    return Joined([*names[:NAMED], *more], "and")
