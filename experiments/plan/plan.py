"""What a sweep runs: points of a design, and which replicates of each.

A point is everything that a scenario needs; replicates are an axis of their own, so two points of one replicate share
all luck. The order of ``Plan.runs`` is the canonical order of every table that comes out, whatever ran it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from experiments.plan.behaviour import Behaviours
from sim.parameters import Library, Resolved
from sim.parameters.mix import mixed
from sim.parameters.records import Frozen
from sim.run import ROOT, RunSpec

PARTS = ("summary", "yearly", "cohorts")
"""Parts of a run's result that can be kept."""
MODEL = "sim.run:run"
"""The task of a plan unless told: the model itself."""

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
        shared = (*fields, _text(self.levers), _text(self.behaviour))
        for regime in (self.regime, other):
            if repr((regime, shared)) not in held:
                held[repr((regime, shared))] = self._of(regime, library)
        return mixed(library, held[repr((self.regime, shared))], held[repr((other, shared))], taken)

    def _of(self, regime: str, library: Library) -> Resolved:
        return library.resolve(
            regime,
            world=self.world,
            start=self.start,
            quarters=self.quarters,
            effective=self.effective,
            levers=self.levers,
            behaviour=self.behaviour,
            fill=self.fill,
        )


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

    def specs(self, library: Library) -> list[RunSpec]:
        """One spec for each run; points are resolved once.

        Raises:
            InputError: If a point is not acceptable.
        """
        known: dict[str, Resolved] = {}
        resolved = [point.resolve(library, known) for point in self.points]
        lay = self.behaviour.laying(library)
        return [RunSpec(lay(resolved[p], k), k, self.root, counties=self.counties) for p, k in self.runs]

    def with_runs(self, runs: Sequence[tuple[int, int]]) -> Plan:
        """The same plan with other runs."""
        return replace(self, runs=tuple(runs))


def _text(values: Mapping[str, Any]) -> str:
    return repr(sorted(values.items()))


def crossed(points: int, replicates: int) -> tuple[tuple[int, int], ...]:
    """Every replicate of every point, points first."""
    return tuple((p, k) for p in range(points) for k in range(replicates))
