"""grant: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.grant import RETURNED
from sim.model import Simulation
from sim.state.books import Kind
from sim.state.town import Status
from tests.instruments.kit import EASY, PX, ZJ, Case, Effect, Promise, flow, make, played, small
from tests.worlds import library, play, scenario

BUILT = {"grant.facility_total": 20_000_000, "grant.facility_towns": 1000, "grant.facility_projects": 4000}
HARD = {"target.first_year": 4 * 10**5, "target.three_year": 10**6, "list.exit_after": 1}
EFFECT = Effect(
    PX, {"grant.listing": 0}, {"grant.listing": 1000}, 2, flow(REASONS["grant"]), +1, {"grant.schedule_met": 0}
)
CASES = {
    "listing": Case(PX, 1000),
    "schedule_met": Case(PX, 1000),
    "within": Case(PX, 1),
    "test": Case(PX, "at_end"),
    "returned_on_exit": Case(PX, True, HARD),
    "sponge_fund": Case(PX, 0),
    "sponge_yearly": Case(PX, True),
    "sponge_share": Case(PX, 0.8),
    "payer": Case(PX, "county"),
    "timing": Case(PX, "result"),
    "annual": Case(ZJ, 500),
    "annual_years": Case(ZJ, 1, {"grant.annual": 500}),
    "annual_condition": Case(ZJ, "assessment", {"grant.annual": 500}),
    "naming": Case(ZJ, 500, EASY),
    "scenic": Case(ZJ, 500, {"grant.scenic_standard": 0.4}),
    "scenic_standard": Case(ZJ, 0.4, {"grant.scenic": 500}),
    "village": Case(ZJ, 200, {"grant.village_standard": 0.1}),
    "village_standard": Case(ZJ, 0.1, {"grant.village": 200}),
    "support": Case(ZJ, 100_000),
    "support_residents": Case(ZJ, 2_000_000, {"grant.support": 100_000}),
    "facility_total": Case(ZJ, 20_000_000),
    "facility_projects": Case(ZJ, 9000, BUILT),
    "facility_towns": Case(ZJ, 2000, BUILT),
    "facility_years": Case(ZJ, 1, BUILT),
    "facility_scope": Case(ZJ, "listed", BUILT),
    "facility_public": Case(ZJ, 1, BUILT),
    "facility_payer": Case(ZJ, "province", BUILT),
    "planning": Case(PX, False),
    "support_talents": Case(ZJ, 0.5, {"grant.support": 100_000}),
}
PROMISE = Promise(
    PX,
    {"grant.listing": 1000, "grant.schedule_met": 1000, "grant.sponge_fund": 0},
    lambda it: it.total("grant"),
    first=1,
    last=3,
    at="call",
)


def test_grants_are_paid_to_each_town_once_and_by_the_payer_named():
    for payer in ("province", "prefecture", "county"):
        levers = {"grant.listing": 1000, "grant.schedule_met": 0, "grant.sponge_fund": 0, "grant.payer": payer}
        p = played(small(PX, 6, levers=levers))
        listed = [int(np.count_nonzero(p.towns.listed_at == t)) for t in range(6)]
        assert p.money.total(REASONS["grant"]).tolist() == [1000 * n for n in listed] and sum(listed) > 0
        by_kind = p.money.by_kind(REASONS["grant"]).sum(axis=0)
        assert np.count_nonzero(by_kind) == 1 and by_kind[["province", "prefecture", "county"].index(payer) + 2] > 0


def test_yearly_money_reaches_the_cultivation_list_where_there_is_no_other():
    """XZ-FUND-1 (S3 L181): 20 to 30 million yuan a year go into a scenic area of Jiangsu's cultivation units, from the
    year of listing on, for as many years as are assumed; where there is a creation list it is that list's.
    """
    p = played(scenario("jiangsu", 18, levers={"call.eligible": 1}, effective="2015Q1"))
    units, s = int((p.towns.cultivated_at >= 0).sum()), p.towns
    assert units > 0 and not s.listed().any() and s.supported().sum() == units
    paid = p.money.total(REASONS["annual_subsidy"])
    assert paid[[3, 7, 11]].tolist() == [2000 * units] * 3 and paid.sum() == 6000 * units
    both = played(small(ZJ, 8, levers={"grant.annual": 10}), 0, 4)
    listed = int(both.towns.listed().sum())
    assert both.money.total(REASONS["annual_subsidy"])[3] == 10 * listed > 0


def test_a_town_that_had_both_sums_gives_the_first_back_and_gets_neither_again():
    """D-34, where a sum is returned on exit: 100 of the 200, once."""
    levers = {"grant.listing": 100, "grant.schedule_met": 100, "grant.sponge_fund": 0, "grant.returned_on_exit": True}
    p = make(small(PX, 8, levers={**levers, "list.exit_after": 0}))
    play(p, 4)
    grant, s = p.policy.grant, p.towns
    both = grant.granted == 2
    assert both.any() and not (grant.granted > 2).any()
    paid = p.money.total(REASONS["grant"]).sum()
    assert paid == 100 * (grant.granted == 1).sum() + 200 * both.sum()
    s.status[both], s.left_at[both] = Status.EXITED, p.t
    play(p, 1)
    assert p.money.total(REASONS["grant_return"])[p.t] == 100 * both.sum() and (grant.granted[both] == RETURNED).all()
    s.status[both] = Status.CREATION
    play(p, 3)
    assert (grant.granted[both] == RETURNED).all() and p.money.total(REASONS["grant_return"])[p.t] == 0


def test_the_first_million_is_spent_on_planning_and_not_on_works():
    """PX-GRANT-1 (S4 L28): the million given on entering the list is for planning and design."""
    levers = {"grant.schedule_met": 0, "grant.sponge_fund": 0}
    p = played(small(PX, 4, levers=levers))
    assert p.money.total(REASONS["planning"]).tolist() == p.money.total(REASONS["grant"]).tolist()
    assert p.money.total(REASONS["grant"])[1] > 0
    free = played(small(PX, 4, levers={**levers, "grant.planning": False}))
    assert free.money.total(REASONS["planning"]).sum() == 0
    works = [x.money.total(REASONS["infrastructure"], Kind.TOWN)[2] for x in (p, free)]
    assert works[0] < works[1]


def test_half_of_the_yearly_billion_goes_to_talents():
    """PY-FUND-1 (S0 L105): more than a billion a year are there "vigorously to support talents' innovation and
    ventures"; they were given to firms alone.
    """
    half, firms = (
        played(small("panyu_2019", 6, levers={"grant.support_talents": share}, effective="2015Q2"))
        for share in (0.5, 0)
    )
    per_job = 98_000 / 1_777_000 / half.constants["county.employment_share"]
    to_talents = half.money.total(REASONS["talent_support"])[5]
    assert to_talents == pytest.approx(half.towns.jobs.sum() * per_job / 8.0, rel=0.1)
    to_firms = [p.money.total(REASONS["support_fund"])[5] for p in (half, firms)]
    assert 0 < to_firms[0] <= 0.55 * to_firms[1], "half, and no more than the tax it is a part of"
    assert half.diary.talents_in[2:].sum() > firms.diary.talents_in[2:].sum()


def test_shandongs_province_pays_a_special_fund_to_its_demonstration_towns():
    """SD-FUND-1 (S3 L137): a special fund was passed down to demonstration towns from 2012 to 2015; its sum is lost."""
    p = played(small("shandong_2012", 20, levers={"call.town_types": "any"}, effective="2015Q1"))
    paid = p.money.total(REASONS["annual_subsidy"])
    assert (paid[3:16:4] > 0).all() and (paid % 100 == 0).all() and not paid[[0, 1, 2, 4, 5, 6]].any()
    assert p.money.total(REASONS["annual_subsidy"], Kind.PROVINCE).sum() == paid.sum()


def test_the_district_pays_its_support_itself():
    """PY-FUND-1 (S0 L105): the district arranges the money every year; its townships pay none of it."""
    p = play(Simulation(library().resolve("panyu_2019", world="panyu", quarters=9), 0))
    for name in ("support_fund", "talent_support"):
        by_kind = p.money.by_kind(REASONS[name]).sum(axis=0)
        assert by_kind[Kind.PREFECTURE] > 0 == by_kind[Kind.COUNTY]
