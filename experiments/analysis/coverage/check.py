"""Does every clause that is said to act move a run? Take it out of its regime and compare, bit by bit.

A clause is taken out by setting every value that cites it to the lever's inert value, the regime's other values left as
they are. Base and altered run share all luck, so whatever differs is the clause's doing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.analysis.coverage.register import Entry, coverage
from experiments.run.runner import run_many
from sim.parameters import Frozen, Library, Resolved, Value, load_library
from sim.parameters.compose import chain_of, lent, lever_values
from sim.parameters.records import Lever, Parts, Setting
from sim.run import RunResult, RunSpec, run

START, EFFECTIVE = "2015Q1", "2015Q2"
"""Every regime is laid on the same calendar: it takes effect in the run's second quarter."""
TABLES = ("towns", "counties", "villages", "firms", "projects", "talents")
LENGTHS = (12, 24, 40)
"""Quarters of the tries: most clauses act in a town's first years, some only at its acceptance or at a late date."""


@dataclass(frozen=True)
class Moved:
    """What taking a clause out did.

    Attributes:
        clause: Its id.
        regime: The regime from which it was taken, the last one tried where it moved nothing.
        levers: Levers that were set inert.
        world: Where.
        quarters: Length of the runs.
        outcomes: Summary outcomes that differ: id to (with the clause, without it).
        tables: Agent tables and yearly outcomes that differ, as "towns.status" or "yearly.jobs".
        fill: The fill without which the clause has nothing to act on, "" where it needs none.
    """

    clause: str
    regime: str
    levers: tuple[str, ...]
    world: str
    quarters: int
    outcomes: Mapping[str, tuple[float, float]]
    tables: tuple[str, ...]
    fill: str = ""

    @property
    def anything(self) -> bool:
        """Whether one bit differs."""
        return bool(self.outcomes or self.tables)

    @property
    def largest(self) -> str | None:
        """The summary outcome that changed most, relative to its value with the clause."""
        return max(self.outcomes, key=lambda name: (_change(*self.outcomes[name]), name), default=None)


def _change(with_clause: float, without: float) -> float:
    """Relative change, 0 to 2; an outcome that appears or disappears counts as wholly changed."""
    if math.isnan(with_clause) or math.isnan(without):
        return 1.0
    return abs(with_clause - without) / max(1e-12, 0.5 * (abs(with_clause) + abs(without)))


@dataclass(frozen=True)
class Plan:
    """Where and for how long a clause is tried.

    Attributes:
        world: World that is tried where nothing moves in the regime's home world.
        lengths: Quarters of the tries.
        replicate: Which replicate.
    """

    world: str = "zhejiang"
    lengths: tuple[int, ...] = LENGTHS
    replicate: int = 0


def without(library: Library, base: Resolved, clause: str, fill: str = "") -> tuple[Resolved, tuple[str, ...]]:
    """A scenario in which no value that cites the clause does anything, and the levers that were set inert."""
    chain = chain_of(base.regime, library.regimes)
    silent = [replace(r, values=tuple(_silenced(library, s, clause) for s in r.values)) for r in chain]
    origin = chain[-1].effective.index - base.effective_index
    below = lent(library, chain, (fill,) if fill else ())[0]
    rows = lever_values(library, [*below, *silent], [], origin, base.quarters, base.effective_index)
    changed = tuple(key for key, row in rows.items() if row != base.levers[key])
    mark = hashlib.sha256(f"{base.fingerprint} without {clause}".encode()).hexdigest()
    return replace(base, levers=Frozen(rows), fingerprint=mark), changed


def _silenced(library: Library, setting: Setting, clause: str) -> Setting:
    if clause not in setting.clause:
        return setting
    return replace(setting, value=inert_for(library.levers[setting.lever], setting.value))


def inert_for(lever: Lever, value: Value | Parts) -> Value | Parts:
    """The lever's inert value, in the form of the value that it takes the place of."""
    if lever.type != "by_industry" or not isinstance(value, tuple):
        return lever.inert
    inert = lever.inert if isinstance(lever.inert, tuple) else (lever.inert,) * len(value)
    return tuple(None if part is None else low for part, low in zip(value, inert, strict=True))  # type: ignore


def base_of(library: Library, regime: str, world: str, quarters: int, fill: str = "") -> Resolved:
    """The regime as it is, in a world, on the common calendar."""
    fills = (fill,) if fill else ()
    return library.resolve(regime, world=world, start=START, effective=EFFECTIVE, quarters=quarters, fill=fills)


def differences(with_clause: RunResult, taken_out: RunResult) -> tuple[dict[str, tuple[float, float]], tuple[str, ...]]:
    """Summary outcomes that differ, and names of the yearly outcomes and table columns that differ, to the bit."""
    outcomes = {
        name: (value, taken_out.summary[name])
        for name, value in with_clause.summary.items()
        if not _same(value, taken_out.summary[name])
    }
    columns = [f"yearly.{k}" for k, v in with_clause.yearly.items() if not _same(v, taken_out.yearly[k])]
    for table, fields in with_clause.tables.items():
        columns += [f"{table}.{k}" for k, v in fields.items() if not _same(v, taken_out.tables[table][k])]
    return outcomes, tuple(columns)


