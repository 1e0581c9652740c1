"""Histories of single agents, for telling which of them fared differently: towns by quarter, firms by spell.

Both are kept only for runs that ask for the tables ``town_history`` or ``firm_fates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.observe import Note
from sim.outcomes.windows import own_window
from sim.state.province import Province
from sim.world.types import INDUSTRIES

TOWNS, FIRMS = "town_history", "firm_fates"


class Roll(NamedTuple):
    """Which firms are there, in which town, and what the new ones are like."""

    key: NDArray[np.uint64]
    town: NDArray[np.int32]
    new_key: NDArray[np.uint64]
    new_industry: NDArray[np.int8]
    new_kind: NDArray[np.int8]


def call_roll(p: Province) -> Roll:
    """The roll of a quarter; all firms are new before the first."""
    f = p.firms
    new = f.live("born") == p.t if p.t >= 0 else np.ones(f.n, dtype=bool)
    names = ("key", "industry", "kind")
    return Roll(f.live("key").copy(), f.live("town").copy(), *(f.live(name)[new].copy() for name in names))


ROLL = Note("firms by quarter", call_roll)


def firm_fates(rolls: Mapping[int, Roll]) -> dict[str, NDArray[np.generic]]:
    """One row a firm that was there at the end of some quarter, by key.

    Args:
        rolls: What was noted for :data:`ROLL`, by quarter.

    Returns:
        Columns key, industry, kind (0 anchor, 1 SME, 2 start-up), first and last (quarters in which it was there;
        -1 is the start of the run), town_first, town_last, moved (quarter of its first move, -2 = never).
    """
    keys = np.concatenate([roll.key for roll in rolls.values()])
    towns = np.concatenate([roll.town for roll in rolls.values()])
    quarter = np.concatenate([np.full(roll.key.size, t, dtype=np.int64) for t, roll in rolls.items()])
    order = np.argsort(keys, kind="stable")
    keys, towns, quarter = keys[order], towns[order], quarter[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = np.r_[starts[1:], keys.size] - 1
    moves = np.r_[False, (keys[1:] == keys[:-1]) & (towns[1:] != towns[:-1])]
    moved = np.minimum.reduceat(np.where(moves, quarter, np.iinfo(np.int64).max), starts)
    found = {
        "key": keys[starts],
        "first": quarter[starts],
        "last": quarter[ends],
        "town_first": towns[starts],
        "town_last": towns[ends],
        "moved": np.where(moved == np.iinfo(np.int64).max, -2, moved),
    }
    return {**found, **_traits(rolls, found["key"])}


def _traits(rolls: Mapping[int, Roll], keys: NDArray[np.uint64]) -> dict[str, NDArray[np.generic]]:
    """Industry and kind of each key, as they were when it was first written down."""
    known = np.concatenate([roll.new_key for roll in rolls.values()])
    values, at = np.unique(known, return_index=True)
    place = np.minimum(np.searchsorted(values, keys), values.size - 1)
    rows = at[place]
    hit = values[place] == keys
    industry = np.concatenate([roll.new_industry for roll in rolls.values()]).astype(np.int64)[rows]
    kind = np.concatenate([roll.new_kind for roll in rolls.values()]).astype(np.int64)[rows]
    names = np.array([*INDUSTRIES, ""])
    return {"industry": names[np.where(hit, industry, len(INDUSTRIES))], "kind": np.where(hit, kind, -1)}


def town_history(p: Province) -> dict[str, NDArray[np.generic]]:
    """What happened to each town.

    Returns:
        Columns of shape (T,): key, county (name), industry, completion (invested over its own target, NaN where it was
        never listed), rewarded and clawed (centi-mu); and of shape (quarters, T): status, strategy, event, applied,
        reward_used.
    """
    s, g = p.towns, p.places
    return {
        "key": g.towns.key.copy(),
        "county": np.array(g.counties.name)[g.towns.county],
        "industry": np.array(INDUSTRIES)[g.towns.industry],
        "completion": own_window(p),
        "rewarded": s.rewarded.copy(),
        "clawed": s.clawed.copy(),
        "status": s.status_history.copy(),
        "strategy": s.strategy_history.copy(),
        "event": s.event.copy(),
        "applied": s.applied_history.copy(),
        "reward_used": s.land_from_reward > 0,
    }
