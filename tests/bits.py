"""The bits of a few short runs, printed: what `test_determinism` compares across processes, hash seeds and Pythons.

Run as a script, it prints one hash a run for the specs of :func:`specs`.
"""

from __future__ import annotations

import hashlib
import sys
from typing import Any

import numpy as np

from sim.run import RunResult, RunSpec, run
from tests.worlds import PLACES, REGIMES, counties, scenario

QUARTERS = 6
TABLES = ("towns", "counties", "villages", "firms", "projects", "talents")


def specs() -> list[RunSpec]:
    """Four regimes, six quarters, four replicates, the small province, all tables."""
    return [
        RunSpec(scenario(r, QUARTERS, levers={} if r == "null" else PLACES), k, tables=TABLES, counties=counties())
        for k, r in enumerate(REGIMES)
    ]


def parts(result: RunResult) -> dict[str, Any]:
    """Every number of a result by name."""
    found: dict[str, Any] = {"years": np.array(result.years), "levers": np.array(result.guards["levers_read"])}
    found |= {f"yearly.{k}": v for k, v in result.yearly.items()}
    found |= {f"summary.{k}": np.array([v]) for k, v in result.summary.items()}
    found |= {f"{c}.{k}": np.array([v]) for c, row in result.cohorts.items() for k, v in row.items()}
    return found | {f"{t}.{k}": v for t, table in result.tables.items() for k, v in table.items()}


def bits(result: RunResult) -> str:
    """SHA-256 over every byte of a result, the order of rows and of names included."""
    out = hashlib.sha256(result.spec_key.encode())
    for name, value in parts(result).items():
        out.update(f"{name}{value.dtype.str}{value.shape}".encode())
        out.update(np.ascontiguousarray(value).tobytes())
    return out.hexdigest()


if __name__ == "__main__":
    print(f"{sys.version_info[0]}.{sys.version_info[1]}", np.__version__)
    for one in specs():
        print(one.scenario.regime, bits(run(one)))
