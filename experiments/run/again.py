"""Run a sample of stored runs again and compare to the bit."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from experiments.plan.luck import permutation
from experiments.run.tasks import guarded, stored_task
from experiments.store.folder import Store
from experiments.store.reading import records
from experiments.store.record import DONE, Record, record_of
from sim.parameters import Library


class Difference(NamedTuple):
    """A number that does not come out again.

    Attributes:
        where: Point and replicate.
        what: Outcome.
        stored, found: Both numbers, in full.
    """

    where: str
    what: str
    stored: str
    found: str


def chosen(n: int, sample: int, seed: int) -> list[int]:
    """Which of n runs to run again, in their order."""
    return sorted(int(i) for i in permutation("store.verify", n, seed)[:sample]) if n else []


def rerun_store(
    folder: Path, sample: int, seed: int, library: Library, *, task: str = ""
) -> tuple[list[Difference], int]:
    """Run a sample of a store's runs again; those that failed for a passing reason are left out.

    Returns:
        What comes out otherwise, and how many runs were run again.

    Raises:
        StoreError: If the scenario files have changed, or the store names a task of its own and not ``task``.
    """
    store = Store.open(folder)
    run = stored_task(store.plan.task, task)
    specs, held = store.specs(library), store.done()
    candidates = [i for i, key in enumerate(store.keys) if key in held]
    rows = [candidates[i] for i in chosen(len(candidates), sample, seed)]
    plan, stored = store.plan, records(store, [store.keys[i] for i in rows])
    found = []
    for i in rows:
        point, replicate = plan.runs[i]
        record = record_of(store.keys[i], guarded(run, specs[i]), plan.parts)
        where = f"{plan.points[point].id}, {replicate}"
        found += [Difference(where, *d) for d in _differences(stored[store.keys[i]], record)][:1]
    return found, len(rows)


def _flat(record: Record) -> dict[str, Any]:
    """Everything that a record says, by name."""
    if record.status != DONE:
        return {"status": record.status, "stage": record.stage, "cause": record.cause}
    yearly = {f"{n} {y}": x for n, v in record.yearly.items() for y, x in zip(record.years, v, strict=True)}
    cohorts = {f"{n} ({c})": x for c, v in record.cohorts.items() for n, x in v.items()}
    return {"status": record.status, "levers_read": " ".join(record.levers_read), **record.summary, **yearly, **cohorts}


def _differences(stored: Record, found: Record) -> Iterator[tuple[str, str, str]]:
    a, b = _flat(stored), _flat(found)
    for name in dict.fromkeys([*a, *b]):
        x, y = a.get(name), b.get(name)
        same = _bits(x) == _bits(y) if isinstance(x, float) and isinstance(y, float) else x == y
        if not same:
            yield name, "–" if x is None else repr(x), "–" if y is None else repr(y)


def _bits(number: float) -> bytes:
    return struct.pack("<d", math.nan if number != number else number)
