"""What tells a folder of ours: its marker files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from experiments.store.manifest import MANIFEST

PLAN, SPEC = "plan.json", "spec.json"
"""Marker files of a store, and of a result without one."""
STORE, RESULT = "xiaozhen_store", "xiaozhen_result"
"""Keys in them; the value is the version of the layout."""


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_store(folder: Path) -> bool:
    """Whether the folder holds a store of any layout."""
    return STORE in read_json(folder / PLAN)


def is_result(folder: Path) -> bool:
    """Whether the folder holds another result, finished or interrupted."""
    return any(RESULT in read_json(folder / name) for name in (SPEC, MANIFEST))
