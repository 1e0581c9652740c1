"""Shares, wins, two-level estimates, planning: known answers, degenerate cases, invariances."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from experiments.analysis.estimates.bands import quantile_band
from experiments.analysis.estimates.contrasts import mean_estimate, paired
from experiments.analysis.estimates.nested import crossed_mean, nested_estimate, paired_over_draws
from experiments.analysis.estimates.planning import replicates_for
from experiments.analysis.estimates.shares import (
    beats,
    beats_over_draws,
    share_estimate,
    share_of_draws,
)


@pytest.mark.parametrize(("hits", "n"), [(0, 20), (3, 20), (20, 20)])
def test_a_share_has_clopper_and_pearson_s_interval(hits: int, n: int) -> None:
    found = share_estimate([1.0] * hits + [0.0] * (n - hits))
    known = stats.binomtest(hits, n).proportion_ci(0.95, "exact")
    assert (found.value, found.low, found.high) == pytest.approx((hits / n, known.low, known.high))


def test_beats_counts_wins_losses_and_ties() -> None:
    a, b = [3.0, 1.0, 2.0, math.nan, 5.0], [1.0, 2.0, 2.0, 0.0, 4.0]
    found = beats(a, b)
    assert (found.better.value, found.worse.value, found.ties) == pytest.approx((0.5, 0.25, 0.25))
    less = beats(a, b, better=-1)
    assert (less.better, less.worse) == (found.worse, found.better)
    with pytest.raises(ValueError, match="same runs"):
        beats([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="better is 1"):
        beats([1.0], [1.0], better=0)


def test_replicates_of_the_same_draws_do_not_make_the_behaviour_better_known() -> None:
    rng = np.random.default_rng(2)
    draw = rng.normal(size=(12, 1)) > 0.0
    few, many = (share_of_draws(np.repeat(draw, size, axis=1).astype(float)) for size in (2, 200))
    assert many.high - many.low > 0.9 * (few.high - few.low)
    # Whoever takes the runs for independent is far too sure.
    naive = share_estimate(np.repeat(draw, 200, axis=1))
    assert many.high - many.low > 5.0 * (naive.high - naive.low)


def test_a_win_in_every_run_still_has_an_interval() -> None:
    found = beats_over_draws(np.ones((8, 50)), np.zeros((8, 50)))
    assert found.better.value == 1.0 and found.better.low == pytest.approx(0.025 ** (1 / 8))
    assert found.draws == 8 and found.ties == 0.0


@given(st.integers(2, 30), st.integers(1, 6), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_shares_stay_inside_and_hold_their_estimate(draws: int, size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    hits = (rng.random((draws, size)) < 0.4).astype(float)
    hits[rng.random(hits.shape) < 0.2] = math.nan
    found = share_of_draws(hits)
    if np.isfinite(found.low):
        assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_a_band_holds_its_share_of_further_runs() -> None:
    found = quantile_band(np.arange(1.0, 20.0)[:, None], (0.9,))
    assert (found.bands[0][1][0], found.bands[0][2][0]) == (1.0, 19.0)
    assert found.median[0] == 10.0


# --- two levels ------------------------------------------------------------------------------------------------------


def test_the_split_of_variance_by_hand() -> None:
    rows = np.array([[1.0, 3.0], [5.0, 7.0], [3.0, 5.0], [9.0, 7.0]])
    within = ((rows - rows.mean(axis=1, keepdims=True)) ** 2).sum() / 4
    between = rows.mean(axis=1).var(ddof=1) - within / 2
    found = nested_estimate(rows)
    assert (found.sd_behaviour, found.sd_noise) == pytest.approx((math.sqrt(between), math.sqrt(within)))
    assert found.behaviour.value == pytest.approx(between / (between + within))
    assert found.behaviour.value + found.noise.value == pytest.approx(1.0)
    assert found.noise.low == pytest.approx(1.0 - found.behaviour.high)
    assert found.mean == mean_estimate(rows.mean(axis=1))
    assert (found.draws, found.replicates) == (4, 2.0)


def test_leaving_out_each_draw_agrees_with_doing_so() -> None:
    from experiments.analysis.estimates.nested import _squares, _without_each

    rng = np.random.default_rng(1)
    rows = rng.normal(size=(9, 4)) + rng.normal(size=(9, 1))
    rows[2, 3] = rows[5, 0] = rows[5, 1] = math.nan
    slow = []
    for i in range(9):
        between, within, _ = _squares(np.delete(rows, i, axis=0))
        slow.append(math.log(between / within))
    assert _without_each(rows) == pytest.approx(slow)


@pytest.mark.parametrize(
    "rows", [np.zeros((0, 3)), np.zeros((1, 3)), np.zeros((5, 1)), np.full((4, 2), math.nan), np.ones((4, 3))]
)
def test_a_split_that_cannot_be_made_says_so(rows: np.ndarray) -> None:
    found = nested_estimate(rows)
    assert math.isnan(found.behaviour.low) and math.isnan(found.noise.high)
    assert found.behaviour.method == "too-few-runs"


def test_shared_luck_is_not_taken_for_many_draws() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=(100, 1)) * 0.1 + 3.0 * rng.normal(size=(1, 4)) + 0.1 * rng.normal(size=(100, 4))
    assert crossed_mean(values).half_width > 10.0 * nested_estimate(values).mean.half_width
    found = nested_estimate(values, crossed=True)
    assert found.mean == crossed_mean(values)
    assert found.sd_behaviour == pytest.approx(0.1, rel=0.4) and found.sd_noise > 0.5
    c = paired_over_draws(values, 0.0 * values, crossed=True)
    assert c.difference.method == "two-way-t"
    # A contrast at the same luck loses what both sides share.
    assert paired_over_draws(values + 1.0, values, crossed=True).difference.low == pytest.approx(1.0)


def test_a_contrast_over_draws_has_the_draws_as_units() -> None:
    rng = np.random.default_rng(6)
    a, b = rng.normal(size=(10, 30)) + rng.normal(size=(10, 1)), rng.normal(size=(10, 30))
    found = paired_over_draws(a, b)
    assert found.difference.n == 10
    assert found.difference == paired(a.mean(axis=1), b.mean(axis=1)).difference
    assert found.difference.half_width > 2.0 * paired(a.ravel(), b.ravel()).difference.half_width
    with pytest.raises(ValueError, match="same table"):
        paired_over_draws(a, b[:, :5])


# --- planning --------------------------------------------------------------------------------------------------------


def test_replicates_reach_the_wanted_width_and_no_more() -> None:
    pilot = np.random.default_rng(0).normal(size=25)
    n = replicates_for(pilot, 0.1)
    half = [stats.t.ppf(0.975, m - 1) * pilot.std(ddof=1) / math.sqrt(m) for m in (n - 1, n)]
    assert half[0] > 0.1 >= half[1]
    assert replicates_for(pilot, 0.1, assurance=0.9) > n
    assert replicates_for([2.0, 2.0], 0.1) == 0
    with pytest.raises(ValueError, match="positive"):
        replicates_for(pilot, 0.0)
    with pytest.raises(ValueError, match="pilot"):
        replicates_for([1.0], 0.1)


def test_a_table_of_contrasts_agrees_with_its_parts() -> None:
    from experiments.analysis.estimates.frames import contrast_table

    rng = np.random.default_rng(3)
    luck = rng.normal(size=30)
    sides = {"base": luck, "more": luck + 0.5 + 0.3 * rng.normal(size=30), "same": luck}
    frame = pd.concat(
        pd.DataFrame({"point": name, "replicate": range(30), "jobs": x, "cost": -x}) for name, x in sides.items()
    ).sample(frac=1.0, random_state=2)
    found = contrast_table(frame, {"more": "base", "same": "base"}, ["jobs", "cost"], better={"jobs": 1})
    assert list(found["point"]) == ["more", "same"] * 2
    row = found.iloc[0]
    one = paired(sides["more"], luck)
    assert (row["difference"], row["low"], row["p_value"]) == pytest.approx(
        (one.difference.value, one.difference.low, one.p_value)
    )
    assert row["p_holm"] == pytest.approx(4.0 * one.p_value)
    assert row["beats"] == beats(sides["more"], luck).better.value
    assert found.iloc[2:]["beats"].isna().all() and found.iloc[1]["beats"] == 0.0
    with pytest.raises(KeyError, match="job"):
        contrast_table(frame, {"more": "base"}, ["job"])
    with pytest.raises(KeyError, match="moer"):
        contrast_table(frame, {"moer": "base"}, ["jobs"])


def test_replicates_that_share_a_draw_are_one_unit_of_a_table() -> None:
    from experiments.analysis.estimates.frames import contrast_table

    rng = np.random.default_rng(5)
    effect = np.repeat(rng.normal(0.5, 1.0, 12), 2)
    frame = pd.concat(
        pd.DataFrame({"point": name, "replicate": range(24), "jobs": x})
        for name, x in {"base": np.zeros(24), "more": effect}.items()
    )
    asked = {"better": {"jobs": 1}, "half_width": {"jobs": 0.25}}
    alone, drawn = (contrast_table(frame, {"more": "base"}, ["jobs"], per_draw=k, **asked).iloc[0] for k in (1, 2))
    assert drawn["n"] == 12 and alone["n"] == 24 and drawn["difference"] == pytest.approx(alone["difference"])
    assert drawn["high"] - drawn["low"] > 1.3 * (alone["high"] - alone["low"])
    assert drawn["beats_high"] - drawn["beats_low"] > alone["beats_high"] - alone["beats_low"]
    assert drawn["replicates_needed"] == 2 * replicates_for(effect[::2], 0.25) > alone["replicates_needed"]
