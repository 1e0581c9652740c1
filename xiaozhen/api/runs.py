"""Runs of one scenario from Python."""

from __future__ import annotations

from typing import Any

from experiments.run.engines.compiling import shared_compilation
from sim.parameters import Resolved
from sim.run import RunResult, RunSpec
from sim.run import run as run_spec
from xiaozhen.api.library import scenario


def run(regime: str | Resolved, replicate: int = 0, **options: Any) -> RunResult:
    """Run one replicate of a regime or scenario.

    Args:
        regime: Id of a regime, or a scenario from :func:`scenario`.
        replicate: Equal replicates share all luck across scenarios.
        **options: ``root``, ``tables`` and ``counties`` of a ``RunSpec``; with an id also what :func:`scenario` takes.

    Returns:
        Outcomes: ``.summary`` by id, ``.yearly`` by id and year, ``.cohorts``, ``.tables``.

    Raises:
        InputError: Where something asked for does not exist or is not allowed.
    """
    own = {name: options.pop(name) for name in ("root", "tables", "counties") if name in options}
    chosen = scenario(regime, **options) if isinstance(regime, str) else regime
    with shared_compilation():
        return run_spec(RunSpec(chosen, replicate, **own))
