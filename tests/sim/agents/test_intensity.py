"""Land that investment takes, by industry class."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.county import forecast
from sim.agents.intensity import CORE, intensity
from sim.parameters import INDUSTRIES
from tests.worlds import library, make, played, scenario

BEHAVIOUR = {
    "land.intensity": 600.0, "land.intensity_health": 400.0,
    "land.intensity_tourism": 1000.0, "land.intensity_office": 1200.0,
}  # fmt: skip
OF = {
    "information": 1200, "environment": 600, "health": 400, "tourism": 1000,
    "fashion": 600, "finance": 1200, "equipment": 600, "classics": 1000,
}  # fmt: skip


def test_a_project_takes_the_land_of_its_industry():
    """S3 L173-183 (Jiangsu's parks, 41 to 140 万元 a mu of site), L255: classes differ."""
    p = played(scenario("zhejiang_2015", 6, behaviour=BEHAVIOUR), small=True)
    industry, budget = p.projects.live("industry"), p.projects.live("budget")
    expected = np.rint(100.0 * budget / np.array([OF[name] for name in INDUSTRIES])[industry])
    announced = p.projects.live("announced") >= 0
    assert set(industry[announced]) == set(range(8)) and np.array_equal(p.projects.live("land"), expected)


def test_counties_expect_the_land_of_the_town_s_own_industry_and_of_the_mix():
    p = make(scenario("zhejiang_2015", 4, behaviour=BEHAVIOUR), small=True)
    p.start_of_quarter(0)
    f = forecast(p, np.ones(p.towns.size, dtype=bool))
    need = 1.0 / np.array([OF[name] for name in INDUSTRIES])
    mix = np.diff(p.places.project_mix, prepend=0.0)
    mu = f.industrial * (CORE * need[p.places.towns.industry] + (1.0 - CORE) * (need * mix).sum())
    assert np.allclose(f.land, 100.0 * mu)


def test_no_class_is_as_dense_as_a_city_s_offices():
    """What was 1,400 万元 a mu outside manufacturing lies between what was announced by construction land (L35-L38)."""
    central = intensity(library().resolve("null", quarters=4).behaviour)
    assert dict(zip(INDUSTRIES, central, strict=True)) == pytest.approx(
        {"information": 900, "environment": 700, "health": 480, "tourism": 800,
         "fashion": 700, "finance": 900, "equipment": 700, "classics": 800}
    )  # fmt: skip


@pytest.mark.parametrize("world", ["zhejiang", "jiangxi", "shandong", "guizhou"])
def test_quota_is_as_scarce_in_every_world(world: str):
    """Quota a site over the land that its investors' projects take, as in Zhejiang's world (decision 0005)."""

    def scarcity(name: str) -> float:
        p = make(library().resolve("null", quarters=4, world=name))
        mix = np.diff(p.places.project_mix, prepend=0.0)
        need = float((mix / intensity(p.behaviour)).sum()) * p.places.activity[0]
        return p.places.facts.county.quota_per_site / need

    assert scarcity(world) == pytest.approx(scarcity("zhejiang"), rel=0.05)
