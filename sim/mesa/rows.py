"""One enterprise, project, talent or village: a key, and properties that read its row of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.mesa.live import Live
from sim.mesa.sources import SOURCES, Source

if TYPE_CHECKING:
    from sim.mesa.town_view import Town
    from sim.mesa.views import PrefectureGovernment
    from sim.state.province import Province


class Gone(LookupError):
    """The agent has closed, finished or left since the view was made."""


def _int(name: str, zh: str, en: str) -> Live[int]:
    return Live(lambda v: int(v.value(name)), zh, en)


def _float(name: str, zh: str, en: str) -> Live[float]:
    return Live(lambda v: float(v.value(name)), zh, en)


def _str(name: str, zh: str, en: str) -> Live[str]:
    return Live(lambda v: str(v.value(name)), zh, en)


class View:
    """A read-only window on one agent. Views of the same agent are equal.

    Args:
        model: The province.
        key: Birth identity.
        row: Where it stands at the moment.
    """

    __slots__ = ("_row", "key", "model")
    population: ClassVar[str]
    key: int
    """Birth identity."""

    def __init__(self, model: Province, key: Any, row: int) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "key", int(key))
        object.__setattr__(self, "_row", row)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} shows the state of the run; {name} cannot be set")

    @property
    def row(self) -> int:
        """Row of the agent in its columns now; rows only move up, as older agents leave.

        Raises:
            Gone: It is no longer there.
        """
        keys = SOURCES[self.population].raw(self.model, "key")
        if self._row < keys.size and keys[self._row] == self.key:
            return int(self._row)
        found = np.flatnonzero(keys[: self._row] == np.uint64(self.key))
        if not found.size:
            raise Gone(f"{type(self).__name__} {self.key} is no longer in the province")
        object.__setattr__(self, "_row", int(found[0]))
        return int(found[0])

    @property
    def alive(self) -> bool:
        """Whether it is still there."""
        try:
            return self.row >= 0
        except Gone:
            return False

    def value(self, column: str) -> Any:
        """Value of one column as a plain Python value, in words and units.

        Raises:
            Gone: It is no longer there.
            KeyError: No such column.
        """
        source: Source = SOURCES[self.population]
        return source.column(self.model, column, self.row).item()

    def to_dict(self) -> dict[str, Any]:
        """All columns of the agent, by name."""
        return {name: self.value(name) for name in SOURCES[self.population].names}

    town: Live[Town] = Live(lambda v: v.model.cast.towns[int(v.value("town"))], "所在小镇", "Its town")

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, View) and self.model is other.model and self.population == other.population
        return same and self.key == other.key  # type: ignore[union-attr]

    def __hash__(self) -> int:
        return hash((self.population, self.key))

    def __repr__(self) -> str:
        what = self._short() if self.alive else "gone"
        return f"{type(self).__name__}({self.key}, {what})"

    def _short(self) -> str:
        return f"town={int(self.value('town'))}"


class Enterprise(View):
    """An enterprise in a town."""

    __slots__ = ()
    population = "enterprises"

    industry = _str("industry", "产业", "Industry")
    kind = _str("kind", "类型：龙头、中小、初创", "anchor, sme or startup")
    state = _str("state", "状态：已登记、经营", "registered or operating")
    employees = _int("employees", "员工，人", "Employees, persons")
    born = _int(
        "born", "登记季度，自开跑起计，负数为开跑前", "Quarter of registration since the start, negative before it"
    )
    age = _int("age", "年龄，季度", "Age, quarters")
    productivity = _float("productivity", "自身生产率，行业均值约为1", "Own productivity, about 1 in its industry")
    cash = _int("cash", "现金，万元", "Cash, 万元")
    debt = _int("debt", "银行债务，万元", "Debt to banks, 万元")
    margin = _float("margin", "上季度利润率", "Profit over output in the last quarter")
    founder: Live[Talent | None] = Live(
        lambda v: v.model.find_talent(int(v.value("founder"))),
        "创始人才，没有或已离开为空",
        "Founding talent, if still here",
    )

    def _short(self) -> str:
        return f"{self.industry}, {self.kind}, {super()._short()}, employees={self.employees}"


class Project(View):
    """An investment project, from announcement to operation."""

    __slots__ = ()
    population = "projects"

    industry = _str("industry", "产业", "Industry")
    stage = _str("stage", "阶段：洽谈、签约、批准、落地、在建", "announced, signed, approved, landed or building")
    core: Live[bool] = Live(lambda v: bool(v.value("core")), "属于小镇主导产业", "Of the town's leading industry")
    budget = _int("budget", "预算，万元", "Budget, 万元")
    spent = _int("spent", "已完成投资，万元", "Spent so far, 万元")
    land = _float("land", "用地需求，亩", "Land it needs, mu")
    held = _float("held", "已供土地，亩", "Land supplied to it, mu")
    wait = _float("wait", "准备与审批剩余季度", "Quarters of preparation and approval left")
    duration = _float("duration", "建设工期，季度", "Building time, quarters")
    progress = _float("progress", "进度，0到1", "Progress, 0 to 1")
    cost = _float("cost", "造价系数", "Cost overrun factor")
    own = _float("own", "自有资金占比", "Share from own funds")
    bank = _float("bank", "银行贷款占比", "Share from banks")
    social = _float("social", "社会资本占比", "Share from matched social capital")
    government = _float("government", "政府出资占比", "Share from government")
    announced = _int("announced", "公布季度，自开跑起计", "Quarter of announcement since the start")
    changed = _int("changed", "进入现阶段的季度", "Quarter in which the stage began")
    age = _int("age", "公布以来季度数", "Quarters since announcement")

    def _short(self) -> str:
        return f"{self.industry}, {self.stage}, {super()._short()}, budget={self.budget}"


class Talent(View):
    """A talent."""

    __slots__ = ()
    population = "talents"

    tier = _str("tier", "层次：技能、大学、高级、领军", "skilled, graduate, senior or leading")
    state = _str("state", "状态：求职、受聘、创业", "looking, hired or founder")
    stage = _str("stage", "阶段：引进、培育、观察", "introduced, cultivated or observed")
    arrived = _int(
        "arrived", "到达季度，自开跑起计，负数为开跑前", "Quarter of arrival since the start, negative before it"
    )
    age = _int("age", "到达以来季度数", "Quarters since arrival")
    home: Live[PrefectureGovernment | None] = Live(
        lambda v: None if v.value("home") < 0 else v.model.cast.prefectures[int(v.value("home"))],
        "家乡设区市，省外为空",
        "Home prefecture; None for another province",
    )

    def _short(self) -> str:
        return f"{self.tier}, {self.state}, {super()._short()}"


class Village(View):
    """A village around a town."""

    __slots__ = ()
    population = "villages"

    rank = _int("rank", "离小镇由近及远的次序，0为最近", "Order by distance from its town, 0 the nearest")
    x = _float("x", "东向坐标，千米", "East, km")
    y = _float("y", "北向坐标，千米", "North, km")
    distance = _float("distance", "到小镇距离，千米", "Distance to its town, km")
    farmland = _float("farmland", "耕地，亩", "Farmland, mu")
    people = _int("population", "人口，人", "Inhabitants, persons")
    migrants = _int("migrants", "在县外务工，人", "Villagers working outside the county, persons")
    commuters = _int("commuters", "在小镇务工，人", "Villagers working in the town, persons")
    settled = _int("settled", "落户小镇，人", "Villagers who settled in the town, persons")
    income = _float("income", "人均收入，万元/年", "Income a head, 万元 a year")
    facilities = _float("facilities", "设施，0到1", "Facilities, 0 to 1")
    productivity = _float("productivity", "人均农产与体验产值，万元/年", "Produce and visits a head, 万元 a year")
    support = _float("support", "镇带村扶持力度，0到1", "1+N support in effect, 0 to 1")

    def _short(self) -> str:
        return f"{super()._short()}, people={self.people}, income={self.income:.2f}"


VIEWS: Mapping[str, type[View]] = {v.population: v for v in (Enterprise, Project, Talent, Village)}
"""View of each population."""
