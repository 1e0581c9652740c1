"""State of the town sites and of the counties that govern them.

Town histories have shape (quarters, towns), so that a year, a cohort's window or a total is a sum of rows and nothing
has to be reset. Investment is 万元, land centi-mu.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.world.types import Geography

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Status(IntEnum):
    """Where a site stands in the programme."""

    SITE = 0
    CULTIVATION = 1
    CREATION = 2
    NAMED = 3
    EXITED = 4
    WITHDRAWN = 5
    VETOED = 6


class Grade(IntEnum):
    """Result of the last assessment."""

    NONE = 0
    UNQUALIFIED = 1
    QUALIFIED = 2
    GOOD = 3
    EXCELLENT = 4


class Acceptance(IntEnum):
    """Where a town stands with its final acceptance."""

    OPEN = 0
    EXTENDED = 1
    PASSED = 2
    FAILED = 3


_LISTED: Flags = np.isin(list(Status), (Status.CREATION, Status.NAMED))
_ON_A_LIST: Flags = np.isin(list(Status), (Status.CULTIVATION, Status.CREATION, Status.NAMED))
"""By status."""
OFF = (Status.EXITED, Status.WITHDRAWN, Status.VETOED)
"""States of towns that left the lists."""


class Strategy(IntEnum):
    """The county's menu for one town and one year."""

    OUT = 0
    COAST = 1
    BUILD = 2
    PUSH = 3
    INFLATE = 4
    DRIFT = 5


EFFORT = np.array([0.1, 0.2, 0.5, 1.0, 0.6, 0.35])
"""Effort of each strategy, 0 (none) to 1 (all the county can do)."""


COMMERCIAL = 0.25
"""Part of the projects outside a town's industry that are commercial complexes (assumed: no source tells)."""


