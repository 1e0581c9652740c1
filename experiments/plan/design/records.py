"""A design as data: factors, method, size and outcomes, and the plan of runs that it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from experiments.plan.behaviour import Behaviours
from experiments.plan.design.axis import KINDS, Factor
from experiments.plan.design.errors import DesignError
from experiments.plan.design.methods import LIST, METHODS, MOST_POINTS, ONE_AT_A_TIME
from experiments.plan.plan import Level, Plan, Point, Scenarios, crossed
from sim.outcomes import OUTCOMES
from sim.parameters import Library
from sim.parameters.errors import InputError, listed, nearest, shown
from sim.parameters.records import Frozen, Place
from sim.parameters.texts import Phrase

BASE = "base"
"""Id of the point of a one-at-a-time design at which nothing is varied."""
MOST_REPLICATES = 100_000


@dataclass(frozen=True)
class Design:
    """What is varied, how, and what is looked at.

    Attributes:
        id: Name, also of its file.
        title, what: By language.
        method: A name of :data:`experiments.plan.design.methods.METHODS`, or "list".
        base: Regime, world, calendar and settings that hold unless a factor says otherwise.
        factors: What is varied.
        n: Points; for a grid or one-at-a-time the values along a range.
        replicates: Runs of every point, with the same luck at all points.
        seed: Of the design's own luck, not of the runs.
        outcomes: Ids of the outcomes that the question is about.
        rows: Of a list: the factors' values at each point.
        place: Where it is written.
    """

    id: str
    title: Mapping[str, str]
    what: Mapping[str, str]
    method: str
    base: Point
    factors: tuple[Factor, ...]
    n: int
    replicates: int = 1
    seed: int = 0
    outcomes: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Level], ...] = ()
    place: Place = field(default_factory=lambda: Place("", ()))

    def record(self) -> Mapping[str, Any]:
        """How the design was made, as plain data."""
        return Frozen(
            id=self.id,
            method=self.method,
            n=self.n,
            replicates=self.replicates,
            seed=self.seed,
            outcomes=list(self.outcomes),
            factors=[plain(factor) for factor in self.factors],
        )


def plain(factor: Factor) -> dict[str, Any]:
    """A factor as plain data."""
    return {
        "name": factor.name,
        "kind": factor.kind,
        "keys": list(factor.keys),
        "low": factor.low,
        "high": factor.high,
        "levels": list(factor.levels),
        "prior": factor.prior.distribution if factor.prior else None,
        "unit": factor.unit,
        "group": factor.group,
        "title": dict(factor.title),
    }


def plan_of(
    design: Design,
    library: Library,
    *,
    n: int | None = None,
    replicates: int | None = None,
    outcomes: Sequence[str] | None = None,
) -> Plan:
    """The runs of a design; every point is checked before any runs.

    Args:
        design: The design.
        library: The scenario files.
        n: Points instead of the design's own number.
        replicates: Replicates instead of the design's own number.
        outcomes: Outcomes instead of the design's own.

    Raises:
        DesignError: If a size or outcome is not acceptable, or a point breaks a bound; it names the point.
    """
    changes: dict[str, Any] = {
        "n": n,
        "replicates": replicates,
        "outcomes": None if outcomes is None else tuple(outcomes),
    }
    design = replace(design, **{key: value for key, value in changes.items() if value is not None})
    check(design)
    points = points_of(design)
    known = Scenarios(points, Behaviours(), library)
    _check_points(known)
    base = {p.id: BASE for p in points if p.id != BASE} if points[0].id == BASE else {}
    return Plan(
        design.id,
        Frozen(dict(design.title)),
        points,
        crossed(len(points), design.replicates),
        design=design.record(),
        baselines=Frozen(base),
        known=known,
    )


def check(design: Design) -> None:
    """Check a design's method, size, factors and outcomes.

    Raises:
        DesignError: The first thing that is wrong.
    """
    check_method(design.method)
    check_count("n", design.n, "bad_size", MOST_POINTS)
    check_count("replicates", design.replicates, "bad_replicates", MOST_REPLICATES)
    check_outcomes(design.outcomes)
    check_factors(design.factors, design.method)


def check_method(method: str) -> None:
    """Raise a DesignError unless the method is known."""
    known = [*METHODS, LIST]
    if method not in known:
        guess = nearest(method, known)
        raise DesignError("unknown_method", key="method", found=shown(method), allowed=listed(known), suggestion=guess)


def check_count(key: str, value: object, message: str, most: int) -> None:
    """Raise a DesignError unless a number is whole and from 1 to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise DesignError(message, key=key, found=shown(value), allowed=f"1 … {most}")


