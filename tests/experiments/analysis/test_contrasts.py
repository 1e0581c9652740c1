"""Estimates: known answers, undefined runs, degenerate cases, invariances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.estimates.bands import quantile_band
from experiments.analysis.estimates.contrasts import (
    SHARE,
    holm,
    mean_estimate,
    moments,
    paired,
    ratio_estimate,
    replicates_to_halve,
)
from experiments.analysis.estimates.planning import replicates_for

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40)


def test_symmetric_values_give_the_ordinary_t_interval():
    from scipy import stats

    values = np.concatenate([np.arange(1.0, 21.0), 21.0 - np.arange(0.0, 20.0)])
    assert moments(values).skew == pytest.approx(0.0, abs=1e-12)
    e = mean_estimate(values, unit="mu")
    low, high = stats.t.interval(0.95, values.size - 1, values.mean(), stats.sem(values))
    assert (e.value, e.low, e.high) == pytest.approx((values.mean(), low, high))
    assert (e.method, e.n, e.unit, e.level) == ("hall-t", 40, "mu", 0.95)


def test_a_right_skewed_sample_has_more_room_above():
    values = np.exp(np.linspace(-2.0, 2.5, 30))
    e = mean_estimate(values)
    assert e.high - e.value > e.value - e.low > 0.0


def test_undefined_runs_are_left_out_and_counted():
    e = mean_estimate([1.0, math.nan, 3.0, 2.0, math.nan])
    assert e.n == 3
    assert e.value == 2.0


@pytest.mark.parametrize(
    ("values", "method", "n"),
    [([], "too-few-runs", 0), ([math.nan], "too-few-runs", 0), ([4.0], "too-few-runs", 1), ([4.0] * 5, "constant", 5)],
)
def test_degenerate_samples_say_so(values, method, n):
    e = mean_estimate(values)
    assert (e.method, e.n) == (method, n)
    if method == "constant":
        assert e.low == e.high == e.value == 4.0
    else:
        assert math.isnan(e.low)
        assert math.isnan(e.high)


def test_a_share_stays_between_zero_and_one():
    e = mean_estimate([0.0] * 9 + [0.9], bounds=SHARE)
    assert 0.0 <= e.low < e.value < e.high <= 1.0


@settings(max_examples=60, deadline=None)
@given(NUMBERS, st.randoms())
def test_the_order_of_runs_changes_no_bit(values, order):
    shuffled = list(values)
    order.shuffle(shuffled)
    assert mean_estimate(shuffled) == mean_estimate(values)


@settings(max_examples=60, deadline=None)
@given(NUMBERS)
def test_the_interval_holds_the_estimate(values):
    e = mean_estimate(values)
    assert e.low <= e.value + 1e-6 * abs(e.value)
    assert e.value <= e.high + 1e-6 * abs(e.value)


def test_a_paired_contrast_uses_the_pairs():
    rng = np.random.default_rng(3)
    common, own = rng.normal(size=80), 0.1 * rng.normal(size=(2, 80))
    c = paired(common + own[0] + 0.5, common + own[1], unit="ratio")
    assert c.difference.value == pytest.approx(0.5, abs=0.05)
    assert c.excludes_zero
    assert c.correlation > 0.95
    assert c.variance_reduction == pytest.approx(
        ((common + own[0]).var(ddof=1) + (common + own[1]).var(ddof=1)) / (own[0] - own[1]).var(ddof=1)
    )
    assert 3 * 80 - 20 < c.replicates_to_halve <= 3 * 80


def test_pairs_with_an_undefined_side_are_left_out():
    c = paired([1.0, math.nan, 3.0, 5.0], [0.0, 1.0, math.nan, 1.0])
    assert c.difference.n == 2
    assert c.difference.value == 2.5


def test_a_difference_that_never_varies():
    same, moved = paired([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), paired([2.0, 3.0, 4.0], [1.0, 2.0, 3.0])
    assert (same.excludes_zero, same.p_value, same.difference.method) == (False, 1.0, "constant")
    assert (moved.excludes_zero, moved.p_value, moved.variance_reduction) == (False, 0.25, math.inf)
    assert moved.replicates_to_halve == 0 and moved.difference.low == moved.difference.high == 1.0
    many = paired(np.arange(6.0) + 1.0, np.arange(6.0))
    assert many.excludes_zero and many.p_value == 2.0**-5, "that six runs have one sign by chance"


def test_values_that_tie_up_to_rounding_have_no_spread():
    """0.1 + 0.2 is not 0.3; a t interval of such a spread would be as narrow as rounding is small."""
    c = paired([0.1 + 0.2, 0.3, 0.3 + 5e-17], [0.0, 0.0, 0.0])
    assert c.difference.method == "constant" and not c.excludes_zero and c.p_value == 0.25
    none = paired([0.1 + 0.2, 0.3, 0.7], [0.3, 0.3, 0.7])
    assert (none.difference.value, none.difference.low, none.difference.high, none.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert replicates_for([0.1 + 0.2, 0.3, 0.3], 0.01) == 0
    assert math.isnan(ratio_estimate([1.0, 2.0, 3.0], [0.1 + 0.2, -0.3, 0.0]).value), "a denominator of rounding"
    exact = ratio_estimate([0.3, 0.1 + 0.2], [0.1, 0.1])
    assert (exact.method, exact.low) == ("constant", exact.value)


def test_too_few_runs_claim_nothing():
    sides = np.array([5.0, 5.1, 4.9, 5.05, 4.95]), np.zeros(5)
    assert paired(*sides).p_value < 1e-4 and not holm({"a": paired(*sides)})["a"].excludes_zero_holm
    more = np.append(sides[0], 5.0), np.zeros(6)
    assert holm({"a": paired(*more)})["a"].excludes_zero_holm


def test_the_p_value_agrees_with_the_interval():
    rng = np.random.default_rng(8)
    for shift in np.linspace(-0.6, 0.6, 25):
        values = rng.lognormal(0.0, 0.7, 25) - 1.2 + shift
        c = paired(values, np.zeros(25))
        assert c.excludes_zero == (c.p_value < 0.05)


def test_an_undefined_contrast_claims_nothing():
    c = paired([1.0, 2.0], [math.nan, math.nan])
    assert not c.excludes_zero
    assert math.isnan(c.p_value)
    assert not holm({"a": c})["a"].excludes_zero_holm


def test_unequal_numbers_of_replicates_are_refused():
    with pytest.raises(ValueError, match="same replicates"):
        paired([1.0, 2.0], [1.0])


def test_holm_by_hand():
    rng = np.random.default_rng(1)
    raw = {str(i): paired(rng.normal(0.12 * i, 1.0, 40), np.zeros(40)) for i in range(6)}
    adjusted = holm(raw)
    ps = sorted(c.p_value for c in raw.values())
    by_hand, worst = [], 0.0
    for rank, p in enumerate(ps):
        worst = max(worst, min(1.0, p * (6 - rank)))
        by_hand.append(worst)
    assert sorted(c.p_holm for c in adjusted.values()) == pytest.approx(by_hand)
    assert list(adjusted) == list(raw)


def test_halving_takes_about_three_times_as_many_more():
    for n in (20, 60, 200):
        more = replicates_to_halve(moments(np.arange(float(n))))
        assert 2 * n < more <= 3 * n


def test_a_ratio_with_a_clear_denominator():
    rng = np.random.default_rng(2)
    below = rng.normal(10.0, 1.0, 60)
    e = ratio_estimate(3.0 * below + rng.normal(0.0, 0.2, 60), below, unit="x")
    assert e.low < 3.0 < e.high
    assert e.high - e.low < 0.05
    assert (e.method, e.unit, e.n) == ("fieller", "x", 60)


def test_a_ratio_over_nothing_has_no_bound():
    rng = np.random.default_rng(2)
    e = ratio_estimate(rng.normal(5.0, 1.0, 30), rng.normal(0.02, 1.0, 30))
    assert (e.low, e.high) == (-math.inf, math.inf)
    assert math.isnan(ratio_estimate([1.0, 2.0], [0.0, 0.0]).value)


def test_bands_by_hand_and_with_undefined_runs():
    matrix = np.array([[float(i), math.nan, math.nan] for i in range(101)])
    matrix[:3, 1] = [1.0, 2.0, 3.0]
    band = quantile_band(matrix, (0.5, 0.9))
    assert band.median[0] == 50.0
    assert [level for level, _, _ in band.bands] == [0.5, 0.9]
    assert [end[0] for _, *ends in band.bands for end in ends] == pytest.approx([24.5, 75.5, 4.1, 95.9])
    assert band.median[1] == 2.0
    assert math.isnan(band.median[2])
    assert band.n.tolist() == [101, 3, 0]
