"""Clauses that are written without exception, and that are carried out with a probability nobody knows.

A regime states the rule; how often it is carried out is behaviour (``enforcement`` of a lever names the uncertainty).
Whatever shows a regime or a run with such a clause says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.parameters.library import Library
from sim.parameters.records import Lever, Value


def doubtful(library: Library, levers: Mapping[str, tuple[Value, ...]]) -> tuple[Lever, ...]:
    """Levers that act in a scenario and that may not be carried out.

    Args:
        library: The scenario files.
        levers: The value of every lever by quarter.
    """
    found = []
    for key, lever in library.levers.items():
        values = levers.get(key, ())
        always = levers.get(lever.always, (False,) * len(values))
        acts = (value != lever.inert and not sure for value, sure in zip(values, always, strict=True))
        if lever.enforcement and any(acts):
            found.append(lever)
    return tuple(found)
