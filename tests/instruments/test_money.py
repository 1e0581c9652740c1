"""Tiers, direct land, settlement, debt, interest and the newer grants: exact amounts, limits, expectations."""

from __future__ import annotations

from functools import partial
from math import isnan

import numpy as np
import pytest

from sim.agents.county import forecast, listing_gain
from sim.engine.ledger import REASONS
from sim.instruments.land_supply import LandSupply
from sim.outcomes import summarise
from sim.state.books import Kind
from sim.state.residents import local_revenue, people
from sim.state.town import Status
from tests import worlds
from tests.worlds import PLACES, scenario

ZJ, PX = "zhejiang_2015", "pingxiang_2017"
played, make = partial(worlds.played, small=True), partial(worlds.make, small=True)
TIER = {"tiers.places_1": 4, "tiers.population_1": 20_000, "tiers.revenue_1": 10_000, "tiers.subsidy_1": 2000}
TWO = {**TIER, "tiers.places_2": 5, "tiers.subsidy_2": 1000}


def run(levers, quarters=8, regime=ZJ, replicate=0):
    """A played small province."""
    return played(scenario(regime, quarters, levers={**PLACES, **levers}), replicate)


def instrument(p, name):
    """One instrument of a province."""
    return next(i for i in p.policy.instruments if i.id == name)


# --- tiers -----------------------------------------------------------------------------------------------------------


def test_tiers_take_the_richest_towns_that_reach_both_thresholds():
    p = run(TWO, 2)
    first, second = p.towns.tier[0] > 0, p.towns.tier[1] > 0
    assert 0 < first.sum() <= 4 and 0 < second.sum() <= 5 and not (first & second).any()
    assert (people(p)[first] >= 20_000).all() and (local_revenue(p)[first] >= 10_000).all()
    assert p.towns.on_a_list()[first | second].all()
    passed_over = p.towns.on_a_list() & (people(p) >= 20_000) & ~first
    if first.sum() == 4 and passed_over.any():
        assert local_revenue(p)[passed_over].max() <= local_revenue(p)[first].min()


def test_tier_subsidies_are_paid_each_year_and_end():
    p = run({**TWO, "tiers.years": 2, "tiers.pool": "all"}, 13)
    a, b = int((p.towns.tier[0] > 0).sum()), int((p.towns.tier[1] > 0).sum())
    paid = p.money.total(REASONS["annual_subsidy"])
    assert paid[3] == paid[7] == 2000 * a + 1000 * b > 0 and paid.sum() == 2 * paid[3]
    assert p.money.total(REASONS["annual_subsidy"], Kind.PROVINCE).sum() == paid.sum()


def test_a_town_may_hold_two_tiers_only_where_they_are_not_exclusive():
    p = run({**TWO, "tiers.exclusive": False, "tiers.places_2": 10}, 2)
    assert ((p.towns.tier[0] > 0) & (p.towns.tier[1] > 0)).any()


def test_a_tier_town_off_course_is_not_paid_and_may_lose_its_tier():
    far = {**TIER, "tiers.condition": "course", "tiers.goal_revenue_1": 10_000_000, "tiers.goal_years": 1}
    assert run(far, 8).money.total(REASONS["annual_subsidy"]).sum() == 0
    assert (run(far, 8).towns.tier > 0).any() and not (run({**far, "tiers.lose": True}, 8).towns.tier > 0).any()


def test_goals_are_judged_when_they_fall_due():
    easy = {**TIER, "tiers.goal_population_1": 1, "tiers.goal_revenue_1": 1, "tiers.goal_years": 2}
    assert isnan(summarise(run(easy, 7))["tier_goals_met"]) and summarise(run(easy, 8))["tier_goals_met"] == 1.0
    hard = summarise(run({**easy, "tiers.goal_population_1": 2_000_000}, 8))
    assert hard["tier_goals_met"] == hard["tier_people_met"] == 0.0 and hard["tier_revenue_met"] == 1.0
    none = summarise(run({}, 8))
    assert isnan(none["tier_goals_met"]) and isnan(none["tier_towns"]) and none["town_people_end"] > 0


