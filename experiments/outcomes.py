"""Definitions of all outcomes by kind and id."""

from __future__ import annotations

from sim.outcomes.records import OUTCOMES, YEARLY, Outcome


def catalogue() -> dict[str, Outcome]:
    """Definitions of all outcomes under "summary.ID" and "yearly.ID", for some ids exist in both kinds."""
    return {f"{o.kind}.{o.id}": o for group in (OUTCOMES, YEARLY) for o in group.values()}
