"""The scenario files from Python: load them, and make a scenario of a regime."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.parameters import Library, Resolved, load_library
from sim.parameters.errors import InputErrors, UnknownName, nearest
from sim.parameters.overrides import parse_behaviour, parse_each, parse_override

Given = Mapping[str, Any] | Iterable[str] | None
"""Values by key, or texts "key=value"."""


@cache
def load(root: str | Path | None = None) -> Library:
    """Read and check the scenario files once.

    Args:
        root: A scenarios folder of your own; by default the one of the product.

    Raises:
        InputErrors: All problems of all files.
    """
    return load_library(Path(root) if root is not None else None)


def scenario(regime: str, settings: Given = None, **calendar: Any) -> Resolved:
    """Make a scenario.

    Args:
        regime: Id of a regime, such as "zhejiang_2015".
        settings: Levers and uncertainties by key, such as ``{"clawback.multiple": 3, "exit.hazard_year1": 0.02}``, or
            texts "key=value".
        **calendar: ``world``, ``start`` (the world's own), ``quarters`` (40), ``effective`` and ``fill``, as in
            ``Library.resolve``.

    Raises:
        InputError: Where a name, value or date is not allowed.
    """
    levers, behaviour = split(settings)
    return load().resolve(regime, levers=levers or None, behaviour=behaviour or None, **calendar)


def split(settings: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    """Levers, and uncertainties, of what was set.

    Raises:
        InputErrors: All that is wrong with texts.
    """
    library, given = load(), settings_of(settings)
    behaviour = {key: value for key, value in given.items() if is_uncertainty(library, key)}
    return {key: value for key, value in given.items() if key not in behaviour}, behaviour


def is_uncertainty(library: Library, key: str) -> bool:
    """Whether a key names an uncertainty (and no lever)."""
    return key in library.uncertainties and key not in library.levers


def settings_of(texts: Given) -> dict[str, Any]:
    """Values of levers and uncertainties by key, where they are given as texts "key=value" too.

    Raises:
        InputErrors: All that is wrong with them.
    """
    if texts is None or isinstance(texts, Mapping):
        return dict(texts or {})
    library = load()
    found, problems = parse_each(texts, lambda text: _setting(library, text))
    if problems:
        raise problems[0] if len(problems) == 1 else InputErrors(problems)
    return found


def _setting(library: Library, text: str) -> tuple[str, Any]:
    key = text.partition("=")[0].strip()
    if is_uncertainty(library, key):
        return parse_behaviour(text, library)
    try:
        return parse_override(text, library)
    except UnknownName as problem:
        if key in str(problem.found) and not problem.suggestion:
            problem.suggestion = nearest(key, library.uncertainties)
        raise


def texts_of(settings: Given) -> tuple[str, ...]:
    """What was set as texts "key=value", as on a line."""
    if settings is None or not isinstance(settings, Mapping):
        return tuple(settings or ())
    shown = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in settings.items()}
    return tuple(f"{key}={value}" for key, value in shown.items())
