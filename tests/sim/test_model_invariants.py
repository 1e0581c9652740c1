"""What holds in every scenario that the files allow: no crash, closed books, stocks above zero, shares within one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.engine.ledger import REASONS
from sim.instruments.finance import FinanceMatching
from sim.instruments.land_supply import LandSupply
from sim.outcomes import summarise
from sim.parameters.records import Lever
from sim.state.people import BUILDING, LANDED
from sim.state.province import Province
from sim.state.town import EVENTS, Status, Strategy
from tests.worlds import PLACES, REGIMES, columns, library, make, play, played, scenario

QUARTERS = 6
HONEST = {"report.inflation": 0.0, "report.base": 0.0, "report.noise": 0.0}

# --- every scenario that the files allow -----------------------------------------------------------------------------


def numbers(low: float, high: float, whole: bool = False) -> st.SearchStrategy[float]:
    """Numbers in a range, its ends more often than chance would have them."""
    inside = st.integers(int(low), int(high)) if whole else st.floats(low, high, allow_subnormal=False)
    return st.one_of(st.sampled_from([low, high]), inside)


def values(lever: Lever) -> st.SearchStrategy[Any]:
    """Values that a lever may take (bounds by other levers are seen to in :func:`within`)."""
    if lever.type == "flag":
        return st.booleans()
    if lever.type == "choice":
        return st.sampled_from([choice.id for choice in lever.choices])
    if lever.type == "regime":
        return st.just("none")  # which may stand above hangs on the regime; those that name one keep it otherwise
    high = lever.max if isinstance(lever.max, int | float) else 1.0
    one = numbers(lever.min, high, lever.type == "integer")
    if lever.type == "schedule":
        return st.lists(one, min_size=1, max_size=7)
    return st.lists(one, min_size=8, max_size=8) if lever.type == "by_industry" else one


def within(levers: dict[str, Any]) -> dict[str, Any]:
    """Give a lever that is bounded by another one its share of that bound, and the bound a value."""
    for low, high, usual in (
        ("assessment.qualified_score", "assessment.excellent_score", 85.0),
        ("target.first_year", "target.three_year", [300_000.0] * 8),
    ):
        if low in levers or high in levers:
            top, share = levers.setdefault(high, usual), levers.get(low, 0.5)
            many = isinstance(top, list)
            shares = share if isinstance(share, list) else [share] * 8
            levers[low] = [a * b for a, b in zip(top, shares, strict=True)] if many else top * share
    return levers


LEVERS = st.fixed_dictionaries({}, optional={key: values(lever) for key, lever in library().levers.items()}).map(within)
BEHAVIOUR = st.fixed_dictionaries(
    {},
    optional={
        key: st.sampled_from(list(u.params["values"])) if u.distribution == "discrete" else numbers(u.low, u.high)
        for key, u in library().uncertainties.items()
    },
)
EXTREMES = {end: {key: float(getattr(u, end)) for key, u in library().uncertainties.items()} for end in ("low", "high")}


SCENARIOS = {
    "regime": st.sampled_from(REGIMES),
    "levers": LEVERS,
    "behaviour": BEHAVIOUR,
    "replicate": st.integers(0, 3),
}
ANY = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)


def runs_soundly(regime: str, levers: dict[str, Any], behaviour: dict[str, float], replicate: int) -> None:
    """A year and a half from the first quarter on: listing, assessment, pay, and with a short clock the settlement."""
    made = scenario(regime, QUARTERS, levers={**PLACES, **levers}, behaviour=behaviour, effective="2015Q1")
    p = make(made, replicate, small=True)
    before = p.villages.population + p.villages.settled
    while p.t + 1 < QUARTERS:
        p.step()
        assert not unsound(p, before)
    assert not [name for name, value in summarise(p).items() if np.isinf(value)]


@given(**SCENARIOS)
@settings(ANY, max_examples=12)
def test_every_allowed_scenario_runs_and_stays_sound(regime, levers, behaviour, replicate):
    runs_soundly(regime, levers, behaviour, replicate)


@pytest.mark.slow
@given(**SCENARIOS)
@settings(ANY, max_examples=150)
def test_very_many_allowed_scenarios_run_and_stay_sound(regime, levers, behaviour, replicate):
    runs_soundly(regime, levers, behaviour, replicate)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("end", EXTREMES)
def test_all_behaviour_at_one_end_of_its_range_stays_sound(regime, end):
    p = make(scenario(regime, QUARTERS, levers=PLACES, behaviour=EXTREMES[end]), small=True)
    before = p.villages.population + p.villages.settled
    assert not unsound(play(p), before)


# --- what sound means ------------------------------------------------------------------------------------------------


def unsound(p: Province, villagers: np.ndarray) -> list[str]:
    """Everything that is wrong with a province, in words; nothing when it is sound."""
    checks = (finite, signs, shares, identities, land, lists, money)
    wrong = [f"{check.__name__}: {what}" for check in checks for what in check(p)]
    if not np.array_equal(p.villages.population + p.villages.settled, villagers):
        wrong.append("villagers appear or disappear")
    return wrong


def finite(p: Province) -> list[str]:
    """Columns with numbers that are none."""
    found = columns(p)
    return [name for name, c in found.items() if c.dtype.kind == "f" and not np.isfinite(c).all()]


NOT_NEGATIVE = (
    "projects.budget projects.spent projects.land projects.held projects.progress projects.duration firms.debt "
    "firms.employees villages.population villages.migrants villages.commuters villages.settled villages.income "
    "counties.debt towns.core towns.other towns.housing towns.works towns.government towns.social towns.reported "
    "towns.land_used towns.land_from_reward towns.output towns.tax towns.entrants towns.exits towns.supplied "
    "towns.built towns.idle towns.housing_land towns.rewarded land_reward.supplement towns.clawed towns.firms "
    "towns.jobs towns.talents towns.plan towns.promised towns.misses towns.inflation towns.drift information.resolve "
    "money.flows land.flows diary.exposed diary.gone diary.fallen diary.talents_in towns.required towns.declared"
).split()


def signs(p: Province) -> list[str]:
    """Stocks and flows below zero."""
    found = columns(p)
    wrong = [name for name in NOT_NEGATIVE if found[name].size and found[name].min() < 0]
    if p.firms.n and p.firms.live("employees").min() < 1:
        wrong.append("a firm without workers")
    return wrong


def shares(p: Province) -> list[str]:
    """Shares outside 0 to 1, and parts above their whole."""
    found, s = columns(p), p.towns
    names = ("projects.progress", "projects.own", "projects.bank", "projects.social", "projects.government",
             "towns.effort", "towns.infra", "villages.facilities", "villages.support")  # fmt: skip
    wrong = [n for n in names if found[n].size and not (found[n].min() >= 0.0 and found[n].max() <= 1.0)]
    built = p.projects.live("stage") == BUILDING
    terms = sum(p.projects.live(n) for n in ("own", "bank", "social", "government"))
    if built.any() and not np.allclose(terms[built], 1.0):
        wrong.append("terms of finance do not add up to one")
    whole = s.core + s.other + s.works  # private money also goes into the facility programme's works
    if (s.social > whole).any() or (s.government > whole).any():
        wrong.append("a part of the investment above the whole")
    if (p.diary.fallen.sum() + p.diary.abandoned.sum()) > p.diary.announced.sum() + p.projects.capacity:
        wrong.append("more projects fell through than there were")
    return wrong


def identities(p: Province) -> list[str]:
    """Agents that are there twice, nowhere, or not counted."""
    wrong = []
    for name in ("firms", "projects", "talents"):
        table = getattr(p, name)
        town, key = table.live("town"), table.live("key")
        if np.unique(key).size != table.n:
            wrong.append(f"{name}: an identity twice")
        if table.n and not (town.min() >= 0 and town.max() < p.towns.size):
            wrong.append(f"{name}: a town that does not exist")
    if not np.array_equal(p.towns.talents, np.bincount(p.talents.live("town"), minlength=p.towns.size)):
        wrong.append("talents are miscounted")
    return wrong


def land(p: Province) -> list[str]:
    """Land that is held by nobody, twice, or beyond the plan."""
    s, sites = p.towns, p.places.towns
    wrong = []
    held = np.where(np.isin(p.projects.live("stage"), (LANDED, BUILDING)), p.projects.live("held"), 0)
    if not np.array_equal(s.supplied, np.bincount(p.projects.live("town"), held, p.towns.size).astype(np.int64)):
        wrong.append("land supplied is not what projects hold")
    used = s.built + s.supplied + s.idle + s.housing_land
    if (used > np.maximum(sites.planned_area, p.books.opening_land)).any():
        wrong.append("more land in use than planned")
    if (s.land_from_reward.sum(axis=0) > given(p)).any():
        wrong.append("towns used more land of their own than they were given")
    return wrong


def given(p: Province) -> np.ndarray:
    """Most that can have come into each town's own account: rewards, direct supply, settlers' and reclaimed quota."""
    return p.towns.rewarded + p.towns.direct


def lists(p: Province) -> list[str]:
    """Towns whose place on the lists contradicts their record."""
    s = p.towns
    wrong = []
    if (s.listed()[:, None] & (s.listed_at < 0)[:, None]).any() or (
        (s.status == Status.NAMED) & (s.named_at < 0)
    ).any():
        wrong.append("listed or named without a date")
    if ((s.left_at >= 0) & (s.status == Status.SITE)).any():
        wrong.append("left and yet never listed")
    now = s.event[p.t]
    if ((now & EVENTS["missed"]) > 0).any() and p.clock.quarter.q != 4:
        wrong.append("a miss outside the fourth quarter")
    if (((now & EVENTS["missed"]) > 0) & ((now & EVENTS["assessed"]) == 0)).any():
        wrong.append("missed without an assessment")
    if s.reported[p.t].any() and p.clock.quarter.q != 4:
        wrong.append("a report outside the fourth quarter")
    if not np.isin(s.strategy, [int(x) for x in Strategy]).all():
        wrong.append("a strategy that does not exist")
    return wrong


def money(p: Province) -> list[str]:
    """Books that do not close, and what agents carry that was not booked."""
    wrong = [b.name for b in (p.money, p.land) if int(b.balance.sum()) != 0]
    s, direct = p.towns, (REASONS["direct_quota"], REASONS["settlement_quota"], REASONS["linked_quota"])
    direct += (REASONS["upper_land"],)
    carried = (
        (p.land, (REASONS["land_reward"],), s.rewarded),
        (p.land, (REASONS["clawback"],), s.clawed),
        (p.land, (REASONS["land_guarantee"],), s.guaranteed),
        (p.land, direct, s.direct),
        (p.land, (REASONS["linked_quota"],), p.policy.the(LandSupply).reclaimed),
        (p.land, (REASONS["village_land"],), p.rural.land_given),
        (p.money, (REASONS["ppp_advance"],), p.policy.the(FinanceMatching).advanced),
        (p.money, (REASONS["share_dividend"],), p.rural.dividends),
    )
    for book, reasons, column in carried:
        if sum(int(book.total(r).sum()) for r in reasons) != int(column.sum()):
            wrong.append(f"{reasons[0].name} is not what its agents carry")
    return wrong


# --- limits ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", REGIMES)
def test_reports_are_true_when_nobody_errs_or_lies(regime):
    """No inflation, no usual optimism, no noise: every town reports its true effective investment, to the 万元."""
    p = make(scenario(regime, 8, levers=PLACES, exact=HONEST), small=True)
    for _ in range(8):
        p.step()
        if p.clock.quarter.q == 4:
            assert np.array_equal(p.towns.reported[p.t], p.true_effective())
    gap = summarise(p)["reporting_gap"]
    assert np.isnan(gap) if regime == "null" else gap == 0.0


@pytest.mark.parametrize("start", ["2015Q2", "2015Q4"])
def test_the_reporting_gap_is_zero_whatever_the_first_quarter(start):
    made = library().resolve("zhejiang_2015", start=start, quarters=9, levers=PLACES)
    honest = replace(made, behaviour={**made.behaviour, **HONEST}, fingerprint=f"honest{start}")
    assert summarise(play(make(honest, small=True)))["reporting_gap"] == pytest.approx(0.0)


def test_infrastructure_is_never_more_than_complete():
    """However much a fund pours into one town."""
    levers = {**PLACES, "grant.sponge_fund": 500_000, "grant.sponge_share": 0.1}
    p = make(scenario("pingxiang_2017", 6, levers=levers), small=True)
    for _ in range(6):
        p.step()
        assert p.towns.infra.max() <= 1.0


def test_without_hazards_no_firm_closes_and_with_certainty_all_do():
    ages = ("year1", "year2", "year3", "years4_7", "later")
    for hazard, left in ((0.0, None), (1.0, 0)):
        exact = {f"exit.hazard_{age}": hazard for age in ages} | {"exit.size_slope": 0.0, "exit.margin_slope": 0.0}
        p = played(scenario("null", 2, exact=exact), 0, 1, small=True)
        start = make(scenario("null", 2), small=True).firms.n
        old = np.count_nonzero(p.firms.live("born") < 0)
        assert p.diary.gone.sum() == 0 and old >= start * 0.9 if left is None else old == left


def test_nothing_is_built_where_no_project_comes_and_none_is_signed():
    p = played(scenario("null", 6, exact={"project.rate": 0.0, "project.sign": 0.0}), small=True)
    assert p.diary.announced.sum() == 0
    assert p.projects.n == 0 and not (p.towns.core + p.towns.other).any() and p.diary.finished.sum() == 0


def test_a_certain_forecast_of_failure_keeps_counties_away():
    """Where listing pays nothing and costs an application, nobody applies."""
    bare = {**PLACES, **{k: library().levers[k].inert for k in library().levers if not k.startswith("call.")}}
    bare = {k: list(v) if isinstance(v, tuple) else v for k, v in bare.items()}
    tight = {"official.scale": 1.0, "report.base": 0.0}
    p = played(scenario("zhejiang_2015", 2, levers=bare, exact=tight), small=True)
    assert not p.towns.applied_history.any()
