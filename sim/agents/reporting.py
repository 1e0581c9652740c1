"""What towns report at the year's end (part of step 14).

For one town, 万元 a year::

    reported = true·max(0, 1 + report.base + inflation + report.noise·z)    on a list
    reported = true                                                         off the lists

``inflation`` is the overstatement on purpose of counties that inflate, z a standard normal draw.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.engine.kernel import inline, kernel
from sim.state.province import Province

REPORT_NOISE = decision("report.noise")

Floats = NDArray[np.float64]


class Claims(NamedTuple):
    """What the rule reads, by town."""

    true: NDArray[np.int64]
    """True effective investment of the year, 万元."""
    on_a_list: NDArray[np.bool_]
    inflation: Floats
    luck: Floats
    base: float
    """Usual optimism."""
    noise: float
    """S.d. of the error of reports."""


def read(p: Province) -> Claims:
    """What the rule needs to know this year."""
    luck = p.draws.normals(REPORT_NOISE, p.places.towns.key, p.t)
    b, s = p.behaviour, p.towns
    return Claims(p.true_effective(), s.on_a_list(), s.inflation, luck, b["report.base"], b["report.noise"])


@inline
def one_town(true: int, on_a_list: bool, inflation: float, luck: float, base: float, noise: float) -> int:
    """What one town reports, 万元."""
    factor = 1.0 + base + inflation + noise * luck if on_a_list else 1.0
    return int(np.rint(true * max(0.0, factor)))


@kernel
def all_towns(r: Claims, out: NDArray[np.int64]) -> None:
    """The rule for every town."""
    for i in range(out.size):
        out[i] = one_town(r.true[i], r.on_a_list[i], r.inflation[i], r.luck[i], r.base, r.noise)


def report(p: Province) -> None:
    """Part of step 14: the figures that are assessed."""
    all_towns(read(p), p.towns.reported[p.t])
