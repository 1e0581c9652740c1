"""Scenarios between two: some levers as in one, the others as in the other, to tell which of them made a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sim.parameters.above import NOBODY, UPPER, Above
from sim.parameters.bounds import check_bounds
from sim.parameters.compose import Resolved, scenario_fingerprint
from sim.parameters.errors import check_known
from sim.parameters.overrides import check_behaviour
from sim.parameters.records import Frozen, Registry, Value

CALENDAR = "calendar"
"""Stands among the keys for the quarters of announcement and of effect."""
PARTS = (
    "world",
    "start",
    "quarters",
    "effective_index",
    "announced_index",
    "levers",
    "behaviour",
    "constants",
    "above",
)
"""What a scenario's fingerprint is made of."""
_SHARED = ("world", "start", "quarters", "behaviour", "constants")


def mixed(library: Registry, a: Resolved, b: Resolved, keys: Iterable[str]) -> Resolved:
    """Take some levers from `b` and all others from `a`.

    Args:
        library: the files that both were resolved from.
        a: the scenario that gives what is not taken; same world, start, length, behaviour and constants as `b`.
        b: the scenario that gives the values of `keys` in every quarter.
        keys: levers, and `CALENDAR` for the dates.

    Returns:
        The scenario; with no keys it equals `a`, with all levers and the calendar it equals `b`.

    Raises:
        ValueError: where the two differ in more than levers and dates.
        UnknownName: where a key is no lever.
        InputErrors: where a value leaves a bound that names another lever.
    """
    if apart := [name for name in _SHARED if getattr(a, name) != getattr(b, name)]:
        raise ValueError(f"scenarios to be mixed differ in {', '.join(apart)}")
    taken = frozenset(keys)
    for key in sorted(taken - {CALENDAR}):
        check_known(key, a.levers, "lever")
    values = {key: (b if key in taken else a).levers[key] for key in a.levers}
    check_bounds(library, [], values, a.start, set(taken))
    dates = b if CALENDAR in taken else a
    parts = dict(
        world=a.world,
        start=a.start,
        quarters=a.quarters,
        effective_index=dates.effective_index,
        announced_index=dates.announced_index,
        levers=Frozen(values),
        behaviour=a.behaviour,
        constants=a.constants,
        above=_above(values.get(UPPER, ()), b if UPPER in taken else a),
    )
    mark = scenario_fingerprint(parts, library.worlds[a.world].digest)
    name = {a.fingerprint: a.regime, b.fingerprint: b.regime}.get(mark, f"{a.regime}+{b.regime}")
    origins, fills = (
        {key: origin for one in (a, b) for key, origin in getattr(one, field).items() if (key in taken) == (one is b)}
        for field in ("overridden", "filled")
    )
    return Resolved(regime=name, fingerprint=mark, overridden=Frozen(origins), filled=Frozen(fills), **parts)  # type: ignore[arg-type]


def _above(row: Iterable[Value], giver: Resolved) -> Mapping[str, Above]:
    """Return the regimes above that a mixture names, as the scenario has them that gives the lever."""
    return Frozen({str(name): giver.above[str(name)] for name in sorted({*row} - {NOBODY}, key=str)})


def with_behaviour(library: Registry, scenario: Resolved, values: Mapping[str, float]) -> Resolved:
    """The same scenario with other behaviour; uncertainties that its study or a call had set stay as they are.

    Args:
        library: the files that the scenario was resolved from.
        scenario: any scenario.
        values: values of uncertainties, such as a draw from their priors or from a posterior.

    Raises:
        InputErrors: where a key is no uncertainty or a value cannot come from its prior.
    """
    free = {key: value for key, value in values.items() if key not in scenario.overridden}
    if not free:
        return scenario
    behaviour = Frozen({**scenario.behaviour, **check_behaviour(free, library.uncertainties)})
    parts = {name: getattr(scenario, name) for name in PARTS} | {"behaviour": behaviour}
    mark = scenario_fingerprint(parts, library.worlds[scenario.world].digest)
    return replace(scenario, behaviour=behaviour, fingerprint=mark)
