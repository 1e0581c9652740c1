"""From the counties as drawn or read to the province's columns: wealth, revenue, land, prices, prefectures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import Draws, decision
from sim.engine.numeric import log, log_, normal_quantile, normal_quantiles
from sim.world.counties import CountyTable
from sim.world.county_file import listed_as
from sim.world.facts import WorldFacts
from sim.world.keys import name_key
from sim.world.layout import Plane, seats
from sim.world.networks import csr_of
from sim.world.spread import (
    even_uniforms,
    group_means,
    lognormal,
    normal_scores,
    powers,
    ranks,
    standardised,
)
from sim.world.types import Counties, Floats, Ints, Prefectures

COUNTY_WEALTH = decision("county.wealth")
COUNTY_LAND = decision("county.land")

WAN_PER_YI = 10_000
CENTI_MU = 100


def prefectures_of(facts: WorldFacts) -> Prefectures:
    """The prefectures' columns; GDP a head is GDP over residents at the start."""
    x, y = seats(facts, Plane(facts))
    per_head = np.array(facts.province.gdp) * WAN_PER_YI / np.array(facts.residents)
    return Prefectures(
        np.array([name_key(facts.id, "prefecture", p.id) for p in facts.prefectures]),
        tuple(p.title.zh for p in facts.prefectures),
        tuple(p.title.en for p in facts.prefectures),
        x,
        y,
        per_head,
    )


def wealth_scores(facts: WorldFacts, table: CountyTable, draws: Draws) -> Floats:
    """How rich each county is within its prefecture, standardised, shape (C,)."""
    groups = len(facts.prefectures)
    levels = normal_scores(table.urban_share) + normal_scores(table.college_share)
    known = standardised(levels - group_means(levels, table.prefecture, groups))
    own = normal_scores(draws.uniforms(COUNTY_WEALTH, table.key))
    share = facts.county.wealth_urban_share
    scores: Floats = np.sqrt(share) * known + np.sqrt(1 - share) * own
    return scores


def complete(facts: WorldFacts, table: CountyTable, sites: Ints, wealth: Floats, draws: Draws) -> Counties:
    """The counties' columns.

    Args:
        facts: The world's facts.
        table: Counties as drawn or read.
        sites: Town sites of each county, shape (C,).
        wealth: From :func:`wealth_scores`.
        draws: The world's own draws.
    """
    grade = _grades(facts, table, wealth)
    revenue = _revenue(facts, table, wealth)
    start, neighbours = csr_of(table.key.size, table.edges)
    return Counties(
        key=table.key,
        name=table.name,
        known=table.known,
        prefecture=table.prefecture.astype(np.int64),
        x=table.x,
        y=table.y,
        population=table.population,
        urban_share=table.urban_share,
        college_share=table.college_share,
        manufacturing_share=table.manufacturing_share,
        migrant_share=table.migrant_share,
        poor=_poor(facts, table, wealth),
        revenue=revenue,
        land_grade=grade,
        land_price=_land_prices(facts, table, grade, draws),
        house_price=_house_prices(facts, table, revenue),
        quota=_quotas(facts, table, sites, draws),
        neighbours_start=start,
        neighbours=neighbours,
    )


def _revenue(facts: WorldFacts, table: CountyTable, wealth: Floats) -> Ints:
    """The prefecture's revenue shared by residents and wealth, 万元; its own level is spread over its units."""
    county = facts.county
    weight = table.population * lognormal(1.0, county.wealth_sd * county.revenue_elasticity, wealth)
    total = np.bincount(table.prefecture, weights=weight, minlength=len(facts.prefectures))
    revenue = np.array(facts.province.revenue)[table.prefecture] * WAN_PER_YI * weight / total[table.prefecture]
    return np.rint(revenue).astype(np.int64)


