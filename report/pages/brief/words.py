"""Sentences of the brief by id and language."""

from __future__ import annotations

from report.text.catalogue import template


def tell(sentence: str, lang: str, /, **values: object) -> str:
    """A sentence with its placeholders filled."""
    return template(f"brief.{sentence}", lang).format_map(values)


def heads(name: str, lang: str) -> list[str]:
    """Column heads, which stand in one sentence with bars between them."""
    return tell(name, lang).split("|")


def ended(text: str, lang: str) -> str:
    """A text with one full stop at its end."""
    return text.rstrip("。. ") + ("。" if lang == "zh" else ".")


def listed(parts: list[str], lang: str) -> str:
    """Parts with commas of the language."""
    return ("；" if lang == "zh" else "; ").join(parts)
