"""People of the town area and local revenue of a town, by which layered programmes sort and judge towns.

    people  = people at the start + people_per_job·(jobs − jobs at the start) + villagers settled
    revenue = revenue_part·people·county revenue a head + local_share·tax of the last four quarters

The first term of revenue stands for what the model does not play: shops, land, other firms. Neither figure is in the
documents, so both weights are assumptions (constants ``town.people_per_job`` and ``town.revenue_part``). Units:
persons, 万元 a year; arrays of shape (T,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.state.province import Province


def people(p: Province) -> NDArray[np.int64]:
    """People of the town area now; new jobs bring residents, lost ones take them away."""
    s = p.towns
    moved = np.rint(p.constants["town.people_per_job"] * (s.jobs - s.jobs_start)).astype(np.int64)
    now: NDArray[np.int64] = np.maximum(0, p.places.towns.population + moved + s.settlers[: p.t + 1].sum(axis=0))
    return now


def tax_of_year(p: Province) -> NDArray[np.float64]:
    """Tax of the last four quarters, 万元; scaled up where the run is younger than a year."""
    rows = slice(max(0, p.t - 3), p.t + 1)
    tax: NDArray[np.float64] = p.towns.tax[rows].sum(axis=0) * (4.0 / max(1, min(4, p.t + 1)))
    return tax


def local_revenue(p: Province) -> NDArray[np.float64]:
    """Local revenue of a town, 万元 a year."""
    c = p.places.counties
    head = (c.revenue / np.maximum(1, c.population))[p.places.towns.county]
    return p.constants["town.revenue_part"] * people(p) * head + p.behaviour["treasury.local_share"] * tax_of_year(p)
