"""The identity of a run: everything that moves its numbers, and nothing else.

Two runs of one key are equal to the bit, so a store that has one never needs the other. Names (regime, point, study)
are no part of it; sources of the model, resolved parameters, replicate, root, draw scheme and county table are.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim.engine.draws import SCHEME
from sim.engine.kernel import source_fingerprint
from sim.run import RunSpec

SOURCE_KINDS = (".py", ".toml", ".csv")


@dataclass(frozen=True)
class Identity:
    """What all runs of a plan have in common.

    Attributes:
        model: SHA-256 of the sources of ``sim``.
        scheme: Name of the draw scheme.
        task: "module:function" that runs one spec.
        task_sources: SHA-256 of the task's own package, "" where that is ``sim``.
        parts: What is kept of a result, sorted.
        root: Root seed.
        county_table: SHA-256 of the user's own county table, "" without one.
    """

    model: str
    scheme: str
    task: str
    task_sources: str
    parts: tuple[str, ...]
    root: int
    county_table: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "parts": list(self.parts)}


def identity(*, task: str, parts: Sequence[str], root: int, counties: str | None) -> Identity:
    """The identity of runs made here and now.

    Raises:
        OSError: If the county table cannot be read.
    """
    table = hashlib.sha256(Path(counties).read_bytes()).hexdigest() if counties else ""
    return Identity(source_fingerprint(), str(SCHEME), task, task_sources(task), tuple(sorted(parts)), root, table)


def key_of(common: Identity, scenario: str, replicate: int, tables: Sequence[str] = ()) -> str:
    """The key of one run.

    Args:
        common: What all runs share.
        scenario: Fingerprint of the resolved scenario.
        replicate: Replicate.
        tables: Agent-level tables asked for.
    """
    content = [_text(common), scenario, replicate, sorted(tables)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


@cache
def _text(common: Identity) -> str:
    return json.dumps(common.as_dict(), sort_keys=True)


def run_key(spec: RunSpec, *, task: str, parts: Sequence[str]) -> str:
    """SHA-256 that identifies a run and what was kept of it."""
    common = identity(task=task, parts=parts, root=spec.root, counties=spec.counties)
    return key_of(common, spec.scenario.fingerprint, spec.replicate, spec.tables)


@cache
def task_sources(task: str) -> str:
    """SHA-256 over the sources of the package a task stands in; "" for the model, whose sources count anyway."""
    top = task.partition(":")[0].partition(".")[0]
    if top == "sim":
        return ""
    found = importlib.util.find_spec(top)
    found_in = (found.submodule_search_locations or []) if found else []
    places = list(dict.fromkeys(Path(p).resolve() for p in found_in))  # the path may name a folder twice
    files = [(p.relative_to(place), p) for place in places for p in place.rglob("*") if p.suffix in SOURCE_KINDS]
    if found and not places and found.origin:
        files = [(Path(Path(found.origin).name), Path(found.origin))]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(name.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
