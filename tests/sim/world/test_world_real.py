"""Worlds start from the towns of published lists: by name, in their counties, with their industries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from report.text.errors import told
from sim.parameters.errors import InputErrors
from sim.world.build import build_geography, load_world
from sim.world.county_file import listed_as, stem
from sim.world.facts_read import read_world
from sim.world.types import INDUSTRIES, SEGMENTS, SEGMENTS_PER_INDUSTRY
from tests.world_checks import write_world
from tests.worlds import counties

LISTS = {"zhejiang": {1: 37, 2: 42}, "jiangsu": {1: 25, 2: 31}, "fujian": {1: 28, 2: 27}}
"""Towns of each list that is complete."""
KNOWN = {
    "江干丁兰智慧小镇": ("江干区", "information"),
    "梅山海洋金融小镇": ("北仑区", "finance"),
    "嘉善巧克力甜蜜小镇": ("嘉善县", "tourism"),
    "诸暨袜艺小镇": ("诸暨市", "fashion"),
    "景宁畲乡小镇": ("景宁畲族自治县", "tourism"),
    "天子岭静脉小镇": ("拱墅区", "environment"),
    "定海远洋渔业小镇": ("定海区", "health"),
    "缙云机床小镇": ("缙云县", "equipment"),
    "龙泉宝剑小镇": ("龙泉市", "classics"),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_town_of_the_lists_is_a_site_in_its_county_with_its_industry(name):
    facts = load_world(name)
    place = build_geography(facts)
    towns, units = place.towns, place.counties
    assert Counter(town.list.batch for town in facts.listed) == LISTS[name]
    assert sorted(towns.listed[towns.listed >= 0].tolist()) == list(range(len(facts.listed)))
    for site in np.flatnonzero(towns.listed >= 0):
        town = facts.listed[towns.listed[site]]
        assert towns.known[site] == town.name and towns.prefecture[site] == town.prefecture
        assert town.county in ("", units.known[towns.county[site]])
        assert town.industry in (-1, towns.industry[site]) and town.segment in (-1, towns.segment[site])
    assert all(name == "" for name, one in zip(towns.known, towns.listed, strict=True) if one < 0)


def test_zhejiang_holds_the_79_towns_of_its_first_two_batches():
    facts = load_world("zhejiang")
    place = build_geography(facts)
    found = {
        name: (place.counties.known[c], INDUSTRIES[i])
        for name, c, i in zip(place.towns.known, place.towns.county, place.towns.industry, strict=True)
        if name
    }
    assert len(found) == 79 and KNOWN.items() <= found.items()
    assert all(town.county and town.industry >= 0 for town in facts.listed)
    assert sum(town.assigned for town in facts.listed) == 9
    counts = [Counter(town.prefecture for town in facts.listed if town.list.batch == batch) for batch in (1, 2)]
    for p in range(len(facts.prefectures)):
        assert (counts[0][p], counts[1][p]) == (facts.town.batch1[p], facts.town.batch2[p])


def test_units_of_a_world_that_names_them_have_their_land_grade_and_stand_where_they_are():
    facts = load_world("zhejiang")
    units = build_geography(facts).counties
    assert sorted(units.known) == sorted(name for names in facts.province.seats for name in names)
    for name, p, grade, poor in zip(units.known, units.prefecture, units.land_grade, units.poor, strict=True):
        grades = facts.province.land_grades[p]
        assert grades[listed_as(name, grades)] == grade
        assert (listed_as(name, facts.province.poor_counties[p]) is not None) == poor
    place = dict(zip(units.known, zip(units.x, units.y, strict=True), strict=True))
    assert place["苍南县"][1] < place["鹿城区"][1] < place["上城区"][1]
    assert place["开化县"][0] < place["上城区"][0] < place["普陀区"][0]


def test_a_drawn_county_is_told_by_a_number_and_not_by_its_real_name():
    for name in LISTS:
        units = build_geography(load_world(name)).counties
        assert all("·" in told and real not in told for told, real in zip(units.name, units.known, strict=True))


def test_a_world_without_lists_has_no_names():
    place = build_geography(load_world("tongzhou"))
    assert not any(place.towns.known) and not any(place.counties.known) and np.all(place.towns.listed == -1)


def test_names_and_lists_change_no_draw_of_other_sites():
    """Identities are those of a county's first, second, ... site; what is drawn for them stays."""
    facts = load_world("zhejiang")
    with_lists, without = build_geography(facts), build_geography(replace(facts, listed=(), fingerprint="none"))
    one, other = with_lists.towns, without.towns
    shared = np.isin(one.key, other.key)
    assert shared.mean() > 0.85
    there = {key: i for i, key in enumerate(other.key.tolist())}
    same = [there[key] for key in one.key[shared].tolist()]
    assert np.array_equal(one.planned_area[shared], other.planned_area[same])
    assert np.array_equal(one.population[shared], other.population[same])


