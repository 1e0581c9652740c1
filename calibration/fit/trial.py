"""Is the fit right: fits to simulated reality, where the truth is known.

Reality is a run of the model at a draw from the prior that the stand-in never saw, with luck of its own, published the
way the figures are: counts from as many towns, sums within their intervals, off by the stated discrepancy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from calibration.fit.likelihood import made
from calibration.fit.space import scores
from calibration.fit.stages import TRUTH_LUCK, Fitted, posterior
from experiments.plan.behaviour import cube
from experiments.plan.luck import permutation, uniforms

Floats = NDArray[np.float64]

RANKS = 99
"""Posterior draws that a truth is ranked among."""
BINS = 10
PARTICLES = 1000
IDENTIFIED = 0.85
"""An uncertainty is identified where the posterior's standard deviation is below this share of the prior's, on average
over the trials."""
COVERAGE = (0.80, 1.00)
"""Where the 90 % interval's coverage must lie for an uncertainty called identified."""


@dataclass(frozen=True)
class Trials:
    """What came of fitting many realities, over all uncertainties, on normal scores (the prior has mean 0, s.d. 1).

    Attributes:
        truth: True scores, shape (trials, uncertainties).
        mean, spread: Posterior mean and standard deviation, same shape.
        inside: Whether the 90 % interval holds the truth, same shape.
        rank: Rank of the truth among :data:`RANKS` posterior draws, same shape, from 0 to RANKS.
        active: Uncertainties that move any figure; the others keep the prior, exactly.
    """

    truth: Floats
    mean: Floats
    spread: Floats
    inside: NDArray[np.bool_]
    rank: NDArray[np.int64]
    active: NDArray[np.int64]

    @property
    def contraction(self) -> Floats:
        """Posterior over prior standard deviation, mean over the trials, by uncertainty."""
        return np.asarray(self.spread.mean(axis=0))

    @property
    def coverage(self) -> Floats:
        """How often the 90 % interval holds the truth, by uncertainty."""
        return np.asarray(self.inside.mean(axis=0))

    @property
    def bias(self) -> Floats:
        """Posterior mean less truth, mean over the trials, in prior standard deviations, by uncertainty."""
        return np.asarray((self.mean - self.truth).mean(axis=0))

    @property
    def identified(self) -> NDArray[np.bool_]:
        """Where the figures tell something, by the stated rule."""
        low, high = COVERAGE
        return np.asarray((self.contraction < IDENTIFIED) & (self.coverage >= low) & (self.coverage <= high))

    def uniformity(self) -> Floats:
        """P value of a chi-square test that ranks are uniform, by uncertainty; 1 where nothing was fitted."""
        out = np.ones(self.rank.shape[1])
        for j in self.active:
            found = np.bincount(self.rank[:, j] * BINS // (RANKS + 1), minlength=BINS)
            expected = len(self.rank) / BINS
            out[j] = chi2.sf(((found - expected) ** 2 / expected).sum(), BINS - 1)
        return out


def trials(f: Fitted, n: int | None = None) -> Trials:
    """Fit ``n`` realities, all of the spec's by default."""
    b = f.bench
    width, total = len(b.space.keys), b.spec.truths
    shares = cube(total, width, "fit.truth", b.spec.seed)
    runs = b.runs("truth", shares, 1, own_luck=TRUTH_LUCK)[:, 0]
    count = total if n is None else min(n, total)
    rows = [_one(f, shares[i], runs[i], i) for i in range(count)]
    mean, spread, inside, rank = (np.array([row[k] for row in rows]) for k in range(4))
    return Trials(scores(shares[:count]), mean, spread, inside, rank, f.emulator.active)


def _one(f: Fitted, share: Floats, run: Floats, i: int) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Mean, spread, inside and rank of one trial, over all uncertainties."""
    b = f.bench
    noise = uniforms(f"fit.trial/{i}/noise", (2, len(run)), b.spec.seed)
    seen = made(b.observed, run, f.luck, noise)
    found = posterior(b, f.emulator, f.luck, seen, use=f"fit.trial/{i}", particles=min(PARTICLES, b.spec.particles))
    truth, active = scores(share[None])[0], f.emulator.active
    width = len(truth)
    mean, spread = np.zeros(width), np.ones(width)
    mean[active], spread[active] = found.z.mean(axis=0), found.z.std(axis=0)
    low, high = np.full(width, -1.644854), np.full(width, 1.644854)
    low[active], high[active] = np.quantile(found.z, [0.05, 0.95], axis=0)
    rank = np.floor(share * (RANKS + 1)).astype(np.int64)
    some = found.z[permutation(f"fit.trial/{i}/thin", len(found.z), b.spec.seed)[:RANKS]]
    rank[active] = (some < truth[active]).sum(axis=0)
    return mean, spread, (low <= truth) & (truth <= high), rank
