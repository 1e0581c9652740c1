"""The store under 100,000 small runs: two processes write, one merges, asks and checks.

Run ``python benchmarks/store.py [--runs N] [--model N]`` from the root of a checkout. A synthetic run has 110 summary
outcomes, three quarters of them uniform doubles, which no compression can shrink, and the rest counts; ``--model``
measures what real full-size runs need instead, with all parts kept.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from experiments.plan.luck import uniforms
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.verify import verify
from experiments.store.folder import Store
from experiments.store.query import query
from experiments.store.record import Record, record_of
from experiments.store.shards import ShardWriter

OUTCOMES, REPLICATES = 110, 100
GROUP_BY = (
    "SELECT regime, x, count(*) AS n, avg(o0) AS o0, stddev(o1) AS o1 FROM runs JOIN points USING (point) "
    "GROUP BY regime, x ORDER BY regime, x"
)


def synthetic(points: int, replicates: int, parts: tuple[str, ...] = ("summary",)) -> Plan:
    """A plan of so many points."""
    made = tuple(
        Point(f"p{i:05d}", ("null", "zhejiang_2015")[i % 2], quarters=8 if parts == ("summary",) else 40,
              behaviour={}, factors={"x": i % 10})
        for i in range(points)
    )  # fmt: skip
    title = {"zh": "测速", "en": "Benchmark"}
    return Plan("benchmark", title, made, crossed(points, replicates), parts=parts)


def write(folder: str, keys: list[str], number: int) -> float:
    """One worker: write a record for each key; returns CPU seconds."""
    started = time.process_time()
    block = uniforms("benchmark.store", (len(keys), OUTCOMES), number)
    block[:, ::4] = np.floor(block[:, ::4] * 200)
    names = [f"o{j}" for j in range(OUTCOMES)]
    with ShardWriter(folder, f"w{number}") as writer:
        for key, row in zip(keys, block, strict=True):
            writer.add(Record(key, summary=dict(zip(names, row.tolist(), strict=True))))
    return time.process_time() - started


def size(folder: Path, pattern: str = "**/*") -> int:
    """Bytes of a folder's files."""
    return sum(p.stat().st_size for p in folder.glob(pattern) if p.is_file())


def timed(name: str, action, per: int = 0):
    """Do something and print how long it took, by the clock and in CPU time of this process."""
    started, used = time.perf_counter(), time.process_time()
    result = action()
    seconds, used = time.perf_counter() - started, time.process_time() - used
    rate = f"  {per / seconds:10,.0f} runs a second" if per else ""
    print(f"{name:28s} {seconds:8.2f} s  {used:8.2f} s CPU{rate}")
    return result


def peak() -> float:
    """Most memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def small(folder: Path, runs: int) -> None:
    """The synthetic runs."""
    store = timed("create", lambda: Store.create(folder, distinct(runs), command="python benchmarks/store.py"))
    keys = timed("keys", lambda: store.keys, runs)
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.starmap(write, [(str(folder), keys[:1], 9)] * 2)  # start both processes before the clock
        jobs = [(str(folder), keys[i::2], i) for i in range(2)]
        cpu = timed("write by 2 processes", lambda: pool.starmap(write, jobs), runs)
    print(f"{'  CPU of both':28s} {sum(cpu):8.2f} s; shards {size(folder, 'shards/*') / runs:,.0f} bytes a run")
    timed("what is done", store.done, runs)
    before = peak()
    timed("finish", store.finish, runs)
    print(f"{'  memory':28s} {before:8.0f} MB before, {peak():.0f} MB at most")
    print(f"{'  finished store':28s} {size(folder) / runs:8,.0f} bytes a run; {OUTCOMES * 8} of them are numbers")
    answer = timed("group by of two factors", lambda: query(store, GROUP_BY))
    assert answer.n.sum() == runs
    timed("the same again", lambda: query(store, GROUP_BY))
    timed("frame", store.frame, runs)
    found = timed("verify without reruns", lambda: verify(folder, sample=0))
    assert not [p for p in found if p.grave], found


def distinct(runs: int) -> Plan:
    """A plan all of whose points differ in a parameter."""
    from dataclasses import replace

    plan = synthetic(max(1, runs // REPLICATES), REPLICATES)
    points = [replace(p, behaviour={"exit.hazard_year1": 0.01 + 1e-6 * i}) for i, p in enumerate(plan.points)]
    return replace(plan, points=tuple(points))


def model(folder: Path, runs: int) -> None:
    """Real runs with all parts."""
    from sim.parameters import load_library
    from sim.run import run

    library = load_library()
    plan = synthetic(2, runs // 2, ("summary", "yearly", "cohorts"))
    store = Store.create(folder, plan, library=library)
    specs = store.specs(library)
    run(specs[0])
    results = timed(f"{len(specs)} full-size runs", lambda: [run(s) for s in specs])
    with ShardWriter(folder, "w", most_runs=10) as writer:
        timed("  store them", lambda: [
            writer.add(record_of(k, r, plan.parts)) for k, r in zip(store.keys, results, strict=True)
        ])  # fmt: skip
    timed("  finish", store.finish)
    number = sum(len(r.summary) + sum(map(len, r.yearly.values())) + sum(map(len, r.cohorts.values())) for r in results)
    print(f"  {number / len(specs):,.0f} numbers a run, {8 * number / len(specs):,.0f} bytes as they are, "
          f"{size(folder, 'runs/*') / len(specs):,.0f} bytes in the store")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--model", type=int, default=0, help="full-size runs of the model instead")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if asked.model:
            model(Path(place) / "store", asked.model)
        else:
            small(Path(place) / "store", asked.runs)


if __name__ == "__main__":
    main()
