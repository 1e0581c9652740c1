"""Errors in the language of the person who made them; their English is their own (`str(error)`)."""

from __future__ import annotations

from typing import Any

from report.text.catalogue import spoken, topic
from report.text.language import FALLBACK
from sim.parameters.errors import ProductError, one_line
from sim.parameters.texts import Phrase


def told(error: ProductError, lang: str) -> str:
    """The whole message in a language; what that language lacks is said in English."""
    return "\n".join(one_line(said(line, lang)) for line in error.lines())


def said(words: Any, lang: str) -> str:
    """A phrase of an error, or whatever else stands in one."""
    if not isinstance(words, Phrase):
        return str(spoken(words, lang))
    texts = topic("mistakes").get(f"mistakes.{words.id}", {})
    template = words.english if lang == FALLBACK else texts.get(lang, words.english)
    return template.format_map({name: said(value, lang) for name, value in words.values.items()})
