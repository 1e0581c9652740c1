"""Run a plan in shards that survive kill -9: a shard stands on disk whole or not at all.

Shards hold whole points, are written under a temporary name, flushed and renamed, and are named by a hash of what they
hold, so a folder can serve several plans and a resumed plan gives the same bytes as one that was never interrupted.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import FailedRun, RunFailures
from experiments.plan.plan import Plan
from experiments.run.runner import run_many
from experiments.run.tasks import guarded, task_of
from sim.parameters import Library, load_library

RUNS_PER_SHARD = 20
"""About ten seconds of work: what a kill loses."""


@dataclass(frozen=True)
class Shard:
    """Some points of a plan with all their runs, and where their results go."""

    plan: Plan
    path: Path
    replicate: int = 0
    """Only so that a failure can be told like that of any run."""


def evaluate(
    plan: Plan,
    folder: Path,
    *,
    code: str = "",
    library: Library | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, float]]:
    """Run what is not yet on disk, then read everything.

    Args:
        plan: What to run.
        folder: Where the shards go; made if it is not there.
        code: Fingerprint of the model; another one makes other shards.
        library: The scenario files; those of the product by default.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all) runs.

    Returns:
        The numbers of every run, in the order of ``plan.runs``.

    Raises:
        RunFailures: A run failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = _shards(plan, folder, code)
    missing = [shard for shard in shards if not shard.path.exists()]
    done = sum(len(shard.plan.runs) for shard in shards if shard not in missing)
    _run(missing, done, len(plan.runs), library, workers, progress)
    found: dict[tuple[str, int], dict[str, float]] = {}
    for shard in shards:
        found |= _read(shard)
    return [found[plan.points[p].id, k] for p, k in plan.runs]


def _run(
    missing: Sequence[Shard],
    done: int,
    total: int,
    library: Library | None,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> None:
    if not missing:
        return
    per_shard = len(missing[0].plan.runs)

    def tell(finished: int, _: int) -> None:
        if progress is not None:
            progress(min(total, done + finished * per_shard), total)

    files = library or load_library()
    results = run_many(missing, workers=workers, task=partial(run_shard, files), progress=tell, allow_failures=True)  # type: ignore[arg-type]
    failures = [r for r in results if isinstance(r, FailedRun)]
    if failures:
        raise RunFailures(failures, results)


def run_shard(library: Library, shard: Shard) -> str:
    """Run one shard and write it; the task of every worker."""
    task = task_of(shard.plan.task)
    rows = []
    for spec in shard.plan.specs(library):
        numbers = guarded(task, spec)
        if isinstance(numbers, FailedRun):
            raise RuntimeError(f"{numbers.stage}: {numbers.cause}")
        rows.append(_exact(numbers))
    write_whole(shard.path, json.dumps(rows).encode())
    return shard.path.name


def _exact(numbers: Any) -> dict[str, float]:
    """JSON keeps every bit of a float; NaN is written as it is."""
    return {name: float(value) for name, value in numbers.items()}


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _read(shard: Shard) -> dict[tuple[str, int], dict[str, float]]:
    rows = json.loads(shard.path.read_bytes())
    names = [(shard.plan.points[p].id, k) for p, k in shard.plan.runs]
    return dict(zip(names, rows, strict=True))


def _shards(plan: Plan, folder: Path, code: str) -> list[Shard]:
    """Cut a plan into shards of whole points."""
    runs: dict[int, list[int]] = {}
    for p, k in plan.runs:
        runs.setdefault(p, []).append(k)
    order = list(runs)
    found = []
    size = max(1, RUNS_PER_SHARD * len(order) // max(1, len(plan.runs)))
    for start in range(0, len(order), size):
        some = order[start : start + size]
        part = replace(
            plan,
            points=tuple(plan.points[p] for p in some),
            runs=tuple((i, k) for i, p in enumerate(some) for k in runs[p]),
        )
        found.append(Shard(part, folder / f"{_name(part, code)}.json"))
    return found


def _name(part: Plan, code: str) -> str:
    """Hash of everything that the results depend on."""
    points: list[Mapping[str, Any]] = [
        {
            "id": p.id, "regime": p.regime, "world": p.world, "start": p.start, "quarters": p.quarters,
            "levers": dict(p.levers), "behaviour": dict(p.behaviour),
        }
        for p in part.points
    ]  # fmt: skip
    content = json.dumps([code, part.task, part.root, points, part.runs], sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()[:20]


def matrix(rows: Sequence[Mapping[str, float]], names: Sequence[str], replicates: int) -> np.ndarray:
    """Results of a crossed plan as an array of shape (draws, replicates, names)."""
    table = np.array([[row[name] for name in names] for row in rows], dtype=np.float64)
    return table.reshape(-1, replicates, len(names))
