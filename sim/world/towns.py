"""Town sites: how many stand in each county, where, in which industry and segment, and how good they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import Decision, Draws, decision
from sim.engine.numeric import gumbels, logistics
from sim.world.counties import CountyTable
from sim.world.county_file import stem
from sim.world.facts import WorldFacts
from sim.world.geography import CENTI_MU
from sim.world.keys import TOWN, candidates, channel, children, name_key
from sim.world.layout import Plane
from sim.world.spread import lognormal, normal_scores, powers, shared, standardised
from sim.world.types import INDUSTRIES, SEGMENTS_PER_INDUSTRY, Counties, Floats, Ints, Keys, TownSites

TOWN_COUNTY = decision("town.county")
TOWN_INDUSTRY = decision("town.industry")
TOWN_SEGMENT = decision("town.segment")
TOWN_PLACE = decision("town.place")
TOWN_POTENTIAL = decision("town.potential")
TOWN_CAPABILITY = decision("town.capability")
TOWN_PEOPLE = decision("town.people")
TOWN_KIND = decision("town.kind")

CANDIDATES = 8
"""Places tried for each site; the one farthest from the sites already placed is taken."""
MU_PER_KM2 = 1500


def stand_in(facts: WorldFacts, table: CountyTable, weights: Floats, draws: Draws) -> Ints:
    """County of each published town, shape (L,): its own by name, or one of its prefecture drawn by weight.

    A town without a county is drawn; -1 for one whose county is not in a table of the user's own.
    """
    found = np.full(len(facts.listed), -1, dtype=np.int64)
    place = {(p, stem(name)): c for c, (p, name) in enumerate(zip(table.prefecture.tolist(), table.known, strict=True))}
    for i, town in enumerate(facts.listed):
        members = np.flatnonzero(table.prefecture == town.prefecture)
        own = place.get((town.prefecture, stem(town.county)), -1) if town.county else -1
        if not town.county and members.size:
            upper = np.cumsum(weights[members] / weights[members].sum())
            u = draws.uniforms(TOWN_COUNTY, np.array([name_key(facts.id, "listed", town.name)]))[0]
            own = int(members[min(int(np.searchsorted(upper, u, side="right")), members.size - 1)])
        found[i] = own
    return found


def sites_by_county(facts: WorldFacts, prefecture: Ints, weights: Floats, scale: int, held: Ints) -> Ints:
    """Town sites of each county, shape (C,): one each where there are enough, the rest by weight.

    Args:
        facts: The world's facts.
        prefecture: Prefecture of each county, shape (C,).
        weights: How readily each county receives a further site, shape (C,).
        scale: Times as many sites.
        held: Published towns that stand in each county, shape (C,); it has at least as many sites.
    """
    sites = np.zeros(prefecture.size, dtype=np.int64)
    for p, total in enumerate(facts.town.sites):
        members = np.flatnonzero(prefecture == p)
        if not members.size:
            continue
        each = np.maximum(min(total * scale // members.size, scale), held[members])
        spare = total * scale - int(each.sum())
        sites[members] = each + shared(spare, weights[members]) if spare >= 0 else held[members]
        if spare < 0:
            # Some counties hold so many published towns that not every other one can have a site: the likelier have.
            bare = members[held[members] == 0]
            every, over = divmod(total * scale - int(held[members].sum()), bare.size)
            sites[bare] = every
            sites[bare[np.argsort(-weights[bare], kind="stable")[:over]]] += 1
    return sites


def build_towns(facts: WorldFacts, counties: Counties, sites: Ints, stands: Ints, draws: Draws) -> TownSites:
    """The town sites' columns.

    Args:
        facts: The world's facts.
        counties: Their counties.
        sites: Number of sites of each county, shape (C,).
        stands: County of each published town, shape (L,); they are the first sites of their county.
        draws: The world's own draws.
    """
    keys, county = children(counties.key, TOWN, sites)
    listed = _listed(sites, stands)
    industry = _industries(facts, counties, county, keys, listed, draws)
    x, y = _places(facts, counties, county, keys, draws)
    potential = _potential(facts, counties, county, keys, draws)
    constant, slope, spread = facts.town.capability
    own = draws.normals(TOWN_CAPABILITY, keys)
    administrative, residents = _small_towns(facts, keys, draws)
    times = np.where(administrative, facts.town.small_towns[1], 1.0)
    revenue = residents * (counties.revenue / np.maximum(1, counties.population))[county]
    return TownSites(
        key=keys,
        county=county,
        prefecture=counties.prefecture[county],
        industry=industry,
        segment=_segments(facts, industry, keys, listed, draws),
        x=x,
        y=y,
        potential=potential,
        capability=logistics(constant + slope * potential + spread * own),
        planned_area=_larger(_area(facts.town.planned_area, draws, channel(keys, 0)), times),
        buildable=_larger(_area(facts.town.buildable, draws, channel(keys, 1)), times),
        known=tuple(facts.listed[i].name if i >= 0 else "" for i in listed),
        listed=listed,
        administrative=administrative,
        residents=residents,
        revenue=np.rint(revenue).astype(np.int64),
        population=np.where(administrative, residents, _people(facts, counties, county, keys, draws)),
    )


def _listed(sites: Ints, stands: Ints) -> Ints:
    """Published town at each site, -1 for none: those of a county take its first sites, in the order of the lists."""
    start = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(sites)))
    listed = np.full(int(sites.sum()), -1, dtype=np.int64)
    taken = np.zeros_like(sites)
    for i, county in enumerate(stands):
        if county >= 0:
            listed[start[county] + taken[county]] = i
            taken[county] += 1
    return listed


def _known(values: list[int], listed: Ints) -> Ints:
    """What the lists say of each site, -1 where they say nothing."""
    return np.array([*values, -1], dtype=np.int64)[listed]


def _small_towns(facts: WorldFacts, keys: Keys, draws: Draws) -> tuple[NDArray[np.bool_], Ints]:
    """Which sites are administrative small towns (D-52), and how many people live there."""
    share, _, median, spread = facts.town.small_towns
    administrative = draws.uniforms(TOWN_KIND, keys) < share
    people = lognormal(median, spread, draws.normals(TOWN_KIND, channel(keys, 1))) if share > 0.0 else 0.0
    return administrative, np.rint(np.where(administrative, people, 0.0)).astype(np.int64)


def _larger(area: Ints, times: Floats) -> Ints:
    return np.rint(area * times).astype(np.int64)


def _industries(facts: WorldFacts, counties: Counties, county: Ints, keys: Keys, listed: Ints, draws: Draws) -> Ints:
    """Industry of each site: the published one, else drawn so that all sites together have the province's shares.

    Drawn ones lean to skill, manufacturing or poverty of the county. Sites and industries are matched by the best
    score first, a score being the lean plus a keyed Gumbel.
    """
    scores = np.column_stack(
        (
            normal_scores(counties.college_share),
            normal_scores(counties.manufacturing_share),
            standardised(counties.poor.astype(np.float64)),
        )
    )[county]
    liking = np.empty((keys.size, len(INDUSTRIES)))
    for k, tilt in enumerate(facts.town.industry_tilts):
        lean = sum((scores[:, j] * tilt[j] for j in range(len(tilt))), np.zeros(keys.size))
        liking[:, k] = lean + gumbels(draws.uniforms(TOWN_INDUSTRY, channel(keys, k)))
    industry = _known([town.industry for town in facts.listed], listed)
    shares = np.array(facts.town.industry_shares)
    held = np.bincount(industry[industry >= 0], minlength=len(INDUSTRIES))
    left, free = np.maximum(shared(keys.size, shares) - held, 0), int(np.count_nonzero(industry < 0))
    if left.sum() != free:
        left = shared(free, left.astype(np.float64))
    for flat in np.argsort(-liking.reshape(-1), kind="stable"):
        site, k = divmod(int(flat), len(INDUSTRIES))
        if industry[site] < 0 and left[k]:
            industry[site], left[k] = k, left[k] - 1
    return industry


def _segments(facts: WorldFacts, industry: Ints, keys: Keys, listed: Ints, draws: Draws) -> Ints:
    """Sub-industry of each site: the published one, else drawn; a few are popular, so that sites can collide."""
    weight = powers(np.arange(1.0, SEGMENTS_PER_INDUSTRY + 1), -facts.town.segment_decay)
    upper = np.cumsum(weight / weight.sum())
    place = (upper <= draws.uniforms(TOWN_SEGMENT, keys)[:, None]).sum(axis=1)
    segment: Ints = industry * SEGMENTS_PER_INDUSTRY + np.minimum(place, SEGMENTS_PER_INDUSTRY - 1)
    known = _known([town.segment for town in facts.listed], listed)
    return np.where(known >= 0, known, segment)


def _places(facts: WorldFacts, counties: Counties, county: Ints, keys: Keys, draws: Draws) -> tuple[Floats, Floats]:
    """Places on the urban fringe of the county seat, as far from other sites as a few tries allow."""
    low, high = _fringe(facts, counties)
    x, y = np.empty(keys.size), np.empty(keys.size)
    for i, key in enumerate(keys):
        c, tried = county[i], candidates(key, CANDIDATES)
        east, north = directions(draws, TOWN_PLACE, tried)
        far = low[c] + (high[c] - low[c]) * draws.uniforms(TOWN_PLACE, tried)
        px, py = counties.x[c] + far * east, counties.y[c] + far * north
        best = 0
        if i:
            gap = (px[:, None] - x[:i]) ** 2 + (py[:, None] - y[:i]) ** 2
            best = int(np.argmax(gap.min(axis=1)))
        x[i], y[i] = px[best], py[best]
    return x, y


def _fringe(facts: WorldFacts, counties: Counties) -> tuple[Floats, Floats]:
    """Distance of sites from the seat, from and to, km; never more than 0.6 of the way to the next seat."""
    gap = (counties.x[:, None] - counties.x) ** 2 + (counties.y[:, None] - counties.y) ** 2
    np.fill_diagonal(gap, np.inf)
    high = np.minimum(facts.town.fringe[1], 0.6 * np.sqrt(gap.min(axis=1)))
    return np.minimum(facts.town.fringe[0], 0.5 * high), high


def directions(draws: Draws, decision: Decision, keys: Keys) -> tuple[Floats, Floats]:
    """Unit vectors in even directions, from two normals (no sine, which may differ in its last bit)."""
    east = draws.normals(decision, channel(keys, 1))
    north = draws.normals(decision, channel(keys, 2))
    length = np.maximum(np.sqrt(east * east + north * north), 1e-9)
    return east / length, north / length


def _potential(facts: WorldFacts, counties: Counties, county: Ints, keys: Keys, draws: Draws) -> Floats:
    """Attractiveness, standardised over the province's sites."""
    skill, rich, crowd = facts.town.potential_loadings
    people = normal_scores(counties.population.astype(np.float64))
    wealthy = normal_scores(counties.revenue / counties.population)
    known = (skill * normal_scores(counties.college_share) + rich * wealthy + crowd * people)[county]
    rest = np.sqrt(max(1.0 - skill * skill - rich * rich - crowd * crowd, 0.0))
    return standardised(known + rest * draws.normals(TOWN_POTENTIAL, keys))


