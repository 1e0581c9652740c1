"""Towns, governments and financiers as Mesa agents: windows on the columns, made when somebody first looks.

An agent here has no state of its own. Every property is read from the columns at the moment of asking, so an agent
kept over many quarters is always up to date, and a run at which nobody looks makes no agent at all. They decide nothing
themselves: the decisions are the steps of :mod:`sim.schedule`, taken for all towns at once.

Units: money 万元, land mu, distances km, dates :class:`sim.parameters.Quarter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.mesa.actor import CENTI, Actor
from sim.mesa.live import Live
from sim.mesa.town_view import Town
from sim.parameters import Quarter
from sim.state.books import Kind

if TYPE_CHECKING:
    from sim.state.province import Province

__all__ = ["Actor", "Cast", "County", "Financier", "PrefectureGovernment", "ProvinceGovernment", "Town", "assemble"]


class ProvinceGovernment(Actor):
    """The provincial government: sets the regime, rewards and claws back land, shares tax."""

    kind = Kind.PROVINCE

    name: Live[str] = Live(lambda a: a.model.places.name, "区域", "World")
    regime: Live[str] = Live(lambda a: a.model.scenario.regime, "政策体系", "Regime in force")
    announced: Live[Quarter] = Live(
        lambda a: a.model.scenario.start + a.model.scenario.announced_index, "公布的季度", "Quarter of announcement"
    )
    effective: Live[Quarter] = Live(
        lambda a: a.model.scenario.start + a.model.scenario.effective_index, "生效的季度", "Quarter of effect"
    )
    prefectures: Live[list[PrefectureGovernment]] = Live(
        lambda a: list(a.model.cast.prefectures), "下辖设区市", "Its prefectures"
    )
    counties: Live[list[County]] = Live(lambda a: list(a.model.cast.counties), "下辖县（市、区）", "Its counties")
    towns: Live[list[Town]] = Live(lambda a: list(a.model.cast.towns), "全部小镇选址", "All town sites")

    def __repr__(self) -> str:
        return f"ProvinceGovernment({self.name}, {self.regime})"


class PrefectureGovernment(Actor):
    """A prefecture-level city."""

    kind = Kind.PREFECTURE

    key: Live[int] = Live(lambda a: int(a.model.places.prefectures.key[a.index]), "出生编号", "Birth identity")
    name: Live[str] = Live(lambda a: a.model.places.prefectures.name_zh[a.index], "中文名", "Name in Chinese")
    name_en: Live[str] = Live(lambda a: a.model.places.prefectures.name_en[a.index], "英文名", "Name in English")
    x: Live[float] = Live(lambda a: float(a.model.places.prefectures.x[a.index]), "东向坐标，千米", "East, km")
    y: Live[float] = Live(lambda a: float(a.model.places.prefectures.y[a.index]), "北向坐标，千米", "North, km")
    gdp_per_head: Live[float] = Live(
        lambda a: float(a.model.places.prefectures.gdp_per_head[a.index]),
        "期初人均地区生产总值，万元/年",
        "GDP a head at the start, 万元 a year",
    )
    counties: Live[list[County]] = Live(
        lambda a: _within(a.model.cast.counties, a.model.places.counties.prefecture, a.index),
        "下辖县（市、区）",
        "Its counties",
    )
    towns: Live[list[Town]] = Live(
        lambda a: _within(a.model.cast.towns, a.model.places.towns.prefecture, a.index),
        "辖内小镇选址",
        "Town sites inside",
    )
    financiers: Live[list[Financier]] = Live(
        lambda a: [f for f in a.model.cast.financiers if f.index == a.index], "本地金融机构", "Financiers of the place"
    )

    def __repr__(self) -> str:
        return f"PrefectureGovernment({self.index}, {self.name_en})"


class County(Actor):
    """A county, district or county-level city: chooses a strategy for each of its towns and carries the debt."""

    kind = Kind.COUNTY

    key: Live[int] = Live(lambda a: int(a.model.places.counties.key[a.index]), "出生编号", "Birth identity")
    name: Live[str] = Live(lambda a: a.model.places.counties.name[a.index], "名称", "Name")
    prefecture: Live[PrefectureGovernment] = Live(
        lambda a: a.model.cast.prefectures[a.model.places.counties.prefecture[a.index]],
        "所属设区市",
        "Its prefecture",
    )
    towns: Live[list[Town]] = Live(
        lambda a: _within(a.model.cast.towns, a.model.places.towns.county, a.index), "辖内小镇选址", "Its town sites"
    )
    x: Live[float] = Live(lambda a: float(a.model.places.counties.x[a.index]), "东向坐标，千米", "East, km")
    y: Live[float] = Live(lambda a: float(a.model.places.counties.y[a.index]), "北向坐标，千米", "North, km")
    population: Live[int] = Live(
        lambda a: int(a.model.places.counties.population[a.index]), "常住人口，人", "Residents, persons"
    )
    college_share: Live[float] = Live(
        lambda a: float(a.model.places.counties.college_share[a.index]),
        "受过大专以上教育的比例",
        "Share of residents with college education",
    )
    poor: Live[bool] = Live(
        lambda a: bool(a.model.places.counties.poor[a.index]),
        "是否为欠发达县",
        "Whether it is one of the poorer counties",
    )
    revenue: Live[int] = Live(
        lambda a: int(a.model.places.counties.revenue[a.index]),
        "期初一般公共预算收入，万元/年",
        "General public budget revenue at the start, 万元 a year",
    )
    land_price: Live[float] = Live(
        lambda a: float(a.model.places.counties.land_price[a.index]),
        "工业用地价格，万元/亩",
        "Price of industrial land, 万元 a mu",
    )
    quota_yearly: Live[float] = Live(
        lambda a: float(a.model.places.counties.quota[a.index]) / CENTI,
        "小镇每年可用的普通用地指标，亩",
        "Ordinary quota open to its towns each year, mu",
    )
    debt: Live[int] = Live(
        lambda a: int(a.model.counties.debt[a.index]),
        "为小镇举借未还的债务，万元",
        "Borrowed for its towns and not repaid, 万元",
    )
    jobs: Live[int] = Live(
        lambda a: int(a.model.towns.jobs[a.model.places.towns.county == a.index].sum()),
        "辖内小镇就业，人",
        "Jobs in its towns, persons",
    )

    def __repr__(self) -> str:
        return f"County({self.index}, {self.name}, towns={len(self.towns)}, debt={self.debt})"


class Financier(Actor):
    """A bank, a fund or a developer-operator; each prefecture has one of each."""

    sort: str
    """ "bank", "fund" or "developer"."""

    def __init__(self, model: Province, index: int, kind: Kind) -> None:
        self.kind = kind
        self.sort = kind.name.lower()
        super().__init__(model, index)

    prefecture: Live[PrefectureGovernment] = Live(
        lambda a: a.model.cast.prefectures[a.index], "所在设区市", "Its prefecture"
    )
    county_debt: Live[int] = Live(
        lambda a: (
            int(a.model.counties.debt[a.model.places.counties.prefecture == a.index].sum()) if a.sort == "bank" else 0
        ),
        "对县级政府的未还贷款，万元（仅银行）",
        "Loans to counties not repaid, 万元 (banks only)",
    )

    def __repr__(self) -> str:
        return f"Financier({self.sort}, {self.prefecture.name_en}, money={self.money})"


@dataclass(frozen=True, slots=True)
class Cast:
    """All Mesa agents of a province, each list in the order of its columns (financiers: banks, funds, developers)."""

    province: ProvinceGovernment
    prefectures: tuple[PrefectureGovernment, ...]
    counties: tuple[County, ...]
    financiers: tuple[Financier, ...]
    towns: tuple[Town, ...]


def assemble(p: Province) -> Cast:
    """Make the agents of a province; they register with the model in the order of :class:`Cast`."""
    g = p.places
    banks = range(g.prefectures.key.size)
    return Cast(
        ProvinceGovernment(p, 0),
        tuple(PrefectureGovernment(p, i) for i in banks),
        tuple(County(p, i) for i in range(g.counties.key.size)),
        tuple(Financier(p, i, kind) for kind in (Kind.BANK, Kind.FUND, Kind.DEVELOPER) for i in banks),
        tuple(Town(p, i) for i in range(g.towns.key.size)),
    )


def _within(agents: tuple[Any, ...], parent: NDArray[np.int64], index: int) -> list[Any]:
    return [agents[row] for row in np.flatnonzero(parent == index)]
