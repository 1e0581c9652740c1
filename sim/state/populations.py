"""The four populations: enterprises, projects, talents and villages, each a named tuple of columns."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import field
from sim.state.people import FirmKind, FirmState, Stage, TalentStage, TalentState, TalentTier
from sim.world.types import INDUSTRIES

Keys = NDArray[np.uint64]
Codes = NDArray[np.int8]
Rows = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class FirmColumns(NamedTuple):
    """Enterprises."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    town: Annotated[Rows, field("所在小镇", "Its town")]
    industry: Annotated[Codes, field("产业", "Industry", codes=INDUSTRIES)]
    kind: Annotated[Codes, field("类型：龙头、中小、初创", "anchor, sme or startup", codes=FirmKind)]
    state: Annotated[Codes, field("状态：已登记、经营", "registered or operating", codes=FirmState)]
    employees: Annotated[Rows, field("员工，人", "Employees, persons")]
    born: Annotated[
        Rows,
        field("登记季度，自开跑起计，负数为开跑前", "Quarter of registration since the start, negative before it"),
    ]
    productivity: Annotated[Floats, field("自身生产率，行业均值约为1", "Own productivity, about 1 in its industry")]
    cash: Annotated[Ints, field("现金，万元", "Cash, 万元")]
    debt: Annotated[Ints, field("银行债务，万元", "Debt to banks, 万元")]
    margin: Annotated[Floats, field("上季度利润率", "Profit over output in the last quarter")]
    founder: Annotated[Keys, field("创始人才，没有为0", "Key of the founding talent, 0 when there is none")]


class ProjectColumns(NamedTuple):
    """Investment projects, from announcement to operation."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    town: Annotated[Rows, field("所在小镇", "Its town")]
    industry: Annotated[Codes, field("产业", "Industry", codes=INDUSTRIES)]
    stage: Annotated[
        Codes,
        field("阶段：洽谈、签约、批准、落地、在建", "announced, signed, approved, landed or building", codes=Stage),
    ]
    core: Annotated[Codes, field("属于小镇主导产业", "Of the town's leading industry", unit="flag")]
    budget: Annotated[Ints, field("预算，万元", "Budget, 万元")]
    spent: Annotated[Ints, field("已完成投资，万元", "Spent so far, 万元")]
    land: Annotated[Ints, field("用地需求，亩", "Land it needs, mu", unit="mu")]
    held: Annotated[Ints, field("已供土地，亩", "Land supplied to it, mu", unit="mu")]
    wait: Annotated[Floats, field("准备与审批剩余季度", "Quarters of preparation and approval left")]
    duration: Annotated[Floats, field("建设工期，季度", "Building time, quarters")]
    progress: Annotated[Floats, field("进度，0到1", "Progress, 0 to 1")]
    cost: Annotated[Floats, field("造价系数", "Cost overrun factor")]
    own: Annotated[Floats, field("自有资金占比", "Share from own funds")]
    bank: Annotated[Floats, field("银行贷款占比", "Share from banks")]
    social: Annotated[Floats, field("社会资本占比", "Share from matched social capital")]
    government: Annotated[Floats, field("政府出资占比", "Share from government")]
    announced: Annotated[Rows, field("公布季度，自开跑起计", "Quarter of announcement since the start")]
    changed: Annotated[Rows, field("进入现阶段的季度", "Quarter in which the stage began")]


class TalentColumns(NamedTuple):
    """Talents."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    town: Annotated[Rows, field("所在小镇", "Its town")]
    tier: Annotated[
        Codes, field("层次：技能、大学、高级、领军", "skilled, graduate, senior or leading", codes=TalentTier)
    ]
    home: Annotated[NDArray[np.int16], field("家乡设区市", "Home prefecture", unit="prefecture")]
    state: Annotated[Codes, field("状态：求职、受聘、创业", "looking, hired or founder", codes=TalentState)]
    stage: Annotated[Codes, field("阶段：引进、培育、观察", "introduced, cultivated or observed", codes=TalentStage)]
    arrived: Annotated[
        Rows,
        field("到达季度，自开跑起计，负数为开跑前", "Quarter of arrival since the start, negative before it"),
    ]


class VillageColumns(NamedTuple):
    """Villages."""

    population: Annotated[Ints, field("人口，人", "Inhabitants, persons", shown="people")]
    migrants: Annotated[Ints, field("在县外务工，人", "Villagers working outside the county, persons")]
    commuters: Annotated[Ints, field("在小镇务工，人", "Villagers working in the town, persons")]
    settled: Annotated[Ints, field("落户小镇，人", "Villagers who settled in the town, persons")]
    income: Annotated[Floats, field("人均收入，万元/年", "Income a head, 万元 a year")]
    facilities: Annotated[Floats, field("设施，0到1", "Facilities, 0 to 1")]
    productivity: Annotated[Floats, field("人均农产与体验产值，万元/年", "Produce and visits a head, 万元 a year")]
    support: Annotated[Floats, field("镇带村扶持力度，0到1", "1+N support in effect, 0 to 1")]
