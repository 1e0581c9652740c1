"""The prose of the description, read from ``texts.toml`` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Texts = Mapping[str, Mapping[str, str]]

_READ: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))

HEADINGS: Texts = _READ["headings"]
"""Heading of each numbered section."""
COLUMNS: Texts = _READ["columns"]
"""Heads of table columns."""
ENTITIES: Texts = _READ["entities"]
"""Name of each entity, by its class."""
STATUSES: Texts = _READ["statuses"]
"""Meaning of each place in the programme."""
STRATEGIES: Texts = _READ["strategies"]
"""Meaning of each strategy."""
MODULES: Texts = _READ["modules"]
"""Title of each module of agents."""
WORDS: Texts = _READ["words"]
"""Grades of evidence and reliability."""
CONCEPTS: tuple[Mapping[str, Any], ...] = tuple(_READ["concepts"])
"""Design concepts: title, zh, en."""
PROSE: Texts = _READ["prose"]
"""Paragraphs by name."""
