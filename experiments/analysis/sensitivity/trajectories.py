"""Morris screening: trajectories through a grid in which one factor, group or luck moves at a time.

Grid, step and order are Morris's as in SALib; the random choices come from ``experiments.plan.luck``. All evaluations
of a
trajectory share luck, except that swapping the replicate is a step of its own: its effect is what luck does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.sensitivity.rows import Floats, Interval, Rows, interval
from experiments.analysis.sensitivity.saltelli import LUCK
from experiments.plan.luck import uniforms

LEVELS = 4
STEP = LEVELS / (2.0 * (LEVELS - 1))
"""Grid levels and the step between the two ends of a move, as SALib has them for four levels: 2/3 of the range."""


@dataclass(frozen=True)
class Trajectories:
    """A design of n trajectories of G + 2 evaluations.

    Attributes:
        names: Factors or groups, then luck.
        shares: Shape (n, evaluations, D).
        replicates: Shape (n, evaluations).
        moved: Which name moves before each evaluation but the first, shape (n, evaluations - 1).
        clusters: Shape (n,).
        single: For each name, whether it is a single column, so that its effect has a sign.
        signs: Direction of the move of each name in each trajectory, 1 for groups and luck; shape (n, names).
    """

    names: tuple[str, ...]
    shares: Floats
    replicates: NDArray[np.int64]
    moved: NDArray[np.int64]
    clusters: NDArray[np.int64]
    single: tuple[bool, ...]
    signs: Floats


def morris_design(
    n: int, groups: Sequence[tuple[str, Sequence[int]]], *, replicates: int | None = None, seed: int = 0
) -> Trajectories:
    """Make n trajectories.

    Args:
        n: Trajectories.
        groups: Name and columns of what moves together.
        replicates: Trajectories i and i + replicates share luck; None gives each its own.
        seed: Another seed gives other trajectories.
    """
    d, steps = sum(len(c) for _, c in groups), len(groups) + 1
    places = np.floor(uniforms("morris.place", (n, d), seed) * (LEVELS // 2)) / (LEVELS - 1)
    up = uniforms("morris.direction", (n, d), seed) < 0.5
    order = np.argsort(uniforms("morris.order", (n, steps), seed), axis=1, kind="stable")
    clusters = np.arange(n, dtype=np.int64) % (replicates or n)
    shares = np.repeat(np.where(up, places, places + STEP)[:, None, :], steps + 1, axis=1)
    luck = np.repeat(2 * clusters[:, None], steps + 1, axis=1)
    for j in range(n):
        for step, g in enumerate(order[j]):
            if g == len(groups):
                luck[j, step + 1 :] += 1
                continue
            for c in groups[g][1]:
                shares[j, step + 1 :, c] = places[j, c] + (STEP if up[j, c] else 0.0)
    single = (*(len(c) == 1 for _, c in groups), False)
    signs = np.ones((n, steps))
    for g, (_, columns) in enumerate(groups):
        if len(columns) == 1:
            signs[:, g] = np.where(up[:, columns[0]], 1.0, -1.0)
    return Trajectories((*(name for name, _ in groups), LUCK), shares, luck, order, clusters, single, signs)


def effects(design: Trajectories, y: Floats) -> Floats:
    """Elementary effects: change of the outcome over the step as a share of the range, shape (n, names)."""
    change = np.diff(y, axis=1)
    found = np.zeros_like(design.signs)
    np.put_along_axis(found, design.moved, change, axis=1)
    return found * design.signs / STEP


@dataclass(frozen=True)
class Screening:
    """Morris's measures of one outcome.

    Attributes:
        names: Factors or groups, then luck.
        mu_star, mu, sigma: Mean of absolute effects, mean of effects, their standard deviation, by name; in the
            outcome's unit for a move over the whole range.
        moved: Trajectories in which the move changed the outcome.
        n: Trajectories that define the outcome throughout.
        deviation: Standard deviation of the outcome over the evaluations.
    """

    names: tuple[str, ...]
    mu_star: Interval
    mu: Interval
    sigma: Interval
    moved: Floats
    n: int
    deviation: float


def screening(design: Trajectories, y: Floats, *, level: float = 0.95, method: str = "t") -> Screening:
    """Measures of an outcome, shape (n, evaluations); a trajectory with an undefined value is left out whole."""
    whole = np.isfinite(y).all(axis=1)
    e, clusters, k = effects(design, y)[whole], design.clusters[whole], len(design.names)
    n = int(whole.sum())
    if n == 0:
        nothing = Interval(*(np.full(k, np.nan) for _ in range(3)))
        return Screening(design.names, nothing, nothing, nothing, np.zeros(k), 0, 0.0)
    rows = Rows.gather(np.concatenate([np.abs(e), e, e**2], axis=1), clusters)

    def spread(m: Floats) -> Floats:
        deviation = m[..., 2 * k :] - m[..., k : 2 * k] ** 2
        return np.asarray(np.sqrt(np.maximum(deviation, 0.0) * n / max(n - 1, 1)))

    star = interval(rows, lambda m: m[..., :k], method=method, level=level, use="morris.star")
    wide = interval(rows, spread, method=method, level=level, use="morris.sigma")
    return Screening(
        design.names,
        Interval(star.value, np.maximum(star.low, 0.0), star.high),
        interval(rows, lambda m: m[..., k : 2 * k], method=method, level=level, use="morris.mu"),
        Interval(wide.value, np.maximum(wide.low, 0.0), wide.high),
        (e != 0.0).sum(axis=0).astype(np.float64),
        n,
        float(np.std(y[whole])),
    )