def test_what_counties_expect_of_a_tier_is_what_is_paid():
    p = make(scenario(ZJ, 8, levers={**PLACES, **TIER, "tiers.years": 30}))
    worlds.play(p, 2)
    f = forecast(p, p.towns.listed())
    inside = (p.towns.tier[0] > 0) & p.towns.listed()
    expected = instrument(p, "tiers").expect(p, f)
    assert inside.any() and np.allclose(expected[:, inside], 2000 * f.annuity)
    plain = make(scenario(ZJ, 8, levers=PLACES))
    worlds.play(plain, 2)
    assert instrument(plain, "tiers").expect(plain, forecast(plain, plain.towns.listed())) is None


def test_tiers_make_being_listed_worth_more():
    rich, poor = (make(scenario(ZJ, 4, levers={**PLACES, **x})) for x in ({**TIER, "tiers.places_1": 40}, {}))
    for p in (rich, poor):
        worlds.play(p, 1)
        p.clock.t, p.towns.forecast_base = 1, np.full(p.towns.size, 10_000.0)
        p.policy.moment("conditions", p)
    assert (listing_gain(rich) - listing_gain(poor)).max() > 1000


# --- land ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("allocation", ["equal", "demand", "competition"])
def test_direct_quota_never_exceeds_the_pool(allocation):
    p = run({"land_supply.amount": 500, "land_supply.allocation": allocation}, 9)
    given = p.land.total(REASONS["direct_quota"])
    assert 0 < given[4] <= 50_000 and 0 < given[8] <= 50_000 and not given[[2, 3, 5, 6, 7]].any()
    if allocation != "competition":
        assert given[4] >= 50_000 - p.towns.size


def test_a_pool_for_each_town_or_each_prefecture_is_a_multiple():
    each = run({"land_supply.amount": 10, "land_supply.rule": "each"}, 5)
    listed = int((np.isin(each.towns.status_history[4], (Status.CREATION, Status.NAMED))).sum())
    assert each.land.total(REASONS["direct_quota"])[4] == 1000 * listed
    city = run({"land_supply.amount": 10, "land_supply.source": "prefecture"}, 5)
    places = np.unique(city.places.towns.prefecture[city.towns.listed()]).size
    assert 1000 * places - city.towns.size <= city.land.total(REASONS["direct_quota"])[4] <= 1000 * places


def test_a_pool_meant_for_more_towns_shrinks_with_the_list():
    p = run({"land_supply.amount": 500, "land_supply.towns": 100}, 5)
    listed = int((np.isin(p.towns.status_history[4], (Status.CREATION, Status.NAMED))).sum())
    assert 500 * listed - listed <= p.land.total(REASONS["direct_quota"])[4] <= 500 * listed


def test_linked_consolidation_is_bounded_by_vacated_homesteads_and_paid_for():
    p = run({"land_supply.consolidation": 0.5}, 9)
    assert p.policy.the(LandSupply).reclaimed.sum() == p.land.total(REASONS["linked_quota"]).sum() > 0
    first = 0.15 * p.places.villages.population + 1 + p.villages.settled
    assert (p.policy.the(LandSupply).reclaimed <= 100 * p.constants["land.homestead"] * first).all()
    assert p.money.total(REASONS["reclaim"]).sum() == pytest.approx(
        0.1 * p.policy.the(LandSupply).reclaimed.sum(), rel=0.2
    )


def test_quota_and_transfer_follow_settled_farmers():
    p = run({"settlement.land": 0.2, "settlement.transfer": 2, "settlement.town_share": 0.5}, 9)
    settled = p.towns.settlers[1:8].sum() + p.towns.settlers[0].sum()
    assert p.land.total(REASONS["settlement_quota"]).sum() == 20 * settled > 0
    assert p.money.total(REASONS["settlement"]).sum() == 2 * settled
    assert p.towns.settlers.sum() == p.villages.settled.sum()


# --- debt and interest -----------------------------------------------------------------------------------------------


def test_the_lower_the_ceiling_the_fewer_works():
    works = [run({"debt.ceiling": c}, 8).towns.works[2:].sum() for c in (10, 1.0, 0.8, 0.5)]
    assert works[0] >= works[1] > works[2] == pytest.approx(works[3], rel=0.05)
    p = run({"debt.ceiling": 0.5, "debt.works_kept": 0}, 4)
    assert (p.offer.works == 0.0).all()
    assert p.towns.works[1:].sum() == p.money.total(REASONS["infrastructure"], Kind.TOWN)[1:].sum()


