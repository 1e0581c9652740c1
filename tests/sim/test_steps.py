"""The seventeen steps of a quarter: what each one does, shown by leaving it out, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

import sim.schedule
from sim.engine.ledger import REASONS, LedgerError
from sim.schedule import STEPS
from sim.state.people import ANNOUNCED, BUILDING, LANDED, SIGNED
from sim.state.province import Province
from sim.state.town import EVENTS, Status, Strategy
from sim.world.types import Geography
from tests import worlds
from tests.worlds import PLACES, columns, different, digest, make, play, played, scenario

NAMES = tuple(step.name for step in STEPS)
NEEDED = {"treasury": "firms set their tax aside in `operate`; unless it is handed over the books cannot close"}
"""Steps that cannot be left out alone, and why: the audit stops such a run."""
QUIET = {**PLACES, "visitors.grade": 0, "visitors.grade_tourism": 0}
"""Without visitors, who come in `village` and spend in the towns, so that each step can be told by what it writes."""
YEAR = scenario("zhejiang_2015", 8, levers=QUIET)
SOON = scenario(
    "zhejiang_2015", 8,
    levers={**QUIET, "acceptance.after": 4, "target.three_year": 1, "target.first_year": 0},
)  # fmt: skip
"""Every town reaches its target and is judged in the sixth quarter."""


def skipping(name: str) -> frozenset[str]:
    """What has to be left out with a step."""
    return frozenset({name, "audit"}) if name in NEEDED else frozenset({name})


def pair(name: str, quarters: int, made: object = YEAR) -> tuple[Province, Province]:
    """A run with all steps and one without a step, in the small province."""
    return tuple(played(made, 0, quarters, skip=s, small=True) for s in ((), skipping(name)))  # type: ignore[return-value]


def groups(names: set[str]) -> set[str]:
    """Populations and ledgers that some columns belong to."""
    return {name.split(".")[0] for name in names}


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_quarter_is_the_designed_one():
    assert NAMES == (
        "conditions", "call", "plan", "prospect", "contract", "land", "finance", "build", "operate", "leave", "talent",
        "village", "treasury", "year_end", "acceptance", "bulletin", "audit",
    )  # fmt: skip
    assert all(step.title[lang] and step.what[lang] for step in STEPS for lang in ("zh", "en"))
    assert len({step.run for step in STEPS}) == 17


def traced(p: Province, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Run one quarter and hash the whole province after each step."""
    marks: dict[str, str] = {}

    def watch(step: sim.schedule.Step) -> sim.schedule.Step:
        def run(q: Province) -> None:
            step.run(q)
            marks[step.name] = digest(q)

        return replace(step, run=run)

    with monkeypatch.context() as patch:
        patch.setattr(sim.model, "STEPS", tuple(watch(step) for step in STEPS))
        p.step()
    return marks


@pytest.mark.parametrize("name", NAMES)
def test_leaving_a_step_out_leaves_the_start_and_the_steps_before_it_alone(name, monkeypatch):
    """Same places, same people, same luck, and the same bits after every earlier step of the first quarter."""
    whole, cut = make(YEAR, small=True), make(YEAR, small=True, skip=skipping(name))
    assert cut.places.geography is whole.places.geography and isinstance(cut.places.geography, Geography)
    assert cut.draws.root == whole.draws.root and digest(cut) == digest(whole)
    with_it, without_it = traced(whole, monkeypatch), traced(cut, monkeypatch)
    assert set(with_it) - set(without_it) == skipping(name)
    for earlier in NAMES[: NAMES.index(name)]:
        assert without_it[earlier] == with_it[earlier], earlier


