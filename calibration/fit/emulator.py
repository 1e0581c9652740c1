"""A fast stand-in for the model's figures: sparse polynomials of the second degree, with their error.

Every figure gets a model of its own. Positive quantities are fitted by least squares on their logarithm, shares of a
count by logistic regression. Terms enter only where the runs demand them: linear terms whose t value passes a
threshold, then squares and products one by one. So an uncertainty that moves no figure has no coefficient anywhere, and
the data can say nothing about it by accident of noise.

Error is what five-fold cross-validation of the whole procedure leaves, less the luck of the replicates behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LINEAR_T = 3.3
"""Threshold of the t value of a linear term: about one false term in ten figures."""
PRODUCT_T = 4.5
"""The same for squares and products, of which there are thousands."""
LEADERS = 12
"""Linear terms by size that may form products with every uncertainty."""
MOST_PRODUCTS = 30
RIDGE = 1.0
"""Pull of coefficients to zero, in observations; only keeps small designs solvable."""
FOLDS = 5
FLOOR = 1e-3


@dataclass(frozen=True)
class Figure:
    """The stand-in of one figure.

    Attributes:
        count: Whether it is a share of a count (logit) or a positive quantity (logarithm).
        linear: Uncertainties with a linear term.
        products: Pairs of uncertainties with a product; equal for a square.
        coefficients: Constant, linear terms, products.
        error: Standard deviation of the stand-in's error on the scale of the link.
    """

    count: bool
    linear: tuple[int, ...]
    products: tuple[tuple[int, int], ...]
    coefficients: Floats
    error: float

    def linked(self, x: Floats) -> Floats:
        """The figure on the scale of its link, shape (n,), at features of shape (n, uncertainties)."""
        return np.asarray(_design(x, self.linear, self.products) @ self.coefficients)

    @property
    def moved_by(self) -> tuple[int, ...]:
        """Every uncertainty in any term."""
        return tuple(sorted({*self.linear, *(j for pair in self.products for j in pair)}))


@dataclass(frozen=True)
class Emulator:
    """Stand-ins of all figures, in the order of the targets."""

    figures: tuple[Figure, ...]

    @property
    def active(self) -> Ints:
        """Uncertainties that move any figure."""
        return np.array(sorted({j for figure in self.figures for j in figure.moved_by}), dtype=np.int64)

    def linked(self, x: Floats) -> Floats:
        """All figures on the scales of their links, shape (n, figures)."""
        return np.stack([figure.linked(x) for figure in self.figures], axis=1)

    @property
    def errors(self) -> Floats:
        """Standard deviations of the stand-ins' errors."""
        return np.array([figure.error for figure in self.figures])


def link(values: Floats, count: bool, trials: float = 1.0) -> Floats:
    """Logarithm of a quantity, or the logit of a share with half a case added on either side."""
    if count:
        kept = (np.asarray(values) * trials + 0.5) / (trials + 1.0)
        return np.asarray(np.log(kept) - np.log1p(-kept))
    return np.asarray(np.log(np.maximum(values, FLOOR)))


def fit(x: Floats, y: Floats, trials: Sequence[float], fold: Ints | None = None) -> Emulator:
    """Fit every figure.

    Args:
        x: Features, shape (n, uncertainties).
        y: Figures of the runs, shape (n, replicates, figures).
        trials: For each figure how many were counted in one run; 0 for a quantity.
        fold: Part of each draw in the cross-validation; every fifth by default.
    """
    parts = np.arange(len(x)) % FOLDS if fold is None else fold
    return Emulator(tuple(_figure(x, y[:, :, j], trials[j], parts) for j in range(y.shape[2])))


def _figure(x: Floats, y: Floats, trials: float, parts: Ints) -> Figure:
    known = ~np.isnan(y).any(axis=1)
    x, y, parts = x[known], y[known], parts[known]
    linear, products, coefficients = _fitted(x, y, trials)
    left = np.concatenate(
        [_left_out(x, y, trials, parts == part) for part in np.unique(parts)]
    )  # squared errors of means of the replicates
    luck = _luck(y, trials)
    error = float(np.sqrt(max(left.mean() - luck, 0.1 * left.mean())))
    return Figure(trials > 0, linear, products, coefficients, error)


def _luck(y: Floats, trials: float) -> float:
    """Variance of the mean of a draw's replicates around the draw's own expectation, on the scale of the link."""
    if y.shape[1] < 2:
        return 0.0
    spread = (y - y.mean(axis=0)).var(axis=1, ddof=1)
    if trials > 0:
        p = np.clip(y.mean(axis=1), 0.5 / trials, 1.0 - 0.5 / trials)
        return float((spread / (p * (1.0 - p)) ** 2).mean() / y.shape[1])
    return float((spread / y.mean(axis=1) ** 2).mean() / y.shape[1])


def _left_out(x: Floats, y: Floats, trials: float, out: NDArray[np.bool_]) -> Floats:
    linear, products, coefficients = _fitted(x[~out], y[~out], trials)
    guess = _design(x[out], linear, products) @ coefficients
    mean = y[out].mean(axis=1)
    if trials > 0:
        p = 1.0 / (1.0 + np.exp(-guess))
        slope = np.maximum(p * (1.0 - p), 0.5 / trials)
        return np.asarray(((mean - p) / slope) ** 2 * (p * (1 - p)) / np.mean(p * (1 - p)))
    return np.asarray((np.log(np.maximum(mean, FLOOR)) - guess) ** 2)


