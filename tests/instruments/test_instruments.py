"""Each instrument: nothing when switched off, the right thing when switched on, nothing before it is announced.

And every lever moves something: the table below gives, for each, a regime in which it should matter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pytest

from sim.engine.ledger import REASONS, Reason
from sim.instruments import INSTRUMENTS
from sim.parameters import Resolved
from sim.state import offer
from sim.state.people import APPROVED, BUILDING
from sim.state.province import Province
from sim.state.town import EVENTS
from tests import worlds
from tests.worlds import PLACES, REGIMES, Trail, columns, inert, library, plain, scenario

IDS = tuple(cls.id for cls in INSTRUMENTS)
ZJ, TZ, PX = "zhejiang_2015", "tongzhou_2017", "pingxiang_2017"
Levers = dict[str, Any]
NONE: Levers = {}
make, played, trail = (partial(f, small=True) for f in (worlds.make, worlds.played, worlds.trail))


def small(regime: str, quarters: int, *, levers: Levers | None = None, **options: Any) -> Resolved:
    """A scenario with as many places as the small province can fill."""
    places = {} if regime == "null" else PLACES
    return scenario(regime, quarters, levers={**places, **(levers or {})}, **options)


# --- switched off ----------------------------------------------------------------------------------------------------


def nothing(*_: Any) -> None:
    """What an instrument that is not there does."""


def without(p: Province, name: str) -> Province:
    """Take an instrument out of a province: no moment calls it, and what other parts ask of it by name is the usual."""
    policy, towns = p.policy, p.towns
    gone = next(i for i in policy.instruments if i.id == name)
    policy.leave_out(name)
    none, no, every = np.zeros(towns.size), np.zeros(towns.size, dtype=bool), np.ones(towns.size, dtype=bool)
    answers: dict[str, dict[str, Callable[..., Any]]] = {
        "target": {
            "active": lambda t: False, "rule": lambda t: "no_housing", "floor": lambda p: none,
            "annual": lambda p: none, "staying": lambda p: none, "three_year": lambda p: towns.plan.astype(np.float64),
            "hard_cap": lambda p: no, "declined": lambda p: none, "core_met": lambda p: every,
        },
        "call": {"open": lambda p: False},
        "land_reward": {"rates": lambda p: (0.0, none)},
        "clawback": {"expect": nothing},
        "interest": {"grant": nothing},
    }  # fmt: skip
    for method, answer in answers.get(name, {}).items():
        assert hasattr(gone, method)
        setattr(gone, method, answer)
    return p


@pytest.mark.parametrize("name", IDS)
def test_an_inert_instrument_is_as_good_as_none(name):
    """Not one bit of any column, history, balance or record differs, with the regime's other instruments at work."""
    made = small(PX if name in ("grant", "land_guarantee") else ZJ, 9, levers=inert(name))
    there, gone = trail(made), Trail(without(make(made), name))
    assert gone.parts_from(there, 9) is None


def test_no_instrument_at_all_is_the_null_regime():
    p = make(small("null", 9))
    for name in IDS:
        without(p, name)
    assert p.policy.instruments == ()
    assert Trail(p).parts_from(trail(small("null", 9)), 9) is None


def test_null_is_every_lever_at_its_inert_value(tmp_path):
    """A regime that states every inert value, and Zhejiang's with every lever overridden, are the null run."""
    import shutil

    import scenarios
    from sim.parameters import load_library

    shutil.copytree(scenarios.ROOT, tmp_path / "scenarios", ignore=shutil.ignore_patterns("__pycache__"))
    head = (tmp_path / "scenarios" / "regimes" / "null.toml").read_text(encoding="utf-8").replace('"null"', '"stated"')
    rows = [f'[[value]]\nlever = "{k}"\nvalue = {toml(v)}\nclause = ["G"]\n' for k, v in inert().items()]
    (tmp_path / "scenarios" / "regimes" / "stated.toml").write_text("\n".join([head, *rows]), encoding="utf-8")
    stated = load_library(tmp_path / "scenarios").resolve("stated", quarters=9, effective="2015Q2")
    assert dict(stated.levers) == dict(small("null", 9).levers)
    emptied = scenario(ZJ, 9, levers=inert())
    for made in (stated, emptied):
        assert Trail(make(made)).parts_from(trail(small("null", 9)), 9) is None


def toml(value: Any) -> str:
    """A value in the words of a regime file."""
    if isinstance(value, list):
        names = ("information", "environment", "health", "tourism", "fashion", "finance", "equipment", "classics")
        if len(value) != len(names):
            return repr(value)
        return "{ " + ", ".join(f"{n} = {v}" for n, v in zip(names, value, strict=True)) + " }"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')


def test_usual_terms_are_the_inert_ones():
    levers = library().levers
    assert offer.USUAL_DAYS == levers["approval.days"].inert
    assert offer.USUAL_CAPITAL == levers["registered_capital.minimum"].inert
    assert offer.USUAL_SCOPE == levers["registered_capital.scope"].inert


# --- switched on -----------------------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """What switching an instrument on must do."""

    regime: str
    off: Levers
    on: Levers
    quarters: int
    """Length of the run; the measure is taken at its end."""
    measure: Callable[[Province], float]
    sign: int
    common: Levers = NONE
    """Other levers, the same in both runs."""
    behaviour: dict[str, float] | None = None


