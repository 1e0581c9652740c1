"""The Python interface, by subject; every name of it is also one of ``xiaozhen`` itself.

Nothing is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

HOMES = {
    "InputError": "sim.parameters", "Resolved": "sim.parameters", "Province": "sim.mesa.model",
    "RunSpec": "sim.run", "RunResult": "sim.run",
    "load": "xiaozhen.api.library", "scenario": "xiaozhen.api.library", "settings_of": "xiaozhen.api.library",
    "is_uncertainty": "xiaozhen.api.library", "run": "xiaozhen.api.runs", "show": "xiaozhen.api.names",
    "design": "xiaozhen.api.designs", "vary": "xiaozhen.api.designs", "plan": "xiaozhen.api.designs",
    "contrasts": "xiaozhen.api.frames",
    "Picture": "xiaozhen.api.pictures", "picture": "xiaozhen.api.pictures", "style": "xiaozhen.api.pictures",
    "attribute": "xiaozhen.api.studies", "compare": "xiaozhen.api.studies", "predict": "xiaozhen.api.studies",
    "report": "xiaozhen.api.studies", "sensitivity": "xiaozhen.api.studies", "validate": "xiaozhen.api.studies",
    "query": "xiaozhen.api.stores", "resume": "xiaozhen.api.stores", "store": "xiaozhen.api.stores",
    "sweep": "xiaozhen.api.stores",
}  # fmt: skip
"""Where each name lives."""


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
