"""Share the difference between two regimes out over the groups of levers in which they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.attribution import shapley
from experiments.analysis.attribution.design import Design, plan_of
from experiments.analysis.attribution.differences import Comparison, Group
from experiments.analysis.attribution.errors import AttributionError
from experiments.analysis.attribution.units import by_units, mean_over, over_units, units_of
from experiments.analysis.estimates.contrasts import Estimate, PairedContrast, holm, paired
from experiments.analysis.estimates.nested import luck_of
from experiments.plan.plan import Plan
from sim.outcomes import OUTCOMES
from sim.parameters.errors import listed, nearest, shown

Evaluator = Callable[[Plan], pd.DataFrame]

VERDICTS = ("raises", "lowers", "unresolved", "nothing")
"""Whether a contribution stands after Holm's correction; "nothing" is exactly zero in every replicate."""
Values = dict[int, dict[int, float]]
"""Replicate -> mask -> value of an outcome."""


@dataclass(frozen=True)
class Contribution:
    """What one group contributes to the difference in one outcome.

    Attributes:
        group: The group.
        exact: One fraction for each replicate that counts.
        contrast: Their mean over the units (see :mod:`experiments.analysis.attribution.units`) with interval and
        p-values,
            Holm's over all groups and outcomes of the attribution.
        first, last: What the group does when it is the first, or the last, to change: beside the contribution they
            show whether others are needed for it (last beyond first) or make it superfluous (first beyond last).
        share: Part of the difference; NaN where the difference cannot be told from zero.
    """

    group: Group
    exact: tuple[Fraction, ...]
    contrast: PairedContrast
    first: Estimate
    last: Estimate
    share: float

    @property
    def value(self) -> float:
        """Mean over replicates."""
        return self.contrast.difference.value

    @property
    def nothing(self) -> bool:
        """Whether it is exactly zero in every replicate."""
        return not any(self.exact)

    @property
    def verdict(self) -> str:
        """One of :data:`VERDICTS`."""
        if self.nothing:
            return "nothing"
        if not self.contrast.excludes_zero_holm:
            return "unresolved"
        return "raises" if self.value > 0 else "lowers"


@dataclass(frozen=True)
class Interaction:
    """How two groups act together: above zero they strengthen each other, below zero each replaces the other."""

    one: Group
    other: Group
    contrast: PairedContrast


