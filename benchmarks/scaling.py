"""Cost against the number of agents: the same regime in worlds of 1, 3 and 10 times the size.

Run ``python benchmarks/scaling.py``. Prints seconds a run, agent-updates a second and seconds per agent relative to the
first row; the last column stays near one when cost is linear. All rows are measured in one process, side by side.
"""

from __future__ import annotations

from xiaozhen.api.speed import bench


def main() -> None:
    """Measure and print."""
    rows = [(scale, bench(scale=scale, rounds=3, starts=False)) for scale in (1, 3, 10)]
    first = rows[0][1]
    unit = first["seconds_per_run"] / first["agents"]
    print("scale   agents  seconds_per_run  updates_per_s  cost_per_agent_relative")
    for scale, row in rows:
        relative = row["seconds_per_run"] / row["agents"] / unit
        print(
            f"{scale:5d} {row['agents']:8.0f} {row['seconds_per_run']:16.3f} "
            f"{row['agent_updates_per_second']:14.3g} {relative:24.2f}"
        )


if __name__ == "__main__":
    main()