def events(name: str) -> Callable[[Province], float]:
    """Towns to which something happened in the run's last quarter."""
    return lambda p: float(np.count_nonzero(p.towns.event[p.t] & EVENTS[name]))


def flow(reason: Reason, ledger: str = "money") -> Callable[[Province], float]:
    """What was booked for a reason over the run."""
    return lambda p: float(getattr(p, ledger).total(reason).sum())


def in_listed(read: Callable[[Province], Any]) -> Callable[[Province], float]:
    """A town column summed over the towns on a list."""
    return lambda p: float(read(p)[p.towns.on_a_list()].sum())


def approved(p: Province) -> float:
    """Projects of listed towns that have come through approval."""
    stage, town = p.projects.live("stage"), p.projects.live("town")
    return float(np.count_nonzero((stage >= APPROVED) & (stage <= BUILDING) & p.towns.on_a_list()[town]))


EASY = {"target.first_year": 0, "target.three_year": 1, "acceptance.after": 4}
"""Every town reaches its target, and the years of creation are over in the run's sixth quarter."""
SETTLED = {"clawback.after": 4, "land_reward.gate": "always"}
"""Towns are rewarded in the first year and settle in the run's sixth quarter."""
AMBITIOUS = {"official.promotion_weight": 0.8, "official.promotion_value": 20_000}
LAYERED = {"tiers.population_1": 20_000, "tiers.revenue_1": 10_000, "tiers.subsidy_1": 2000}
"""A first tier that part of the small province's towns can enter."""
TIER = {**LAYERED, "tiers.places_1": 4}
BOUND = {"debt.ceiling": 0.8, "debt.band": 0.5}
"""A ceiling at which every county stands from the start."""
POT = {"interest.total": 200_000, "interest.points": 0.1, "interest.years": 5}
BUILT = {"grant.facility_total": 20_000_000, "grant.facility_towns": 1000, "grant.facility_projects": 4000}
"""Four facility projects of 50 million yuan in each town."""


def room(p: Province) -> float:
    """Public works in towns."""
    return float(p.towns.works.sum())


EFFECTS: dict[str, Effect] = {
    "target": Effect(ZJ, EASY, {"target.three_year": 10**6, "target.first_year": 4 * 10**5}, 4, events("missed"), +1),
    "call": Effect(ZJ, {"call.creation_places": 0}, {"call.creation_places": 10}, 2,
                   lambda p: float(np.count_nonzero(p.towns.listed())), +1),
    "assessment": Effect(ZJ, {"assessment.qualified_score": 0}, {"assessment.qualified_score": 100}, 4,
                         events("missed"), +1, {"assessment.excellent_score": 100}),
    "list": Effect(ZJ, {"list.exit_after": 0}, {"list.exit_after": 1}, 4, events("exited"), +1),
    "acceptance": Effect(ZJ, {"acceptance.active": False}, {"acceptance.active": True}, 6, events("named"), +1, EASY),
    "land_reward": Effect(ZJ, {"land_reward.share": 0}, {"land_reward.share": 0.9}, 4,
                          flow(REASONS["land_reward"], "land"), +1),
    "clawback": Effect(ZJ, {"clawback.multiple": 0}, {"clawback.multiple": 5}, 6, flow(REASONS["clawback"], "land"), +1,
                       SETTLED),
    "rebate": Effect(ZJ, {"rebate.schedule": [0.2] * 5}, {"rebate.schedule": [1] * 5}, 4, flow(REASONS["rebate"]), +1,
                     {"rebate.gate": "listed"}),
    "grant": Effect(PX, {"grant.listing": 0}, {"grant.listing": 1000}, 2, flow(REASONS["grant"]), +1,
                    {"grant.schedule_met": 0}),
    "tiers": Effect(ZJ, {"tiers.places_1": 0}, {"tiers.places_1": 4}, 4, flow(REASONS["annual_subsidy"]), +1, LAYERED),
    "land_supply": Effect(ZJ, {"land_supply.amount": 0}, {"land_supply.amount": 5000}, 6,
                          in_listed(lambda p: p.towns.land_from_reward.sum(axis=0)), +1, {"land_reward.share": 0}),
    "settlement": Effect(ZJ, {"settlement.keep_rights": False}, {"settlement.keep_rights": True}, 6,
                         lambda p: float(p.villages.settled.sum()), +1),
    "interest": Effect(ZJ, {"interest.total": 0}, {"interest.total": 200_000}, 6,
                       lambda p: float((p.projects.live("stage") == BUILDING).sum() + p.diary.finished.sum()), +1, POT),
    "debt": Effect(ZJ, {"debt.ceiling": 10}, {"debt.ceiling": 0.8}, 6, room, -1),
    "approval": Effect(ZJ, {"approval.days": 120}, {"approval.days": 1}, 6, approved, +1),
    "delegation": Effect(ZJ, {"delegation.powers": 0}, {"delegation.powers": 66}, 6, approved, +1),
    "mixed_use": Effect(ZJ, {"mixed_use.command": False}, {"mixed_use.command": True}, 6, approved, +1),
    "registered_capital": Effect(ZJ, {"registered_capital.minimum": 5000}, {"registered_capital.minimum": 0}, 2,
                                 lambda p: float(p.towns.entrants[1].sum()), +1),
    "land_guarantee": Effect(PX, {"land_guarantee.full": False}, {"land_guarantee.full": True}, 4,
                             flow(REASONS["land_guarantee"], "land"), +1),
    "finance": Effect(ZJ, {"finance.events": 0}, {"finance.events": 200}, 4,
                      in_listed(lambda p: p.towns.social[-1]), +1),
    "talent": Effect(ZJ, {"talent.subsidy": 0}, {"talent.subsidy": 100}, 3,
                     in_listed(lambda p: p.diary.talents_in[2]), +1),
    "linkage": Effect(ZJ, {"linkage.villages": 0}, {"linkage.villages": 6}, 3,
                      lambda p: float(p.villages.income.sum()), +1),
    "shares": Effect(ZJ, {"shares.assets": 0}, {"shares.assets": 0.5}, 6, flow(REASONS["share_dividend"]), +1),
    "processing": Effect(ZJ, {"processing.base": 0}, {"processing.base": 1000}, 4, flow(REASONS["land_rent"]), +1),
    "visitors": Effect(ZJ, {"visitors.grade": 0}, {"visitors.grade": 3}, 4,
                       lambda p: float(p.rural.visits.sum()), +1),
    "housing": Effect(ZJ, {"housing.ceiling": 1}, {"housing.ceiling": 0}, 6,
                      in_listed(lambda p: p.towns.housing[4:].sum(axis=0)), -1),
    "veto": Effect(TZ, {"veto.active": False}, {"veto.active": True}, 4, events("vetoed"), +1,
                   {"veto.audit_probability": 1, "veto.tolerance": 0}),
    "information": Effect(TZ, {"information.promotion_link": False}, {"information.promotion_link": True}, 2,
                          lambda p: float(p.towns.effort.mean()), +1, {}, AMBITIOUS),
}  # fmt: skip


