"""talent: what it does, which levers move a run."""

from __future__ import annotations

import pytest

from sim.engine.ledger import REASONS
from sim.instruments.talent import Talent
from tests.instruments.kit import ZJ, Case, Effect, Promise, in_listed, make, played, small
from tests.worlds import library, play

PAID = {"talent.subsidy": 10}
FLATS = {"talent.flats": 20_000}
SUPPORTED = {"talent.projects": 40}
EFFECT = Effect(ZJ, {"talent.subsidy": 0}, {"talent.subsidy": 100}, 3, in_listed(lambda p: p.diary.talents_in[2]), +1)
CASES = {
    "subsidy": Case(ZJ, 20),
    "housing": Case(ZJ, 0.5),
    "startup_fund": Case(ZJ, 100),
    "services": Case(ZJ, 0.8),
    "payer": Case(ZJ, "province", PAID),
    "training": Case(ZJ, 2),
    "tracking": Case(ZJ, 0.8),
    "referral": Case(ZJ, 1),
    "flats": Case(ZJ, 20_000),
    "flats_owned": Case(ZJ, 1, FLATS),
    "flats_shared": Case(ZJ, 1, FLATS),
    "schooling": Case(ZJ, 1),
    "cards": Case(ZJ, 1000),
    "projects": Case(ZJ, 40),
    "project_money": Case(ZJ, 200, SUPPORTED),
    "project_success": Case(ZJ, 0.2, SUPPORTED),
    "settlement": Case(ZJ, 0.5),
    "flats_stock": Case(ZJ, 20_000),
}
PROMISE = Promise(
    ZJ,
    {"talent.subsidy": 10, "talent.training": 1},
    lambda it: -it.total("talent_subsidy", "talent_training"),
    low=1.0,
    high=1.3,
    why="they reckon with last year's arrivals, and arrivals grow",
)


def test_settling_in_half_the_time_draws_talents_to_every_town_and_keeps_none():
    """PY-APPR-1 (S0 L105): talents take up residence in half the time, in the whole district."""
    p = make(small("panyu_2019", 3, levers={"talent.cards": 0}, effective="2015Q2"))
    play(p, 2)
    assert (p.offer.settling == 0.5 / 3.0).all() and not p.offer.services.any()
    came = [
        sum(played(small(ZJ, 4, levers={"talent.settlement": x}), k).diary.talents_in[1:].sum() for k in range(3))
        for x in (0.0, 1.0)
    ]
    assert came[1] > came[0]


def test_the_flats_of_2018_stand_at_the_start_and_nobody_pays_for_them_again():
    """PY-TAL-2 (S0 L105): 35,800 m² were newly completed in 2018; the regime begins in 2019, and what it builds a year
    is another number.
    """
    p = played(small("panyu_2019", 4, levers={"talent.flats": 0}, effective="2015Q2"))  # before a county may withdraw
    assert 35_800 - p.towns.size <= p.towns.flats.sum() <= 35_800
    assert p.money.total(REASONS["talent_housing"]).sum() == 0
    built = played(small("panyu_2019", 4, effective="2015Q2"))
    assert built.towns.flats.sum() - p.towns.flats.sum() == pytest.approx(3 * 3000, abs=3 * p.towns.size)
    assert built.money.total(REASONS["talent_housing"]).sum() > 0


def test_the_youth_plan_is_paid_once():
    """PY-FUND-1, PY-FUND-2 (S0 L105): its 20 million yuan are part of the more than 1 billion a year, not besides."""
    levers = library().resolve("panyu_2019", world="panyu", quarters=8).levers
    last = {key: levers[key][-1] for key in ("grant.support", "talent.projects", "talent.project_money")}
    assert last["grant.support"] + last["talent.projects"] * last["talent.project_money"] == 100_000


def test_pingxiangs_small_firm_fund_pays_founders_in_its_towns_and_counties_reckon_with_it():
    """PX-FUND-5 (S4 L26): the fund for small firms goes first to towns, as a platform for founders."""
    p = played(small("pingxiang_2017", 9))
    paid = p.money.total(REASONS["startup_fund"])
    assert paid[2:].sum() > 0 and (paid % 20 == 0).all()
    rule, levers = p.policy.the(Talent), {"talent.startup_fund": 0}
    without = played(small("pingxiang_2017", 9, levers=levers))
    yearly = rule._yearly(p)[p.towns.supported()].sum()
    assert yearly == pytest.approx(paid[5:].sum(), rel=0.4)
    assert not without.policy.the(Talent)._yearly(without).any()
