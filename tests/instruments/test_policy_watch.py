"""Who is assessed by whom, who is watched, suspended, nominated, looked back upon and talked about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from sim.engine.ledger import REASONS
from sim.instruments.assessment import crafts, open_land, others_money
from sim.state.province import Province
from sim.state.town import EVENTS, Status
from tests import worlds
from tests.instruments.test_call import MANY
from tests.worlds import PLACES, scenario

ZJ, TZ = "zhejiang_2015", "tongzhou_2017"
AMBITIOUS = {"official.promotion_weight": 0.8, "official.promotion_value": 20_000}
make, played = (partial(f, small=True) for f in (worlds.make, worlds.played))


def run(
    regime: str, quarters: int, levers: dict[str, Any] | None = None, replicate: int = 0, **options: Any
) -> Province:
    """A province after some quarters."""
    return played(scenario(regime, quarters, levers={**PLACES, **(levers or {})}, **options), replicate)


def rises(measure: Callable[[Province], float], regime: str, quarters: int, off: Any, on: Any, **options: Any) -> None:
    """On four pairs of runs the sum goes up."""
    gains = [
        measure(run(regime, quarters, on, k, **options)) - measure(run(regime, quarters, off, k, **options))
        for k in range(4)
    ]
    assert sum(gains) > 0, gains


def event(p: Province, name: str, t: int = -1) -> np.ndarray:
    """Towns to which something happened."""
    return (p.towns.event[t] & EVENTS[name]) > 0


# --- assessment ------------------------------------------------------------------------------------------------------


def test_an_exact_third_party_goes_by_the_truth():
    """Whatever is reported, completion is true investment over what is required (D-46, exact)."""
    p = run(TZ, 4, {"assessment.third_party": True, "assessment.error": 0, "assessment.check": 1})
    true, required = p.true_effective(), p.policy.target.annual(p)
    on = p.towns.assessed & (required > 0)
    assert on.sum() > 3 and not np.array_equal(p.towns.reported[3][on], true[on])
    assert np.array_equal(p.towns.ratio[on], true[on] / required[on])


def test_a_third_party_that_sees_nothing_through_takes_the_reports():
    p = run(TZ, 4, {"assessment.third_party": True, "assessment.error": 0, "assessment.check": 0})
    on = p.towns.assessed
    assert np.allclose(p.towns.ratio[on], p.towns.reported[3][on] / p.policy.target.annual(p)[on], rtol=1e-12)


def test_the_error_of_a_third_party_scatters_what_it_finds():
    spread = []
    for error in (0.05, 0.3):
        p = run(TZ, 4, {"assessment.third_party": True, "assessment.error": error})
        on = p.towns.assessed & (p.true_effective() > 0)
        spread.append(float(np.std(p.towns.ratio[on] * p.policy.target.annual(p)[on] / p.true_effective()[on])))
    assert 0.02 < spread[0] < 0.12 < spread[1] < 0.6


def test_who_expects_a_third_party_does_not_inflate():
    """What is seen through is not worth the unease: inflating gives way (M-27)."""
    inflating = lambda p: -float((p.towns.strategy_history[1:, :] == 4).sum())  # noqa: E731
    off = {"veto.audit_probability": 0}
    on = {**off, "assessment.third_party": True}
    rises(inflating, TZ, 5, off, on, behaviour={**AMBITIOUS, "report.inflation": 0.5})


def test_towns_of_a_county_assessed_together_share_one_result():
    p = run(ZJ, 4, {"assessment.by_county": True})
    county, several = p.places.towns.county, 0
    for c in range(p.counties.size):
        mine = p.towns.assessed & (county == c)
        several += int(mine.sum() > 1)
        assert np.unique(p.towns.ratio[mine]).size <= 1
    assert several


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_grades_by_share_fail_the_last_and_praise_the_first(share):
    levers = {"assessment.cut": "share", "assessment.unqualified_share": share, "assessment.excellent_share": 0.25,
              "target.three_year": 1, "target.first_year": 0, "target.core_share_min": 0}  # fmt: skip
    p = run(ZJ, 4, levers)
    n = int(p.towns.assessed.sum())
    assert abs(int(event(p, "missed").sum()) - share * n) <= 1
    assert abs(int((p.towns.grade == 4).sum()) - 0.25 * n) <= 1
    assert p.towns.score[p.towns.grade == 4].min() >= p.towns.score[event(p, "missed")].max()


@pytest.mark.parametrize(
    ("name", "read"),
    [("environment", open_land), ("culture", lambda p: np.minimum(1.0, 4.0 * crafts(p))), ("mechanism", others_money)],
)
def test_the_national_dimensions_add_what_they_weigh(name, read):
    """In the first year weights of the score move nothing but the score (NAT-ASSESS-1)."""
    plain, weighed = run(ZJ, 4), run(ZJ, 4, {f"assessment.weight_{name}": 0.4})
    on = plain.towns.assessed
    assert read(weighed)[on].max() > 0 and (read(weighed) <= 1).all()
    assert np.allclose(weighed.towns.score[on] - plain.towns.score[on], 40.0 * read(weighed)[on])


# --- lists -----------------------------------------------------------------------------------------------------------


def test_the_observation_list_takes_those_who_missed_and_lets_those_who_pass_go():
    p = run(TZ, 4, {"list.observe_after": 1})
    assert event(p, "missed").any() and np.array_equal(p.towns.observed, event(p, "missed") & p.towns.on_a_list())
    assert not p.towns.suspended.any()
    later = run(TZ, 8, {"list.observe_after": 1})
    assert not (later.towns.observed & later.towns.passed).any()


def test_who_is_suspended_gets_nothing_and_comes_back_after_a_pass():
    levers = {"list.suspend_after": 1, "list.exit_after": 0, "list.demote_score": 0, "talent.subsidy": 10,
              "target.first_year": 120_000}  # fmt: skip
    p = make(scenario(ZJ, 13, levers={**PLACES, **levers}))
    worlds.play(p, 4)
    out = p.towns.suspended.copy()
    assert out.any() and np.array_equal(out, event(p, "missed", 3) & p.towns.on_a_list())
    before = p.towns.rewarded[out]
    worlds.play(p, 4)
    assert not p.offer.subsidy[out].any() and p.offer.subsidy[p.towns.on_a_list() & ~out].all()
    back = out & p.towns.passed
    assert not (p.policy.rebate.entitled(p) | p.towns.paid_gate)[out].any() and not p.towns.suspended[back].any()
    assert np.array_equal(p.towns.rewarded[out], before)


def test_a_suspension_of_one_year_ends_whatever_happened_meanwhile():
    levers = {"list.suspend_after": 1, "list.exit_after": 0, "list.demote_score": 0, "target.first_year": 10**6,
              "target.three_year": 2 * 10**6, "list.suspension": "one_year"}  # fmt: skip
    first, second = run(ZJ, 4, levers), run(ZJ, 8, levers)
    was = first.towns.suspended & second.towns.on_a_list()
    assert was.any() and not second.towns.suspended[was & event(second, "missed")].any()


def test_a_reversal_stops_support_for_all_and_one_that_never_comes_stops_nothing():
    assert np.array_equal((p := run(ZJ, 4, {"list.reversal": 1})).towns.suspended, p.towns.on_a_list())
    assert not run(ZJ, 8).towns.suspended.any()


def test_policy_that_is_not_continuous_draws_fewer_applicants():
    rises(lambda p: -float(p.towns.on_a_list().sum()), ZJ, 9, {}, {"list.reversal": 0.9})


# --- the call --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("each", "passed"), [(1, 0), (2, 1)])
def test_a_ladder_lets_no_more_through_than_each_level_may_pass_up(each, passed):
    p = run(ZJ, 2, {"call.nominations": each, "call.passed_up": passed})
    new, towns = p.towns.listed_at == 1, p.places.towns
    assert new.any() and np.bincount(towns.county[new]).max() <= each
    if passed:
        assert np.bincount(towns.prefecture[new]).max() <= passed


def test_a_list_fixed_from_above_asks_nobody():
    """Where being listed is worth nothing and costs much, few apply; a top-down list is full (GS-PROC-1)."""
    worthless = {"official.stigma": 20_000, **dict.fromkeys(AMBITIOUS, 0.0)}
    asked = run(ZJ, 2, exact=worthless | {"official.scale": 50.0})
    told = run(ZJ, 2, {"call.mode": "top_down"}, exact=worthless | {"official.scale": 50.0})
    assert (told.towns.listed_at == 1).sum() == PLACES["call.creation_places"]
    assert (told.towns.listed_at == 1).sum() >= (asked.towns.listed_at == 1).sum()
    assert np.array_equal(told.towns.applied_history[1].sum(), told.towns.size)


@pytest.mark.parametrize("types", ["any", "platform"])
def test_incidents_bar_where_there_is_a_look_back_whatever_the_types_of_towns(types):
    levers = {"call.lookback_years": 5, "call.town_types": types}
    p = {on: run(ZJ, 2, {**levers, "call.lookback": on}, exact={"incident.rate": 0.05}) for on in (False, True)}
    may = {on: one.policy.call.eligible(one).sum() for on, one in p.items()}
    assert may[True] < may[False]


@pytest.mark.parametrize("order", ["assess_first", "pay_first"])
def test_who_is_suspended_collects_no_grant_and_no_quota_whenever_the_lists_move(order):
    levers = {"list.suspend_after": 1, "list.exit_after": 0, "list.demote_score": 0, "target.first_year": 10**6,
              "target.three_year": 10**6, "list.order": order, "grant.annual": 100, "grant.annual_years": 5,
              "land_supply.amount": 300, "land_supply.receiver": "town"}  # fmt: skip
    p = make(scenario(ZJ, 8, levers={**PLACES, **levers}))
    worlds.play(p, 4)
    out = p.towns.suspended & p.towns.on_a_list()
    direct, cash = p.towns.direct[out].copy(), p.money.total(REASONS["annual_subsidy"]).sum()
    worlds.play(p, 4)
    assert out.any() and np.array_equal(p.towns.stopped, out)
    assert np.array_equal(p.towns.direct[out], direct)
    assert p.money.total(REASONS["annual_subsidy"]).sum() - cash == 100 * p.towns.paid_for_year().sum()


def test_the_look_back_bars_sites_with_an_incident_and_only_within_its_years():
    levers = {"call.lookback": True, "call.lookback_years": 5}
    everyone = run(ZJ, 2, levers, exact={"incident.rate": 1.0})
    assert not everyone.towns.applied_history.any()
    some = run(ZJ, 2, levers, exact={"incident.rate": 0.05})
    more = run(ZJ, 2, {**levers, "call.lookback_years": 1}, exact={"incident.rate": 0.05})
    free = [x.policy.call.eligible(x).sum() for x in (some, more)]
    assert 0 < free[0] < free[1]


def test_an_incident_cancels_the_status():
    p = run(TZ, 4, {"veto.incidents": True, "veto.audit_probability": 0}, exact={"incident.rate": 1.0})
    assert event(p, "incident").any() and not p.towns.on_a_list().any()
    assert (p.towns.status[event(p, "incident")] == Status.VETOED).all()


# --- information -----------------------------------------------------------------------------------------------------


def came(p: Province) -> float:
    """Share of firms and talents that came to a listed town, for each such town."""
    on = p.towns.listed_at == 1
    people = p.towns.entrants[2:] + p.diary.talents_in[2:]
    return float(people[:, on].sum() / people.sum() / max(1, on.sum()))


@pytest.mark.parametrize(
    "on",
    [{"information.platform": 0.8}, {"information.ambassadors": 10}, {"information.participation": 2}],
    ids=("platform", "ambassadors", "participation"),
)
def test_what_makes_towns_known_or_trusted_draws_firms(on):
    rises(came, ZJ, 6, {}, on)


def test_a_published_ranking_and_the_media_make_officials_try_harder():
    """Over towns on either list: one that is demoted tries on and is not lost to the sum."""
    effort = lambda p: float(p.towns.effort[p.towns.on_a_list()].sum())  # noqa: E731
    for on in ({"information.ranking": 1}, {"information.media": 1}):
        rises(effort, ZJ, 9, {"information.field_meetings": False}, {"information.field_meetings": False, **on},
              behaviour=AMBITIOUS)  # fmt: skip


def test_platform_and_events_are_paid_for():
    p = run(ZJ, 8, {"information.platform": 1, "information.ambassadors": 4})
    on = np.isin(p.towns.status_history, (1, 2, 3)).sum(axis=1)
    assert p.money.total(REASONS["events"])[5] == 125 + 20 * on[4]


def test_fame_fades_when_nobody_feeds_it():
    p = make(scenario(ZJ, 8, levers=PLACES))
    p.towns.fame[:] = 1.0
    worlds.play(p, 4)
    assert np.allclose(p.towns.fame, 0.85**4)


def test_a_town_that_is_promoted_gets_the_grant_of_a_listed_one():
    """It enters the list after the year's last payments, so it is paid in the quarter that follows."""
    p = make(scenario(TZ, 9, levers={**PLACES, **MANY, "grant.listing": 1000, "grant.payer": "county"}))
    worlds.play(p)
    up = (p.towns.event[7] & EVENTS["promoted"]) > 0
    assert up.any() and (p.policy.grant.granted[up] > 0).all()
    assert int(p.money.total(REASONS["grant"]).sum()) == 1000 * int((p.towns.listed_at >= 0).sum())


def test_a_grant_is_given_back_once_however_often_a_town_leaves():
    hard = {"list.exit_after": 1, "list.reentry_years": 0, "target.first_year": 4 * 10**5, "target.three_year": 10**6}
    money = {"grant.returned_on_exit": True, "grant.listing": 1000, "grant.schedule_met": 0, "grant.sponge_fund": 0}
    p = make(scenario("pingxiang_2017", 13, levers={**PLACES, **hard, **money}))
    worlds.play(p)
    given, back = (int(p.money.total(r).sum()) for r in (REASONS["grant"], REASONS["grant_return"]))
    left = [int(np.count_nonzero(p.towns.event[:, i] & EVENTS["exited"])) for i in range(p.towns.size)]
    assert max(left) > 1 and 0 < back <= given


def test_bulletins_come_at_their_interval():
    """Every eight quarters means every eight, counted by the calendar."""
    p = make(scenario(ZJ, 16, levers={**PLACES, "information.bulletin_interval": 8, "information.media": 0}))
    moved = []
    for _ in range(16):
        before = p.towns.reputation.copy()
        worlds.play(p, 1)
        moved.append(not np.array_equal(before, p.towns.reputation))
    assert 1 <= sum(moved) <= 2
