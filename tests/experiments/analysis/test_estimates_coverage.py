"""Do all intervals of the estimates room hold the truth as often as they say? Every estimator is in the register."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import stats

import experiments.analysis.estimates
from experiments.analysis.estimates.bands import quantile_band
from experiments.analysis.estimates.contrasts import SHARE, holm, mean_estimate, paired, ratio_estimate
from experiments.analysis.estimates.nested import crossed_mean, nested_estimate, paired_over_draws
from experiments.analysis.estimates.planning import replicates_for
from experiments.analysis.estimates.shares import (
    beats,
    beats_over_draws,
    share_estimate,
    share_of_draws,
)

TRIALS = 2000
LEVEL = 0.95
NOMINAL, AT_LEAST = "nominal", "at least"
Rng = np.random.Generator


@dataclass(frozen=True)
class Case:
    """One estimator on one distribution whose truth is known.

    Attributes:
        name: What is drawn.
        holds: Draws once and tells whether the interval holds the truth (or the share of it that it holds).
        claim: "nominal", "at least", or the coverage (low, high) that the estimator's docstring states.
        level: Level that is claimed.
    """

    name: str
    holds: Callable[[Rng], float]
    claim: Any = NOMINAL
    level: float = LEVEL


def inside(estimate: Any, truth: float) -> float:
    return float(estimate.low <= truth <= estimate.high)


# --- distributions with known mean -----------------------------------------------------------------------------------

DRAWS: dict[str, tuple[Callable[[Rng, int], np.ndarray], float]] = {
    "normal": (lambda r, n: r.normal(2.0, 1.0, n), 2.0),
    "skewed": (lambda r, n: r.lognormal(0.0, 0.6, n), math.exp(0.18)),
    "heavy ties": (lambda r, n: r.integers(0, 3, n).astype(float), 1.0),
    "long tails": (lambda r, n: r.standard_t(5, n), 0.0),
    "rare": (lambda r, n: (r.random(n) < 0.02).astype(float), 0.02),
}


def means(name: str, n: int, claim: Any = NOMINAL) -> Case:
    draw, truth = DRAWS[name]
    bounds = SHARE if name == "rare" else (None, None)
    return Case(f"{name} n={n}", lambda r: inside(mean_estimate(draw(r, n), bounds=bounds), truth), claim)


def pairs(name: str, n: int, claim: Any = NOMINAL) -> Case:
    draw, truth = DRAWS[name]

    def holds(r: Rng) -> float:
        common = r.normal(0.0, 3.0, n)
        return inside(paired(common + draw(r, n), common).difference, truth)

    return Case(f"{name} n={n}", holds, claim)


def family(r: Rng) -> float:
    """Whether Holm keeps all of six true nulls."""
    common = r.normal(size=40)
    made = {str(i): paired(common + r.normal(size=40), common + r.normal(size=40)) for i in range(6)}
    return float(not any(c.excludes_zero_holm for c in holm(made).values()))


def ratios(n: int, spread: float, skewed: bool = False, claim: Any = NOMINAL) -> Case:
    def holds(r: Rng) -> float:
        common = r.normal(size=n)
        noise = (r.lognormal(0.0, 0.6, n) - math.exp(0.18)) / 0.77 if skewed else r.normal(size=n)
        y = 2.0 + spread * (0.6 * common + 0.8 * noise)
        x = 3.0 + common + r.normal(size=n)
        return inside(ratio_estimate(x, y), 1.5)

    return Case(f"{'skewed' if skewed else 'normal'} n={n} spread={spread}", holds, claim)


# --- shares and quantiles --------------------------------------------------------------------------------------------


def shares(p: float, n: int) -> Case:
    return Case(f"share {p} n={n}", lambda r: inside(share_estimate(r.random(n) < p), p), AT_LEAST)


def probit(r: Rng, draws: int, size: int, mean: float, between: float) -> np.ndarray:
    """Differences with unit noise and behaviour of standard deviation ``between``."""
    return mean + between * r.normal(size=(draws, 1)) + r.normal(size=(draws, size))


def nested_share(draws: int, size: int, mean: float, between: float) -> Case:
    truth = float(stats.norm.cdf(mean / math.sqrt(1.0 + between**2)))
    return Case(
        f"draws={draws}x{size} mean={mean} between={between}",
        lambda r: inside(share_of_draws(probit(r, draws, size, mean, between) > 0.0), truth),
        AT_LEAST,
    )


def wins(n: int, mean: float) -> Case:
    truth = float(stats.norm.cdf(-mean))

    def holds(r: Rng) -> float:
        common = r.normal(size=n)
        return inside(beats(common + mean + r.normal(size=n), common, better=-1).better, truth)

    return Case(f"n={n} mean={mean}", holds, AT_LEAST)


def tied(r: Rng) -> float:
    a, b = r.integers(0, 3, 40), r.integers(0, 3, 40)
    return inside(beats(a, b).better, 1.0 / 3.0)


def nested_wins(draws: int, size: int, mean: float, between: float) -> Case:
    truth = float(stats.norm.cdf(mean / math.sqrt(1.0 + between**2)))

    def holds(r: Rng) -> float:
        common = r.normal(size=(draws, size))
        return inside(beats_over_draws(common + probit(r, draws, size, mean, between), common).better, truth)

    return Case(f"draws={draws}x{size} mean={mean} between={between}", holds, AT_LEAST)


def bands(name: str, n: int, level: float, claim: Any = NOMINAL) -> Case:
    """The share of further runs inside the band, on average."""

    law = stats.norm() if name == "normal" else stats.lognorm(1.0)

    def holds(r: Rng) -> float:
        x = r.normal(size=(n, 1)) if name == "normal" else r.lognormal(size=(n, 1))
        _, low, high = quantile_band(x, (level,)).bands[0]
        return float(law.cdf(high[0]) - law.cdf(low[0]))

    return Case(f"{name} n={n} level={level}", holds, claim, level)


# --- two levels ------------------------------------------------------------------------------------------------------


def effects(r: Rng, draws: int, size: int, between: float, skewed: bool) -> np.ndarray:
    """Mean 2, unit noise; the effects of draws have standard deviation ``between``."""
    if skewed:
        s = 0.6
        sd = math.sqrt((math.exp(s * s) - 1.0) * math.exp(s * s))
        effect = (r.lognormal(0.0, s, (draws, 1)) - math.exp(s * s / 2.0)) / sd
    else:
        effect = r.normal(size=(draws, 1))
    return 2.0 + between * effect + r.normal(size=(draws, size))


def two_levels(what: str, draws: int, size: int, between: float, skewed: bool = False, claim: Any = NOMINAL) -> Case:
    truth = {"mean": 2.0, "behaviour": between**2 / (1.0 + between**2), "noise": 1.0 / (1.0 + between**2)}[what]

    def holds(r: Rng) -> float:
        return inside(getattr(nested_estimate(effects(r, draws, size, between, skewed)), what), truth)

    return Case(f"{what} {draws}x{size} between={between}{' skewed' if skewed else ''}", holds, claim)


def nested_pairs(draws: int, size: int, between: float, skewed: bool = False, claim: Any = NOMINAL) -> Case:
    def holds(r: Rng) -> float:
        common = r.normal(0.0, 3.0, (draws, size))
        found = paired_over_draws(common + effects(r, draws, size, between, skewed), common)
        return inside(found.difference, 2.0)

    return Case(f"{draws}x{size} between={between}{' skewed' if skewed else ''}", holds, claim)


def crossing(draws: int, size: int, between: float, luck: float, contrast: bool = False) -> Case:
    def holds(r: Rng) -> float:
        values = effects(r, draws, size, between, False) + luck * r.normal(size=(1, size))
        found = paired_over_draws(values, 0.0 * values, crossed=True).difference if contrast else crossed_mean(values)
        return inside(found, 2.0)

    return Case(f"{draws}x{size} between={between} luck={luck}", holds, AT_LEAST)


def enough(pilot: int, assurance: float) -> Case:
    """Whether the replicates asked for reach the half width with the true spread."""

    def holds(r: Rng) -> float:
        n = replicates_for(r.normal(0.0, 1.0, pilot), 0.2, assurance=assurance)
        return float(stats.t.ppf(0.975, n - 1) / math.sqrt(n) <= 0.2)

    return Case(f"pilot={pilot} assurance={assurance}", holds, NOMINAL, assurance)


REGISTER: dict[str, list[Case]] = {
    "contrasts.mean_estimate": [
        means("normal", 5),
        means("normal", 30),
        means("skewed", 10, (0.91, 0.95)),
        means("skewed", 60),
        means("heavy ties", 20, (0.95, 0.98)),
        means("long tails", 20, (0.925, 0.95)),
        # Every second sample is all zeros and has no interval: the docstring says so.
        means("rare", 30, (1.0 - 0.98**30, 1.0 - 0.98**30)),
        means("rare", 300, (0.95, 0.985)),
    ],
    "contrasts.paired": [
        pairs("normal", 5),
        pairs("normal", 30),
        pairs("skewed", 10, (0.91, 0.95)),
        pairs("skewed", 60),
        pairs("heavy ties", 20, (0.95, 0.98)),
    ],
    "contrasts.holm": [Case("six true nulls", family, AT_LEAST)],
    "contrasts.ratio_estimate": [
        ratios(10, 0.5),
        ratios(10, 3.0, claim=AT_LEAST),
        ratios(40, 1.0),
        ratios(10, 1.0, True),
        ratios(60, 1.0, True),
    ],
    "shares.share_estimate": [shares(0.02, 30), shares(0.3, 10), shares(0.5, 100), shares(0.999, 50)],
    "shares.share_of_draws": [
        nested_share(40, 1, 0.5, 1.0),
        nested_share(10, 5, 0.0, 1.0),
        nested_share(20, 4, 1.0, 0.5),
        nested_share(30, 10, 1.5, 1.5),
        nested_share(15, 3, 2.5, 0.5),
        nested_share(50, 4, 0.0, 0.0),
    ],
    "shares.beats": [wins(30, 0.5), wins(10, 0.0), wins(50, 2.5), Case("ties", tied, AT_LEAST)],
    "shares.beats_over_draws": [nested_wins(20, 4, 0.5, 1.0), nested_wins(60, 2, 2.0, 0.5)],
    "bands.quantile_band": [
        bands("normal", 20, 0.5),
        bands("normal", 20, 0.9),
        bands("skewed", 50, 0.9),
        bands("skewed", 10, 0.5),
        bands("normal", 10, 0.9, (9 / 11 - 0.002, 9 / 11 + 0.002)),
    ],
    "nested.nested_estimate": [
        two_levels("mean", 10, 4, 0.5),
        two_levels("mean", 30, 2, 1.5, True, (0.93, 0.95)),
        two_levels("behaviour", 8, 4, 1.0),
        two_levels("behaviour", 10, 2, 0.5),
        two_levels("behaviour", 20, 4, 0.5),
        two_levels("behaviour", 40, 4, 0.0, claim=AT_LEAST),
        two_levels("behaviour", 40, 3, 2.0),
        two_levels("behaviour", 40, 4, 1.0, True, (0.88, 0.93)),
        two_levels("behaviour", 100, 2, 1.0, True, (0.88, 0.93)),
        two_levels("noise", 40, 4, 0.5),
    ],
    "nested.paired_over_draws": [
        nested_pairs(10, 4, 0.5),
        nested_pairs(30, 3, 1.0, True, (0.93, 0.95)),
        crossing(20, 4, 1.0, 1.0, True),
    ],
    "nested.crossed_mean": [crossing(20, 4, 1.0, 1.0), crossing(50, 3, 0.5, 2.0), crossing(20, 10, 1.0, 0.0)],
    "planning.replicates_for": [enough(10, 0.8), enough(20, 0.95)],
}
"""Every function of the room that gives an interval, or a number of runs with a probability."""
RESULTS = ("Estimate", "PairedContrast", "Band", "Beats", "Nested")


def estimators() -> set[str]:
    """Public functions of the room whose annotation says that they return an interval."""
    found = set()
    for info in pkgutil.iter_modules(experiments.analysis.estimates.__path__):
        module = importlib.import_module(f"experiments.analysis.estimates.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            returned = str(inspect.signature(function).return_annotation)
            if own and any(word in returned for word in RESULTS):
                found.add(f"{info.name}.{name}")
    return found


def test_no_estimator_is_forgotten() -> None:
    assert estimators() - set(REGISTER) == set()
    assert len(estimators()) >= 11
    assert all(REGISTER.values())


def measured(case: Case, trials: int = TRIALS) -> tuple[float, float]:
    """Coverage and its Monte Carlo error."""
    rng = np.random.default_rng(list(case.name.encode()))
    found = np.array([case.holds(rng) for _ in range(trials)])
    by_chance = math.sqrt(case.level * (1.0 - case.level) / trials)
    return float(found.mean()), max(
        by_chance if set(found) <= {0.0, 1.0} else 0.0, float(found.std()) / math.sqrt(trials)
    )


ALL = [(name, case) for name, cases in REGISTER.items() for case in cases]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "case"), ALL, ids=[f"{name}-{case.name}" for name, case in ALL])
def test_coverage_lies_within_monte_carlo_error_of_its_level(name: str, case: Case) -> None:
    coverage, error = measured(case)
    if isinstance(case.claim, tuple):
        low, high = case.claim
    else:
        low, high = case.level, 1.0 if case.claim == AT_LEAST else case.level
    assert low - 3.5 * error <= coverage <= high + 3.5 * error, f"{name} {case.name}: {coverage:.4f}"


def test_the_check_notices_a_narrow_interval() -> None:
    """A t interval without its factor for few runs, which is too narrow, does not pass."""

    def holds(r: Rng) -> float:
        x = r.normal(size=5)
        half = 1.96 * x.std(ddof=1) / math.sqrt(5)
        return float(abs(x.mean()) <= half)

    coverage, error = measured(Case("narrow", holds))
    assert coverage < LEVEL - 3.5 * error
