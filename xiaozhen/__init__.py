"""Xiaozhen, an agent-based laboratory for the incentives of China's characteristic towns.

``import xiaozhen as xz``, then ``xz.run("zhejiang_2015").summary``; nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.3.0"

if TYPE_CHECKING:
    from sim.parameters import InputError, Resolved
    from sim.province import Province
    from sim.run import RunResult, RunSpec
    from xiaozhen.api import load, run, scenario, show
    from xiaozhen.api_design import design, plan, vary
    from xiaozhen.api_frames import contrasts
    from xiaozhen.api_pictures import Picture, picture, style
    from xiaozhen.api_studies import attribute, compare, predict, report, sensitivity, validate
    from xiaozhen.api_sweep import query, resume, store, sweep

_HOMES = {
    "InputError": "sim.parameters", "Resolved": "sim.parameters", "Province": "sim.province", "RunSpec": "sim.run",
    "RunResult": "sim.run",
    "load": "xiaozhen.api", "scenario": "xiaozhen.api", "run": "xiaozhen.api", "show": "xiaozhen.api",
    "design": "xiaozhen.api_design", "vary": "xiaozhen.api_design", "plan": "xiaozhen.api_design",
    "contrasts": "xiaozhen.api_frames",
    "Picture": "xiaozhen.api_pictures", "picture": "xiaozhen.api_pictures", "style": "xiaozhen.api_pictures",
    "attribute": "xiaozhen.api_studies", "compare": "xiaozhen.api_studies", "predict": "xiaozhen.api_studies",
    "report": "xiaozhen.api_studies", "sensitivity": "xiaozhen.api_studies", "validate": "xiaozhen.api_studies",
    "query": "xiaozhen.api_sweep", "resume": "xiaozhen.api_sweep", "store": "xiaozhen.api_sweep",
    "sweep": "xiaozhen.api_sweep",
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