def _poor(facts: WorldFacts, table: CountyTable, wealth: Floats) -> NDArray[np.bool_]:
    """The poorer counties: those on the list where names are real, else the least wealthy of each prefecture."""
    listed = facts.province.poor_counties
    if table.named and any(listed):
        return np.array(
            [listed_as(name, listed[p]) is not None for name, p in zip(table.known, table.prefecture, strict=True)]
        )
    return rank_within(table.prefecture, wealth) < np.array(facts.province.poor)[table.prefecture]


def rank_within(group: Ints, values: Floats) -> Ints:
    """Rank of each element within its group, 0 for the smallest."""
    out = np.empty(values.size, dtype=np.int64)
    for g in np.unique(group):
        members = np.flatnonzero(group == g)
        out[members] = ranks(values[members])
    return out


def _grades(facts: WorldFacts, table: CountyTable, wealth: Floats) -> Ints:
    """Land grades: by name from the official list, else the prefecture's grades in order of district and wealth.

    A named county that the list does not know gets the middle grade of its prefecture.
    """
    grades = facts.province.land_grades
    if table.named and all(grades):
        middle = [int(np.median(list(names.values()))) for names in grades]
        return np.array(
            [
                grades[p].get(listed_as(name, grades[p]) or "", middle[p])
                for name, p in zip(table.known, table.prefecture, strict=True)
            ],
            dtype=np.int64,
        )
    order = rank_within(table.prefecture, -(wealth + 10.0 * table.district))
    held = np.bincount(table.prefecture, minlength=len(grades))
    rows = [facts.province.grades(p, int(count)) for p, count in enumerate(held)]
    return np.array([rows[p][i] for p, i in zip(table.prefecture, order, strict=True)], dtype=np.int64)


def _land_prices(facts: WorldFacts, table: CountyTable, grade: Ints, draws: Draws) -> Floats:
    """Official floor of the grade times a lognormal mark-up, never below the floor; 万元 a mu."""
    county = facts.county
    score = normal_scores(draws.uniforms(COUNTY_LAND, table.key))
    floor = np.array(county.land_floor)[grade - 1]
    return floor * np.maximum(lognormal(county.land_markup, county.land_markup_sd, score), 1.0)


def _house_prices(facts: WorldFacts, table: CountyTable, revenue: Ints) -> Floats:
    """Lognormal through the two published points, at the start; dearer where skill and revenue are high."""
    (dear, above_dear), (cheap, above_cheap) = facts.county.house_points
    z_dear, z_cheap = normal_quantile(1 - above_dear), normal_quantile(1 - above_cheap)
    spread = (log_(dear) - log_(cheap)) / (z_dear - z_cheap)
    level = standardised(log(table.college_share)) + 0.5 * standardised(log(revenue / table.population))
    scores = normal_quantiles(even_uniforms(level))
    return facts.county.house_backcast * dear * lognormal(1.0, spread, scores - z_dear)


def _quotas(facts: WorldFacts, table: CountyTable, sites: Ints, draws: Draws) -> Ints:
    """Ordinary quota a year for a county's sites (one site's worth where it has none), centi-mu."""
    score = normal_scores(draws.uniforms(COUNTY_LAND, table.key, 1))
    per_site = lognormal(facts.county.quota_per_site, facts.county.quota_sd, score)
    return np.rint(np.maximum(sites, 1) * per_site * CENTI_MU).astype(np.int64)


def revenue_per_head(counties: Counties) -> Floats:
    """Revenue a resident relative to the province's mean over residents, shape (C,)."""
    mean = counties.revenue.sum() / counties.population.sum()
    relative: Floats = counties.revenue / counties.population / mean
    return relative


def site_weights(facts: WorldFacts, table: CountyTable, wealth: Floats) -> Floats:
    """How readily a county receives a further town site: root of residents times revenue a head to a power."""
    slope = facts.town.county_wealth_slope
    per_head = _revenue(facts, table, wealth) / table.population
    return np.sqrt(table.population) * powers(per_head / per_head.mean(), slope)
