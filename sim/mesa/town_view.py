"""A town site as a Mesa agent; see :mod:`sim.mesa.views`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.mesa.actor import CENTI, Actor
from sim.mesa.live import Live
from sim.mesa.populations import Population
from sim.parameters import Quarter
from sim.state.books import Kind
from sim.state.town import Status, Strategy
from sim.world.types import INDUSTRIES

if TYPE_CHECKING:
    from sim.mesa.views import County, PrefectureGovernment


def _number(name: str, zh: str, en: str) -> Live[int]:
    return Live(lambda a: int(getattr(a.model.towns, name)[a.index]), zh, en)


def _real(name: str, zh: str, en: str) -> Live[float]:
    return Live(lambda a: float(getattr(a.model.towns, name)[a.index]), zh, en)


def _flag(name: str, zh: str, en: str) -> Live[bool]:
    return Live(lambda a: bool(getattr(a.model.towns, name)[a.index]), zh, en)


def _mu(name: str, zh: str, en: str) -> Live[float]:
    return Live(lambda a: float(getattr(a.model.towns, name)[a.index]) / CENTI, zh, en)


def _date(name: str, zh: str, en: str) -> Live[Quarter | None]:
    return Live(lambda a: _quarter(a, int(getattr(a.model.towns, name)[a.index])), zh, en)


def _now(name: str, zh: str, en: str) -> Live[int]:
    return Live(lambda a: _sum(a, getattr(a.model.towns, name), a.model.t), zh, en)


def _place(name: str, zh: str, en: str) -> Live[float]:
    return Live(lambda a: float(getattr(a.model.places.towns, name)[a.index]), zh, en)


def _quarter(a: Any, at: int) -> Quarter | None:
    return a.model.scenario.start + at if at >= 0 else None


def _sum(a: Any, history: NDArray[np.int64], first: int) -> int:
    """Sum of a town's history from quarter ``first`` to now; nothing before the first step."""
    return int(history[max(0, first) : a.model.t + 1, a.index].sum())


def _effective(a: Any, first: int) -> int:
    """True effective investment by the regime's own rule from quarter ``first`` to now."""
    if a.model.t < 0:
        return 0
    rule = a.model.policy.target.rule(a.model.t)
    return int(a.model.towns.effective(slice(max(0, first), a.model.t + 1), rule)[a.index])


def _last_year(a: Any, history: NDArray[np.int64]) -> int:
    return _sum(a, history, a.model.t - 3)


