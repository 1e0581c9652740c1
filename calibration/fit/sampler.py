"""Sampling a posterior by tempering: particles go from the prior to the posterior in steps of equal loss.

Particles are normal scores, so the prior is standard normal. Each step reweights, resamples, and moves every particle
by proposals that leave a normal distribution with the particles' own mean and covariance unchanged; where the stand-in
is nearly linear the posterior is nearly normal and most such moves are accepted, in any dimension. All luck is keyed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from experiments.plan.luck import uniforms

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], Floats]
"""Log likelihood of some normal scores, shape (n, dimensions) -> (n,)."""

LOSS = 0.5
"""Effective share of the particles that a step leaves."""
FIRST_STRIDE, LEAST_STRIDE, MOST_STRIDE = 0.6, 0.05, 0.95
ACCEPT = 0.35
"""Wanted share of accepted moves; the stride follows it."""
MOST_STEPS = 60
SHRINK, MOST_SHRINK = 4.0, 0.5
"""Pull of the covariance to the prior's: this many times dimensions over particles. A covariance from few particles is
too uneven, and moves under it would leave the sample too narrow."""


@dataclass(frozen=True)
class Sample:
    """Particles of equal weight.

    Attributes:
        z: Normal scores, shape (n, dimensions).
        log_likelihood: Of each.
        steps: Tempering steps.
        accepted: Share of moves accepted in the last step.
        evidence: Log of the mean likelihood under the prior.
    """

    z: Floats
    log_likelihood: Floats
    steps: int
    accepted: float
    evidence: float


def sample(
    likelihood: Likelihood, dimensions: int, particles: int, moves: int, use: str = "fit.sampler", seed: int = 0
) -> Sample:
    """Draw from the posterior.

    Args:
        likelihood: Log likelihood of normal scores.
        dimensions: How many.
        particles: How many draws.
        moves: Moves of every particle in every step; twice as many in the last.
        use: Name of the random numbers.
        seed: Another seed gives another sample.
    """
    z = _normals(f"{use}/start", (particles, dimensions), seed)
    value, power, stride, accepted, evidence = likelihood(z), 0.0, FIRST_STRIDE, 1.0, 0.0
    step = 0
    while power < 1.0:
        step += 1
        raised = _next_power(value, power) if step < MOST_STEPS else 1.0
        weight, gain = _weights(value * (raised - power))
        evidence += gain
        mean = weight @ z
        middle = z - mean
        pull = min(MOST_SHRINK, SHRINK * dimensions / particles)
        cover = (middle * weight[:, None]).T @ middle * (1.0 - pull) + pull * np.eye(dimensions)
        kept = systematic(weight, float(uniforms(f"{use}/{step}/resample", 1, seed)[0]))
        z, value, power = z[kept], value[kept], raised
        rounds = moves * (2 if power >= 1.0 else 1)
        normal = (mean, np.asarray(np.linalg.cholesky(cover), dtype=np.float64))
        luck = (f"{use}/{step}", seed)
        z, value, accepted, stride = _moved(likelihood, z, value, power, normal, rounds, stride, luck)
    return Sample(z, value, step, accepted, evidence)


def _normals(use: str, shape: tuple[int, int], seed: int) -> Floats:
    return np.asarray(ndtri(np.clip(uniforms(use, shape, seed), 1e-12, 1.0 - 1e-12)))


def _weights(log: Floats) -> tuple[Floats, float]:
    """Weights that sum to one, and the log of the mean."""
    top = float(log.max())
    raw = np.exp(log - top)
    return np.asarray(raw / raw.sum()), top + float(np.log(raw.mean()))


def _next_power(value: Floats, power: float) -> float:
    """The power at which :data:`LOSS` of the particles remain effective, by bisection."""

    def left(raised: float) -> float:
        weight, _ = _weights(value * (raised - power))
        return 1.0 / float((weight**2).sum()) / len(value)

    if left(1.0) >= LOSS:
        return 1.0
    low, high = power, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if left(middle) >= LOSS else (low, middle)
    return max(low, power + 1e-6)


def systematic(weight: Floats, start: float) -> NDArray[np.int64]:
    """Indices of a systematic resample: each particle as often as its weight says, rounded up or down."""
    ends = np.cumsum(weight)
    places = (np.arange(len(weight)) + start) / len(weight) * ends[-1]
    found = np.minimum(np.searchsorted(ends, places, side="right"), len(weight) - 1)
    return np.asarray(found, dtype=np.int64)


def _moved(
    likelihood: Likelihood,
    z: Floats,
    value: Floats,
    power: float,
    normal: tuple[Floats, Floats],
    rounds: int,
    stride: float,
    luck: tuple[str, int],
) -> tuple[Floats, Floats, float, float]:
    """Metropolis moves that are reversible under a normal distribution with this mean and root of its covariance."""
    mean, root = normal
    use, seed = luck

    def against(at: Floats) -> Floats:
        """Log of prior over the proposal's normal density, up to a constant."""
        unit = np.linalg.solve(root, (at - mean).T).T
        return np.asarray(-0.5 * (at**2).sum(axis=1) + 0.5 * (unit**2).sum(axis=1))

    share = 1.0
    excess = against(z)
    for r in range(rounds):
        noise = _normals(f"{use}/{r}/step", (len(z), len(mean)), seed) @ root.T
        tried = mean + np.sqrt(1.0 - stride**2) * (z - mean) + stride * noise
        new, new_excess = likelihood(tried), against(tried)
        odds = power * (new - value) + new_excess - excess
        take = np.log(np.maximum(uniforms(f"{use}/{r}/take", len(z), seed), 1e-300)) < odds
        z = np.where(take[:, None], tried, z)
        value, excess = np.where(take, new, value), np.where(take, new_excess, excess)
        share = float(take.mean())
        stride = float(np.clip(stride * np.exp(0.5 * (share - ACCEPT)), LEAST_STRIDE, MOST_STRIDE))
    return z, value, share, stride
