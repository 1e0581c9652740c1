"""Lay regime, study and command line over each other and give every lever one value per quarter of a run.

Priority, lowest first: inert < fills of gaps (`fills.py`) < regime chain (the extended regime before the extending one)
< a study's `set` < the command line. An override holds in every quarter from the regime's effective quarter on, unless
the regime dates the lever by single quarters (`at`); then it takes the place of those values only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from sim.parameters.above import FROM_ABOVE, NOBODY, UPPER, Above, check_above, clauses_of
from sim.parameters.bounds import check_bounds
from sim.parameters.errors import (
    CircularExtends,
    OutOfBounds,
    check_known,
    shown,
)
from sim.parameters.fills import chosen, fillings
from sim.parameters.overrides import Override, check_behaviour, check_overrides
from sim.parameters.quarter import Quarter
from sim.parameters.records import Frozen, Lever, Parts, Regime, Registry, Setting, Value
from sim.parameters.rules import LONGEST_RUN

FOREVER = 10**9
FINGERPRINT_VERSION = 1


@dataclass(frozen=True, eq=False)
class Resolved:
    """One scenario with every choice made. Equal and hashed by `fingerprint`; pickles.

    Attributes:
        levers: every lever's values, one per quarter of the run; `by_industry` values are tuples of eight.
        effective_index, announced_index: quarters after `start` (may be negative or beyond the run).
        behaviour, constants: every uncertainty and constant by key.
        overridden: keys that differ from the regime's or the prior's own, and where the value came from
            ("study" or "command line").
        filled: levers that the regime leaves unstated -> the fill that gives their values.
        above: the regimes that stand above this one at some time, by id.
        fingerprint: sha256 over everything here but `regime`, `overridden` and `filled`, and over the world's data.
    """

    regime: str
    world: str
    start: Quarter
    quarters: int
    effective_index: int
    announced_index: int
    levers: Mapping[str, tuple[Value, ...]]
    behaviour: Mapping[str, float]
    constants: Mapping[str, float]
    fingerprint: str
    overridden: Mapping[str, str]
    filled: Mapping[str, str] = field(default_factory=lambda: Frozen({}))
    above: Mapping[str, Above] = field(default_factory=lambda: Frozen({}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resolved) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)


def resolve(
    library: Registry,
    regime: str,
    *,
    world: str = "zhejiang",
    start: str | Quarter | None = None,
    quarters: int = 40,
    effective: str | Quarter | None = None,
    levers: Mapping[str, object] | None = None,
    behaviour: Mapping[str, float] | None = None,
    study_set: Mapping[str, object] | None = None,
    study_behaviour: Mapping[str, float] | None = None,
    fill: str | Iterable[str] = (),
) -> Resolved:
    """Give every lever, uncertainty and constant its value for one run.

    Args:
        library: what the scenario files say.
        regime: name of the regime.
        world: name of the world.
        start: first quarter of the run; by default the quarter that the world describes.
        quarters: length of the run, 1 to 200 quarters.
        effective: moves all dates of the regime by whole quarters so that it takes effect then.
        levers: lever values from the command line or a call.
        behaviour: values of uncertainties from the command line or a call.
        study_set: lever values from a study; `levers` goes before them.
        study_behaviour: values of uncertainties from a study; `behaviour` goes before them.
        fill: names of fills for what the regime leaves unstated.

    Raises:
        InputErrors: all that is wrong with names, values and bounds.
    """
    length = _length(quarters)
    check_known(regime, library.regimes, "regime")
    check_known(world, library.worlds, "world")
    first = _quarter(library.worlds[world].start if start is None else start)
    chain = chain_of(regime, library.regimes)
    shift = _quarter(effective) - chain[-1].effective if effective is not None else 0
    index = chain[-1].effective + shift - first
    layers = _layers(library, study_set, levers)
    below, filled = lent(library, chain, fill)
    values = lever_values(library, [*below, *chain], layers, first.index - shift, length, index)
    check_bounds(library, [*below, *chain], values, first, {key for layer in layers for key, _ in layer[1]})
    by_study = check_behaviour(study_behaviour or {}, library.uncertainties)
    by_call = check_behaviour(behaviour or {}, library.uncertainties)
    origins = {key: name for name, layer in layers for key, _ in layer}
    origins |= dict.fromkeys(by_study, "study") | dict.fromkeys(by_call, "command line")
    parts = dict(
        world=world,
        start=first,
        quarters=length,
        effective_index=index,
        announced_index=chain[-1].announced + shift - first,
        levers=Frozen(values),
        behaviour=Frozen({key: one.central for key, one in library.uncertainties.items()} | by_study | by_call),
        constants=Frozen({key: constant.value for key, constant in library.constants.items()}),
        above=_above(library, chain, values, first.index - shift),
    )
    mark = scenario_fingerprint(parts, library.worlds[world].digest)
    return Resolved(regime=regime, fingerprint=mark, overridden=Frozen(origins), filled=Frozen(filled), **parts)  # type: ignore[arg-type]


def _above(
    library: Registry, chain: list[Regime], values: Mapping[str, tuple[Value, ...]], origin: int
) -> Mapping[str, Above]:
    """Return what the regimes above set, on the calendar of the regime below."""
    row = values.get(UPPER, ())
    named = sorted({str(value) for value in row} - {NOBODY})
    chains = {name: chain_of(name, library.regimes) for name in library.regimes} if named else {}
    found = {}
    for name in named:
        check_above(library, chain, name, chains)
        regime, levers = library.regimes[name], lever_values(library, chains[name], [], origin, len(row), 0)
        home = regime.home or ""
        kept = {key: row for key, row in levers.items() if key.partition(".")[0] in FROM_ABOVE}
        digest = library.worlds[home].digest if home in library.worlds else ""
        found[name] = Above(regime.level, home, digest, Frozen(kept), clauses_of(chains[name]))
    return Frozen(found)


def _quarter(value: str | Quarter) -> Quarter:
    return value if isinstance(value, Quarter) else Quarter.parse(value)


def _length(quarters: int) -> int:
    if isinstance(quarters, bool) or not isinstance(quarters, int) or not 1 <= quarters <= LONGEST_RUN:
        raise OutOfBounds(
            "bad_argument", found=shown(quarters), allowed=f"1 … {LONGEST_RUN}", details={"name": "quarters"}
        )
    return quarters


def chain_of(name: str, regimes: Mapping[str, Regime]) -> list[Regime]:
    """Return a regime and those it extends, the base first.

    Raises:
        CircularExtends: where the chain comes back to a regime it has passed.
    """
    chain: list[Regime] = []
    step: str | None = name
    while step is not None and step in regimes:
        if step in [regime.id for regime in chain]:
            path = " → ".join([*(regime.id for regime in chain), step])
            raise CircularExtends(
                "circular_extends",
                file=regimes[name].place.file,
                key="regime.extends",
                found=shown(regimes[name].extends),
                details={"chain": path},
            )
        chain.append(regimes[step])
        step = regimes[step].extends
    return chain[::-1]


def lent(library: Registry, chain: list[Regime], fill: str | Iterable[str]) -> tuple[list[Regime], dict[str, str]]:
    """Return what the named fills lay beneath a regime, and which levers they set."""
    fills = chosen(fill, library.fills)
    lenders = {one.id: chain_of(one.regime, library.regimes) for one in fills}
    return fillings(fills, chain, lenders, library.levers)


def _layers(
    library: Registry, study_set: Mapping[str, object] | None, levers: Mapping[str, object] | None
) -> list[tuple[str, list[Override]]]:
    """Return the overrides of the study and of the command line, checked, in the order they are laid."""
    given = (("study", study_set or {}), ("command line", levers or {}))
    return [(name, check_overrides(settings, library.levers, library.units)) for name, settings in given if settings]


def lever_values(
    library: Registry,
    chain: list[Regime],
    layers: list[tuple[str, list[Override]]],
    origin: int,
    length: int,
    effective: int,
) -> dict[str, tuple[Value, ...]]:
    """Return every lever's values, without checking bounds that name other levers.

    Args:
        library: what the scenario files say.
        chain: the regimes to lay over each other, the base first.
        layers: overrides by where they come from.
        origin: quarter index of the run's start on the regime's own calendar.
        length: quarters of the run.
        effective: quarter of the run from which overrides hold.
    """
    settings: dict[str, list[tuple[Setting, int, int]]] = {}
    for regime in chain:
        for setting, first, last in spans(regime.values):
            settings.setdefault(setting.lever, []).append((setting, first - origin, min(last - origin, length - 1)))
    overrides: dict[str, list[Value | Parts]] = {}
    for _, layer in layers:
        for key, value in layer:
            overrides.setdefault(key, []).append(value)
    found = {}
    for key, lever in library.levers.items():
        if key in settings or key in overrides:
            found[key] = _one_lever(lever, settings.get(key, []), overrides.get(key, []), length, effective)
        else:
            found[key] = (lever.inert,) * length
    return found


def _one_lever(
    lever: Lever, settings: list[tuple[Setting, int, int]], overrides: list[Value | Parts], length: int, effective: int
) -> tuple[Value, ...]:
    row: list[Value] = [lever.inert] * length
    for setting, first, last in settings:
        lay(lever, row, range(max(first, 0), last + 1), setting.value)
    dates: Iterable[int] = range(max(effective, 0), length)
    if settings and all(setting.dated for setting, _, _ in settings):
        dates = sorted({first for _, first, _ in settings if 0 <= first < length})
    for value in overrides:
        lay(lever, row, dates, value)
    return tuple(row)


def lay(lever: Lever, row: list[Value], dates: Iterable[int], above: Value | Parts) -> None:
    """Lay a value over some quarters of a row; neighbours with the same value below share the one that results."""
    below: Value | None = None
    laid: Value | None = None
    for at in dates:
        if laid is None or row[at] is not below:
            below, laid = row[at], merged(lever, row[at], above)
        row[at] = laid


def merged(lever: Lever, below: Value, above: Value | Parts) -> Value:
    """Return `above`, with `below` for the industries it does not mention."""
    if lever.type != "by_industry":
        return above  # type: ignore[return-value]
    return tuple(low if high is None else high for low, high in zip(below, above, strict=True))  # type: ignore


def spans(settings: Iterable[Setting]) -> list[tuple[Setting, int, int]]:
    """Return each setting of one file with its first and last quarter index, in order of beginning.

    A setting without `to` lasts until another setting of the same lever (and industries) without `to` begins; laying
    them in order of time, later over earlier, does just that.
    """
    ordered = sorted(settings, key=lambda setting: setting.first.index)
    return [(setting, setting.first.index, setting.last.index if setting.last else FOREVER) for setting in ordered]


def overlap(one: Setting, other: Setting) -> Quarter | None:
    """Return the first quarter in which two settings of one lever contradict each other, or None.

    Two settings without `to` are a step from one value to the next and agree, unless they begin together.
    """
    early, late = sorted((one, other), key=lambda setting: setting.first.index)
    if isinstance(early.value, tuple) and isinstance(late.value, tuple) and len(early.value) == len(late.value):
        stated = [a is not None and b is not None for a, b in zip(early.value, late.value, strict=True)]
        if not any(stated):
            return None
    step = early.last is None and late.last is None and early.first != late.first
    if step or (early.last is not None and early.last < late.first):
        return None
    return late.first


def scenario_fingerprint(parts: Mapping[str, object], world_digest: str) -> str:
    """Return sha256 over canonical JSON; a run of equal values is written once with its length."""
    plain_parts = dict(parts, start=str(parts["start"]), world_digest=world_digest, version=FINGERPRINT_VERSION)
    above: Mapping[str, Above] = plain_parts.pop("above", {})  # type: ignore[assignment]
    if above:
        plain_parts["above"] = {name: one.plain() for name, one in above.items()}
    plain_parts["levers"] = {
        key: [[row[0], len(row)]] if row.count(row[0]) == len(row) else _runs(row)
        for key, row in parts["levers"].items()  # type: ignore[attr-defined]
    }
    text = json.dumps(plain_parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _runs(row: tuple[Value, ...]) -> list[list[object]]:
    return [[value, len(list(group))] for value, group in groupby(row)]
