"""The counties of a world: drawn so that they match the published spread, or taken from a table.

Both ways fill the same `CountyTable`; `sim.world.geography` completes it with money, land and prices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import Draws, decision
from sim.engine.numeric import exp
from sim.world.facts import WorldFacts
from sim.world.keys import channel, name_key
from sim.world.layout import lay_out
from sim.world.networks import unique_edges
from sim.world.spread import from_deciles, group_means, normal_scores
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
    known: tuple[str, ...]
    """Real names, "" of counties that have none."""

    @property
    def named(self) -> bool:
        """Whether the counties are real ones, so that lists by name apply."""
        return all(self.known)


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
        ("",) * keys.size,
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
