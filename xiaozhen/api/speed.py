"""How fast and how large: one run, one agent, the first start and every later start.

Speed is processor time of this process, so that other work on the machine does not count; starts are wall time of a
fresh process, because that is what somebody waits for.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from experiments.run.runner import run_many
from sim.engine.draws import SCHEME
from sim.model import Simulation
from sim.run import RunSpec, collect
from xiaozhen import __version__
from xiaozhen.api.library import scenario

ROUNDS = 5
REGIME = "zhejiang_2015"
EFFECTIVE = "2015Q2"
PROBE = "from xiaozhen.api.speed import first_result; first_result({regime!r})"


def spec_of(regime: str = REGIME) -> RunSpec:
    """The run that is measured: a regime in its own world from 2015 on."""
    return RunSpec(scenario(regime, effective=EFFECTIVE))


def first_result(regime: str = REGIME) -> float:
    """Read the files, build a province and run it: what the first command does."""
    return float(run_many([spec_of(regime)], workers=1)[0].summary["investment_total"])


def bench(
    regime: str = REGIME,
    *,
    scale: int = 1,
    rounds: int = ROUNDS,
    starts: bool = True,
    tell: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Measure everything.

    Args:
        regime: Which regime runs.
        scale: Times as many town sites, villages, firms and talents as the world has.
        rounds: Warm runs; the median counts.
        starts: Whether to measure starts in fresh processes too (about half a minute).
        tell: Called with the name of each part before it begins.

    Returns:
        seconds_per_run, agent_updates_per_second, bytes_per_agent, first_start_s, later_start_s, agents, quarters;
        the starts are NaN where they were not measured.
    """
    tell = tell or (lambda _: None)
    tell("agents")
    found = _sizes(regime, scale)
    tell("seconds_per_run")
    seconds = warm_seconds(regime, scale, rounds)
    first = later = float("nan")
    if starts:
        tell("first_start_s")
        first, later = start_seconds(regime)
    return {
        "seconds_per_run": seconds,
        "agent_updates_per_second": found.pop("updates") / seconds,
        "bytes_per_agent": found.pop("bytes_per_agent"),
        "first_start_s": first,
        "later_start_s": later,
        **found,
    }


def warm_seconds(regime: str = REGIME, scale: int = 1, rounds: int = ROUNDS) -> float:
    """Median processor seconds of a whole run, built anew each time, after one run that is not counted."""
    spec = spec_of(regime)
    times = []
    for _ in range(rounds + 1):
        begin = time.process_time()
        collect(_province(spec, scale), spec)
        times.append(time.process_time() - begin)
    return statistics.median(times[1:])


def _province(spec: RunSpec, scale: int) -> Simulation:
    return Simulation(spec.scenario, spec.replicate, spec.root, scale=scale)


def _sizes(regime: str, scale: int) -> dict[str, Any]:
    """Agents and bytes at the end of a run, and agents updated over all its quarters."""
    spec = spec_of(regime)
    province = _province(spec, scale)
    updates = 0
    while province.t + 1 < province.clock.quarters:
        province.step()
        updates += sum(province.agent_counts().values())
    counts, memory = province.agent_counts(), province.memory()
    held = sum(counts[name] for name in memory)
    return {
        "updates": updates,
        "bytes_per_agent": sum(memory.values()) / held,
        "agents": sum(counts.values()),
        "quarters": province.clock.quarters,
        "agents_by_population": counts,
        "updates_per_run": updates,
    }


def start_seconds(regime: str = REGIME) -> tuple[float, float]:
    """Seconds to the first result in a fresh process: with nothing compiled yet, and after that."""
    with tempfile.TemporaryDirectory() as cache:
        return _start(regime, cache), _start(regime, cache)


def _start(regime: str, cache: str) -> float:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONPATH": path}
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", PROBE.format(regime=regime)], env=environment, check=True)
    return time.perf_counter() - begin


def versions() -> dict[str, str]:
    """Versions of the product, Python, the libraries that touch numbers, and the draw scheme."""
    parts = {"xiaozhen": __version__, "python": sys.version.split()[0], "draws": SCHEME}
    return parts | {name: version(name) for name in ("mesa", "numba", "numpy", "scipy", "networkx", "matplotlib")}