def test_effects_cover_all_instruments():
    assert set(EFFECTS) == set(IDS) == {i.id for i in make(small("null", 1)).policy.instruments}
    assert set(IDS) == set(library().instruments)
    assert len(IDS) == 28


@pytest.mark.parametrize("name", IDS)
def test_switching_an_instrument_on_moves_its_own_outcome_the_right_way(name):
    e = EFFECTS[name]
    runs = [small(e.regime, e.quarters, levers={**e.common, **x}, behaviour=e.behaviour) for x in (e.off, e.on)]
    pairs = [[e.measure(played(made, k)) for made in runs] for k in range(3)]
    gain = [e.sign * (on - off) for off, on in pairs]
    assert min(gain) >= 0 and sum(gain) > 0, pairs


@pytest.mark.parametrize("name", IDS)
def test_nothing_moves_before_an_instrument_is_announced(name):
    """Announced in the sixth quarter, the first five are those of a province without any policy."""
    e = EFFECTS[name]
    made = small(e.regime, 8, levers={**e.common, **e.on}, effective="2016Q3", behaviour=e.behaviour)
    first = made.announced_index
    assert 4 <= first <= made.effective_index == 6
    moved = Trail(make(made)).parts_from(trail(small("null", 8, behaviour=e.behaviour)), 8)
    assert moved is not None and moved >= first


def test_counties_look_ahead_between_announcement_and_effect():
    """Tongzhou's document precedes its first year: towns prepare, and nothing is paid, listed or assessed yet."""
    made = small(TZ, 8, effective="2016Q1")
    assert (made.announced_index, made.effective_index) == (3, 4)
    p = played(made, 0, 4)
    assert not p.towns.event.any() and not p.towns.status.any()


# --- amounts ---------------------------------------------------------------------------------------------------------


def test_grants_are_paid_to_each_town_once_and_by_the_payer_named():
    for payer in ("province", "prefecture", "county"):
        levers = {"grant.listing": 1000, "grant.schedule_met": 0, "grant.sponge_fund": 0, "grant.payer": payer}
        p = played(small(PX, 6, levers=levers))
        listed = [int(np.count_nonzero(p.towns.listed_at == t)) for t in range(6)]
        assert p.money.total(REASONS["grant"]).tolist() == [1000 * n for n in listed] and sum(listed) > 0
        by_kind = p.money.by_kind(REASONS["grant"]).sum(axis=0)
        assert np.count_nonzero(by_kind) == 1 and by_kind[["province", "prefecture", "county"].index(payer) + 2] > 0


def test_land_rewards_are_the_share_of_land_used_by_towns_that_passed():
    p = played(small(ZJ, 4, levers={"land_reward.supplement": 0, "land_reward.cap": 7500}))
    passed = p.towns.assessed & p.towns.passed & p.towns.listed()
    assert passed.any() and not passed.all()
    owed = np.where(passed, np.floor(0.5 * p.towns.land_used[:4].sum(axis=0)), 0).astype(np.int64)
    assert np.array_equal(p.towns.rewarded, owed)
    assert p.land.total(REASONS["land_reward"]).sum() == owed.sum()


