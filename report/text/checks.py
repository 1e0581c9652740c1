"""What the guards of a study found, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.analysis.guards import Finding
from experiments.analysis.study import Study
from report.text.catalogue import say
from report.text.language import joined

NAMED = 8
"""Names written out in a sentence; the rest is counted."""
LISTS = ("levers", "outcomes", "yearly", "scenarios")


def sentence(finding: Finding | Mapping[str, Any], study: Study | None, lang: str) -> str:
    """One finding in words.

    Args:
        finding: As the guard made it, or as a result folder holds it; folders of 0.3 hold the sentence itself.
        study: Where titles of outcomes and scenarios come from; ids stand in their place without it.
        lang: Language.
    """
    record = vars(finding) if isinstance(finding, Finding) else finding
    if "message" not in record:
        return str(record[lang])
    values = {name: _value(name, value, study, lang) for name, value in record["values"].items()}
    return say(f"guards.{record['message']}", lang, **values)


def _value(name: str, value: Any, study: Study | None, lang: str) -> str:
    if name in ("one", "other"):
        return str(study.group(value).title[lang]) if study else str(value)
    return _names([_title(name, one, study, lang) for one in value], lang) if name in LISTS else str(value)


def _title(kind: str, name: str, study: Study | None, lang: str) -> str:
    if kind == "outcomes" and study is not None and name in study.summary_ids:
        return str(study.definition("summary", name).title[lang])
    return name


def _names(names: Sequence[str], lang: str) -> str:
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        shown.append(say("guards.more", lang, n=len(names) - NAMED))
    return joined(shown, lang)
