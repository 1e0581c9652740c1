"""Designs and plans from Python: say what varies, over which regime, and check it before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.plan.behaviour import behaviours_for
from experiments.plan.design.axis import Factor
from experiments.plan.design.factors import factor
from experiments.plan.design.files import load_design
from experiments.plan.design.records import Design, check, plan_of
from experiments.plan.from_study import is_design, plan_named
from experiments.plan.plan import Level, Plan, Point
from sim.parameters.errors import shown
from sim.parameters.records import Frozen
from xiaozhen.api.library import load
from xiaozhen.api.places import county_table
from xiaozhen.errors import AskedError, CommandError

Wanted = str | Path | Design | Plan
"""What can be swept: id or file of a study or design, a design, a plan."""
OWN = "own"
"""Id of a design made by :func:`vary` unless told."""


def design(name: str | Path, *, regime: str | None = None, world: str | None = None) -> Design:
    """Read a design of the scenarios folder or a file.

    Args:
        name: Id such as "clawback_and_land", or path of a TOML file.
        regime: Another regime for its base.
        world: Another world for its base.

    Raises:
        InputError: If there is none, or its file is not sound.
    """
    return load_design(name, load(), regime=regime, world=world)


def vary(
    regime: str,
    factors: Mapping[str, Sequence[Level] | tuple[float, float] | None],
    method: str = "grid",
    *,
    n: int = 5,
    replicates: int = 8,
    seed: int = 0,
    outcomes: Sequence[str] = (),
    title: Mapping[str, str] | None = None,
    id: str = OWN,
    **calendar: Any,
) -> Design:
    """Make a design over a regime without a file.

    Args:
        regime: Id of the regime that holds where no factor says otherwise.
        factors: Key of a lever or uncertainty, "reading.ID", "world" or "regime" -> a list of values, a tuple
            (low, high) as range, or None for its default range or prior.
        method: "grid", "one_at_a_time", "latin_hypercube", "sobol" or another of the design methods.
        n: Points; for a grid or one at a time the values along a range.
        replicates: Runs of every point, with the same luck at all points.
        seed: Of the design's own luck.
        outcomes: Ids that the question is about.
        title: By language.
        id: Name in plans and stores.
        **calendar: ``world``, ``start``, ``quarters`` (40), ``effective`` and ``fill``, as in ``xz.scenario``.

    Raises:
        InputError: Where a name, value or size is not allowed.
    """
    scope = {"regime": regime, "fill": tuple(calendar.get("fill", ()))}
    made = tuple(_factor(name, values, scope) for name, values in factors.items())
    named = title or {
        "zh": "、".join(one.title["zh"] for one in made),
        "en": ", ".join(one.title["en"] for one in made),
    }
    base = Point("base", **{"regime": regime, **calendar, "fill": scope["fill"]})
    text = Frozen(dict(named))
    found = Design(id, text, text, method, base, made, n, replicates, seed, tuple(outcomes))
    check(found)
    return found


def _factor(name: str, values: Any, scope: Mapping[str, Any]) -> Factor:
    if values is None:
        return factor(load(), name, **scope)
    if isinstance(values, tuple) and len(values) == 2 and all(_number(v) for v in values):
        return factor(load(), name, low=float(values[0]), high=float(values[1]), **scope)
    if isinstance(values, Sequence) and not isinstance(values, (str, tuple)):
        return factor(load(), name, levels=list(values), **scope)
    raise AskedError("odd_values", key=name, found=shown(values))


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def plan(
    what: Wanted, *, n: int | None = None, replicates: int | None = None, behaviour: str | None = None,
    counties: str | Path | None = None,
) -> Plan:  # fmt: skip
    """The runs that a study or design stands for; every point is checked and nothing is run.

    Args:
        what: Id or file of a study or design, a design, or a plan.
        n: Points instead of the design's own number.
        replicates: Replicates instead of its own number.
        behaviour: "posterior", "prior" or "central"; the posterior unless told.
        counties: A county table of your own.

    Raises:
        InputError: If something asked for does not exist or is not allowed.
    """
    if isinstance(what, (str, Path)):
        if n is not None and not is_design(str(what), load()):
            raise CommandError("only_designs_have_points", found=str(what))
        made = plan_named(str(what), load(), replicates=replicates, n=n, behaviour=behaviour)
    elif isinstance(what, Design):
        made = plan_of(what, load(), n=n, replicates=replicates)
        made = replace(made, behaviour=behaviours_for(behaviour, load(), 1 + max(k for _, k in made.runs)))
    elif (n, replicates, behaviour) != (None, None, None):
        raise AskedError("fixed_plan", key=what.id)
    else:
        made = what
    if counties is None:
        return made
    return replace(made, counties=county_table(counties, (point.world for point in made.points)))
