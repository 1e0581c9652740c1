"""Procedures of the provinces (S3 L335-511) say what their sentences say, and nothing of a neighbour's."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters.readings import standings
from sim.run import RunSpec, run
from tests import worlds


def lever(regime: str, key: str, quarters: int = 24) -> tuple[object, ...]:
    """Values of a lever from the quarter in which a regime takes effect."""
    made = worlds.library().resolve(regime, effective="2015Q2", quarters=quarters)
    return tuple(made.levers[key][made.effective_index :])


def test_liaoning_reviews_in_batches():
    """LN-PROC-2, S3 L413: the second step is review in batches (分批审核)."""
    assert sum(places > 0 for places in lever("liaoning", "call.creation_places")) > 1
    scenario = worlds.library().resolve("liaoning", world="liaoning", quarters=16)
    towns = run(RunSpec(scenario, tables=("towns",))).tables["towns"]
    at = towns["listed_at"]
    assert np.unique(at[at >= 0]).size > 1, "all towns of Liaoning are listed at once"


@pytest.mark.parametrize("key", ["call.cultivation_places", "list.cultivation_exit_after"])
def test_hebei_has_no_cultivation_list(key):
    """HE-PROC-2, HE-PROC-4, S3 L487-499: batches of the creation list (分批公布创建名单); nothing is cultivated."""
    inert = worlds.library().levers[key].inert
    assert set(lever("hebei", key)) == {inert}


def test_hebei_lists_in_batches():
    """HE-PROC-2, S3 L493: the province publishes the creation list in batches."""
    assert sum(places > 0 for places in lever("hebei", "call.creation_places")) > 1


TEN = (
    "hubei",
    "zhejiang_2015",
    "gansu",
    "shandong",
    "liaoning",
    "tianjin",
    "jiangxi_2017",
    "hainan",
    "hebei",
    "fujian",
)
"""The provinces of the piece, S3 L333."""


def test_the_general_conditions_hold_in_the_generic_guide():
    """NAT-VETO-1, NAT-ELIG-1, S3 L309-317: over all procedures: five years free of five troubles, key towns."""
    assert set(lever("generic_guide", "call.lookback")) == {True}
    assert set(lever("generic_guide", "call.lookback_years")) == {5}
    assert min(lever("generic_guide", "call.key_towns")) > 0 and min(lever("national_2016", "call.key_towns")) > 0


def test_they_may_be_read_as_a_condition_of_each_province_of_the_piece():
    """NAT-VETO-1, NAT-ELIG-1, S3 L309: the heading is that of the provinces' and cities' procedures."""
    found = {one.regime: one.variants for one in standings(worlds.library(), "D-81")}
    assert set(TEN) <= set(found)
    assert all([v.alternative for v in variants] == ["everywhere"] for variants in found.values())


@pytest.mark.parametrize("advantage", [0.0, 5.0])
def test_national_key_towns_come_first_where_a_regime_says_so(advantage):
    """NAT-ELIG-1, S3 L317: key towns are chosen first (优先选择全国重点镇); without, they are as others."""
    levers = {**worlds.PLACES, "call.creation_places": 4, "call.key_towns": advantage}
    p = worlds.played(worlds.scenario("zhejiang_2015", 2, levers=levers), small=True)
    key, towns = p.policy.call.key_towns(p), p.places.towns
    assert np.bincount(towns.county[key]).max() == 1, "one a county"
    stood = key & p.towns.applied_history[1]
    assert 0 < stood.sum() <= 4
    assert p.towns.listed()[stood].all() == (advantage > 0), "the far advantage decides, none decides nothing"


def test_places_that_are_not_named_may_follow_the_general_procedure():
    """GEN-SCOPE-1, S3 L335: all other provinces follow the general procedure (其他省市为通用流程)."""
    found = {one.regime: one for one in standings(worlds.library(), "D-82")}
    assert set(found) >= {"guizhou_2019", "jiangsu", "panyu_2019"} and not set(found) & set(TEN)
    assert all(one.taken == ("own",) for one in found.values()), "their own documents go first"


@pytest.mark.parametrize("regime", ["guizhou_2019", "jiangsu", "panyu_2019"])
def test_under_the_general_procedure_their_runs_differ(regime):
    """GEN-PROC-3 to 5, S3 L349-357: assessed yearly, paid on passing, out after two missed years, accepted."""
    own, general = (
        _played(regime, levers) for levers in ({}, standings(worlds.library(), "D-82")[0].variants[0].levers)
    )
    assert own["investment_effective"] != general["investment_effective"]


def test_under_the_general_procedure_units_of_jiangsu_leave():
    """GEN-PROC-4, S3 L351: after two years running below the target; by the province's own text nobody leaves."""
    levers = standings(worlds.library(), "D-82")[0].variants[0].levers
    assert _played("jiangsu", {})["town_exit_rate"] == 0.0 < _played("jiangsu", levers)["town_exit_rate"]


def _played(regime, levers):
    world = worlds.library().regimes[regime].home
    return run(RunSpec(worlds.library().resolve(regime, world=world, levers=levers))).summary


INFERRED = {
    ("zhejiang_2015", "acceptance.after"): "S3 L31-35 gives no date of acceptance",
    ("zhejiang_2015", "list.demote_score"): "one town was demoted; no cut is published on the model's scale",
    ("tianjin", "target.years"): "TJ-PROC-2, S3 L427: three or five years",
    ("shandong_tiers_2016", "tiers.payer"): "SD-TIER1-S, S3 L155 names no payer",
    ("generic_guide", "land_reward.cap"): "GEN-SPACE-1, S3 L255 is the size of the core, no cap on a reward",
    ("panyu_2019", "land_supply.allocation"): "PY-LAND-1, S0 L121: the district strives for it",
    ("liaoning", "target.active"): "LN-PROC-3, S3 L415: an assessment, of no stated target",
    ("hainan", "target.active"): "HI-PROC-2, S3 L483: an assessment, of no stated target",
    ("shandong", "list.exit_after"): "SD-PROC-4: the procedure is silent on exit",
}
"""What was taken for a rule and is an inference, with the sentence that does not say it."""


@pytest.mark.parametrize(("regime", "key"), INFERRED, ids=[f"{r}-{k}" for r, k in INFERRED])
def test_an_inference_is_called_an_assumption(regime, key):
    found = [one for one in worlds.library().regimes[regime].values if one.lever == key]
    assert found and all(one.evidence == "assumption" for one in found), INFERRED[regime, key]


def test_a_procedure_without_a_three_year_target_is_not_told_as_one():
    """LN-PROC-3, S3 L413-417: no investment target is stated, so the account may not speak of three years as a rule."""
    assert "three" not in worlds.library().levers["target.active"].sentence.en
