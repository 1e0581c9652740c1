"""Saltelli's design with luck as a factor: which setting and which replicate every evaluation has.

A row is one draw (a, w) and one draw (b, v) of settings and luck. Its evaluations are ``A = f(a, w)``, one
``AB_i = f(a with b_i, w)`` for each factor, ``AB_luck = f(a, v)`` and ``B = f(b, v)``; for second order also ``BA_i``
the other way round. So A and every AB_i share all luck (**common seeds**), their difference is what the factor does and
nothing else, and luck has indices of its own. This is Saltelli's scheme for the function f(settings, luck), of which

    variance = V(settings alone) + V(luck alone) + V(settings and luck together),

the shares being 1 - T_luck, S_luck and T_luck - S_luck: replicate noise is split off and no factor is charged with it
except where it changes what luck does (that part belongs to the factor's total index and to luck's).

Row j has replicates 2k and 2k + 1 with k = j mod R; by default R = n, every row has luck of its own, and rows are
independent. Rows that share luck are one cluster for every interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.sensitivity.cube import Floats, random_points, sobol_points

LUCK = "luck"
"""Name of luck among the factors."""


@dataclass(frozen=True)
class Saltelli:
    """A design of n rows.

    Attributes:
        names: What is swapped: factors or groups, then :data:`LUCK`.
        shares: Shape (n, evaluations, D): where every evaluation stands in the unit cube.
        replicates: Shape (n, evaluations).
        clusters: Shape (n,): rows of one number share luck.
        second: Whether BA evaluations are there.
    """

    names: tuple[str, ...]
    shares: Floats
    replicates: NDArray[np.int64]
    clusters: NDArray[np.int64]
    second: bool

    @property
    def rows(self) -> int:
        """Base rows."""
        return int(self.shares.shape[0])

    @property
    def evaluations(self) -> int:
        """Evaluations of a row: one for A, one for B, one (with second order two) for each factor and for luck."""
        return int(self.shares.shape[1])


def per_row(factors: int, second: bool) -> int:
    """Evaluations of a row with this many factors or groups."""
    return 2 + (2 if second else 1) * (factors + 1)


def saltelli(
    n: int,
    groups: Sequence[tuple[str, Sequence[int]]],
    *,
    second: bool = False,
    replicates: int | None = None,
    seed: int = 0,
    paired: bool = True,
    points: str = "sobol",
) -> Saltelli:
    """Make a design.

    Args:
        n: Base rows.
        groups: Name and columns of what is swapped together; every column stands in one group.
        second: Also what second-order indices need.
        replicates: R; None gives every row luck of its own.
        seed: Of the scrambling.
        paired: False gives every evaluation luck of its own: what a study without common seeds does, to compare with.
        points: "sobol" or "random".
    """
    d = sum(len(columns) for _, columns in groups)
    base = (sobol_points if points == "sobol" else random_points)(n, 2 * d, seed)
    a, b = base[:, :d], base[:, d:]
    wanted = [np.isin(np.arange(d), list(columns)) for _, columns in groups]
    settings = [a, *(np.where(w, b, a) for w in wanted), a]
    if second:
        settings += [*(np.where(w, a, b) for w in wanted), b]
    shares = np.stack([*settings, b], axis=1)
    clusters = np.arange(n, dtype=np.int64) % (replicates or n)
    g = len(groups)
    which = np.array([0] * (g + 1) + [1] + ([1] * g + [0] if second else []) + [1], dtype=np.int64)
    luck = 2 * clusters[:, None] + which
    if not paired:
        luck = np.arange(n * which.size, dtype=np.int64).reshape(n, which.size)
    return Saltelli((*(name for name, _ in groups), LUCK), shares, luck, clusters, second)
