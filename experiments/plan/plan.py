"""What a sweep runs: points of a design, and which replicates of each.

A point is everything that a scenario needs; replicates are an axis of their own, so two points of one replicate share
all luck. The order of ``Plan.runs`` is the canonical order of every table that comes out, whatever ran it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from experiments.plan.behaviour import Behaviours
from sim.model import ROOT
from sim.parameters import Library, Resolved
from sim.parameters.compose import resolve
from sim.parameters.mix import mixed, with_behaviour
from sim.parameters.records import Frozen
from sim.run import RunSpec

PARTS = ("summary", "yearly", "cohorts")
"""Parts of a run's result that can be kept."""
MODEL = "sim.run:run"
"""The task of a plan unless told: the model itself."""

KEPT = 512
"""Resolved scenarios kept in memory; runs of one point mostly follow each other."""

Level = float | int | bool | str
"""A factor's value: a number, a reading of the law, a world, a regime."""


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of everything.

    Attributes:
        id: Unique in the plan, letters, digits, ``_``, ``-`` and ``.`` only.
        regime, world, start, quarters, effective, fill: As in :meth:`sim.parameters.Library.resolve`.
        levers, behaviour: Overrides by key.
        factors: The design's factors at this point, by name, for tables; what they set stands in the fields above.
        title: By language; empty where the id says enough.
        study_levers, study_behaviour: What a study sets; ``levers`` and ``behaviour`` go before it.
        mix: Another regime and the levers that are taken from it, in every quarter; both are resolved with the same
            fields, and ``sim.parameters.mix.CALENDAR`` among the levers takes its dates.
    """

    id: str
    regime: str
    world: str = "zhejiang"
    start: str | None = None
    quarters: int = 40
    effective: str | None = None
    fill: tuple[str, ...] = ()
    levers: Mapping[str, Any] = field(default_factory=lambda: Frozen({}))
    behaviour: Mapping[str, float] = field(default_factory=lambda: Frozen({}))
    factors: Mapping[str, Level] = field(default_factory=lambda: Frozen({}))
    title: Mapping[str, str] = field(default_factory=lambda: Frozen({}))
    mix: tuple[str, tuple[str, ...]] | None = None
    study_levers: Mapping[str, Any] = field(default_factory=lambda: Frozen({}))
    study_behaviour: Mapping[str, float] = field(default_factory=lambda: Frozen({}))

    def resolve(self, library: Library, known: dict[str, Resolved] | None = None) -> Resolved:
        """Give every lever and uncertainty its value.

        Args:
            library: The scenario files.
            known: Regimes resolved before, for the many points of a plan that mix the same two; it is added to.

        Raises:
            InputError: If a name or value is not acceptable.
        """
        if self.mix is None:
            return self._of(self.regime, library)
        held = {} if known is None else known
        other, taken = self.mix
        fields = (self.world, self.start, self.quarters, self.effective, self.fill)
        own = (self.levers, self.behaviour, self.study_levers, self.study_behaviour)
        shared = (*fields, *map(_text, own))
        for regime in (self.regime, other):
            if repr((regime, shared)) not in held:
                held[repr((regime, shared))] = self._of(regime, library)
        return mixed(library, held[repr((self.regime, shared))], held[repr((other, shared))], taken)

    @property
    def set(self) -> Mapping[str, Any]:
        """Levers that are set, by a study or above it."""
        return {**self.study_levers, **self.levers}

    def _of(self, regime: str, library: Library) -> Resolved:
        return resolve(
            library,
            regime,
            world=self.world,
            start=self.start,
            quarters=self.quarters,
            effective=self.effective,
            levers=self.levers,
            behaviour=self.behaviour,
            study_set=self.study_levers,
            study_behaviour=self.study_behaviour,
            fill=self.fill,
        )


class Scenarios:
    """Points with every lever resolved; the first :data:`KEPT` that are asked for are kept, later ones push out others.

    Attributes:
        points: The points.
        library: The scenario files that they are resolved from.
    """

    def __init__(self, points: tuple[Point, ...], behaviour: Behaviours, library: Library) -> None:
        self.points, self.behaviour, self.library = points, behaviour, library
        self._regimes: dict[str, Resolved] = {}
        self.of = lru_cache(maxsize=KEPT)(self._of)
        self._drawn = lru_cache(maxsize=KEPT)(self._lay)

    def _of(self, point: int) -> Resolved:
        return self.points[point].resolve(self.library, self._regimes)

    def _lay(self, point: int, draw: int) -> Resolved:
        draws = self.behaviour.draws
        return with_behaviour(self.library, self.of(point), draws[draw]) if draws else self.of(point)

    def under(self, behaviour: Behaviours) -> Scenarios:
        """The same points under other behaviour."""
        made = Scenarios(self.points, behaviour, self.library)
        made._regimes, made.of = self._regimes, self.of
        return made

    def drawn(self, point: int, replicate: int) -> Resolved:
        """A point as a replicate runs it, under its draw of behaviour.

        Raises:
            InputError: If the point is not acceptable.
        """
        return self._drawn(point, self.behaviour.place(replicate))


@dataclass(frozen=True)
class Plan:
    """Everything that will be run.

    Attributes:
        id: Id of the study or design.
        title: By language.
        points: The settings.
        runs: (index of the point, replicate) in canonical order, each pair once.
        root: Root seed; replicate k of every point has the same.
        counties: Path of the user's own county table.
        parts: Which of :data:`PARTS` to keep.
        tables: Agent-level tables to keep of every run.
        maps: Agent-level tables to keep of replicate 0 besides.
        task: What runs one spec, as "module:function"; its result is a ``RunResult`` or a mapping of numbers.
        design: How the plan was made, as plain data: method, factors, size, seed.
        baselines: Id of a point -> id of the point it is compared with.
        behaviour: The behaviour of every replicate; what a point sets stays.
    """

    id: str
    title: Mapping[str, str]
    points: tuple[Point, ...]
    runs: tuple[tuple[int, int], ...]
    root: int = ROOT
    counties: str | None = None
    parts: tuple[str, ...] = ("summary",)
    task: str = MODEL
    design: Mapping[str, Any] = field(default_factory=lambda: Frozen({}))
    baselines: Mapping[str, str] = field(default_factory=lambda: Frozen({}))
    behaviour: Behaviours = field(default_factory=Behaviours)
    tables: tuple[str, ...] = ()
    maps: tuple[str, ...] = ()
    known: Scenarios | None = field(default=None, compare=False, repr=False)

    def scenarios(self, library: Library) -> Scenarios:
        """The points with every lever resolved, each once."""
        held = self.known
        if held is None or held.library is not library or held.points is not self.points:
            return Scenarios(self.points, self.behaviour, library)
        return held if held.behaviour is self.behaviour else held.under(self.behaviour)

    def tables_of(self, replicate: int) -> tuple[str, ...]:
        """Agent-level tables to keep of a replicate."""
        return (*self.tables, *(self.maps if replicate == 0 else ()))

    def specs(self, library: Library) -> list[RunSpec]:
        """One spec for each run; points are resolved once.

        Raises:
            InputError: If a point is not acceptable.
        """
        known = self.scenarios(library)
        return [self.spec(known.drawn(p, k), k) for p, k in self.runs]

    def spec(self, scenario: Resolved, replicate: int) -> RunSpec:
        """The spec of one run."""
        return RunSpec(scenario, replicate, self.root, self.tables_of(replicate), self.counties)

    def with_runs(self, runs: Sequence[tuple[int, int]]) -> Plan:
        """The same plan with other runs."""
        return replace(self, runs=tuple(runs))


def _text(values: Mapping[str, Any]) -> str:
    return repr(sorted(values.items()))


def crossed(points: int, replicates: int) -> tuple[tuple[int, int], ...]:
    """Every replicate of every point, points first."""
    return tuple((p, k) for p in range(points) for k in range(replicates))
