"""Towns and villages: six channels there, reverse flows back, shares, processing, visitors, two types of town."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

import sim.model
from sim.agents.county import forecast
from sim.agents.trade import WAGE_PART, by_town
from sim.engine.ledger import REASONS
from sim.instruments.linkage import SIZES, Linkage, classes
from sim.outcomes import summarise
from sim.outcomes.arithmetic import gini
from sim.state.books import Kind
from sim.state.countryside import BAND_NAMES, CHANNELS
from sim.state.province import Province
from sim.world.build import build_geography, load_world
from tests import worlds
from tests.instruments import kit
from tests.instruments.kit import LINKED, ZJ, Case, Effect, Period, Promise
from tests.worlds import PLACES, different, scenario


def linked_worth(it: Period) -> float:
    """Tax of the trades and the land's worth over its price, less what the villages got."""
    p, c, b, rows = it.after, it.before.constants, it.before.behaviour, it.rows
    keeps = b["treasury.tax_output"] * b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    trade = p.rural.kinds[rows, 2].sum() * (1.0 + c["linkage.trade_margin"]) + p.rural.kinds[rows, 3].sum()
    land = it.total("village_land", ledger="land") / 100.0 * float(it.price[it.listed].mean())
    return keeps * float(trade) + land - it.total("village_land_price") - it.total("village_link")


SIX = {**LINKED, "linkage.villages": 6}
EFFECT = Effect(ZJ, {"linkage.villages": 0}, SIX, 3, lambda p: float(p.villages.income.sum()), +1)
CASES = {
    "villages": Case(ZJ, 1, LINKED),
    "scope": Case(ZJ, "all", LINKED),
    "planning": Case(ZJ, 3, LINKED),
    "industry": Case(ZJ, 3, LINKED),
    "infrastructure": Case(ZJ, 3, LINKED),
    "services": Case(ZJ, 3, LINKED),
    "ecology": Case(ZJ, 3, LINKED),
    "management": Case(ZJ, 3, LINKED),
    "lag": Case(ZJ, 8, LINKED),
    "planning_lag": Case(ZJ, 8, LINKED),
    "industry_lag": Case(ZJ, 8, LINKED),
    "infrastructure_lag": Case(ZJ, 8, LINKED),
    "services_lag": Case(ZJ, 8, LINKED),
    "ecology_lag": Case(ZJ, 8, LINKED),
    "management_lag": Case(ZJ, 8, LINKED),
    "labour": Case(ZJ, 3, LINKED),
    "land": Case(ZJ, 0, LINKED),
    "produce": Case(ZJ, 0, LINKED),
    "visitors": Case(ZJ, 0, LINKED),
    "reach": Case(ZJ, 3, LINKED),
    "by_size": Case(ZJ, True, LINKED),
    "reverse": Case(ZJ, 3, LINKED),
}
PROMISE = Promise(
    ZJ,
    LINKED,
    linked_worth,
    first=16,
    last=19,
    low=0.9,
    high=1.75,
    why="a small difference of large sums: land is worth a twentieth more when it is given than when counties choose, "
    "and what comes back grows with the villages",
)


played, make = (partial(f, small=True) for f in (worlds.played, worlds.make))
NOBODY = {"visitors.grade": 0, "visitors.grade_tourism": 0}
"""Without visitors but those of the linked villages."""
ALONE = {name: {f"linkage.{other}": 0 for other in CHANNELS if other != name} for name in CHANNELS}


def linked(quarters: int = 8, **levers: object) -> Province:
    """Zhejiang's regime in the small province with six linked villages, no scenic standard and some levers."""
    settings = {**PLACES, **NOBODY, **SIX, **{k.replace("__", "."): v for k, v in levers.items()}}
    return played(scenario("zhejiang_2015", quarters, levers=settings))


def plain(quarters: int = 8, **levers: object) -> Province:
    """The same without linkage."""
    return linked(quarters, linkage__villages=0, **levers)


# --- six channels ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHANNELS)
def test_each_channel_alone_works_both_ways(name):
    p = linked(**{k.replace(".", "__"): v for k, v in ALONE[name].items()})
    k = CHANNELS.index(name)
    out, back = p.rural.out.sum(axis=0), p.rural.back.sum(axis=0)
    assert out[k] > 0 and back[k] > 0
    others = [i for i in range(6) if i != k]
    assert not out[others].any() and not back[others].any()


def test_a_lag_of_its_own_delays_one_channel():
    p = linked(4, linkage__industry_lag=8)
    s = p.rural.support.sum(axis=1)
    assert s[1] < s[0] == s[2] == s[3] == s[4] == s[5]


