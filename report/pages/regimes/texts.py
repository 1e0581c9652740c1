"""The prose of the accounts, read from ``texts.toml`` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Both = Mapping[str, str]


def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


_TEXTS = _read("texts.toml")
PROSE: Mapping[str, Both] = _TEXTS["prose"]
"""Headings and standing sentences by name."""
SECTIONS: Mapping[str, Mapping[str, Any]] = _TEXTS["section"]
"""Parts of an account in order, by the name that instruments give as their section."""
INDUSTRY_NAMES: Mapping[str, Both] = _TEXTS["industry"]
"""What the classes of industry are called."""
COUNTED: Mapping[str, Both] = _TEXTS["counted"]
"""How a number of a unit is told, by unit: {n} stands for the number."""
LEVELS: Mapping[str, Both] = _TEXTS["level"]
"""What a level of government is called."""
