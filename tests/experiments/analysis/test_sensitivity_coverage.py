"""Intervals hold the known indices as often as they say; common seeds beat separate ones on the model itself."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.analysis.sensitivity import morris, sobol
from experiments.analysis.sensitivity.indices import sobol_indices
from experiments.analysis.sensitivity.saltelli import saltelli
from experiments.analysis.sensitivity.trajectories import morris_design, screening
from experiments.analysis.sensitivity.verdicts import NO_EFFECT
from tests.surfaces import g_function, ishigami, singles

STUDIES, ROWS, LEVEL = 400, 128, 0.95
SURFACES = {
    "Ishigami, luck added": ishigami(2.0),
    "Ishigami, luck multiplied": ishigami(0.3, multiplied=True),
    "g, luck added": g_function(0.4),
    "g, luck multiplied": g_function(0.3, multiplied=True),
}


def held(surface, points: str) -> tuple[np.ndarray, np.ndarray]:
    """Share of studies whose interval holds the truth: first, total, for everything that acts."""
    d, (first, total) = surface.main.size, (surface.first(), surface.totals())
    hits = np.zeros((2, d + 1))
    for seed in range(STUDIES):
        design = saltelli(ROWS, singles(d), seed=seed, points=points)
        found = sobol_indices(design, surface(design.shares, design.replicates, seed=seed), level=LEVEL)
        for i, (interval, truth) in enumerate(((found.first, first), (found.total, total))):
            hits[i] += (interval.low <= truth + 1e-12) & (truth - 1e-12 <= interval.high)
    return hits[0][total > 0.0] / STUDIES, hits[1][total > 0.0] / STUDIES


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SURFACES))
def test_intervals_hold_the_analytic_indices_at_their_level(name):
    error = np.sqrt(LEVEL * (1.0 - LEVEL) / STUDIES)
    for found in held(SURFACES[name], "random"):
        assert found.min() > LEVEL - 4.0 * error, found
        assert abs(found.mean() - LEVEL) < 2.5 * error, found


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SURFACES))
def test_intervals_of_sobol_points_hold_at_least_their_level_on_average(name):
    error = np.sqrt(LEVEL * (1.0 - LEVEL) / STUDIES)
    for found in held(SURFACES[name], "sobol"):
        assert found.mean() > LEVEL - 2.0 * error, found
        assert found.min() > 0.85, found


@pytest.mark.slow
def test_morris_intervals_hold_the_mean_effect():
    surface, hits = g_function(0.4), np.zeros(6)
    truth = screening(morris_design(20000, singles(5), seed=999), _morris(surface, 20000, 999)).mu_star.value
    for seed in range(STUDIES):
        found = screening(morris_design(40, singles(5), seed=seed), _morris(surface, 40, seed)).mu_star
        hits += (found.low <= truth) & (truth <= found.high)
    assert np.all(np.abs(hits / STUDIES - LEVEL) < 0.05), hits / STUDIES


def _morris(surface, n, seed):
    design = morris_design(n, singles(5), seed=seed)
    return surface(design.shares, design.replicates, seed=seed)


# --- the model itself ------------------------------------------------------------------------------------------------


def on_the_model(plan):
    """A plan of the small province, in this process."""
    from experiments.run.evaluate import evaluate
    from tests.worlds import counties, library

    return evaluate(replace(plan, counties=str(counties())), workers=1, library=library())


def design_of_three():
    """Two factors that act within two years, and the control, in the small province."""
    from experiments.analysis.sensitivity.subject import find_subject
    from tests.worlds import library

    design = find_subject("zhejiang_2015", library(), quarters=12).design
    wanted = ("land_reward.share", "official.promotion_weight", "clawback.plan_lag")
    kept = tuple(f for f in design.factors if f.name in wanted)
    return replace(design, factors=kept, outcomes=("investment_effective", "public_cost"))


@pytest.mark.slow
def test_on_the_model_separate_seeds_report_noise_as_an_effect_and_common_seeds_do_not():
    from tests.worlds import library

    paired, apart = (
        sobol(design_of_three(), n=24, run=on_the_model, library=library(), paired=p) for p in (True, False)
    )
    for outcome in ("investment_effective", "public_cost"):
        inert, spurious = (f.table(outcome).set_index("factor").loc["clawback.plan_lag"] for f in (paired, apart))
        assert (inert["total"], inert["total_high"], inert["verdict"]) == (0.0, 0.0, NO_EFFECT)
        assert spurious["total"] > 0.1 and spurious["total_low"] > 0.0 and spurious["verdict"] != NO_EFFECT
    width = [f.indices.eval("slope_high - slope_low").mean() for f in (paired, apart)]
    assert width[1] > 1.5 * width[0], "an effect on separate luck is known less well"


@pytest.mark.slow
def test_on_the_model_screening_finds_the_control_still_and_luck_at_work():
    from tests.worlds import library

    table = morris(design_of_three(), n=5, run=on_the_model, library=library()).table().set_index("factor")
    assert table.loc["clawback.plan_lag", "verdict"] == NO_EFFECT
    assert table.loc["luck", "mu_star"] > 0.0
    assert table.loc["land_reward.share", "moved"] > 0
