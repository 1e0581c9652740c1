"""Which ambiguity of the law moves the outcomes most: every meaning of every reading, one at a time, all luck equal.

Each regime is run as it states, and once for every other meaning of every reading that matters in it
(:meth:`sim.parameters.Library.reading_variants`), with the same replicates. What is reported is the paired difference
from the regime as stated.

Many comparisons are made, in two ways that are kept apart:

* the *largest* of a reading's meanings is picked after the fact, so its interval is widened by Bonferroni's rule over
  the meanings it was picked from (level 1 − 0.05/m);
* whether any difference stands at all is told by Holm's step-down over every comparison of the study in the two
  outcomes that are ranked.

    xiaozhen readings --replicates 10 --out results/readings
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.estimates.contrasts import LEVEL, PairedContrast, holm, paired
from experiments.analysis.results import results, run_all
from experiments.plan.plan import Plan, Point, crossed
from experiments.run.tasks import Task
from sim.outcomes import OUTCOMES
from sim.parameters import Library, load_library
from sim.run import RunResult

RANKED = ("completion_common", "town_exit_rate")
"""Outcomes by which readings are ranked: they have one meaning under every reading."""
REPORTED = (*RANKED, "completion_own", "investment_effective", "public_cost", "land_net")
EFFECTIVE = "2015Q2"
"""Every regime is laid over the same quarters of the common world, as in the comparison of regimes."""
TYPE, SMALL = "call.town_types", "small_town"
"""A meaning that admits small towns alone is not tried: no site of the common world is one."""
NULL = "null"
REPLICATES = 8
"""Some ten minutes on two cores for all regimes that do not merely extend another."""


@dataclass(frozen=True, slots=True)
class Swept:
    """One meaning laid over one regime, with its runs.

    Attributes:
        reading, alternative, regime: By id.
        levers: The lever values that realise it.
        runs: Runs of the regime with it, by replicate.
        stated: Runs of the regime as it states, same replicates.
    """

    reading: str
    alternative: str
    regime: str
    levers: Mapping[str, object]
    runs: tuple[RunResult, ...]
    stated: tuple[RunResult, ...]

    def contrast(self, outcome: str, level: float = LEVEL) -> PairedContrast:
        """Difference from the regime as stated."""
        sides = [_values(runs, outcome) for runs in (self.runs, self.stated)]
        return paired(sides[0], sides[1], unit=OUTCOMES[outcome].unit, level=level)

    @property
    def moved(self) -> float:
        """Share of replicates in which some summary outcome differs."""
        return float(np.mean([_differ(a, b) for a, b in zip(self.runs, self.stated, strict=True)]))


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest difference that a reading makes in an outcome.

    Attributes:
        swept: The meaning and regime that make it.
        contrast: The difference; its interval allows for picking the largest of ``among``.
        among: Meanings over all regimes that it was picked from.
        stands: Whether it stands after Holm's correction over the study.
    """

    swept: Swept
    contrast: PairedContrast
    among: int
    stands: bool

    @property
    def size(self) -> float:
        """Absolute difference; 0 where the outcome is not defined."""
        value = abs(self.contrast.difference.value)
        return value if value == value else 0.0


