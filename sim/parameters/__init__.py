"""Read, check, compose and explain the scenario files.

`load_library()` reads and checks everything; `Library.resolve()` gives every lever one value per quarter of a run.
"""

from __future__ import annotations

from sim.parameters.compose import Resolved
from sim.parameters.errors import InputError, InputErrors
from sim.parameters.explain import find, show
from sim.parameters.library import Library, load_library
from sim.parameters.overrides import parse_behaviour, parse_override, parse_overrides
from sim.parameters.quarter import Quarter
from sim.parameters.records import INDUSTRIES, Frozen, Value
from sim.parameters.texts import Text

__all__ = [
    "INDUSTRIES",
    "Frozen",
    "InputError",
    "InputErrors",
    "Library",
    "Quarter",
    "Resolved",
    "Text",
    "Value",
    "find",
    "load_library",
    "parse_behaviour",
    "parse_override",
    "parse_overrides",
    "show",
]
