"""Every outcome, defined once: unit, population, window, meaning. The table is ``scenarios/outcomes.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import scenarios


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome.

    Attributes:
        id: Column name.
        title: Chinese and English.
        unit: Unit id of ``scenarios/units.toml``.
        population: Over whom.
        window: Over which time.
        kind: "summary" (one number a run) or "yearly".
        better: +1 when more is better, -1 when less is, 0 when neither.
        definition: How it is computed.
    """

    id: str
    title: dict[str, str]
    unit: str
    population: dict[str, str]
    window: dict[str, str]
    kind: str
    better: int
    definition: dict[str, str]


SHARE_UNITS = frozenset({"ratio", "share", "percent", "hazard", "per_year"})
"""Units of shares and of yearly hazards."""


def is_proportion(outcome: Outcome) -> bool:
    """Whether an outcome is a part of a whole, so that it lies between 0 and 1, and its interval with it.

    Ratios of different things and gaps carry the same units and do not.
    """
    return outcome.unit in SHARE_UNITS and not any(word in outcome.id for word in ("ratio", "gap"))


def _read(kind: str) -> dict[str, Outcome]:
    table: dict[str, dict[str, Any]] = tomllib.loads((scenarios.ROOT / "outcomes.toml").read_text("utf-8"))[kind]
    return {name: Outcome(id=name, kind=kind, **record) for name, record in table.items()}


OUTCOMES: Mapping[str, Outcome] = _read("summary")
"""One number a run."""

YEARLY: Mapping[str, Outcome] = _read("yearly")
"""One number a calendar year."""
