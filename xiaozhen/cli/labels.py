"""How the fields of an explanation are labelled, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from report.text.catalogue import has, say

CODES: Mapping[str, Mapping[Any, str]] = {
    "better": {1: "output.more_is_better", -1: "output.less_is_better", 0: "output.neither"},
    "yearly_or_summary": {"summary": "output.whole_run", "yearly": "output.each_year"},
}
"""Fields whose values are codes -> message id by code."""


def label(key: str, lang: str) -> str:
    """How a field is labelled; one without a label is told by its name."""
    return say(name, lang) if has(name := f"label.{key}") else key.replace("_", " ")
