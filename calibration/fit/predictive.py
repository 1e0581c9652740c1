"""The figures beside what the posterior predicts, from runs of the model; and which figures pull against others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.fit.likelihood import Observed, terms
from calibration.fit.stages import TRUTH_LUCK, Fitted, laid, posterior
from experiments.plan.behaviour import cube

Floats = NDArray[np.float64]

LEVELS = (5.0, 50.0, 95.0)
PARTICLES = 2000
STEP = 0.1
"""Of normal scores, for slopes."""


@dataclass(frozen=True)
class Predicted:
    """Posterior predictive and prior predictive ranges of every figure, from runs with luck of their own.

    Attributes:
        prior, posterior: 5th, 50th, 95th percentile, shape (3, figures).
        inside: Whether the published value lies within the posterior's 5th to 95th percentile.
        gap: Published value less the posterior median, in standard deviations of the prediction.
    """

    prior: Floats
    posterior: Floats
    inside: NDArray[np.bool_]
    gap: Floats


def predicted(f: Fitted, shares: Floats, prior: Floats) -> Predicted:
    """Run draws of the posterior, draw k at replicate k.

    Args:
        f: The fit.
        shares: The posterior's draws, shape (n, uncertainties).
        prior: Figures of draws from the prior with luck of their own, shape (m, figures).
    """
    runs = f.bench.runs("check", shares[: f.bench.spec.check], 1, own_luck=0)[:, 0]
    value = np.array([t.value for t in f.bench.targets.values()])
    after = np.percentile(runs, LEVELS, axis=0)
    inside = (after[0] <= value) & (value <= after[2])
    spread = np.maximum(runs.std(axis=0), 1e-12)
    return Predicted(np.percentile(prior, LEVELS, axis=0), after, inside, (value - after[1]) / spread)


@dataclass(frozen=True)
class Tension:
    """What happens to the rest when one figure is left out.

    Attributes:
        surprise: The figure left out against what the others predict of it, in standard deviations of that prediction.
        relief: By how much the log likelihood of figure i rises when figure j is left out, shape (figures i, j).
        informs: What a figure alone adds to the precision of an uncertainty, in precisions of the prior, shape
            (uncertainties, figures).
    """

    surprise: Floats
    relief: Floats
    informs: Floats


def tension(f: Fitted) -> Tension:
    """Fit again without each figure in turn, on the stand-in."""
    b, n = f.bench, len(f.bench.ids)
    whole = posterior(b, f.emulator, f.luck, b.observed, use="fit.tension", particles=_particles(f))
    base = _terms(f, whole.z).mean(axis=0)
    surprise, relief = np.zeros(n), np.zeros((n, n))
    for j in range(n):
        rest = posterior(b, f.emulator, f.luck, b.observed, use="fit.tension", without=[j], particles=_particles(f))
        surprise[j] = _surprise(f, rest.z, j)
        relief[:, j] = _terms(f, rest.z).mean(axis=0) - base
        relief[j, j] = 0.0
    return Tension(surprise, relief, informs(f, whole.z.mean(axis=0)))


def informs(f: Fitted, centre: Floats) -> Floats:
    """Squared slope of each figure over its variance, at a point, shape (uncertainties, figures).

    Args:
        f: The fit.
        centre: Normal scores of the active uncertainties.
    """
    seen, active = f.bench.observed, f.emulator.active
    steps = np.concatenate([centre + STEP * np.eye(len(active)), centre - STEP * np.eye(len(active)), centre[None]])
    at = _linked(f, steps)
    slope = (at[: len(active)] - at[len(active) : -1]) / (2.0 * STEP)
    p = 1.0 / (1.0 + np.exp(-(at[-1] + f.luck.offset)))
    counted = f.luck.spread / np.maximum(seen.trials * p * (1.0 - p), 1e-9) + (seen.discrepancy / (1.0 - p)) ** 2
    width = 0.5 * (seen.below + seen.above)
    summed = f.luck.spread**2 + width**2 + seen.discrepancy**2
    variance = np.where(seen.count, counted, summed) + f.emulator.errors**2
    out = np.zeros((len(f.bench.space.keys), len(seen.ids)))
    out[active] = slope**2 / variance
    return out


def _particles(f: Fitted) -> int:
    return min(PARTICLES, f.bench.spec.particles)


def _linked(f: Fitted, z: Floats) -> Floats:
    active = f.emulator.active
    return f.emulator.linked(f.bench.space.features(laid(z, active, len(f.bench.space.keys)), active))


def _terms(f: Fitted, z: Floats) -> Floats:
    return terms(f.bench.observed, _linked(f, z), f.emulator.errors, f.luck)


def _surprise(f: Fitted, z: Floats, j: int) -> float:
    """Published figure less its prediction over the prediction's spread with all sources of error."""
    seen, at = f.bench.observed, (_linked(f, z) + f.luck.offset)[:, j]
    if seen.count[j]:
        p = 1.0 / (1.0 + np.exp(-at))
        own = p * (1.0 - p)
        inner = own / seen.trials[j] * f.luck.spread[j] + (own * f.emulator.errors[j]) ** 2
        inner = inner + (p * seen.discrepancy[j]) ** 2
        return float((seen.value[j] / seen.trials[j] - p.mean()) / np.sqrt(p.var() + inner.mean()))
    side = _side(seen, j, float(seen.value[j] - at.mean()))
    inner = f.luck.spread[j] ** 2 + f.emulator.errors[j] ** 2 + seen.discrepancy[j] ** 2 + side**2
    return float((seen.value[j] - at.mean()) / np.sqrt(at.var() + inner))


def _side(seen: Observed, j: int, gap: float) -> float:
    """Width of the interval on the side where the prediction lies."""
    return float(seen.below[j] if gap > 0.0 else seen.above[j])


def truth_runs(f: Fitted) -> Floats:
    """Figures of the draws from the prior that stand for reality in the trials: the prior predictive."""
    b = f.bench
    shares = cube(b.spec.truths, len(b.space.keys), "fit.truth", b.spec.seed)
    return b.runs("truth", shares, 1, own_luck=TRUTH_LUCK)[:, 0]
