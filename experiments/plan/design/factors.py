"""Make the factors of a design from names, with defaults from the scenario files, and check what is asked of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.plan.design.axis import Factor
from experiments.plan.design.errors import DesignError
from experiments.plan.plan import Level
from sim.parameters import Library
from sim.parameters.errors import InputError, listed, nearest, shown
from sim.parameters.overrides import check_behaviour, check_overrides, flat
from sim.parameters.readings import standing
from sim.parameters.records import Frozen, Lever, Uncertainty

__all__ = ["Factor", "factor"]
READING, BEHAVIOUR = "reading.", "behaviour."
"""Prefixes of names: a reading of the law; an uncertainty whose key is also a lever's."""
REGIME = "zhejiang_2015"
"""Regime that defaults are taken from unless told."""
TITLES = {"world": {"zh": "区域", "en": "Place"}, "regime": {"zh": "政策体系", "en": "Regime"}}
LAID_OUT = 40
"""Quarters from the regime's first over which its own values are looked up."""


@dataclass(frozen=True)
class _Asked:
    low: float | None
    high: float | None
    levels: tuple[Level, ...]
    scale: bool
    regime: str
    regimes: tuple[str, ...]
    fill: tuple[str, ...]


def factor(
    library: Library,
    name: str,
    *,
    low: float | None = None,
    high: float | None = None,
    levels: Sequence[Level] | None = None,
    keys: Sequence[str] | None = None,
    scale: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    title: Mapping[str, str] | None = None,
    group: str | None = None,
    regime: str = REGIME,
    regimes: Sequence[str] = (),
    fill: Sequence[str] = (),
) -> Factor:
    """A factor from a name.

    Args:
        library: The scenario files.
        name: Key of a lever or uncertainty ("behaviour.KEY" where a lever has the same key), "reading.ID", "world",
            "regime", or a name of its own where ``keys`` say what is set.
        low: Lower end of the range. By default the prior of an uncertainty; of a numeric lever from 0 to twice the
            regime's own value, or from its least to its largest value where the regime does not use it; of a scale 0
            to 2.
        high: Upper end of the range.
        levels: Values instead of a range. By default those of a flag or choice; the regime's own and all other
            meanings of a reading; all worlds; all regimes.
        keys: What is set, if not what the name says; several levers move together only as a scale.
        scale: Vary a multiplier of the regime's own values; always so for schedules and values by industry.
        options: Named bundles of lever values, each a level; the name is then the factor's own.
        title: By default from the library.
        group: By default the lever's instrument.
        regime: The regime that defaults are taken from.
        regimes: Other regimes that the factor will be laid over (a scale must know them); all are known by default.
        fill: Fills that are laid beneath the regime.

    Raises:
        DesignError: Unknown name, empty range, or a value that is not allowed.
    """
    if options is not None:
        plain = (low, high, levels) == (None,) * 3 and not keys and not scale
        return _package(library, name, options, title, group) if plain else _refuse_options(name)
    wanted = tuple(levels) if levels is not None else ()
    if levels is not None and len(set(map(_distinct, wanted))) < max(1, len(wanted)):
        raise DesignError("few_levels", key=name, found=shown(list(wanted)))
    _check_range(name, low, high, levels)
    asked = _Asked(low, high, wanted, scale, regime, tuple(regimes), tuple(fill))
    made = _made(library, name, tuple(keys or ()), asked)
    if title is not None:
        made = replace(made, title=Frozen(dict(title)))
    return made if group is None else replace(made, group=group)


def _distinct(value: Level) -> tuple[bool, Level]:
    return isinstance(value, bool), value


def _check_range(name: str, low: float | None, high: float | None, levels: Sequence[Level] | None) -> None:
    if low is None and high is None:
        return
    if levels is not None:
        raise DesignError("range_and_levels", key=name)
    if low is None or high is None:
        raise DesignError("half_range", key=name, found=shown(low if high is None else high))
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise DesignError("empty_range", key=name, found=f"low = {low!r}, high = {high!r}", allowed="low < high")


def _made(library: Library, name: str, keys: tuple[str, ...], asked: _Asked) -> Factor:
    if keys:
        return _several(library, name, keys, asked)
    if name in TITLES:
        return _place(library, name, asked)
    if name.startswith(READING):
        return _reading(library, name, asked)
    bare = name.removeprefix(BEHAVIOUR)
    if name in library.levers:
        lever = library.levers[name]
        grown = asked.scale or lever.type in ("schedule", "by_industry")
        return _scale(library, name, (name,), asked) if grown else _lever(library, lever, asked)
    if bare in library.uncertainties:
        return _uncertainty(library.uncertainties[bare], name, asked)
    raise _unknown(library, name)


def _unknown(library: Library, name: str) -> DesignError:
    known = [*library.levers, *library.uncertainties, *(READING + r for r in library.readings), *TITLES]
    stem = name.partition(".")[0]
    family = [k for k in known if k.startswith(f"{stem}.")]
    return DesignError(
        "unknown_factor",
        key=name,
        found=shown(name),
        allowed=listed(family or sorted({k.partition(".")[0] for k in known})),
        suggestion=nearest(name, known),
    )


