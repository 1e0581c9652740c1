"""Which instruments each part of an account tells of, and the sentence of each lever, read from ``phrases.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "asked": ("target",),
    "chosen": ("call",),
    "assessed": ("assessment",),
    "lists": ("list",),
    "named": ("acceptance",),
    "land": ("land_reward", "land_guarantee", "land_supply", "settlement"),
    "money": ("rebate", "grant", "tiers", "interest", "finance"),
    "ease": ("approval", "registered_capital", "delegation", "mixed_use"),
    "people": ("talent",),
    "back": ("clawback", "veto"),
    "limits": ("housing", "debt"),
    "villages": ("linkage", "shares", "processing", "visitors"),
    "known": ("information",),
    "other": (),
}
"""Parts of an account in order, and the instruments told in it."""
PHRASES: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8")
)["phrase"]
"""Lever -> its sentence: {value} stands for the value; choices and flags may have one sentence for each option."""
