"""Ways to fit, on the same runs: how close to known truths, how honest, how costly.

Needs the runs of a finished fit::

    python benchmarks/fit_methods.py results/calibration --truths 20

Prints for each method, over the uncertainties that the fit identifies: root mean squared error of the posterior mean
(in prior standard deviations; 1 is knowing nothing), posterior over prior standard deviation, coverage of 90 %
intervals, runs of the model for one fit, seconds of analysis for one fit.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import logsumexp, ndtri

import calibration.fit.emulator as emulator_room
from calibration.fit.emulator import Emulator, fit, link
from calibration.fit.known import known
from calibration.fit.likelihood import FITTED, made, measured
from calibration.fit.space import scores, shares_of
from calibration.fit.stages import FULL, TRUTH_LUCK, Bench, bench, posterior
from experiments.plan.behaviour import cube
from experiments.plan.luck import uniforms
from sim.parameters import load_library

KEPT = 0.1
"""Share of the draws that rejection keeps."""


def linked(b: Bench, y: np.ndarray) -> np.ndarray:
    """Figures on the scales of their links, shape (..., figures)."""
    o = b.observed
    return np.stack([link(y[..., j], bool(o.count[j]), max(1.0, o.trials[j])) for j in range(len(b.ids))], axis=-1)


def value_of(b: Bench, value: np.ndarray) -> np.ndarray:
    """Published or made figures on the same scales."""
    o = b.observed
    share = link(value / np.maximum(o.trials, 1.0), True, 1.0)
    for j in np.flatnonzero(o.count):
        share[j] = link(value[j] / o.trials[j], True, o.trials[j])
    return np.where(o.count, share, value)


def rejection(b: Bench, z: np.ndarray, noisy: np.ndarray, seen: np.ndarray, adjust: bool) -> tuple[np.ndarray, ...]:
    """Rejection on standardised figures, with or without a linear correction."""
    scale = noisy.std(axis=0)
    distance = (((noisy - seen) / scale) ** 2).sum(axis=1)
    near = np.argsort(distance)[: int(KEPT * len(z))]
    some = z[near]
    weight = 1.0 - distance[near] / distance[near].max() + 1e-9
    if adjust:
        gap = (noisy[near] - seen) / scale
        design = np.concatenate([np.ones((len(near), 1)), gap], axis=1)
        pull = np.diag([0.0] + [1.0] * gap.shape[1])
        beta = np.linalg.solve((design * weight[:, None]).T @ design + pull, (design * weight[:, None]).T @ some)
        some = some - gap @ beta[1:]
    mean = np.average(some, axis=0, weights=weight)
    spread = np.sqrt(np.average((some - mean) ** 2, axis=0, weights=weight))
    return mean, spread, mean - 1.645 * spread, mean + 1.645 * spread


def sequential(
    b: Bench, e: Emulator, seen: np.ndarray, noise: np.ndarray, active: np.ndarray
) -> tuple[np.ndarray, int]:
    """ABC-SMC over the identified uncertainties alone, with falling tolerance; the stand-in plays the model."""
    n, calls, step = 500, 0, 0
    z = ndtri(np.clip(uniforms("bench.smc", (n, len(active))), 1e-9, 1 - 1e-9))
    tolerance, weight, spread = np.inf, np.full(n, 1.0 / n), None
    while calls < 40_000:
        step += 1
        new, far, got = [], [], 0
        while got < n and calls < 60_000:
            calls += n
            pick = np.searchsorted(np.cumsum(weight), uniforms(f"bench.pick/{step}/{calls}", n))
            kick = ndtri(np.clip(uniforms(f"bench.kick/{step}/{calls}", (n, len(active))), 1e-9, 1 - 1e-9))
            tried = kick if spread is None else z[np.minimum(pick, n - 1)] + kick * spread
            shares = uniforms(f"bench.rest/{step}/{calls}", (n, len(b.space.keys)))
            shares[:, active] = shares_of(tried)
            at = e.linked(b.space.features(shares, e.active))
            luck = ndtri(np.clip(uniforms(f"bench.noise/{step}/{calls}", at.shape), 1e-9, 1 - 1e-9)) * noise
            distance = np.sqrt((((at + luck - seen) / noise) ** 2).sum(axis=1))
            ok = distance <= tolerance
            new.append(tried[ok])
            far.append(distance[ok])
            got += int(ok.sum())
        fresh, far_all = np.concatenate(new)[:n], np.concatenate(far)[:n]
        if len(fresh) < n:
            break
        log = -0.5 * (fresh**2).sum(axis=1)
        if spread is None:
            log = np.zeros(n)
        else:
            gap = (fresh[:, None, :] - z[None]) / spread
            log = log - logsumexp(-0.5 * (gap**2).sum(axis=2), b=weight, axis=1)
        raw = np.exp(log - log.max())
        z, weight = fresh, raw / raw.sum()
        spread = np.sqrt(2.0 * (weight @ (z - weight @ z) ** 2))
        tolerance = float(np.median(far_all))
    pick = np.searchsorted(np.cumsum(weight), uniforms("bench.last", n))
    return z[np.minimum(pick, n - 1)], calls


def gaussian_process(x: np.ndarray, y: np.ndarray, some: list[int], parts: np.ndarray) -> tuple[float, float]:
    """Cross-validated mean squared error of a process with one length for each of a few inputs, and seconds."""
    start, errors = time.process_time(), []
    for part in np.unique(parts):
        out = parts == part
        line = np.linalg.lstsq(np.c_[np.ones(sum(~out)), x[~out]], y[~out], rcond=None)[0]
        rest = y[~out] - np.c_[np.ones(sum(~out)), x[~out]] @ line

        def kernel(a: np.ndarray, c: np.ndarray) -> np.ndarray:
            gap = ((a[:, None, some] - c[None][:, :, some]) ** 2).sum(axis=2)
            return np.exp(-0.5 * gap / (2.0 * len(some)))

        best = None
        for noise in (0.1, 0.3, 1.0):
            gram = kernel(x[~out], x[~out]) + noise * np.eye(sum(~out))
            factor = cho_factor(gram, lower=True)
            weights = cho_solve(factor, rest)
            fit_of = rest @ weights / len(rest)
            log = -0.5 * len(rest) * np.log(fit_of) - np.log(np.diag(factor[0])).sum()
            if best is None or log > best[0]:
                best = (log, weights)
        guess = np.c_[np.ones(sum(out)), x[out]] @ line + kernel(x[out], x[~out]) @ best[1]
        errors.append((y[out] - guess) ** 2)
    return float(np.concatenate(errors).mean()), time.process_time() - start


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truths", type=int, default=20)
    chosen = parser.parse_args()
    library = load_library()
    told = known(library, chosen.folder)
    keys = list(library.uncertainties)
    which = [j for j, key in enumerate(keys) if told.uncertainties[key]["identified"]]
    b = bench(FULL, library, chosen.folder / "runs", workers=1)
    spec, width = b.spec, len(keys)
    shares = cube(spec.draws, width, "fit.prior", spec.seed)
    y = b.runs("prior", shares, FITTED)
    luck_y = b.runs("luck", cube(spec.luck_draws, width, "fit.luck"), spec.luck_replicates)
    luck = measured(luck_y, list(b.observed.trials))
    truth_shares = cube(spec.truths, width, "fit.truth", spec.seed)
    truths = b.runs("truth", truth_shares, 1, own_luck=TRUTH_LUCK)[:, 0]
    x, z = b.space.features(shares), scores(shares)

    start = time.process_time()
    quadratic = fit(x, y, list(b.observed.trials))
    made_in = time.process_time() - start
    emulator_room.MOST_PRODUCTS = 0
    straight = fit(x, y, list(b.observed.trials))
    emulator_room.MOST_PRODUCTS = 30
    print(f"stand-in: {made_in:.1f} s CPU for {len(x)} draws, 24 figures, five-fold cross-validation")

    parts = np.arange(len(x)) % 5
    print("| figure | linear | linear and products | Gaussian process | seconds of the process |")
    for name in ("C-inv17", "C-firm16", "C-h47", "C-out17"):
        j = b.ids.index(name)
        seen = linked(b, y.mean(axis=1))[:, j]
        some = list(quadratic.figures[j].linear[:8])
        error, seconds = gaussian_process(x, seen, some, parts)
        total = float(seen.var())
        rows = (straight.figures[j].error ** 2 / total, quadratic.figures[j].error ** 2 / total, error / total)
        print(f"| {name} | " + " | ".join(f"{v:.3f}" for v in rows) + f" | {seconds:.0f} |")

    noise = np.sqrt(
        np.where(b.observed.count, 0.0, luck.spread) ** 2
        + np.where(b.observed.count, 0.0, 0.5 * (b.observed.below + b.observed.above)) ** 2
        + b.observed.discrepancy**2
    )
    for j in np.flatnonzero(b.observed.count):
        p = np.clip(y[:, :, j].mean(), 0.02, 0.98)
        noise[j] = np.sqrt(1.0 / (b.observed.trials[j] * p * (1 - p)))
    flat = linked(b, y)[:, 0] + ndtri(np.clip(uniforms("bench.abc", (len(y), 24)), 1e-9, 1 - 1e-9)) * noise
    results: dict[str, list] = {name: [] for name in ("rejection", "adjusted", "linear", "products", "sequential")}
    for i in range(chosen.truths):
        seen = made(b.observed, truths[i], luck, uniforms(f"fit.trial/{i}/noise", (2, 24)))
        at, truth = value_of(b, seen.value), scores(truth_shares[i][None])[0]
        for name, adjust in (("rejection", False), ("adjusted", True)):
            start = time.process_time()
            mean, spread, low, high = rejection(b, z, flat, at, adjust)
            results[name].append((mean, spread, (low <= truth) & (truth <= high), time.process_time() - start, len(z)))
        for name, e in (("linear", straight), ("products", quadratic)):
            start = time.process_time()
            s = posterior(b, e, luck, seen, use=f"bench.{i}", particles=1000)
            mean, spread = np.zeros(width), np.ones(width)
            mean[e.active], spread[e.active] = s.z.mean(axis=0), s.z.std(axis=0)
            low, high = np.full(width, -1.645), np.full(width, 1.645)
            low[e.active], high[e.active] = np.quantile(s.z, [0.05, 0.95], axis=0)
            inside = (low <= truth) & (truth <= high)
            results[name].append((mean, spread, inside, time.process_time() - start, 2 * len(z)))
        if i < 3:
            start = time.process_time()
            s_z, calls = sequential(b, quadratic, at - luck.offset, noise, np.array(which))
            mean, spread = np.zeros(width), np.ones(width)
            mean[which], spread[which] = s_z.mean(axis=0), s_z.std(axis=0)
            inside = np.abs(mean - truth) <= 1.645 * spread
            results["sequential"].append((mean, spread, inside, time.process_time() - start, calls))
    true_z = scores(truth_shares[: chosen.truths])
    print("| method | error of the mean | s.d. ratio | coverage | runs | seconds a fit | fits |")
    for name, rows in results.items():
        error = np.sqrt(np.mean([(row[0][which] - true_z[i][which]) ** 2 for i, row in enumerate(rows)]))
        spread = np.mean([row[1][which] for row in rows])
        inside = np.mean([row[2][which] for row in rows])
        seconds, runs = np.mean([row[3] for row in rows]), np.mean([row[4] for row in rows])
        print(f"| {name} | {error:.2f} | {spread:.2f} | {inside:.2f} | {runs:.0f} | {seconds:.2f} | {len(rows)} |")


if __name__ == "__main__":
    main()