def _several(library: Library, name: str, keys: tuple[str, ...], asked: _Asked) -> Factor:
    for key in keys:
        if key not in library.levers and key not in library.uncertainties:
            raise _unknown(library, key)
    if len(keys) == 1 and not asked.scale:
        return replace(_made(library, keys[0], (), asked), name=name)
    return _scale(library, name, keys, asked)


def _no_range(name: str, asked: _Asked) -> None:
    if asked.scale:
        raise DesignError("cannot_scale", key=name)
    if asked.low is not None:
        raise DesignError("needs_levels", key=name)


def _check_levels(name: str, levels: Sequence[Level], known: Sequence[Level]) -> None:
    for value in levels:
        if _distinct(value) not in [_distinct(one) for one in known]:
            texts = [str(one) for one in known]
            guess = nearest(value, texts)
            raise DesignError("outside_bounds", key=name, found=shown(value), allowed=listed(texts), suggestion=guess)


def _place(library: Library, name: str, asked: _Asked) -> Factor:
    _no_range(name, asked)
    known = tuple(library.worlds if name == "world" else library.regimes)
    _check_levels(name, asked.levels, known)
    return Factor(name, Frozen(TITLES[name]), name, (name,), levels=asked.levels or known)


def _refuse_options(name: str) -> Factor:
    raise DesignError("bad_options", key=name)


def _package(
    library: Library,
    name: str,
    options: Mapping[str, Mapping[str, Any]],
    title: Mapping[str, str] | None,
    group: str | None,
) -> Factor:
    if title is None or not all(isinstance(one, Mapping) for one in options.values()):
        _refuse_options(name)
    if len(options) < 2:
        raise DesignError("few_levels", key=name, found=shown(list(options)))
    own: dict[str, Mapping[str, Any]] = {}
    for option, values in options.items():
        check_overrides(values, library.levers, library.units)
        own[str(option)] = Frozen({key: value for key, _, value in flat(values)})
    keys = tuple(dict.fromkeys(key for one in own.values() for key in one))
    made = Factor(name, Frozen(dict(title or {})), "package", keys, levels=tuple(own), own=Frozen(own))
    instruments = {library.levers[key].instrument for key in keys if key in library.levers}
    return replace(made, group=group if group is not None else instruments.pop() if len(instruments) == 1 else "")


# --- readings --------------------------------------------------------------------------------------------------------


def _reading(library: Library, name: str, asked: _Asked) -> Factor:
    _no_range(name, asked)
    short = name.removeprefix(READING)
    if short not in library.readings:
        raise _unknown(library, name)
    record = library.readings[short]
    sets = {one.id: dict(one.set) for one in record.alternatives if one.set or one.as_stated}
    _check_levels(name, asked.levels, tuple(sets))
    levels = asked.levels or _meanings(library, short, asked.regime, tuple(sets))
    if len(levels) < 2 and not asked.levels:
        raise DesignError("few_levels", key=name, found=shown(list(levels)))
    keys = tuple(dict.fromkeys(key for level in levels for key in sets[str(level)]))
    instruments = {library.levers[key].instrument for key in keys if key in library.levers}
    return Factor(
        name,
        Frozen(record.question.as_dict()),
        "reading",
        keys,
        levels=levels,
        group=instruments.pop() if len(instruments) == 1 else "",
        own=Frozen({str(level): Frozen(sets[str(level)]) for level in levels}),
    )