def test_the_clawback_takes_the_multiple_of_what_was_rewarded():
    levers = {**SETTLED, "clawback.multiple": 2}
    p = played(small(ZJ, 6, levers=levers, exact={"enforcement.clawback": 1.0}))
    hit = p.towns.clawed > 0
    assert hit.sum() > 5 and np.array_equal(p.towns.clawed[hit], 2 * p.towns.rewarded[hit])
    free = played(small(ZJ, 6, levers=levers, exact={"enforcement.clawback": 0.0}))
    assert not free.towns.clawed.any()


def test_the_list_follows_the_last_assessment():
    """Exit after one miss: exactly those that missed are gone; after two: nobody yet, and misses are counted."""
    one = played(small(TZ, 4, levers={"list.exit_after": 1, "list.cultivation_exit_after": 1}))
    missed = (one.towns.event[3] & EVENTS["missed"]) > 0
    assert missed.any() and np.array_equal((one.towns.event[3] & EVENTS["exited"]) > 0, missed)
    two = played(small(TZ, 4, levers={"list.exit_after": 2, "list.cultivation_exit_after": 2, "list.demote_after": 0}))
    assert not ((two.towns.event & EVENTS["exited"]) > 0).any() and two.towns.misses.max() == 1


def test_a_banned_town_may_apply_again_when_its_ban_is_over():
    """Vetoed at the end of the first year, a town without a ban is free for the call of the second."""
    levers = {"veto.audit_probability": 1, "veto.tolerance": 0}
    p = played(small(TZ, 6, levers={**levers, "veto.ban_years": 0}))
    vetoed = (p.towns.event[3] & EVENTS["vetoed"]) > 0
    assert vetoed.any() and p.policy.call.eligible(p)[vetoed & ~p.towns.on_a_list()].all()
    barred = played(small(TZ, 6, levers={**levers, "veto.ban_years": 99}))
    assert not barred.policy.call.eligible(barred)[(barred.towns.event[3] & EVENTS["vetoed"]) > 0].any()


# --- every lever -----------------------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A regime in which a lever should matter, and a value other than the regime's own."""

    regime: str
    value: Any
    context: Levers = NONE
    quarters: int = 10


