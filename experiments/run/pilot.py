"""Before a sweep: run a few of its own runs, and say what the whole will take and how sure its answer will be."""

from __future__ import annotations

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

from experiments.plan.plan import Plan
from experiments.store.folder import Store
from experiments.store.reading import records as records_of
from experiments.store.record import Record
from sim.outcomes.records import shown_in

POINTS, REPLICATES = 3, 4
"""Points of the pilot (each with its baseline) and replicates of each."""
SMALL = 24
"""Plans of fewer runs are not worth a pilot: they are done when it is."""
BYTES_A_NUMBER, BYTES_A_RUN = 8.0, 300.0
"""Size of a stored run: a double for each number, and what names it; measured, see ``benchmarks/store.py``."""
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take.

    Attributes:
        runs: Runs of the plan (or of this shard).
        waiting: Those not yet run.
        pilot: Runs of the pilot, which are kept.
        workers: Runs at the same time.
        seconds_a_run: Seconds that a worker takes for one run.
        seconds: Seconds for the rest.
        bytes: Size of the store when it is finished; at the end it takes up to twice as much for a moment.
        free: Bytes free where it stands.
        outcome: Outcome of the interval below, "" where the pilot cannot tell: one replicate a point.
        replicates: Replicates a point.
        half_width: Half of the 95 % interval to expect for ``outcome`` at a point, or for its difference from the
            baseline where the plan has baselines.
        paired: Whether it is such a difference.
    """

    runs: int
    waiting: int
    pilot: int
    workers: int
    seconds_a_run: float
    seconds: float
    bytes: int
    free: int
    outcome: str = ""
    replicates: int = 1
    half_width: float = math.nan
    paired: bool = False


def pilot_runs(plan: Plan, waiting: Sequence[int], slots: int) -> list[int]:
    """Which of the waiting runs go first: a few replicates of a few points that lie apart, and of their baselines."""
    if len(waiting) < SMALL:
        return []
    ids = {point.id: i for i, point in enumerate(plan.points)}
    points = sorted({plan.runs[i][0] for i in waiting})
    step = max(1, (len(points) - 1) // max(1, POINTS - 1))
    chosen = points[::-step][:POINTS]
    chosen += [ids[base] for p in chosen if (base := plan.baselines.get(plan.points[p].id)) in ids]
    wanted = set(chosen)
    taken: Counter[int] = Counter()
    found = []
    for i in waiting:
        point = plan.runs[i][0]
        if point in wanted and taken[point] < REPLICATES:
            taken[point] += 1
            found.append(i)
    more = (i for i in waiting if i not in set(found))
    while len(found) < 2 * slots and len(found) < len(waiting) // 4:
        found.append(next(more))
    return found


def estimate(
    store: Store, pilot: Sequence[int], *, runs: int, waiting: int, workers: int, seconds_a_run: float, free: int
) -> Estimate:
    """What the rest will take, from the pilot's records.

    Args:
        store: Where they are.
        pilot: Indices of the pilot's runs.
        runs: Runs in all.
        waiting: Those not yet run.
        workers: Runs at the same time.
        seconds_a_run: Seconds that a worker takes for one.
        free: Bytes free on the disk.
    """
    records = records_of(store, [store.keys[i] for i in pilot])
    size = statistics.fmean([_numbers(r) for r in records.values()] or [0.0]) * BYTES_A_NUMBER + BYTES_A_RUN
    outcome, half, paired = _interval(store.plan, {i: records[store.keys[i]] for i in pilot})
    return Estimate(
        runs=runs,
        waiting=waiting,
        pilot=len(pilot),
        workers=workers,
        seconds_a_run=seconds_a_run,
        seconds=waiting * seconds_a_run / workers,
        bytes=int(size * runs),
        free=free,
        outcome=outcome,
        replicates=_replicates(store.plan),
        half_width=half,
        paired=paired,
    )


def _numbers(record: Record) -> int:
    return len(record.summary) + sum(map(len, record.yearly.values())) + sum(map(len, record.cohorts.values()))


def _replicates(plan: Plan) -> int:
    """The usual number of replicates of a point."""
    return int(statistics.median(Counter(p for p, _ in plan.runs).values()))


def _interval(plan: Plan, records: Mapping[int, Record]) -> tuple[str, float, bool]:
    """Outcome, half width to expect, and whether of a difference."""
    values = {plan.runs[i]: r.summary for i, r in records.items() if r.summary}
    names = [name for name in shown_in("main") if any(name in v for v in values.values())]
    names += [name for v in values.values() for name in v][:1]
    replicates = _replicates(plan)
    for name in names:
        cells = {key: v[name] for key, v in values.items() if math.isfinite(v.get(name, math.nan))}
        for paired in (True, False):
            groups = _differences(plan, cells) if paired else _levels(cells)
            half = _half_width(groups, replicates)
            if math.isfinite(half):
                return name, half, paired
    return "", math.nan, False


def _levels(cells: Mapping[tuple[int, int], float]) -> list[list[float]]:
    groups: dict[int, list[float]] = defaultdict(list)
    for (point, _), value in cells.items():
        groups[point].append(value)
    return list(groups.values())


def _differences(plan: Plan, cells: Mapping[tuple[int, int], float]) -> list[list[float]]:
    ids = {point.id: i for i, point in enumerate(plan.points)}
    groups: dict[int, list[float]] = defaultdict(list)
    for (point, replicate), value in cells.items():
        base = ids.get(plan.baselines.get(plan.points[point].id, ""), -1)
        if (base, replicate) in cells:
            groups[point].append(value - cells[base, replicate])
    return list(groups.values())


def _half_width(groups: Sequence[Sequence[float]], replicates: int) -> float:
    """Half width of the mean of ``replicates`` values, from the variance within groups; NaN without any."""
    freedom = sum(len(g) - 1 for g in groups)
    if freedom < 2 or replicates < 2 or all(len(set(g)) < 2 for g in groups):
        return math.nan
    variance = sum(statistics.variance(g) * (len(g) - 1) for g in groups if len(g) > 1) / freedom
    return float(stdtrit(replicates - 1, (1 + LEVEL) / 2)) * math.sqrt(variance / replicates)