class TownState:
    """What changes about towns; arrays of shape (T,) unless said otherwise."""

    def __init__(self, geography: Geography, quarters: int) -> None:
        t = geography.towns.key.size
        self.size = t
        self._list_state(t)
        self._conduct(t)
        self._stocks(geography, t)
        self._histories(quarters, t)

    def _list_state(self, t: int) -> None:
        self.status: Ints = np.zeros(t, dtype=np.int64)
        self.listed_at: Ints = np.full(t, -1, dtype=np.int64)
        """Quarter of first entry on the creation list, -1 = never."""
        self.cultivated_at: Ints = np.full(t, -1, dtype=np.int64)
        self.batch: Ints = np.zeros(t, dtype=np.int64)
        self.left_at: Ints = np.full(t, -1, dtype=np.int64)
        self.named_at: Ints = np.full(t, -1, dtype=np.int64)
        self.barred_until: Ints = np.full(t, -1, dtype=np.int64)
        self.accepted: Ints = np.zeros(t, dtype=np.int64)
        """An :class:`Acceptance`."""
        self.misses: Ints = np.zeros(t, dtype=np.int64)
        """Consecutive missed years."""
        self.miss_record: Ints = np.zeros((t, 3), dtype=np.int64)
        """The last three assessed years, newest last: 1 missed, 0 met or not assessed."""
        self.warned: Flags = np.zeros(t, dtype=bool)
        self.observed: Flags = np.zeros(t, dtype=bool)
        """On the observation list."""
        self.suspended: Flags = np.zeros(t, dtype=bool)
        """Its policy support is stopped for the time being."""
        self.stopped: Flags = np.zeros(t, dtype=bool)
        """Its policy support was suspended in the year that is being settled."""
        self.passed: Flags = np.zeros(t, dtype=bool)
        """Met the annual target in the last assessment."""
        self.grade: Ints = np.zeros(t, dtype=np.int64)
        """Last :class:`Grade`."""
        self.score: Floats = np.zeros(t)
        self.tier: Ints = np.zeros((3, t), dtype=np.int64)
        """Quarter of entry into each tier, counted from 1; 0 = not in it."""
        self.tier_first: Ints = np.full((3, t), -1, dtype=np.int64)
        """Quarter of the first entry into each tier, -1 = never."""
        self.tier_goal: Ints = np.full((3, t), -1, dtype=np.int64)
        """Goals of the tier when they fell due: -1 not due, else 1 people reached + 2 revenue reached."""
        self.plan: Ints = np.zeros(t, dtype=np.int64)
        """Declared investment over the three years, 万元."""
        self.late: Flags = np.zeros(t, dtype=bool)
        """Short of its three-year target when its clock ran out (reading D-09)."""
        self.kept: Flags = np.zeros(t, dtype=bool)
        """Off the list, but still paid (reading D-31)."""
        self.unsupported: Flags = np.zeros(t, dtype=bool)
        """On the list, but no longer supported (reading D-37)."""
        self.promised: Ints = np.zeros(t, dtype=np.int64)
        """The three-year target it is held to, 万元."""

    def _conduct(self, t: int) -> None:
        self.strategy: Ints = np.full(t, int(Strategy.COAST), dtype=np.int64)
        self.effort: Floats = np.full(t, EFFORT[Strategy.COAST])
        self.inflation: Floats = np.zeros(t)
        """Share by which reported investment exceeds the true figure on purpose."""
        self.drift: Floats = np.zeros(t)
        """Housing investment the county lets in, as a share of industrial investment."""
        self.outlook: Floats = np.ones(t)
        """Learned ratio of realised to forecast investment."""
        self.resolve: Floats = np.zeros(t)
        """Peer pressure from field meetings and bulletins, added to the weight of passing."""

    def _stocks(self, geography: Geography, t: int) -> None:
        c = geography.counties
        rich = np.clip(c.revenue[geography.towns.county] / max(1.0, float(np.median(c.revenue))), 0.2, 3.0)
        self.infra: Floats = 0.3 + 0.1 * np.minimum(rich, 2.0)
        """Infrastructure and services, 0 (none) towards 1 (complete)."""
        self.reputation: Floats = np.zeros(t)
        self.fame: Floats = np.zeros(t)
        """Stock of publicity from ambassadors and festivals."""
        self.trust: Floats = np.zeros(t)
        """Cooperation of firms and residents with the town's government, 0 to 1."""
        self.flats: Ints = np.zeros(t, dtype=np.int64)
        """Talent flats, m2."""
        self.supplied: Ints = np.zeros(t, dtype=np.int64)
        """Land held by projects under way."""
        self.built: Ints = np.zeros(t, dtype=np.int64)
        self.housing_land: Ints = np.zeros(t, dtype=np.int64)
        self.idle: Ints = np.zeros(t, dtype=np.int64)
        """Land of abandoned projects not yet taken back."""
        self.rewarded: Ints = np.zeros(t, dtype=np.int64)
        self.supplement: Ints = np.zeros(t, dtype=np.int64)
        """The part of the reward that came from the industry supplement."""
        self.guaranteed: Ints = np.zeros(t, dtype=np.int64)
        """Land supplied under a guarantee, beyond the county's quota."""
        self.clawed: Ints = np.zeros(t, dtype=np.int64)
        self.firms: Ints = np.zeros(t, dtype=np.int64)
        self.jobs: Ints = np.zeros(t, dtype=np.int64)
        self.talents: Ints = np.zeros(t, dtype=np.int64)
        self.same: Ints = np.zeros((t, 8), dtype=np.int64)
        """Firms by industry."""
        self.base_tax: Ints = np.full(t, -1, dtype=np.int64)
        """Tax of the four quarters before listing, -1 = not listed."""
        self.jobs_start: Ints = np.zeros(t, dtype=np.int64)
        """Jobs at the start of the run."""
        self.direct: Ints = np.zeros(t, dtype=np.int64)
        """Quota supplied directly, for settled farmers, or from reclaimed homesteads."""
        self.reclaimed: Ints = np.zeros(t, dtype=np.int64)
        """Homestead land of its villages reclaimed so far."""
        self.facilities: Ints = np.zeros(t, dtype=np.int64)
        """Projects of the facility programme begun."""

    def _histories(self, q: int, t: int) -> None:
        self.core: Ints = np.zeros((q, t), dtype=np.int64)
        self.other: Ints = np.zeros((q, t), dtype=np.int64)
        self.housing: Ints = np.zeros((q, t), dtype=np.int64)
        self.works: Ints = np.zeros((q, t), dtype=np.int64)
        """Infrastructure investment."""
        self.government: Ints = np.zeros((q, t), dtype=np.int64)
        """Part of the investment paid by governments."""
        self.social: Ints = np.zeros((q, t), dtype=np.int64)
        """Part paid by matched social capital."""
        self.lent: Ints = np.zeros((q, t), dtype=np.int64)
        """Part paid by banks."""
        self.advanced: Ints = np.zeros((q, t), dtype=np.int64)
        """Public works that private partners advanced."""
        self.reported: Ints = np.zeros((q, t), dtype=np.int64)
        """Reported effective investment, booked in the year's last quarter."""
        self.land_used: Ints = np.zeros((q, t), dtype=np.int64)
        """Quota used by projects, land out of the town's own account excluded."""
        self.land_from_reward: Ints = np.zeros((q, t), dtype=np.int64)
        """Used out of the town's own account: rewards passed on, direct supply, settlers' and reclaimed quota."""
        self.land_back: Ints = np.zeros((q, t), dtype=np.int64)
        """Land given back to the county by projects that fell through or lay idle."""
        self.output: Ints = np.zeros((q, t), dtype=np.int64)
        self.tax: Ints = np.zeros((q, t), dtype=np.int64)
        self.settlers: Ints = np.zeros((q, t), dtype=np.int64)
        """Villagers who settled in the town."""
        self.entrants: Ints = np.zeros((q, t), dtype=np.int64)
        self.exits: Ints = np.zeros((q, t), dtype=np.int64)
        self.status_history: Ints = np.zeros((q, t), dtype=np.int64)
        self.strategy_history: Ints = np.zeros((q, t), dtype=np.int64)
        self.warned_history: Flags = np.zeros((q, t), dtype=bool)
        self.applied_history: Flags = np.zeros((q, t), dtype=bool)
        self.event: Ints = np.zeros((q, t), dtype=np.int64)
        """What the list did to a town: bits 1 warned, 2 demoted, 4 exited, 8 promoted, 16 named, 32 clawed back, 64
        vetoed, 128 withdrew, 256 missed, 512 assessed, 1024 observed, 2048 suspended,
        4096 incident."""

    def to_be_accepted(self) -> Flags:
        """Not yet judged for good."""
        return self.accepted < Acceptance.PASSED

    def listed(self) -> Flags:
        """On the creation list or already named."""
        return _LISTED[self.status]

    def on_a_list(self) -> Flags:
        """On the creation or cultivation list, or named."""
        return _ON_A_LIST[self.status]

    def paid(self) -> Flags:
        """Towns that what hangs on the assessment can be paid to: listed ones, or those off the list that keep it."""
        return (self.listed() | self.kept) & ~self.unsupported

    def paid_now(self) -> Flags:
        """Those of them whose support is not suspended: for what is paid in the course of a year."""
        return self.paid() & ~self.suspended

    def paid_for_year(self) -> Flags:
        """Those of them whose support was not suspended in the year that is being settled."""
        return self.paid() & ~self.stopped

    def supported(self) -> Flags:
        """Towns that enjoy the programme's terms."""
        return (self.on_a_list() | self.kept) & ~self.unsupported & ~self.suspended

    def effective(self, rows: slice, rule: str) -> Ints:
        """Investment that counts over some quarters.

        Args:
            rows: Quarters.
            rule: Reading D-18: "any" fixed investment, "no_housing", "no_commercial", or "core_only".

        Returns:
            万元 by town, shape (T,).
        """
        total = self.core[rows].sum(axis=0)
        if rule == "core_only":
            return total
        other = self.other[rows].sum(axis=0)
        if rule == "no_commercial":
            other = other - np.floor(COMMERCIAL * other).astype(np.int64)
        total = total + other + self.works[rows].sum(axis=0)
        return total + self.housing[rows].sum(axis=0) if rule == "any" else total

    def total(self, rows: slice) -> Ints:
        """All investment over some quarters, 万元 by town."""
        return self.effective(rows, "any")


EVENTS = {
    "warned": 1,
    "demoted": 2,
    "exited": 4,
    "promoted": 8,
    "named": 16,
    "clawed": 32,
    "vetoed": 64,
    "withdrew": 128,
    "missed": 256,
    "assessed": 512,
    "observed": 1024,
    "suspended": 2048,
    "incident": 4096,
}


class CountyState:
    """What changes about counties; arrays of shape (C,)."""

    def __init__(self, geography: Geography) -> None:
        c = geography.counties.key.size
        self.size = c
        self.debt: Ints = np.zeros(c, dtype=np.int64)
        """Borrowed for its towns and not yet repaid, 万元."""