def test_support_fades_with_distance_and_grows_with_size():
    p = linked(8, linkage__reach=4.0)
    v, s = p.places.villages, p.rural.support[0]
    on = s > 0.0
    assert np.corrcoef(v.distance[on], s[on])[0, 1] < -0.5
    q = linked(8, linkage__by_size=True)
    kind, s = classes(v.population, v.distance), q.rural.support[0]
    full = [s[(kind == k) & (s > 0.0)].max() for k in range(4)]
    assert full == sorted(full, reverse=True)
    assert full[0] / full[3] == pytest.approx(SIZES[0] / SIZES[3])


def test_flows_by_channel_distance_and_village_agree():
    p = linked()
    found = summarise(p)
    for way, by_village in (("to_village", p.rural.to_village), ("to_town", p.rural.to_town)):
        total = by_village.sum() / 1e4
        assert sum(found[f"{way}_{c}"] for c in CHANNELS) == pytest.approx(total)
        assert sum(found[f"{way}_{b}"] for b in BAND_NAMES) == pytest.approx(total)
    assert not p.rural.to_town[p.places.villages.rank >= 6].any()


# --- what comes back -------------------------------------------------------------------------------------------------


def test_without_return_nothing_reaches_the_towns_from_linked_villages():
    p = linked(linkage__reverse=0)
    assert p.rural.out.sum() > 0 and not p.rural.back.any() and not p.rural.labour.any()
    assert p.land.total(REASONS["village_land"]).sum() == 0 and not p.rural.keep.any()


def test_villagers_raise_the_limit_on_staff():
    p = linked(20, linkage__labour=3)
    assert p.rural.labour.sum() == pytest.approx(3 * p.rural.gained.sum())
    without = linked(20, linkage__labour=0)
    assert not without.rural.labour.any() and p.towns.jobs.sum() > without.towns.jobs.sum()


def test_consolidated_land_is_paid_for_and_becomes_quota():
    p = linked(12)
    land, paid = p.land.total(REASONS["village_land"]).sum(), p.money.total(REASONS["village_land_price"]).sum()
    assert land == p.rural.land_given.sum() > 0
    assert paid / (land / 100.0) == pytest.approx(p.constants["linkage.land_price"], rel=0.2)
    assert (p.rural.land_given <= p.places.villages.farmland * p.constants["linkage.land_share"]).all()
    assert p.land.balance[p.books.chart.of(Kind.VILLAGE)].sum() == -land


def test_side_trades_add_output_tax_and_jobs_and_leave_no_cash():
    p, q = linked(4), plain(4)
    assert p.rural.kinds[-1, 2] > 0 and p.rural.kinds[-1, 3] > 0 and p.rural.jobs.sum() > 0
    beside = [x.towns.output[x.t] - x.scratch.sums[:, 0] for x in (p, q)]
    taxed = [x.towns.tax[x.t] - x.scratch.sums[:, 3] for x in (p, q)]
    assert beside[0].sum() > taxed[0].sum() > 0 and not beside[1].any() and not taxed[1].any()
    assert 0 < WAGE_PART < 1


def test_services_of_linked_villages_keep_talents():
    p = linked(12, linkage__ecology=3, linkage__services=3)
    assert p.rural.keep.max() > 0.0
    assert p.talents.n > linked(12, linkage__reverse=0).talents.n


def test_counties_expect_what_linkage_costs_and_brings():
    p = linked(2)
    f = forecast(p, np.ones(p.towns.size, dtype=bool))
    link = next(i for i in p.policy.instruments if i.id == "linkage")
    full = link.expect(p, f)
    q = linked(2, linkage__reverse=0)
    cost = next(i for i in q.policy.instruments if i.id == "linkage").expect(q, f)
    assert full.shape == cost.shape == f.invest.shape
    assert (cost <= 0.0).all() and (full >= cost).all() and (full > cost).any()


# --- shares, processing, visitors ------------------------------------------------------------------------------------

HELD = {"shares__assets": 0.5, "shares__money": 0.5, "shares__residents": 0.5}


def test_dividends_are_split_and_the_collective_comes_first_up_to_its_floor():
    none = linked(12, **HELD)
    assert none.rural.dividends[:, 0].sum() == 0 < none.rural.dividends[:, 1].sum()
    part = linked(12, **HELD, shares__collective=0.4)
    both = part.rural.dividends.sum(axis=0)
    assert 0.25 < both[0] / both.sum() <= 0.41
    floor = linked(12, **HELD, shares__collective_floor=3)
    met = [summarise(x)["collective_floor_met"] for x in (none, floor)]
    assert met[0] == 0.0 < met[1]
    total = floor.money.total(REASONS["share_dividend"]).sum()
    assert total == floor.rural.dividends.sum()


