"""Lever by lever: what is turned, where it is looked for, how it then stands; an excuse is a run in which it acts."""

from __future__ import annotations

import pytest

from experiments.analysis.coverage import levers, where
from experiments.analysis.coverage.levers import Kind
from experiments.analysis.coverage.marks import TABLES, marks, moved
from experiments.analysis.coverage.trials import Place, Turn, first_moves
from experiments.analysis.coverage.turns import lever_turns, meaning_turns, stated
from experiments.analysis.coverage.where import Reason, own
from sim.run import RunSpec
from tests.worlds import library

SHORT = 8
"""Quarters of runs that need show no more than that something moves."""


def turn(regime: str, **sets: object) -> Turn:
    """One lever set to one value."""
    ((name, value),) = sets.items()
    key = name.replace("__", ".")
    return Turn(regime, key, ({key: value},))


def lever(regime: str, key: str) -> Turn:
    """What the check does with a lever of a regime."""
    return next(one for one in lever_turns(library(), regime) if one.name == key)


# --- what is turned --------------------------------------------------------------------------------------------------


def test_every_lever_that_a_regime_states_is_turned_once():
    for name, regime in library().regimes.items():
        assert [one.name for one in lever_turns(library(), name)] == list(stated(regime))
        assert all(one.sets for one in lever_turns(library(), name))


def test_a_lever_is_made_inert_and_one_stated_at_its_inert_value_is_set_to_others():
    assert lever("zhejiang_2015", "clawback.multiple").sets == ({"clawback.multiple": 0.0},)
    assert {one["clawback.cure"] for one in lever("zhejiang_2015", "clawback.cure").sets} == {"one_year", "factor"}


def test_a_lever_whose_inert_value_another_lever_forbids_is_set_to_what_is_allowed():
    """Zhejiang's first year may ask for no more than its three years, so the three-year sums cannot be nothing."""
    for one in lever("zhejiang_2015", "target.three_year").sets:
        assert one != {"target.three_year": [0.0] * 8}


def test_meanings_that_a_regime_does_not_take_are_turned_one_by_one():
    names = [one.name for one in meaning_turns(library(), "zhejiang_2015")]
    assert "D-06.failed_years" in names and "D-06.granted" not in names
    assert "D-06.failed_years" not in [one.name for one in meaning_turns(library(), "zhejiang_2015_yiwu")]
    assert [one.name for one in meaning_turns(library(), "null")] == []


# --- a run as numbers ------------------------------------------------------------------------------------------------


def test_equal_runs_have_equal_marks_and_a_different_column_another():
    made = Place("pingxiang", SHORT).point("pingxiang_2017", {}).resolve(library())
    one, again, other = (marks(RunSpec(made, k, tables=TABLES)) for k in (0, 0, 1))
    assert moved(one, again) == ()
    assert {"investment_effective", "towns:investment", "yearly:jobs", "flows:amount"} <= set(moved(one, other))


# --- where it is looked for ------------------------------------------------------------------------------------------


def test_a_regime_is_tried_at_home_then_where_all_are_compared_then_under_other_luck_and_behaviour():
    tried = list(own(library(), "tongzhou_2017", 40))
    assert [p.world for p in tried[:4]] == ["tongzhou", "tongzhou", "zhejiang", "zhejiang"]
    assert [p.quarters == 40 for p in tried[:4]] == [False, True, False, True]
    assert [p.replicate for p in tried] == [0, 0, 0, 0, *sorted([*range(1, 9)] * 2), 1, 2, 3]
    assert [bool(p.behaviour) for p in tried] == [p.replicate > 0 for p in tried]


def test_what_moves_nothing_in_one_place_is_tried_in_the_next():
    """Before it takes effect a regime moves nothing."""
    one = turn("pingxiang_2017", grant__listing=0)
    late = (Place("pingxiang", SHORT, effective="2030Q1"), Place("pingxiang", SHORT))
    found = first_moves([one], lambda _: late, library(), workers=1)
    assert found[one.key].place == late[1] and found[one.key].names
    assert first_moves([one], lambda _: late[:1], library(), workers=1) == {}


# --- how it stands ---------------------------------------------------------------------------------------------------

CASES = {
    "it acts": (turn("pingxiang_2017", grant__listing=0), SHORT, Kind.ACTS, None),
    "a number of places that no document gives": (lever("hubei", "call.creation_places"), SHORT, Kind.NOMINAL, None),
    "a number of places that the document gives": (lever("zhejiang_2015", "call.creation_places"), 2, Kind.ACTS, None),
    "a date after the run": (turn("zhejiang_2015", information__media=0), 1, Kind.EXCUSED, Reason.LATER),
    "a pay gate without pay": (lever("hubei", "assessment.gate_pay"), 40, Kind.EXCUSED, Reason.UNSTATED),
    "nothing reads it there": (turn("null", clawback__multiple=2), 2, Kind.DEAD, None),
}


@pytest.mark.parametrize("name", CASES)
def test_how_a_lever_stands(name: str):
    one, quarters, kind, reason = CASES[name]
    (found,) = levers.verdicts([one], library(), quarters=quarters, workers=1)
    assert (found.kind, found.reason) == (kind, reason)
    assert (found.moved is None) == (kind is Kind.DEAD)