@dataclass(frozen=True)
class Shared:
    """One outcome, shared out.

    Attributes:
        outcome, unit: Ids.
        start, end: Means under the two regimes.
        difference: End minus start, paired.
        contributions: In the order of the groups.
        interactions: Of all pairs; empty where coalitions were sampled.
        replicates: Replicates in which every scenario that was run defines the outcome.
        units: For each of them the unit it belongs to: its draw of behaviour, or itself where behaviour is central.
        exact: Whether the contributions add up to the difference in each of them, to the bit.
    """

    outcome: str
    unit: str
    start: Estimate
    end: Estimate
    difference: PairedContrast
    contributions: tuple[Contribution, ...]
    interactions: tuple[Interaction, ...]
    replicates: tuple[int, ...]
    units: tuple[int, ...]
    exact: bool

    def ranked(self) -> list[Contribution]:
        """Contributions by size, the largest first."""
        return sorted(self.contributions, key=lambda c: -abs(c.value))

    def together(self, some: Sequence[Contribution]) -> Estimate:
        """Several contributions as one, added replicate by replicate."""
        sums = [sum(parts, Fraction(0)) for parts in zip(*(c.exact for c in some), strict=True)]
        return mean_over(sums, self.units, self.unit)

    def standing_pairs(self, most: int) -> list[Interaction]:
        """Pairs that stand after Holm's correction over all pairs, or the largest half of ``most``."""
        moving = [p for p in self.interactions if p.contrast.difference.value]
        adjusted = holm({str(i): p.contrast for i, p in enumerate(moving)})
        standing = [p for i, p in enumerate(moving) if adjusted[str(i)].excludes_zero_holm]
        order = sorted(moving, key=lambda p: -abs(p.contrast.difference.value))
        return [p for p in order if p in standing][:most] or order[: most // 2]


@dataclass(frozen=True)
class Attribution:
    """The whole answer.

    Attributes:
        comparison: The two regimes and their groups.
        design: What was run.
        plan: The same as a plan.
        outcomes: One entry for each outcome that could be shared out.
        failed: Runs that failed; their replicates are left out.
    """

    comparison: Comparison
    design: Design
    plan: Plan
    outcomes: tuple[Shared, ...]
    failed: int

    def records(self) -> list[dict[str, Any]]:
        """One row for each outcome and group."""
        return [_record(shared, part) for shared in self.outcomes for part in shared.contributions]

    def frame(self) -> pd.DataFrame:
        """The records as a frame."""
        return pd.DataFrame(self.records())


def attribute(
    comparison: Comparison,
    chosen: Design,
    run: Evaluator,
    outcomes: Sequence[str] = ("completion_common",),
    *,
    plan: Plan | None = None,
) -> Attribution:
    """Run what a design asks for and share each outcome's difference out.

    Args:
        comparison: The two regimes and their groups.
        chosen: Which coalitions are run.
        run: What runs a plan and returns its table, one row a run.
        outcomes: Ids of outcomes.
        plan: The design's plan, where it was made with a root, table or task of its own.

    Raises:
        AttributionError: If an outcome does not exist or cannot be shared out.
    """
    made = plan or plan_of(comparison, chosen)
    table = run(made)
    for name in outcomes:
        if name not in table:
            known = [str(c) for c in table.columns]
            raise AttributionError(
                "no_outcome", found=shown(name), suggestion=nearest(name, known), allowed=listed(outcome_ids())
            )
    found = [_share_out(comparison, chosen, made, name, _values(chosen, table[name])) for name in outcomes]
    return Attribution(comparison, chosen, made, _corrected(found), int((table["status"] == "failed").sum()))


def outcome_ids() -> list[str]:
    """Ids of all outcomes of a whole run."""
    return list(OUTCOMES)


def unit_of(outcome: str) -> str:
    """Unit of an outcome; none where it is not one of the model's."""
    return str(OUTCOMES[outcome].unit) if outcome in OUTCOMES else ""


def _values(chosen: Design, column: Any) -> Values:
    """A table's column by replicate and mask; rows stand in the order of the design's runs."""
    found: Values = {k: {} for k in range(chosen.replicates)}
    for (mask, k), value in zip(chosen.runs, column, strict=True):
        found[k][mask] = float(value)
    return found


@dataclass(frozen=True)
class _Column:
    """One outcome over the replicates that count, and how its estimates are made: the units are means."""

    values: Values
    kept: tuple[int, ...]
    units: tuple[int, ...]
    unit: str

    def at(self, mask: int) -> list[float]:
        """Its value in every replicate under one coalition."""
        return [self.values[k][mask] for k in self.kept]

    def gap(self, mask: int, base: int) -> list[float]:
        """What one coalition has more than another in every replicate."""
        return [x - y for x, y in zip(self.at(mask), self.at(base), strict=True)]

    def mean(self, values: Sequence[float]) -> Estimate:
        """Mean over the units."""
        return mean_over(values, self.units, self.unit)

    def contrast(self, parts: Sequence[Fraction]) -> PairedContrast:
        """Mean over the units against zero; each replicate's part is a paired difference already."""
        numbers: NDArray[np.float64] = np.array(over_units(parts, self.units))
        luck = luck_of(by_units(parts, self.units))
        return paired(numbers, np.zeros(numbers.size), unit=self.unit, luck=luck)

    def difference(self, end: int, start: int) -> PairedContrast:
        """One coalition minus another."""
        sides = (over_units(self.at(mask), self.units) for mask in (end, start))
        return paired(*sides, unit=self.unit, luck=luck_of(by_units(self.gap(end, start), self.units)))


def _share_out(comparison: Comparison, chosen: Design, plan: Plan, outcome: str, values: Values) -> Shared:
    """One outcome without Holm's correction, which needs all outcomes."""
    full, unit = chosen.full, unit_of(outcome)
    for mask, point in ((0, comparison.a), (full, comparison.b)):
        if not any(math.isfinite(values[k][mask]) for k in values):
            raise AttributionError("undefined_outcome", found=shown(outcome), details={"where": point.regime})
    kept = tuple(k for k in values if all(math.isfinite(v) for v in values[k].values()))
    if not kept:
        raise AttributionError("undefined_between", found=shown(outcome))
    column = _Column(values, kept, units_of(plan.behaviour, kept), unit)
    parts, joint = _fractions(chosen, values, kept)
    difference = column.difference(full, 0)
    contributions = tuple(
        _contribution(group, parts[i], column, 1 << i, full, difference) for i, group in enumerate(comparison.groups)
    )
    pairs = tuple(
        Interaction(comparison.groups[i], comparison.groups[j], column.contrast(one)) for (i, j), one in joint.items()
    )
    start, end = column.at(0), column.at(full)
    exact = all(shapley.adds_up([p[at] for p in parts], start[at], end[at]) for at in range(len(kept)))
    ends = column.mean(start), column.mean(end)
    return Shared(outcome, unit, *ends, difference, contributions, pairs, kept, column.units, exact)


def _fractions(
    chosen: Design, values: Values, kept: Sequence[int]
) -> tuple[list[list[Fraction]], Mapping[tuple[int, int], list[Fraction]]]:
    """Contributions by group and replicate, and interactions where all coalitions were run."""
    if chosen.method == "exact":
        cube = np.array([[values[k][mask] for k in kept] for mask in range(chosen.full + 1)])
        return shapley.exact(cube), shapley.interactions(cube)
    by_replicate = [shapley.sampled(values[k], chosen.orders[k]) for k in kept]
    return [[row[i] for row in by_replicate] for i in range(chosen.groups)], {}


def _contribution(
    group: Group,
    exact: Sequence[Fraction],
    column: _Column,
    bit: int,
    full: int,
    difference: PairedContrast,
) -> Contribution:
    contrast = column.contrast(exact)
    first, last = column.mean(column.gap(bit, 0)), column.mean(column.gap(full, full ^ bit))
    whole = difference.difference.value
    share = contrast.difference.value / whole if difference.excludes_zero and whole else math.nan
    return Contribution(group, tuple(exact), contrast, first, last, share)


def _corrected(found: Sequence[Shared]) -> tuple[Shared, ...]:
    """Holm's correction over all groups and outcomes; groups that do exactly nothing are no tests."""
    family = {
        f"{s}/{c}": part.contrast
        for s, shared in enumerate(found)
        for c, part in enumerate(shared.contributions)
        if not part.nothing
    }
    adjusted = holm(family)
    return tuple(
        replace(
            shared,
            contributions=tuple(
                replace(part, contrast=adjusted.get(f"{s}/{c}", part.contrast))
                for c, part in enumerate(shared.contributions)
            ),
        )
        for s, shared in enumerate(found)
    )


def _record(shared: Shared, part: Contribution) -> dict[str, Any]:
    c = part.contrast
    d = c.difference
    return {
        "outcome": shared.outcome,
        "group": part.group.id,
        "levers": " ".join(part.group.levers),
        "clauses": " ".join(part.group.clauses),
        "contribution": d.value,
        "low": d.low,
        "high": d.high,
        "level": d.level,
        "n": d.n,
        "share": part.share,
        "first": part.first.value,
        "last": part.last.value,
        "p_value": c.p_value,
        "p_holm": c.p_holm,
        "verdict": part.verdict,
        "unit": shared.unit,
    }
