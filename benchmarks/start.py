"""What comes before a run, beside a run: ``python benchmarks/start.py``.

Prints processor seconds, and each step as a share of one warm run of 40 quarters; the shares are what to compare
between machines and versions.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

from sim.engine.draws import Draws
from sim.parameters import load_library
from sim.run import RunSpec, run
from sim.world.build import build_geography, draw_population, load_world

ROUNDS = 5


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The quickest of some rounds, processor time."""
    took = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        took.append(time.process_time() - begin)
    return min(took)


def main() -> None:
    """Measure and print."""
    library, facts = load_library(), load_world()
    geography, scenario = build_geography(facts), library.resolve("zhejiang_2015")
    run(RunSpec(scenario, 0))
    whole = seconds(lambda: run(RunSpec(scenario, 1)), 3)
    steps = {
        "read the scenario files": seconds(load_library),
        "resolve a scenario": seconds(lambda: library.resolve("zhejiang_2015")),
        "draw the firms of a world": seconds(lambda: draw_population(geography, facts, Draws(1))),
    }
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import xiaozhen"], check=True)
    steps["import xiaozhen in a new process (wall clock)"] = time.perf_counter() - begin
    print(f"{'one run of 40 quarters':45s} {whole:8.3f} s")
    for name, took in steps.items():
        print(f"{name:45s} {took:8.3f} s {100.0 * took / whole:6.1f} %")


if __name__ == "__main__":
    main()
