"""Housing that a county lets in (part of step 8): money from developers, land from the county's quota, and its gain.

For one town and quarter, with ``drift`` the housing let in over industrial investment::

    wanted = drift·(core + other)
    land   = min(wanted/intensity, room, quota of the county/16)
    money  = min(wanted, land·intensity)
    gain   = housing.gain·money

Money is 万元, land centi-mu; each is rounded to a whole number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.kernel import inline, kernel
from sim.engine.ledger import reason
from sim.engine.step import Posting, book
from sim.state.books import Kind
from sim.state.province import Province

HOUSING = reason("money", "housing", "住宅开发", "housing development")
HOUSING_GAIN = reason("money", "housing_gain", "住宅用地净收益", "net gain on housing land")
HOUSING_LAND = reason("land", "housing_land", "住宅用地", "land for housing")

Ints = NDArray[np.int64]
PART = 16
"""A town's housing takes at most one in so many of the county's quota a quarter (assumption)."""


class Sites(NamedTuple):
    """What the rule reads, by town; the quota by county."""

    county: Ints
    drift: NDArray[np.float64]
    industrial: Ints
    """Investment of the quarter without housing and public works, 万元."""
    room: Ints
    """Land that is neither built on nor held, centi-mu."""
    quota: Ints
    """Balance of the county's land account, centi-mu."""
    intensity: float
    """Housing investment a mu, 万元."""
    gain: float
    """Net gain of the county on a yuan of housing."""


def read(p: Province) -> Sites:
    """What the rule needs to know this quarter."""
    s, t = p.towns, p.t
    room = p.places.towns.planned_area - s.built - s.supplied - s.idle - s.housing_land
    quota = p.land.balance[p.books.chart.of(Kind.COUNTY)]
    industrial = s.core[t] + s.other[t]
    intensity, gain = p.constants["housing.intensity"], p.behaviour["housing.gain"]
    return Sites(p.places.towns.county, s.drift, industrial, room, quota, intensity, gain)


@inline
def one_town(
    drift: float, industrial: int, room: int, quota: int, intensity: float, gain: float
) -> tuple[int, int, int]:
    """Land, money and gain of one town's housing."""
    wanted = int(np.rint(drift * industrial))
    land = int(np.rint(wanted / intensity * 100.0))
    land = min(land, max(0, min(room, max(0, quota) // PART)))
    money = min(wanted, int(np.rint(land / 100.0 * intensity)))
    return land, money, int(np.rint(money * gain))


@kernel
def all_towns(r: Sites, out: Ints) -> None:
    """The rule for every town; ``out`` (3, T) receives land, money, gain."""
    for i in range(r.county.size):
        out[0, i], out[1, i], out[2, i] = one_town(
            r.drift[i], r.industrial[i], r.room[i], r.quota[r.county[i]], r.intensity, r.gain
        )


def let_in(p: Province) -> None:
    """Part of step 8: the quarter's housing of every town."""
    land, money, gain = out = np.empty((3, p.towns.size), dtype=np.int64)
    all_towns(read(p), out)
    p.towns.housing[p.t] = money
    p.towns.housing_land += land
    developer, county = p.books.town_developer, p.books.county_account
    book(p.land, [Posting(HOUSING_LAND, county, developer, land)])
    outside = p.books.chart.of(Kind.OUTSIDE)
    book(p.money, [Posting(HOUSING, developer, outside, money), Posting(HOUSING_GAIN, developer, county, gain)])
