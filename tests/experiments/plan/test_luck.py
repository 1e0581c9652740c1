"""Priors give what their files say; random numbers of analyses depend on use and seed only."""

import numpy as np
import pytest

from experiments.plan.luck import permutation, resamples, uniforms
from experiments.plan.priors import quantile
from tests.worlds import library

SHARES = (np.arange(2000) + 0.5) / 2000


@pytest.mark.parametrize("key", sorted(library().uncertainties))
def test_every_prior_stays_in_its_bounds_rises_and_holds_its_central_value(key):
    prior = library().uncertainties[key]
    values = quantile(prior, SHARES)
    assert np.all((values >= prior.low) & (values <= prior.high))
    assert np.all(np.diff(values) >= 0.0)
    low, high = quantile(prior, [0.02, 0.98])
    assert low <= prior.central <= high, "the central value lies in the prior's tail"


def test_a_discrete_prior_has_its_weights():
    prior = library().uncertainties["official.horizon"]
    values, counts = np.unique(quantile(prior, SHARES), return_counts=True)
    weights = np.asarray(prior.params["weights"], float)
    assert values.tolist() == list(prior.params["values"])
    assert np.allclose(counts / counts.sum(), weights / weights.sum(), atol=0.001)


def test_uses_and_seeds_are_apart_and_repeat():
    assert np.array_equal(uniforms("a", 5), uniforms("a", 5))
    assert not np.array_equal(uniforms("a", 5), uniforms("b", 5))
    assert not np.array_equal(uniforms("a", 5), uniforms("a", 5, seed=1))
    assert sorted(permutation("a", 9)) == list(range(9))
    drawn = resamples("a", 7, 3)
    assert drawn.shape == (3, 7) and drawn.min() >= 0 and drawn.max() <= 6