LINKED, EVENTFUL, PAID = {"linkage.villages": 3}, {"finance.events": 20}, {"talent.subsidy": 10}
SUPPLIED, SETTLERS = {"land_supply.amount": 300}, {"settlement.land": 0.2, "settlement.transfer": 2}
HELD = {**LINKED, "shares.assets": 0.4, "shares.money": 0.3, "shares.residents": 0.4}
CROPS = {"processing.base": 1000, "processing.uplift": 5}
SCENIC = {"visitors.grade": 3}
THIRD, SHARES, OBSERVED = {"assessment.third_party": True}, {"assessment.cut": "share"}, {"list.observe_after": 1}
HARD = {"target.first_year": 4 * 10**5, "target.three_year": 10**6, "list.exit_after": 1}
"""Every town misses, and leaves the list for it."""
LENIENT = {"list.exit_after": 0, "list.demote_score": 0, "list.suspend_after": 1}
FLATS, SUPPORTED, PARTNERS = {"talent.flats": 20_000}, {"talent.projects": 40}, {"finance.ppp": 0.5}
HEAVY = {"delegation.powers": 300}
CASES: dict[str, Case] = {
    "acceptance.active": Case(ZJ, False),
    "acceptance.after": Case(ZJ, 4),
    "acceptance.fixed": Case(ZJ, "date", EASY),
    "acceptance.date_open": Case(ZJ, True, {"acceptance.fixed": "date"}),
    "acceptance.extension": Case(ZJ, 0, {"acceptance.after": 4}),
    "acceptance.function_min": Case(ZJ, 1, EASY),
    "acceptance.on_failure": Case(ZJ, "exit", {"acceptance.after": 4, "acceptance.extension": 2}, 12),
    "acceptance.award": Case(ZJ, True, EASY),
    "approval.days": Case(ZJ, 4),
    "approval.parallel": Case(ZJ, True),
    "approval.rework": Case(PX, 0.5),
    "approval.scope": Case(ZJ, "total"),
    "assessment.active": Case(ZJ, False),
    "assessment.excellent_score": Case(ZJ, 70),
    "assessment.qualified_score": Case(ZJ, 85),
    "assessment.weight_investment": Case(ZJ, 0.9),
    "assessment.weight_core": Case(ZJ, 0.9),
    "assessment.weight_function": Case(ZJ, 0.9),
    "assessment.weight_talent": Case(ZJ, 0.9),
    "assessment.gate_pay": Case(ZJ, False, {}, 12),
    "assessment.grades": Case(ZJ, 2),
    "tiers.places_1": Case(ZJ, 4, LAYERED),
    "tiers.places_2": Case(ZJ, 4, {"tiers.subsidy_2": 1000}),
    "tiers.places_3": Case(ZJ, 4, {"tiers.subsidy_3": 500}),
    "tiers.population_1": Case(ZJ, 60_000, TIER),
    "tiers.population_2": Case(ZJ, 60_000, {"tiers.subsidy_2": 1000, "tiers.places_2": 4}),
    "tiers.population_3": Case(ZJ, 60_000, {"tiers.subsidy_3": 1000, "tiers.places_3": 4}),
    "tiers.revenue_1": Case(ZJ, 60_000, TIER),
    "tiers.revenue_2": Case(ZJ, 60_000, {"tiers.subsidy_2": 1000, "tiers.places_2": 4}),
    "tiers.revenue_3": Case(ZJ, 60_000, {"tiers.subsidy_3": 1000, "tiers.places_3": 4}),
    "tiers.thresholds": Case(ZJ, "either", {**TIER, "tiers.population_1": 60_000}),
    "tiers.pool": Case(ZJ, "all", TIER),
    "tiers.exclusive": Case(ZJ, False, {**TIER, "tiers.places_2": 9, "tiers.subsidy_2": 1000}),
    "tiers.rolling": Case(ZJ, True, {**TIER, "tiers.revenue_1": 40_000, "tiers.places_1": 20}),
    "tiers.subsidy_1": Case(ZJ, 500, TIER),
    "tiers.subsidy_2": Case(ZJ, 500, {"tiers.places_2": 4}),
    "tiers.subsidy_3": Case(ZJ, 500, {"tiers.places_3": 4}),
    "tiers.years": Case(ZJ, 1, TIER),
    "tiers.condition": Case(ZJ, "assessment", {**TIER, "tiers.goal_revenue_1": 120_000}),
    "tiers.lose": Case(ZJ, True, {**TIER, "tiers.condition": "assessment", "assessment.qualified_score": 85}),
    "tiers.payer": Case(ZJ, "county", TIER),
    "tiers.goal_population_1": Case(ZJ, 200_000, {**TIER, "tiers.condition": "course"}),
    "tiers.goal_population_2": Case(ZJ, 200_000, {"tiers.places_2": 4, "tiers.goal_years": 2}),
    "tiers.goal_population_3": Case(ZJ, 200_000, {"tiers.places_3": 4, "tiers.goal_years": 2}),
    "tiers.goal_revenue_1": Case(ZJ, 200_000, {**TIER, "tiers.condition": "course"}),
    "tiers.goal_revenue_2": Case(ZJ, 200_000, {"tiers.places_2": 4, "tiers.goal_years": 2}),
    "tiers.goal_revenue_3": Case(ZJ, 200_000, {"tiers.places_3": 4, "tiers.goal_years": 2}),
    "tiers.goal_years": Case(ZJ, 2, {**TIER, "tiers.goal_revenue_1": 50_000}),
    "land_supply.amount": Case(ZJ, 500),
    "land_supply.rule": Case(ZJ, "each", SUPPLIED),
    "land_supply.towns": Case(ZJ, 100, SUPPLIED),
    "land_supply.source": Case(ZJ, "prefecture", SUPPLIED),
    "land_supply.allocation": Case(ZJ, "competition", SUPPLIED),
    "land_supply.receiver": Case(ZJ, "county", SUPPLIED),
    "land_supply.naming": Case(ZJ, 100, EASY),
    "land_supply.consolidation": Case(ZJ, 0.3),
    "settlement.land": Case(ZJ, 0.2),
    "settlement.transfer": Case(ZJ, 2),
    "settlement.scope": Case(ZJ, "listed", SETTLERS),
    "settlement.payer": Case(ZJ, "nation", SETTLERS),
    "settlement.town_share": Case(ZJ, 0.5, SETTLERS),
    "settlement.keep_rights": Case(ZJ, True),
    "interest.total": Case(ZJ, 20_000),
    "interest.points": Case(ZJ, 0.05, POT),
    "interest.years": Case(ZJ, 1, POT),
    "interest.industry": Case(ZJ, [0, 0, 0, 0, 0, 0, 1, 1], POT),
    "interest.scope": Case(ZJ, "both", POT),
    "debt.ceiling": Case(ZJ, 0.8),
    "debt.band": Case(ZJ, 0.1, {"debt.ceiling": 1}),
    "debt.works_kept": Case(ZJ, 0.6, BOUND),
    "debt.interest": Case(ZJ, 0.05),
    "assessment.target_test": Case(ZJ, "several"),
    "assessment.miss_rule": Case(TZ, "and"),
    "assessment.pay_share": Case(ZJ, 0.8),
    "assessment.third_party": Case(ZJ, True),
    "assessment.error": Case(ZJ, 0.3, THIRD),
    "assessment.check": Case(ZJ, 0, THIRD),
    "assessment.by_county": Case(ZJ, True),
    "assessment.cut": Case(ZJ, "share", {"assessment.unqualified_share": 0.3}),
    "assessment.excellent_share": Case(ZJ, 0.5, SHARES),
    "assessment.unqualified_share": Case(ZJ, 0.5, SHARES),
    "assessment.weight_environment": Case(ZJ, 0.5),
    "assessment.weight_culture": Case(ZJ, 0.5),
    "assessment.weight_mechanism": Case(ZJ, 0.5),
    "call.creation_places": Case(ZJ, 3),
    "call.cultivation_places": Case(TZ, 1),
    "call.mode": Case(ZJ, "competitive"),
    "call.per_segment": Case(ZJ, 1),
    "call.segment_rule": Case(ZJ, "first"),
    "call.segment_depth": Case(TZ, "class"),
    "call.first_shift": Case(PX, 1),
    "call.per_county_cap": Case(ZJ, 1),
    "call.manufacturing_penalty": Case(ZJ, 2),
    "call.eligible": Case(ZJ, [0, 1, 1, 1, 1, 1, 1, 1]),
    "call.small_town_share": Case(ZJ, 0.5),
    "call.lookback": Case(TZ, True),
    "call.town_types": Case(ZJ, "small_town"),
    "call.lookback_years": Case(TZ, 10, {"call.lookback": True}),
    "call.nominations": Case(ZJ, 1),
    "call.passed_up": Case(ZJ, 1, {"call.nominations": 2}),
    "clawback.multiple": Case(ZJ, 5),
    "clawback.base": Case(ZJ, "shortfall_share"),
    "clawback.include_supplement": Case(ZJ, False),
    "clawback.after": Case(ZJ, 4),
    "clawback.clock": Case(ZJ, "listing_year", SETTLED),
    "clawback.plan_lag": Case(ZJ, 1, {**SETTLED, "clawback.clock": "plan"}),
    "clawback.cured_multiple": Case(ZJ, 2, {**SETTLED, "clawback.cure": "factor"}, 14),
    "clawback.booking": Case(ZJ, "two_accounts", SETTLED),
    "clawback.minimum": Case(ZJ, 100, {"clawback.after": 4}),
    "clawback.charged": Case(ZJ, "town", SETTLED),
    "clawback.carry_forward": Case(ZJ, False, SETTLED),
    "clawback.cure": Case(ZJ, "one_year", SETTLED, 14),
    "delegation.powers": Case(ZJ, 66),
    "delegation.towns": Case(ZJ, 2, HEAVY),
    "delegation.selective": Case(ZJ, True, HEAVY),
    "delegation.building": Case(ZJ, 0.8, HEAVY),
    "delegation.cost": Case(ZJ, 5, HEAVY),
    "finance.events": Case(ZJ, 20),
    "finance.contacts": Case(ZJ, 1, EVENTFUL),
    "finance.success": Case(ZJ, 0.8, EVENTFUL),
    "finance.guarantee": Case(ZJ, 0.8),
    "finance.count": Case(ZJ, "firms", EVENTFUL),
    "finance.guarantee_loss": Case(ZJ, 0.3, {"finance.guarantee": 0.8}),
    "finance.ppp": Case(ZJ, 0.5),
    "finance.ppp_years": Case(ZJ, 3, PARTNERS),
    "finance.ppp_return": Case(ZJ, 0.15, PARTNERS),
    "finance.venture": Case(ZJ, 20_000),
    "finance.partner": Case(ZJ, 0.5),
    "finance.partner_developer": Case(ZJ, True, {"finance.partner": 0.5}),
    "grant.listing": Case(PX, 1000),
    "grant.schedule_met": Case(PX, 1000),
    "grant.within": Case(PX, 1),
    "grant.test": Case(PX, "at_end"),
    "grant.returned_on_exit": Case(PX, True, HARD),
    "grant.sponge_fund": Case(PX, 0),
    "grant.sponge_yearly": Case(PX, True),
    "grant.sponge_share": Case(PX, 0.8),
    "grant.payer": Case(PX, "county"),
    "grant.timing": Case(PX, "result"),
    "grant.annual": Case(ZJ, 500),
    "grant.annual_years": Case(ZJ, 1, {"grant.annual": 500}),
    "grant.annual_condition": Case(ZJ, "assessment", {"grant.annual": 500}),
    "grant.naming": Case(ZJ, 500, EASY),
    "grant.scenic": Case(ZJ, 500, {"grant.scenic_standard": 0.4}),
    "grant.scenic_standard": Case(ZJ, 0.4, {"grant.scenic": 500}),
    "grant.village": Case(ZJ, 200, {"grant.village_standard": 0.1}),
    "grant.village_standard": Case(ZJ, 0.1, {"grant.village": 200}),
    "grant.support": Case(ZJ, 100_000),
    "grant.support_residents": Case(ZJ, 2_000_000, {"grant.support": 100_000}),
    "grant.facility_total": Case(ZJ, 20_000_000),
    "grant.facility_projects": Case(ZJ, 9000, BUILT),
    "grant.facility_towns": Case(ZJ, 2000, BUILT),
    "grant.facility_years": Case(ZJ, 1, BUILT),
    "grant.facility_scope": Case(ZJ, "listed", BUILT),
    "grant.facility_public": Case(ZJ, 1, BUILT),
    "grant.facility_payer": Case(ZJ, "province", BUILT),
    "housing.ceiling": Case(ZJ, 0),
    "information.bulletin_interval": Case(ZJ, 1),
    "information.promotion_link": Case(ZJ, False),
    "information.field_meetings": Case(ZJ, False),
    "information.platform": Case(ZJ, 0.8),
    "information.ranking": Case(ZJ, 1),
    "information.media": Case(ZJ, 1),
    "information.participation": Case(ZJ, 1),
    "information.ambassadors": Case(ZJ, 10),
    "land_guarantee.priority": Case(PX, False),
    "land_guarantee.full": Case(PX, False),
    "land_guarantee.gate": Case(PX, "listed"),
    "land_reward.share": Case(ZJ, 0.9),
    "land_reward.supplement": Case(ZJ, 0),
    "land_reward.supplement_rule": Case(ZJ, "of_reward"),
    "land_reward.base": Case(ZJ, "cumulative"),
    "land_reward.town_share": Case(ZJ, 0),
    "land_reward.gate": Case(ZJ, "always"),
    "land_reward.pro_rata": Case(ZJ, "linear"),
    "land_reward.weight": Case(ZJ, "intensity"),
    "land_reward.cap": Case(ZJ, 20),
    "land_reward.pool": Case(ZJ, "fixed_pool", {"land_reward.pool_size": 100}),
    "land_reward.pool_size": Case(ZJ, 100, {"land_reward.pool": "fixed_pool"}),
    "linkage.villages": Case(ZJ, 3),
    "linkage.planning": Case(ZJ, 3, LINKED),
    "linkage.industry": Case(ZJ, 3, LINKED),
    "linkage.infrastructure": Case(ZJ, 3, LINKED),
    "linkage.services": Case(ZJ, 3, LINKED),
    "linkage.ecology": Case(ZJ, 3, LINKED),
    "linkage.management": Case(ZJ, 3, LINKED),
    "linkage.lag": Case(ZJ, 8, LINKED),
    "linkage.planning_lag": Case(ZJ, 8, LINKED),
    "linkage.industry_lag": Case(ZJ, 8, LINKED),
    "linkage.infrastructure_lag": Case(ZJ, 8, LINKED),
    "linkage.services_lag": Case(ZJ, 8, LINKED),
    "linkage.ecology_lag": Case(ZJ, 8, LINKED),
    "linkage.management_lag": Case(ZJ, 8, LINKED),
    "linkage.labour": Case(ZJ, 3, LINKED),
    "linkage.land": Case(ZJ, 0, LINKED),
    "linkage.produce": Case(ZJ, 0, LINKED),
    "linkage.visitors": Case(ZJ, 0, LINKED),
    "linkage.reach": Case(ZJ, 3, LINKED),
    "linkage.by_size": Case(ZJ, True, LINKED),
    "linkage.reverse": Case(ZJ, 3, LINKED),
    "list.warn": Case(ZJ, False),
    "list.demote_after": Case(TZ, 0),
    "list.exit_after": Case(TZ, 1),
    "list.demote_score": Case(ZJ, 0),
    "list.window": Case(ZJ, "rolling", {}, 13),
    "list.later_misses": Case(TZ, "nothing", {}, 13),
    "list.count_from": Case(TZ, "demotion"),
    "list.exit_scope": Case(ZJ, "list", {"list.exit_after": 1, "list.demote_score": 0, "land_reward.gate": "always"}),
    "list.order": Case(
        TZ, "pay_first", {"rebate.schedule": [1] * 5, "rebate.gate": "listed", "rebate.after_demotion": "stop_now"}
    ),
    "list.promotion_rule": Case(TZ, "automatic", {"list.promotion_places": 1, "call.creation_places": 2}),
    "list.cultivation_exit_after": Case(TZ, 1),
    "list.promotion": Case(TZ, False),
    "list.promotion_places": Case(TZ, 1),
    "list.reentry_years": Case(TZ, 0),
    "list.observe_after": Case(TZ, 1),
    "list.observed_support": Case(TZ, False, OBSERVED),
    "list.reversal": Case(ZJ, 1),
    "list.suspend_after": Case(ZJ, 1),
    "list.suspension": Case(ZJ, "one_year", LENIENT, 13),
    "mixed_use.share": Case(ZJ, 0.8),
    "mixed_use.bonus": Case(ZJ, 0.5),
    "mixed_use.tax_relief": Case(ZJ, 0.5),
    "mixed_use.command": Case(ZJ, True),
    "rebate.schedule": Case(ZJ, [0.5] * 5),
    "rebate.gate": Case(ZJ, "listed"),
    "rebate.base": Case(ZJ, "new_firms"),
    "rebate.clock": Case(ZJ, "naming", {}, 15),
    "rebate.after_demotion": Case(ZJ, "keep", {"list.demote_after": 1, "rebate.gate": "listed"}, 13),
    "rebate.provincial_part": Case(ZJ, "zero"),
    "rebate.firm_share": Case(ZJ, 0),
    "rebate.town_share": Case(ZJ, 0),
    "registered_capital.minimum": Case(ZJ, 500),
    "registered_capital.scope": Case(ZJ, 0.5),
    "shares.assets": Case(ZJ, 0.5),
    "shares.money": Case(ZJ, 0.5, LINKED),
    "shares.residents": Case(ZJ, 0.5),
    "shares.collective": Case(ZJ, 0.5, HELD),
    "shares.collective_floor": Case(ZJ, 3, HELD),
    "shares.risk": Case(ZJ, "fixed", HELD),
    "shares.cadres_first": Case(ZJ, True, HELD),
    "processing.base": Case(ZJ, 500),
    "processing.capacity": Case(ZJ, 0.2, CROPS),
    "processing.uplift": Case(ZJ, 10, CROPS),
    "processing.farmer_share": Case(ZJ, 0.5, CROPS),
    "processing.cooperative_fee": Case(ZJ, 0.1, CROPS),
    "processing.rent_period": Case(ZJ, "part", CROPS),
    "visitors.grade": Case(ZJ, 5),
    "visitors.grade_tourism": Case(ZJ, 0),
    "visitors.festivals": Case(ZJ, 6),
    "visitors.chain": Case(ZJ, 1, SCENIC),
    "visitors.belt": Case(ZJ, 0.4, SCENIC),
    "talent.subsidy": Case(ZJ, 20),
    "talent.housing": Case(ZJ, 0.5),
    "talent.startup_fund": Case(ZJ, 100),
    "talent.services": Case(ZJ, 0.8),
    "talent.payer": Case(ZJ, "province", PAID),
    "talent.training": Case(ZJ, 2),
    "talent.tracking": Case(ZJ, 0.8),
    "talent.referral": Case(ZJ, 1),
    "talent.flats": Case(ZJ, 20_000),
    "talent.flats_owned": Case(ZJ, 1, FLATS),
    "talent.flats_shared": Case(ZJ, 1, FLATS),
    "talent.schooling": Case(ZJ, 1),
    "talent.cards": Case(ZJ, 1000),
    "talent.projects": Case(ZJ, 40),
    "talent.project_money": Case(ZJ, 200, SUPPORTED),
    "talent.project_success": Case(ZJ, 0.2, SUPPORTED),
    "target.active": Case(ZJ, False),
    "target.three_year": Case(ZJ, 800_000),
    "target.first_year": Case(ZJ, 200_000),
    "target.first_year_share": Case(TZ, 0.5),
    "target.first_year_base": Case(TZ, "threshold"),
    "target.poor_county_factor": Case(ZJ, 1),
    "target.annual_rule": Case(ZJ, "third"),
    "target.core_share_min": Case(TZ, 0.9),
    "target.core_share_base": Case(TZ, "yearly"),
    "target.effective_rule": Case(ZJ, "any"),
    "target.tolerance": Case(ZJ, 0.3),
    "target.years": Case(ZJ, 6, {"target.annual_rule": "third"}),
    "target.price_basis": Case(ZJ, "real"),
    "target.cultivation_part": Case(TZ, 1, {"call.cultivation_places": 16, "target.first_year": 150_000}),
    "target.space_cap": Case(ZJ, "hard", {}, 16),
    "veto.active": Case(TZ, False),
    "veto.audit_probability": Case(TZ, 1),
    "veto.tolerance": Case(TZ, 0),
    "veto.ban_years": Case(TZ, 0, {"veto.audit_probability": 1, "veto.tolerance": 0}),
    "veto.incidents": Case(TZ, False, {}, 16),
}
IDLE: dict[str, str] = {}
"""Levers known to do nothing yet, with the reason."""


