"""Policy and places as data: the TOML files read by ``sim.parameters``."""

from __future__ import annotations

import os
from pathlib import Path

ROOT: Path = Path(__file__).resolve().parent
EXTENSIONS = "XIAOZHEN_INSTRUMENTS"
"""Environment variable: folders of instruments of one's own, each with ``X.toml`` and ``X.py`` side by side."""


def extensions() -> tuple[Path, ...]:
    """Folders of instruments of one's own, in the order in which they are named."""
    named = os.environ.get(EXTENSIONS, "")
    return tuple(Path(one).resolve() for one in named.split(os.pathsep) if one)
