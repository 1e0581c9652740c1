"""Factors: defaults from the scenario files, values from shares, what is laid over a point, mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.plan.design.errors import DesignError
from experiments.plan.design.factors import Factor, factor
from experiments.plan.plan import Point
from report.text.errors import told
from sim.parameters import load_library

LIBRARY = load_library()
BASE = Point("base", "zhejiang_2015", quarters=12, effective="2015Q2")


def test_defaults_come_from_the_library() -> None:
    assert (factor(LIBRARY, "clawback.multiple").low, factor(LIBRARY, "clawback.multiple").high) == (0.0, 4.0)
    assert factor(LIBRARY, "acceptance.active").levels == (False, True)
    assert factor(LIBRARY, "enforcement.clawback").prior is LIBRARY.uncertainties["enforcement.clawback"]
    assert factor(LIBRARY, "rebate.schedule").kind == "scale"
    assert factor(LIBRARY, "world").levels == tuple(LIBRARY.worlds)
    reading = factor(LIBRARY, "reading.D-06")
    assert reading.levels[0] == "granted" and len(reading.levels) == 8 and reading.group == "clawback"
    assert factor(LIBRARY, "land_reward.share").group == "land_reward"
    # A lever and an uncertainty may share a key.
    assert factor(LIBRARY, "talent.services").kind == "lever"
    assert factor(LIBRARY, "behaviour.talent.services").kind == "uncertainty"


@pytest.mark.parametrize("name", ["clawback.multiple", "rebate.schedule", "reading.D-06", "list.exit_after"])
@given(share=st.floats(0.0, 1.0))
@settings(max_examples=25, deadline=None)
def test_every_default_value_can_be_run(name: str, share: float) -> None:
    made = factor(LIBRARY, name)
    value = made.value(share)
    point = made.apply(BASE, value)
    assert point.factors[name] == value
    point.resolve(LIBRARY)


@given(low=st.integers(0, 40), width=st.integers(1, 60), share=st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_whole_numbers_stay_whole_and_inside(low: int, width: int, share: float) -> None:
    made = factor(LIBRARY, "call.creation_places", low=low, high=low + width)
    value = made.value(share)
    assert isinstance(value, int) and low <= value <= low + width


def test_levels_are_equally_likely_and_ends_are_reached() -> None:
    made = factor(LIBRARY, "list.exit_after", low=1, high=4)
    assert [made.values([(i + 0.5) / 400 for i in range(400)]).count(v) for v in (1, 2, 3, 4)] == [100] * 4
    assert made.spread(4) == [1, 2, 3, 4] and made.spread(2) == [1, 4]
    share = factor(LIBRARY, "land_reward.share", low=0.2, high=0.6)
    assert share.spread(3) == [0.2, 0.4, 0.6]


def test_a_scale_multiplies_what_the_point_s_own_regime_sets() -> None:
    made = factor(LIBRARY, "target.level", keys=["target.three_year", "target.first_year"], low=0.5, high=1.5)
    for regime in ("zhejiang_2015", "tongzhou_2017"):
        base = Point("p", regime, effective="2015Q2")
        half = made.apply(base, 0.5).resolve(LIBRARY).levers["target.three_year"][-1]
        own = base.resolve(LIBRARY).levers["target.three_year"][-1]
        assert half == pytest.approx([0.5 * x for x in own])  # type: ignore[union-attr]
    assert made.apply(BASE, 1.0).resolve(LIBRARY).levers == BASE.resolve(LIBRARY).levers


def test_a_reading_at_the_meaning_that_the_regime_takes_changes_nothing() -> None:
    made = factor(LIBRARY, "reading.D-06")
    assert made.apply(BASE, made.levels[0]).resolve(LIBRARY).levers == BASE.resolve(LIBRARY).levers
    assert made.apply(BASE, "factor_3").resolve(LIBRARY).levers["clawback.multiple"][-1] == 3.0


def test_a_package_sets_several_levers_under_one_name() -> None:
    options = {"none": {"rebate.schedule": [0, 0]}, "two": {"rebate.schedule": [1, 1], "rebate.firm_share": 0.5}}
    made = factor(LIBRARY, "rebate.years", options=options, title={"zh": "年限", "en": "Years"})
    assert made.kind == "package" and made.group == "rebate" and made.levels == ("none", "two")
    assert made.apply(BASE, "two").resolve(LIBRARY).levers["rebate.firm_share"][-1] == 0.5


def test_applying_leaves_the_old_point_alone() -> None:
    made = factor(LIBRARY, "enforcement.clawback")
    after = made.apply(BASE, 0.7)
    assert BASE.behaviour == {} and after.behaviour == {"enforcement.clawback": 0.7}


@pytest.mark.parametrize(
    ("name", "options", "message", "part"),
    [
        ("land_rewrd.share", {}, "unknown_factor", "did you mean: land_reward.share?"),
        ("reading.D-99", {}, "unknown_factor", "reading.D-"),
        ("land_reward.share", {"low": 0.5, "high": 0.5}, "empty_range", "low must be below high"),
        ("land_reward.share", {"low": 0.9, "high": 0.1}, "empty_range", "low must be below high"),
        ("land_reward.share", {"low": 0.0, "high": float("nan")}, "empty_range", "nan"),
        ("land_reward.share", {"low": 0.1}, "half_range", "together"),
        ("land_reward.share", {"low": 0, "high": 5}, "outside_bounds", "0 … 1"),
        ("land_reward.share", {"low": 0, "high": 1, "levels": [0, 1]}, "range_and_levels", "not both"),
        ("choice.tax", {"low": -9.0, "high": 0.0, "scale": True}, "cannot_scale", "numeric levers"),
        ("enforcement.clawback", {"low": -1.0, "high": 0.5}, "outside_bounds", "0 … 1"),
        ("list.exit_after", {"levels": [1, 1]}, "few_levels", "each once"),
        ("list.exit_after", {"levels": []}, "few_levels", "two levels"),
        ("clawback.base", {"low": 0, "high": 1}, "needs_levels", "levels"),
        ("world", {"levels": ["zhejang"]}, "outside_bounds", "did you mean: zhejiang?"),
        ("reading.D-06", {"levels": ["granted", "factor_33"]}, "outside_bounds", "factor_3"),
        ("call.creation_places", {"scale": True}, "scale_over_time", "[37, 42, 35]"),
        ("mine", {"options": {"a": {}, "b": {}}}, "bad_options", "title"),
    ],
)
def test_mistakes_are_told_in_both_languages(name: str, options: dict, message: str, part: str) -> None:
    with pytest.raises(DesignError) as caught:
        factor(LIBRARY, name, **options)
    assert caught.value.message_id == message
    assert part in str(caught.value)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told(caught.value, "zh"))


def test_a_share_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="share of probability"):
        Factor("x", {}, "lever", ("x",), low=0.0, high=1.0).value(1.5)
