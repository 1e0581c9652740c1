"""Documents against model: what the source documents report beside what the model comes to, where it is no input.

The rows stand in ``scenarios/documents.toml``: a fact with its place in the documents, the regime, world and window
that it belongs to, and what the model measures for it (:mod:`calibration.documented`). A row whose ratio leaves
0.5 to 2 carries one of :data:`REASONS`, or is open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import scenarios
from calibration.closeness import band
from calibration.documented import FOR_DOCUMENTS, MEASURES
from calibration.windows import Window, window
from experiments.analysis.results import run_all
from experiments.plan.behaviour import behaviours_for
from experiments.plan.plan import Plan, Point, crossed
from experiments.store.reading import frame
from sim.model import Simulation
from sim.outcomes.observe import Observer
from sim.parameters import Library, Quarter, load_library
from sim.parameters.errors import InputErrors, UnknownName, check_known, listed, nearest, shown
from sim.parameters.names import Names, take_option
from sim.parameters.read import read_document
from sim.parameters.tables import Table
from sim.parameters.texts import KINDS, Text
from sim.run import RunSpec

FILE = scenarios.ROOT / "documents.toml"
REASONS = ("scope", "lost", "economy")
"""Why a row may be off: what is counted differs; a numeral of the document is lost; it waits for another economy."""
NEAR = (0.5, 2.0)
REPLICATES = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """One row.

    Attributes:
        id: Its id.
        title: What is reported.
        source: Document and line.
        clauses: Clauses and facts of the register that hold it.
        value: What the document says, in ``unit``.
        unit: Id of a unit.
        run: Regime, world, first quarter, quarters.
        over: Window of the measure.
        measure: Name in :data:`calibration.documented.MEASURES`.
        note: How the two are compared.
        reason: Why it may be off, of :data:`REASONS`; "" for none.
        why: The same in words.
    """

    id: str
    title: Text
    source: str
    clauses: tuple[str, ...]
    value: float
    unit: str
    run: tuple[str, str, str, int]
    over: Window
    measure: str
    note: Text
    reason: str
    why: Text


@dataclass(frozen=True, slots=True)
class Compared:
    """A row beside the model: median over replicates and their 5th and 95th percentile."""

    fact: Fact
    median: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Model over document."""
        return self.median / self.fact.value

    @property
    def verdict(self) -> str:
        """The word "near", the reason why it is off, or "open"."""
        return "near" if NEAR[0] <= self.ratio <= NEAR[1] else self.fact.reason or "open"


def load_facts(library: Library, path: Path = FILE) -> dict[str, Fact]:
    """Read the rows.

    Args:
        library: The scenario files, whose clauses, regimes, worlds and units the rows name.
        path: Another file of the same form.

    Raises:
        InputErrors: All that is wrong in the file.
        UnreadableFile, BrokenSyntax, DuplicateKey: The file cannot be read at all.
    """
    names = Names()
    names.add("source", [*library.clauses, *library.facts])
    for kind, known in (("regime", library.regimes), ("world", library.worlds), ("unit", library.units)):
        names.add(kind, known)
    document = read_document(path, f"scenarios/{path.name}")
    top = Table(document, document.data, ())
    group = top.table("fact")
    found = {}
    for name in group.data if group else ():
        table = group.table(name) if group else None
        if table is not None:
            found[name] = _fact(name, table, names)
    top.close()
    if document.problems:
        raise InputErrors(document.problems)
    return found


def _fact(name: str, table: Table, names: Names) -> Fact:
    clauses, unit = table.ids("clauses"), table.text("unit")
    names.check_all(table, "clauses", clauses, "source")
    names.check(table, "unit", unit, "unit")
    regime, world = table.text("regime"), table.text("world")
    names.check(table, "regime", regime, "regime")
    names.check(table, "world", world, "world")
    start, quarters = table.quarter("start", needed=True) or Quarter(2015, 1), table.integer("quarters", 16, 1, 60)
    measure = table.text("measure")
    if measure and measure not in MEASURES:
        table.report(
            UnknownName, "unknown_name", "measure", found=shown(measure), allowed=listed(MEASURES),
            suggestion=nearest(measure, MEASURES), kind=KINDS["measure"],
        )  # fmt: skip
    reason = take_option(table, "reason", REASONS, needed=False)
    fact = Fact(
        name, table.both("title"), table.text("source"), clauses, table.number("value"), unit,
        (regime, world, str(start), quarters), _window(table, start, quarters), measure,
        table.both("note"), reason, table.both("why", needed=bool(reason)),
    )  # fmt: skip
    table.close()
    return fact


def _window(table: Table, start: Quarter, quarters: int) -> Window:
    """The window of a measure; the whole run where none is written, or it cannot be read."""
    text = table.text("over", needed=False)
    whole = Window(f"{start}-{start + (quarters - 1)}", start, start + (quarters - 1))
    if not text:
        return whole
    try:
        return window(text)
    except ValueError:
        table.report(
            UnknownName, "not_a_choice", "over", found=shown(text), allowed="2015, 2015H1, 2015-2017, to 2016Q4"
        )
        return whole


def compare(
    replicates: int = REPLICATES,
    *,
    only: Sequence[str] = (),
    library: Library | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Compared]:
    """Run what the rows belong to and put the model beside each; replicate k has draw k of the behaviour.

    Args:
        replicates: How many.
        only: Ids of rows; all unless told.
        library: The scenario files, where they have been read already.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all).

    Raises:
        InputErrors: A row is not sound, or there is none of a name.
        RunFailures: A run failed.
    """
    files = library if library is not None else load_library()
    facts = load_facts(files)
    for name in only:
        check_known(name, facts, "entry")
    wanted = [facts[name] for name in only] if only else list(facts.values())
    groups: dict[tuple[str, str, str, int], list[Fact]] = {}
    for fact in wanted:
        groups.setdefault(fact.run, []).append(fact)
    behaviour, values = behaviours_for(None, files, replicates, each=1), dict[str, NDArray[np.float64]]()
    for at, (where, rows) in enumerate(groups.items()):
        plan = Plan("documents", {}, (_point(where),), crossed(1, replicates), task=TASK, behaviour=behaviour)
        tell = None if progress is None else partial(_part, progress, at, len(groups))
        task = partial(measure_run, tuple(rows))
        table = frame(run_all(plan, files, workers=workers, progress=tell, task=task))
        values |= {row.id: np.asarray(table[row.id], dtype=np.float64) for row in rows}
    return [_compared(fact, values[fact.id]) for fact in wanted]


def _part(progress: Callable[[int, int], None], at: int, parts: int, done: int, total: int) -> None:
    progress(at * total + done, parts * total)


def _compared(fact: Fact, values: NDArray[np.float64]) -> Compared:
    low, median, high = band(values)
    return Compared(fact, median, low, high)


def _point(where: tuple[str, str, str, int]) -> Point:
    regime, world, start, quarters = where
    return Point("documents", regime, world, start=start, quarters=quarters)


TASK = "calibration.documents:measure_run"


def measure_run(facts: Sequence[Fact], spec: RunSpec) -> Mapping[str, float]:
    """Run a spec and measure some rows; a pure function, the task of every worker."""
    p, noted = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties), Observer(FOR_DOCUMENTS)
    noted.observe(p)
    while p.t + 1 < p.clock.quarters:
        p.step()
        noted.observe(p)
    return {fact.id: _value(fact, p, noted) for fact in facts}


def _value(fact: Fact, p: Simulation, noted: Observer) -> float:
    try:
        return float(MEASURES[fact.measure](p, noted, fact.over))
    except LookupError:
        return math.nan
