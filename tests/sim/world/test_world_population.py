"""Firms and talents at the start: the published scales, keyed by birth identity, fast."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.engine.draws import Draws
from sim.world.build import build_geography, draw_population, load_world
from sim.world.population import age_distribution


@pytest.fixture(scope="module")
def facts():
    return load_world()


@pytest.fixture(scope="module")
def place(facts):
    return build_geography(facts)


@pytest.fixture(scope="module")
def people(facts, place):
    return draw_population(place, facts, Draws(20150422))


def test_numbers_and_mix_of_firms(facts, place, people):
    assert people.firm_key.size >= 30_000
    assert np.allclose(np.bincount(people.firm_kind) / people.firm_kind.size, facts.firm.kinds, atol=0.01)
    assert 18 < people.firm_employees.mean() < 26 and people.firm_employees.min() >= 1
    for kind, median in enumerate(facts.firm.employees):
        assert np.median(people.firm_employees[people.firm_kind == kind]) == pytest.approx(median, rel=0.12)
    own = people.firm_industry == place.towns.industry[people.firm_town]
    assert own.mean() == pytest.approx(facts.firm.own_industry, abs=0.01)
    assert np.unique(people.firm_industry).tolist() == list(range(8))


def test_firms_gather_in_good_sites(place, people):
    count = np.bincount(people.firm_town, minlength=place.towns.key.size)
    assert np.corrcoef(np.log(count), place.towns.potential)[0, 1] > 0.5
    best = count[np.argsort(place.towns.potential)[-79:]].mean()
    # 468 a listed town in September 2016 after some 89 a year for a year and a half, less those that closed.
    assert 250 < best < 420


def test_ages_follow_the_survival_of_registered_firms(facts, people):
    share = age_distribution(facts)
    assert share.sum() == pytest.approx(1) and np.all(np.diff(share) < 0)
    alive = share / share[0] * (1 + facts.firm.cohort_growth) ** (np.arange(share.size) / 4)
    assert alive[12] == pytest.approx(0.834, abs=0.005) and alive[20] == pytest.approx(0.70, abs=0.01)
    assert np.median(people.firm_age) == pytest.approx(np.searchsorted(np.cumsum(share), 0.5), abs=1)
    assert (people.firm_age > 40).mean() > 0.1 and people.firm_age.min() == 0


def test_productivity_is_near_one_and_higher_where_rich(place, people):
    assert people.firm_productivity.mean() == pytest.approx(1, abs=0.05)
    assert 0.3 < np.log(people.firm_productivity).std() < 0.4
    rich = (place.counties.revenue / place.counties.population)[place.towns.county][people.firm_town]
    assert np.corrcoef(np.log(rich), np.log(people.firm_productivity))[0, 1] > 0.05


def test_talents(facts, place, people):
    assert 10_000 < people.talent_key.size < 14_000
    assert np.allclose(np.bincount(people.talent_tier) / people.talent_tier.size, facts.talent.tiers, atol=0.015)
    college = place.counties.college_share[place.towns.county][people.talent_town]
    assert college[people.talent_tier >= 2].mean() > college[people.talent_tier == 0].mean()
    assert (people.talent_home == -1).mean() == pytest.approx(0.30, abs=0.02)
    own = people.talent_home == place.towns.prefecture[people.talent_town]
    assert own.mean() > 0.45 and people.talent_home.max() < 11
    assert people.talent_age.mean() == pytest.approx(8, rel=0.05)


def test_types_and_identities(place, people):
    keys = np.concatenate([people.firm_key, people.talent_key, place.towns.key, place.villages.key])
    assert keys.dtype == np.uint64 and np.unique(keys).size == keys.size
    for name in people.__slots__:
        assert getattr(people, name).dtype in (np.int64, np.uint64, np.float64)


def test_same_replicate_same_bits_and_replicates_differ(facts, place, people):
    again, other = draw_population(place, facts, Draws(20150422)), draw_population(place, facts, Draws(20150422, 1))
    for name in people.__slots__:
        assert np.array_equal(getattr(people, name), getattr(again, name))
    assert other.firm_key.size != people.firm_key.size


def test_a_firm_does_not_depend_on_the_other_towns(facts, place, people):
    last = place.towns.key.size - 1
    towns = replace(place.towns, **{n: getattr(place.towns, n)[last:] for n in place.towns.__slots__})
    alone = draw_population(replace(place, towns=towns), facts, Draws(20150422))
    here = people.firm_town == last
    for name in ("firm_key", "firm_kind", "firm_employees", "firm_age", "firm_productivity", "firm_industry"):
        assert np.array_equal(getattr(alone, name), getattr(people, name)[here]), name
