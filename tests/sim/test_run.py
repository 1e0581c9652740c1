"""A run as a pure function: what identifies it, what it gives back, and what is not defined in it."""

from __future__ import annotations

import dataclasses
import math
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.model import Simulation
from sim.outcomes import OUTCOMES, YEARLY
from sim.run import ROOT, RunResult, RunSpec, collect, run
from sim.state.countryside import BAND_NAMES
from tests.worlds import PLACES, REGIMES, counties, library, make, scenario

LENGTH = 14
TABLES = ("towns", "counties", "villages", "firms", "projects", "talents")
COHORT = {
    "completion_own", "completion_reported", "completion_ratio_median", "completion_ratio_total", "town_exit_rate",
    "town_exit_hazard", "warned_share", "demoted_share", "exited_share", "withdrawn_share", "vetoed_share",
    "named_share", "homogeneity", "reporting_gap", "above_share",
}  # fmt: skip
"""Outcomes of towns on a list: not defined where there is no list."""
TIERED = {
    "tier_towns", "tier_goals_met", "tier_people_met", "tier_revenue_met", "tier1_goals_met", "tier2_goals_met",
}  # fmt: skip
"""Outcomes of towns in tiers: not defined where there are no tiers, as in these regimes."""
ELSEWHERE = {"second_grant_share"}
"""The second sum of a grant: not defined where no grant has a schedule; only Pingxiang's has."""
SHARES = {
    "completion_common", "completion_own", "completion_reported", "town_exit_rate", "warned_share", "demoted_share",
    "exited_share", "withdrawn_share", "vetoed_share", "named_share", "entrants_gone_3y", "entrants_gone_5y",
    "projects_fallen_share", "housing_share", "core_share", "social_share", "government_share", "homogeneity",
    "talents_kept_3y", "urbanisation",
}  # fmt: skip


def spec(regime: str = "zhejiang_2015", quarters: int = LENGTH, **fields: object) -> RunSpec:
    """A run of the small province."""
    places = {} if regime == "null" else PLACES
    return RunSpec(scenario(regime, quarters, levers=places), counties=counties(), **fields)


@pytest.fixture(scope="module")
def results() -> dict[str, RunResult]:
    """One result for each regime."""
    return {regime: run(spec(regime, tables=TABLES)) for regime in REGIMES}


# --- what identifies a run -------------------------------------------------------------------------------------------


def test_the_key_says_everything_that_decides_the_result():
    base = spec()
    others = [
        spec("tongzhou_2017"), spec(quarters=LENGTH + 1), dataclasses.replace(base, replicate=1),
        dataclasses.replace(base, root=ROOT + 1), dataclasses.replace(base, tables=("towns",)),
        dataclasses.replace(base, counties=None),
        RunSpec(scenario(quarters=LENGTH, levers={**PLACES, "clawback.multiple": 3}), counties=counties()),
        RunSpec(scenario(quarters=LENGTH, levers=PLACES, behaviour={"project.sign": 0.5}), counties=counties()),
        RunSpec(scenario(quarters=LENGTH, levers=PLACES, effective="2015Q3"), counties=counties()),
    ]  # fmt: skip
    keys = [s.key for s in (base, *others)]
    assert len(set(keys)) == len(keys) and all(len(key) == 64 for key in keys)


def test_the_key_does_not_depend_on_names_order_or_place(tmp_path):
    base = spec(tables=("towns", "firms"))
    assert base.key == spec(tables=("firms", "towns")).key
    elsewhere = tmp_path / "other.csv"
    elsewhere.write_bytes(Path(counties()).read_bytes())
    assert dataclasses.replace(base, counties=str(elsewhere)).key == base.key, "the table's content counts"
    again = library().resolve(
        "zhejiang_2015", quarters=LENGTH, levers=dict(reversed(PLACES.items())), effective="2015Q2"
    )
    assert dataclasses.replace(base, scenario=again).key == base.key
    assert pickle.loads(pickle.dumps(base)).key == base.key


