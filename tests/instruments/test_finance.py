"""finance: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.county import BASE_DRIFT, drift_rates
from sim.engine.ledger import REASONS
from sim.instruments.finance import FinanceMatching
from sim.parameters.readings import standing
from sim.schedule import STEPS
from sim.state.people import LANDED
from sim.state.town import Strategy
from tests.instruments.kit import ZJ, Case, Effect, Promise, in_listed, make, played, small
from tests.worlds import library

EVENTFUL = {"finance.events": 20}
PARTNERS = {"finance.ppp": 0.5}
EFFECT = Effect(ZJ, {"finance.events": 0}, {"finance.events": 200}, 4, in_listed(lambda p: p.towns.social[-1]), +1)
CASES = {
    "events": Case(ZJ, 20),
    "contacts": Case(ZJ, 1, EVENTFUL),
    "success": Case(ZJ, 0.8, EVENTFUL),
    "guarantee": Case(ZJ, 0.8),
    "count": Case(ZJ, "firms", EVENTFUL),
    "guarantee_loss": Case(ZJ, 0.3, {"finance.guarantee": 0.8}),
    "ppp": Case(ZJ, 0.5),
    "ppp_years": Case(ZJ, 3, PARTNERS),
    "ppp_return": Case(ZJ, 0.15, PARTNERS),
    "venture": Case(ZJ, 20_000),
    "partner": Case(ZJ, 0.5),
    "partner_developer": Case(ZJ, True, {"finance.partner": 0.5}),
}
PROMISE = Promise(
    ZJ,
    PARTNERS,
    lambda it: it.total("ppp_advance") - it.total("ppp_fee"),
    low=0.95,
    high=1.25,
    why="they leave out the works that they do for effort, which outweigh the instalments on last year's",
)


@pytest.mark.parametrize("events", [2.0, 18.0, 200.0])
@pytest.mark.parametrize("count", ["contacts", "firms"])
def test_events_solve_no_more_projects_than_contacts_allow(count: str, events: float):
    """PY-FIN-2 (S0 L101): 18 events, 370 firm contacts, 73 of them solved: a contact is used up by the project that it
    serves. Every quarter, when projects look for their money, under both meanings of a visit (D-54).
    """
    levers = {"finance.events": events, "finance.count": count, "finance.partner": 0}
    p = make(small("panyu_2019", 10, levers=levers, effective="2015Q2"))
    most, solved = events * 20.6 * 0.197 / 4.0, []
    for t in range(9):
        p.start_of_quarter(t)
        for step in STEPS:
            if step.name == "finance" and t > 0:
                waits = p.projects.live("stage") == LANDED
                solved.append(float(p.offer.contact_success[p.projects.live("town")[waits]].sum()))
            step.run(p)
    assert 0.0 < max(solved) <= most + 1e-9
    if events == 18.0 and count == "contacts":
        assert sum(solved[-4:]) <= 73.1


def test_eighteen_events_by_september_may_be_a_years_nine_months_or_those_since_2017():
    """PY-FIN-2 (S0 L101): "by September of this year 18 were held in all"; from when on is not said (D-54)."""
    found = standing(library(), "D-54", "panyu_2019")
    assert found is not None and found.taken == ("contacts",)
    sets = {one.alternative: dict(one.levers) for one in found.variants}
    assert sets == {
        "firms": {"finance.count": "firms"},
        "nine_months": {"finance.events": 18 / 0.75},
        "since_2017": {"finance.events": pytest.approx(18 / 2.75, abs=0.1)},
    }
    stated = next(one for one in library().regimes["panyu_2019"].values if one.lever == "finance.events")
    assert (stated.value, stated.evidence) == (18, "assumption")


def test_a_visit_that_repeats_helps_a_project_more_than_one_that_does_not():
    """Where there are fewer projects than contacts, visits as contacts meet the same project again (D-54)."""
    contacts, firms = (
        played(small(ZJ, 6, levers={"finance.events": 200, "finance.count": count})) for count in ("contacts", "firms")
    )
    rule = [p.policy.the(FinanceMatching).solved(p) for p in (contacts, firms)]
    assert rule[0] > rule[1] == pytest.approx(0.197)


def test_ppp_and_incubation_act_in_zhejiang_as_they_do_elsewhere():
    """ZJ-FIN-1, ZJ-FIN-2 (S3 L37): PPP and other ways of finance are explored, third parties bring finance and
    incubation; the like acts in Pingxiang, which "vigorously" goes on with PPP (PX-FIN-1, S4 L25), and in Panyu's
    proposal (PY-P04).
    """
    p = played(small(ZJ, 8))
    assert p.money.total(REASONS["ppp_advance"])[2:].min() > 0 and p.money.total(REASONS["ppp_fee"])[-1] > 0
    assert p.offer.venture.sum() == pytest.approx(2500.0)
    for lever, like, part in (("finance.ppp", "pingxiang_2017", 0.5), ("finance.venture", "panyu_proposal", 1.0)):
        here, there = (
            next(one.value for one in library().regimes[name].values if one.lever == lever) for name in (ZJ, like)
        )
        assert here == part * there


def test_a_developer_as_partner_brings_housing_whatever_the_county_does_and_within_the_ceiling():
    """PY-OPER-1 (S0 L101): a property developer is the planning and building partner of both listed towns."""
    p = played(small("panyu_2019", 4, effective="2015Q2"))
    on, rates = p.offer.housing_pull > 1.0, drift_rates(p)
    assert on.any() and (p.offer.housing_pull[on] == 1.1).all() and (p.offer.housing_ceiling[on] == 0.2).all()
    assert np.allclose(rates[:, on].min(axis=0), 1.1 * BASE_DRIFT) and np.allclose(rates[:, on].max(axis=0), 0.25)
    assert np.allclose(rates[Strategy.PUSH, ~on], BASE_DRIFT)


def test_small_firm_parks_bring_pingxiangs_founders_money():
    """PX-FUND-6 (S4 L26): 鼓励…建立小微企业创业园, with finance and technology; the reliefs of the law add nothing.

    Private money: what the parks bring is in the firms, and no government pays it.
    """
    p, without = (played(small("pingxiang_2017", 9, levers=levers)) for levers in ({}, {"finance.venture": 0}))
    assert p.offer.venture.sum() == pytest.approx(250.0)
    assert p.money.total(REASONS["social_capital"]).sum() > without.money.total(REASONS["social_capital"]).sum()
    here, there = (
        next(one.value for one in library().regimes[name].values if one.lever == "finance.venture")
        for name in ("pingxiang_2017", ZJ)
    )
    assert here == 0.1 * there
