"""A run as plain numbers: its outcomes as they are, all else by its mark, so that equal means equal to the bit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.run import RunSpec, run

TABLES = ("towns", "counties", "villages", "firms", "projects", "talents", "flows")
"""Agent tables that are compared."""
BYTES = 6
"""Of a digest: 48 bits are exact in a float, and two columns that differ share them once in 10^14 times."""


def marks(spec: RunSpec) -> dict[str, float]:
    """Run a spec: each summary outcome, and the mark of each yearly outcome ("yearly:jobs") and table column.

    Args:
        spec: What to run; the tables that it names are marked.
    """
    found = run(spec)
    numbers = dict(found.summary)
    for table, columns in {"yearly": found.yearly, **found.tables}.items():
        numbers |= {f"{table}:{name}": _mark(values) for name, values in columns.items()}
    return numbers


def _mark(values: Any) -> float:
    array = np.ascontiguousarray(values)
    digest = hashlib.sha256(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())
    return float(int.from_bytes(digest.digest()[:BYTES], "big"))


def moved(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[str, ...]:
    """Names of the numbers that differ; undefined equals undefined."""
    return tuple(name for name in one if repr(one[name]) != repr(other[name]))
