"""Do the intervals hold the truth as often as they say? On distributions whose mean is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.analysis.estimates.contrasts import mean_estimate, paired, ratio_estimate

CASES = {
    "normal": (lambda rng, n: rng.normal(2.0, 1.0, n), 2.0),
    "few exits": (lambda rng, n: rng.beta(2.0, 30.0, n), 2.0 / 32.0),
    "rare exits": (lambda rng, n: rng.beta(0.5, 10.0, n), 0.5 / 10.5),
    "counts of 100 towns": (lambda rng, n: rng.binomial(100, 0.02, n) / 100.0, 0.02),
    "skewed money": (lambda rng, n: rng.lognormal(0.0, 0.6, n), math.exp(0.18)),
}


def coverage(draw, truth, n, trials):
    rng = np.random.default_rng(20150422)
    estimates = (mean_estimate(draw(rng, n)) for _ in range(trials))
    return float(np.mean([e.low <= truth <= e.high for e in estimates]))


@pytest.mark.parametrize("case", CASES)
def test_means_hold_the_truth_quick(case):
    assert 0.91 <= coverage(*CASES[case], n=60, trials=400) <= 0.985


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 100, 400])
@pytest.mark.parametrize("case", CASES)
def test_means_hold_the_truth(case, n):
    assert 0.92 <= coverage(*CASES[case], n=n, trials=6000) <= 0.965


@pytest.mark.slow
def test_paired_differences_and_ratios_hold_the_truth():
    rng = np.random.default_rng(7)
    differences, ratios = [], []
    for _ in range(4000):
        common, below = rng.lognormal(0.0, 0.5, 50), rng.normal(4.0, 1.0, 50)
        d = paired(common * 1.2 + rng.normal(0.3, 0.2, 50), common).difference
        differences.append(d.low <= 0.3 + 0.2 * math.exp(0.125) <= d.high)
        r = ratio_estimate(2.0 * below + rng.normal(0.0, 2.0, 50), below)
        ratios.append(r.low <= 2.0 <= r.high)
    assert 0.935 <= np.mean(differences) <= 0.965
    assert 0.935 <= np.mean(ratios) <= 0.965
