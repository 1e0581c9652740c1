"""Runs of one scenario from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.analysis.estimates.contrasts import Estimate, mean_estimate
from experiments.analysis.load import study_of
from experiments.analysis.study import ScenarioRuns
from experiments.plan.plan import PARTS, Plan, Point
from experiments.run.carry import carry_out
from experiments.run.engines.compiling import shared_compilation
from experiments.run.failures import refuse_failures
from report.pages.run import document, write
from sim.outcomes.records import OUTCOMES
from sim.parameters import Resolved
from sim.parameters.records import Frozen
from sim.run import RunResult, RunSpec
from sim.run import run as run_spec
from xiaozhen.api.library import Given, load, scenario, split, texts_of
from xiaozhen.api.places import county_table, known_towns, place
from xiaozhen.api.stores import kept, way
from xiaozhen.errors import CommandError, nearest
from xiaozhen.requests import Run

TABLES = ("towns", "counties", "villages", "firms", "projects", "talents", "flows")
"""Detail tables at the end of a run: its agents, and who paid what."""


def run(regime: str | Resolved, replicate: int = 0, **options: Any) -> RunResult:
    """Run one replicate of a regime or scenario.

    Args:
        regime: Id of a regime, or a scenario from :func:`scenario`.
        replicate: Equal replicates share all luck across scenarios.
        **options: ``root``, ``tables`` and ``counties`` of a ``RunSpec``; with an id also what :func:`scenario` takes.

    Returns:
        Outcomes: ``.summary`` by id, ``.yearly`` by id and year, ``.cohorts``, ``.tables``.

    Raises:
        InputError: Where something asked for does not exist or is not allowed.
    """
    own = {name: options.pop(name) for name in ("root", "tables", "counties") if name in options}
    chosen = scenario(regime, **options) if isinstance(regime, str) else regime
    with shared_compilation():
        return run_spec(RunSpec(chosen, replicate, **own))


@dataclass(frozen=True)
class Repeated:
    """Several runs of one scenario.

    Attributes:
        group: The scenario with its runs.
        settings: What was set by hand, as texts "key=value".
    """

    group: ScenarioRuns
    settings: tuple[str, ...]

    @cached_property
    def estimates(self) -> dict[str, Estimate]:
        """Mean and interval of every outcome."""
        first = self.group.runs[0].summary
        return {name: mean_estimate(self.group.summary(name), unit=OUTCOMES[name].unit) for name in first}

    def as_dict(self) -> dict[str, Any]:
        """What was run, each replicate, and means with intervals, as plain data."""
        return document(self.group, self.estimates, self.settings)


def repeat(
    regime: str,
    settings: Given = None,
    *,
    fill: Sequence[str] = (),
    replicates: int = 1,
    replicate: int = 0,
    quarters: int = 40,
    start: str | None = None,
    effective: str | None = None,
    world: str = "zhejiang",
    counties: str | Path | None = None,
    tables: str | Sequence[str] = (),
    names: bool = False,
    out: str | Path | None = None,
    force: bool = False,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Repeated:
    """Run a scenario a few times.

    Args:
        regime: Id of a regime.
        settings: Levers and uncertainties by key, or texts "key=value".
        fill: Fills for what the regime leaves unstated.
        replicates: How many runs.
        replicate: Number of the first.
        quarters: Length.
        start: First quarter; that of the world's data unless told.
        effective: Quarter in which the regime takes effect; all its dates move with it.
        world: Where.
        counties: A county table of your own.
        tables: Of :data:`TABLES`, or their names with commas between.
        names: Call towns in the table "towns" by their real names, where they have one.
        out: Store of the runs, with ``run.json`` and tables as CSV and Parquet; runs that it holds are not run again.
        force: Replace what stands there and cannot be taken up.
        workers: Worker processes; None = one for each core, 1 = in this process.
        progress: Called with (finished, all).

    Returns:
        ``.estimates`` by outcome, ``.group.runs``, ``.as_dict()``.

    Raises:
        InputError: Where something asked for does not exist or is not allowed; nothing is run then.
    """
    asked = Run.about(
        regime=regime, settings=texts_of(settings), fill=fill, replicates=replicates, replicate=replicate,
        quarters=quarters, start=start, effective=effective, world=world, counties=counties,
        tables=tables if isinstance(tables, str) else ",".join(tables),
    )  # fmt: skip
    folder, plan = None if out is None else place(out), _plan(asked, settings)
    store = carry_out(plan, folder, way(workers, progress=progress), library=load(), command=kept(asked), force=force)
    refuse_failures(store, load())
    found = Repeated(study_of(store, load()).groups[0], asked.settings)
    if folder is not None:
        record = found.as_dict() | {"counties": Path(counties).name if counties else None}
        write(found.group, record, folder, known_towns(world, counties) if names else ())
    return found


def _plan(asked: Run, settings: Given) -> Plan:
    """One point and its replicates.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    library, regime, first = load(), asked.regime, asked.replicate
    levers, behaviour = split(settings)
    called = Frozen(library.regimes[regime].title.as_dict() if regime in library.regimes else {})
    point = Point(
        regime, regime, asked.world, asked.start, asked.quarters, asked.effective, tuple(asked.fill), Frozen(levers),
        Frozen(behaviour), title=called,
    )  # fmt: skip
    point.resolve(library)
    return Plan(
        regime, called, (point,), tuple((0, k) for k in range(first, first + asked.replicates)),
        counties=county_table(asked.counties, [asked.world]), parts=PARTS, tables=_tables(asked.tables),
        design=Frozen({"method": "run", "replicates": asked.replicates}),
    )  # fmt: skip


def _tables(names: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(part.strip() for part in names.split(",") if part.strip()))
    for name in found:
        if name not in TABLES:
            guess = nearest(name, TABLES)
            raise CommandError("not_among", name="--tables", found=name, allowed=TABLES, suggestion=guess)
    return found