def test_counties_pay_interest_on_what_they_owe():
    p = make(scenario(ZJ, 12, levers={**PLACES, "debt.interest": 0.08}))
    worlds.play(p, 11)
    owed = p.counties.debt.copy()
    worlds.play(p, 1)
    assert owed.any() and p.money.total(REASONS["county_interest"])[11] == np.floor(0.02 * owed).sum()
    free = run({}, 12)
    assert p.counties.debt.sum() > free.counties.debt.sum()


@pytest.mark.parametrize("scope", ["projects", "firms", "both"])
def test_interest_subsidies_stop_when_the_pot_is_empty(scope):
    levers = {"interest.total": 2000, "interest.points": 0.1, "interest.years": 5, "interest.scope": scope}
    p = run(levers, 14)
    assert p.money.total(REASONS["interest_subsidy"]).sum() == 2000
    assert run({**levers, "interest.industry": 0}, 14).money.total(REASONS["interest_subsidy"]).sum() == 0


# --- grants ----------------------------------------------------------------------------------------------------------


def test_an_award_is_paid_after_the_first_pass_only():
    p = run({"grant.listing": 100, "grant.timing": "result"}, 8)
    paid = p.money.total(REASONS["grant"])
    assert not paid[:3].any() and paid.sum() == 100 * (p.policy.grant.granted > 0).sum() > 0


def test_annual_subsidies_run_for_their_years():
    p = run({"grant.annual": 10, "grant.annual_years": 1}, 13)
    listed = (p.clock.start_index + p.towns.listed_at) // 4
    expected = sum(10 * int((listed[p.towns.listed_at >= 0] == y).sum()) for y in np.unique(listed))
    assert 0 < p.money.total(REASONS["annual_subsidy"]).sum() <= expected


@pytest.mark.parametrize("public", [0, 0.4, 1])
def test_the_facility_programme_spends_what_each_town_is_due(public):
    levers = {
        "grant.facility_total": 10_000_000, "grant.facility_projects": 3000, "grant.facility_towns": 1000,
        "grant.facility_years": 1, "grant.facility_public": public, "grant.facility_payer": "province",
    }  # fmt: skip
    p = run(levers, 12)
    spent = p.money.total(REASONS["facility"]).sum()
    whole = np.rint(3333.333 * p.policy.grant.facilities).sum()
    assert spent == pytest.approx(public * whole, rel=0.01)
    assert (p.policy.grant.facilities <= 4).all() and p.policy.grant.facilities.mean() > (2.4 if public == 1 else 0.5)
    plain = run({}, 12)
    assert p.towns.infra.mean() > plain.towns.infra.mean()


def test_villages_and_towns_are_awarded_once():
    p = run(
        {"grant.village": 200, "grant.village_standard": 0.1, "grant.scenic": 300, "grant.scenic_standard": 0.35}, 13
    )
    by_payer = p.money.total(REASONS["grant"]).sum()
    assert p.policy.grant.village_paid.any() and p.policy.grant.scenic_paid.any()
    assert by_payer == 200 * p.policy.grant.village_paid.sum() + 300 * p.policy.grant.scenic_paid.sum()


def test_support_reaches_firms_by_their_share_of_employment():
    p = run({"grant.support": 100_000, "grant.support_residents": 1_780_000}, 4)
    paid, jobs = p.money.total(REASONS["support_fund"]), p.towns.jobs.sum()
    per_job = 100_000 / 1_780_000 / p.constants["county.employment_share"]
    assert paid[0] == 0 and paid[3] == pytest.approx(jobs * per_job / 4, rel=0.2)
    assert p.towns.entrants.sum() >= run({}, 4).towns.entrants.sum()


def test_without_a_provincial_part_there_is_nothing_to_return():
    p = run({"rebate.provincial_part": "zero"}, 8)
    assert p.money.total(REASONS["rebate"]).sum() == 0 and run({}, 8).money.total(REASONS["rebate"]).sum() > 0