def check_outcomes(names: Sequence[str]) -> None:
    """Raise a DesignError unless every outcome is known."""
    for name in names:
        if name not in OUTCOMES:
            guess = nearest(name, OUTCOMES)
            raise DesignError(
                "unknown_outcome", key="outcomes", found=shown(name), allowed=listed(OUTCOMES), suggestion=guess
            )


def check_factors(factors: Sequence[Factor], method: str) -> None:
    """Raise a DesignError if there is no factor, one appears twice, or two set the same thing at one point."""
    if not factors:
        raise DesignError("no_factors", key="factor")
    setters: dict[tuple[bool, str], str] = {}
    for i, factor in enumerate(factors):
        if any(factor.name == one.name for one in factors[:i]):
            raise DesignError("factor_twice", key=factor.name, found=shown(factor.name))
        for key in factor.keys:
            first = setters.setdefault((factor.kind == "uncertainty", key), factor.name)
            if first != factor.name and method != ONE_AT_A_TIME:
                raise DesignError("key_twice", key=key, details={"first": first, "second": factor.name})


# --- points ----------------------------------------------------------------------------------------------------------


def points_of(design: Design) -> tuple[Point, ...]:
    """The points of a design, in its order."""
    if design.method == LIST:
        named = [(f"p{i + 1:05d}", row) for i, row in enumerate(design.rows)]
    else:
        shares = METHODS[design.method](design.factors, design.n, design.seed)
        rows = [_values(design.factors, row) for row in shares]
        ids = _ids_by_factor(rows) if design.method == ONE_AT_A_TIME else [f"p{i + 1:05d}" for i in range(len(rows))]
        named = list(zip(ids, rows, strict=True))
    return tuple(laid(design, name, row) for name, row in named)


def _values(factors: Sequence[Factor], shares: Sequence[float | None]) -> dict[str, Level]:
    pairs = zip(factors, shares, strict=True)
    return {factor.name: factor.value(share) for factor, share in pairs if share is not None}


def _ids_by_factor(rows: Sequence[Mapping[str, Level]]) -> list[str]:
    ids, counts = [], dict[str, int]()
    for row in rows:
        name = next(iter(row), BASE)
        counts[name] = counts.get(name, 0) + 1
        ids.append(name if name == BASE else f"{name}-{counts[name]}")
    return ids


def laid(design: Design, name: str, values: Mapping[str, Level]) -> Point:
    """One point: the base with the factors' values laid over it, regimes first, for multipliers need to know them."""
    point = replace(design.base, id=name)
    for factor in sorted(design.factors, key=lambda f: KINDS.index(f.kind)):
        if factor.name in values:
            point = factor.apply(point, values[factor.name])
    ordered = Frozen({f.name: values[f.name] for f in design.factors if f.name in values})
    return replace(point, factors=ordered)


def _check_points(known: Scenarios) -> None:
    """Resolve every point.

    Raises:
        DesignError: Names the first point that is refused, its settings, and how many are.
    """
    refused: list[tuple[int, Point, InputError]] = []
    points = known.points
    for i, point in enumerate(points):
        try:
            known.of(i)
        except InputError as found:
            refused.append((i, point, found))
    if not refused:
        return
    i, point, problem = refused[0]
    settings = ", ".join(f"{name} = {_short(value)}" for name, value in point.factors.items())
    raise DesignError(
        "point_refused",
        key=point.id,
        found=problem.found,
        allowed=problem.allowed,
        details={
            "number": str(i + 1),
            "settings": settings or BASE,
            "why": Phrase("value.why", "{key} {what}", {"key": problem.key, "what": problem.sentence()}),
            "count": f"{len(refused)} / {len(points)}",
        },
    )


def _short(value: Level) -> str:
    return f"{value:.6g}" if type(value) is float else str(value)
