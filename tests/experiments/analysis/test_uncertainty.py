"""Luck and behaviour apart, and which findings survive."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from experiments.analysis.study import ScenarioRuns, Study
from experiments.analysis.uncertainty import by_draw, draw_of, uncertain
from experiments.plan.luck import uniforms
from tests import fakes


def runs(draws, luck, behaviour, mean, seed=0, per_draw=2):
    """Differences with a known make-up, and the draw of each."""
    b = special.ndtri(uniforms("test.behaviour", draws, seed)) * behaviour
    e = special.ndtri(uniforms("test.luck", draws * per_draw, seed)) * luck
    where = [k // per_draw for k in range(draws * per_draw)]
    return mean + b[where] + e, where


def zero(values):
    return np.zeros_like(values)


def test_runs_are_laid_out_by_draw():
    table = by_draw(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), ["x", "y", "x", "y", "x"])
    np.testing.assert_array_equal(table, [[1.0, 3.0, 5.0], [2.0, 4.0, math.nan]])


def test_shares_by_hand():
    """Two draws of two runs: within 2 and 2, means 1 and 5; mean squares 16 and 2."""
    y = np.array([0.0, 2.0, 4.0, 6.0])
    found = uncertain(y, zero(y), [0, 0, 1, 1])
    assert found.parts.sd_noise**2 == pytest.approx(2.0) and found.parts.sd_behaviour**2 == pytest.approx(7.0)
    assert found.noise.value == pytest.approx(2 / 9) and found.contrast.difference.value == 3.0
    assert (found.draws, found.runs, found.kind) == (2, 4, "nested")


def test_the_share_of_behaviours_by_hand():
    """Six draws of two runs: within 2 each, means 1, 1, 1, 5, 5, 5 with variance 4.8."""
    y = np.repeat([1.0, 5.0], 6) + np.tile([-1.0, 1.0], 6)
    found = uncertain(y, zero(y), np.repeat(range(6), 2))
    assert found.parts.sd_behaviour**2 == pytest.approx(4.8 - 1.0)
    assert found.kept == pytest.approx(float(special.stdtr(5, 3.0 / math.sqrt(3.8 + 4.8 / 6))))


SITES = 130


def tied(draws=3):
    """Completed sites more under a policy: replicates differ by 3 and 0, 1 and 2, 2 and 1; every draw's mean is 1.5."""
    more = np.array([3.0, 0.0, 1.0, 2.0, 2.0, 1.0] * (draws // 3))
    base = np.arange(more.size) + 30.0
    return (base + more) / SITES, base / SITES, [k // 2 for k in range(more.size)]


def test_draws_that_tie_by_chance_are_as_uncertain_as_the_luck_inside_them():
    a, b, where = tied()
    assert np.ptp(by_draw(a - b, where).mean(axis=1)) < 1e-16, "their means differ by rounding only"
    found = uncertain(a, b, where)
    d = found.contrast.difference
    within = math.sqrt((4.5 + 0.5 + 0.5) / 3.0)
    half = float(special.stdtrit(2, 0.975)) * within / math.sqrt(6) / SITES
    assert d.value == pytest.approx(1.5 / SITES) and d.method == "luck-t"
    assert (d.low, d.high) == pytest.approx((d.value - half, d.value + half))
    assert found.contrast.p_value > 0.1 and not found.contrast.excludes_zero
    assert found.verdict == "too_few" and math.isnan(found.kept) and found.agree == 3


@given(st.floats(1e-15, 1e-4))
def test_draws_that_nearly_tie_are_no_surer(apart):
    a, b, where = tied()
    found = uncertain(a + apart * np.array(where) / SITES, b, where).contrast
    assert found.difference.high - found.difference.low > 1.0 / SITES and found.p_value > 0.1


def test_many_draws_that_tie_still_have_the_width_of_their_luck():
    a, b, where = tied(30)
    d = uncertain(a, b, where)
    assert d.contrast.difference.high - d.contrast.difference.low > 2.0 * 1.9 * 1.35 / math.sqrt(60) / SITES
    assert d.verdict == "survives", "1.5 sites at a standard error of 0.17"


def test_no_policy_against_itself_stays_exactly_nothing():
    a, _, where = tied(6)
    found = uncertain(a, a, where)
    d = found.contrast.difference
    assert (d.value, d.low, d.high, found.contrast.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert found.verdict == "untold" and math.isnan(found.kept)


def test_no_verdict_from_few_draws_however_clear():
    y, where = runs(5, 0.01, 0.01, 1.0)
    assert uncertain(y, zero(y), where).verdict == "too_few"
    y, where = runs(6, 0.01, 0.01, 1.0)
    assert uncertain(y, zero(y), where).verdict == "survives"


@pytest.mark.parametrize(("luck", "behaviour", "share"), [(1.0, 0.0, 1.0), (1.0, 1.0, 0.5), (0.5, 2.0, 0.059)])
def test_a_known_make_up_is_found(luck, behaviour, share):
    y, where = runs(400, luck, behaviour, 1.0)
    found = uncertain(y, zero(y), where)
    assert found.noise.value == pytest.approx(share, abs=0.08)
    assert found.noise.low <= found.noise.value <= found.noise.high
    assert found.noise.value + found.parts.behaviour.value == pytest.approx(1.0)


def test_a_finding_of_luck_alone_survives_and_one_of_behaviour_depends():
    steady, where = runs(60, 1.0, 0.1, 1.0)
    swinging, _ = runs(60, 0.2, 1.5, 1.0)
    nothing, _ = runs(60, 1.0, 1.0, 0.0, seed=3)
    assert uncertain(steady, zero(steady), where).verdict == "survives"
    found = uncertain(swinging, zero(swinging), where)
    assert found.stands and found.verdict == "depends"
    b = swinging.reshape(-1, 2).mean(axis=1)
    assert found.kept == pytest.approx((b > 0).mean(), abs=0.12)
    assert uncertain(nothing, zero(nothing), where).verdict == "untold"


def test_the_draws_are_the_units_of_the_interval():
    y, where = runs(20, 0.1, 2.0, 1.0)
    width = [one.contrast.difference.high - one.contrast.difference.low for one in (
        uncertain(y, zero(y), where), uncertain(y, zero(y), range(40)),
    )]  # fmt: skip
    assert width[0] > 1.3 * width[1]


def test_one_behaviour_and_one_run_a_behaviour_are_told_as_such():
    y, where = runs(10, 1.0, 1.0, 2.0)
    fixed, single = uncertain(y, zero(y), [0] * 20), uncertain(y, zero(y), range(20))
    assert fixed.kind == "fixed" and math.isnan(fixed.kept) and fixed.contrast.difference.n == 20
    assert single.kind == "single" and math.isnan(single.noise.value) and 0.5 < single.kept < 1.0
    few = uncertain([1.0], [0.0], [0])
    assert few.kind == "few" and few.verdict == "too_few"
    none = uncertain([math.nan, math.nan], [0.0, 1.0], [0, 1])
    assert none.runs == 0 and none.verdict == "too_few"
    same = uncertain(np.full(20, 3.0), np.full(20, 1.0), where)
    assert same.verdict == "survives" and same.kept == 1.0


def test_undefined_runs_are_left_out_as_pairs():
    y, where = runs(30, 1.0, 1.0, 1.0)
    holed = y.copy()
    holed[5] = math.nan
    kept = [k for k in range(60) if k != 5]
    left_out = uncertain(y[kept], zero(y)[kept], np.array(where)[kept]).contrast
    assert repr(uncertain(holed, zero(y), where).contrast) == repr(left_out)  # what is not defined equals itself here


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=4, max_size=30), st.floats(0.1, 1e3))
def test_shares_do_not_change_with_the_unit(values, factor):
    y = np.round(np.array(values), 3)
    where = [k // 2 for k in range(y.size)]
    one, other = uncertain(y, zero(y), where), uncertain(factor * y, zero(y), where)
    if not math.isnan(one.noise.value) and not math.isnan(other.noise.value):
        assert 0.0 <= one.noise.value <= 1.0
        assert other.noise.value == pytest.approx(one.noise.value, abs=1e-6)


# --- studies ---------------------------------------------------------------------------------------------------------


def study(behaviours, replicates=12):
    """Fakes whose runs tell their draw; the policy's effect depends on the behaviour where that is asked for."""
    groups = []
    for regime in ("null", "zhejiang_2015", "tongzhou_2017"):
        base = fakes.resolved(regime)
        specs = tuple(
            fakes.RunSpec(replace(base, behaviour=behaviours[(k // 2) % len(behaviours)]), k) for k in range(replicates)
        )
        made = [fakes.fake_run(spec) for spec in specs]
        for run, spec in zip(made, specs, strict=True):
            run.summary["investment_effective"] += 400.0 * fakes.STRENGTH[regime] * spec.scenario.behaviour["swing"]
        groups.append(ScenarioRuns(regime, fakes.TITLES[regime], base, specs, tuple(made)))
    pairs = {"zhejiang_2015": "null", "tongzhou_2017": "null"}
    return Study("test", {"zh": "试", "en": "test"}, tuple(groups), fakes.OUTCOMES, pairs)


def test_a_study_is_split_by_the_behaviour_of_its_specs():
    swings = [{"swing": s} for s in (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)]
    found = study(swings).differences()
    assert set(found) == {(g, name) for g in ("zhejiang_2015", "tongzhou_2017") for name in study(swings).summary_ids}
    moved, other = found["zhejiang_2015", "investment_effective"], found["zhejiang_2015", "jobs_end"]
    assert (moved.draws, moved.runs) == (6, 12)
    assert moved.noise.value < 0.3 < other.noise.value
    assert not math.isnan(moved.contrast.p_holm) and moved.contrast.p_holm >= moved.contrast.p_value


def test_a_finding_under_one_behaviour_is_told_as_fixed():
    key = ("zhejiang_2015", "investment_effective")
    centre = study([{"swing": 0.0}]).differences()[key]
    assert centre.kind == "fixed" and centre.stands
    turned = study([{"swing": -9.0 - s / 10} for s in range(6)]).differences()[key]
    assert turned.verdict == "survives" and turned.contrast.difference.value < 0.0


def test_draws_are_told_by_the_last_bit_of_the_behaviour():
    base = fakes.resolved("null")
    one, same, other = (
        fakes.RunSpec(replace(base, behaviour={"a": v, "b": 1.0})) for v in (0.1, 0.1, math.nextafter(0.1, 1))
    )
    assert draw_of(one) == draw_of(same) != draw_of(other)


def test_a_study_of_towns_that_tie_is_as_uncertain_as_its_luck():
    """The contrasts that tables, stars and figures take, not only those beside the behaviour's share."""
    more, base = np.array([3.0, 0.0, 1.0, 2.0, 2.0, 1.0]), fakes.resolved("null")
    groups = []
    for name, shift in (("null", np.zeros(6)), ("zhejiang_2015", more)):
        specs = tuple(fakes.RunSpec(replace(base, regime=name), k) for k in range(6))
        made = [fakes.fake_run(spec) for spec in specs]
        for k, run in enumerate(made):
            run.summary["completion_common"] = (30.0 + k + shift[k]) / SITES
        groups.append(ScenarioRuns(name, fakes.TITLES[name], base, specs, tuple(made), per_draw=2))
    done = Study("test", {"zh": "试", "en": "test"}, tuple(groups), fakes.OUTCOMES, {"zhejiang_2015": "null"})
    found = done.contrasts["zhejiang_2015"]["completion_common"]
    assert found.difference.method == "luck-t" and not found.excludes_zero_holm and found.p_value > 0.1
    assert found.difference.low < 0.0 < 1.5 / SITES < found.difference.high