# --- what each step does ---------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """What a step is for.

    Attributes:
        quarters: Length of the two runs that are measured.
        measure: A quantity that is zero where the step is left out and above zero where it runs.
        keeps: Columns (or first parts of their names) that the step does not touch in its first quarter.
    """

    quarters: int
    measure: Callable[[Province], float]
    keeps: tuple[str, ...]


def arrived(p: Province) -> float:
    """Firms and projects that came from outside."""
    return float(p.diary.announced.sum() + p.towns.entrants.sum() - p.diary.startups.sum() - p.diary.finished.sum())


def stage(*wanted: int) -> Callable[[Province], float]:
    """Projects that entered one of some stages during the run."""
    return lambda p: float((np.isin(p.projects.live("stage"), wanted) & (p.projects.live("changed") >= 0)).sum())


PARTS: dict[str, Part] = {
    "conditions": Part(1, lambda p: float(np.abs(p.economy.cycle - 1.0).sum()),
                       ("towns.strategy", "towns.effort", "villages.population")),
    "call": Part(2, lambda p: float(np.count_nonzero(p.towns.status)), ("economy.cycle",)),
    "plan": Part(1, lambda p: float((p.towns.strategy != Strategy.COAST).sum()), ("economy.cycle", "towns.status")),
    "prospect": Part(1, arrived, ("economy.cycle", "towns.strategy", "towns.core", "land.", "talents.key")),
    "contract": Part(2, lambda p: float(p.diary.fallen[:, 0].sum()) + stage(SIGNED)(p),
                     ("firms.", "talents.key", "towns.output", "towns.strategy")),
    "land": Part(1, lambda p: float(p.towns.land_used.sum()), ("firms.", "towns.strategy", "diary.announced")),
    "finance": Part(1, stage(BUILDING), ("firms.", "towns.land_used", "diary.announced")),
    "build": Part(1, lambda p: float((p.towns.core + p.towns.other + p.towns.works + p.towns.housing).sum()),
                  ("towns.strategy", "towns.land_used", "diary.announced")),
    "operate": Part(2, lambda p: float(p.towns.output.sum() + p.towns.tax.sum()),
                    ("projects.", "land.", "towns.strategy")),
    "leave": Part(2, lambda p: float(p.diary.gone.sum() + p.towns.exits.sum()),
                  ("projects.", "land.", "towns.output", "towns.tax")),
    "talent": Part(
        2, lambda p: float(p.diary.talents_in.sum() + p.diary.startups.sum()), ("projects.", "land.", "towns.output")
    ),
    "village": Part(2, lambda p: float(p.diary.to_village.sum() + p.diary.to_town.sum() + p.villages.commuters.sum()),
                    ("firms.", "projects.", "talents.", "towns.output", "towns.tax", "towns.infra", "land.",
                     "counties.")),
    "treasury": Part(2, lambda p: float(p.money.total(REASONS["tax_county"]).sum() + p.counties.debt.sum()),
                     ("firms.", "projects.", "talents.", "towns.", "land.", "villages.")),
    "year_end": Part(4, lambda p: float(p.towns.reported.sum() + p.towns.event.sum() + p.towns.score.sum()), ("",)),
    "acceptance": Part(6, lambda p: float((p.towns.named_at >= 0).sum()), ("",)),
    "bulletin": Part(2, lambda p: float(p.towns.status_history.sum() + p.towns.strategy_history.sum()),
                     ("firms.", "projects.", "talents.", "villages.", "land.", "money.", "towns.outlook")),
}  # fmt: skip
"""`audit` only looks; it has a test of its own."""


@pytest.mark.parametrize("name", PARTS)
def test_a_step_does_what_it_is_for(name):
    part = PARTS[name]
    whole, cut = pair(name, part.quarters, SOON if name == "acceptance" else YEAR)
    assert part.measure(cut) == 0.0 < part.measure(whole)


@pytest.mark.parametrize("name", PARTS)
def test_a_step_leaves_the_rest_of_its_first_quarter_alone(name):
    whole, cut = pair(name, 1)
    moved = different(whole, cut)
    kept = {column for column in columns(whole) if column.startswith(PARTS[name].keeps)}
    assert kept and not kept & moved


def test_every_step_has_a_part():
    assert set(PARTS) | {"audit"} == set(NAMES)


# --- step by step ----------------------------------------------------------------------------------------------------


def test_nobody_applies_before_a_window_opens():
    """The first call is in the second quarter: without the step the first quarter is the same to the bit."""
    whole, cut = pair("call", 1)
    assert digest(whole) == digest(cut)
    whole, cut = pair("call", 2)
    assert whole.towns.applied_history[1].any() and not cut.towns.applied_history.any()
    assert np.count_nonzero(whole.towns.status == Status.CREATION) == PLACES["call.creation_places"]


def test_the_credit_squeeze_comes_with_the_conditions():
    made = scenario("null", 4)
    late = replace(made, start=made.start + 12, fingerprint="late")
    assert played(late, 0, 1, small=True).economy.credit == made.behaviour["credit.shock_2018"] < 1.0
    assert played(late, 0, 1, small=True, skip={"conditions"}).economy.credit == 1.0


def test_projects_wait_at_the_door_of_the_step_that_is_left_out():
    """Without signing none is signed, without land none has land, without finance none is built: they wait or fall."""
    for name, stuck, beyond in (
        ("contract", ANNOUNCED, SIGNED),
        ("land", SIGNED, LANDED),
        ("finance", LANDED, BUILDING),
    ):
        whole, cut = pair(name, 6)
        assert stage(beyond)(cut) == 0 < stage(beyond)(whole)
        waiting = [np.count_nonzero(p.projects.live("stage") == stuck) + p.diary.fallen.sum() for p in (cut, whole)]
        assert waiting[0] > waiting[1], (name, waiting)


def test_without_building_nothing_is_finished_and_land_piles_up():
    whole, cut = pair("build", 6)
    assert cut.diary.finished.sum() == 0 < whole.diary.finished.sum()
    assert cut.towns.built.sum() == 0 and cut.towns.supplied.sum() > whole.towns.supplied.sum()
    assert cut.towns.infra.sum() < whole.towns.infra.sum()


def test_without_closures_there_are_more_firms_and_without_operation_no_money():
    whole, cut = pair("leave", 2)
    there, gone = (set(p.firms.live("key").tolist()) for p in (cut, whole))
    assert len(there) > len(gone) and len(there - gone) >= whole.diary.gone.sum() > 0
    idle = played(YEAR, 0, 2, small=True, skip={"operate"})
    assert not idle.firms.live("cash").any() and whole.firms.live("cash").sum() > 0
    assert (idle.towns.exits[:2] > 0).any(), "firms close all the same"


def test_without_the_talent_step_the_first_talents_stay_as_they_are():
    whole, cut = pair("talent", 4)
    start = columns(make(YEAR, small=True))
    assert all(
        start[f"talents.{f}"].tobytes() == columns(cut)[f"talents.{f}"].tobytes() for f in ("key", "town", "state")
    )
    assert whole.diary.talents_in.sum() > 0 and len(
        set(whole.talents.live("key").tolist()) - set(start["talents.key"].tolist())
    )


def test_villages_feed_back_on_nothing_but_money():
    """Two years without the village step: firms, projects, talents, towns and land are the same to the bit, but for the
    count of those who settled.
    """
    whole, cut = pair("village", 8)
    assert groups(different(whole, cut) - {"towns.settlers"}) == {"villages", "money", "diary"}
    moved = np.flatnonzero((whole.money.flows != cut.money.flows).any(axis=(0, 2)))
    village = {"village_labour", "village_produce", "village_return", "village_link"}
    assert {whole.money.reasons[row].name for row in moved} <= village and moved.size > 0
    assert np.array_equal(cut.villages.income, cut.places.villages.income)
    assert whole.villages.income.mean() > cut.villages.income.mean()


def test_the_audit_stops_a_run_without_the_treasury():
    """A step that is needed is missed at once, and the message says where."""
    with pytest.raises(LedgerError, match="money ledger, 2015Q1: control 'enterprise cash'"):
        play(make(YEAR, small=True, skip={"treasury"}), 1)


def test_the_treasury_moves_money_and_debt_only_until_a_rebate_is_built_on():
    """Money includes what partners advance for works, which the treasury books (ZJ-FIN-1)."""
    whole, cut = pair("treasury", 4)
    assert different(whole, cut) == {"money.balance", "money.flows", "counties.debt", "finance.advanced"}


def test_nothing_is_reported_assessed_or_rewarded_without_the_year_end():
    whole, cut = pair("year_end", 3)
    assert digest(whole) == digest(cut), "it acts in the fourth quarter only"
    whole, cut = pair("year_end", 4)
    assert ((whole.towns.event[3] & EVENTS["assessed"]) > 0).sum() == whole.towns.on_a_list().sum()
    assert whole.land.total(REASONS["quota_lapse"]).sum() > 0 == cut.land.total(REASONS["quota_lapse"]).sum()
    only = different(whole, cut)
    assert groups(only) <= {"towns", "counties", "land", "money", "land_reward", "information"}, (
        "firms and people see it later"
    )
    paid = whole.money.total(REASONS["rebate"]).sum(), cut.money.total(REASONS["rebate"]).sum()
    assert paid[0] > 0 == paid[1], "towns that passed are paid in their first year"


def test_nobody_is_judged_before_the_years_are_over():
    whole, cut = pair("acceptance", 5, SOON)
    assert digest(whole) == digest(cut)
    whole, cut = pair("acceptance", 6, SOON)
    assert (whole.towns.status == Status.NAMED).sum() > 0 == (cut.towns.status == Status.NAMED).sum()
    assert groups(different(whole, cut)) == {"towns"}


def test_without_the_bulletin_nobody_learns():
    whole, cut = pair("bulletin", 4)
    assert (cut.towns.outlook == 1.0).all() and (whole.towns.outlook != 1.0).any()
    assert not cut.towns.reputation.any() and whole.towns.reputation.any()
    learnt = {
        "towns.outlook",
        "towns.reputation",
        "information.resolve",
        "towns.status_history",
        "towns.strategy_history",
    }
    assert different(whole, cut) <= learnt


def test_the_audit_only_looks():
    whole, cut = pair("audit", 8)
    assert digest(whole) == digest(cut)
    forged = make(YEAR, small=True, skip={"audit"})
    forged.firms.columns.cash[0] += 1
    play(forged, 1)
    caught = make(YEAR, small=True)
    caught.firms.columns.cash[0] += 1
    with pytest.raises(LedgerError):
        play(caught, 1)
    taken = make(YEAR, small=True)
    taken.rural.land_given[0] += 1
    with pytest.raises(LedgerError, match="village land"):
        play(taken, 1)


def test_steps_run_in_the_whole_province_as_in_the_small_one():
    """Once with everything: the village step again, with all 130 sites."""
    made = scenario("zhejiang_2015", 2, levers={k: v for k, v in QUIET.items() if k not in PLACES})
    whole, cut = (worlds.played(made, 0, 2, skip=s) for s in ((), {"village"}))
    moved = groups(different(whole, cut) - {"towns.settlers"})
    assert moved == {"villages", "money", "diary"} and whole.towns.size == 130
