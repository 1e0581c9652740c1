"""Attribution between regimes: which levers move, what is run, and that everything adds up."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.analysis.attribution.attribute import attribute
from experiments.analysis.attribution.design import design, name, plan_of
from experiments.analysis.attribution.differences import BY, Group, Part, _merge, compare_regimes, steps
from experiments.analysis.attribution.errors import AttributionError
from experiments.plan.plan import Point
from experiments.run.evaluate import evaluate
from report.text.errors import told as message_in
from report.text.groups import group_title
from sim.parameters.errors import UnknownName
from sim.parameters.mix import CALENDAR, mixed
from tests import worlds

A, B = "tongzhou_2017", "zhejiang_2015"


@cache
def comparison(by: str = "instrument", a: str = A, b: str = B, quarters: int = 8, **asked: object):
    return compare_regimes(worlds.library(), a, b, by=by, quarters=quarters, **asked)


# --- scenarios between two --------------------------------------------------------------------------------------------


def test_all_levers_give_one_end_and_none_the_other():
    library = worlds.library()
    a, b = (library.resolve(r, quarters=12, effective="2015Q2") for r in (A, B))
    assert a.announced_index != b.announced_index
    assert mixed(library, a, b, ()) == a
    assert mixed(library, a, b, (*a.levers, CALENDAR)) == b
    whole = mixed(library, a, b, a.levers)
    assert whole.levers == b.levers and whole != b, "the calendar is still that of a"
    assert mixed(library, a, b, (CALENDAR,)).levers == a.levers
    one = mixed(library, a, b, ("land_reward.share",))
    assert [k for k in a.levers if one.levers[k] != a.levers[k]] == ["land_reward.share"]
    assert one.fingerprint not in (a.fingerprint, b.fingerprint) and one.regime == f"{A}+{B}"


def test_what_cannot_be_mixed_is_refused():
    library = worlds.library()
    a, b = library.resolve(A, quarters=8), library.resolve(B, quarters=12)
    with pytest.raises(ValueError, match="quarters"):
        mixed(library, a, b, ())
    with pytest.raises(UnknownName) as told:
        mixed(library, a, library.resolve(B, quarters=8), ("land_reward.shore",))
    assert told.value.suggestion == "land_reward.share"


def test_overrides_and_fills_go_with_their_levers():
    library = worlds.library()
    a = library.resolve(A, quarters=8, levers={"clawback.multiple": 1})
    b = library.resolve(B, quarters=8, levers={"clawback.multiple": 3})
    assert mixed(library, a, b, ("clawback.multiple",)).levers["clawback.multiple"][-1] == 3
    assert dict(mixed(library, a, b, ()).overridden) == {"clawback.multiple": "command line"}


def test_a_point_carries_a_mix():
    library = worlds.library()
    point = Point("p", A, quarters=8, effective="2015Q2", mix=(B, ("clawback.multiple",)))
    assert point.resolve(library).levers["clawback.multiple"][-1] == 2
    assert replace(point, mix=None).resolve(library).levers["clawback.multiple"][-1] == 0
    assert replace(point, mix=(B, ())).resolve(library) == replace(point, mix=None).resolve(library)


# --- groups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", BY)
def test_every_lever_that_differs_stands_in_one_group(by: str):
    c = comparison(by)
    keys = [key for group in c.groups for key in group.levers]
    differ = {k for k in c.scenario_a.levers if c.scenario_a.levers[k] != c.scenario_b.levers[k]}
    assert len(keys) == len(set(keys)) and set(keys) == differ
    assert all(group_title(group, lang) for group in c.groups for lang in ("zh", "en"))
    assert (c.scenario_a.effective_index, c.scenario_a.announced_index) == (
        c.scenario_b.effective_index,
        c.scenario_b.announced_index,
    )


def test_a_group_is_named_after_the_clause_of_the_second_regime_else_of_the_first():
    groups = {g.id: g for g in comparison("clause").groups}
    assert groups["ZJ-CLAW-1"].levers == ("clawback.multiple",)
    assert groups["ZJ-LAND-1+ZJ-FISC-2"].levers == ("land_reward.share",)
    assert "target.core_share_min" in groups["TZ-INV-4"].levers
    assert "ZJ-CLAW-1" in group_title(groups["ZJ-CLAW-1"], "en")


def test_instruments_without_a_difference_are_named():
    c = comparison("instrument")
    assert "acceptance" in c.same and "land_reward" not in c.same
    assert not set(c.same) & {g.id for g in c.groups}


def test_own_dates_make_the_calendar_a_group():
    c = comparison("instrument", own_dates=True, quarters=16)
    assert CALENDAR in [g.id for g in c.groups] and c.kept == ()
    full = c.point(range(len(c.groups)), "all").resolve(worlds.library())
    assert full == c.scenario_b
    assert c.point((), "none").resolve(worlds.library()) == c.scenario_a


def test_a_regime_is_not_compared_with_itself():
    with pytest.raises(AttributionError) as told:
        comparison(a=B)
    assert B in str(told.value) and B in message_in(told.value, "zh")


def test_the_quarters_of_a_difference_are_told():
    found = steps(comparison().scenario_a, comparison().scenario_b, "land_reward.share")
    assert found == [("2015Q2", "2016Q4", 0, 0.5)]


def test_groups_tied_by_a_bound_are_merged_and_said_so():
    """qualified_score may not exceed excellent_score, so a low roof and a high floor cannot be mixed."""
    library = worlds.library()
    low = library.resolve(B, quarters=8, levers={"assessment.excellent_score": 70, "assessment.qualified_score": 60})
    high = library.resolve(B, quarters=8, levers={"assessment.excellent_score": 95, "assessment.qualified_score": 80})
    parts = [
        Group((Part(key, ()),), (key,), ())
        for key in ("assessment.excellent_score", "clawback.multiple", "assessment.qualified_score")
    ]
    merged = _merge(library, low, high, parts)
    assert [g.levers for g in merged] == [
        ("assessment.excellent_score", "assessment.qualified_score"),
        ("clawback.multiple",),
    ]
    assert merged[0].merged == ("assessment.excellent_score", "assessment.qualified_score")
    free = replace(parts[0], levers=("assessment.excellent_score", "assessment.qualified_score"))
    assert len(_merge(library, low, high, [free, parts[1]])) == 2


# --- designs ----------------------------------------------------------------------------------------------------------


def test_few_groups_are_run_whole_and_many_by_orders():
    few = design(4, 3)
    assert few.method == "exact" and few.runs == tuple(product(range(16), range(3)))
    many = design(20, 3, max_runs=600)
    assert many.method == "sampled" and len(many.runs) <= 600
    for k in range(3):
        mine = {mask for mask, at in many.runs if at == k}
        assert {0, many.full, 1, many.full ^ 1} <= mine
    assert design(20, 3, max_runs=1200).orders[0][: len(many.orders[0])] == many.orders[0], "a larger budget adds"
    assert design(4, 3, method="sampled").method == "sampled"


def test_budgets_that_cannot_hold_are_told():
    with pytest.raises(AttributionError) as told:
        design(20, 3, max_runs=50)
    assert "50" in str(told.value)
    with pytest.raises(AttributionError):
        design(30, 3, method="exact")
    with pytest.raises(AttributionError):
        design(10, 10, method="exact", max_runs=100)


def test_points_are_named_by_what_they_take():
    c = comparison()
    chosen = design(len(c.groups), 1)
    plan = plan_of(c, chosen)
    n = len(c.groups)
    assert plan.points[0].id == "s" + "0" * n and plan.points[-1].id == "s" + "1" * n
    assert name(0b101, 4) == "s1010"
    assert plan.points[5].factors[c.groups[0].id] is True and plan.points[5].factors[c.groups[1].id] is False
    assert len({p.id for p in plan.points}) == len(plan.points) == 2**n


# --- with a stand-in for the model ------------------------------------------------------------------------------------


def weights(spec: object, inert: str = "") -> dict[str, float]:
    """Land and clawback need each other, the target adds, one instrument may do nothing at all."""
    levers = spec.scenario.levers  # type: ignore[attr-defined]
    land, claw = levers["land_reward.share"][-1], levers["clawback.multiple"][-1]
    noise = 0.1 * (spec.replicate + 1) ** 2  # type: ignore[attr-defined]
    floor = levers["target.first_year_share"][-1]
    found = 1 / 3 + noise * land + land * claw - floor * (1.0 + noise)
    return {"investment_effective": found, "jobs_end": 7.0, "completion_common": float("nan")}


def stand_in(plan):
    return evaluate(plan, library=worlds.library(), workers=1, task=weights)


def test_what_acts_gets_its_part_and_what_does_not_gets_zero():
    c = comparison()
    found = attribute(c, design(len(c.groups), 6, method="exact"), stand_in, ["investment_effective", "jobs_end"])
    shared, flat = found.outcomes
    parts = {p.group.id: p for p in shared.contributions}
    assert shared.exact and flat.exact
    assert {g for g, p in parts.items() if not p.nothing} == {"land_reward", "clawback", "target"}
    assert parts["call"].value == 0.0 and parts["call"].verdict == "nothing"
    assert all(p.nothing for p in flat.contributions) and flat.difference.difference.value == 0.0
    assert parts["clawback"].first.value == 0.0 and parts["clawback"].last.value == pytest.approx(1.0)
    assert parts["clawback"].value == pytest.approx(0.5), "half of what it does together with land"
    assert parts["target"].verdict == "raises"
    joint = {(i.one.id, i.other.id): i.contrast.difference.value for i in shared.interactions}
    assert joint["clawback", "land_reward"] == pytest.approx(1.0)
    assert sum(abs(v) > 1e-12 for v in joint.values()) == 1
    for at in range(6):
        total = sum(p.exact[at] for p in shared.contributions)
        ends = (weights(SimpleNamespace(scenario=s, replicate=at)) for s in (c.scenario_b, c.scenario_a))
        b, a = (e["investment_effective"] for e in ends)
        assert float(total) == b - a
    assert sum(p.share for p in shared.contributions) == pytest.approx(1.0)


def test_sampling_gives_the_same_where_nothing_interacts_and_adds_up_always():
    c = comparison()
    whole = attribute(c, design(len(c.groups), 4, method="exact"), stand_in, ["investment_effective"]).outcomes[0]
    part = attribute(c, design(len(c.groups), 4, max_runs=300), stand_in, ["investment_effective"]).outcomes[0]
    assert part.exact and not part.interactions
    assert repr(part.difference) == repr(whole.difference)  # what is not defined equals itself here
    for one, other in zip(whole.contributions, part.contributions, strict=True):
        assert repr((one.first, one.last)) == repr((other.first, other.last))
        if one.group.id not in ("land_reward", "clawback"):
            assert [float(x) for x in one.exact] == pytest.approx([float(x) for x in other.exact], abs=1e-12)


def test_holm_is_taken_over_all_groups_and_outcomes():
    c = comparison()
    alone = attribute(c, design(len(c.groups), 4), stand_in, ["investment_effective"]).outcomes[0]
    p = {x.group.id: x.contrast for x in alone.contributions}
    tests = [p[g] for g in ("land_reward", "clawback", "target")]
    assert p["target"].p_holm >= p["target"].p_value
    assert min(t.p_holm for t in tests) == pytest.approx(min(1.0, 3 * min(t.p_value for t in tests)))


def test_outcomes_that_cannot_be_shared_out_are_told():
    c = comparison()
    for wrong in ("investment_effektive", "completion_common"):
        with pytest.raises(AttributionError) as told:
            attribute(c, design(len(c.groups), 2, max_runs=100), stand_in, [wrong])
        assert wrong in str(told.value) and wrong in message_in(told.value, "zh")


def test_a_replicate_with_a_failed_run_is_left_out():
    def broken(spec):
        if spec.replicate == 1 and spec.scenario.levers["clawback.multiple"][-1] == 2:
            raise ValueError("account 7 does not balance")
        return weights(spec)

    c = comparison()
    run = partial(evaluate, library=worlds.library(), workers=1, task=broken)
    found = attribute(c, design(len(c.groups), 3, max_runs=150), run, ["investment_effective"])
    assert found.outcomes[0].replicates == (0, 2) and found.failed > 0 and found.outcomes[0].exact


def test_records_hold_one_row_for_each_outcome_and_group():
    c = comparison()
    found = attribute(c, design(len(c.groups), 2, max_runs=100), stand_in, ["investment_effective", "jobs_end"])
    frame = found.frame()
    assert len(frame) == 2 * len(c.groups)
    assert np.allclose(frame.groupby("outcome")["contribution"].sum(), [0.0 + _diff(c), 0.0])


def _diff(c) -> float:
    ends = [[weights(SimpleNamespace(scenario=s, replicate=k))["investment_effective"] for k in range(2)]
            for s in (c.scenario_a, c.scenario_b)]  # fmt: skip
    return float(np.mean(ends[1]) - np.mean(ends[0]))


# --- with the model ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_model_itself_adds_up_and_ends_where_the_second_regime_does():
    from sim.run import RunSpec, run

    c = comparison(quarters=8)
    chosen = design(len(c.groups), 1, max_runs=45)
    table = []

    def evaluator(plan):
        table.append(evaluate(plan, library=worlds.library(), workers=1))
        return table[0]

    found = attribute(c, chosen, evaluator, ["investment_effective", "jobs_end"])
    assert all(shared.exact for shared in found.outcomes)
    outcomes = [o for o in table[0].columns if o in run(RunSpec(c.scenario_b)).summary]
    for mask, scenario in ((0, c.scenario_a), (chosen.full, c.scenario_b)):
        row = table[0].iloc[chosen.runs.index((mask, 0))]
        ends = run(RunSpec(scenario)).summary
        assert all(row[o] == ends[o] or (np.isnan(row[o]) and np.isnan(ends[o])) for o in outcomes)
