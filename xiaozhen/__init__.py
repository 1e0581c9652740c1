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
    from xiaozhen.api import compare, load, report, run, scenario, show

_HOMES = {
    "InputError": "sim.parameters", "Resolved": "sim.parameters", "Province": "sim.province", "RunSpec": "sim.run",
    "RunResult": "sim.run", "load": "xiaozhen.api", "scenario": "xiaozhen.api", "run": "xiaozhen.api",
    "compare": "xiaozhen.api", "report": "xiaozhen.api", "show": "xiaozhen.api",
}  # fmt: skip

__all__ = [
    "InputError", "Province", "Resolved", "RunResult", "RunSpec", "__version__", "compare", "load", "report", "run",
    "scenario", "show",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
