"""How likely the published figures are, given what the model expects of them.

Shares of a count follow a beta-binomial around the expected share. Its variance is never below that of the count
itself, so no share is fitted closer than its count allows; luck of the replicates beyond that, the stand-in's error and
the model's discrepancy widen it.

Every other figure is normal on its logarithm, with its own width below and above the published value as the interval
says (a 95 % interval), and with luck, stand-in error and discrepancy on top.

Discrepancy is what the model may be off by even at the best behaviour: it grows as trust in the figure falls, because
what the figure counts is then less surely what the model counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, ndtri

from calibration.targets import Target

Floats = NDArray[np.float64]

DISCREPANCY: Mapping[str, float] = {"A": 0.05, "B": 0.07, "C": 0.10, "D": 0.20}
"""Relative discrepancy (standard deviation) by grade of trust."""
Z95 = 1.959964
LEAST_SIDE = 0.005
"""Least width of a side of an interval, on the logarithm; for a value that stands at the end of its interval."""
MOST_SPREAD = 0.9
"""Greatest correlation between the towns of one count."""


@dataclass(frozen=True)
class Luck:
    """What replicates do to the figures, from draws that were run many times.

    Attributes:
        spread: Standard deviation over replicates on the logarithm, for quantities; for shares the variance over that
            of a binomial count, at least one.
        offset: What the mean of many replicates has over the replicates of the fit, on the scale of the link.
        raw: As ``spread``, where shares may also vary less than a binomial count.
    """

    spread: Floats
    offset: Floats
    raw: Floats


@dataclass(frozen=True)
class Observed:
    """Figures to be fitted: the published ones, or made ones of the same form.

    Attributes:
        ids: Which figures.
        count: Whether each is a share of a count.
        trials: Size of the count, 0 elsewhere.
        value: The figure: cases of the count, or the logarithm of the quantity.
        below, above: Standard deviations of measurement on the logarithm, on either side of the value.
        discrepancy: Relative standard deviation.
    """

    ids: tuple[str, ...]
    count: NDArray[np.bool_]
    trials: Floats
    value: Floats
    below: Floats
    above: Floats
    discrepancy: Floats

    @classmethod
    def of(cls, targets: Mapping[str, Target]) -> Observed:
        """The published figures."""
        rows = list(targets.values())
        cases = [tuple(float(n) for n in t.count.split("/")) if t.count else (0.0, 0.0) for t in rows]
        count = np.array([bool(t.count) for t in rows])
        value = np.array([k if t.count else np.log(t.value) for t, (k, _) in zip(rows, cases, strict=True)])

        def side(far: float, near: float) -> float:
            return max(LEAST_SIDE, abs(float(np.log(far / near))) / Z95)

        return cls(
            tuple(targets),
            count,
            np.array([n for _, n in cases]),
            value,
            np.array([side(t.lo, t.value) for t in rows]),
            np.array([side(t.hi, t.value) for t in rows]),
            np.array([DISCREPANCY[t.trust] for t in rows]),
        )


def terms(seen: Observed, expected: Floats, error: Floats, luck: Luck) -> Floats:
    """Log likelihood of every figure.

    Args:
        seen: The figures.
        expected: What the model expects on the scale of each link, shape (n, figures); offset not yet taken off.
        error: The stand-in's standard deviation on the same scales; zeros for real runs.
        luck: What replicates do.

    Returns:
        Shape (n, figures).
    """
    at = expected + luck.offset
    out = np.empty_like(at)
    c = seen.count
    out[:, c] = _counts(seen.value[c], seen.trials[c], *moments(seen, at, error, luck, c))
    q = ~c
    rest = luck.spread[q] ** 2 + error[q] ** 2 + seen.discrepancy[q] ** 2
    below, above = np.sqrt(seen.below[q] ** 2 + rest), np.sqrt(seen.above[q] ** 2 + rest)
    gap = at[:, q] - seen.value[q]
    out[:, q] = -0.5 * (gap / np.where(gap < 0.0, below, above)) ** 2 - np.log(0.5 * (below + above))
    return out


def moments(seen: Observed, at: Floats, error: Floats, luck: Luck, c: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Expected share and its variance for the shares of a count, shape (n, shares)."""
    p = np.clip(1.0 / (1.0 + np.exp(-np.clip(at[:, c], -12.0, 12.0))), 1e-4, 1.0 - 1e-4)
    own = p * (1.0 - p)
    spread = own / seen.trials[c] * luck.spread[c] + (own * error[c]) ** 2 + (p * seen.discrepancy[c]) ** 2
    return p, spread


def _counts(k: Floats, n: Floats, p: Floats, variance: Floats) -> Floats:
    """Log probability of k cases in n under a beta-binomial of this mean and variance of the share."""
    rho = np.clip((variance * n / (p * (1.0 - p)) - 1.0) / np.maximum(n - 1.0, 1.0), 1e-6, MOST_SPREAD)
    a, b = p * (1.0 / rho - 1.0), (1.0 - p) * (1.0 / rho - 1.0)
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(ways + betaln(k + a, n - k + b) - betaln(a, b))


def measured(y: Floats, trials: Sequence[float]) -> Luck:
    """Luck from draws that were all run at the same many replicates.

    Args:
        y: Figures, shape (draws, replicates, figures); the first two replicates are those of the fit.
        trials: Size of each count, 0 for a quantity.
    """
    raw, offset = np.empty(y.shape[2]), np.empty(y.shape[2])
    for j, n in enumerate(trials):
        one = y[:, :, j]
        if n > 0:
            p = one.mean(axis=1, keepdims=True)
            own = float((p * (1.0 - p)).mean()) / n
            raw[j] = float(one.var(axis=1, ddof=1).mean()) / own
            offset[j] = _logit(one.mean()) - _logit(one[:, :FITTED].mean())
        else:
            raw[j] = float(np.sqrt(np.log(one).var(axis=1, ddof=1).mean()))
            offset[j] = float(np.log(one).mean() - np.log(one[:, :FITTED].mean(axis=1)).mean())
    return Luck(np.where(np.asarray(trials) > 0, np.maximum(raw, 1.0), raw), offset, raw)


FITTED = 2
"""Replicates at which every draw of the fit is run: 0 and 1."""


def _logit(p: float) -> float:
    kept = min(max(float(p), 1e-4), 1.0 - 1e-4)
    return float(np.log(kept) - np.log1p(-kept))


def made(seen: Observed, run: Floats, luck: Luck, noise: Floats) -> Observed:
    """Figures as they would have been published had a run been reality.

    A run's own luck is in it already; measurement, discrepancy, and for counts what a binomial count has beyond the
    run's own luck are added.

    Args:
        seen: The published figures, for the form.
        run: The figures of one run, shape (figures,).
        luck: What replicates do.
        noise: Two rows of uniforms, shape (2, figures).
    """
    z, side = ndtri(np.clip(noise[0], 1e-9, 1 - 1e-9)), noise[1]
    value = np.empty(len(run))
    for j, y in enumerate(run):
        if seen.count[j]:
            n, own = seen.trials[j], y * (1.0 - y)
            more = (y * seen.discrepancy[j]) ** 2 + max(0.0, own / n * (1.0 - luck.raw[j]))
            value[j] = np.clip(np.round(n * (y + z[j] * np.sqrt(more))), 0.0, n)
        else:
            below = np.hypot(seen.below[j], seen.discrepancy[j])
            above = np.hypot(seen.above[j], seen.discrepancy[j])
            wide = above if side[j] < above / (above + below) else -below
            value[j] = np.log(y) - abs(z[j]) * wide
    return replace(seen, value=value)