@pytest.mark.parametrize("key", ["land_reward.gate", "clawback.multiple", "clawback.after"])
def test_the_general_guide_takes_back_a_reward_that_it_gives(key: str):
    """GEN-LAND-1, GEN-CLAW-1 (S3 L255): towns on time are rewarded with land, late ones lose it doubly."""
    found = first_moves(
        [lever("generic_guide", key)], lambda turn: own(library(), turn.regime, 40), library(), workers=1
    )
    assert found


def test_a_lever_of_a_meaning_not_taken_acts_with_that_meaning():
    """Three years divide the target where a year is a third of it; Hubei's towns go by their own plan."""
    one, third = turn("hubei", target__years=1), {"target.annual_rule": "third"}
    with_it = [p for p in where.conditions(library(), one, Reason.OTHER_MEANING, 12) if p.beside == third]
    assert len(with_it) == 1 and first_moves([one], lambda _: with_it, library(), workers=1)
    assert not first_moves([one], lambda _: [Place("hubei", 12)], library(), workers=1)


def test_a_lever_about_places_that_a_world_lacks_acts_in_another(monkeypatch: pytest.MonkeyPatch):
    """Tianjin has no poorer county to ask less of."""
    monkeypatch.setattr(levers, "own", lambda *_: [Place("tianjin", SHORT, effective="2016Q2")])
    monkeypatch.setattr(where, "home", lambda *_: "tianjin")
    one = lever("zhejiang_2015", "target.poor_county_factor")
    (found,) = levers.verdicts([one], library(), quarters=SHORT, workers=1)
    assert found.reason is Reason.ELSEWHERE and found.moved is not None
    assert found.moved.place.world not in ("tianjin", "zhejiang")


def test_the_answer_names_every_lever_once_and_gives_a_reason_for_every_excuse():
    """Made up of one verdict of each kind."""
    one, two = turn("hubei", call__creation_places=0), turn("hubei", assessment__gate_pay=False)
    made = levers.Moved(two, Place("hubei", SHORT, fill="zhejiang_money"), two.sets[0], ("towns:status",), {})
    found = levers.Verdicts(
        (levers.Verdict(one, Kind.DEAD), levers.Verdict(two, Kind.EXCUSED, made, Reason.UNSTATED)), ()
    )
    data = levers.as_data(found)
    assert data["dead"] == list(found.dead) == ["hubei/call.creation_places"]
    assert data["excused"] == {"hubei/assessment.gate_pay": "unstated"} and data["acts"] == data["nominal"] == []
    assert data["regimes"] == {"hubei": {"acts": 0, "nominal": 0, "excused": 1, "dead": 1}}
    assert data["detail"]["hubei/assessment.gate_pay"]["fill"] == "zhejiang_money"
    assert set(data["readings"]) == {"acts", "nominal", "excused", "dead"}


def _silent(monkeypatch: pytest.MonkeyPatch, name: str, regime: str, value: float = 0.0) -> levers.Verdict:
    """How Pingxiang's free choice of a meaning stands where its reading calls it silent in a regime."""
    monkeypatch.setattr(levers, "own", lambda *_: [Place("pingxiang", SHORT)])
    monkeypatch.setattr(levers, "silences", lambda *_: {regime: "a reason"})
    (found,) = levers.verdicts(
        [Turn("pingxiang_2017", "D-06.x", ({name: value},))], library(), quarters=SHORT, workers=1
    )
    return found


def test_a_meaning_that_its_reading_calls_silent_is_excused_where_it_moves_nothing(monkeypatch: pytest.MonkeyPatch):
    found = _silent(monkeypatch, "clawback.multiple", "pingxiang_2017", 2.0)
    assert (found.kind, found.reason, found.moved) == (Kind.EXCUSED, Reason.SILENT, None)


def test_a_meaning_that_is_called_silent_and_acts_is_belied(monkeypatch: pytest.MonkeyPatch):
    found = _silent(monkeypatch, "grant.listing", "pingxiang_2017")
    assert levers.Verdicts((), (found,)).belied == ("pingxiang_2017/D-06.x",)
    found = _silent(monkeypatch, "grant.listing", "national_2016")  # said of the regime that it extends
    assert levers.Verdicts((), (found,)).belied == () and found.kind is Kind.ACTS


# --- all of them -----------------------------------------------------------------------------------------------------

FAST = ("gansu", "zhejiang_2015_yiwu", "jiangsu")
"""Regimes whose levers are always turned; the others with ``--slow``."""
MOST_EXCUSED = 0.1
"""Of a regime's levers."""


def _regimes():
    for name, regime in library().regimes.items():
        if regime.values:
            yield pytest.param(name, marks=() if name in FAST else pytest.mark.slow)


@pytest.mark.parametrize("regime", list(_regimes()))
def test_every_lever_and_every_meaning_of_a_regime_acts_or_is_excused(regime: str):
    found = levers.judge(library(), [regime], workers=1)
    assert found.dead == found.belied == ()
    counted = levers.counts(found.levers, regime)
    assert counted["excused"] <= MOST_EXCUSED * len(found.levers), levers.as_data(found)["excused"]
