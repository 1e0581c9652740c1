"""Places and networks: published spread, no overlap, identities that do not depend on position."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sim.engine.draws import Draws
from sim.world.build import build_geography, load_world
from sim.world.counties import draw_counties
from sim.world.towns import distances
from sim.world.types import SEGMENTS_PER_INDUSTRY
from tests.world_checks import check_counties

TOLERANCE = {
    "college_mean": 0.03,
    "college_median": 0.03,
    "college_min": 0.01,
    "college_max": 0.01,
    "manufacturing_mean": 0.03,
    "migrant_mean": 0.03,
    "population_gini": 0.06,
    "talent_gini": 0.08,
    "area": 0.002,
    "units": 0,
    "degree": 0.10,
    "isolates": 0,
}


@pytest.fixture(scope="module")
def facts():
    return load_world()


@pytest.fixture(scope="module")
def place(facts):
    return build_geography(facts)


def test_drawn_counties_match_the_published_spread(facts):
    checks = check_counties(draw_counties(facts, Draws(facts.seed)), facts)
    assert {check.id for check in checks} == set(TOLERANCE)
    for check in checks:
        assert abs(check.gap) <= TOLERANCE[check.id], check


def test_published_spread_as_quoted(facts):
    published = {check.id: check.published for check in check_counties(draw_counties(facts, Draws(1)), facts)}
    assert published["college_mean"] == pytest.approx(0.158, abs=0.001)
    assert published["college_median"] == pytest.approx(0.123, abs=0.001)
    assert published["manufacturing_mean"] == pytest.approx(0.339, abs=0.001)
    assert published["migrant_mean"] == pytest.approx(0.283, abs=0.003)


def test_prefectures_keep_their_totals(facts, place):
    counties = place.counties
    columns = ((counties.population, facts.residents, 1.0), (counties.revenue, facts.province.revenue, 1e4))
    for column, total, each in columns:
        sums = np.bincount(counties.prefecture, weights=column)
        assert np.allclose(sums, np.array(total) * each, atol=20)
    assert np.bincount(counties.prefecture).tolist() == list(facts.province.units)
    area = np.bincount(counties.prefecture, weights=draw_counties(facts, Draws(facts.seed)).area)
    assert np.all(np.abs(area / np.array(facts.province.area) - 1) < 0.35)


def test_land_and_house_prices_follow_the_facts(facts, place):
    counties = place.counties
    assert counties.poor.sum() == 26
    grades = sorted(g for names in facts.province.land_grades for g in names.values())
    assert sorted(counties.land_grade.tolist()) == grades
    assert np.all(counties.land_price >= np.array(facts.county.land_floor)[counties.land_grade - 1])
    back = facts.county.house_backcast
    assert (counties.house_price > 20_000 * back).sum() == 29 and (counties.house_price > 10_000 * back).sum() == 85
    assert np.all(counties.quota > 0) and np.all(counties.revenue > 0)


def test_sites_of_each_prefecture_and_industry(facts, place):
    towns = place.towns
    assert np.bincount(towns.prefecture).tolist() == list(facts.town.sites)
    share = np.bincount(towns.industry, minlength=8) / towns.key.size
    assert np.allclose(share, facts.town.industry_shares, atol=0.006)
    assert np.all(towns.segment // SEGMENTS_PER_INDUSTRY == towns.industry)
    assert 20 < np.unique(towns.segment).size < towns.key.size / 2, "some sub-industries collide"
    bare = np.flatnonzero(np.bincount(towns.county, minlength=90) == 0)
    assert [place.counties.known[c] for c in bare] == ["泰顺县"], (
        "Wenzhou's 11 sites, two of them in 瓯海, for 11 units"
    )


def test_sites_are_plausible(place):
    towns, counties = place.towns, place.counties
    assert abs(towns.potential.mean()) < 1e-9 and towns.potential.std() == pytest.approx(1)
    assert np.corrcoef(towns.potential, np.log(counties.college_share)[towns.county])[0, 1] > 0.2
    assert 0 < towns.capability.min() and towns.capability.max() < 1
    assert 430_000 < np.median(towns.planned_area) < 470_000 and 140_000 < np.median(towns.buildable) < 160_000
    seat = np.hypot(towns.x - counties.x[towns.county], towns.y - counties.y[towns.county])
    assert 0 < seat.min() and seat.max() <= 16 + 1e-9
    between = distances(towns)
    apart = between + np.diag(np.full(towns.key.size, np.inf))
    assert apart.min() > 1 and np.allclose(between, between.T)
    assert place.home_distance.shape == (12, towns.key.size) and place.home_distance[-1].min() > 200


def test_villages_lie_around_their_town(facts, place):
    villages, towns = place.villages, place.towns
    assert np.all(np.bincount(villages.town) == facts.village.per_town) and facts.village.per_town >= 10
    km = np.hypot(villages.x[:, None] - towns.x, villages.y[:, None] - towns.y)
    assert np.array_equal(km.argmin(axis=1), villages.town)
    assert np.allclose(km[np.arange(km.shape[0]), villages.town], villages.distance)
    ranks = villages.rank.reshape(-1, int(facts.village.per_town))
    assert np.all(ranks == np.arange(ranks.shape[1]))
    assert np.all(np.diff(villages.distance.reshape(ranks.shape), axis=1) >= 0)
    assert 1_000 < villages.population.mean() < 1_250
    assert np.average(villages.income, weights=villages.population) == pytest.approx(2.1125, rel=0.12)
    assert 700 < villages.farmland.mean() / 100 < 1_400


def test_all_identities_differ(place):
    keys = np.concatenate([place.prefectures.key, place.counties.key, place.towns.key, place.villages.key])
    assert keys.dtype == np.uint64 and np.unique(keys).size == keys.size


def test_columns_have_the_fixed_types(place):
    for part in (place.prefectures, place.counties, place.towns, place.villages):
        for name in part.__slots__:
            value = getattr(part, name)
            if isinstance(value, np.ndarray):
                assert value.dtype in (np.int64, np.float64, np.uint64, np.bool_), name
                assert not value.flags.writeable
                assert value.dtype != np.float64 or np.all(np.isfinite(value)), name


def graph_of(start, targets):
    """A network of the columns as a graph of networkx."""
    graph = nx.Graph()
    graph.add_nodes_from(range(start.size - 1))
    graph.add_edges_from(
        zip(np.repeat(np.arange(start.size - 1), np.diff(start)).tolist(), targets.tolist(), strict=True)
    )
    return graph


def test_networks_are_symmetric_and_hang_together(place):
    counties, villages = place.counties, place.villages
    for start, targets in (
        (counties.neighbours_start, counties.neighbours),
        (villages.links_start, villages.links),
    ):
        graph = graph_of(start, targets)
        assert 2 * graph.number_of_edges() == targets.size, "each edge stands at both of its ends"
        assert nx.number_of_selfloops(graph) == 0
    graph = graph_of(counties.neighbours_start, counties.neighbours)
    assert graph.number_of_nodes() == 90 and nx.number_of_isolates(graph) == 2
    assert nx.number_connected_components(graph) <= 5
    assert np.all(np.diff(place.villages.links_start) >= 3)


def test_scale_multiplies_sites_and_keeps_identities(facts, place):
    double = build_geography(facts, scale=2)
    assert double.towns.key.size == 2 * place.towns.key.size
    assert double.villages.key.size == 2 * place.villages.key.size
    assert np.isin(place.towns.key, double.towns.key).all()
    with pytest.raises(ValueError, match="scale"):
        build_geography(facts, scale=0)


def test_a_geography_is_built_once_and_always_the_same(facts, place):
    from sim.world import build

    first = build_geography(facts)
    assert build_geography(facts) is first
    again = build._build(facts, None, 1, place.fingerprint)
    for name in ("x", "potential", "industry", "segment"):
        assert np.array_equal(getattr(again.towns, name), getattr(place.towns, name))
    assert np.array_equal(again.villages.income, place.villages.income)
