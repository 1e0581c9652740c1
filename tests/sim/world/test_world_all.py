"""Every world: it loads, is built without holes, runs with audited books, and is governed at its own level."""

from __future__ import annotations

import re
from math import fsum
from pathlib import Path

import numpy as np
import pytest

from report.pages.worlds import document, main, stale, worlds
from report.text.errors import told
from sim.engine.ledger import REASONS, Reason
from sim.model import Simulation
from sim.parameters.errors import InputErrors
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.world.build import build_geography, load_world
from sim.world.facts_read import LIBRARY_ID, read_world
from tests.worlds import library, play

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "worlds"
NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
CENSUS = {  # residents of November 2020, 万
    "zhejiang": 6456.8, "jiangsu": 8474.8, "jiangxi": 4518.9, "shandong": 10152.7, "guizhou": 3856.2, "tianjin": 1386.6,
    "fujian": 4154.0, "hebei": 7461.0, "hainan": 1008.1, "hubei": 5775.3, "gansu": 2502.0, "liaoning": 4259.1,
    "guangdong": 12601.3,
}  # fmt: skip
UNITS = {"shandong": 137, "guizhou": 88, "jiangxi": 100, "tianjin": 16, "zhejiang": 90, "pingxiang": 5, "panyu": 16}
SITES = {"shandong": 331, "jiangxi": 120, "zhejiang": 130, "panyu": 15, "pingxiang": 15, "tongzhou": 14}
INVESTED = {"zhejiang": 11.0, "shandong": 3.72, "jiangsu": 5.7}
"""亿元 a town-year: B-ZJ-5 and F20, B-SD-10, B-XZ-4."""


def start(world: str, regime: str = "null", quarters: int = 8, **options: object) -> Province:
    first = library().worlds[world].start
    options.setdefault("effective", str(first + 1))
    return Simulation(library().resolve(regime, world=world, quarters=quarters, **options))


def own_regimes() -> list[tuple[str, str]]:
    """Regimes whose place has a world of its own and whose level is that world's."""
    found = library()
    pairs = [(name, name.split("_")[0]) for name in found.regimes if name.split("_")[0] in NAMES]
    return [(regime, world) for regime, world in pairs if found.regimes[regime].level == load_world(world).level]


@pytest.mark.parametrize("name", NAMES)
def test_every_world_loads_with_sources(name):
    facts = load_world(name)
    assert facts.id == name and facts.start == str(library().worlds[name].start)
    for figure in facts.figures.values():
        assert all(source in facts.sources or LIBRARY_ID.fullmatch(source) for source in figure.source)
    known = set(library().facts) | set(library().clauses) | set(facts.sources)
    own = {source for key, figure in facts.figures.items() if key not in facts.lent for source in figure.source}
    assert own <= known
    if name in CENSUS:
        assert fsum(facts.province.residents_2020) == pytest.approx(1e4 * CENSUS[name], rel=2e-3)
    assert sum(facts.province.units) == UNITS.get(name, sum(facts.province.units))
    assert sum(facts.town.sites) == SITES.get(name, sum(facts.town.sites))
    assert 2 < fsum(facts.province.gdp) * 1e4 / fsum(facts.residents) < 14


@pytest.mark.parametrize("name", NAMES)
def test_every_world_is_built_without_holes(name):
    facts = load_world(name)
    g = build_geography(facts)
    c = g.counties
    assert c.key.size == sum(facts.province.units) and g.towns.key.size == sum(facts.town.sites)
    assert set(c.prefecture.tolist()) == set(range(len(facts.prefectures)))
    assert np.unique(np.column_stack((c.x, c.y)), axis=0).shape[0] == c.key.size
    assert (c.population > 0).all() and (c.revenue > 0).all() and (c.quota > 0).all()
    assert c.poor.sum() == sum(facts.province.poor)
    for part in (g.counties, g.towns, g.villages):
        for field in part.__slots__:
            column = getattr(part, field)
            assert not isinstance(column, np.ndarray) or column.dtype.kind != "f" or np.isfinite(column).all(), field
    revenue = fsum(facts.province.revenue) * 1e4
    assert c.revenue.sum() == pytest.approx(revenue, rel=1e-4)
    assert c.population.sum() == pytest.approx(fsum(facts.residents), rel=1e-4)


@pytest.mark.parametrize("regime", [pytest.param("null", marks=pytest.mark.slow), "zhejiang_2015"])
@pytest.mark.parametrize("name", NAMES)
def test_every_world_runs_with_audited_books(name, regime):
    p = play(start(name, regime))
    assert p.t == 7 and p.firms.n > 0 and p.talents.n > 0
    invested = p.money.total(REASONS["building"]).sum() / p.towns.size / 2 / 1e4
    yardstick = INVESTED.get(name, 4.0)
    assert yardstick / 3 < invested < yardstick * 3
    assert (p.towns.listed().sum() > 0) == (regime != "null")


