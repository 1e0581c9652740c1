"""Bounds that name another lever, checked on the resolved values, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping

from sim.parameters.errors import InputError, InputErrors, OutOfBounds
from sim.parameters.quarter import Quarter
from sim.parameters.records import INDUSTRIES, Lever, Regime, Registry, Value
from sim.parameters.values import plain


def check_bounds(
    library: Registry, chain: list[Regime], values: Mapping[str, tuple[Value, ...]], start: Quarter, given: set[str]
) -> None:
    """Check bounds that name another lever, in every quarter of the run.

    Raises:
        InputErrors: each lever out of such a bound once, at its first quarter.
    """
    problems: list[InputError] = []
    for key, lever in library.levers.items():
        for bound, low in ((lever.min, True), (lever.max, False)):
            if not isinstance(bound, str) or bound not in values:
                continue
            at = _first_outside(values[key], values[bound], low)
            if at is not None:
                problems.append(_outside(lever, bound, low, at, values, chain, start, given))
    if problems:
        raise problems[0] if len(problems) == 1 else InputErrors(problems)


def _first_outside(row: tuple[Value, ...], bounds: tuple[Value, ...], low: bool) -> int | None:
    """Return the first quarter in which a value is out of its bound, or None."""
    checked: tuple[Value, Value] | None = None
    for at, pair in enumerate(zip(row, bounds, strict=True)):
        if checked is not None and pair[0] is checked[0] and pair[1] is checked[1]:
            continue
        if _parts_outside(*pair, low):
            return at
        checked = pair
    return None


def _parts_outside(value: Value, bound: Value, low: bool) -> list[tuple[int, float, float]]:
    """Return the parts of a value that are out of a bound: position, part, bound."""
    many, edges = _numbers(value), _numbers(bound)
    length = max(len(many), len(edges))
    many, edges = many * (length // len(many)), edges * (length // len(edges))
    pairs = enumerate(zip(many, edges, strict=True))
    return [(at, one, edge) for at, (one, edge) in pairs if (one < edge if low else one > edge)]


def _numbers(value: Value) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (float(value),)


def _outside(
    lever: Lever,
    bound: str,
    low: bool,
    at: int,
    values: Mapping[str, tuple[Value, ...]],
    chain: list[Regime],
    start: Quarter,
    given: set[str],
) -> InputError:
    both = (lever.key, bound)
    places = [setting.place for regime in chain for setting in regime.values if setting.lever in both]
    place = places[-1] if places and not given.intersection(both) else None
    pairs, mark = _parts_outside(values[lever.key][at], values[bound][at], low), ("≥" if low else "≤")
    names = INDUSTRIES if any(isinstance(values[key][at], tuple) for key in both) else ("",)
    if lever.type == "schedule":
        names = tuple(f"[{place + 1}]" for place in range(len(_numbers(values[lever.key][at]))))
    return OutOfBounds(
        "bound_by_lever",
        file=place.file if place else "",
        key=lever.key,
        found=", ".join(f"{names[at]} {plain(part)}".strip() for at, part, _ in pairs),
        allowed=", ".join(f"{names[at]} {mark} {plain(edge)}".strip() for at, _, edge in pairs),
        details={"other": bound, "quarter": str(start + at)},
    )
