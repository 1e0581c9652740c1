"""Functions of which the sensitivity indices are known, with luck added or multiplied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from experiments.plan.luck import uniforms

PI = np.pi


@dataclass(frozen=True)
class Surface:
    """A function of the unit cube and of luck.

    Attributes:
        f: Settings (..., d) to values.
        main, total: Variances by factor, without luck; mean and variance of f.
        spread: Standard deviation of luck.
        multiplied: Whether luck multiplies (1 + e) or adds.
    """

    f: Callable
    main: np.ndarray
    total: np.ndarray
    mean: float
    variance: float
    spread: float
    multiplied: bool

    def __call__(self, shares: np.ndarray, replicates: np.ndarray, seed: int = 0) -> np.ndarray:
        """The outcome of settings (..., d) with the replicates (...)."""
        table = uniforms("surface", int(replicates.max()) + 1, seed)
        e = (table[replicates] - 0.5) * np.sqrt(12.0) * self.spread
        y = self.f(shares)
        return y * (1.0 + e) if self.multiplied else y + e

    def first(self) -> np.ndarray:
        """First-order indices of the factors, then of luck."""
        return np.append(self.main, self._luck_alone()) / self._all()

    def totals(self) -> np.ndarray:
        """Total indices of the factors, then of luck."""
        grown = self.total * (1.0 + self.spread**2 if self.multiplied else 1.0)
        joint = self.spread**2 * self.variance if self.multiplied else 0.0
        return np.append(grown, self._luck_alone() + joint) / self._all()

    def _luck_alone(self) -> float:
        return self.spread**2 * (self.mean**2 if self.multiplied else 1.0)

    def _all(self) -> float:
        return self.variance * (1.0 + self.spread**2 if self.multiplied else 1.0) + self._luck_alone()


def ishigami(spread: float = 0.0, multiplied: bool = False) -> Surface:
    """Ishigami's function of three factors, with a fourth that does nothing."""
    a, b = 7.0, 0.1

    def f(u: np.ndarray) -> np.ndarray:
        x = (2.0 * u - 1.0) * PI
        return np.sin(x[..., 0]) + a * np.sin(x[..., 1]) ** 2 + b * x[..., 2] ** 4 * np.sin(x[..., 0])

    v1, v2, v13 = 0.5 * (1.0 + b * PI**4 / 5.0) ** 2, a**2 / 8.0, 8.0 * b**2 * PI**8 / 225.0
    main, total = np.array([v1, v2, 0.0, 0.0]), np.array([v1 + v13, v2, v13, 0.0])
    return Surface(f, main, total, a / 2.0, v1 + v2 + v13, spread, multiplied)


def g_function(spread: float = 0.0, multiplied: bool = False) -> Surface:
    """Sobol's g-function of five factors."""
    a = np.array([0.0, 0.5, 3.0, 9.0, 99.0])
    v = 1.0 / (3.0 * (1.0 + a) ** 2)

    def f(u: np.ndarray) -> np.ndarray:
        return np.prod((np.abs(4.0 * u - 2.0) + a) / (1.0 + a), axis=-1)

    total = v * np.prod(1.0 + v) / (1.0 + v)
    return Surface(f, v, total, 1.0, float(np.prod(1.0 + v) - 1.0), spread, multiplied)


def singles(d: int) -> list[tuple[str, list[int]]]:
    """Every column a group of its own."""
    return [(f"x{i + 1}", [i]) for i in range(d)]