def test_places_of_every_level_have_their_regime():
    assert {("zhejiang_2015", "zhejiang"), ("pingxiang_2017", "pingxiang"), ("tongzhou_2017", "tongzhou")} <= set(
        own_regimes()
    )


@pytest.mark.parametrize(("regime", "world"), own_regimes())
def test_every_regime_runs_at_its_own_level(regime, world):
    made = library().regimes[regime]
    facts = load_world(world)
    assert library().worlds[world].start <= made.effective
    quarters = min(60, made.effective - library().worlds[world].start + 8)
    p = play(start(world, regime, quarters, effective=None))
    for reason in (REASONS["rebate"], REASONS["events"]):
        paid = paid_by(p, reason)
        festivals = reason is REASONS["events"] and any(p.inputs.levers["information.ambassadors"])
        hosts = {government.kind_of(p, "county")} if festivals else set()
        assert paid <= {government.AUTHORITY[facts.level]} | hosts, "counties pay for their own festivals only"


def test_a_run_starts_when_its_world_does():
    made = library().resolve("null", world="guizhou")
    assert str(made.start) == "2019Q1"
    assert str(library().resolve("null").start) == "2015Q1"
    assert str(library().resolve("null", world="shandong", start="2016Q1").start) == "2016Q1"


def test_the_names_of_governments_mean_other_accounts_in_a_district():
    province, city, district = (start(name) for name in ("jiangxi", "pingxiang", "panyu"))
    tiers = {
        name: [government.kind_of(p, name) for p in (province, city, district)]
        for name in ("authority", "province", "prefecture", "county", "township")
    }
    assert tiers == {
        "authority": [Kind.PROVINCE, Kind.PREFECTURE, Kind.PREFECTURE],
        "province": [Kind.PROVINCE, Kind.PROVINCE, Kind.PROVINCE],
        "prefecture": [Kind.PREFECTURE, Kind.PREFECTURE, Kind.PROVINCE],
        "county": [Kind.COUNTY, Kind.COUNTY, Kind.PREFECTURE],
        "township": [Kind.TOWN, Kind.TOWN, Kind.COUNTY],
    }
    for p in (province, city, district):
        assert government.authority(p).shape == (1,)
        assert all(government.account(p, name).shape == (p.towns.size,) for name in tiers)


def paid_by(p: Province, reason: Reason) -> set[Kind]:
    return {Kind(k) for k in np.flatnonzero(p.money.by_kind(reason).sum(axis=0))}


def test_the_authority_pays_what_the_province_pays_in_a_province():
    levers = {"call.creation_places": 6, "rebate.gate": "listed"}
    for world, kind in (("jiangxi", Kind.PROVINCE), ("pingxiang", Kind.PREFECTURE), ("tongzhou", Kind.PREFECTURE)):
        p = play(start(world, "zhejiang_2015", 16, levers=levers))
        assert paid_by(p, REASONS["rebate"]) == {kind}
        land = p.land.by_kind(REASONS["land_reward"]).sum(axis=0)
        assert {Kind(k) for k in np.flatnonzero(land)} <= {kind}


def test_the_payer_named_county_is_the_district_itself_in_a_district():
    levers = {"grant.payer": "county", "call.creation_places": 5}
    for world, kind in (("pingxiang", Kind.COUNTY), ("panyu", Kind.PREFECTURE)):
        p = play(start(world, "pingxiang_2017", 8, levers=levers))
        assert paid_by(p, REASONS["grant"]) == {kind}


def test_townships_keep_a_part_of_the_tax():
    p = play(start("panyu", quarters=2))
    balance = p.money.balance
    district, upper = balance[p.books.chart.of(Kind.PREFECTURE)].sum(), balance[p.books.chart.of(Kind.PROVINCE)].sum()
    local = p.money.total(REASONS["tax_county"]).sum()
    assert district == pytest.approx(local / 2, rel=1e-3)
    assert upper == p.money.total(REASONS["tax_province"]).sum()
    city = play(start("pingxiang", quarters=2))
    assert (city.money.balance[city.books.chart.of(Kind.PREFECTURE)] == 0).all()


def test_the_credit_squeeze_keeps_its_dates_wherever_a_run_starts():
    for world, quarters, tight in (
        ("panyu", 6, True),
        ("panyu", 7, False),
        ("guizhou", 2, True),
        ("guizhou", 3, False),
    ):
        assert (play(start(world, quarters=quarters)).economy.credit < 1.0) is tight
    for world, quarters, tight in (("pingxiang", 3, False), ("pingxiang", 4, True)):
        assert (play(start(world, quarters=quarters)).economy.credit < 1.0) is tight


