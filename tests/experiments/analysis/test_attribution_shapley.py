"""Shapley values: the four axioms to the bit, orders against coalitions, and known games."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.analysis.attribution.shapley import adds_up, exact, interactions, orders, sampled, visited, whole

AT_LEISURE = settings(deadline=None, max_examples=60)
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False)


@st.composite
def games(draw, most: int = 5, replicates: int = 2):
    n = draw(st.integers(1, most))
    rows = draw(st.lists(st.lists(NUMBERS, min_size=replicates, max_size=replicates), min_size=1 << n, max_size=1 << n))
    return np.array(rows)


@AT_LEISURE
@given(games())
def test_contributions_add_up_to_the_difference_to_the_bit(values):
    parts = exact(values)
    for k in range(values.shape[1]):
        column = [p[k] for p in parts]
        assert sum(column) == Fraction(values[-1, k]) - Fraction(values[0, k])
        assert float(sum(column)) == values[-1, k] - values[0, k]
        assert adds_up(column, values[0, k], values[-1, k])


def test_what_does_not_add_up_is_found():
    parts = [Fraction(1, 3), Fraction(2, 3)]
    assert adds_up(parts, 0.5, 1.5)
    assert not adds_up(parts, 0.5, math.nextafter(1.5, 2.0))
    assert not adds_up([Fraction(1, 10), Fraction(9, 10) + Fraction(1, 10**30)], 0.0, 1.0), "equal only after rounding"


@AT_LEISURE
@given(games(), st.data())
def test_a_group_that_does_nothing_gets_exactly_zero(values, data):
    n = int(values.shape[0]).bit_length() - 1
    dummy = data.draw(st.integers(0, n - 1))
    flat = np.array([values[m & ~(1 << dummy)] for m in range(1 << n)])
    parts = exact(flat)
    assert parts[dummy] == [0, 0]
    assert all(x == 0 for pair, found in interactions(flat).items() if dummy in pair for x in found)


@AT_LEISURE
@given(games(most=4), st.data())
def test_groups_that_do_the_same_get_the_same(values, data):
    n = int(values.shape[0]).bit_length() - 1
    i, j = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n - 1))

    def swapped(mask: int) -> int:
        rest = mask & ~(1 << i | 1 << j)
        return rest | (mask >> i & 1) << j | (mask >> j & 1) << i

    alike = np.array([values[min(m, swapped(m))] for m in range(1 << n)])
    parts = exact(alike)
    assert parts[i] == parts[j]


@AT_LEISURE
@given(games(most=4), st.data())
def test_the_sum_of_two_games_gives_the_sum_of_their_contributions(values, data):
    whole_numbers = np.round(values)
    shape = st.lists(st.integers(-(10**9), 10**9), min_size=values.size, max_size=values.size)
    other = np.array(data.draw(shape), dtype=float).reshape(values.shape)
    one, two, both = exact(whole_numbers), exact(other), exact(whole_numbers + other)
    assert both == [[x + y for x, y in zip(a, b, strict=True)] for a, b in zip(one, two, strict=True)]


@AT_LEISURE
@given(games(most=4, replicates=1))
def test_all_orders_together_give_what_all_coalitions_give(values):
    """The estimator is unbiased: its mean over all orders is the Shapley value."""
    n = int(values.shape[0]).bit_length() - 1
    v = dict(enumerate(values[:, 0].tolist()))
    assert sampled(v, list(permutations(range(n)))) == [p[0] for p in exact(values)]


@AT_LEISURE
@given(games(most=5, replicates=1), st.integers(1, 4), st.integers(0, 99))
def test_sampled_contributions_add_up_too(values, pairs, seed):
    n = int(values.shape[0]).bit_length() - 1
    found = orders(n, pairs, 3, seed)
    v = {m: values[m, 0] for order in found for m in visited(order)}
    assert adds_up(sampled(v, found), values[0, 0], values[-1, 0])


def test_orders_come_in_pairs_and_differ_by_replicate_and_seed():
    found = orders(7, 3, 0)
    assert [sorted(order) for order in found] == [list(range(7))] * 6
    assert all(found[i + 1] == found[i][::-1] for i in (0, 2, 4))
    assert orders(7, 3, 0) == found
    assert orders(7, 3, 1) != found and orders(7, 3, 0, seed=1) != found


def test_each_group_stands_in_each_place_equally_often():
    places = np.array([order for k in range(500) for order in orders(5, 1, k)])
    counts = np.array([[np.sum(places[:, place] == i) for place in range(5)] for i in range(5)])
    assert np.abs(counts / len(places) - 0.2).max() < 4.5 * math.sqrt(0.2 * 0.8 / len(places))


def test_the_sampled_mean_comes_near_the_exact_value():
    n = 6
    values = np.array([[float(m.bit_count() ** 3 + 30 * (m & 0b1011 == 0b1011))] for m in range(1 << n)])
    truth = [float(p[0]) for p in exact(values)]
    v = dict(enumerate(values[:, 0].tolist()))
    runs = np.array([[float(x) for x in sampled(v, orders(n, 1, k))] for k in range(400)])
    error = runs.std(axis=0, ddof=1) / math.sqrt(len(runs))
    assert np.all(np.abs(runs.mean(axis=0) - truth) <= 4.5 * error + 1e-12)
    assert error.max() > 0


def test_an_order_and_its_reverse_leave_no_noise_from_pairs():
    """What two groups do together is halved exactly by a pair of orders; only larger circles are left to chance."""
    values = np.array([[float(m.bit_count() + 5 * (m & 3 == 3) - 2 * (m & 12 == 12))] for m in range(16)])
    v = dict(enumerate(values[:, 0].tolist()))
    assert sampled(v, orders(4, 1, 0)) == [p[0] for p in exact(values)]


def test_known_games():
    glove = np.array([[float(bool(m & 1) and bool(m & 6))] for m in range(8)])
    assert [p[0] for p in exact(glove)] == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    joint = interactions(glove)
    assert joint[0, 1][0] > 0 and joint[0, 2][0] > 0, "a left glove needs a right one"
    assert joint[1, 2][0] < 0, "two right gloves replace each other"
    both = np.array([[0.0], [0.0], [0.0], [1.0]])
    assert interactions(both)[0, 1] == [1]


def test_a_set_function_must_be_whole():
    with pytest.raises(ValueError, match="everywhere"):
        exact(np.array([[0.0], [math.nan]]))
    with pytest.raises(ValueError, match="2\\^n"):
        exact(np.zeros((3, 1)))


@AT_LEISURE
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6))
def test_scaling_to_whole_numbers_loses_nothing(values):
    numerators, denominator = whole(np.array(values))
    assert [Fraction(int(x), denominator) for x in numerators] == [Fraction(v) for v in values]
