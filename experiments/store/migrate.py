"""Bring the plan file of an older store to the layout of today: one step for each version, in memory.

Nothing is rewritten for a reader. Whoever goes on with an old store writes it anew in today's layout.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from experiments.plan.behaviour import PER_DRAW
from experiments.store.errors import StoreError
from experiments.store.layout import STORE as MARK
from experiments.store.plan_file import SCHEMA

Content = dict[str, Any]


def _to_2(content: Content) -> Content:
    """Version 2 tells under which other versions of the dependencies earlier runs were made; version 1 knew one."""
    return {**content, "earlier": []}


def _to_3(content: Content) -> Content:
    """Version 3 holds draws of the behaviour; before, all runs had the behaviour that their point says."""
    return {**content, "behaviour": {"mode": "central", "keys": [], "draws": []}}


def _to_4(content: Content) -> Content:
    """Version 4 keeps agent-level tables, scenarios as they were, and which replicates share a draw of behaviour."""
    behaviour = {**content["behaviour"], "each": PER_DRAW, "at_prior": []}
    return {**content, "behaviour": behaviour, "tables": [], "maps": [], "scenarios": []}


STEPS: Mapping[int, Callable[[Content], Content]] = {1: _to_2, 2: _to_3, 3: _to_4}
"""Version -> what turns its plan file into one of the next version."""


def up_to_date(content: Content, file: str) -> Content:
    """The content in the layout of today.

    Args:
        content: What stands in the plan file.
        file: Name of the store, for messages.

    Raises:
        StoreError: If the layout is newer than this program, or none that it knows.
    """
    version = content.get(MARK)
    if isinstance(version, bool) or not isinstance(version, int) or version > SCHEMA:
        raise StoreError("newer_schema", file=file, found=str(version), allowed=f"≤ {SCHEMA}")
    while version < SCHEMA:
        if version not in STEPS:
            raise StoreError("old_schema", file=file, found=str(version), allowed=f"{min(STEPS)}–{SCHEMA}")
        content = STEPS[version](content)
        version += 1
        content[MARK] = version
    return content
