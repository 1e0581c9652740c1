"""The Mesa face: agents made when somebody looks, live and read-only views, populations, the data collector."""

from __future__ import annotations

import gc
import importlib.util
import weakref
from pathlib import Path

import numpy as np
import pytest

from sim.mesa.collector import MODEL_REPORTERS, TOWN_REPORTERS
from sim.mesa.live import properties
from sim.mesa.model import Province
from sim.mesa.rows import VIEWS, Gone
from sim.mesa.sources import SOURCES
from sim.mesa.views import County, Financier, PrefectureGovernment, ProvinceGovernment, Town
from sim.parameters import load_library
from sim.run import RunSpec, collect
from sim.state.town import Status, Strategy

QUARTERS = 8
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "mesa_user.py"
STOCKS = {
    "listed", "creation", "cultivation", "exited_total", "named", "idle_land", "debt", "firms", "jobs", "talents",
    "village_income", "pushed", "inflated", "drifted", "coasted",
}  # fmt: skip
FLOWS = {
    "warned", "demoted", "investment_effective", "investment_total", "public_cost", "land_rewarded", "land_clawed",
    "entrants", "exits", "output", "tax",
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario():
    return load_library().resolve("zhejiang_2015", quarters=QUARTERS)


@pytest.fixture(scope="module")
def watched(scenario):
    """A province run to its end with the usual data collector, and what came of the run."""
    province = Province(scenario, collect=True)
    return province, collect(province, RunSpec(scenario))


@pytest.fixture(scope="module")
def province(watched):
    return watched[0]


def test_nobody_is_made_until_somebody_looks_and_looking_changes_nothing(scenario, watched):
    plain = Province(scenario)
    result = collect(plain, RunSpec(scenario))
    assert plain._cast is None
    assert len(plain._all_agents) == 0
    assert plain.datacollector is None
    seen, other = watched
    for name in ("firms", "projects", "talents"):
        for field in getattr(plain, name).columns._fields:
            assert np.array_equal(getattr(plain, name).live(field), getattr(seen, name).live(field)), (name, field)
    assert np.array_equal(plain.money.balance, seen.money.balance)
    assert result.guards == other.guards
    assert plain.steps == seen.steps == QUARTERS
    assert not plain.running


def test_agents_by_type(province):
    g, kinds = province.places, province.agents_by_type
    sizes = {kind: len(agents) for kind, agents in kinds.items()}
    assert sizes == {
        ProvinceGovernment: 1,
        PrefectureGovernment: g.prefectures.key.size,
        County: g.counties.key.size,
        Financier: 3 * g.prefectures.key.size,
        Town: g.towns.key.size,
    }
    assert set(province.agent_types) == set(sizes)
    assert len(province.agents) == sum(sizes.values())
    assert sorted(agent.unique_id for agent in province.agents) == list(range(1, sum(sizes.values()) + 1))
    listed = kinds[Town].select(lambda town: town.listed)
    assert listed.agg("jobs", sum) == province.towns.jobs[province.towns.listed()].sum()
    assert sum(len(agents) for agents in kinds[Town].groupby("industry").groups.values()) == sizes[Town]


def test_agents_read_the_columns(province):
    town = province.cast.towns[7]
    assert town.county in province.agents_by_type[County]
    assert town in town.county.towns
    assert town in town.prefecture.towns
    assert isinstance(town.status, Status)
    assert isinstance(town.strategy, Strategy)
    assert town.investment_year == province.true_effective()[7]
    assert town.investment_total >= town.investment_year >= town.investment_quarter >= 0
    assert len(town.villages) >= 10
    county = town.county
    assert county.debt == province.counties.debt[county.index]
    assert county.money == province.money.balance[county.account()]
    listed = next(t for t in province.cast.towns if t.listed)
    assert str(listed.listed_at) >= "2015Q2"
    banks = [financier for financier in province.cast.financiers if financier.sort == "bank"]
    assert sum(bank.county_debt for bank in banks) == province.counties.debt.sum()
    government = province.cast.province
    assert (government.regime, str(government.effective)) == ("zhejiang_2015", "2015Q2")


@pytest.mark.parametrize("steps", [0, 1])
def test_every_property_can_be_read_at_any_time_and_none_can_be_set(scenario, steps):
    fresh = Province(scenario)
    for _ in range(steps):
        fresh.step()
    shown = [agents[0] for agents in fresh.agents_by_type.values()]
    shown += [fresh.population(name)[0] for name in SOURCES]
    for one in shown:
        assert type(one).__name__ in repr(one)
        for prop in properties(type(one)):
            getattr(one, prop.name)
            assert prop.text["zh"]
            assert prop.text["en"]
            with pytest.raises(AttributeError, match="cannot be set"):
                setattr(one, prop.name, 1)


def test_the_collector_agrees_with_the_yearly_outcomes(watched):
    province, result = watched
    frame = province.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(MODEL_REPORTERS)
    assert len(frame) == QUARTERS
    year = np.arange(QUARTERS) // 4
    for name in STOCKS:
        assert np.allclose(frame[name].to_numpy(float)[3::4], result.yearly[name]), name
    for name in FLOWS:
        assert np.allclose(np.bincount(year, weights=frame[name]), result.yearly[name]), name
    towns = province.datacollector.get_agenttype_vars_dataframe(Town)
    assert list(towns.columns) == list(TOWN_REPORTERS)
    assert len(towns) == QUARTERS * province.towns.size
    assert towns["jobs"].groupby(level="Step").sum().tolist() == frame["jobs"].tolist()


def test_populations(province):
    for name, kind in VIEWS.items():
        everybody = province.population(name)
        frame = everybody.to_frame()
        assert len(everybody) == len(frame)
        assert frame.index.is_unique
        assert isinstance(everybody[0], kind)
        assert everybody[-1] == everybody.find(everybody[-1].key)
    firms = province.population("enterprises")
    slow = firms.select(lambda firm: firm.kind == "anchor" and firm.industry == "fashion")
    fast = firms.where(kind="anchor", industry="fashion")
    assert [firm.key for firm in slow] == [firm.key for firm in fast]
    assert 0 < len(fast) < len(firms.where(kind=["anchor", "sme"])) < len(firms)
    assert firms.agg("employees", np.sum) == sum(firm.employees for firm in province.enterprises())
    assert len(firms.select(lambda firm: True, at_most=3)) == 3
    assert len(firms[2:5]) == 3
    assert fast.to_frame(["employees"]).shape == (len(fast), 1)
    assert province.find_enterprise(1) is None
    assert {
        type(v.town) for v in (province.enterprise(0), province.project(0), province.talent(0), province.village(0))
    } == {Town}
    homes = {talent.home for talent in province.population("talents")[:200]}
    assert None in homes
    assert any(isinstance(home, PrefectureGovernment) for home in homes)
    assert sum(len(town.enterprises) for town in province.cast.towns) == len(firms)


def test_unknown_names_and_rows(province):
    with pytest.raises(KeyError, match="enterprises, projects, talents, villages"):
        province.population("firms")
    with pytest.raises(KeyError, match="employees"):
        province.population("enterprises").get("staff")
    with pytest.raises(IndexError):
        province.enterprise(10**9)


def test_a_view_follows_its_agent_until_it_leaves(scenario):
    fresh = Province(scenario)
    views = list(fresh.enterprises())
    some = fresh.population("enterprises").where(industry="finance")
    before = len(some)
    for _ in range(3):
        fresh.step()
    keys = fresh.firms.live("key")
    here = {int(key): row for row, key in enumerate(keys)}
    for view in views[::97] + views[-50:]:
        assert view.alive == (view.key in here)
        if view.alive:
            assert view.row == here[view.key]
            assert view.employees == fresh.firms.live("employees")[view.row]
    gone = next(view for view in views if not view.alive)
    with pytest.raises(Gone):
        _ = gone.employees
    assert "gone" in repr(gone)
    assert 0 < len(some) < before


def test_models_that_were_looked_at_are_freed(scenario):
    fresh = Province(scenario, collect=True)
    fresh.step()
    ghost = weakref.ref(fresh)
    del fresh
    gc.collect()
    assert ghost() is None


def test_the_example_runs(capsys):
    spec = importlib.util.spec_from_file_location("mesa_user", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.main(quarters=5)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["quarter"].tolist() == ["2015Q1", "2015Q2", "2015Q3", "2015Q4", "2016Q1"]
    money = model.datacollector.get_agent_vars_dataframe()["money"]
    assert len(money) == 5 * len(model.agents)
    assert "sites push" in capsys.readouterr().out
