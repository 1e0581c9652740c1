"""Regimes of the documents: they load, run, differ, keep to the register's numbers, and fills close gaps openly."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenarios
from report.text.errors import told
from sim.parameters import InputErrors, Library, load_library
from sim.parameters.errors import UnknownName
from sim.parameters.records import Lever, Regime, Setting
from sim.run import RunSpec, run
from tests import worlds

REGISTER = Path(__file__).with_name("register.csv")
"""The numbers of the clauses and facts as the documents give them, taken down apart from the scenario files."""
QUARTERS = 8
PROPOSAL = "panyu_proposal"
SAME_WORDS = ({"hubei", "hebei"},)
"""Procedures that the compilation gives in the same words but for dates and offices (S3 L357-371, L485-499)."""


@pytest.fixture(scope="module")
def library() -> Library:
    return worlds.library()


REGIMES = sorted(worlds.library().regimes)


# ---------------------------------------------------------------- they are what they say


@pytest.mark.parametrize("regime", REGIMES)
def test_each_regime_runs_in_zhejiang(library: Library, regime: str):
    scenario = library.resolve(regime, world="zhejiang", effective="2015Q2", quarters=QUARTERS)
    found = run(RunSpec(scenario, counties=worlds.counties()))
    assert scenario.effective_index == 1
    assert found.summary


def test_no_two_regimes_set_the_same_levers(library: Library):
    seen: dict[str, str] = {}
    for name in REGIMES:
        mark = library.resolve(name, world="zhejiang", effective="2015Q2").fingerprint
        first = seen.setdefault(mark, name)
        assert first == name or {first, name} in SAME_WORDS, f"{name} is {first}"


@pytest.mark.parametrize("regime", [name for name in REGIMES if name != "null"])
def test_each_regime_lists_towns_and_says_what_is_unstated(library: Library, regime: str):
    record = library.regimes[regime]
    scenario = library.resolve(regime, effective="2015Q2", quarters=24)
    listed = (*scenario.levers["call.creation_places"], *scenario.levers["call.cultivation_places"])
    assert any(listed) and record.unstated and record.source
    assert record.home is None or record.home in library.worlds


def test_a_proposal_is_never_mixed_with_what_is_in_force(library: Library):
    proposed = {one.id for one in library.clauses.values() if one.status == "PROPOSAL"}
    for regime in library.regimes.values():
        used = {clause for setting in regime.values for clause in setting.clause} & proposed
        assert not used or regime.id == PROPOSAL, (regime.id, used)
        assert regime.extends != PROPOSAL
    for setting in library.regimes[PROPOSAL].values:
        assert setting.evidence == "assumption"


def test_every_assumption_that_is_a_number_is_explained(library: Library):
    """A number that no document gives carries a note; choices between readings may stand alone."""
    bare = [
        (regime.id, one.lever)
        for regime in library.regimes.values()
        for one in regime.values
        if one.evidence == "assumption" and one.note is None and _is_amount(library.levers[one.lever], one)
    ]
    assert bare == []


def _is_amount(lever: Lever, setting: Setting) -> bool:
    money_or_land = lever.unit.startswith(("wan_yuan", "mu", "person"))
    return lever.numeric and money_or_land and setting.value != lever.inert


# ---------------------------------------------------------------- the register's numbers


def register() -> dict[str, set[float]]:
    """Every number that a row of the register may stand for in the units of the levers (万元, ratios, quarters, people,
    mu), by id of clause or fact; rows of facts begin with B-.
    """
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return {row["id"]: {float(x) for x in row["allowed"].split()} for row in csv.DictReader(file)}


def stated(regime: Regime, library: Library) -> Iterator[tuple[Setting, list[float]]]:
    """Values that a document is said to give, as numbers; switches, and industries taken or not, are no numbers."""
    for setting in regime.values:
        lever, value = library.levers[setting.lever], setting.value
        if not lever.numeric or setting.evidence == "assumption" or isinstance(value, bool | str):
            continue
        parts = [part for part in (value if isinstance(value, tuple) else (value,)) if part is not None]
        switch = lever.type == "by_industry" and set(parts) <= {0.0, 1.0}
        if not switch and any(part != 0 for part in parts):
            yield setting, [float(part) for part in parts if part != 0]


@pytest.mark.parametrize("regime", REGIMES)
def test_values_are_those_of_the_register(library: Library, regime: str):
    rows = register()
    for setting, parts in stated(library.regimes[regime], library):
        allowed = {number for clause in setting.clause for number in rows.get(clause, ())}
        if not allowed or not set(setting.clause) <= set(rows):
            continue  # No numeral there, or the value rests on published facts outside the register.
        wrong = [part for part in parts if not any(abs(part - one) <= 1e-9 * max(1.0, abs(one)) for one in allowed)]
        assert not wrong, f"{setting.lever} = {wrong}: {', '.join(setting.clause)} say {sorted(allowed)}"


def test_every_clause_of_the_register_is_here_once(library: Library):
    known = {name for name in register() if not name.startswith("B-")}
    assert known == set(library.clauses)


# ---------------------------------------------------------------- what the documents say of each


def test_shandong_tiers(library: Library):
    levers = {one.lever: one.value for one in library.regimes["shandong_tiers_2016"].values}
    assert (levers["tiers.places_1"], levers["tiers.places_2"], levers["tiers.places_3"]) == (10, 30, 100)
    assert (levers["tiers.subsidy_1"], levers["tiers.subsidy_2"]) == (2000, 1000)
    assert "tiers.subsidy_3" not in levers and levers["land_supply.amount"] == 5000
    assert levers["tiers.goal_population_2"] == levers["tiers.population_1"]


def test_shandongs_two_hundred_towns_come_in_two_hundreds(library: Library):
    """SD-PROG-1 (S3 L125, L127, L131): an action named after a hundred towns in 2012, 200 in the end. When the second
    hundred came is not said, so neither number is called a rule; 5,000 mu are supplied in every year (SD-LAND-1).
    """
    levers = library.resolve("shandong_2012", world="shandong", quarters=8).levers
    assert levers["call.creation_places"] == (100, 0, 0, 0, 100, 0, 0, 0)
    assert levers["land_supply.towns"] == (100,) * 4 + (200,) * 4 and set(levers["land_supply.amount"]) == {5000}
    batches = [one for one in library.regimes["shandong_2012"].values if one.lever == "call.creation_places"]
    assert [one.evidence for one in batches] == ["assumption"] * 2


def test_shengzhous_fund_for_central_towns_is_only_assumed_for_characteristic_ones(library: Library):
    """SZ-FUND-1 (S3 L647): the yearly reward instead of subsidy is for central towns, which Zhejiang's world lacks."""
    fund = [one for one in library.regimes["zhejiang_2015_shengzhou"].values if "SZ-FUND-1" in one.clause]
    assert fund and {one.evidence for one in fund} == {"assumption"}
    assert any("中心镇" in one.zh for one in library.regimes["zhejiang_2015_shengzhou"].unstated)


