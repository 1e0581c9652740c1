"""Windows over which outcomes add up: calendar years of a run, and the three years of a town's own target."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.arithmetic import NAN, Flags, Floats, Numbers
from sim.state.province import Province


def years(p: Province) -> tuple[int, ...]:
    """Calendar years of the run."""
    first = p.clock.start_index // 4
    return tuple(range(first, first + len(year_rows(p))))


def year_rows(p: Province) -> list[slice]:
    """The quarters of each calendar year of the run; a year that the run cuts has fewer than four."""
    offset = p.clock.start_index % 4
    count = (offset + p.clock.quarters + 3) // 4
    return [slice(max(0, 4 * y - offset), min(p.clock.quarters, 4 * y + 4 - offset)) for y in range(count)]


def by_year(p: Province, history: Numbers) -> Numbers:
    """Sum over everything but time of a history, first axis quarters, in each calendar year."""
    return np.array([history[rows].sum() for rows in year_rows(p)])


def last_year(p: Province) -> slice:
    """The last four quarters."""
    return slice(p.clock.quarters - 4, p.clock.quarters)


def completion_window(p: Province, start: NDArray[np.int64], years: int) -> Floats:
    """True investment without housing from ``start`` over whole years, 万元 by town; NaN where the run is too short."""
    s = p.towns
    history = s.core + s.other + s.works
    if p.policy.target.rule(p.clock.quarters - 1) == "any":
        history = history + s.housing
    quarter = np.arange(p.clock.quarters)[:, None]
    inside = (quarter >= start[None, :]) & (quarter < start[None, :] + 4 * years)
    total = (history * inside).sum(axis=0).astype(np.float64)
    return np.where(start + 4 * years <= p.clock.quarters, total, NAN)


def own_window(p: Province) -> Floats:
    """Invested over own target for towns ever created, shape (T,); NaN for the others."""
    s = p.towns
    ever = s.listed_at >= 0
    invested = completion_window(p, np.where(ever, p.window_start(), p.clock.quarters), 3)
    return np.where(ever & (s.promised > 0), invested / np.maximum(1, s.promised), NAN)


def settled(p: Province) -> tuple[Floats, Flags]:
    """:func:`own_window`, and for which towns it is known."""
    ratio = own_window(p)
    return ratio, ~np.isnan(ratio)
