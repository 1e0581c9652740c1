"""Histories of single agents, for telling which of them fared differently: towns by quarter, firms by spell.

Both are kept only for runs that ask for the tables ``town_history`` or ``firm_fates``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.summary import own_window
from sim.world.types import INDUSTRIES

if TYPE_CHECKING:
    from sim.state.province import Province

TOWNS, FIRMS = "town_history", "firm_fates"


class Diary:
    """Writes down, quarter by quarter, which firms are there and in which town."""

    def __init__(self) -> None:
        self._pages: list[tuple[int, NDArray[np.uint64], NDArray[np.int32]]] = []
        self._traits: dict[str, list[NDArray[np.generic]]] = {"key": [], "industry": [], "kind": [], "born": []}

    def observe(self, p: Province) -> None:
        """Call before the first quarter and after each."""
        self._pages.append((p.t, p.firms.live("key").copy(), p.firms.live("town").copy()))
        new = p.firms.live("born") == p.t if p.t >= 0 else np.ones(p.firms.n, dtype=bool)
        for name, parts in self._traits.items():
            parts.append(p.firms.live(name)[new].copy())

    def table(self) -> dict[str, NDArray[np.generic]]:
        """One row a firm that was there at the end of some quarter, by key.

        Returns:
            Columns key, industry, kind (0 anchor, 1 SME, 2 start-up), first and last (quarters in which it was there;
            -1 is the start of the run), town_first, town_last, moved (quarter of its first move, -2 = never).
        """
        keys = np.concatenate([page[1] for page in self._pages])
        towns = np.concatenate([page[2] for page in self._pages])
        quarter = np.concatenate([np.full(page[1].size, page[0], dtype=np.int64) for page in self._pages])
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
        return {**found, **self._trait_columns(found["key"])}

    def _trait_columns(self, keys: NDArray[np.uint64]) -> dict[str, NDArray[np.generic]]:
        """Industry and kind of each key, as they were when it was first written down."""
        known = np.concatenate(self._traits["key"])
        values, at = np.unique(known, return_index=True)
        place = np.minimum(np.searchsorted(values, keys), values.size - 1)
        rows = at[place]
        hit = values[place] == keys
        industry = np.concatenate(self._traits["industry"]).astype(np.int64)[rows]
        kind = np.concatenate(self._traits["kind"]).astype(np.int64)[rows]
        names = np.array([*INDUSTRIES, ""])
        return {"industry": names[np.where(hit, industry, len(INDUSTRIES))], "kind": np.where(hit, kind, -1)}


def town_history(p: Province) -> dict[str, NDArray[np.generic]]:
    """What happened to each town.

    Returns:
        Columns of shape (T,): key, county (name), industry, completion (invested over its own target, NaN where it was
        never listed), rewarded and clawed (centi-mu); and of shape (quarters, T): status, strategy, event, applied,
        reward_used.
    """
    s, g = p.towns, p.geography
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
