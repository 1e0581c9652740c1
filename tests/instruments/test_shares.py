"""shares: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.shares import Shares
from sim.outcomes import summarise
from sim.state.books import Kind
from sim.state.province import Province
from tests import worlds
from tests.instruments.kit import LINKED, ZJ, Case, Effect, flow, played, small

HELD = {**LINKED, "shares.assets": 0.4, "shares.money": 0.3, "shares.residents": 0.4}
EFFECT = Effect(ZJ, {"shares.assets": 0}, {"shares.assets": 0.5}, 6, flow(REASONS["share_dividend"]), +1)
CASES = {
    "assets": Case(ZJ, 0.5),
    "money": Case(ZJ, 0.5, LINKED),
    "residents": Case(ZJ, 0.5),
    "holder": Case(ZJ, "community", HELD),
    "scope": Case(ZJ, "all", HELD),
    "towns": Case(ZJ, 5, {**HELD, "shares.scope": "demonstration"}),
    "collective": Case(ZJ, 0.5, HELD),
    "collective_floor": Case(ZJ, 3, HELD),
    "risk": Case(ZJ, "fixed", HELD),
    "cadres_first": Case(ZJ, True, HELD),
}

ALL = {"shares.assets": 1.0, "shares.money": 1.0, "shares.residents": 0.5, "shares.collective": 0.3}


def guizhou(holder: str, quarters: int = 16) -> Province:
    """Guizhou's regime in the small province, everything put in, with some holder."""
    return played(small("guizhou_2019", quarters, levers={**ALL, "shares.holder": holder}))


def test_what_goes_in_is_the_towns_and_what_governments_put_into_it():
    """GZ-SAN-1, -2 (F001 L65): 小城镇的房屋、建设用地、地上构筑物; 政府投入小城镇建设所形成的存量资产."""
    p = guizhou("community")
    s, held = p.towns, p.policy.the(Shares)
    on = held.covers(p)
    spent = s.government.sum(axis=0).astype(float)
    price = p.places.counties.land_price[p.places.towns.county]
    worth = (s.built + s.housing_land) / 100.0 * price + s.housing.sum(axis=0)
    assert (held.money[on] <= spent[on]).all() and not held.money[~on].any()
    assert held.money[on].sum() > 0.5 * spent[on].sum()
    assert 0.0 < held.assets[on].sum() <= worth[on].sum()
    assert not any(x.any() for x in (p.rural.assets, p.rural.money, p.rural.residents))


def test_townspeople_become_shareholders_with_their_own_money():
    """GZ-SAN-3 (F001 L65): 小城镇居民以自有的资金投资入股, and the town builds with it."""
    p = guizhou("community")
    held = p.policy.the(Shares)
    capital = p.money.total(REASONS["share_capital"]).sum()
    assert 0 < capital == held.residents.sum() and 0.0 < held.joined.max() < 0.5
    assert 0.0 < summarise(p)["shareholders"] < held.joined.max()


@pytest.mark.parametrize("holder", ["platform", "community"])
def test_the_holder_gets_its_part_of_the_dividends_and_households_theirs(holder):
    """GZ-SAN-2 (F001 L65): 平台公司或社区经济组织持有, 按股分红、利益共享: a platform keeps what its shares earn, a
    community the collective's part.
    """
    p = guizhou(holder)
    town, household = p.rural.dividends.sum(axis=0)
    total = p.money.total(REASONS["share_dividend"]).sum()
    assert town + household == total > 0
    share = town / total
    assert share == pytest.approx(0.3, abs=0.01) if holder == "community" else share > 0.9


def test_villages_hold_the_shares_where_their_collective_assets_go_in():
    """LQ-VIL-3 (F003 L243): 村集体资产入股."""
    p = played(small("shandong_lavender", 8))
    assert p.rural.assets.any() and not p.policy.the(Shares).assets.any()
    homes = p.books.chart.of(Kind.VILLAGE)
    assert np.asarray(p.money.balance[homes]).sum() > 0 and p.rural.dividends.sum() > 0


def test_the_hundred_demonstration_towns_are_not_the_hundred_to_be_cultivated():
    """GZ-TGT-2, -3 (F001 L41): 推动全省100个示范小城镇提档升级, 探索示范小城镇“三变”; 培育创建100个省级特色小镇."""
    nobody = {"call.creation_places": 0, "call.cultivation_places": 0}
    p = played(small("guizhou_2019", 8, levers={**nobody, "shares.towns": 10}))
    shares = p.policy.the(Shares)
    inside = shares.covers(p)
    assert inside.sum() == 10 and not p.towns.on_a_list().any() and shares.money[inside].all()
    assert p.towns.jobs_start[inside].min() >= p.towns.jobs_start[~inside].max()
    cites = {s.lever for s in worlds.library().regimes["guizhou_2019"].values if "GZ-TGT-2" in s.clause}
    assert cites == {"shares.scope", "shares.towns"}
