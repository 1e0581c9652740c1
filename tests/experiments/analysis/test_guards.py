"""Guards: each finds the mistake it is there for, and stays quiet without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.analysis.guards import check
from experiments.analysis.study import ScenarioRuns, Study
from experiments.plan.baselines import baselines
from report.text.checks import said
from report.text.language import LANGS
from report.text.spoken import spoken
from tests import fakes


def made(*scenarios, replicates=3, run=fakes.fake_run):
    """A study of (id, resolved) pairs."""
    groups = []
    for name, resolved in scenarios:
        specs = tuple(fakes.RunSpec(resolved, k) for k in range(replicates))
        groups.append(ScenarioRuns(name, {"zh": name, "en": name}, resolved, specs, tuple(map(run, specs))))
    base = baselines([(g.id, g.resolved.regime, g.resolved.world) for g in groups])
    return Study("x", {"zh": "x", "en": "x"}, tuple(groups), fakes.OUTCOMES, base)


def found(study, guard):
    return [f for f in check(study, fakes.INERT) if f.guard == guard]


def test_a_sound_study_raises_no_alarm():
    study = made(("null", fakes.resolved("null", 8)), ("zj", fakes.resolved("zhejiang_2015", 8)))
    findings = check(study, fakes.INERT)
    assert {f.status for f in findings} <= {"ok", "note"}
    assert all(spoken(said(f, study), lang) for f in findings for lang in LANGS)


def test_a_null_regime_that_sets_a_lever_is_found():
    study = made(("null", fakes.resolved("null", 1, **{"clawback.multiple": 1.0})))
    (finding,) = found(study, "null")
    assert finding.status == "alarm"
    assert finding.values["levers"] == ["clawback.multiple"]
    assert "clawback.multiple" in spoken(said(finding, study), "zh")


def test_a_scenario_without_policy_that_differs_from_null_is_found():
    quiet = replace(fakes.resolved("null", 1), regime="quiet")

    def run(spec):
        result = fakes.fake_run(replace(spec, scenario=replace(spec.scenario, regime="null")))
        if spec.scenario.regime == "quiet":
            result.summary["jobs_end"] += 1.0
        return result

    (finding,) = found(made(("null", fakes.resolved("null", 1)), ("quiet", quiet), run=run), "null")
    assert finding.status == "alarm"
    assert finding.values["scenarios"] == ["quiet"]


def test_an_effect_before_the_announcement_is_found():
    late = fakes.resolved("zhejiang_2015", 12)
    assert found(made(("null", fakes.resolved("null", 12)), ("zj", late)), "announcement")[0].status == "ok"

    def leaky(spec):
        result = fakes.fake_run(spec)
        if spec.scenario.regime != "null" and spec.replicate == 2:
            result.yearly["firms"][1] += 1.0
        return result

    (finding,) = found(made(("null", fakes.resolved("null", 12)), ("zj", late), run=leaky), "announcement")
    assert finding.status == "alarm"
    assert finding.values["yearly"] == ["firms"]


def test_an_announcement_in_the_first_year_cannot_be_checked():
    study = made(("null", fakes.resolved("null")), ("zj", fakes.resolved("zhejiang_2015")))
    assert found(study, "announcement")[0].status == "not checked"


def test_a_lever_that_moves_nothing_is_found():
    a, b = fakes.resolved("zhejiang_2015"), fakes.resolved("zhejiang_2015", **{"grant.listing": 7.0})
    study = made(("null", fakes.resolved("null")), ("a", a), ("b", b))
    (finding,) = found(study, "moved nothing")
    assert finding.status == "alarm"
    assert finding.values == {"one": "b", "other": "a", "levers": ["grant.listing"]}
    assert "grant.listing" in spoken(said(finding, study), "zh")


@pytest.mark.parametrize(("read", "status"), [(["clawback.multiple"], "note"), (list(fakes.INERT), "ok")])
def test_a_lever_that_is_never_read_is_found(read, status):
    def run(spec):
        return replace(fakes.fake_run(spec), guards={"levers_read": read})

    study = made(("null", fakes.resolved("null")), ("zj", fakes.resolved("zhejiang_2015")), run=run)
    (finding,) = found(study, "never read")
    assert finding.status == status


def test_an_outcome_that_no_scenario_moves_is_named():
    def run(spec):
        result = fakes.fake_run(spec)
        result.summary["village_migrants"] = 5.0
        return result

    study = made(("null", fakes.resolved("null")), ("zj", fakes.resolved("zhejiang_2015")), run=run)
    (finding,) = found(study, "unmoved")
    assert "Village migrants" in spoken(said(finding, study), "en")
    assert "外出村民" in spoken(said(finding, study), "zh")


def test_the_baseline_is_the_null_regime_of_the_same_world():
    assert baselines([("n", "null", "a"), ("x", "zj", "a"), ("m", "null", "b"), ("y", "zj", "b")]) == {
        "x": "n",
        "y": "m",
    }
    assert baselines([("x", "zj", "a"), ("y", "tz", "a")]) == {"y": "x"}


def test_an_outcome_without_definition_is_told_and_stops_nothing():
    def run(spec):
        result = fakes.fake_run(spec)
        result.summary["unheard_of"] = 1.0
        return result

    study = made(("null", fakes.resolved("null")), ("zj", fakes.resolved("zhejiang_2015")), run=run)
    (finding,) = found(study, "undefined")
    assert finding.status == "alarm"
    assert finding.values["outcomes"] == ["unheard_of"]
    assert "unheard_of" not in study.means["zj"]