class Town(Actor):
    """A town site: from plain site over the lists to named, exited, withdrawn or vetoed."""

    kind = Kind.TOWN

    key: Live[int] = Live(lambda a: int(a.model.places.towns.key[a.index]), "出生编号", "Birth identity")
    county: Live[County] = Live(
        lambda a: a.model.cast.counties[a.model.places.towns.county[a.index]], "所属县（市、区）", "Its county"
    )
    prefecture: Live[PrefectureGovernment] = Live(
        lambda a: a.model.cast.prefectures[a.model.places.towns.prefecture[a.index]],
        "所属设区市",
        "Its prefecture",
    )
    industry: Live[str] = Live(
        lambda a: INDUSTRIES[a.model.places.towns.industry[a.index]], "主导产业", "Leading industry"
    )
    segment: Live[int] = Live(
        lambda a: int(a.model.places.towns.segment[a.index]), "细分产业编号", "Sub-industry, a number"
    )
    x = _place("x", "东向坐标，千米", "East, km")
    y = _place("y", "北向坐标，千米", "North, km")
    potential = _place("potential", "区位潜力，标准化", "Attractiveness of the site, standardised")
    capability = _place("capability", "运营主体能力，0到1", "Operator's capability, 0 to 1")
    buildable: Live[float] = Live(
        lambda a: float(a.model.places.towns.buildable[a.index]) / CENTI,
        "可建设用地，亩",
        "Land that may be built, mu",
    )

    status: Live[Status] = Live(
        lambda a: Status(int(a.model.towns.status[a.index])), "名单状态", "Place in the programme"
    )
    listed: Live[bool] = Live(
        lambda a: bool(a.model.towns.listed()[a.index]), "在创建名单或已命名", "On the creation list or named"
    )
    listed_at = _date("listed_at", "首次进入创建名单的季度", "Quarter of first entry on the creation list")
    cultivated_at = _date("cultivated_at", "进入培育名单的季度", "Quarter of entry on the cultivation list")
    named_at = _date("named_at", "命名的季度", "Quarter in which it was named")
    left_at = _date("left_at", "离开名单的季度", "Quarter in which it left the lists")
    misses = _number("misses", "连续未达标年数", "Consecutive missed years")
    warned = _flag("warned", "受到警告", "Under warning")
    passed = _flag("passed", "最近一次考核达到年度目标", "Met the annual target in the last assessment")
    observed = _flag("observed", "列入观察名单", "On the observation list")
    suspended = _flag("suspended", "暂停扶持", "Its support is suspended")
    grade = _number(
        "grade",
        "最近等级：0无、1不合格、2合格、3良好、4优秀",
        "Last grade: 0 none, 1 unqualified, 2 qualified, 3 good, 4 excellent",
    )
    score = _real("score", "最近考核得分", "Last score")
    plan = _number("plan", "申报的三年投资，万元", "Investment declared for three years, 万元")
    promised = _number("promised", "须完成的三年目标，万元", "Three-year target it is held to, 万元")

    strategy: Live[Strategy] = Live(
        lambda a: Strategy(int(a.model.towns.strategy[a.index])), "县级政府的策略", "Its county's strategy"
    )
    effort = _real("effort", "投入力度，0到1", "Effort, 0 to 1")
    inflation = _real("inflation", "有意虚报的比例", "Share by which reports are inflated on purpose")
    drift = _real("drift", "允许的住宅投资与产业投资之比", "Housing let in, over industrial investment")
    outlook = _real("outlook", "习得的实际与预测投资之比", "Learned ratio of realised to forecast investment")
    infra = _real("infra", "基础设施与服务，0到1", "Infrastructure and services, 0 to 1")
    reputation = _real("reputation", "声誉", "Reputation")
    fame = _real("fame", "推介积累的知名度", "Fame from ambassadors and festivals")
    trust = _real("trust", "社会信任，0到1", "Trust of firms and residents, 0 to 1")
    flats = _number("flats", "人才公寓，平方米", "Talent flats, m²")

    investment_quarter: Live[int] = Live(
        lambda a: _effective(a, a.model.t), "本季度真实有效投资，万元", "True effective investment of the quarter, 万元"
    )
    investment_year: Live[int] = Live(
        lambda a: _effective(a, a.model.clock.year_start),
        "当年至今真实有效投资，万元",
        "True effective investment of the year so far, 万元",
    )
    investment_total: Live[int] = Live(
        lambda a: _effective(a, 0), "开跑以来真实有效投资，万元", "True effective investment since the start, 万元"
    )
    housing_year: Live[int] = Live(
        lambda a: _sum(a, a.model.towns.housing, a.model.clock.year_start),
        "当年至今住宅投资，万元",
        "Housing investment of the year so far, 万元",
    )
    reported_total: Live[int] = Live(
        lambda a: _sum(a, a.model.towns.reported, 0),
        "开跑以来上报的有效投资，万元",
        "Effective investment reported since the start, 万元",
    )
    output_year: Live[int] = Live(
        lambda a: _last_year(a, a.model.towns.output), "近四季产值，万元", "Output of the last four quarters, 万元"
    )
    tax_year: Live[int] = Live(
        lambda a: _last_year(a, a.model.towns.tax), "近四季税收，万元", "Tax of the last four quarters, 万元"
    )
    entrants = _now("entrants", "本季度新入驻企业", "Enterprises that came this quarter")
    exits = _now("exits", "本季度退出企业", "Enterprises that closed this quarter")
    firms = _number("firms", "企业数", "Enterprises registered")
    jobs = _number("jobs", "就业，人", "Jobs, persons")
    talents = _number("talents", "人才，人", "Talents, persons")

    land_held = _mu("supplied", "在建项目用地，亩", "Land held by projects under way, mu")
    land_built = _mu("built", "建成项目用地，亩", "Land of finished projects, mu")
    land_idle = _mu("idle", "闲置未收回土地，亩", "Land of abandoned projects not yet taken back, mu")
    land_rewarded = _mu("rewarded", "累计奖励指标，亩", "Quota rewarded so far, mu")
    land_clawed = _mu("clawed", "累计倒扣指标，亩", "Quota clawed back so far, mu")

    enterprises: Live[Population] = Live(
        lambda a: a.model.population("enterprises").where(town=a.index), "镇内企业", "Its enterprises"
    )
    projects: Live[Population] = Live(
        lambda a: a.model.population("projects").where(town=a.index), "镇内项目", "Its projects"
    )
    people: Live[Population] = Live(
        lambda a: a.model.population("talents").where(town=a.index), "镇内人才", "Its talents"
    )
    villages: Live[Population] = Live(
        lambda a: a.model.population("villages").where(town=a.index), "周边村", "The villages around it"
    )

    def __repr__(self) -> str:
        state = f"{self.status.name.lower()}, {self.strategy.name.lower()}"
        return f"Town({self.index}, {self.industry}, {state}, firms={self.firms}, jobs={self.jobs})"
