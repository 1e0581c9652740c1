"""Values laid over a regime: from a study's `set`, from a call, or from text such as "clawback.multiple=3"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sim.parameters.errors import (
    DuplicateKey,
    InputError,
    InputErrors,
    OutOfBounds,
    UnknownName,
    Words,
    WrongType,
    listed,
    nearest,
    shown,
)
from sim.parameters.locate import Path
from sim.parameters.read import Document
from sim.parameters.records import INDUSTRIES, Lever, Parts, Registry, Uncertainty, Unit, Value
from sim.parameters.tables import as_float
from sim.parameters.texts import KINDS, TYPES
from sim.parameters.values import check_value

V = TypeVar("V")

Override = tuple[str, Value | Parts]
"""A lever's key and its value; a `by_industry` value has None where the override leaves the regime's own."""


def parse_override(text: str, library: Registry) -> tuple[str, object]:
    """Read "key=value" as written on a command line.

    The value is a number, true or false, a choice, or numbers with commas between them; the key is a lever's, or a
    lever's followed by an industry ("target.three_year.finance=400000").

    Returns:
        The key as written and the checked value (a number for one industry).

    Raises:
        InputError: where key or value is not allowed; it has no file and no line.
    """
    key, sign, written = text.partition("=") if isinstance(text, str) else ("", "", "")
    key = key.strip()
    if not sign or not key or not written.strip():
        raise WrongType("bad_override", found=shown(text), allowed="clawback.multiple=3")
    lever, _ = _find(key, library.levers)
    raw = _raw(written.strip(), lever)
    checked = check_overrides({key: raw}, library.levers, library.units)
    value = checked[0][1]
    if lever.type == "by_industry" and key != lever.key:
        return key, value[INDUSTRIES.index(key.rpartition(".")[2])]  # type: ignore[index]
    return key, value


def parse_overrides(texts: Iterable[str], library: Registry) -> dict[str, object]:
    """Read many "key=value" texts; the same key twice is an error.

    Raises:
        InputErrors: all that is wrong with them.
    """
    found, problems = parse_each(texts, lambda text: parse_override(text, library))
    if problems:
        raise InputErrors(problems)
    return found


def parse_each(texts: Iterable[str], parse: Callable[[str], tuple[str, V]]) -> tuple[dict[str, V], list[InputError]]:
    """Read many "key=value" texts, each by ``parse``; the same key twice is a problem too.

    Returns:
        Values by key, and all that is wrong.
    """
    found: dict[str, V] = {}
    problems: list[InputError] = []
    for text in texts:
        try:
            key, value = parse(text)
        except InputError as problem:
            problems.append(problem)
            continue
        if key in found:
            problems.append(DuplicateKey("duplicate_override", key=key, found=shown(text)))
        found[key] = value
    return found, problems


def parse_behaviour(text: str, library: Registry) -> tuple[str, float]:
    """Read "key=number" for an uncertainty, as written on a command line.

    Raises:
        InputError: where key or value is not allowed.
    """
    key, sign, written = text.partition("=") if isinstance(text, str) else ("", "", "")
    if not sign or not key.strip() or not written.strip():
        raise WrongType("bad_override", found=shown(text), allowed="exit.hazard_year1=0.02")
    key = key.strip()
    return key, check_behaviour({key: _literal(written.strip())}, library.uncertainties)[key]


def _raw(text: str, lever: Lever) -> object:
    """Return the value a command-line text writes, as TOML would give it."""
    if lever.type in ("choice", "regime"):
        return text.strip("\"'")
    if lever.type in ("schedule", "by_industry") and not text.startswith(("[", "{")) and "," in text:
        return [_literal(part.strip()) for part in text.split(",")]
    value = _literal(text)
    if lever.type == "schedule" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value]
    return value


def _literal(text: str) -> object:
    """Return a TOML literal's value (also ".5"), or the text itself where it is none."""
    if re.fullmatch(r"[+-]?([0-9]{1,15}\.[0-9]{0,15}|\.[0-9]{1,15})", text):
        return float(text)
    if re.search(r"[\n\r#]", text) or len(text) > 2000:
        return text
    try:
        return tomllib.loads(f"x = {text}")["x"]
    except (ValueError, RecursionError):
        return text


def flat(settings: Mapping[str, Any], above: Path = (), depth: int = 0) -> list[tuple[str, Path, Any]]:
    """Join nested tables to dotted keys: `{clawback: {multiple: 3}}` gives ("clawback.multiple", path, 3)."""
    found: list[tuple[str, Path, Any]] = []
    for key, value in settings.items():
        path = (*above, str(key))
        if isinstance(value, Mapping) and value and depth < 4:
            found += flat(value, path, depth + 1)
        else:
            found.append((".".join(str(part) for part in path), path, value))
    return found