TABLE = """code,prov,city,county,pop2020
330212,浙江省,宁波市,鄞州区,1610000
330281,浙江省,宁波市,余姚市,1254000
331181,浙江省,丽水市,龙泉市,249000
"""


def test_towns_keep_their_county_in_a_table_of_the_user(tmp_path):
    facts = load_world("zhejiang")
    (tmp_path / "counties.csv").write_text(TABLE, encoding="utf-8")
    place = build_geography(facts, tmp_path / "counties.csv")
    real = {
        name: place.counties.known[c] for name, c in zip(place.towns.known, place.towns.county, strict=True) if name
    }
    assert (
        real["龙泉青瓷小镇"] == "龙泉市" and real["余姚模客小镇"] == "余姚市" and real["鄞州四明金融小镇"] == "鄞州区"
    )
    inside = {stem(name) for name in place.counties.known}
    assert set(real) == {town.name for town in facts.listed if stem(town.county) in inside}


def test_no_town_of_a_list_stands_in_a_table_of_other_places():
    place = build_geography(load_world("zhejiang"), Path(counties()))
    assert not any(place.towns.known)


def test_more_sites_hold_each_listed_town_once():
    double = build_geography(load_world("zhejiang"), scale=2).towns
    assert Counter(double.listed[double.listed >= 0].tolist()) == Counter(range(79))


def test_every_sub_industry_of_a_list_is_known_and_the_vocabulary_is_whole():
    assert tuple(SEGMENTS) == INDUSTRIES
    assert all(len(set(cells)) == SEGMENTS_PER_INDUSTRY for cells in SEGMENTS.values())


OWN = """
[[list]]
title = { zh = "清单", en = "A list" }
date = "2018-01"
source = ["model"]
towns = [
  { name = "甲小镇", city = "hangzhou", county = "西湖区", industry = "finance", sub = "funds" },
  { name = "乙小镇", city = "hangzhou" },
]
"""


@pytest.mark.parametrize(
    ("old", "new", "kind", "key", "guess"),
    [
        ("西湖区", "西胡区", "UnknownName", "county", "西湖区"),
        ('"finance"', '"finanse"', "UnknownName", "industry", "finance"),
        ('"funds"', '"fund"', "UnknownName", "sub", "funds"),
        ('city = "hangzhou" },', 'city = "hanzhou" },', "UnknownName", "city", "hangzhou"),
        ("乙小镇", "甲小镇", "DuplicateKey", "name", ""),
        ('sub = "funds"', "assigned = 1", "WrongType", "assigned", ""),
        ('sub = "funds"', 'suburb = "funds"', "UnknownKey", "suburb", "sub"),
        ('source = ["model"]\ntowns', 'source = ["modl"]\ntowns', "UnknownName", "source", "model"),
        ('date = "2018-01"\n', "", "MissingKey", "list[1]", ""),
    ],
)
def test_mistakes_in_a_list_are_told_with_line_and_proposal(tmp_path, old, new, kind, key, guess):
    assert old in OWN
    with pytest.raises(InputErrors) as caught:
        read_world(write_world(tmp_path, OWN.replace(old, new, 1)))
    problem = caught.value.problems[0]
    assert type(problem).__name__ == kind and problem.key.endswith(key) and problem.line
    assert guess in str(problem.suggestion) and told(problem, "zh") and told(problem, "en")


def test_towns_of_a_world_of_ones_own_are_read(tmp_path):
    facts = read_world(write_world(tmp_path, OWN))
    first, second = facts.listed
    assert (first.county, first.industry, first.assigned) == ("西湖区", INDUSTRIES.index("finance"), False)
    assert (second.county, second.industry, second.segment) == ("", -1, -1)
    place = build_geography(facts)
    assert place.prefectures.name_en[place.towns.prefecture[place.towns.known.index("乙小镇")]] == "Hangzhou"


def test_a_county_in_a_world_that_names_none_is_told(tmp_path):
    text = OWN.replace("hangzhou", "tongzhou")
    with pytest.raises(InputErrors) as caught:
        read_world(write_world(tmp_path, text, "tongzhou"))
    assert "province.seats" in told(caught.value.problems[0], "en")


def test_more_listed_towns_than_sites_are_told(tmp_path):
    rows = "".join(f'  {{ name = "镇{i}", city = "zhoushan" }},\n' for i in range(6))
    text = OWN[: OWN.index("  { name")] + rows + "]\n"
    with pytest.raises(InputErrors) as caught:
        read_world(write_world(tmp_path, text))
    assert "zhoushan: 6" in str(caught.value.problems[0].found)
