"""The scenario files from Python: load them, and make a scenario of a regime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.parameters import Library, Resolved, load_library
from sim.parameters.overrides import parse_behaviour, parse_override


@cache
def load(root: str | Path | None = None) -> Library:
    """Read and check the scenario files once.

    Args:
        root: A scenarios folder of your own; by default the one of the product.

    Raises:
        InputErrors: All problems of all files.
    """
    return load_library(Path(root) if root is not None else None)


def scenario(regime: str, settings: Mapping[str, Any] | None = None, **calendar: Any) -> Resolved:
    """Make a scenario.

    Args:
        regime: Id of a regime, such as "zhejiang_2015".
        settings: Levers and uncertainties by key, such as ``{"clawback.multiple": 3, "exit.hazard_year1": 0.02}``.
        **calendar: ``world``, ``start`` (the world's own), ``quarters`` (40), ``effective`` and ``fill``, as in
            ``Library.resolve``.

    Raises:
        InputError: Where a name, value or date is not allowed.
    """
    library = load()
    given = dict(settings or {})
    behaviour = {key: given.pop(key) for key in list(given) if is_uncertainty(library, key)}
    return library.resolve(regime, levers=given or None, behaviour=behaviour or None, **calendar)


def is_uncertainty(library: Library, key: str) -> bool:
    """Whether a key names an uncertainty (and no lever)."""
    return key in library.uncertainties and key not in library.levers


def settings_of(texts: Iterable[str]) -> dict[str, Any]:
    """Read "key=value" texts for levers and uncertainties.

    Raises:
        InputErrors: All that is wrong with them.
    """
    from sim.parameters.errors import DuplicateKey, InputError, InputErrors, shown

    library, found, problems = load(), dict[str, Any](), list[InputError]()
    for text in texts:
        try:
            key, value = _setting(library, text)
        except InputError as problem:
            problems.append(problem)
            continue
        if key in found:
            problems.append(DuplicateKey("duplicate_override", key=key, found=shown(text)))
        found[key] = value
    if problems:
        raise problems[0] if len(problems) == 1 else InputErrors(problems)
    return found


def _setting(library: Library, text: str) -> tuple[str, Any]:
    from sim.parameters.errors import UnknownName, nearest

    key = text.partition("=")[0].strip()
    if is_uncertainty(library, key):
        return parse_behaviour(text, library)
    try:
        return parse_override(text, library)
    except UnknownName as problem:
        if key in str(problem.found) and not problem.suggestion:
            problem.suggestion = nearest(key, library.uncertainties)
        raise