def test_cadres_in_front_bring_more_shareholders_whose_money_builds_the_town():
    slow, fast = (linked(12, shares__residents=0.5, shares__cadres_first=x) for x in (False, True))
    assert fast.rural.joined.sum() > slow.rural.joined.sum() > 0.0
    assert fast.money.total(REASONS["share_capital"]).sum() == fast.rural.residents.sum()
    assert fast.towns.works.sum() > slow.towns.works.sum()


def test_fixed_returns_do_not_follow_profits():
    p = linked(12, **HELD, shares__risk="fixed")
    r = p.rural
    owed = np.floor((r.assets + r.money + r.residents) * p.constants["shares.fixed_return"] / 4.0)
    assert int(r.dividends[-1].sum()) == int(owed.sum())


def test_a_base_is_followed_by_imitation_and_processing_multiplies_its_worth():
    crops = {
        "processing__base": 500, "processing__quantity": 50,
        "processing__farmer_share": 0.3, "processing__cooperative_fee": 0.05,
    }  # fmt: skip
    raw, sold = (plain(12, **crops, processing__uplift=x) for x in (1, 10))
    assert raw.rural.planted.sum() == sold.rural.planted.sum() > 0.0
    farmland = raw.places.villages.farmland / 100.0
    assert (raw.rural.rented + raw.rural.planted <= 0.5 * farmland + 1e-6).all()
    assert not raw.rural.processed.any() and sold.rural.processed.sum() > 0
    assert sold.villages.income.sum() > raw.villages.income.sum() > plain(12).villages.income.sum()
    assert sold.rural.fees.sum() > 0


def test_a_fee_for_half_a_year_is_paid_twice():
    full, part = (plain(6, processing__base=500, processing__rent_period=x) for x in ("full", "part"))
    assert part.money.total(REASONS["land_rent"]).sum() > full.money.total(REASONS["land_rent"]).sum()


def test_a_complete_tourism_town_of_3a_has_the_visitors_that_were_counted():
    """B-ZJ-9: 112万 in eleven months, 31 yuan each."""
    from sim.instruments.visitors import KIND, TOURISM

    c = plain(2).constants
    yearly = c["visitors.full"] * 3 / 3.0 * KIND[TOURISM] * (0.8 / 0.8) * (0.4 + 0.6)
    assert yearly * 11 / 12 == pytest.approx(1.12e6, rel=0.001)
    assert c["visitors.spend"] * 1e4 == pytest.approx(35_000_000 / 1_120_000, rel=0.01)


def test_visitors_come_with_grade_and_fame_and_go_on_to_near_villages():
    calm, fair = (plain(12, visitors__grade=3, visitors__belt=0.3, visitors__festivals=n) for n in (0, 12))
    assert fair.rural.visits.sum() > calm.rural.visits.sum() > 0
    gain = calm.villages.income - plain(12, visitors__grade=3).villages.income
    v, on = calm.places.villages, calm.towns.on_a_list()[calm.places.villages.town]
    heads = calm.villages.population
    assert np.corrcoef(v.distance[on], (gain * heads)[on])[0, 1] < 0.0
    assert fair.money.total(REASONS["scenic"]).sum() > calm.money.total(REASONS["scenic"]).sum() > 0
    assert calm.rural.grade.max() <= 3.0


def test_gini_of_known_values():
    one = np.ones(4)
    assert gini(one, one) == pytest.approx(0.0)
    assert gini(np.array([0.0, 0.0, 0.0, 1.0]), one) == pytest.approx(0.75)
    assert gini(np.array([1.0, 3.0]), np.array([3.0, 1.0])) == pytest.approx(0.25)
    assert np.isnan(gini(np.zeros(3), np.ones(3)))


# --- two types of town -----------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(monkeypatch):
    """A world of which half the sites are administrative small towns."""
    facts = load_world()
    town = replace(facts.town, small_towns=(0.5, 8.0, 30_000.0, 0.4))
    facts = replace(facts, town=town, fingerprint="half small towns")
    monkeypatch.setattr(sim.model, "load_world", lambda name: facts)
    return facts


def test_zhejiang_has_platforms_only():
    towns = build_geography(load_world()).towns
    assert not towns.administrative.any() and not towns.residents.any() and not towns.revenue.any()


def test_small_towns_are_large_peopled_and_may_be_called_apart(mixed):
    def listed(types: str) -> Province:
        levers = {**PLACES, "call.town_types": types}
        return worlds.play(make(scenario("zhejiang_2015", 3, levers=levers)))

    every, small, platform = (listed(x) for x in ("any", "small_town", "platform"))
    towns = every.places.towns
    a = towns.administrative
    assert 0.2 < a.mean() < 0.8 and (towns.residents[a] > 5000).all() and (towns.revenue[a] > 0).all()
    assert towns.planned_area[a].min() > 10 * 150_000 > towns.planned_area[~a].max()
    on = [p.towns.on_a_list() for p in (every, small, platform)]
    assert on[0][a].any() and on[0][~a].any()
    assert on[1][a].any() and not on[1][~a].any() and on[2][~a].any() and not on[2][a].any()
    assert len({bytes(o) for o in on}) == 3