@pytest.mark.slow
def test_the_key_is_the_same_in_another_process():
    code = (
        "from sim.parameters import load_library; from sim.run import RunSpec;"
        "print(RunSpec(load_library().resolve('zhejiang_2015', quarters=14, effective='2015Q2'), 3).key)"
    )
    keys = set()
    for seed in ("0", "1"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
        keys.add(done.stdout.strip())
    assert keys == {RunSpec(scenario(quarters=14), 3).key}


# --- what it gives back ----------------------------------------------------------------------------------------------


def test_outcomes_and_their_definitions_are_the_same_set(results):
    for result in results.values():
        assert set(result.summary) == set(OUTCOMES)
        assert set(result.yearly) == set(YEARLY)
    for outcome in (*OUTCOMES.values(), *YEARLY.values()):
        assert outcome.better in (-1, 0, 1)
        for text in (outcome.title, outcome.population, outcome.window, outcome.definition):
            assert text["zh"] and text["en"], outcome.id
    assert {o.kind for o in OUTCOMES.values()} == {"summary"} and {o.kind for o in YEARLY.values()} == {"yearly"}


def test_outcomes_are_in_known_units():
    units = library().units
    assert not {o.unit for o in (*OUTCOMES.values(), *YEARLY.values())} - set(units)


def test_fields_have_their_types_and_shapes(results):
    for regime, result in results.items():
        assert result.spec_key == spec(regime, tables=TABLES).key
        assert result.years == (2015, 2016, 2017, 2018)
        assert all(isinstance(v, float) for v in result.summary.values())
        assert all(v.shape == (4,) and v.dtype == np.float64 for v in result.yearly.values())
        assert all(isinstance(v, float) for cohort in result.cohorts.values() for v in cohort.values())
        assert set(result.guards["levers_read"]) <= set(library().levers)
        assert set(result.tables) == set(TABLES)
        for table in result.tables.values():
            assert len({column.shape[0] for column in table.values()}) == 1


def test_shares_are_shares_and_nothing_is_infinite(results):
    for result in results.values():
        assert not any(math.isinf(v) for v in result.summary.values())
        for name in SHARES - {"talents_kept_3y"}:
            assert math.isnan(result.summary[name]) or 0.0 <= result.summary[name] <= 1.0, name
        for name in ("housing_share", "core_share", "completion_annual", "applied", "pushed", "inflated", "drifted"):
            held = result.yearly[name][~np.isnan(result.yearly[name])]
            assert np.all((held >= 0.0) & (held <= 1.0)), name


def test_no_more_talents_are_kept_than_came(results):
    assert all(0.0 <= r.summary["talents_kept_3y"] <= 1.0 for r in results.values())


def test_what_is_not_defined_is_nan(results):
    """No list, no outcomes of listed towns; no tier, none of tiers; no village at a distance, no income there; every
    other outcome has a number.
    """
    null = results["null"]
    band = make(scenario("null", 1), small=True).rural.band
    empty = (
        TIERED | ELSEWHERE | {f"village_income_{name}" for i, name in enumerate(BAND_NAMES) if not (band == i).any()}
    )
    assert {name for name, v in null.summary.items() if math.isnan(v)} == COHORT | empty
    assert null.cohorts == {} and np.isnan(null.yearly["completion_annual"]).all()
    assert all(null.summary[name] == 0.0 for name in ("land_rewarded", "land_clawed", "public_cost", "land_value"))
    for regime in REGIMES[1:]:
        undefined = empty - ELSEWHERE if regime == "pingxiang_2017" else empty
        assert {name for name, v in results[regime].summary.items() if math.isnan(v)} == undefined, regime


def test_windows_that_have_not_ended_are_nan():
    """Half a year in, nothing about three years is known."""
    short = run(spec(quarters=3)).summary
    for name in ("completion_common", "completion_own", "completion_reported", "talents_kept_3y"):
        assert math.isnan(short[name]), name
    assert not math.isnan(short["named_share"])


def test_summary_yearly_cohorts_and_tables_tell_the_same_story(results):
    for regime, r in results.items():
        for name in ("investment_effective", "investment_total", "public_cost", "land_rewarded", "land_clawed"):
            assert r.yearly[name].sum() == pytest.approx(r.summary[name]), (regime, name)
        assert r.yearly["debt"][-1] == pytest.approx(r.summary["debt_end"])
        assert r.yearly["jobs"][-1] == r.summary["jobs_end"] == r.tables["towns"]["jobs"].sum()
        assert r.yearly["firms"][-1] == r.tables["firms"]["key"].size
        assert r.yearly["talents"][-1] == r.summary["talents_end"] == r.tables["talents"]["key"].size
        assert r.tables["towns"]["investment"].sum() / 1e4 == pytest.approx(r.summary["investment_effective"])
        listed = (r.tables["towns"]["listed_at"] >= 0).sum()
        assert sum(c["towns"] for c in r.cohorts.values()) == listed
        assert r.summary["land_net"] == pytest.approx(r.summary["land_rewarded"] - r.summary["land_clawed"])
        assert np.all(np.diff(r.yearly["named"]) >= 0) and np.all(np.diff(r.yearly["exited_total"]) >= 0)


def test_tables_are_copies_and_agree_with_their_columns(results):
    r = results["zhejiang_2015"]
    towns = r.tables["towns"]
    assert len(set(towns["key"].tolist())) == 26
    assert set(towns["status"]) <= {"site", "cultivation", "creation", "named", "exited", "withdrawn", "vetoed"}
    firms = r.tables["firms"]
    counted = (firms["founder"] == 0) | (firms["born"] < LENGTH - 1)
    assert np.array_equal(np.bincount(firms["town"][counted], minlength=26), towns["firms"]), "start-ups come after"
    assert np.array_equal(np.bincount(r.tables["villages"]["town"], minlength=26) > 0, np.ones(26, dtype=bool))
    assert r.tables["counties"]["key"].size == 6


def test_collect_is_run(results):
    """Stepping a province by hand and collecting at the end gives the result of `run`."""
    s = spec("tongzhou_2017")
    p = Simulation(s.scenario, s.replicate, s.root, counties=s.counties)
    by_hand = collect(p, s)
    np.testing.assert_equal(by_hand.summary, results["tongzhou_2017"].summary)
    assert p.running is False
    p.step()
    assert p.t == LENGTH - 1, "stepping past the end does nothing"


def test_results_pickle(results):
    again = pickle.loads(pickle.dumps(results["null"]))
    assert again.spec_key == results["null"].spec_key
    assert np.array_equal(again.yearly["jobs"], results["null"].yearly["jobs"])


@pytest.mark.parametrize("start", ["2015Q2", "2015Q3", "2015Q4"])
def test_a_run_may_start_in_any_quarter(start):
    """Calendar years stay calendar years: the first is short, reports are booked in fourth quarters."""
    levers = {**PLACES}
    made = library().resolve("zhejiang_2015", start=start, quarters=9, levers=levers)
    result = run(RunSpec(made, counties=counties()))
    assert result.years[0] == 2015 and len(result.years) == (made.start.q - 1 + 9 + 3) // 4
    p = make(made, small=True)
    while p.t + 1 < p.clock.quarters:
        p.step()
        assert bool(p.towns.reported[p.t].any()) == (p.clock.quarter.q == 4)
    assert result.yearly["investment_effective"].sum() == pytest.approx(result.summary["investment_effective"])
