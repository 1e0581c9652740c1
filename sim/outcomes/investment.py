"""Investment: how much, into what, by whom, how alike, and how truly reported."""

from __future__ import annotations

import numpy as np

from sim.outcomes.arithmetic import NAN, YI, share
from sim.outcomes.registry import outcome
from sim.outcomes.windows import year_rows
from sim.state.province import Province
from sim.state.town import EVENTS


def effective(p: Province) -> float:
    """True effective investment of all sites over the run, 万元."""
    s = p.towns
    return float(s.core.sum() + s.other.sum() + s.works.sum())


@outcome
def investment_effective(p: Province) -> float:
    """Effective investment, 亿元."""
    return effective(p) / YI


@outcome
def investment_site(p: Province) -> float:
    """Effective investment a site, 亿元."""
    return effective(p) / YI / p.towns.size


@outcome
def investment_total(p: Province) -> float:
    """Effective investment and housing, 亿元."""
    return (effective(p) + float(p.towns.housing.sum())) / YI


@outcome
def housing_share(p: Province) -> float:
    """Housing over all investment."""
    housing = float(p.towns.housing.sum())
    return share(housing, effective(p) + housing)


@outcome
def core_share(p: Province) -> float:
    """Part of effective investment in the towns' own industries."""
    return share(float(p.towns.core.sum()), effective(p))


@outcome
def social_share(p: Province) -> float:
    """Part of it paid by matched social capital."""
    return share(float(p.towns.social.sum()), effective(p))


@outcome
def government_share(p: Province) -> float:
    """Part of it paid by governments."""
    return share(float(p.towns.government.sum()), effective(p))


@outcome
def homogeneity(p: Province) -> float:
    """Chance that two different towns ever listed share a sub-industry."""
    ever = p.towns.listed_at >= 0
    n = int(ever.sum())
    if n < 2:
        return NAN
    counts = np.bincount(p.places.towns.segment[ever])
    return float((counts * (counts - 1)).sum()) / (n * (n - 1))


@outcome
def reporting_gap(p: Province) -> float:
    """Reported over true investment of assessed town-years, less one; a report covers the whole calendar year."""
    s = p.towns
    assessed = (s.event & EVENTS["assessed"]) > 0
    year = (np.arange(p.clock.quarters) + p.clock.start_index % 4) // 4
    true = np.stack([s.effective(rows, p.policy.target.rule(rows.stop - 1)) for rows in year_rows(p)])
    return share(float(s.reported[assessed].sum()), float(true[year][assessed].sum())) - 1.0


@outcome
def investment_gap_poor(p: Province) -> float:
    """One less effective investment a site in poor counties over that in the others."""
    s = p.towns
    poor = p.places.counties.poor[p.places.towns.county]
    each = (s.core + s.other + s.works).sum(axis=0)
    return float(1.0 - each[poor].mean() / each[~poor].mean()) if poor.any() and not poor.all() else NAN
