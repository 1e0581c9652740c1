"""One run as a pure function: the same spec gives the same result, to the bit."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import SCHEME
from sim.model import ROOT, Simulation
from sim.outcomes import by_calendar_year, cohorts, observer_for, summarise, tables, years
from sim.parameters import Resolved


@dataclass(frozen=True)
class RunSpec:
    """What to run.

    Attributes:
        scenario: All levers by quarter, behaviour, constants, world, calendar.
        replicate: Equal replicates share all luck across scenarios.
        root: Root seed of the study.
        tables: Agent-level tables to return.
        counties: Path of a user's own county table.
    """

    scenario: Resolved
    replicate: int = 0
    root: int = ROOT
    tables: tuple[str, ...] = ()
    counties: str | None = None

    @property
    def key(self) -> str:
        """SHA-256 that identifies the run: scenario, replicate, root, draw scheme, world table, tables."""
        table = hashlib.sha256(Path(self.counties).read_bytes()).hexdigest() if self.counties else ""
        content = [
            self.scenario.fingerprint,
            self.replicate,
            self.root,
            SCHEME,
            table,
            sorted(self.tables),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@dataclass(frozen=True)
class RunResult:
    """What came of it.

    Attributes:
        spec_key: Key of the spec.
        years: Calendar years of the yearly outcomes.
        yearly: Outcome id to array of shape (years,).
        summary: Outcome id to number; NaN where it is not defined.
        cohorts: Listing year to outcomes of that cohort.
        tables: Agent-level tables asked for.
        guards: Levers that were read during the run.
    """

    spec_key: str
    years: tuple[int, ...]
    yearly: dict[str, NDArray[np.float64]]
    summary: dict[str, float]
    cohorts: dict[str, dict[str, float]]
    tables: dict[str, dict[str, NDArray[Any]]]
    guards: dict[str, Any]


def run(spec: RunSpec) -> RunResult:
    """Run a spec.

    Args:
        spec: What to run.

    Returns:
        The outcomes.

    Raises:
        sim.engine.ledger.LedgerError: The books do not balance.
    """
    province = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties)
    return collect(province, spec)


def collect(p: Simulation, spec: RunSpec) -> RunResult:
    """Run a province to its end and gather its outcomes."""
    observer = observer_for(spec.tables)
    observer.observe(p)
    while p.t + 1 < p.clock.quarters:
        p.step()
        observer.observe(p)
    return RunResult(
        spec.key,
        years(p),
        by_calendar_year(p, observer),
        summarise(p),
        cohorts(p),
        tables(p, spec.tables, observer),
        {"levers_read": sorted(p.policy.levers_read())},
    )
