"""The words of ``docs/behaviour.md`` in Chinese and English, kept in ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

Pair = Mapping[str, str]

_WORDS: Mapping[str, Mapping[str, Pair]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PARTS, VERDICTS, KINDS, TEXT = _WORDS["parts"], _WORDS["verdicts"], _WORDS["kinds"], _WORDS["text"]
MENU = _WORDS["menu"]
"""The county's menu in the order of ``sim.state.town.Strategy``."""
CHOSEN = _WORDS["chosen"]
"""The yearly outcomes of behaviour as they are called here."""
STAKES = _WORDS["stakes"]
"""What a county weighs, part by part, in the order of the table; instruments not named here have their own title."""
ARROWS: Mapping[int, str] = {1: "↑", -1: "↓", 0: "?"}
