"""Enterprises that close, by age, and projects that fall through."""

from __future__ import annotations

import numpy as np

from sim.outcomes.arithmetic import Floats, share, yearly_hazard
from sim.outcomes.registry import outcome, outcomes
from sim.state.province import Province

CAP = 0.99
"""Hazard beyond which nobody would be left to count."""


def hazards(p: Province) -> Floats:
    """Yearly closure hazard by year of age over the whole run."""
    return yearly_hazard(p.diary.gone.sum(axis=0), p.diary.exposed.sum(axis=0))


def gone_by_age(p: Province, years: int) -> float:
    """Share of entrants gone after some years, from the hazards by age."""
    return 1.0 - float(np.cumprod(1.0 - np.minimum(CAP, hazards(p)))[years - 1])


@outcomes("firm_exit_hazard_y1", "firm_exit_hazard_y2", "firm_exit_hazard_y3")
def firm_exit_hazard_by_year(p: Province) -> Floats:
    """Yearly closure hazard in each of the first three years of age."""
    return hazards(p)[:3]


@outcome
def firm_exit_hazard_y4_7(p: Province) -> float:
    """Yearly closure hazard over the fourth to the seventh year of age."""
    gone, risk = p.diary.gone.sum(axis=0), p.diary.exposed.sum(axis=0)
    return float(yearly_hazard(gone[3:7].sum(), risk[3:7].sum()))


@outcome
def entrants_gone_3y(p: Province) -> float:
    """Share of entrants gone after three years."""
    return gone_by_age(p, 3)


@outcome
def entrants_gone_5y(p: Province) -> float:
    """Share of entrants gone after five years."""
    return gone_by_age(p, 5)


@outcome
def projects_fallen_share(p: Province) -> float:
    """Projects that fell through or were given up, over projects announced."""
    return share(int(p.diary.fallen.sum() + p.diary.abandoned.sum()), int(p.diary.announced.sum()))