def test_every_lever_has_a_case():
    assert set(CASES) == set(library().levers)


@pytest.mark.parametrize(
    "key", [pytest.param(k, marks=pytest.mark.xfail(reason=IDLE[k], strict=True) if k in IDLE else ()) for k in CASES]
)
def test_every_lever_moves_something(key):
    case = CASES[key]
    base = small(case.regime, case.quarters, levers=case.context)
    changed = small(case.regime, case.quarters, levers={**case.context, key: case.value})
    assert changed.levers[key] != base.levers[key], "the case gives the regime's own value"
    assert Trail(make(changed)).parts_from(trail(base), case.quarters) is not None


ELSEWHERE = {"call.town_types"}
"""Choices whose options only differ in worlds with two types of town; they are told apart in test_linkage."""
CHOICES = {
    key: [c.id for c in library().levers[key].choices]
    for key in CASES
    if library().levers[key].type == "choice" and key not in ELSEWHERE
}


@pytest.mark.parametrize("key", CHOICES)
def test_options_of_a_choice_differ_from_each_other(key):
    """No two options of one lever give the same run in the regime of its case."""
    case = CASES[key]
    options = CHOICES[key]
    made = {o: small(case.regime, case.quarters, levers={**case.context, key: o}) for o in options}
    marks = {o: tuple(trail(m)[t] for t in range(case.quarters)) for o, m in made.items()}
    assert len(set(marks.values())) == len(options), [
        (a, b) for a in options for b in options if a < b and marks[a] == marks[b]
    ]


@pytest.mark.parametrize("regime", REGIMES[1:])
def test_every_lever_that_a_regime_sets_is_read(regime):
    p = played(small(regime, 14))
    stated = {s.lever for s in library().regimes[regime].values}
    unread = stated - p.policy.levers_read()
    assert not unread


def test_columns_of_a_run_are_all_compared():
    """The hash of these tests sees every array of the towns, both ledgers and all populations."""
    names = set(columns(worlds.play(make(small("null", 1)))))
    assert {"firms.cash", "projects.stage", "talents.town", "villages.income", "towns.event", "money.balance"} <= names
    assert len(names) > 100 and plain((1, 2)) == [1, 2]
