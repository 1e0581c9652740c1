"""Run a sample of stored runs again and compare to the bit."""

from __future__ import annotations

import json
import math
import shlex
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from pyarrow import parquet

from experiments.plan.behaviour import behaviours_for
from experiments.plan.luck import permutation
from experiments.plan.resolve import find_study, resolve_all
from experiments.run.runner import run_many
from experiments.run.tasks import stored_task
from experiments.store.errors import StoreError
from experiments.store.folder import Store
from experiments.store.reading import records
from experiments.store.record import DONE, Record, record_of
from sim.parameters import Library, Resolved
from sim.run import RunSpec


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
    results = run_many([specs[i] for i in rows], workers=1, allow_failures=True, task=run)
    found = []
    for i, result in zip(rows, results, strict=True):
        point, replicate = plan.runs[i]
        record = record_of(store.keys[i], result, plan.parts)
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


def rerun_result(folder: Path, sample: int, seed: int, library: Library) -> tuple[list[Difference], int]:
    """Run a sample of a comparison's runs again.

    The scenarios are made anew from the study and the overrides that the folder's command names.

    Returns:
        What comes out otherwise, and how many runs were run again.

    Raises:
        StoreError: If they are no longer those of then.
        InputError: If the study cannot be found, as with a file of one's own.
    """
    spec = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    scenarios = _scenarios(folder, spec, library)
    table = parquet.read_table(folder / "runs.parquet")
    rows = table.take(chosen(table.num_rows, sample, seed)).to_pylist()
    then = spec.get("behaviour", {"mode": "central", "sha256": ""})
    drawn = behaviours_for(then["mode"], library, spec["replicates"])
    if drawn.digest != then["sha256"]:
        raise StoreError("other_model", file=folder.name, details={"what": "behaviour"})
    lay = drawn.laying(library)
    specs = [RunSpec(lay(scenarios[row["scenario"]], row["replicate"]), row["replicate"], row["root"]) for row in rows]
    found = []
    for row, result in zip(rows, run_many(specs, workers=1, allow_failures=True), strict=True):
        where = f"{row['scenario']}, {row['replicate']}"
        stored = {name: math.nan if row[name] is None else row[name] for name in row if name not in _OWN}
        now = record_of("", result, ("summary",))
        found += [Difference(where, *d) for d in _differences(Record("", summary=stored), _without_levers(now))][:1]
    return found, len(rows)


_OWN = ("scenario", "regime", "world", "replicate", "root", "fingerprint")


def _without_levers(record: Record) -> Record:
    return replace(record, levers_read=())


def _scenarios(folder: Path, spec: Mapping[str, Any], library: Library) -> dict[str, Resolved]:
    if spec.get("counties"):
        raise StoreError("other_model", file=folder.name, details={"what": spec["counties"]["file"]})
    record = find_study(spec["study"], library)
    found = {name: r for name, _, r in resolve_all(record, library, _overrides(shlex.split(spec["command"])))}
    then = {entry["id"]: entry["fingerprint"] for entry in spec["scenarios"]}
    other = [name for name, mark in then.items() if name not in found or found[name].fingerprint != mark]
    if other:
        raise StoreError("other_model", file=folder.name, details={"what": ", ".join(other)})
    return found


def _overrides(words: Sequence[str]) -> dict[str, Any]:
    """What the command sets with ``--set KEY=VALUE``."""
    found: dict[str, Any] = {}
    for flag, word in pairwise(words):
        key, _, value = word.partition("=")
        if flag == "--set":
            try:
                found[key] = json.loads(value)
            except ValueError:
                found[key] = value
    return found
