"""Which agents fared differently: the same towns and firms, matched by birth key, under two policies in one replicate.

Replicates share all luck, so a firm that is present under one policy and gone under the other was moved by the policy
alone. For each agent the first thing that differs between its two histories is kept, with its quarter, as codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.attribution.units import mean_over, units_of
from experiments.analysis.estimates.contrasts import Estimate
from experiments.analysis.results import results, run_all
from experiments.plan.behaviour import Behaviours
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.tasks import Task
from sim.model import ROOT
from sim.parameters import Library
from sim.parameters.quarter import Quarter
from sim.state.town import EVENTS, Status, Strategy

Table = Mapping[str, NDArray[Any]]
TABLES = ("town_history", "firm_fates")
HISTORIES = ("applied", "strategy", "status", "event", "reward_used")
"""Histories of towns that are compared, in the order in which they come about within a quarter."""
GONE = {Status.EXITED: "exited", Status.WITHDRAWN: "withdrew", Status.VETOED: "vetoed", Status.NAMED: "named"}


@dataclass(frozen=True)
class Fates:
    """Agents under two policies.

    Attributes:
        towns: One row for each replicate and town site.
        firms: One row for each replicate and firm whose fate differs.
        replicates: Number of replicates.
        sites: Town sites in the world.
        firms_seen: Firms under either policy, by replicate.
        units: The unit of each replicate that intervals count; each is one unless told.

    Keys are written as sixteen hexadecimal digits: spreadsheets round whole numbers of 64 bits.
    """

    towns: tuple[dict[str, Any], ...]
    firms: tuple[dict[str, Any], ...]
    replicates: int
    sites: int
    firms_seen: tuple[int, ...]
    units: tuple[int, ...] = ()

    def changed(self, kind: str) -> Estimate:
        """Number of agents a replicate whose fate differs; ``kind`` is "towns" or "firms"."""
        return self._count(kind)

    def transitions(self, kind: str) -> list[tuple[str, str, Estimate]]:
        """Agents a replicate by their two fates, the commonest change first."""
        rows = [row for row in getattr(self, kind) if row["changed"]]
        pairs = Counter((row["fate_a"], row["fate_b"]) for row in rows)
        order = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
        return [(a, b, self._count(kind, (a, b))) for a, b in order]

    def _count(self, kind: str, fates: tuple[str, str] | None = None) -> Estimate:
        """Agents whose fate differs, or of two fates only."""
        found = [0.0] * self.replicates
        for row in getattr(self, kind):
            if row["changed"] and fates in (None, (row["fate_a"], row["fate_b"])):
                found[row["replicate"]] += 1.0
        most = {"towns": float(self.sites), "firms": float(max(self.firms_seen, default=0))}[kind]
        unit = "town" if kind == "towns" else "firm"
        return mean_over(found, self.units or range(self.replicates), unit, bounds=(0.0, most))

    def records(self) -> dict[str, list[dict[str, Any]]]:
        """Tables to write: agents, and counts of their fates; empty ones are left out."""
        counts = [
            {"kind": kind, "fate_a": a, "fate_b": b, "mean": e.value, "low": e.low, "high": e.high, "n": e.n}
            for kind in ("towns", "firms")
            for a, b, e in self.transitions(kind)
        ]
        tables = {"fates_towns": list(self.towns), "fates_firms": list(self.firms), "fates_counts": counts}
        return {name: rows for name, rows in tables.items() if rows}


def compare_fates(
    a: Point,
    b: Point,
    replicates: int,
    *,
    library: Library,
    root: int = ROOT,
    counties: str | None = None,
    workers: int | None = 1,
    progress: Callable[[int, int], None] | None = None,
    task: Task | None = None,
    behaviour: Behaviours | None = None,
) -> Fates:
    """Run both points with histories and compare every agent with itself.

    Args:
        a: One point.
        b: The other; same world, start and length.
        replicates: Number of replicates.
        library: The scenario files.
        root: Root seed.
        counties: The user's own county table.
        workers: Worker processes.
        progress: Called with (finished, all).
        task: What runs one spec, the model unless told.
        behaviour: The behaviour of every replicate; its centre unless told.

    Raises:
        RunFailures: If a run failed.
    """
    drawn = behaviour or Behaviours()
    plan = Plan(
        "fates", {}, (replace(a, id="a"), replace(b, id="b")), crossed(2, replicates), root, counties,
        behaviour=drawn, tables=TABLES,
    )  # fmt: skip
    store = run_all(plan, library, workers=workers, progress=progress, task=task)
    runs, scenario = results(store), store.plan.scenarios(library).of(0)
    towns: list[dict[str, Any]] = []
    firms: list[dict[str, Any]] = []
    seen: list[int] = []
    for k in range(replicates):
        one, other = (runs[point, k].tables for point in (0, 1))
        towns += town_rows(one["town_history"], other["town_history"], k, scenario.start)
        places = one["town_history"]["county"]
        rows, count = firm_rows(one["firm_fates"], other["firm_fates"], k, scenario.start, scenario.quarters, places)
        firms += rows
        seen.append(count)
    sites, units = len(towns) // max(1, replicates), units_of(drawn, range(replicates))
    return Fates(tuple(towns), tuple(firms), replicates, sites, tuple(seen), units)


def town_fates(table: Table) -> list[str]:
    """The fate of each town at the end of a run."""
    status, event = table["status"], table["event"].astype(np.int64)
    ever = np.bitwise_or.reduce(event, axis=0)
    rows = zip(status[-1], ever, table["completion"], strict=True)
    return [_town_fate(Status(int(s)), int(e), float(c)) for s, e, c in rows]


def _town_fate(status: Status, events: int, completion: float) -> str:
    if status in GONE:
        return GONE[status]
    if status == Status.SITE:
        return "never"
    if status == Status.CULTIVATION:
        return "demoted" if events & EVENTS["demoted"] else "cultivation"
    if completion >= 1.0:
        return "completed"
    return "warned" if events & EVENTS["warned"] else "listed"


def town_rows(one: Table, other: Table, replicate: int, start: Quarter) -> list[dict[str, Any]]:
    """One row a town: its two fates, and the first thing that differs."""
    fates = zip(town_fates(one), town_fates(other), strict=True)
    rows = []
    for i, (a, b) in enumerate(fates):
        found = _first_town(one, other, i)
        if found is None and a != b:
            found = (one["status"].shape[0] - 1, "completion", *(bool(t["completion"][i] >= 1.0) for t in (one, other)))
        rows.append(
            {
                "replicate": replicate,
                "key": f"{int(one['key'][i]):016x}",
                "site": i,
                "county": str(one["county"][i]),
                "industry": str(one["industry"][i]),
                "fate_a": a,
                "fate_b": b,
                "changed": a != b,
                **_first_record(found, start),
            }
        )
    return rows


def _first_town(one: Table, other: Table, i: int) -> tuple[int, str, Any, Any] | None:
    """The earliest quarter in which some history differs; within it the first in causal order."""
    best: tuple[int, str, Any, Any] | None = None
    for name in HISTORIES:
        x, y = one[name][:, i], other[name][:, i]
        apart = np.flatnonzero(x != y)
        if apart.size and (best is None or apart[0] < best[0]):
            best = (int(apart[0]), name, x[apart[0]], y[apart[0]])
    return best


def _first_record(found: tuple[int, str, Any, Any] | None, start: Quarter) -> dict[str, str]:
    """The first difference as columns: quarter, what, and what it was on either side, as codes."""
    if found is None:
        return {name: "" for name in ("quarter", "what", "a", "b")}
    t, what, x, y = found
    return {"quarter": str(start + t), "what": what, "a": _code(what, x), "b": _code(what, y)}


def _code(what: str, value: Any) -> str:
    """A value by name: a status, a strategy, events with a space between them, or "yes" and "no"."""
    if what == "status":
        return Status(int(value)).name.lower()
    if what == "strategy":
        return Strategy(int(value)).name.lower()
    if what == "event":
        return " ".join(name for name, bit in EVENTS.items() if int(value) & bit) or "none"
    return "yes" if value else "no"


def firm_rows(
    one: Table, other: Table, replicate: int, start: Quarter, quarters: int, places: Sequence[str] | NDArray[np.str_]
) -> tuple[list[dict[str, Any]], int]:
    """Rows of the firms that fared differently, and the number of firms under either policy.

    Args:
        one: Spells under the first policy.
        other: Spells under the second.
        replicate: Written into each row.
        start: First quarter of the run.
        quarters: Length of the run.
        places: County of each town site.
    """
    keys = np.union1d(one["key"], other["key"])
    x, y = (_aligned(table, keys, quarters) for table in (one, other))
    both = x["there"] & y["there"]
    same = both & (x["fate"] == y["fate"]) & (x["town_last"] == y["town_last"]) & (x["town_first"] == y["town_first"])
    rows = []
    for i in np.flatnonzero(~same):
        a, b = str(x["fate"][i]), str(y["fate"][i])
        side = x if x["there"][i] else y
        if a == b and x["town_last"][i] != y["town_last"][i] and a != "closed":
            b = "elsewhere"
        t, what = _first_firm(x, y, int(i))
        rows.append(
            {
                "replicate": replicate,
                "key": f"{int(keys[i]):016x}",
                "industry": str(side["industry"][i]),
                "kind": int(side["kind"][i]),
                "place_a": str(places[x["town_last"][i]]) if x["there"][i] else "",
                "place_b": str(places[y["town_last"][i]]) if y["there"][i] else "",
                "fate_a": a,
                "fate_b": b,
                "changed": a != b,
                "quarter": str(start + max(t, 0)),
                "what": what,
            }
        )
    return rows, int(keys.size)


def _aligned(table: Table, keys: NDArray[np.uint64], quarters: int) -> dict[str, NDArray[Any]]:
    """The columns of a table at the places of ``keys``, and the fate of each firm."""
    order = np.argsort(table["key"], kind="stable")
    ordered = table["key"][order]
    place = np.minimum(np.searchsorted(ordered, keys), max(0, ordered.size - 1))
    there = ordered[place] == keys
    found = {name: column[order][place] for name, column in table.items()}
    present = np.where(found["moved"] > -2, "relocated", "present")
    fate = np.where(found["last"] == quarters - 1, present, "closed")
    return {**found, "there": there, "fate": np.where(there, fate, "never")}


def _first_firm(x: Mapping[str, Any], y: Mapping[str, Any], i: int) -> tuple[int, str]:
    """Quarter and name of the first difference between two spells."""
    if not (x["there"][i] and y["there"][i]):
        side = x if x["there"][i] else y
        return int(side["first"][i]), "born"
    firsts = int(x["first"][i]), int(y["first"][i])
    if firsts[0] != firsts[1]:
        return min(firsts), "entry"
    if x["town_first"][i] != y["town_first"][i]:
        return firsts[0], "town"
    lasts, moves = (int(x["last"][i]), int(y["last"][i])), (int(x["moved"][i]), int(y["moved"][i]))
    found = []
    if moves[0] != moves[1]:
        found.append((min(m for m in moves if m > -2), "moved"))
    if lasts[0] != lasts[1]:
        found.append((min(lasts) + 1, "left"))
    return min(found, default=(firsts[0], "moved"))
