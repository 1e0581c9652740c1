"""Outcomes of towns and villages: flows both ways by channel and distance, shares, visitors, processing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.state.countryside import BAND_NAMES, CHANNELS

if TYPE_CHECKING:
    from sim.state.province import Province

YI = 10_000.0
FLOOR = 3.0
"""Collective income that no village should stay below, 万元 a year (LQ-VIL-4)."""


def gini(value: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Gini coefficient of a weighted value: one less twice the area under the Lorenz curve; NaN without any value."""
    order = np.argsort(value, kind="stable")
    w, x = weight[order], (value * weight)[order]
    total = float(x.sum())
    if total <= 0.0:
        return float("nan")
    people = w / w.sum()
    below = np.concatenate(([0.0], np.cumsum(x) / total))
    return float(1.0 - (people * (below[1:] + below[:-1])).sum())


def summarise(p: Province) -> dict[str, float]:
    """All outcomes of this module of a finished run."""
    return {**_channels(p), **_bands(p), **_shares(p), **_trades(p)}


def _channels(p: Province) -> dict[str, float]:
    r = p.rural
    out, back = r.out.sum(axis=0) / YI, r.back.sum(axis=0) / YI
    found = {f"to_village_{name}": float(out[k]) for k, name in enumerate(CHANNELS)}
    return found | {f"to_town_{name}": float(back[k]) for k, name in enumerate(CHANNELS)}


def _bands(p: Province) -> dict[str, float]:
    r, v, n = p.rural, p.villages, len(BAND_NAMES)
    people = np.maximum(1, v.population).astype(np.float64)
    out, back, heads = (np.bincount(r.band, weights=x, minlength=n) for x in (r.to_village, r.to_town, people))
    income = np.bincount(r.band, weights=v.income * people, minlength=n) / np.where(heads > 0, heads, np.nan)
    found = {f"to_village_{name}": float(out[i]) / YI for i, name in enumerate(BAND_NAMES)}
    found |= {f"to_town_{name}": float(back[i]) / YI for i, name in enumerate(BAND_NAMES)}
    return found | {f"village_income_{name}": float(income[i]) for i, name in enumerate(BAND_NAMES)}


def _shares(p: Province) -> dict[str, float]:
    r, v = p.rural, p.villages
    people = np.maximum(1, v.population).astype(np.float64)
    collective = r.fees.sum(axis=0)
    return {
        "village_income_gini": gini(v.income, people),
        "collective_income": float(collective.mean()),
        "collective_floor_met": float((collective >= FLOOR).mean()),
        "household_dividends": float(r.dividends[:, 1].sum()) / YI,
        "shareholders": float((r.joined * people).sum() / people.sum()),
    }


def _trades(p: Province) -> dict[str, float]:
    r = p.rural
    last = r.kinds[p.t]
    return {
        "link_labour": float(last[0]),
        "link_land": float(r.kinds[:, 1].sum()),
        "link_produce": float(r.kinds[:, 2].sum()) / YI,
        "link_visitors": float(r.kinds[:, 3].sum()) / YI,
        "visitors": float(r.visits.sum()),
        "visitor_revenue": float(r.spending.sum()) / YI,
        "processing_value": float(r.processed.sum()) / YI,
        "planted_land": float(r.planted.sum()),
        "side_jobs_end": float(r.jobs.sum()),
    }
