"""The Python interface, by subject; every name of it is also one of ``xiaozhen`` itself.

Nothing is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

MODULES: dict[str, tuple[str, ...]] = {
    "sim.parameters": ("InputError", "Resolved"),
    "sim.mesa.model": ("Province",),
    "sim.run": ("RunSpec", "RunResult"),
    "xiaozhen.api.library": ("load", "scenario", "settings_of", "is_uncertainty"),
    "xiaozhen.api.runs": ("run", "repeat"),
    "xiaozhen.api.names": ("show",),
    "xiaozhen.api.designs": ("design", "vary", "plan"),
    "xiaozhen.api.frames": ("contrasts",),
    "xiaozhen.api.pictures": ("Picture", "picture", "style"),
    "xiaozhen.api.attribution": ("attribute",),
    "xiaozhen.api.studies": ("compare", "predict", "report", "sensitivity", "sensitivity_pages", "prediction_pages"),
    "xiaozhen.api.checks": (
        "calibrate",
        "coverage",
        "documents",
        "doses",
        "readings",
        "schedule",
        "targets",
        "validate",
    ),
    "xiaozhen.api.stores": ("export", "query", "resume", "status", "store", "sweep", "verify"),
    "xiaozhen.api.speed": ("bench", "versions"),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}
"""Where each name lives."""


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
