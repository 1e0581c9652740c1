"""Policy and places as data: the TOML files read by ``sim.parameters``."""

from __future__ import annotations

from pathlib import Path

ROOT: Path = Path(__file__).resolve().parent