def test_without_linkage_no_reverse_flow_and_no_side_trade():
    p, q = plain(6), plain(6, linkage__planning=3, linkage__labour=0, linkage__reach=9.0, shares__collective=0.5)
    assert different(p, q) == set()
    assert not p.rural.out.any() and not p.rural.jobs.any() and not p.rural.labour.any()


def test_the_figure_is_drawn_where_villages_are_linked_and_only_there(tmp_path, recwarn):
    from experiments.analysis.study import ScenarioRuns, Study
    from experiments.outcomes import catalogue
    from report.figures.draw import draw_all
    from sim.run import RunSpec, run

    def group(name: str, n: int) -> ScenarioRuns:
        made = scenario("zhejiang_2015", 6, levers={**PLACES, **LINKED, "linkage.villages": n})
        specs = tuple(RunSpec(made, k, tables=("villages",), counties=worlds.counties()) for k in range(2))
        return ScenarioRuns(name, {"zh": name, "en": name}, made, specs, tuple(run(s) for s in specs))

    off, on = group("none", 0), group("six", 6)
    places = plain(2).places
    title = {"zh": "试", "en": "trial"}
    for name, groups, count in (("a", (off,), 0), ("b", (off, on), 4)):
        study = Study(name, title, groups, catalogue())
        paths = draw_all(study, tmp_path / name, geography=places, names=("linkage",))
        assert len(paths) == count and all(p.stat().st_size > 10_000 for p in paths)
    assert not [w for w in recwarn if "Glyph" in str(w.message)]


# --- what the documents say of links ---------------------------------------------------------------------------------


def test_jiangsus_rural_pilots_are_no_villages_of_its_towns():
    """JS-VIL-1 (F003 L681): 首批45个村庄试点 and a second batch of 25 improve villages; no town is named."""
    p = played(kit.small("jiangsu", 8))
    assert p.towns.on_a_list().any() and not p.rural.support.any()
    assert p.money.total(REASONS["village_link"]).sum() == 0
    assert worlds.library().clauses["JS-VIL-1"].context


NAMED = {
    "guizhou_2019": CHANNELS,
    "zhejiang_2015_zhuli": ("infrastructure", "services"),
    "shandong_lavender": ("industry",),
    "panyu_proposal": ("infrastructure",),
}
"""Channels that each regime with linked villages names."""


@pytest.mark.parametrize("regime", NAMED)
def test_a_regime_opens_the_channels_that_its_sentence_names(regime):
    """GZ-VIL-2 to -6 (F001 L70) six by name; ZL-VIL-1 (F003 L209-211) 环线 and 避灾安置; LQ-VIL-1, -2 (F003 L225-229)
    公司+合作社+基地+农户 and 劳务输出; PY-P07 (F000 L41) 改造提升区内路网.
    """
    p = played(kit.small(regime, 6))
    assert p.rural.support.any()
    assert {name for name, weight in zip(CHANNELS, p.offer.channels, strict=True) if weight > 0.0} == set(NAMED[regime])


def test_linked_villages_without_a_named_channel_are_as_good_as_none():
    """PY-P07 (F000 L41): 1+N says that villages are led, the channels say by what."""
    closed = {f"linkage__{name}": 0 for name in CHANNELS}
    assert different(linked(8, **closed), plain(8)) == set()


def test_every_small_town_of_guizhou_leads_villages():
    """GZ-TGT-4, GZ-VIL-1 (F001 L41): 全省1000多个小城镇 … 推广“1+N”镇村联动发展模式."""
    p = played(kit.small("guizhou_2019", 6))
    leads = by_town(p, p.offer.link_aim > 0.0)
    assert (leads == 3).all() and not p.towns.on_a_list().all()


def test_of_the_trades_counties_expect_the_tax_that_stays_with_them():
    """Where the province keeps all local tax, the trades are worth nothing to a county, its land and cost as before."""

    def stake(share, **levers):
        made = scenario(ZJ, 2, levers={**PLACES, **NOBODY, **SIX, **levers}, exact={"treasury.provincial_share": share})
        p = make(made)
        worlds.play(p, 2)
        f = forecast(p, np.ones(p.towns.size, dtype=bool))
        return p.policy.the(Linkage).expect(p, replace(f, shadow_price=np.full(p.towns.size, 30.0)))

    quiet = {"linkage.produce": 0, "linkage.visitors": 0}
    assert np.array_equal(stake(1.0), stake(1.0, **quiet))
    assert (stake(0.5) >= stake(0.5, **quiet)).all() and (stake(0.5) > stake(0.5, **quiet)).any()