def _area(form: tuple[float, ...], draws: Draws, keys: Keys) -> Ints:
    """An area from its median, spread and limits in km2, in centi-mu."""
    median, spread, low, high = form
    km2 = np.clip(lognormal(median, spread, draws.normals(TOWN_PLACE, keys)), low, high)
    return np.rint(km2 * MU_PER_KM2 * CENTI_MU).astype(np.int64)


def _people(facts: WorldFacts, counties: Counties, county: Ints, keys: Keys, draws: Draws) -> Ints:
    """People of the town area: lognormal within limits, half of its score from how populous the county is."""
    median, spread, low, high = facts.town.population
    crowd = normal_scores(counties.population.astype(np.float64))[county]
    score = 0.5 * crowd + np.sqrt(0.75) * draws.normals(TOWN_PEOPLE, keys)
    return np.rint(np.clip(lognormal(median, spread, score), low, high)).astype(np.int64)


def distances(towns: TownSites) -> Floats:
    """Km between sites, shape (T, T)."""
    return np.sqrt((towns.x[:, None] - towns.x) ** 2 + (towns.y[:, None] - towns.y) ** 2)


def home_distances(facts: WorldFacts, towns: TownSites, x: Floats, y: Floats) -> Floats:
    """Km from each prefecture's seat, and in the last row from outside the province, to each site, shape (P + 1, T)."""
    homes = np.sqrt((x[:, None] - towns.x) ** 2 + (y[:, None] - towns.y) ** 2)
    origins = np.array(facts.province.outside_origins)
    far_x, far_y = Plane(facts).place(origins[:, 0], origins[:, 1])
    far = np.sqrt((far_x[:, None] - towns.x) ** 2 + (far_y[:, None] - towns.y) ** 2)
    outside = (far * origins[:, 2, None]).sum(axis=0) / origins[:, 2].sum()
    return np.vstack((homes, outside))