def test_procedures_without_money_pay_nothing(library: Library):
    """Jiangxi's procedure names none either, but Pingxiang's plan says that provincial towns are supported (S4 L15)."""
    for name in ("hubei", "hebei", "fujian", "gansu", "liaoning", "tianjin", "hainan", "shandong"):
        instruments = {one.lever.split(".")[0] for one in library.regimes[name].values}
        assert not instruments & {"land_reward", "clawback", "rebate", "grant", "tiers", "land_supply"}, name


# ---------------------------------------------------------------- fills


def test_a_fill_closes_gaps_and_contradicts_nothing(library: Library):
    plain = library.resolve("hubei", effective="2015Q2")
    filled = library.resolve("hubei", effective="2015Q2", fill="zhejiang_money")
    stated_here = {one.lever for one in library.regimes["hubei"].values}
    assert filled.filled["land_reward.share"] == "zhejiang_money" and not stated_here & set(filled.filled)
    assert max(plain.levers["land_reward.share"]) == 0.0 and max(filled.levers["land_reward.share"]) == 0.5
    assert all(filled.levers[key] == plain.levers[key] for key in plain.levers if key not in filled.filled)
    assert plain.filled == {} and plain.fingerprint != filled.fingerprint


def test_a_fill_begins_with_the_regime_it_fills(library: Library):
    """Hubei takes effect in 2017Q1, and so does what Zhejiang lends it."""
    filled = library.resolve("hubei", quarters=16, fill=("zhejiang_money",))
    row = filled.levers["rebate.schedule"]
    assert row[7] == (0.0, 0.0, 0.0, 0.0, 0.0) and row[8] == (1.0, 1.0, 1.0, 0.5, 0.5)


def test_the_first_fill_to_name_a_lever_fills_it(library: Library):
    both = library.resolve("gansu", fill=("zhejiang_rules", "zhejiang_money"))
    assert both.filled["target.three_year"] == "zhejiang_rules" and both.filled["rebate.schedule"] == "zhejiang_money"


def test_a_regime_is_not_filled_by_itself(library: Library):
    scenario = library.resolve("zhejiang_2015", fill="zhejiang_money")
    assert scenario.filled == {} and scenario == library.resolve("zhejiang_2015")


def test_an_unknown_fill_is_refused(library: Library):
    with pytest.raises(UnknownName) as caught:
        library.resolve("hubei", fill="zhejiang_mony")
    assert "zhejiang_money" in str(caught.value) and "补白" in told(caught.value, "zh")


def test_a_filled_run_moves(library: Library):
    plain, filled = (
        run(RunSpec(library.resolve("hubei", effective="2015Q2", quarters=20, fill=fill)))
        for fill in ((), ("zhejiang_money",))
    )
    assert filled.summary["cost_rebate"] > plain.summary["cost_rebate"] == 0.0


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("fills/zhejiang_money.toml", 'from = "zhejiang_2015"', 'from = "zhejiang_2014"', "zhejiang_2015"),
        ("fills/zhejiang_money.toml", '"land_reward"', '"land_rewards"', "land_reward"),
        ("fills/zhejiang_money.toml", 'id = "zhejiang_money"', 'id = "zhejiang_mony"', "zhejiang_money"),
        ("regimes/hubei.toml", 'home = "hubei"', 'home = "hubai"', "hubei"),
    ],
)
def test_mistakes_in_a_fill_or_home_are_told(tmp_path: Path, file: str, old: str, new: str, told: str):
    root = tmp_path / "scenarios"
    shutil.copytree(scenarios.ROOT, root, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        load_library(root)
    (problem,) = caught.value.problems
    assert problem.file.endswith(file) and problem.line and told in f"{problem.suggestion}{problem.allowed}"