def check_overrides(
    settings: Mapping[str, object],
    levers: Mapping[str, Lever],
    units: Mapping[str, Unit],
    document: Document | None = None,
    path: Path = (),
) -> list[Override]:
    """Check lever values given from outside a regime.

    Args:
        settings: lever keys (or key.industry) to values; nested tables are joined to dotted keys.
        levers: all levers by key.
        units: all units by id.
        path: where the settings stand in the document.
        document: the file they stand in (problems are noted there), or None (problems are raised).

    Returns:
        Lever keys and values, those for a whole lever before those for one industry.

    Raises:
        InputErrors: where `document` is None and something is wrong.
    """
    target = document or Document("", "", {})
    found: list[tuple[int, str, Any]] = []
    seen: set[str] = set()
    for key, below, raw in flat(settings):
        at = (*path, *below) if document else (key,)
        if key in seen:
            target.report(DuplicateKey, "duplicate_override", at, found=shown(key))
        seen.add(key)
        try:
            lever, industry = _find(key, levers)
        except UnknownName as problem:
            target.report(
                UnknownName,
                problem.message_id,
                at,
                found=problem.found,
                allowed=problem.allowed,
                suggestion=problem.suggestion,
                **problem.details,
            )
            continue
        whole = raw if industry is None else {industry: raw}
        value = check_value(lever, whole, target, at, units.get(lever.unit))
        if value is not None:
            found.append((0 if industry is None else 1, lever.key, value))
    if document is None and target.problems:
        raise target.problems[0] if len(target.problems) == 1 else InputErrors(target.problems)
    return [(key, value) for _, key, value in sorted(found, key=lambda entry: entry[:2])]


def _find(key: str, levers: Mapping[str, Lever]) -> tuple[Lever, str | None]:
    """Return the lever of a key, and the industry where the key ends in one."""
    if key in levers:
        return levers[key], None
    stem, _, last = key.rpartition(".")
    if stem in levers and levers[stem].type == "by_industry":
        if last in INDUSTRIES:
            return levers[stem], last
        raise UnknownName(
            "unknown_name",
            key=key,
            found=shown(last),
            allowed=listed(INDUSTRIES),
            suggestion=nearest(last, INDUSTRIES),
            details={"kind": KINDS["industry"]},
        )
    guess = nearest(key, levers)
    raise UnknownName(
        "unknown_name",
        key=key,
        found=shown(key),
        allowed=_family(key, levers),
        suggestion=guess,
        details={"kind": KINDS["lever"]},
    )


def _family(key: str, levers: Mapping[str, Lever]) -> str:
    """Return the levers of the instrument that a key names, or all instruments."""
    stem = key.partition(".")[0]
    family = [name for name in levers if name.startswith(f"{stem}.")]
    return listed(family or sorted({f"{name.partition('.')[0]}.…" for name in levers}))


def check_behaviour(
    values: Mapping[str, object],
    uncertainties: Mapping[str, Uncertainty],
    document: Document | None = None,
    path: Path = (),
) -> dict[str, float]:
    """Check values of uncertainties: known, finite, inside what the distribution can give.

    Raises:
        InputErrors: where `document` is None and something is wrong.
    """
    target = document or Document("", "", {})
    found: dict[str, float] = {}
    for key, below, raw in flat(values):
        at = (*path, *below) if document else (key,)
        if key not in uncertainties:
            target.report(
                UnknownName,
                "unknown_name",
                at,
                found=shown(key),
                allowed=listed(sorted(uncertainties)),
                suggestion=nearest(key, uncertainties),
                kind=KINDS["uncertainty"],
            )
            continue
        value = _real(raw)
        if value is None:
            target.report(WrongType, "wrong_type", at, found=shown(raw), allowed=TYPES["number"])
        elif not _possible(value, uncertainties[key]):
            target.report(OutOfBounds, "out_of_bounds", at, found=shown(value), allowed=_range(uncertainties[key]))
        else:
            found[key] = value
    if document is None and target.problems:
        raise target.problems[0] if len(target.problems) == 1 else InputErrors(target.problems)
    return found


def _real(raw: object) -> float | None:
    """Return a Python, NumPy or TOML number as a finite float, or None."""
    if isinstance(raw, (bool, str)) or not hasattr(raw, "__float__"):
        return None
    value = as_float(raw)  # type: ignore[arg-type]
    return value if abs(value) < float("inf") else None


def _possible(value: float, uncertainty: Uncertainty) -> bool:
    """Whether the prior can give the value; normal priors are not cut, so that a wide design may leave the bounds."""
    if uncertainty.distribution == "beta":
        return 0.0 <= value <= 1.0
    if uncertainty.distribution == "lognormal":
        return value > 0.0
    return uncertainty.distribution == "normal" or uncertainty.low <= value <= uncertainty.high


def _range(uncertainty: Uncertainty) -> Words:
    if uncertainty.distribution == "beta":
        return "0 … 1"
    if uncertainty.distribution == "lognormal":
        return "> 0"
    return f"{uncertainty.low:g} … {uncertainty.high:g}"
