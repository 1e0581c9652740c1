"""What draws, keeps, follows and funds talents; delegated powers, mixed land use, money for projects and works."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.finance import FinanceMatching
from sim.state.people import APPROVED, BUILDING
from sim.state.province import Province
from tests import worlds
from tests.instruments.test_policy_watch import PLACES, ZJ, make, rises, run
from tests.worlds import scenario

PX = "pingxiang_2017"
HEAVY = {"delegation.powers": 1000}
grown = partial(rises, regime=ZJ, quarters=10)


PROVINCE = {"talent.payer": "province"}
"""So that what it costs keeps no county from the list."""


def present(p: Province) -> float:
    """Talents in a listed town, on average."""
    return float(p.towns.talents[p.towns.on_a_list()].mean())


def kept(p: Province) -> float:
    """Senior and leading talents in listed towns."""
    town, tier = p.talents.live("town"), p.talents.live("tier")
    return float(np.count_nonzero(p.towns.on_a_list()[town] & (tier >= 2)))


def approved(p: Province) -> float:
    """Projects of listed towns that have come through approval."""
    stage, town = p.projects.live("stage"), p.projects.live("town")
    return float(np.count_nonzero((stage >= APPROVED) & (stage <= BUILDING) & p.towns.on_a_list()[town]))


# --- talents ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "on",
    [{"talent.flats": 50_000}, {"talent.flats": 50_000, "talent.flats_owned": 1}, {"talent.cards": 100_000},
     {"talent.training": 5}, {"talent.tracking": 1}, {"talent.referral": 2}],
    ids=("rented", "owned", "cards", "training", "tracking", "referral"),
)  # fmt: skip
def test_what_is_done_for_talents_leaves_more_of_them_in_town(on):
    grown(present, off=PROVINCE, on={**PROVINCE, **on})


def test_school_places_keep_the_upper_tiers():
    grown(kept, off={}, on={"talent.schooling": 1})


def test_rented_flats_draw_and_owned_flats_keep():
    """One works on arrivals, the other on the hazard of leaving (M-15)."""
    rented, owned = (run(ZJ, 6, {**PROVINCE, "talent.flats": 50_000, "talent.flats_owned": share}) for share in (0, 1))
    on = rented.towns.on_a_list()
    assert rented.offer.flats[on].min() > 0 and (rented.offer.hold == 1).all()
    assert not owned.offer.flats.any() and owned.offer.hold[owned.towns.on_a_list()].max() < 1


def test_flats_are_built_to_the_square_metre_and_paid_by_the_payer_named():
    p = run(ZJ, 6, {"talent.flats": 20_000, "talent.payer": "province"})
    quarters = p.clock.quarters - 1
    assert 5000 * quarters - 26 * quarters <= p.towns.flats.sum() <= 5000 * quarters
    paid = p.money.total(REASONS["talent_housing"]).sum()
    assert abs(paid - 0.35 * p.towns.flats.sum()) < 30 * quarters


def test_training_brings_talents_on():
    stage = lambda p: float(p.talents.live("stage").mean())  # noqa: E731
    grown(stage, off=PROVINCE, on={**PROVINCE, "talent.training": 5})


def test_the_outside_pool_holds_leavers_once_and_gives_some_back():
    p = make(scenario(ZJ, 12, levers={**PLACES, "talent.tracking": 1}))
    sizes = []
    for _ in range(12):
        worlds.play(p, 1)
        away, here = p.pool.live("key"), p.talents.live("key")
        assert np.unique(away).size == away.size and not np.isin(away, here).any()
        sizes.append(p.pool.n)
    assert sizes[0] == 0 < sizes[4] < sizes[-1]
    assert not run(ZJ, 6).pool.n


@pytest.mark.parametrize("success", [0.0, 1.0])
def test_supported_projects_are_as_many_as_the_programme_pays_for(success):
    """100 a year are 25 a quarter, each with its money, and register at the rate observed (PY-FUND-2, B-PY-13)."""
    levers = {"talent.projects": 100, "talent.project_success": success}
    p, plain = run(ZJ, 2, levers), run(ZJ, 2)
    assert p.money.total(REASONS["startup_fund"])[1] == 25 * 20
    assert p.diary.startups[1] - plain.diary.startups[1] == 25 * success


def test_counties_that_pay_for_talents_apply_less_than_where_the_province_pays():
    applied = lambda p: float(p.towns.applied_history.sum())  # noqa: E731
    levers = {"talent.training": 20, "talent.flats": 500_000}
    rises(applied, ZJ, 6, {**levers, "talent.payer": "county"}, {**levers, "talent.payer": "province"})


# --- powers and land -------------------------------------------------------------------------------------------------


def test_powers_help_only_towns_that_can_carry_them():
    """Too many slow approvals down; passing down what can be carried, or building capacity, mends it (M-29)."""
    rises(approved, ZJ, 8, HEAVY, {})
    rises(approved, ZJ, 8, HEAVY, {**HEAVY, "delegation.selective": True})
    rises(approved, ZJ, 8, HEAVY, {**HEAVY, "delegation.building": 1})


def test_a_pilot_has_its_number_of_towns_and_the_ablest():
    p = run(ZJ, 4, {"delegation.powers": 66, "delegation.towns": 3})
    chosen = p.policy.instruments[[i.id for i in p.policy.instruments].index("delegation")].pilot(p)
    on, able = p.towns.on_a_list(), p.places.towns.capability
    assert chosen.sum() == 3 and able[chosen].min() >= able[on & ~chosen].max()


def test_staff_for_powers_is_paid_by_counties():
    p = run(ZJ, 4, {"delegation.powers": 100, "delegation.cost": 2, "delegation.towns": 3})
    assert p.money.total(REASONS["town_staff"]).tolist() == [0, 150, 150, 150]


def test_mixed_plots_curb_the_drift_into_housing():
    drift = lambda p: -float(p.towns.drift[p.towns.on_a_list()].sum())  # noqa: E731
    rises(drift, ZJ, 6, {}, {"mixed_use.share": 1}, behaviour={"housing.gain": 0.25})


def test_owners_who_are_compensated_give_way_sooner_and_cost_the_county():
    """Delay falls, revenue falls (M-14)."""
    each = lambda p: approved(p) / max(1, p.towns.on_a_list().sum())  # noqa: E731
    rises(each, ZJ, 6, {}, {"mixed_use.bonus": 0.2, "mixed_use.tax_relief": 0.1})
    p = run(ZJ, 6, {"mixed_use.tax_relief": 1})
    on = p.towns.on_a_list()
    price = p.places.counties.land_price[p.places.towns.county]
    supplied = (p.towns.land_used[-1] + p.towns.land_from_reward[-1]) / 100.0
    assert p.money.total(REASONS["land_compensation"])[-1] == np.rint(supplied * price * on).sum() > 0


# --- approval and money ----------------------------------------------------------------------------------------------


def test_a_limit_that_covers_preparation_brings_projects_through_sooner():
    rises(approved, ZJ, 6, {}, {"approval.scope": "total"})


def test_building_before_approval_makes_some_projects_dearer():
    cost = lambda p: float(p.projects.live("cost")[p.projects.live("stage") == BUILDING].mean())  # noqa: E731
    rises(cost, PX, 8, {}, {"approval.rework": 1})


def test_partners_advance_works_and_are_paid_back_in_level_instalments():
    p = run(ZJ, 10, {"finance.ppp": 0.5, "finance.ppp_return": 0, "finance.ppp_years": 1})
    advance, fee = p.money.total(REASONS["ppp_advance"]), p.money.total(REASONS["ppp_fee"])
    assert np.array_equal(advance, p.policy.the(FinanceMatching).advanced.sum(axis=1)) and advance[0] == 0 < advance[1]
    assert fee[1] == 0 and abs(fee[2] - advance[1] / 4) < 30 and abs(fee[9] - advance[5:9].sum() / 4) < 30


@pytest.mark.parametrize("on", [{"finance.partner": 0.8}, {"finance.events": 200, "finance.count": "firms"}])
def test_partners_and_events_bring_social_capital(on):
    social = lambda p: float(p.towns.social[2:, p.towns.on_a_list()].sum())  # noqa: E731
    rises(social, ZJ, 8, {}, on)


def test_a_developer_as_partner_brings_housing_along():
    drift = lambda p: float(p.towns.drift[p.towns.on_a_list()].sum())  # noqa: E731
    partner = {"finance.partner": 1}
    rises(drift, ZJ, 6, partner, {**partner, "finance.partner_developer": True}, behaviour={"housing.gain": 0.25})


def test_venture_money_goes_to_start_ups_and_guarantees_are_called():
    p = run(ZJ, 8, {"finance.venture": 40_000, "finance.guarantee": 0.5, "finance.guarantee_loss": 0.1})
    assert 0 < p.money.total(REASONS["social_capital"]).sum() - p.towns.social.sum() <= 40_000 / 4 * 7
    called = p.money.total(REASONS["guarantee_call"])
    on = np.isin(p.towns.status_history, (1, 2, 3))
    assert called.sum() > 0 and (called <= 0.05 * (p.towns.lent * on).sum(axis=1) + 1).all()