def _meanings(library: Library, reading: str, regime: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The meaning that the regime takes and all others; every one that can be run where it cannot matter there."""
    found = standing(library, reading, regime) if regime in library.regimes else None
    if found is None:
        return known
    return (*(one for one in found.taken[:1] if one in known), *(one.alternative for one in found.variants))


# --- levers ----------------------------------------------------------------------------------------------------------


def _lever(library: Library, lever: Lever, asked: _Asked) -> Factor:
    title, unit = Frozen(lever.title.as_dict()), lever.unit
    made = Factor(lever.key, title, "lever", (lever.key,), unit=unit, group=lever.instrument)
    if asked.levels:
        _check_values(library, lever.key, asked.levels)
        return replace(made, levels=asked.levels)
    if not lever.numeric:
        _no_range(lever.key, asked)
        return replace(made, levels=_options(library, lever))
    low, high = (asked.low, asked.high) if asked.low is not None else _default_range(library, lever, asked)
    assert low is not None and high is not None
    whole = lever.type == "integer"
    _check_values(library, lever.key, (int(low), int(high)) if whole and low == int(low) else (low, high))
    return replace(made, low=float(low), high=float(high), whole=whole)


def _options(library: Library, lever: Lever) -> tuple[Level, ...]:
    """What a lever without a range can be; of a regime above, what some regime has there."""
    if lever.type == "flag":
        return (False, True)
    ids = tuple(choice.id for choice in lever.choices)
    if lever.type == "choice":
        return ids
    stated = {s.value for regime in library.regimes.values() for s in regime.values if s.lever == lever.key}
    return tuple(one for one in ids if one == lever.inert or one in stated)


def _check_values(library: Library, key: str, values: Sequence[Level]) -> None:
    """Check values of a lever or uncertainty as an override would be."""
    for value in values:
        try:
            if key in library.levers:
                check_overrides({key: value}, library.levers, library.units)
            else:
                check_behaviour({key: value}, library.uncertainties)
        except InputError as problem:
            allowed, guess = problem.allowed, problem.suggestion
            raise DesignError(
                "outside_bounds", key=key, found=shown(value), allowed=allowed, suggestion=guess
            ) from None


def _default_range(library: Library, lever: Lever, asked: _Asked) -> tuple[float, float]:
    least = lever.min if isinstance(lever.min, float) else -math.inf
    largest = lever.max if isinstance(lever.max, float) else math.inf
    stated = _stated(library, asked.regime, asked.fill).get(lever.key, ()) if asked.regime in library.regimes else ()
    own = max((float(v) for v in stated if v != lever.inert), default=0.0)
    low, high = (max(0.0, least), min(2.0 * own, largest)) if own > 0.0 else (least, largest)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise DesignError("no_range", key=lever.key)
    return low, high


_laid: dict[tuple[int, str, tuple[str, ...]], tuple[Library, Mapping[str, tuple[Any, ...]]]] = {}
"""What regimes state, laid out once for all factors; the library is kept so that its id stays its own."""


def _stated(library: Library, regime: str, fill: tuple[str, ...]) -> Mapping[str, tuple[Any, ...]]:
    mark = (id(library), regime, fill)
    if mark not in _laid:
        first = library.regimes[regime].effective
        _laid[mark] = library, library.resolve(regime, start=first, quarters=LAID_OUT, fill=fill).levers
    return _laid[mark][1]


def _scale(library: Library, name: str, keys: tuple[str, ...], asked: _Asked) -> Factor:
    for key in keys:
        if key not in library.levers or not library.levers[key].numeric:
            raise DesignError("cannot_scale", key=key, found=shown(key))
    if (asked.low is not None and asked.low < 0.0) or any(not _real(v) or float(v) < 0.0 for v in asked.levels):
        raise DesignError("outside_bounds", key=name, found=shown(asked.low), allowed="≥ 0")
    first = library.levers[keys[0]]
    own = {one: _own(library, one, keys, asked) for one in asked.regimes or library.regimes}
    low, high = (asked.low, asked.high) if asked.low is not None else (0.0, _largest_scale(library, own))
    title = {
        "zh": f"{first.title.zh}（对政策体系所定值的倍数）",
        "en": f"{first.title.en} (multiple of what the regime sets)",
    }
    made = Factor(name, Frozen(title), "scale", keys, unit="ratio", group=first.instrument, own=Frozen(own))
    return replace(made, levels=asked.levels) if asked.levels else replace(made, low=low, high=high)


def _largest_scale(library: Library, own: Mapping[str, Mapping[str, Any]]) -> float:
    """Twice what any regime sets, or what the levers' bounds still allow."""
    most = 2.0
    for values in own.values():
        for key, value in values.items():
            bound, top = library.levers[key].max, max(value) if isinstance(value, tuple) else value
            if isinstance(bound, float) and top > 0.0:
                most = min(most, bound / top)
    return most


def _real(value: Level) -> bool:
    return not isinstance(value, (bool, str)) and math.isfinite(value)


def _own(library: Library, regime: str, keys: tuple[str, ...], asked: _Asked) -> Mapping[str, Any]:
    """The regime's own value of each lever that it uses; each must be the same whenever the lever is used."""
    stated, found = _stated(library, regime, asked.fill if regime == asked.regime else ()), {}
    for key in keys:
        used = list(dict.fromkeys(v for v in stated[key] if v != library.levers[key].inert))
        if len(used) > 1 and (regime == asked.regime or regime in asked.regimes):
            raise DesignError("scale_over_time", key=key, found=shown(used), details={"regime": regime})
        if len(used) == 1:
            found[key] = used[0]
    return Frozen(found)


# --- uncertainties ---------------------------------------------------------------------------------------------------


def _uncertainty(record: Uncertainty, name: str, asked: _Asked) -> Factor:
    if asked.scale:
        raise DesignError("cannot_scale", key=name)
    made = Factor(name, Frozen(record.title.as_dict()), "uncertainty", (record.key,), unit=record.unit, prior=record)
    given = asked.levels or (() if asked.low is None else (asked.low, asked.high or 0.0))
    if given:
        _check_uncertain(record, name, given)
        made = replace(made, prior=None)
    if asked.levels:
        return replace(made, levels=tuple(float(v) for v in asked.levels))
    return made if asked.low is None else replace(made, low=float(asked.low), high=float(asked.high or 0.0))


def _check_uncertain(record: Uncertainty, name: str, values: Sequence[Level]) -> None:
    for value in values:
        try:
            check_behaviour({record.key: value}, {record.key: record})
        except InputError as problem:
            raise DesignError("outside_bounds", key=name, found=shown(value), allowed=problem.allowed) from None
