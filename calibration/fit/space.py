"""The space of uncertainties as the fit sees it: normal scores with a standard prior, and features of the emulator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from experiments.plan.priors import quantile
from sim.parameters import Library

Floats = NDArray[np.float64]

NODES = 2049
"""Points at which each prior's quantiles are tabulated."""
EDGE = 1e-6
"""Shares of probability are kept this far from 0 and 1, so that normal scores stay finite."""


@dataclass(frozen=True)
class Space:
    """Uncertainties and how their values are scaled.

    A prior of the lognormal kind enters by its logarithm, every other by its value; both less the prior's mean and over
    its standard deviation. That was measured against shares and normal scores: it needs the fewest terms.

    Attributes:
        keys: Uncertainties in the order of the scenario files.
        nodes: Shares of probability, shape (nodes,).
        table: The feature at each node, shape (uncertainties, nodes).
    """

    keys: tuple[str, ...]
    nodes: Floats
    table: Floats

    @classmethod
    def of(cls, library: Library) -> Space:
        """The space of a library's uncertainties."""
        nodes = (np.arange(NODES) + 0.5) / NODES
        rows = []
        for prior in library.uncertainties.values():
            x = quantile(prior, nodes)
            x = np.log(x) if prior.distribution == "lognormal" else x
            spread = float(x.std())
            rows.append((x - x.mean()) / spread if spread > 0.0 else np.zeros(NODES))
        return cls(tuple(library.uncertainties), nodes, np.stack(rows))

    def features(self, shares: Floats, only: Sequence[int] | NDArray[np.int64] | None = None) -> Floats:
        """Standardised values at some shares of probability, both of shape (n, uncertainties).

        Args:
            shares: Shares of probability.
            only: Uncertainties that are needed; the columns of the others stay zero. All unless told.
        """
        out = np.zeros_like(shares)
        for j in range(len(self.keys)) if only is None else only:
            out[:, j] = np.interp(shares[:, j], self.nodes, self.table[j])
        return out


def scores(shares: Floats) -> Floats:
    """Normal scores of shares of probability."""
    return np.asarray(ndtri(np.clip(shares, EDGE, 1.0 - EDGE)))


def shares_of(z: Floats) -> Floats:
    """Shares of probability of normal scores."""
    return np.asarray(np.clip(ndtr(z), EDGE, 1.0 - EDGE))
