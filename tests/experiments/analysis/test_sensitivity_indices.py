"""Indices agree with SALib on the same matrix and with the textbook; luck is split off; designs repeat and grow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.sensitivity.cube import latin_points, random_points, sobol_points
from experiments.analysis.sensitivity.indices import slopes, sobol_indices
from experiments.analysis.sensitivity.pawn import pawn, pawn_indices
from experiments.analysis.sensitivity.rows import METHODS, Rows, interval
from experiments.analysis.sensitivity.saltelli import LUCK, per_row, saltelli
from experiments.analysis.sensitivity.trajectories import STEP, effects, morris_design, screening
from tests.surfaces import g_function, ishigami, singles


def problem(names):
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


@pytest.mark.parametrize("second", [False, True])
def test_sobol_indices_equal_those_of_salib_on_the_same_matrix(second):
    from SALib.analyze import sobol

    surface = ishigami(1.5)
    design = saltelli(60, singles(4), second=second)
    y = surface(design.shares, design.replicates)
    ours = sobol_indices(design, y)
    theirs = sobol.analyze(problem(design.names), y.ravel(), calc_second_order=second, num_resamples=2, seed=1)
    assert np.allclose(ours.first.value, theirs["S1"], rtol=0.0, atol=1e-12)
    assert np.allclose(ours.total.value, theirs["ST"], rtol=0.0, atol=1e-12)
    if second:
        i, j = np.triu_indices(5, 1)
        assert np.allclose(ours.second.value, theirs["S2"][i, j], rtol=0.0, atol=1e-12)
        assert ours.pairs[0] == ("x1", "x2") and len(ours.pairs) == 10


def test_groups_are_swapped_together_as_in_salib():
    from SALib.analyze import sobol

    surface = g_function(0.3, multiplied=True)
    design = saltelli(64, [("first", [0, 1]), ("rest", [2, 3, 4])])
    y = surface(design.shares, design.replicates)
    ours = sobol_indices(design, y)
    theirs = sobol.analyze(problem(design.names), y.ravel(), calc_second_order=False, num_resamples=2, seed=1)
    assert np.allclose(ours.total.value, theirs["ST"], rtol=0.0, atol=1e-12)
    assert design.evaluations == per_row(2, False) == 5


def test_morris_measures_equal_those_of_salib():
    from SALib.analyze import morris

    surface = ishigami(1.0)
    design = morris_design(30, singles(4))
    y = surface(design.shares, design.replicates)
    # Luck stands in SALib's matrix as a column that moves from the bottom of its grid to the top of its step.
    luck = (design.replicates - design.replicates[:, :1]) * STEP
    x = np.concatenate([design.shares, luck[:, :, None]], axis=2).reshape(-1, 5)
    theirs = morris.analyze(problem(design.names), x, y.ravel(), num_resamples=2, seed=1)
    ours = screening(design, y)
    for name, found in (("mu", ours.mu), ("mu_star", ours.mu_star), ("sigma", ours.sigma)):
        assert np.allclose(found.value, np.asarray(theirs[name], float), rtol=0.0, atol=1e-10)


def test_pawn_indices_equal_those_of_salib():
    from SALib.analyze import pawn as salib

    x = latin_points(300, 4)
    y = ishigami(1.0)(x, np.arange(300))
    theirs = salib.analyze(problem(["a", "b", "c", "d"]), x, y, S=10)
    assert np.allclose(pawn(x, y), theirs["median"], rtol=0.0, atol=1e-12)


def test_pawn_tells_a_factor_that_does_nothing():
    x = latin_points(400, 4)
    found = pawn_indices(("x1", "x2", "x3", "x4"), x, ishigami(1.0)(x, np.arange(400)), rounds=99)
    assert (found.index.value > found.dummy).tolist()[:2] == [True, True]
    assert found.index.value[3] < found.index.value[:2].min()
    assert abs(found.rank[0]) > 0.2 > abs(found.rank[3])


@pytest.mark.parametrize("surface", [ishigami(2.0), ishigami(0.3, True), g_function(0.4), g_function(0.3, True)])
def test_estimates_come_near_the_analytic_indices(surface):
    design = saltelli(2048, singles(surface.main.size))
    found = sobol_indices(design, surface(design.shares, design.replicates))
    assert np.abs(found.first.value - surface.first()).max() < 0.06
    assert np.abs(found.total.value - surface.totals()).max() < 0.06
    assert found.shares.value.sum() == pytest.approx(1.0)


def test_shares_of_the_variance_split_luck_off():
    surface = g_function(0.5, multiplied=True)
    design = saltelli(4096, singles(5))
    found = sobol_indices(design, surface(design.shares, design.replicates))
    whole = surface.variance * 1.25 + 0.25
    assert found.shares.value == pytest.approx(
        [surface.variance / whole, 0.25 / whole, 0.25 * surface.variance / whole], abs=0.03
    )


def test_a_factor_that_does_nothing_has_a_total_of_exactly_zero_with_common_seeds_and_a_spurious_one_without():
    surface = ishigami(3.0)
    found = {}
    for paired in (True, False):
        design = saltelli(128, singles(4), paired=paired)
        found[paired] = sobol_indices(design, surface(design.shares, design.replicates))
    inert, noisy = (found[p].total for p in (True, False))
    assert (inert.value[3], inert.low[3], inert.high[3], found[True].moved[3]) == (0.0, 0.0, 0.0, 0.0)
    assert noisy.low[3] > 0.1, "without common seeds noise is reported as an effect of a factor that does nothing"
    # The other factors suffer too: noise is added to each total, and the intervals of first indices widen.
    assert (noisy.value[:3] - inert.value[:3]).min() > 0.1
    ratio = (found[False].first.high - found[False].first.low) / (
        found[True].first.high - found[True].first.low + 1e-12
    )
    assert ratio[1] > 1.2 and ratio[3] > 100.0


def test_slopes_have_sign_and_size():
    design = saltelli(128, singles(2))
    y = 3.0 * design.shares[..., 0] - 2.0 * design.shares[..., 1] + (design.replicates % 7)
    found = slopes(design, y, {"x1": 0, "x2": 1})
    assert found["x1"].value[0] == pytest.approx(3.0) and found["x2"].value[0] == pytest.approx(-2.0)


def test_undefined_and_constant_outcomes_do_not_stop_the_analysis():
    design = saltelli(40, singles(4))
    y = ishigami(1.0)(design.shares, design.replicates)
    y[3, 2] = np.nan
    assert sobol_indices(design, y).n == 39
    assert sobol_indices(design, np.full_like(y, np.nan)).n == 0
    constant = sobol_indices(design, np.ones_like(y))
    assert np.isnan(constant.total.value).all() and constant.moved.sum() == 0.0


def test_rows_that_share_luck_are_one_cluster():
    wide = saltelli(64, singles(4), replicates=8)
    assert np.unique(wide.clusters).size == 8 and wide.replicates.max() == 15
    y = ishigami(3.0)(wide.shares, wide.replicates)
    features = y[:, :1]
    few = interval(Rows.gather(features, wide.clusters), lambda m: m)
    many = interval(Rows.gather(features, np.arange(64)), lambda m: m)
    assert few.value == pytest.approx(many.value)
    assert Rows.gather(features, wide.clusters).counts.tolist() == [8.0] * 8


@pytest.mark.parametrize("method", METHODS)
def test_every_kind_of_interval_holds_the_estimate_and_grows_with_the_level(method):
    rows = Rows.gather(random_points(50, 2, seed=4), np.arange(50))
    narrow, wide = (interval(rows, lambda m: m, method=method, level=level) for level in (0.5, 0.95))
    assert np.all(narrow.low <= narrow.value) and np.all(narrow.value <= narrow.high)
    assert np.all(wide.low < narrow.low) and np.all(narrow.high < wide.high)


def test_an_index_carried_by_one_row_has_an_interval_that_holds_zero():
    features = np.zeros((20, 1))
    features[3] = 1.0
    found = interval(Rows.gather(features, np.arange(20)), lambda m: m, method="log_t")
    assert found.low[0] <= 0.0 < found.value[0] < found.high[0] < 1.0


@given(st.integers(2, 70), st.integers(1, 12), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_longer_designs_begin_with_the_shorter(n, d, seed):
    for points in (sobol_points, random_points):
        short, long = points(n, d, seed), points(n + 13, d, seed)
        assert np.array_equal(short, long[:n])
        assert short.min() > 0.0 or points is random_points
        assert long.max() < 1.0
    short, long = saltelli(n, singles(d), seed=seed), saltelli(n + 3, singles(d), seed=seed)
    assert np.array_equal(short.shares, long.shares[:n])
    assert np.array_equal(short.replicates, long.replicates[:n])


@given(st.integers(1, 40), st.integers(1, 8), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_a_saltelli_row_swaps_one_thing_at_a_time(n, d, seed):
    design = saltelli(n, singles(d), seed=seed)
    a, b = design.shares[:, 0], design.shares[:, -1]
    for i in range(d):
        assert np.array_equal(np.delete(design.shares[:, i + 1], i, 1), np.delete(a, i, 1))
        assert np.array_equal(design.shares[:, i + 1, i], b[:, i])
        assert np.array_equal(design.replicates[:, i + 1], design.replicates[:, 0])
    luck = design.names.index(LUCK) + 1
    assert np.array_equal(design.shares[:, luck], a)
    assert np.array_equal(design.replicates[:, luck], design.replicates[:, -1])
    assert (design.replicates[:, 0] != design.replicates[:, -1]).all()


@given(st.integers(1, 20), st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_morris_moves_one_group_a_step_by_the_step(n, seed):
    design = morris_design(n, [("a", [0]), ("b", [1, 2])], seed=seed)
    steps = np.diff(design.shares, axis=1)
    assert np.allclose(np.unique(np.round(np.abs(steps), 9)), [0.0, round(STEP, 9)], atol=1e-9)
    for j in range(n):
        for s in range(3):
            moved = set(np.flatnonzero(steps[j, s]))
            assert moved == [{0}, {1, 2}, set()][design.moved[j, s]]
    assert np.all(design.shares >= 0.0) and np.all(design.shares <= 1.0 + 1e-12)
    linear = 5.0 * design.shares[..., 0]
    assert np.allclose(effects(design, linear)[:, 0], 5.0)


def test_sobol_points_are_even_and_seeds_differ():
    points = sobol_points(64, 6)
    for column in points.T:
        assert sorted((column * 64).astype(int)) == list(range(64))
    assert not np.array_equal(points, sobol_points(64, 6, seed=1))
    assert sorted((latin_points(50, 1)[:, 0] * 50).astype(int)) == list(range(50))
