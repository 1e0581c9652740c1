"""Villages around each town site: places, people, income, farmland, and their neighbours."""

from __future__ import annotations

import numpy as np

from sim.engine.draws import Draws, decision
from sim.world.facts import WorldFacts
from sim.world.geography import CENTI_MU
from sim.world.keys import VILLAGE, children
from sim.world.networks import csr_of, nearest_pairs
from sim.world.spread import lognormal, powers
from sim.world.towns import directions
from sim.world.types import Counties, Floats, Ints, Keys, TownSites, Villages

VILLAGE_PLACE = decision("village.place")
VILLAGE_POPULATION = decision("village.population")
VILLAGE_INCOME = decision("village.income")
VILLAGE_LAND_AREA = decision("village.land")

YUAN_PER_WAN = 10_000


def build_villages(facts: WorldFacts, counties: Counties, towns: TownSites, spacing: Floats, draws: Draws) -> Villages:
    """The villages' columns, those of a town together and nearest first.

    Args:
        facts: The world's facts.
        counties: The province's counties.
        towns: The sites they belong to.
        spacing: Km from each town to the nearest other town, shape (T,).
        draws: The world's own draws.
    """
    form, per_town = facts.village, int(facts.village.per_town)
    keys, town = children(towns.key, VILLAGE, np.full(towns.key.size, per_town, dtype=np.int64))
    distance = _distances(facts, draws.uniforms(VILLAGE_PLACE, keys), spacing[town], per_town)
    east, north = directions(draws, VILLAGE_PLACE, keys)
    x, y = towns.x[town] + distance * east, towns.y[town] + distance * north
    people = lognormal(form.population[0], form.population[1], draws.normals(VILLAGE_POPULATION, keys))
    land = lognormal(form.farmland[0], form.farmland[1], draws.normals(VILLAGE_LAND_AREA, keys))
    start, links = csr_of(x.size, nearest_pairs(x, y, int(form.neighbours)))
    county = towns.county[town]
    return Villages(
        key=keys,
        county=county,
        town=town,
        rank=np.tile(np.arange(per_town), towns.key.size),
        x=x,
        y=y,
        distance=distance,
        population=np.maximum(np.rint(people), 30).astype(np.int64),
        income=_incomes(facts, counties, county, keys, draws),
        farmland=np.rint(people * land * CENTI_MU).astype(np.int64),
        links_start=start,
        links=links,
    )


def _distances(facts: WorldFacts, drawn: Floats, spacing: Floats, per_town: int) -> Floats:
    """Km to the town, rising within each town; half of the spacing at most, so that the town is the nearest one."""
    low, high = facts.village.distance
    high_here = np.minimum(high, 0.499 * spacing)
    low_here = np.minimum(low, 0.3 * high_here)
    # A root makes villages even over the area of the ring, not along its radius.
    rising = np.sort(np.sqrt(drawn).reshape(-1, per_town), axis=1).reshape(-1)
    distance: Floats = low_here + (high_here - low_here) * rising
    return distance


def _incomes(facts: WorldFacts, counties: Counties, county: Ints, keys: Keys, draws: Draws) -> Floats:
    """Disposable income, 万元 a head: the prefecture's, by the county's revenue a head and the village's own luck."""
    groups = len(facts.prefectures)
    revenue = np.bincount(counties.prefecture, weights=counties.revenue, minlength=groups)
    people = np.bincount(counties.prefecture, weights=counties.population, minlength=groups)
    relative = (counties.revenue / counties.population) / (revenue / np.maximum(people, 1))[counties.prefecture]
    level = np.array(facts.province.rural_income)[counties.prefecture] / YUAN_PER_WAN
    level = level * powers(relative, facts.village.income_slope)
    spread = facts.village.income_sd
    own = lognormal(1.0, spread, draws.normals(VILLAGE_INCOME, keys) - spread / 2)
    return level[county] * own
