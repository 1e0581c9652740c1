"""A scenario as plain data: what it sets beyond inert levers and central behaviour, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from sim.parameters import Library, Resolved
from sim.parameters.above import Above
from sim.parameters.quarter import Quarter
from sim.parameters.records import Frozen


def kept_of(scenario: Resolved, library: Library) -> dict[str, Any]:
    """What the store keeps of a scenario; a lever's values as [value, number of quarters] from the first quarter on."""
    inert = {key: lever.inert for key, lever in library.levers.items()}
    moved = {key: _spans(row) for key, row in scenario.levers.items() if any(x != inert.get(key) for x in row)}
    return {
        "regime": scenario.regime,
        "world": scenario.world,
        "start": str(scenario.start),
        "quarters": scenario.quarters,
        "announced": str(scenario.start + scenario.announced_index),
        "effective": str(scenario.start + scenario.effective_index),
        "fingerprint": scenario.fingerprint,
        "overridden": dict(scenario.overridden),
        "filled": dict(scenario.filled),
        "behaviour_overridden": {k: scenario.behaviour[k] for k in scenario.overridden if k in scenario.behaviour},
        "levers_not_inert": moved,
        **({"above": {id: _told(one) for id, one in scenario.above.items()}} if scenario.above else {}),
    }


def _told(one: Above) -> dict[str, Any]:
    """A regime above as data: its levers as spans."""
    return {**one.plain(), "levers": {key: _spans(row) for key, row in one.levers.items()}}


def _above(entry: Mapping[str, Any]) -> Above:
    levers = {key: tuple(_value(v) for v, n in row for _ in range(n)) for key, row in entry["levers"].items()}
    return Above(**{**entry, "levers": Frozen(levers), "clauses": Frozen(entry["clauses"])})


def _spans(values: Iterable[Any]) -> list[list[Any]]:
    return [[value, len(list(same))] for value, same in groupby(values)]


def scenario_of(entry: Mapping[str, Any], library: Library) -> Resolved:
    """The scenario as it was, whatever the scenario files say of its regime today.

    Args:
        entry: What :func:`kept_of` gave.
        library: The scenario files; levers and uncertainties that did not exist then are inert and central.

    Raises:
        KeyError, ValueError: If something is missing or of the wrong kind.
    """
    start = Quarter.parse(entry["start"])
    inert = {key: (lever.inert,) * entry["quarters"] for key, lever in library.levers.items()}
    moved = {key: tuple(_value(v) for v, n in row for _ in range(n)) for key, row in entry["levers_not_inert"].items()}
    central = {key: one.central for key, one in library.uncertainties.items()}
    return Resolved(
        regime=entry["regime"],
        world=entry["world"],
        start=start,
        quarters=entry["quarters"],
        effective_index=Quarter.parse(entry["effective"]) - start,
        announced_index=Quarter.parse(entry["announced"]) - start,
        levers=Frozen(inert | moved),
        behaviour=Frozen(central | entry["behaviour_overridden"]),
        constants=Frozen({key: one.value for key, one in library.constants.items()}),
        fingerprint=entry["fingerprint"],
        overridden=Frozen(entry["overridden"]),
        filled=Frozen(entry["filled"]),
        above=Frozen({id: _above(one) for id, one in entry.get("above", {}).items()}),
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
