"""Xiaozhen, an agent-based laboratory for the incentives of China's characteristic towns.

``import xiaozhen as xz``, then ``xz.run("zhejiang_2015").summary``; nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.5.0"

if TYPE_CHECKING:
    from sim.mesa.model import Province
    from sim.parameters import InputError, Resolved
    from sim.run import RunResult, RunSpec
    from xiaozhen.api.attribution import attribute
    from xiaozhen.api.checks import calibrate, coverage, documents, doses, readings, schedule, targets, validate
    from xiaozhen.api.designs import design, plan, vary
    from xiaozhen.api.frames import contrasts
    from xiaozhen.api.library import load, scenario
    from xiaozhen.api.names import show
    from xiaozhen.api.pictures import Picture, picture, style
    from xiaozhen.api.runs import repeat, run
    from xiaozhen.api.speed import bench, versions
    from xiaozhen.api.stores import export, query, resume, status, store, sweep, verify
    from xiaozhen.api.studies import compare, predict, prediction_pages, report, sensitivity, sensitivity_pages

__all__ = [
    "InputError",
    "Picture",
    "Province",
    "Resolved",
    "RunResult",
    "RunSpec",
    "__version__",
    "attribute",
    "bench",
    "calibrate",
    "compare",
    "contrasts",
    "coverage",
    "design",
    "documents",
    "doses",
    "export",
    "load",
    "picture",
    "plan",
    "predict",
    "prediction_pages",
    "query",
    "readings",
    "repeat",
    "report",
    "resume",
    "run",
    "scenario",
    "schedule",
    "sensitivity",
    "sensitivity_pages",
    "show",
    "status",
    "store",
    "style",
    "sweep",
    "targets",
    "validate",
    "vary",
    "verify",
    "versions",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from xiaozhen import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