def _fitted(x: Floats, y: Floats, trials: float) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...], Floats]:
    mean = y.mean(axis=1)
    seen = link(mean, trials > 0, trials * y.shape[1])
    weight = _weights(mean, trials)
    linear = _linear(x, seen, weight)
    products = _products(x, seen, weight, linear)
    design = _design(x, linear, products)
    start = _solve(design, seen, weight)
    return linear, products, _logistic(design, mean, start, trials * y.shape[1]) if trials > 0 else start


def _weights(mean: Floats, trials: float) -> Floats:
    if trials <= 0:
        return np.ones_like(mean)
    p = np.clip(mean, 1.0 / trials, 1.0 - 1.0 / trials)
    return np.asarray(p * (1.0 - p) / np.mean(p * (1.0 - p)))


def _design(x: Floats, linear: Sequence[int], products: Sequence[tuple[int, int]]) -> Floats:
    columns = [np.ones((len(x), 1)), x[:, list(linear)]]
    if products:
        a, b = np.array(products).T
        columns.append(x[:, a] * x[:, b] - (a == b))
    return np.concatenate(columns, axis=1)


def _solve(design: Floats, seen: Floats, weight: Floats) -> Floats:
    pull = np.full(design.shape[1], RIDGE)
    pull[0] = 0.0
    return np.asarray(
        np.linalg.solve((design * weight[:, None]).T @ design + np.diag(pull), design.T @ (weight * seen))
    )


def _t_values(design: Floats, seen: Floats, weight: Floats) -> Floats:
    """Coefficient over its standard error, for every column but the constant."""
    gram = (design * weight[:, None]).T @ design + RIDGE * np.eye(design.shape[1])
    inverse = np.linalg.inv(gram)
    beta = inverse @ (design.T @ (weight * seen))
    rest = seen - design @ beta
    spread = float((weight * rest**2).sum()) / max(1.0, len(seen) - design.shape[1])
    return np.asarray(beta / np.sqrt(np.maximum(np.diag(inverse) * spread, 1e-300)))[1:]


def _linear(x: Floats, seen: Floats, weight: Floats) -> tuple[int, ...]:
    """Linear terms whose t value passes, first among all where the runs suffice, then among themselves."""
    if len(x) > 1.5 * x.shape[1]:
        t = _t_values(_design(x, range(x.shape[1]), ()), seen, weight)
    else:
        t = _single(_unit(x, weight), seen - np.average(seen, weights=weight), weight)
    order = [int(j) for j in np.argsort(-np.abs(t), kind="stable") if abs(t[j]) > LINEAR_T]
    return tuple(order[: max(1, len(x) // 6)]) or (int(np.argmax(np.abs(t))),)


def _unit(columns: Floats, weight: Floats) -> Floats:
    """Weighted columns, centred and of length one."""
    c = np.sqrt(weight)[:, None] * (columns - (weight / weight.sum()) @ columns)
    return np.asarray(c / (np.sqrt((c**2).sum(axis=0)) + 1e-300))


def _single(unit: Floats, rest: Floats, weight: Floats) -> Floats:
    """The t values of single columns, centred and of length one, against what is left."""
    r = np.sqrt(weight) * rest
    rho = np.clip((r @ unit) / (np.sqrt((r**2).sum()) + 1e-300), -0.999999, 0.999999)
    return np.asarray(rho * np.sqrt((len(r) - 2) / (1.0 - rho**2)))


def _products(x: Floats, seen: Floats, weight: Floats, linear: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Squares and products, the strongest first, until none passes."""
    leaders = linear[:LEADERS]
    pairs = sorted({(min(a, b), max(a, b)) for a in leaders for b in range(x.shape[1])} | {(a, a) for a in linear})
    a, b = np.array(pairs).T
    unit = _unit(x[:, a] * x[:, b] - (a == b), weight)
    chosen: list[int] = []
    most = min(MOST_PRODUCTS, max(0, len(x) // 6 - len(linear)))
    while len(chosen) < most:
        design = _design(x, linear, [pairs[i] for i in chosen])
        rest = seen - design @ _solve(design, seen, weight)
        t = np.abs(_single(unit, rest, weight))
        t[chosen] = 0.0
        best = int(np.argmax(t))
        if t[best] < PRODUCT_T:
            break
        chosen.append(best)
    return tuple(pairs[i] for i in chosen)


def _logistic(design: Floats, mean: Floats, start: Floats, trials: float) -> Floats:
    """Logistic regression by Newton steps from a first guess."""
    beta = start
    pull = np.full(design.shape[1], RIDGE)
    pull[0] = 0.0
    for _ in range(8):
        p = 1.0 / (1.0 + np.exp(-np.clip(design @ beta, -12.0, 12.0)))
        weight = trials * p * (1.0 - p)
        gram = (design * weight[:, None]).T @ design + np.diag(pull)
        step = np.linalg.solve(gram, design.T @ (trials * (mean - p)) - pull * beta)
        beta = beta + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return np.asarray(beta)
