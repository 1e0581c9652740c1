"""Tasks for sweeps in tests: a stand-in for the model that sleeps, fails or dies where its replicate says so."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from experiments.plan.plan import Plan, Point, crossed

OUTCOMES = ("completion_common", "town_exit_rate", "public_cost")


def numbers(spec):
    """Numbers that depend on scenario and replicate alone."""
    found = {}
    for name in OUTCOMES:
        digest = hashlib.sha256(f"{spec.scenario.fingerprint} {spec.replicate} {name}".encode()).digest()
        found[name] = int.from_bytes(digest[:6], "big") / 2**48
    return found


def quick(spec):
    return numbers(spec)


def slow(spec):
    time.sleep(0.005)
    return numbers(spec)


def slower(spec):
    time.sleep(0.05)
    return numbers(spec)


def failing(spec):
    if spec.replicate == 3:
        error = ValueError("account 7 does not balance")
        error.stage = "audit"
        raise error
    return numbers(spec)


def dying(spec):
    if spec.replicate == 5:
        os._exit(9)
    return numbers(spec)


def dying_once(spec):
    """The first worker that comes to replicate 2 dies; the file named in the environment remembers."""
    mark = Path(os.environ["XIAOZHEN_TEST_MARK"])
    if spec.replicate == 2 and not mark.exists():
        mark.touch()
        os._exit(9)
    return numbers(spec)


def plan(task="quick", points=4, replicates=8, **more):
    """A plan of small scenarios over one lever."""
    made = tuple(
        Point(f"p{i}", "zhejiang_2015", quarters=8, levers={"clawback.multiple": 1 + i / 100}, factors={"x": i / 10})
        for i in range(points)
    )
    return Plan(
        "small",
        {"zh": "小", "en": "small"},
        made,
        crossed(points, replicates),
        task=f"tests.sweep_tasks:{task}",
        **more,
    )


def hashes(folder):
    """SHA-256 of every file of a store, by name."""
    files = sorted(p for p in Path(folder).rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
