"""Tasks of store tests: plain functions of a spec that need no model, importable by name."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from experiments.errors import FailedRun
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.tasks import guarded
from experiments.store.folder import Store
from experiments.store.record import record_of
from experiments.store.shards import ShardWriter

WORDS = {"zh": "试验", "en": "Trial"}


def small(spec):
    """Numbers that depend on the spec; replicate 3 fails, and one outcome stands in odd replicates only."""
    k, quarters = spec.replicate, spec.scenario.quarters
    if k == 3:
        error = ValueError(f"account 7 at {hex(id(spec))} does not balance")
        error.stage = "audit"
        raise error
    years = tuple(range(2015, 2015 + max(1, quarters // 4)))
    summary = {"a": k / 3.0, "b": float("nan") if k == 1 else -0.0, "c": 1e300 * (k + 1)}
    if k % 2:
        summary["odd"] = 1.0 / (k + quarters)
    yearly = {"y": np.arange(len(years)) / (k + 3.0), "z": np.full(len(years), np.nan)}
    cohorts = {"2015": {"towns": 37.0, "gone": float("nan")}, "2016": {"towns": 42.0 + k, "late": 0.1 * k}}
    return SimpleNamespace(
        years=years, yearly=yearly, summary=summary, cohorts=cohorts, guards={"levers_read": ["x.a", "x.b"]}
    )


def mapping(spec):
    """A task that gives plain numbers."""
    return {"a": np.float64(spec.replicate), "b": 2}


def plan(replicates=5, points=2, parts=("summary", "yearly", "cohorts"), **options):
    """A small plan of the stand-in."""
    made = tuple(
        Point(f"p{i}", "null", quarters=8 + 4 * i, factors={"length": 8 + 4 * i, "kind": f"k{i % 2}"}, title=WORDS)
        for i in range(points)
    )
    task = options.pop("task", "tests.store_tasks:small")
    return Plan("trial", WORDS, made, crossed(points, replicates), parts=parts, task=task, **options)


def run_all(store, library, task=small, order=None, name="w0", most_runs=3, which=None):
    """Run what is to be done and write it in shards; returns the results by index."""
    specs, found = store.specs(library), {}
    todo = store.todo() if which is None else which
    with ShardWriter(store.folder, name, most_runs=most_runs, most_seconds=1e9) as writer:
        for i in order(todo) if order else todo:
            found[i] = guarded(task, specs[i])
            writer.add(record_of(store.keys[i], found[i], store.plan.parts, seconds=0.01 * i))
    return found


def made(folder, library, the_plan=None, **options):
    """A store with all its runs, not yet finished."""
    store = Store.create(folder, the_plan or plan(), command="xiaozhen sweep trial", library=library)
    run_all(store, library, **options)
    return store


def dead(spec):
    """What a runner writes for a run whose process died."""
    return FailedRun(spec, "worker", "the process died")


def bytes_of(folder):
    """Every file with its content."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
