"""Towns and villages: flows both ways by channel and distance, shares, visitors, processing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.instruments.shares import Shares
from sim.outcomes.arithmetic import YI, Floats, gini
from sim.outcomes.people import villagers
from sim.outcomes.registry import outcome, outcomes
from sim.state.countryside import BAND_NAMES, CHANNELS
from sim.state.province import Province

FLOOR = 3.0
"""Collective income that no village should stay below, 万元 a year (LQ-VIL-4)."""
LABOUR, LAND, PRODUCE, VISITORS = range(4)
"""Kinds of what villages send, columns of their history."""


@outcomes(*(f"to_village_{name}" for name in CHANNELS))
def to_village_by_channel(p: Province) -> Floats:
    """From towns to villages by channel, 亿元."""
    return np.asarray(p.rural.out.sum(axis=0) / YI)


@outcomes(*(f"to_town_{name}" for name in CHANNELS))
def to_town_by_channel(p: Province) -> Floats:
    """From villages to towns by channel, 亿元."""
    return np.asarray(p.rural.back.sum(axis=0) / YI)


def _by_band(p: Province, amount: NDArray[np.int64] | Floats) -> Floats:
    """Sum over the villages of each band of distance from town."""
    return np.bincount(p.rural.band, amount, len(BAND_NAMES)).astype(np.float64)


@outcomes(*(f"to_village_{name}" for name in BAND_NAMES))
def to_village_by_band(p: Province) -> Floats:
    """From towns to villages by distance, 亿元."""
    return _by_band(p, p.rural.to_village) / YI


@outcomes(*(f"to_town_{name}" for name in BAND_NAMES))
def to_town_by_band(p: Province) -> Floats:
    """From villages to towns by distance, 亿元."""
    return _by_band(p, p.rural.to_town) / YI


@outcomes(*(f"village_income_{name}" for name in BAND_NAMES))
def village_income_by_band(p: Province) -> Floats:
    """Income a villager by distance, 万元 a year; NaN where nobody lives."""
    people = villagers(p).astype(np.float64)
    heads = _by_band(p, people)
    return _by_band(p, p.villages.income * people) / np.where(heads > 0, heads, np.nan)


@outcome
def village_income_gini(p: Province) -> float:
    """Gini coefficient of villages' income, weighted by people."""
    return gini(p.villages.income, villagers(p).astype(np.float64))


@outcome
def collective_income(p: Province) -> float:
    """Income of a village's collective in the last four quarters, mean, 万元."""
    return float(p.rural.fees.sum(axis=0).mean())


@outcome
def collective_floor_met(p: Province) -> float:
    """Share of villages whose collective has the floor."""
    return float((p.rural.fees.sum(axis=0) >= FLOOR).mean())


@outcome
def household_dividends(p: Province) -> float:
    """Dividends to households, 亿元."""
    return float(p.rural.dividends[:, 1].sum()) / YI


@outcome
def shareholders(p: Province) -> float:
    """Share of villagers whose household holds shares, and of the towns' people where a town's households may."""
    people, town = villagers(p).astype(np.float64), p.policy.the(Shares).joined
    there = p.towns.jobs * (town > 0.0)
    return float(((p.rural.joined * people).sum() + (town * there).sum()) / (people.sum() + there.sum()))


@outcome
def link_labour(p: Province) -> float:
    """Villagers at work through the linkage in the last quarter."""
    return float(p.rural.kinds[p.t, LABOUR])


@outcome
def link_land(p: Province) -> float:
    """Village land handed over, mu."""
    return float(p.rural.kinds[:, LAND].sum())


@outcome
def link_produce(p: Province) -> float:
    """Village produce sold in towns, 亿元."""
    return float(p.rural.kinds[:, PRODUCE].sum()) / YI


@outcome
def link_visitors(p: Province) -> float:
    """Spending of visitors in villages, 亿元."""
    return float(p.rural.kinds[:, VISITORS].sum()) / YI


@outcome
def visitors(p: Province) -> float:
    """Visitors of scenic towns."""
    return float(p.rural.visits.sum())


@outcome
def visitor_revenue(p: Province) -> float:
    """What they spend, 亿元."""
    return float(p.rural.spending.sum()) / YI


@outcome
def processing_value(p: Province) -> float:
    """Value added by processing, 亿元."""
    return float(p.rural.processed.sum()) / YI


@outcome
def planted_land(p: Province) -> float:
    """Land planted after the example of the base, mu, at the end."""
    return float(p.rural.planted.sum())


@outcome
def side_jobs_end(p: Province) -> float:
    """Jobs in side trades at the end."""
    return float(p.rural.jobs.sum())
