"""The counties of a world: drawn so that they match the published spread, or taken from a table.

Both ways fill the same `CountyTable`; `sim.world.geography` completes it with money, land and prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import Draws, decision
from sim.engine.numeric import exp
from sim.world.facts import WorldFacts
from sim.world.keys import channel, name_key
from sim.world.layout import lay_out
from sim.world.networks import unique_edges
from sim.world.spread import from_deciles, gini, group_means, normal_scores
from sim.world.types import Floats, Ints, Keys

COUNTY_SKILL = decision("county.skill")
COUNTY_INDUSTRY = decision("county.industry")


@dataclass(frozen=True, slots=True)
class CountyTable:
    """C counties as drawn or read; shares are fractions, places km in the province's plane."""

    key: Keys
    name: tuple[str, ...]
    prefecture: Ints
    district: NDArray[np.bool_]
    x: Floats
    y: Floats
    area: Floats
    """km2, NaN where unknown."""
    population: Ints
    urban_share: Floats
    college_share: Floats
    manufacturing_share: Floats
    migrant_share: Floats
    edges: Ints
    """Adjacent pairs, each once, shape (pairs, 2)."""
    named: bool
    """Whether the names are real ones, so that lists by name apply."""


@dataclass(frozen=True, slots=True)
class Check:
    """One statistic of the counties beside its published value."""

    id: str
    title: Mapping[str, str]
    published: float
    drawn: float

    @property
    def gap(self) -> float:
        """Relative difference, drawn against published."""
        return self.drawn / self.published - 1.0


def draw_counties(facts: WorldFacts, draws: Draws) -> CountyTable:
    """Draw the counties of a synthetic province.

    The number of units, residents and land of each prefecture are the published ones. Shares have the published
    deciles over the province; who gets which follows the prefecture, being a district, and two common factors.

    Args:
        facts: The world's facts.
        draws: The world's own draws (not a replicate's).
    """
    units = np.array(facts.province.units)
    prefecture = np.repeat(np.arange(units.size), units)
    ordinal = np.concatenate([np.arange(n) for n in units])
    districts = np.array(facts.province.districts)[prefecture]
    islands = np.array(facts.province.islands)[prefecture]
    district, island = ordinal < districts, ordinal >= units[prefecture] - islands
    ids = [facts.prefectures[p].id for p in prefecture]
    keys = np.array([name_key(facts.id, "county", i, str(n)) for i, n in zip(ids, ordinal, strict=True)])
    layout = lay_out(facts, keys, prefecture, district, island, draws)
    college, manufacturing, migrant, urban, crowd = _latent(facts, keys, prefecture, district, draws)
    county = facts.county
    return CountyTable(
        keys,
        _names(facts, prefecture, ordinal, district),
        prefecture,
        district,
        layout.x,
        layout.y,
        layout.area,
        _populations(facts, prefecture, crowd),
        from_deciles(county.urban_deciles, urban),
        from_deciles(county.college_deciles, college),
        from_deciles(county.manufacturing_deciles, manufacturing),
        from_deciles(county.migrant_deciles, migrant),
        unique_edges(layout.edges),
        named=False,
    )


def _names(facts: WorldFacts, prefecture: Ints, ordinal: Ints, district: NDArray[np.bool_]) -> tuple[str, ...]:
    """Names that nobody can take for real counties: 杭州一区 would be one, 杭州·区1 is not."""
    return tuple(
        f"{facts.prefectures[p].title.zh}·{'区' if d else '县'}{n + 1}"
        for p, n, d in zip(prefecture, ordinal, district, strict=True)
    )


def _latent(facts: WorldFacts, keys: Keys, prefecture: Ints, district: NDArray[np.bool_], draws: Draws) -> list[Floats]:
    """Latent scores of college, manufacturing, migrants, urban and population, shape (C,) each."""
    county = facts.county
    urban_factor = normal_scores(draws.uniforms(COUNTY_SKILL, keys))
    industry_factor = normal_scores(draws.uniforms(COUNTY_INDUSTRY, keys))
    core = district - group_means(district.astype(np.float64), prefecture, len(facts.prefectures))
    out = []
    for k, (a, b) in enumerate(county.loadings):
        own = normal_scores(draws.uniforms(COUNTY_SKILL, channel(keys, k + 1)))
        residual = a * urban_factor + b * industry_factor + np.sqrt(max(1 - a * a - b * b, 0.0)) * own
        if k < len(county.district_slopes):
            level = np.array(county.scores)[:, k][prefecture]
            residual = level + county.district_slopes[k] * core + county.residual_sd[k] * residual
        out.append(residual)
    return out


def _populations(facts: WorldFacts, prefecture: Ints, crowd: Floats) -> Ints:
    """Residents of each county at the start; each prefecture keeps its own total."""
    weight = exp(facts.county.population_sd * crowd)
    total = np.bincount(prefecture, weights=weight, minlength=len(facts.prefectures))
    return np.rint(np.array(facts.residents)[prefecture] * weight / total[prefecture]).astype(np.int64)


def check_counties(table: CountyTable, facts: WorldFacts) -> list[Check]:
    """Published against drawn (or read) statistics of the counties."""
    college = table.college_share
    deciles, county = facts.county.college_deciles, facts.county
    means = {name: _decile_mean(getattr(county, f"{name}_deciles")) for name in ("college", "manufacturing", "migrant")}
    rows = (
        ("college_mean", "大专及以上占比均值", "mean college share", means["college"], np.mean(college)),
        ("college_median", "大专及以上占比中位数", "median college share", deciles[5], np.median(college)),
        ("college_min", "大专及以上占比最小值", "lowest college share", deciles[0], np.min(college)),
        ("college_max", "大专及以上占比最大值", "highest college share", deciles[10], np.max(college)),
        (
            "manufacturing_mean",
            "制造业就业占比均值",
            "mean manufacturing share",
            means["manufacturing"],
            np.mean(table.manufacturing_share),
        ),
        ("migrant_mean", "外来人口占比均值", "mean migrant share", means["migrant"], np.mean(table.migrant_share)),
        ("population_gini", "人口基尼系数", "Gini of population", county.population_gini, gini(table.population)),
        ("talent_gini", "人才基尼系数", "Gini of talents", county.talent_gini, gini(college * table.population)),
        ("area", "陆域面积（km2）", "land area, km2", fsum(facts.province.area), np.nansum(table.area)),
        ("units", "县级单位数", "county-level units", sum(facts.province.units), table.key.size),
        (
            "degree",
            "平均接壤县数",
            "mean adjacent units",
            county.adjacency_degree,
            2 * len(table.edges) / table.key.size,
        ),
        (
            "isolates",
            "孤岛县数",
            "units without a land neighbour",
            sum(facts.province.islands),
            table.key.size - np.unique(table.edges).size,
        ),
    )
    return [Check(i, {"zh": zh, "en": en}, float(a), float(b)) for i, zh, en, a, b in rows]


def _decile_mean(deciles: tuple[float, ...]) -> float:
    """Mean of a distribution that is linear between its deciles."""
    return fsum((a + b) / 2 for a, b in pairwise(deciles)) / (len(deciles) - 1)
