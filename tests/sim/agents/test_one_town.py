"""Rules written for one town: worked values, and the same for all towns of a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents import housing, reporting
from tests.worlds import played, scenario


@pytest.mark.parametrize(
    ("on_a_list", "inflation", "luck", "reported"),
    [(False, 0.5, 3.0, 1000), (True, 0.0, 0.0, 1050), (True, 0.2, 1.0, 1350), (True, 0.0, -20.0, 0)],
)
def test_listed_towns_report_the_truth_with_optimism_inflation_and_noise(on_a_list, inflation, luck, reported):
    assert reporting.one_town(1000, on_a_list, inflation, luck, 0.05, 0.1) == reported


@pytest.mark.parametrize(
    ("room", "quota", "land", "money"),
    [(10**6, 10**6, 2500, 1000), (800, 10**6, 800, 320), (10**6, 16_000, 1000, 400), (-5, 10**6, 0, 0), (10, -9, 0, 0)],
)
def test_housing_is_what_is_wanted_within_room_and_quota(room, quota, land, money):
    """A tenth of 10,000 万元 is wanted, at 40 万元 a mu; the county gains a quarter."""
    assert housing.one_town(0.1, 10_000, room, quota, 40.0, 0.25) == (land, money, round(money / 4))


def test_what_a_run_reports_is_the_rule_of_each_town():
    p = played(scenario("zhejiang_2015", 8), 0, 4)
    r = reporting.read(p)
    each = [
        reporting.one_town(*(column[i] for column in (r.true, r.on_a_list, r.inflation, r.luck)), r.base, r.noise)
        for i in range(p.towns.size)
    ]
    out = np.empty(p.towns.size, dtype=np.int64)
    reporting.all_towns(r, out)
    assert out.tolist() == each