@dataclass(frozen=True)
class Sweep:
    """All meanings of all readings, run.

    Attributes:
        library: The scenario files.
        swept: Every meaning in every regime where it matters.
        replicates: Runs of each.
        regimes: The regimes, in order.
    """

    library: Library
    swept: tuple[Swept, ...]
    replicates: int
    regimes: tuple[str, ...]

    @cached_property
    def corrected(self) -> Mapping[tuple[str, str, str, str], PairedContrast]:
        """Contrasts of the ranked outcomes after Holm's step-down, by reading, alternative, regime and outcome."""
        return holm(
            {(s.reading, s.alternative, s.regime, name): s.contrast(name) for s in self.swept for name in RANKED}
        )

    def stands(self, one: Swept, outcome: str) -> bool:
        """Whether a difference stands after Holm's correction."""
        c = self.corrected[one.reading, one.alternative, one.regime, outcome]
        return c.excludes_zero_holm

    def ranking(self, outcome: str) -> list[Largest]:
        """Every reading by its largest absolute difference, the largest first."""
        by_reading: dict[str, list[Swept]] = {}
        for one in self.swept:
            by_reading.setdefault(one.reading, []).append(one)
        found = []
        for group in by_reading.values():
            level = 1.0 - (1.0 - LEVEL) / len(group)
            each = [Largest(s, s.contrast(outcome, level), len(group), self.stands(s, outcome)) for s in group]
            found.append(max(each, key=lambda x: x.size))
        return sorted(found, key=lambda x: (-x.size, x.swept.reading))

    def records(self) -> list[dict[str, Any]]:
        """One flat record for each meaning, regime and outcome."""
        ranks = {(name, x.swept.reading): i + 1 for name in RANKED for i, x in enumerate(self.ranking(name))}
        return [self._record(s, name, ranks.get((name, s.reading), 0)) for s in self.swept for name in REPORTED]

    def _record(self, s: Swept, name: str, rank: int) -> dict[str, Any]:
        c = self.corrected[s.reading, s.alternative, s.regime, name] if name in RANKED else s.contrast(name)
        d = c.difference
        return {
            "reading": s.reading, "regime": s.regime, "alternative": s.alternative, "outcome": name, "unit": d.unit,
            "rank": rank, "stated": float(np.nanmean(_values(s.stated, name))), "difference": float(d.value),
            "low": float(d.low), "high": float(d.high), "level": float(d.level), "n": d.n,
            "p_value": float(c.p_value), "p_holm": float(c.p_holm), "runs_moved": s.moved,
            "levers": " ".join(f"{key}={_shown(value)}" for key, value in s.levers.items()),
        }  # fmt: skip


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join("" if part is None else f"{part:g}" for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(runs: Sequence[RunResult], outcome: str) -> NDArray[np.float64]:
    return np.array([r.summary[outcome] for r in runs])


def _differ(a: RunResult, b: RunResult) -> bool:
    return any(
        x != b.summary[key] and not (x != x and b.summary[key] != b.summary[key]) for key, x in a.summary.items()
    )


def own_regimes(library: Library) -> tuple[str, ...]:
    """Regimes that are swept unless told otherwise: all that do not extend another one's text."""
    return tuple(r.id for r in library.regimes.values() if r.id != NULL and r.extends in (None, NULL))


@dataclass(frozen=True, slots=True)
class Variant:
    """One meaning over one regime, and the point that it is; the regime as it states has no reading."""

    reading: str
    alternative: str
    levers: Mapping[str, object]
    point: Point


def variants(
    library: Library, regimes: Sequence[str] | None = None, readings: Sequence[str] | None = None, quarters: int = 40
) -> list[Variant]:
    """Everything to be run: the regimes as stated first, then every meaning of every reading where it matters."""
    chosen = own_regimes(library) if regimes is None else tuple(regimes)
    rows = [Variant("", "", {}, _laid(library, regime, regime, {}, quarters)) for regime in chosen]
    for reading in library.readings if readings is None else readings:
        for regime in chosen:
            for v in library.reading_variants(reading, regime):
                if v.levers.get(TYPE) != SMALL:
                    point = _laid(library, f"v{len(rows):04d}", regime, v.levers, quarters)
                    rows.append(Variant(reading, v.alternative, v.levers, point))
    return rows


def _laid(library: Library, name: str, regime: str, levers: Mapping[str, object], quarters: int) -> Point:
    """A regime over the common world, whose sites are no administrative towns: a regime for small towns alone would
    find none there, so its town type is left open.
    """
    record = library.regimes.get(regime)  # an unknown one is told when it is resolved
    small = record is not None and any(v.lever == TYPE and v.value == SMALL for v in record.values)
    opened = {TYPE: "any", **levers} if small else levers
    return Point(name, regime, effective=EFFECTIVE, quarters=quarters, levers=opened)


def sweep(
    library: Library | None = None,
    replicates: int = REPLICATES,
    workers: int | None = None,
    *,
    regimes: Sequence[str] | None = None,
    readings: Sequence[str] | None = None,
    quarters: int = 40,
    progress: Callable[[int, int], None] | None = None,
    task: Task | None = None,
) -> Sweep:
    """Run every meaning of every reading in every regime where it matters.

    Args:
        library: The scenario files; read if not given.
        replicates: Runs of each, with equal luck.
        workers: Worker processes; None = one for each core.
        regimes: Regimes; :func:`own_regimes` unless told.
        readings: Readings; all unless told.
        quarters: Length of a run.
        progress: Called with (finished, all).
        task: What runs one spec, the model unless told.

    Raises:
        UnknownName: If a reading or regime does not exist.
        RunFailures: If a run failed.
    """
    files = library or load_library()
    rows = variants(files, regimes, readings, quarters)
    plan = Plan("readings", {}, tuple(row.point for row in rows), crossed(len(rows), replicates))
    found = results(run_all(plan, files, workers=workers, progress=progress, task=task))
    runs = [tuple(found[p, k] for k in range(replicates)) for p in range(len(rows))]
    stated = {row.point.regime: mine for row, mine in zip(rows, runs, strict=True) if not row.reading}
    swept = tuple(
        Swept(row.reading, row.alternative, row.point.regime, row.levers, mine, stated[row.point.regime])
        for row, mine in zip(rows, runs, strict=True)
        if row.reading
    )
    return Sweep(files, swept, replicates, tuple(stated))
