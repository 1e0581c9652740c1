"""State of the town sites and of the counties that govern them.

Town histories have shape (quarters, towns), so that a year, a cohort's window or a total is a sum of rows and nothing
has to be reset. Investment is 万元, land centi-mu.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import State, column
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


class TownState(State):
    """What changes about towns."""

    status = column("town", np.int64, zh="名单状态", en="Place in the programme", codes=Status)
    listed_at = column(
        "town",
        np.int64,
        fill=-1,
        zh="首次进入创建名单的季度",
        en="Quarter of first entry on the creation list",
        unit="date",
    )
    cultivated_at = column(
        "town", np.int64, fill=-1, zh="进入培育名单的季度", en="Quarter of entry on the cultivation list", unit="date"
    )
    left_at = column(
        "town", np.int64, fill=-1, zh="离开名单的季度", en="Quarter in which it left the lists", unit="date"
    )
    named_at = column("town", np.int64, fill=-1, zh="命名的季度", en="Quarter in which it was named", unit="date")
    barred_until = column("town", np.int64, fill=-1)
    accepted = column("town", np.int64)
    """An :class:`Acceptance`."""
    settled = column("town", np.bool_)
    """The years of its target are over and rewards have been settled against it."""
    misses = column("town", np.int64, zh="连续未达标年数", en="Consecutive missed years")
    assessments = column("town", np.int64)
    """Assessments since it first entered the creation list, or the cultivation list before."""
    miss_record = column(("town", 3), np.int64)
    """The last three assessed years, newest last: 1 missed, 0 met or not assessed."""
    warned = column("town", np.bool_, zh="受到警告", en="Under warning")
    observed = column("town", np.bool_, zh="列入观察名单", en="On the observation list")
    suspended = column("town", np.bool_, zh="暂停扶持", en="Its support is suspended")
    stopped = column("town", np.bool_)
    """Its policy support was suspended in the year that is being settled."""
    passed = column("town", np.bool_, zh="最近一次考核达到年度目标", en="Met the annual target in the last assessment")
    grade = column(
        "town",
        np.int64,
        zh="最近等级：0无、1不合格、2合格、3良好、4优秀",
        en="Last grade: 0 none, 1 unqualified, 2 qualified, 3 good, 4 excellent",
        codes=Grade,
    )
    score = column("town", np.float64, zh="最近考核得分", en="Last score")
    tier = column((3, "town"), np.int64)
    """Quarter of entry into each tier, counted from 1; 0 = not in it."""
    tier_first = column((3, "town"), np.int64, fill=-1)
    """Quarter of the first entry into each tier, -1 = never."""
    tier_goal = column((3, "town"), np.int64, fill=-1)
    """Goals of the tier when they fell due: -1 not due, else 1 people reached + 2 revenue reached."""
    plan = column("town", np.int64, zh="申报的三年投资，万元", en="Investment declared for three years, 万元")
    kept = column("town", np.bool_)
    """Off the list, but still paid (reading D-31)."""
    unsupported = column("town", np.bool_)
    """On the list, but no longer supported (reading D-37)."""
    promised = column("town", np.int64, zh="须完成的三年目标，万元", en="Three-year target it is held to, 万元")

    strategy = column(
        "town", np.int64, fill=Strategy.COAST, zh="县级政府的策略", en="Its county's strategy", codes=Strategy
    )
    effort = column("town", np.float64, fill=EFFORT[Strategy.COAST], zh="投入力度，0到1", en="Effort, 0 to 1")
    inflation = column("town", np.float64, zh="有意虚报的比例", en="Share by which reports are inflated on purpose")
    drift = column(
        "town", np.float64, zh="允许的住宅投资与产业投资之比", en="Housing let in, over industrial investment"
    )
    outlook = column(
        "town",
        np.float64,
        fill=1.0,
        zh="习得的实际与预测投资之比",
        en="Learned ratio of realised to forecast investment",
    )

    infra = column("town", np.float64, zh="基础设施与服务，0到1", en="Infrastructure and services, 0 to 1")
    reputation = column("town", np.float64, zh="声誉", en="Reputation")
    fame = column("town", np.float64, zh="推介积累的知名度", en="Fame from ambassadors and festivals")
    trust = column("town", np.float64, zh="社会信任，0到1", en="Trust of firms and residents, 0 to 1")
    flats = column("town", np.int64, zh="人才公寓，平方米", en="Talent flats, m²")
    supplied = column(
        "town", np.int64, zh="在建项目用地，亩", en="Land held by projects under way, mu", unit="mu", shown="land_held"
    )
    built = column(
        "town", np.int64, zh="建成项目用地，亩", en="Land of finished projects, mu", unit="mu", shown="land_built"
    )
    housing_land = column("town", np.int64)
    idle = column(
        "town",
        np.int64,
        zh="闲置未收回土地，亩",
        en="Land of abandoned projects not yet taken back, mu",
        unit="mu",
        shown="land_idle",
    )
    rewarded = column(
        "town", np.int64, zh="累计奖励指标，亩", en="Quota rewarded so far, mu", unit="mu", shown="land_rewarded"
    )
    guaranteed = column("town", np.int64)
    """Land supplied under a guarantee, beyond the county's quota."""
    clawed = column(
        "town", np.int64, zh="累计倒扣指标，亩", en="Quota clawed back so far, mu", unit="mu", shown="land_clawed"
    )
    firms = column("town", np.int64, zh="企业数", en="Enterprises registered")
    jobs = column("town", np.int64, zh="就业，人", en="Jobs, persons")
    talents = column("town", np.int64, zh="人才，人", en="Talents, persons")
    same = column(("town", "industry"), np.int64)
    """Firms by industry."""
    base_tax = column("town", np.int64, fill=-1)
    """Tax of the four quarters before listing, -1 = not listed."""
    jobs_start = column("town", np.int64)
    """Jobs at the start of the run."""
    direct = column("town", np.int64)
    """Quota supplied directly, for settled farmers, from reclaimed homesteads, or from the level above."""

    core = column(("quarter", "town"), np.int64)
    other = column(("quarter", "town"), np.int64)
    housing = column(("quarter", "town"), np.int64)
    works = column(("quarter", "town"), np.int64)
    """Infrastructure investment."""
    government = column(("quarter", "town"), np.int64)
    """Part of the investment paid by governments."""
    social = column(("quarter", "town"), np.int64)
    """Part paid by matched social capital."""
    lent = column(("quarter", "town"), np.int64)
    """Part paid by banks."""
    reported = column(("quarter", "town"), np.int64)
    """Reported effective investment, booked in the year's last quarter."""
    land_used = column(("quarter", "town"), np.int64)
    """Quota used by projects, land out of the town's own account excluded."""
    land_from_reward = column(("quarter", "town"), np.int64)
    """Used out of the town's own account: rewards passed on, direct supply, settlers' and reclaimed quota."""
    land_back = column(("quarter", "town"), np.int64)
    """Land given back to the county by projects that fell through or lay idle."""
    output = column(("quarter", "town"), np.int64)
    tax = column(("quarter", "town"), np.int64)
    settlers = column(("quarter", "town"), np.int64)
    """Villagers who settled in the town."""
    entrants = column(("quarter", "town"), np.int64, zh="本季度新入驻企业", en="Enterprises that came this quarter")
    exits = column(("quarter", "town"), np.int64, zh="本季度退出企业", en="Enterprises that closed this quarter")
    status_history = column(("quarter", "town"), np.int64)
    strategy_history = column(("quarter", "town"), np.int64)
    applied_history = column(("quarter", "town"), np.bool_)
    event = column(("quarter", "town"), np.int64)
    """What the list did to a town: bits 1 warned, 2 demoted, 4 exited, 8 promoted, 16 named, 32 clawed back, 64
    vetoed, 128 withdrew, 256 missed, 512 assessed, 1024 observed, 2048 suspended,
    4096 incident."""

    required = column("town", np.float64)
    """What the town must invest this year, 万元."""
    declared = column("town", np.float64)
    """The yearly plan that its county has declared, 万元."""
    expected_invest = column("town", np.float64)
    """Effective investment that the county expected of the year, 万元, before the outlook's correction."""
    forecast_base = column("town", np.float64)
    """Industrial investment of the coming year at middling effort, 万元."""
    standing_value = column("town", np.float64)
    """Worth to the county of the town's place on the list at the last choice, 万元."""
    assessed = column("town", np.bool_)
    """Assessed in the last assessment."""
    ratio = column("town", np.float64, fill=1.0)
    """What the assessor found over what was required; one where nothing was."""
    unmet = column("town", np.bool_)
    """Short of requirements that are checked apart from the target (reading D-22)."""
    paid_gate = column("town", np.bool_)
    """May be paid what hangs on the annual target."""
    listed_last_year = column("town", np.bool_)

    def __init__(self, geography: Geography, sizes: Mapping[str, int]) -> None:
        super().__init__(sizes)
        self.size = sizes["town"]
        revenue = geography.counties.revenue
        rich = np.clip(revenue[geography.towns.county] / max(1.0, float(np.median(revenue))), 0.2, 3.0)
        self.infra = 0.3 + 0.1 * np.minimum(rich, 2.0)

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
        total: Ints = self.core[rows].sum(axis=0)
        if rule == "core_only":
            return total
        other = self.other[rows].sum(axis=0)
        if rule == "no_commercial":
            other = other - np.floor(COMMERCIAL * other).astype(np.int64)
        total = total + other + self.works[rows].sum(axis=0)
        return total + self.housing[rows].sum(axis=0) if rule == "any" else total

    def effective_by_quarter(self, rule: str) -> Ints:
        """:meth:`effective` of each quarter, shape (quarters, T)."""
        total = self.core
        if rule == "core_only":
            return total
        other = (
            self.other - np.floor(COMMERCIAL * self.other).astype(np.int64) if rule == "no_commercial" else self.other
        )
        total = total + other + self.works
        return total + self.housing if rule == "any" else total

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


class CountyState(State):
    """What changes about counties."""

    debt = column("county", np.int64, zh="为小镇举借未还的债务，万元", en="Borrowed for its towns and not repaid, 万元")
    reward_kept = column("county", np.int64)
    """Quota that does not lapse at the year's end: rewards, and consolidated village land, centi-mu."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        super().__init__(sizes)
        self.size = sizes["county"]
