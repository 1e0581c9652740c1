"""Quarters, overrides, resolving a scenario, explaining entries: on the real scenario files."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report.text.errors import told as message_in
from sim.parameters import (
    INDUSTRIES,
    InputError,
    InputErrors,
    Library,
    Quarter,
    find,
    parse_behaviour,
    parse_override,
    parse_overrides,
    show,
)
from sim.parameters.errors import CircularExtends, DuplicateKey, OutOfBounds, UnknownName, WrongType
from sim.parameters.explain import SHOWN
from tests import worlds

FINANCE = INDUSTRIES.index("finance")


@pytest.fixture(scope="module")
def library() -> Library:
    return worlds.library()


# Quarters.


@given(st.integers(1900, 2200), st.integers(1, 4), st.integers(-200, 200))
def test_quarter_arithmetic(year: int, q: int, step: int):
    quarter = Quarter(year, q)
    assert Quarter.parse(str(quarter)) == quarter
    moved = quarter + step
    assert moved - quarter == step and moved.index == quarter.index + step
    assert (moved > quarter) == (step > 0)


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("2015q2", '"2015Q2"'),
        ("2015-Q2", '"2015Q2"'),
        ("2015年2季度", '"2015Q2"'),
        ("2015年第二季度", '"2015Q2"'),
        ("2015-04-22", '"2015Q2"'),
        ("2015年12月", '"2015Q4"'),
        ("2015", ""),
        ("2015Q5", ""),
        (2015, ""),
        ("", ""),
        ("9999Q1", '"9999Q1"'),
        (None, ""),
        ("2015-13-01", ""),
        ("２０１５Q2", ""),
    ],
)
def test_quarter_refuses_other_forms(text: object, guess: str):
    with pytest.raises(WrongType) as caught:
        Quarter.parse(text)
    assert caught.value.suggestion in (guess, "")


@given(st.text())
def test_quarter_never_fails_otherwise(text: str):
    try:
        assert str(Quarter.parse(text)) == text
    except WrongType as problem:
        assert message_in(problem, "zh") and str(problem)


# Resolving.


def test_every_lever_has_a_value_in_every_quarter(library: Library):
    for regime in library.regimes:
        scenario = library.resolve(regime)
        assert scenario.levers.keys() == library.levers.keys()
        assert {len(row) for row in scenario.levers.values()} == {40}
        for key, lever in library.levers.items():
            kinds = {type(value) for value in scenario.levers[key]}
            wanted = {"number": float, "integer": int, "flag": bool, "choice": str, "regime": str}.get(
                lever.type, tuple
            )
            assert kinds == {wanted}, key
            if lever.type == "by_industry":
                assert {len(value) for value in scenario.levers[key]} == {8}  # type: ignore[arg-type]


def test_null_is_inert_everywhere(library: Library):
    scenario = library.resolve("null")
    for key, lever in library.levers.items():
        assert set(scenario.levers[key]) == {lever.inert}


def test_values_begin_when_the_regime_takes_effect(library: Library):
    scenario = library.resolve("zhejiang_2015")
    assert (scenario.effective_index, scenario.announced_index) == (1, 1)
    assert scenario.levers["clawback.multiple"] == (0.0, *(2.0,) * 39)
    assert {at: value for at, value in enumerate(scenario.levers["call.creation_places"]) if value} == {
        1: 37,
        4: 42,
        10: 35,
    }


def test_effective_moves_all_dates(library: Library):
    plain, moved = library.resolve("tongzhou_2017"), library.resolve("tongzhou_2017", effective="2015Q2")
    shift = plain.effective_index - moved.effective_index
    assert shift == 11 and plain.announced_index - moved.announced_index == 11
    for key in library.levers:
        assert plain.levers[key][shift:] == moved.levers[key][: 40 - shift]


def test_dates_before_and_beyond_the_run(library: Library):
    late = library.resolve("zhejiang_2015", start="2020Q1", quarters=8)
    assert late.effective_index == -19 and late.levers["clawback.multiple"] == (2.0,) * 8
    assert set(late.levers["call.creation_places"]) == {0}
    early = library.resolve("zhejiang_2015", start="2000Q1", quarters=8, levers={"clawback.multiple": 3})
    assert set(early.levers["clawback.multiple"]) == {0.0}


def test_extension_lays_the_child_over_its_base(library: Library):
    base, child = library.resolve("zhejiang_2015"), library.resolve("zhejiang_2015_yiwu")
    differ = {key for key in library.levers if base.levers[key] != child.levers[key]}
    assert differ == {"approval.days", "registered_capital.minimum"}


def test_overrides_hold_from_the_effective_quarter_on(library: Library):
    scenario = library.resolve("zhejiang_2015", levers={"clawback.multiple": 3, "target.three_year.finance": 250000})
    assert scenario.levers["clawback.multiple"] == (0.0, *(3.0,) * 39)
    before, after = scenario.levers["target.three_year"][0], scenario.levers["target.three_year"][5]
    assert before == (0.0,) * 8
    assert after == tuple(
        250000.0 if at == FINANCE else value
        for at, value in enumerate(library.resolve("zhejiang_2015").levers["target.three_year"][5])
    )
    assert dict(scenario.overridden) == {"clawback.multiple": "command line", "target.three_year": "command line"}


def test_an_override_of_a_dated_lever_keeps_its_dates(library: Library):
    scenario = library.resolve("zhejiang_2015", levers={"call.creation_places": 10})
    assert {at: value for at, value in enumerate(scenario.levers["call.creation_places"]) if value} == {
        1: 10,
        4: 10,
        10: 10,
    }


def test_one_industry_goes_over_all_whatever_the_order(library: Library):
    one = library.resolve("null", levers={"target.three_year.finance": 5, "target.three_year": 7})
    two = library.resolve("null", levers={"target.three_year": 7, "target.three_year.finance": 5})
    assert one == two and one.levers["target.three_year"][-1][FINANCE] == 5


def test_command_line_goes_before_study(library: Library):
    from sim.parameters.compose import resolve

    settings = {"clawback.multiple": 4, "clawback.base": "unused"}
    scenario = resolve(
        library,
        "zhejiang_2015",
        study_set=settings,
        levers={"clawback.multiple": 5},
        study_behaviour={"exit.hazard_year1": 0.02, "exit.hazard_year2": 0.06},
        behaviour={"exit.hazard_year1": 0.015},
    )
    assert scenario.levers["clawback.multiple"][-1] == 5 and scenario.levers["clawback.base"][-1] == "unused"
    assert scenario.behaviour["exit.hazard_year1"] == 0.015 and scenario.behaviour["exit.hazard_year2"] == 0.06
    assert (
        scenario.overridden["clawback.multiple"] == "command line" and scenario.overridden["clawback.base"] == "study"
    )


def test_studies_resolve(library: Library):
    for study in library.studies:
        scenarios = library.resolve_study(study, levers={"clawback.multiple": 1.5})
        assert scenarios.keys() == {one.id for one in library.studies[study].scenarios}
        assert all(one.overridden["clawback.multiple"] == "command line" for one in scenarios.values())
    with pytest.raises(UnknownName):
        library.resolve_study("provences")


def test_fingerprint_is_of_values_only(library: Library):
    plain = library.resolve("zhejiang_2015")
    yiwu = library.resolve("zhejiang_2015", levers={"approval.days": 4, "registered_capital.minimum": 500.0})
    assert yiwu == library.resolve("zhejiang_2015_yiwu") and hash(yiwu) == hash(library.resolve("zhejiang_2015_yiwu"))
    assert plain == library.resolve("zhejiang_2015", levers={"clawback.multiple": 2})
    others = [
        library.resolve("zhejiang_2015", **change)
        for change in (
            {"quarters": 41},
            {"start": "2015Q2"},
            {"effective": "2015Q3"},
            {"levers": {"clawback.multiple": 2.1}},
            {"behaviour": {"exit.hazard_year1": 0.017}},
        )
    ]
    assert len({one.fingerprint for one in (plain, yiwu, *others)}) == 7


def test_a_resolved_scenario_cannot_be_changed_and_pickles(library: Library):
    scenario = library.resolve("zhejiang_2015")
    with pytest.raises(TypeError):
        scenario.levers["clawback.multiple"] = ()  # type: ignore[index]
    with pytest.raises(AttributeError):
        scenario.regime = "x"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario and again.levers == scenario.levers and isinstance(again.levers, Mapping)
    assert pickle.loads(pickle.dumps(library)).resolve("zhejiang_2015") == scenario


@pytest.mark.parametrize(
    ("change", "error", "suggestion"),
    [
        ({"regime": "zhejiang_2016"}, UnknownName, "zhejiang_2015"),
        ({"world": "zejiang"}, UnknownName, "zhejiang"),
        ({"start": "2015"}, WrongType, ""),
        ({"effective": "2015年2季度"}, WrongType, '"2015Q2"'),
        ({"quarters": 0}, OutOfBounds, ""),
        ({"quarters": True}, OutOfBounds, ""),
        ({"quarters": 1.5}, OutOfBounds, ""),
        ({"levers": {"clawback.multple": 1}}, UnknownName, "clawback.multiple"),
        ({"levers": {"clawback.multiple": 11}}, OutOfBounds, ""),
        ({"levers": {"clawback.multiple": None}}, WrongType, ""),
        ({"levers": {"multiple": 1}}, UnknownName, "clawback.multiple"),
        ({"behaviour": {"exit.hazard_year": 1}}, UnknownName, None),
        ({"behaviour": {"exit.hazard_year1": 1.5}}, OutOfBounds, ""),
        ({"behaviour": {"exit.hazard_year1": "much"}}, WrongType, ""),
        ({"behaviour": {"exit.hazard_year1": float("nan")}}, WrongType, ""),
    ],
)
def test_resolve_tells_what_is_wrong(library: Library, change: dict, error: type[InputError], suggestion: str | None):
    with pytest.raises(error) as caught:
        library.resolve(**{"regime": "null", **change})
    assert message_in(caught.value, "zh") and str(caught.value)
    assert suggestion is None or caught.value.suggestion == suggestion


def test_a_bound_by_another_lever_names_the_industry(library: Library):
    with pytest.raises(OutOfBounds) as caught:
        library.resolve("zhejiang_2015", levers={"target.three_year.finance": 5})
    assert (caught.value.key, caught.value.found, caught.value.allowed) == (
        "target.first_year",
        "finance 60000",
        "finance ≤ 5",
    )
    assert "2015Q2" in message_in(caught.value, "zh") and "target.three_year" in str(caught.value)


def test_all_wrong_overrides_are_told_at_once(library: Library):
    with pytest.raises(InputErrors) as caught:
        library.resolve("null", levers={"clawback.multiple": 11, "clawback.base": "x", "nope.nope": 1})
    assert len(caught.value.problems) == 3


def test_circle_is_found(library: Library):
    import dataclasses

    from sim.parameters.compose import chain_of

    regimes = dict(library.regimes)
    regimes["null"] = dataclasses.replace(regimes["null"], extends="zhejiang_2015_yiwu")
    with pytest.raises(CircularExtends):
        chain_of("zhejiang_2015", regimes)


# Overrides as text.


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("clawback.multiple=3", "clawback.multiple", 3.0),
        (" clawback.multiple = 3 ", "clawback.multiple", 3.0),
        ("rebate.schedule=1,1,1,0.5,0.5", "rebate.schedule", (1.0, 1.0, 1.0, 0.5, 0.5)),
        ("rebate.schedule=[1, 1]", "rebate.schedule", (1.0, 1.0)),
        ("rebate.schedule=1", "rebate.schedule", (1.0,)),
        ("target.three_year.finance=400000", "target.three_year.finance", 400000.0),
        ("target.three_year=400000", "target.three_year", (400000.0,) * 8),
        ("target.three_year={finance = 5e5}", "target.three_year", (*(None,) * 5, 500000.0, None, None)),
        ("clawback.multiple=.5", "clawback.multiple", 0.5),
        (
            "land_reward.supplement=0,0,0.1,0,0,0,1,0",
            "land_reward.supplement",
            (0.0, 0.0, 0.1, 0.0, 0.0, 0.0, 1.0, 0.0),
        ),
        ("veto.active=true", "veto.active", True),
        ("clawback.base=unused", "clawback.base", "unused"),
        ('clawback.base="unused"', "clawback.base", "unused"),
        ("clawback.after=12.0", "clawback.after", 12),
    ],
)
def test_overrides_as_text(library: Library, text: str, key: str, value: object):
    assert parse_override(text, library) == (key, value)
    library.resolve("zhejiang_2015", levers=dict([parse_override(text, library)]))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("clawback.multiple", ""),
        ("=3", ""),
        ("clawback.multiple=", ""),
        ("clawback.multple=3", "clawback.multiple"),
        ("land_reward.share=50%", "0.5"),
        ("land_reward.share=50", "0.5"),
        ("target.three_year=30亿", "300000"),
        ("target.three_year=30 亿元", "300000"),
        ("target.three_year.finanse=1", "finance"),
        ("veto.active=yes", "true"),
        ("clawback.base=grantd", "granted"),
        ("clawback.base=全部已奖励指标", "granted"),
        ("clawback.after=3年", "12"),
        ("clawback.after=2.5", "2"),
        ("grant.listing=100万元", "100"),
        ("clawback.multiple=３", "3"),
        ("target.three_year.finance=3000万", "3000"),
        ("clawback.multiple=1e999", ""),
        ("rebate.schedule=1,x", ""),
    ],
)
def test_wrong_overrides_say_what_is_meant(library: Library, text: str, suggestion: str):
    with pytest.raises(InputError) as caught:
        parse_override(text, library)
    assert str(caught.value.suggestion) == suggestion and not caught.value.file and caught.value.line is None
    assert "命令行" in message_in(caught.value, "zh") and "command line" in str(caught.value)


def test_the_same_override_twice(library: Library):
    assert parse_overrides(["clawback.multiple=3", "veto.active=true"], library).keys() == {
        "clawback.multiple",
        "veto.active",
    }
    with pytest.raises(InputErrors) as caught:
        parse_overrides(["clawback.multiple=3", "clawback.multiple=4", "x"], library)
    assert [type(one) for one in caught.value.problems] == [DuplicateKey, WrongType]


def test_behaviour_as_text(library: Library):
    assert parse_behaviour("exit.hazard_year1=0.02", library) == ("exit.hazard_year1", 0.02)
    for text in ("exit.hazard_year1", "exit.hazard_yaer1=0.02", "exit.hazard_year1=two", "exit.hazard_year1=2"):
        with pytest.raises(InputError):
            parse_behaviour(text, library)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_override_text_fails_otherwise(library: Library, data: st.DataObject):
    key = data.draw(st.one_of(st.sampled_from(sorted(library.levers)), st.text(max_size=20)))
    try:
        name, value = parse_override(f"{key}={data.draw(st.text(max_size=30))}", library)
    except InputError as problem:
        assert message_in(problem, "zh") and str(problem)
    else:
        library.resolve("null", levers={name: value})


# Explaining.


def test_every_entry_is_explained_as_json(library: Library):
    for kind, (records, _) in SHOWN.items():
        for name in getattr(library, records):
            told = show(library, kind, name)
            assert json.loads(json.dumps(told, allow_nan=False)) == told
            assert told["where"]["file"].startswith("scenarios/") and told["where"]["line"] > 0


def test_cross_references(library: Library):
    lever = show(library, "lever", "clawback.multiple")
    set_by = {(one["regime"], one["value"], one["from"]) for one in lever["set_by"]}
    assert set_by >= {("zhejiang_2015", 2.0, "2015Q2"), ("generic_guide", 2.0, "2016Q3")}
    assert lever["source"][0]["kind"] == "clause" and lever["reading"]["id"] == "D-06"
    clause = show(library, "clause", "ZJ-CLAW-1")
    assert "clawback.multiple" in {one["id"] for one in clause["levers"]} and clause["acts"]
    assert "clawback.multiple" in {one["lever"] for one in clause["set_by"]}
    assert "exit.hazard_year1" in show(library, "fact", "F40")["uncertainties"]
    assert "clawback.base" in {one["id"] for one in show(library, "reading", "D-06")["levers"]}
    regime = show(library, "regime", "zhejiang_2015_yiwu")
    assert regime["chain"] == ["null", "zhejiang_2015", "zhejiang_2015_yiwu"] and len(regime["values"]) == 2
    assert "clawback.multiple" in {one["lever"] for one in regime["inherited"]}
    assert set(show(library, "instrument", "clawback")["regimes"]) >= {"zhejiang_2015", "generic_guide"}


def test_find_knows_the_kind(library: Library):
    for name, kind in (
        ("ZJ-CLAW-1", "clause"),
        ("F40", "fact"),
        ("D-06", "reading"),
        ("clawback", "instrument"),
        ("clawback.multiple", "lever"),
        ("exit.hazard_year1", "uncertainty"),
        ("zhejiang", "world"),
        ("space.mu_per_km2", "constant"),
        ("zhejiang_2015", "regime"),
        ("three_regimes", "study"),
        ("倒扣倍数", "lever"),
        ("Clawback multiple", "lever"),
    ):
        assert find(library, name)["kind"] == kind, name
    with pytest.raises(UnknownName) as caught:
        find(library, "ZJ-CLAWW-1")
    assert caught.value.suggestion == "ZJ-CLAW-1"
    for kind, name in (("lever", "clawback"), ("levr", "x")):
        with pytest.raises(UnknownName):
            show(library, kind, name)


def _fields(text: str) -> list[str]:
    import string

    return [] if " zh = " in text else [name for _, name, _, _ in string.Formatter().parse(text) if name]
