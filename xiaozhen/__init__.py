"""Xiaozhen, an agent-based laboratory for the incentives of China's characteristic towns.

``import xiaozhen as xz``, then ``xz.run("zhejiang_2015").summary``; nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.3.0"

if TYPE_CHECKING:
    from sim.mesa.model import Province
    from sim.parameters import InputError, Resolved
    from sim.run import RunResult, RunSpec
    from xiaozhen.api.design import design, plan, vary
    from xiaozhen.api.frames import contrasts
    from xiaozhen.api.pictures import Picture, picture, style
    from xiaozhen.api.run import load, run, scenario, show
    from xiaozhen.api.studies import attribute, compare, predict, report, sensitivity, validate
    from xiaozhen.api.sweep import query, resume, store, sweep

_HOMES = {
    "InputError": "sim.parameters", "Resolved": "sim.parameters", "Province": "sim.mesa.model",
    "RunSpec": "sim.run", "RunResult": "sim.run",
    "load": "xiaozhen.api.run", "scenario": "xiaozhen.api.run", "run": "xiaozhen.api.run", "show": "xiaozhen.api.run",
    "design": "xiaozhen.api.design", "vary": "xiaozhen.api.design", "plan": "xiaozhen.api.design",
    "contrasts": "xiaozhen.api.frames",
    "Picture": "xiaozhen.api.pictures", "picture": "xiaozhen.api.pictures", "style": "xiaozhen.api.pictures",
    "attribute": "xiaozhen.api.studies", "compare": "xiaozhen.api.studies", "predict": "xiaozhen.api.studies",
    "report": "xiaozhen.api.studies", "sensitivity": "xiaozhen.api.studies", "validate": "xiaozhen.api.studies",
    "query": "xiaozhen.api.sweep", "resume": "xiaozhen.api.sweep", "store": "xiaozhen.api.sweep",
    "sweep": "xiaozhen.api.sweep",
}  # fmt: skip
"""Where each name lives; it is imported when it is first used."""

__all__ = [
    "InputError", "Picture", "Province", "Resolved", "RunResult", "RunSpec", "__version__", "attribute", "compare",
    "contrasts", "design", "load", "picture", "plan", "predict", "query", "report", "resume", "run", "scenario",
    "sensitivity", "show", "store", "style", "sweep", "validate", "vary",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
