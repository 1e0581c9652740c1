"""What a study varies: the factors of a design laid over a regime, what is swapped together, and the plan of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.sensitivity.errors import SensitivityError
from experiments.analysis.sensitivity.rows import Floats
from experiments.plan.design.axis import Factor
from experiments.plan.design.files import design_files, load_design
from experiments.plan.design.records import Design, check_factors, check_outcomes, laid, plain
from experiments.plan.plan import Level, Plan, Point
from sim.parameters import Library
from sim.parameters.errors import listed, nearest, shown
from sim.parameters.records import Frozen

Title = Mapping[str, str]
"""By language."""
GROUPINGS = ("none", "instrument", "clause")
DEFAULT = "sensitivity"
"""The design that is laid over a regime unless told."""


@dataclass(frozen=True)
class Subject:
    """What is varied and looked at.

    Attributes:
        design: Base, factors and outcomes.
        groups: Name and columns of what is swapped together.
        titles: Of factors and groups; a group that has no title of its own has those of its members.
        grouping: One of :data:`GROUPINGS`.
    """

    design: Design
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    titles: Mapping[str, tuple[Title, ...]]
    grouping: str

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied."""
        return self.design.factors

    def ordered(self) -> dict[str, int]:
        """Name -> column of what is a single factor whose settings have an order, so that effects have a sign."""
        return {
            name: columns[0]
            for name, columns in self.groups
            if len(columns) == 1 and has_order(self.factors[columns[0]])
        }


def has_order(factor: Factor) -> bool:
    """Whether larger shares mean larger values: ranges, priors, flags and rising lists of numbers."""
    levels = factor.levels
    if not levels:
        return True
    numbers = [v for v in levels if isinstance(v, int | float)]
    return len(numbers) == len(levels) and all(a < b for a, b in pairwise(numbers))


def find_subject(
    name: str | Design,
    library: Library,
    *,
    outcomes: Sequence[str] | None = None,
    grouping: str = "none",
    quarters: int | None = None,
) -> Subject:
    """A subject from the name of a regime or design, or from a design.

    Args:
        name: Id of a regime (the default design is laid over it), id or file of a design, or a design.
        library: The scenario files.
        outcomes: Instead of the design's own.
        grouping: One of :data:`GROUPINGS`.
        quarters: Length of the runs instead of the design's own.

    Raises:
        InputError: If something asked for does not exist.
    """
    if grouping not in GROUPINGS:
        guess = nearest(grouping, GROUPINGS)
        raise SensitivityError(
            "unknown_grouping", key="group", found=shown(grouping), allowed=listed(GROUPINGS), suggestion=guess
        )
    design = name if isinstance(name, Design) else _find(name, library)
    if outcomes is not None:
        design = replace(design, outcomes=tuple(dict.fromkeys(outcomes)))
    if quarters is not None:
        design = replace(design, base=replace(design.base, quarters=quarters))
    if not design.outcomes:
        raise SensitivityError("no_outcomes", key="outcomes")
    check_outcomes(design.outcomes)
    check_factors(design.factors, "sobol")
    groups = grouped(design, library, grouping)
    return Subject(design, groups, Frozen(_titles(design, groups, library)), grouping)


def _find(name: str, library: Library) -> Design:
    if name in library.regimes:
        return load_design(DEFAULT, library, regime=name)
    known = design_files(library)
    if name in known or name.endswith(".toml"):
        return load_design(name, library)
    both = [*library.regimes, *known]
    raise SensitivityError(
        "unknown_subject", key=name, found=shown(name), allowed=listed(both), suggestion=nearest(name, both)
    )


def grouped(design: Design, library: Library, grouping: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Name and columns of what is swapped together, in the order of first appearance."""
    found: dict[str, list[int]] = {}
    for i, one in enumerate(design.factors):
        name = one.name
        if grouping == "instrument":
            name = one.group or one.name
        elif grouping == "clause":
            name = _clause(one, design, library) or one.name
        found.setdefault(name, []).append(i)
    return tuple((name, tuple(columns)) for name, columns in found.items())


def _clause(one: Factor, design: Design, library: Library) -> str:
    """Clauses by which the base regime, or one that it extends, sets what a factor sets; "" where none does."""
    regime, found = library.regimes.get(design.base.regime), dict[str, None]()
    while regime is not None and not found:
        for setting in regime.values:
            if setting.lever in one.keys:
                found |= dict.fromkeys(setting.clause)
        regime = library.regimes.get(regime.extends or "")
    return " + ".join(found)


def _titles(
    design: Design, groups: tuple[tuple[str, tuple[int, ...]], ...], library: Library
) -> dict[str, tuple[Title, ...]]:
    titles: dict[str, tuple[Title, ...]] = {one.name: (one.title,) for one in design.factors}
    for name, columns in groups:
        if name in library.instruments:
            titles[name] = (library.instruments[name].title.as_dict(),)
        elif name not in titles:
            titles[name] = tuple(design.factors[c].title for c in columns)
    return titles


@dataclass(frozen=True)
class LaidOut:
    """A plan, and which of its runs each evaluation of a design is.

    Attributes:
        plan: Evaluations that come to the same setting and replicate are one run.
        where: Index into ``plan.runs``, shape of the design's replicates.
    """

    plan: Plan
    where: NDArray[np.int64]


def lay_out(subject: Subject, shares: Floats, replicates: NDArray[np.int64], made: Mapping[str, Any]) -> LaidOut:
    """The runs that a design asks for.

    Args:
        subject: What is varied.
        shares: Shape (..., D).
        replicates: Shape (...).
        made: How the design was made, for the plan's record.
    """
    flat, luck = shares.reshape(-1, shares.shape[-1]), replicates.ravel()
    columns = [_values(one, flat[:, i]) for i, one in enumerate(subject.factors)]
    points: list[Point] = []
    known: dict[tuple[Level, ...], int] = {}
    runs: dict[tuple[int, int], int] = {}
    where = np.empty(luck.size, dtype=np.int64)
    for e, values in enumerate(zip(*columns, strict=True)):
        point = known.setdefault(values, len(points))
        if point == len(points):
            named = {one.name: value for one, value in zip(subject.factors, values, strict=True)}
            points.append(laid(subject.design, f"p{point + 1:06d}", named))
        where[e] = runs.setdefault((point, int(luck[e])), len(runs))
    record = {**made, "factors": [plain(one) for one in subject.factors], "grouping": subject.grouping,
              "outcomes": list(subject.design.outcomes)}  # fmt: skip
    plan = Plan(subject.design.id, subject.design.title, tuple(points), tuple(runs), design=Frozen(record))
    return LaidOut(plan, where.reshape(replicates.shape))


def _values(one: Factor, shares: Floats) -> list[Level]:
    """Values of shares, each different share looked up once."""
    different, where = np.unique(shares, return_inverse=True)
    found = one.values(float(u) for u in different)
    return [found[i] for i in where.ravel()]
