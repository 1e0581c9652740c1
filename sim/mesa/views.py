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

import sim.state.province  # noqa: F401  owners declare the columns that are shown when they are imported
from sim.engine.column import Column, fields, titled
from sim.mesa.actor import Actor
from sim.mesa.live import Live, at_row, window
from sim.mesa.populations import Population
from sim.parameters import Quarter
from sim.state.books import Kind
from sim.world.types import Counties, Prefectures, TownSites

if TYPE_CHECKING:
    from sim.mesa.model import Province

__all__ = ["Actor", "Cast", "County", "Financier", "PrefectureGovernment", "ProvinceGovernment", "Town", "assemble"]


class ProvinceGovernment(Actor):
    """The provincial government: sets the regime, rewards and claws back land, shares tax."""

    kind = Kind.PROVINCE

    name: Live[str] = Live(lambda a: a.model.places.name, "区域", "World")
    regime: Live[str] = Live(lambda a: a.model.inputs.regime, "政策体系", "Regime in force")
    announced: Live[Quarter] = Live(
        lambda a: a.model.inputs.start + a.model.inputs.announced_index, "公布的季度", "Quarter of announcement"
    )
    effective: Live[Quarter] = Live(
        lambda a: a.model.inputs.start + a.model.inputs.effective_index, "生效的季度", "Quarter of effect"
    )
    prefectures: Live[list[PrefectureGovernment]] = Live(
        lambda a: list(a.model.cast.prefectures), "下辖设区市", "Its prefectures"
    )
    counties: Live[list[County]] = Live(lambda a: list(a.model.cast.counties), "下辖县（市、区）", "Its counties")
    towns: Live[list[Town]] = Live(lambda a: list(a.model.cast.towns), "全部小镇选址", "All town sites")

    def __repr__(self) -> str:
        return f"ProvinceGovernment({self.name}, {self.regime})"


def _columns(place: type, entity: str = "") -> tuple[Column[Any], ...]:
    """Columns of a kind of place, and the state that anybody declares for it."""
    return (*fields(place).values(), *(titled(entity) if entity else ()))


def _read(agent: Actor, column: Column[Any]) -> Any:
    return at_row(agent.model, column, agent.index)


@window(_columns(Prefectures), _read)
class PrefectureGovernment(Actor):
    """A prefecture-level city."""

    kind = Kind.PREFECTURE

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


@window(_columns(Counties, "county"), _read)
class County(Actor):
    """A county, district or county-level city: chooses a strategy for each of its towns and carries the debt."""

    kind = Kind.COUNTY

    prefecture: Live[PrefectureGovernment] = Live(
        lambda a: a.model.cast.prefectures[a.model.places.counties.prefecture[a.index]],
        "所属设区市",
        "Its prefecture",
    )
    towns: Live[list[Town]] = Live(
        lambda a: _within(a.model.cast.towns, a.model.places.towns.county, a.index), "辖内小镇选址", "Its town sites"
    )
    jobs: Live[int] = Live(
        lambda a: int(a.model.towns.jobs[a.model.places.towns.county == a.index].sum()),
        "辖内小镇就业，人",
        "Jobs in its towns, persons",
    )

    def __repr__(self) -> str:
        return f"County({self.index}, {self.name}, towns={len(self.towns)}, debt={self.debt})"


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


@window(_columns(TownSites, "town"), _read)
class Town(Actor):
    """A town site: from plain site over the lists to named, exited, withdrawn or vetoed."""

    kind = Kind.TOWN

    county: Live[County] = Live(
        lambda a: a.model.cast.counties[a.model.places.towns.county[a.index]], "所属县（市、区）", "Its county"
    )
    prefecture: Live[PrefectureGovernment] = Live(
        lambda a: a.model.cast.prefectures[a.model.places.towns.prefecture[a.index]],
        "所属设区市",
        "Its prefecture",
    )
    listed: Live[bool] = Live(
        lambda a: bool(a.model.towns.listed()[a.index]), "在创建名单或已命名", "On the creation list or named"
    )
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
