"""The fit on models whose posterior is known: sampler, stand-in, likelihood, trials, shards and what is written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from calibration.fit import emulator, likelihood, sampler
from calibration.fit.known import FitError, known
from calibration.fit.likelihood import Luck, Observed, made, measured, terms
from calibration.fit.publish import TARGETS, UNCERTAINTIES, calibrate
from calibration.fit.runs import carried_out, fit_plan
from calibration.fit.space import Space, scores, shares_of
from calibration.fit.stages import FitSpec
from calibration.targets import load_targets
from experiments.errors import FolderError, RunFailures
from experiments.plan.behaviour import ABOUT, DRAWS, BehaviourError, behaviours, cube, read
from experiments.plan.luck import uniforms
from sim.parameters import load_library
from tests import fit_toy

TOY = FitSpec(
    draws=160, luck_draws=3, luck_replicates=8, refine=20, particles=400, moves=3, sample=40, truths=24, check=40,
    task="tests.fit_toy:watch",
)  # fmt: skip
TINY = replace(
    TOY, draws=60, luck_draws=2, luck_replicates=4, refine=4, particles=60, moves=1, sample=8, truths=3, check=4
)
FILES = (DRAWS, ABOUT, UNCERTAINTIES, TARGETS)
HERE = Path(__file__).parents[1]


ALL = len(load_library().uncertainties)


@pytest.fixture(scope="module")
def library():
    return fit_toy.LIBRARY


@pytest.fixture(scope="module")
def toy(library, tmp_path_factory):
    """A fit of the toy, in this process, and its folder."""
    out = tmp_path_factory.mktemp("toy") / "fit"
    return calibrate(TOY, library, out, workers=1), out


# --- sampler ---------------------------------------------------------------------------------------------------------


def test_the_sampler_finds_a_linear_normal_posterior():
    """Prior N(0, I), y = A z + noise: mean, covariance and evidence are known."""
    d, m = 15, 8
    a = np.round(uniforms("test.a", (m, d)) * 4 - 2, 3) * (np.arange(d) < 6)
    y, sd = np.linspace(-1.5, 2.0, m), 0.7
    precision = np.eye(d) + a.T @ a / sd**2
    cover = np.linalg.inv(precision)
    mean = cover @ a.T @ y / sd**2

    def log_likelihood(z):
        return -0.5 * (((z @ a.T - y) / sd) ** 2).sum(axis=1)

    found = sampler.sample(log_likelihood, d, 3000, 6)
    own = np.sqrt(np.diag(cover))
    assert np.abs((found.z.mean(axis=0) - mean) / own).max() < 0.12
    assert np.abs(found.z.std(axis=0) / own - 1.0).max() < 0.12
    whole = a @ a.T + sd**2 * np.eye(m)
    evidence = stats.multivariate_normal.logpdf(y, np.zeros(m), whole) + 0.5 * m * np.log(2 * np.pi * sd**2)
    assert found.evidence == pytest.approx(evidence, abs=0.5)
    assert np.array_equal(found.z, sampler.sample(log_likelihood, d, 3000, 6).z)
    assert not np.array_equal(found.z, sampler.sample(log_likelihood, d, 3000, 6, seed=1).z)


def test_a_systematic_resample_keeps_every_particle_as_often_as_its_weight_says():
    weight = np.array([0.5, 0.25, 0.125, 0.125])
    assert np.bincount(sampler.systematic(np.repeat(weight / 4, 4), 0.3), minlength=16).max() == 2
    assert list(np.bincount(sampler.systematic(weight, 0.5), minlength=4)) in ([2, 1, 1, 0], [2, 1, 0, 1])


# --- stand-in --------------------------------------------------------------------------------------------------------


def test_the_stand_in_finds_the_terms_that_are_there_and_no_others():
    x = scores(cube(600, 40, "test.x"))
    noise = scores(uniforms("test.noise", (600, 2)))
    mean = 1.0 + 0.5 * x[:, 3] - 0.3 * x[:, 7] + 0.2 * x[:, 3] * x[:, 11]
    y = np.exp(mean[:, None] + 0.05 * noise)
    share = uniforms("test.share", (600, 2, 50)) < 1.0 / (1.0 + np.exp(-(-1.0 + 0.8 * x[:, 5])))[:, None, None]
    both = np.stack([y, share.mean(axis=2)], axis=2)
    found = emulator.fit(x, both, [0.0, 50.0])
    quantity, count = found.figures
    assert set(quantity.moved_by) == {3, 7, 11} and (3, 11) in quantity.products
    assert 5 in count.moved_by and len(count.moved_by) <= 3
    assert quantity.coefficients[0] == pytest.approx(1.0, abs=0.01)
    assert dict(zip(count.linear, count.coefficients[1:], strict=False))[5] == pytest.approx(0.8, abs=0.06)
    assert quantity.error < 0.03 and count.error < 0.2
    assert set(found.active) == set(quantity.moved_by) | set(count.moved_by)


def test_the_stand_ins_error_is_what_it_cannot_tell():
    x = scores(cube(500, 30, "test.x"))
    wiggle = 0.2 * np.sin(6.0 * x[:, 20])
    y = np.exp(0.5 * x[:, 3] + wiggle)[:, None, None].repeat(2, axis=1)
    found = emulator.fit(x, y, [0.0]).figures[0]
    assert found.error == pytest.approx(0.2 / np.sqrt(2), rel=0.15)


# --- likelihood ------------------------------------------------------------------------------------------------------


def _luck(seen, spread=0.0):
    spread = np.where(seen.count, 1.0, spread)
    return Luck(spread, np.zeros(len(spread)), spread)


def test_a_count_alone_has_its_binomial_probability():
    seen = replace(Observed.of(load_targets()), discrepancy=np.zeros(24))
    p = 0.13
    at = np.where(seen.count, np.log(p / (1 - p)), seen.value)[None]
    got = terms(seen, at, np.zeros(24), _luck(seen))[0]
    for j in np.flatnonzero(seen.count):
        assert got[j] == pytest.approx(stats.binom.logpmf(seen.value[j], seen.trials[j], p), abs=2e-3)


def test_nothing_is_fitted_closer_than_its_count_or_interval_allows():
    targets = load_targets()
    seen = Observed.of(targets)
    assert set(likelihood.DISCREPANCY) == {"A", "B", "C", "D"}
    assert sorted(likelihood.DISCREPANCY.values()) == [likelihood.DISCREPANCY[g] for g in "ABCD"]
    middle = np.where(seen.count, np.log(np.abs(seen.value) / (np.abs(seen.trials - seen.value) + 1e-9)), seen.value)
    steps = np.linspace(-1.0, 1.0, 401)
    for j, target in enumerate(targets.values()):
        at = np.repeat(middle[None], len(steps), axis=0)
        at[:, j] += steps
        value = terms(seen, at, np.zeros(24), _luck(seen))[:, j]
        assert np.isfinite(value).all()
        weight = np.exp(value - value.max())
        own = 1.0 / np.sqrt(seen.value[j] * (1 - seen.value[j] / seen.trials[j])) if target.count else 0.0
        wide = np.sqrt(np.average(steps**2, weights=weight) - np.average(steps, weights=weight) ** 2)
        least = min(own, 0.5) * 0.9 if target.count else 0.5 * (seen.below[j] + seen.above[j]) * 0.9
        assert wide > least, target.id


def test_made_figures_scatter_as_the_likelihood_says():
    seen = Observed.of(load_targets())
    run = np.array([t.value for t in load_targets().values()])
    luck = Luck(np.where(seen.count, 1.0, 0.03), np.zeros(24), np.where(seen.count, 0.4, 0.03))
    many = np.array([made(seen, run, luck, uniforms("test.made", (2, 24), k)).value for k in range(2000)])
    for j in range(24):
        if seen.count[j]:
            n, p = seen.trials[j], run[j]
            assert many[:, j].mean() == pytest.approx(n * p, abs=0.35)
            spread = np.sqrt(n * p * (1 - p) * 0.6 + (n * p * seen.discrepancy[j]) ** 2 + 1 / 12)
            assert many[:, j].std() == pytest.approx(spread, rel=0.2)
        else:
            gap = np.log(run[j]) - many[:, j]
            above, below = (np.hypot(s[j], seen.discrepancy[j]) for s in (seen.above, seen.below))
            assert np.sqrt((gap[gap > 0] ** 2).mean()) == pytest.approx(above, rel=0.1)
            assert (gap > 0).mean() == pytest.approx(above / (above + below), abs=0.04)


def test_luck_is_measured_over_replicates_and_the_offset_of_the_first_two_taken():
    shift = np.array([0.2, 0.2, -0.1, -0.1, -0.1, -0.1])
    y = np.exp(np.array([0.0, 1.0, 2.0])[:, None] + shift)[:, :, None]
    found = measured(y, [0.0])
    assert found.offset[0] == pytest.approx(-0.2) and found.spread[0] == pytest.approx(shift.std(ddof=1))
    counts = measured(np.full((3, 6, 1), 0.25) + 0.001 * shift[None, :, None], [40.0])
    assert counts.spread[0] == 1.0 and counts.raw[0] < 0.1


# --- space -----------------------------------------------------------------------------------------------------------


def test_features_are_standardised_and_rise_with_the_share(library):
    space = Space.of(library)
    x = space.features(cube(400, len(space.keys), "test.space"))
    assert np.abs(x.mean(axis=0)).max() < 0.02 and np.abs(x.std(axis=0) - 1).max() < 0.03
    assert (np.diff(space.table, axis=1) >= 0).all()
    u = cube(50, 3)
    assert shares_of(scores(u)) == pytest.approx(u)


# --- the whole fit on the toy ----------------------------------------------------------------------------------------


def test_the_toys_posterior_is_the_one_that_can_be_computed(toy, library):
    """Every quantity is linear in one feature, so precision adds up over the figures that one uncertainty moves."""
    found, _ = toy
    f = found.fit
    seen, keys = f.bench.observed, list(f.bench.space.keys)
    for i in range(12):
        moved = [j for j in range(24) if j % 12 == i]
        precision = 1.0
        for j in moved:
            if seen.count[j]:
                p = seen.value[j] / seen.trials[j]
                precision += fit_toy.SLOPE**2 * seen.trials[j] * p * (1 - p) / (1 + 0.0049 * p * seen.trials[j])
            else:
                side = 0.5 * (seen.below[j] + seen.above[j])
                error = f.luck.spread[j] ** 2 + seen.discrepancy[j] ** 2 + side**2 + f.emulator.errors[j] ** 2
                precision += fit_toy.SLOPE**2 / error
        k = list(f.emulator.active).index(keys.index(fit_toy.mover(i)))
        assert f.sample.z[:, k].std() == pytest.approx(1.0 / np.sqrt(precision), rel=0.25), keys[i]
        assert abs(f.sample.z[:, k].mean()) < 0.6 / np.sqrt(precision)


def test_the_toy_is_recovered(toy):
    found, _ = toy
    t = found.trials
    movers = sorted({list(found.fit.bench.space.keys).index(fit_toy.mover(j)) for j in range(12)})
    assert set(movers) <= set(map(int, t.active)) and len(t.active) <= 20
    assert 0.8 <= t.coverage[movers].mean() <= 0.99 and np.abs(t.bias[movers]).max() < 0.3
    assert min(1.0, t.uniformity()[movers].min() * len(movers)) > 0.01
    still = np.setdiff1d(np.arange(ALL), t.active)
    assert (t.contraction[still] == 1.0).all() and not t.identified[still].any()
    assert set(np.flatnonzero(t.identified)) <= set(movers) and t.identified.sum() >= 6


def test_a_wrong_model_of_the_error_is_found_out(toy):
    """Trials must be able to fail: with errors called a fifth of what they are, intervals miss the truth."""
    from calibration.fit.trial import trials

    f = toy[0].fit
    seen = f.bench.observed
    close = replace(seen, below=seen.below / 5, above=seen.above / 5, discrepancy=seen.discrepancy / 5)
    b = replace(f.bench)
    object.__setattr__(b, "observed", close)
    import calibration.fit.trial as room

    def wide(_, run, luck, noise):
        said = made(seen, run, luck, noise)
        return replace(said, below=close.below, above=close.above, discrepancy=close.discrepancy)

    true_made, room.made = room.made, wide
    try:
        t = trials(replace(f, bench=b), 8)
    finally:
        room.made = true_made
    keys = list(f.bench.space.keys)
    narrow = [keys.index(fit_toy.mover(j)) for j in range(24) if not seen.count[j]]
    assert t.coverage[narrow].mean() < 0.7


def test_the_posterior_can_be_used_and_read_back(toy, library):
    _, out = toy
    fitted = read(library, out)
    assert fitted.values.shape == (40, ALL)
    library.resolve("zhejiang_2015", behaviour=fitted.draw(3))
    told = known(library, out)
    assert list(told.uncertainties) == list(library.uncertainties) and list(told.targets) == list(load_targets())
    assert not told.stale and told.about["found"]["trials"] == 24
    assert told.about["found"]["figures_inside"] >= 20
    informed = told.uncertainties[fit_toy.mover(13)]["informed_by"]
    assert set(informed) & {list(load_targets())[j] for j in (1, 13)}


def test_draws_of_what_the_data_do_not_touch_are_the_prior(toy):
    found, _ = toy
    still = np.setdiff1d(np.arange(ALL), found.trials.active)
    assert (np.abs(found.shares[:, still].mean(axis=0) - 0.5) < 0.16).all()
    first = found.shares[:20, still].mean()
    assert first == pytest.approx(0.5, abs=0.03)


def test_broken_tables_of_a_fit_are_told(toy, library, tmp_path):
    _, out = toy
    with pytest.raises(BehaviourError, match="calibrate"):
        known(library, tmp_path)
    for name in FILES:
        (tmp_path / name).write_bytes((out / name).read_bytes())
    (tmp_path / UNCERTAINTIES).write_text("name,what\n1,2\n")
    with pytest.raises(FitError, match=UNCERTAINTIES):
        known(library, tmp_path)
    (tmp_path / UNCERTAINTIES).unlink()
    with pytest.raises(FitError, match="calibrate"):
        known(library, tmp_path)


def test_a_folder_of_something_else_is_left_alone(library, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(FolderError):
        calibrate(TOY, library, tmp_path, workers=1)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


# --- shards ----------------------------------------------------------------------------------------------------------


def test_runs_that_are_stored_are_not_run_again(library, tmp_path):
    plan = fit_plan("few", behaviours(library, cube(25, ALL)), 2, "tests.fit_toy:watch")
    ids = list(load_targets())
    figures = carried_out(plan, ids, tmp_path, code="a", library=library, workers=1)
    assert figures.shape == (25, 2, 24) and len(list(tmp_path.iterdir())) == 1
    told = []
    again = carried_out(
        plan, ids, tmp_path, code="a", library=library, workers=1, progress=lambda *now: told.append(now)
    )
    assert np.array_equal(again, figures) and set(told) <= {(50, 50)}
    carried_out(plan, ids, tmp_path, code="another model", library=library, workers=1)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_run_that_fails_stops_the_fit_and_is_named(library, tmp_path):
    plan = fit_plan("few", behaviours(library, cube(3, ALL)), 2, "tests.fit_toy:broken")
    with pytest.raises(RunFailures, match="toy"):
        carried_out(plan, list(load_targets()), tmp_path, code="", library=library, workers=1)


KILLED = """
import os, sys
here = [p for p in sys.path if not os.path.isdir(os.path.join(p, "tests"))]  # one folder of tests
sys.path[:] = [{root!r}, {tests!r}, *here]
if __name__ == "__main__":
    import fit_toy
    from pathlib import Path
    from calibration.fit.publish import calibrate
    from calibration.fit.stages import FitSpec
    calibrate(FitSpec(**{spec!r}), fit_toy.LIBRARY, Path({out!r}), workers=2)
"""


def test_killed_and_resumed_with_other_workers_gives_the_same_bytes(library, tmp_path):
    whole, out = tmp_path / "whole", tmp_path / "cut"
    calibrate(TINY, library, whole, workers=1)
    script = KILLED.format(root=str(HERE.parent), tests=str(HERE), spec=TINY.as_dict(), out=str(out))
    (tmp_path / "go.py").write_text(script)
    process = subprocess.Popen([sys.executable, str(tmp_path / "go.py")], start_new_session=True)
    try:
        for _ in range(6000):
            if len(list((out / "runs").glob("*/shards/*"))) >= 2 or process.poll() is not None:
                break
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert 2 <= len(list((out / "runs").glob("*/shards/*"))) and not (out / DRAWS).exists()
    calibrate(TINY, library, out, workers=1)
    for name in FILES:
        assert (out / name).read_bytes() == (whole / name).read_bytes(), name