def _same(one: Any, two: Any) -> bool:
    a, b = np.asarray(one), np.asarray(two)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


class Runs:
    """Runs specs and keeps the last few regimes' base runs, which all clauses of a regime share."""

    def __init__(self, keep: int = 12) -> None:
        self._kept: dict[str, RunResult] = {}
        self._keep = keep

    def base(self, spec: RunSpec) -> RunResult:
        """A regime as it is."""
        if spec.key not in self._kept:
            while len(self._kept) >= self._keep:
                del self._kept[next(iter(self._kept))]
            self._kept[spec.key] = run(spec)
        return self._kept[spec.key]


def tries(library: Library, regimes: Sequence[str], plan: Plan) -> Iterator[tuple[str, str, int, str]]:
    """Where a clause is tried, cheapest first: regime, world, quarters, fill.

    Home worlds come first, short runs before long ones, then the plan's own world. Last come the fills, for a clause
    whose terms hang on a size that its document leaves unstated, as a clawback does on the reward.
    """
    homes = [(regime, library.regimes[regime].home or plan.world) for regime in regimes]
    others = [(regime, plan.world) for regime, home in homes if home != plan.world]
    for places in (homes, others):
        for quarters in plan.lengths:
            yield from ((regime, world, quarters, "") for regime, world in places)
    for fill in library.fills.values():
        for regime, world in homes:
            if fill.regime not in [one.id for one in chain_of(regime, library.regimes)]:
                yield regime, world, plan.lengths[-1], fill.id


def try_clause(library: Library, entry: Entry, plan: Plan, runs: Runs) -> Moved:
    """Take one clause out of its regimes, in one place after another, until something moves.

    Args:
        library: The scenario files.
        entry: A clause that acts.
        plan: Where and for how long.
        runs: Keeps the base runs.
    """
    last = Moved(entry.clause.id, "", (), plan.world, 0, {}, ())
    for regime, world, quarters, fill in tries(library, entry.regimes, plan):
        last = _try_once(library, entry.clause.id, base_of(library, regime, world, quarters, fill), plan, runs, fill)
        if last.anything:
            return last
    return last


def _try_once(library: Library, clause: str, base: Resolved, plan: Plan, runs: Runs, fill: str) -> Moved:
    other, levers = without(library, base, clause, fill)
    found: tuple[dict[str, tuple[float, float]], tuple[str, ...]] = ({}, ())
    if levers:
        one, two = (RunSpec(s, plan.replicate, tables=TABLES) for s in (base, other))
        found = differences(runs.base(one), run(two))
    return Moved(clause, base.regime, levers, base.world, base.quarters, *found, fill)


# --- many clauses ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """One clause to try, for a worker process."""

    clause: str
    root: Path
    plan: Plan


_runs = Runs()


@cache
def _loaded(root: Path) -> tuple[Library, dict[str, Entry]]:
    library = load_library(root)
    return library, coverage(library)


def one_job(job: Job) -> Moved:
    """Try one clause in this process."""
    library, entries = _loaded(job.root)
    return try_clause(library, entries[job.clause], job.plan, _runs)


def check(
    library: Library,
    entries: Mapping[str, Entry],
    plan: Plan | None = None,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Moved]:
    """Take every acting clause out of its regime and see what moves.

    Args:
        library: The scenario files.
        entries: The clauses; those that do not act are left out.
        plan: Where and for how long.
        workers: Worker processes; all cores when None.
        progress: Called with (done, all).

    Returns:
        What moved, by clause, in the order of ``entries``.
    """
    order = {name: i for i, name in enumerate(library.regimes)}
    acting = [entry for entry in entries.values() if entry.place == "acts"]
    acting.sort(key=lambda entry: order[entry.regimes[0]])
    jobs = [Job(entry.clause.id, library.root, plan or Plan()) for entry in acting]
    found = {one.clause: one for one in run_many(jobs, workers=workers, progress=progress, task=one_job)}  # type: ignore
    return {name: found[name] for name in entries if name in found}


def as_data(moved: Moved) -> dict[str, Any]:
    """What taking a clause out did, as plain data."""
    largest = moved.largest
    return {
        "moved": moved.anything,
        "regime": moved.regime,
        "world": moved.world,
        "quarters": moved.quarters,
        "fill": moved.fill,
        "levers": list(moved.levers),
        "largest": largest,
        "with_clause": moved.outcomes[largest][0] if largest else None,
        "without": moved.outcomes[largest][1] if largest else None,
        "outcomes": len(moved.outcomes),
        "columns": len(moved.tables),
    }