def test_years_far_ahead_are_fine():
    p = play(start("guizhou", quarters=32), 3)
    assert p.clock.quarter.year == 2019
    far = play(Simulation(library().resolve("null", world="hainan", start="2031Q2", quarters=4)))
    assert far.quarter.year == 2032 and far.economy.credit == 1.0


BASE = (FOLDER / "pingxiang.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "kind", "key"),
    [
        ('like = "zhejiang"', 'like = "zhejang"', "UnknownName", "world.like"),
        ('like = "zhejiang"', 'like = "panyu"', "UnknownName", "world.like"),
        ('like = "zhejiang"', "like = 3", "WrongType", "world.like"),
        ('level = "city"', 'level = "county"', "UnknownName", "world.level"),
        ('authority = { zh = "萍乡市人民政府", en = "Pingxiang city government" }', "", "MissingKey", "world"),
        ("value = { pingxiang = 8 }", "value = { pingxiang = 8.5 }", "WrongType", '"town.batch1".value.pingxiang'),
        (
            "value = { pingxiang = 5 }",
            "value = { pingxiang = 0 }",
            "OutOfBounds",
            '"province.counties".value.pingxiang',
        ),
        ('[figure."province.counties"]', '[figure."province.countys"]', "UnknownKey", '"province.countys"'),
        (
            "value = { pingxiang = 1 }",
            "value = { pingxiang = 9 }",
            "OutOfBounds",
            '"province.poor_number".value.pingxiang',
        ),
        ("56.0, 48.0, ", "", "OutOfBounds", '"county.land_floor".value'),
    ],
)
def test_mistakes_of_a_small_world_are_clean(tmp_path, old, new, kind, key):
    assert old in BASE
    (tmp_path / "zhejiang.toml").write_bytes((FOLDER / "zhejiang.toml").read_bytes())
    (tmp_path / "panyu.toml").write_bytes((FOLDER / "panyu.toml").read_bytes())
    path = tmp_path / "pingxiang.toml"
    text = BASE.replace(old, new, 1)
    if "land_floor" in key:
        text = re.sub(r"pingxiang = \[\d+, \d+\]", "pingxiang = [9, 15]", text)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        read_world(path)
    first = caught.value.problems[0]
    assert type(first).__name__ == kind and first.key.endswith(key)
    assert told(first, "zh") and str(first)


def test_two_places_are_no_city(tmp_path):
    text = (FOLDER / "zhejiang.toml").read_text(encoding="utf-8").replace('level = "province"', 'level = "city"', 1)
    (tmp_path / "two.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        read_world(tmp_path / "two.toml")
    assert caught.value.problems[0].key == "world.level"


def test_no_sites_is_a_clean_error(tmp_path):
    (tmp_path / "zhejiang.toml").write_bytes((FOLDER / "zhejiang.toml").read_bytes())
    text = BASE.replace("{ pingxiang = 8 }", "{ pingxiang = 0 }").replace("{ pingxiang = 7 }", "{ pingxiang = 0 }")
    (tmp_path / "pingxiang.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        read_world(tmp_path / "pingxiang.toml")
    assert "town.batch1" in caught.value.problems[0].key


def test_a_lent_figure_changes_the_worlds_that_take_it(tmp_path):
    text = (FOLDER / "zhejiang.toml").read_text(encoding="utf-8")
    (tmp_path / "pingxiang.toml").write_text(BASE, encoding="utf-8")
    marks = []
    for value in ("[0.02, 0.38, 0.60]", "[0.03, 0.37, 0.60]"):
        (tmp_path / "zhejiang.toml").write_text(text.replace("[0.02, 0.38, 0.60]", value), encoding="utf-8")
        found = read_world(tmp_path / "pingxiang.toml")
        marks.append(found.fingerprint)
        assert "firm.kinds" in found.lent
    assert marks[0] != marks[1]
    digests = {name: world.digest for name, world in library().worlds.items()}
    assert len(set(digests.values())) == len(digests)


def test_the_list_of_worlds_is_up_to_date(capsys):
    assert not stale(), "refresh with: python -m report.pages.worlds --write"
    for lang in ("zh", "en"):
        text = document(lang)
        assert all(f"`{world.id}`" in text and world.title[lang] in text for world in worlds())
    assert main(["--check"]) == 0
    assert main(["--lang", "zh"]) == 0
    assert "各区域" in capsys.readouterr().out
