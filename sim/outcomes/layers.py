"""Outcomes of layered programmes: people and revenue of towns, and whether tiers reach their goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.state.residents import local_revenue, people

if TYPE_CHECKING:
    from sim.state.province import Province

NAN = float("nan")
YI = 10_000.0


def layers(p: Province) -> dict[str, float]:
    """People and revenue of all towns at the end; goals of the tiers that fell due, NaN where none did."""
    s = p.towns
    due = s.tier_goal >= 0
    crowd, rich, both = ((s.tier_goal & bits) == bits for bits in (1, 2, 3))

    def part(met: np.ndarray, rows: np.ndarray) -> float:
        return float(met[rows].mean()) if rows.any() else NAN

    return {
        "town_people_end": float(people(p).sum()),
        "town_revenue_end": float(local_revenue(p).sum()) / YI,
        "tier_towns": float((s.tier_first >= 0).any(axis=0).sum()) if (s.tier_first >= 0).any() else NAN,
        "tier_goals_met": part(both, due),
        "tier_people_met": part(crowd, due),
        "tier_revenue_met": part(rich, due),
        "tier1_goals_met": part(both[0], due[0]),
        "tier2_goals_met": part(both[1], due[1]),
    }
