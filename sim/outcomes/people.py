"""Jobs, talents, people and revenue of towns, goals of tiers, and villagers."""

from __future__ import annotations

import numpy as np

from sim.outcomes.arithmetic import NAN, YI, Flags, mean, share
from sim.outcomes.registry import outcome
from sim.state.province import Province
from sim.state.residents import local_revenue, people

THREE_YEARS = 12
PEOPLE, REVENUE = 1, 2
"""Goals of a tier, as bits."""


@outcome
def jobs_end(p: Province) -> float:
    """Jobs at the end."""
    return float(p.towns.jobs.sum())


@outcome
def talents_end(p: Province) -> float:
    """Talents present at the end."""
    return float(p.talents.n)


@outcome
def talents_kept_3y(p: Province) -> float:
    """Of the talents that came during the run and at least three years before its end, the share still there."""
    arrived, cut = p.talents.live("arrived"), p.clock.quarters - THREE_YEARS
    came = float(p.diary.talents_in[: max(0, cut)].sum())
    return share(float(np.count_nonzero((arrived >= 0) & (arrived < cut))), came)


@outcome
def town_people_end(p: Province) -> float:
    """People of all town areas at the end."""
    return float(people(p).sum())


@outcome
def town_revenue_end(p: Province) -> float:
    """Local revenue of all towns at the end, 亿元 a year."""
    return float(local_revenue(p).sum()) / YI


@outcome
def tier_towns(p: Province) -> float:
    """Towns ever in a tier; NaN without tiers."""
    ever = p.towns.tier_first >= 0
    return float(ever.any(axis=0).sum()) if ever.any() else NAN


def _met(p: Province, goals: int, tiers: slice = slice(None)) -> float:
    """Share of the goals of some tiers that fell due and were reached; NaN where none fell due."""
    at = p.towns.tier_goal[tiers]
    reached: Flags = (at & goals) == goals
    return mean(reached[at >= 0])


@outcome
def tier_goals_met(p: Province) -> float:
    """Both goals, all tiers."""
    return _met(p, PEOPLE | REVENUE)


@outcome
def tier_people_met(p: Province) -> float:
    """The goal of people, all tiers."""
    return _met(p, PEOPLE)


@outcome
def tier_revenue_met(p: Province) -> float:
    """The goal of revenue, all tiers."""
    return _met(p, REVENUE)


@outcome
def tier1_goals_met(p: Province) -> float:
    """Both goals, first tier."""
    return _met(p, PEOPLE | REVENUE, slice(0, 1))


@outcome
def tier2_goals_met(p: Province) -> float:
    """Both goals, second tier."""
    return _met(p, PEOPLE | REVENUE, slice(1, 2))


def villagers(p: Province) -> np.ndarray:
    """People of each village, at least one, as weights."""
    return np.maximum(1, p.villages.population)


@outcome
def village_income_end(p: Province) -> float:
    """Income a villager, 万元 a year, at the end."""
    people = villagers(p)
    return float((p.villages.income * people).sum() / people.sum())


@outcome
def village_migrants(p: Province) -> float:
    """Villagers who live and work elsewhere, at the end."""
    return float(p.villages.migrants.sum())


@outcome
def settled_farmers(p: Province) -> float:
    """Villagers who settled in towns."""
    return float(p.villages.settled.sum())


@outcome
def urbanisation(p: Province) -> float:
    """Commuters and settled farmers over the villagers at the start."""
    v, first = p.villages, p.places.villages.population
    return share(float((v.commuters + v.settled).sum()), float(first.sum()))


@outcome
def town_to_village(p: Province) -> float:
    """Money from towns to villages, 亿元."""
    return float(p.diary.to_village.sum()) / YI


@outcome
def village_to_town(p: Province) -> float:
    """Person-quarters of village labour in towns."""
    return float(p.diary.to_town.sum())
