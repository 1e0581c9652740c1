"""What a world is: the columns of a province at the start of a run.

``Geography`` (places and networks) depends on the world file alone and is built once per process. ``Population``
(firms, talents) is drawn for each replicate. All floats are float64, all keys are birth identities (uint64).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import field

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

INDUSTRIES: tuple[str, ...] = (
    "information",
    "environment",
    "health",
    "tourism",
    "fashion",
    "finance",
    "equipment",
    "classics",
)
"""The seven future industries and the historical classics of ZJ-ELIG-1, in the order used by every column."""

SEGMENTS: Mapping[str, tuple[str, ...]] = {
    "information": ("internet", "ecommerce", "content", "chips", "cloud", "iot", "smart", "geo"),
    "environment": ("recycling", "equipment", "energy", "water", "air", "soil", "monitoring", "restoration"),
    "health": ("care", "medicine", "food", "sports", "marine", "herbs", "devices", "clinics"),
    "tourism": ("farm", "culture", "leisure", "coast", "nature", "crafts", "faith", "springs"),
    "fashion": ("garments", "design", "accessories", "textiles", "leather", "home", "cosmetics", "pets"),
    "finance": ("funds", "wealth", "trade", "insurance", "marine", "fintech", "leasing", "banking"),
    "equipment": ("energy", "cars", "power", "intelligent", "moulds", "materials", "electronics", "aviation"),
    "classics": ("carving", "porcelain", "silk", "tea", "food", "scholar", "wine", "instruments"),
}
"""Sub-industries (细分产业) of each class, the more common ones first."""
SEGMENTS_PER_INDUSTRY = 8
"""Their number in each class; a segment id is ``industry * 8 + cell``."""


@dataclass(frozen=True, slots=True)
class Prefectures:
    """P prefecture-level cities."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    name_zh: Annotated[tuple[str, ...], field("中文名", "Name in Chinese", shown="name")]
    name_en: Annotated[tuple[str, ...], field("英文名", "Name in English")]
    x: Annotated[Floats, field("东向坐标，千米", "East, km")]
    """East, km, in the province's own plane."""
    y: Annotated[Floats, field("北向坐标，千米", "North, km")]
    gdp_per_head: Annotated[Floats, field("期初人均地区生产总值，万元/年", "GDP a head at the start, 万元 a year")]
    """万元 a person a year, at the start."""


@dataclass(frozen=True, slots=True)
class Counties:
    """C counties, districts and county-level cities."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    name: Annotated[tuple[str, ...], field("名称", "Name")]
    """Of a drawn county a number in its prefecture, so that pages tell of it without its real name."""
    known: tuple[str, ...]
    """Real names, for maps and lists of places; "" where there is none."""
    prefecture: Ints
    x: Annotated[Floats, field("东向坐标，千米", "East, km")]
    y: Annotated[Floats, field("北向坐标，千米", "North, km")]
    population: Annotated[Ints, field("常住人口，人", "Residents, persons")]
    """Residents, persons."""
    urban_share: Floats
    college_share: Annotated[Floats, field("受过大专以上教育的比例", "Share of residents with college education")]
    """Share of residents with college education."""
    manufacturing_share: Floats
    """Share of the employed in manufacturing."""
    migrant_share: Floats
    """Share of residents from another county or province."""
    poor: Annotated[NDArray[np.bool_], field("是否为欠发达县", "Whether it is one of the poorer counties")]
    """One of the poorer units (the 26 counties of F20b in Zhejiang)."""
    revenue: Annotated[
        Ints, field("期初一般公共预算收入，万元/年", "General public budget revenue at the start, 万元 a year")
    ]
    """General public budget revenue, 万元 a year, at the start."""
    land_grade: Ints
    """Industrial land price grade, 1 (dearest) to 15 (F45; Zhejiang has nine)."""
    land_price: Annotated[Floats, field("工业用地价格，万元/亩", "Price of industrial land, 万元 a mu")]
    """Industrial land price, 万元 a mu, official floor times mark-up."""
    house_price: Floats
    """Housing price, yuan per m2."""
    quota: Annotated[
        Ints,
        field(
            "小镇每年可用的普通用地指标，亩",
            "Ordinary quota open to its towns each year, mu",
            unit="mu",
            shown="quota_yearly",
        ),
    ]
    """Ordinary construction-land quota that its town sites can draw on, centi-mu a year."""
    neighbours_start: Ints
    """CSR row pointers of county adjacency, shape (C + 1,)."""
    neighbours: Ints


@dataclass(frozen=True, slots=True)
class TownSites:
    """T town sites: places where a characteristic town can be applied for."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    county: Ints
    prefecture: Ints
    industry: Annotated[Ints, field("主导产业", "Leading industry", codes=INDUSTRIES)]
    """Index into ``INDUSTRIES``."""
    segment: Annotated[Ints, field("细分产业编号", "Sub-industry, a number")]
    """Sub-industry, ``industry * SEGMENTS_PER_INDUSTRY + cell``."""
    x: Annotated[Floats, field("东向坐标，千米", "East, km")]
    y: Annotated[Floats, field("北向坐标，千米", "North, km")]
    potential: Annotated[Floats, field("区位潜力，标准化", "Attractiveness of the site, standardised")]
    """Standardised attractiveness of the site (mean 0, sd 1 over the province; correlates with county skill and
    wealth)."""
    capability: Annotated[Floats, field("运营主体能力，0到1", "Operator's capability, 0 to 1")]
    """Operator's capability, 0 to 1."""
    planned_area: Ints
    """Centi-mu (3 km2 = 450000)."""
    buildable: Annotated[Ints, field("可建设用地，亩", "Land that may be built, mu", unit="mu")]
    """Centi-mu that may be built on (1 km2 = 150000)."""
    known: tuple[str, ...]
    """Real names of towns of published lists, for maps and lists of places; "" of drawn sites."""
    listed: Ints
    """Which of the world's published towns stands here, -1 for none."""
    population: Ints
    """People of the town area (镇区) at the start, persons."""
    administrative: NDArray[np.bool_]
    """An administrative small town (建制镇型), not a platform (D-52)."""
    residents: Ints
    """Residents of an administrative small town, persons; 0 for platforms."""
    revenue: Ints
    """Its own public revenue, 万元 a year: its people at the county's revenue a head; 0 for platforms."""


@dataclass(frozen=True, slots=True)
class Villages:
    """V villages, at least ten a town."""

    key: Annotated[Keys, field("出生编号", "Birth identity")]
    county: Annotated[Ints, field("所属县（市、区）", "Its county")]
    town: Annotated[Ints, field("所在小镇", "Its town")]
    """Nearest town site."""
    rank: Annotated[Ints, field("离小镇由近及远的次序，0为最近", "Order by distance from its town, 0 the nearest")]
    """0 = the village nearest to its town, 1 the next, ... (the 1+N network links ranks below N)."""
    x: Annotated[Floats, field("东向坐标，千米", "East, km")]
    y: Annotated[Floats, field("北向坐标，千米", "North, km")]
    distance: Annotated[Floats, field("到小镇距离，千米", "Distance to its town, km")]
    """Km to its town."""
    population: Ints
    income: Floats
    """Disposable income, 万元 a person a year, at the start."""
    farmland: Annotated[Ints, field("耕地，亩", "Farmland, mu", unit="mu")]
    """Centi-mu."""
    links_start: Ints
    """CSR row pointers of village-to-village neighbours, shape (V + 1,)."""
    links: Ints


@dataclass(frozen=True, slots=True)
class Population:
    """Firms and talents at the start, for one replicate."""

    firm_key: Keys
    firm_town: Ints
    firm_industry: Ints
    firm_kind: Ints
    """0 anchor, 1 SME, 2 start-up."""
    firm_employees: Ints
    firm_age: Ints
    """Quarters since registration."""
    firm_productivity: Floats
    """Own productivity relative to its industry, mean near 1."""
    talent_key: Keys
    talent_town: Ints
    talent_tier: Ints
    """0 skilled, 1 graduate, 2 senior, 3 leading (国千省千)."""
    talent_home: Ints
    """Home prefecture index; -1 = another province."""
    talent_age: Ints
    """Quarters in the town."""


@dataclass(frozen=True, slots=True)
class Geography:
    """A province's places and networks."""

    name: str
    fingerprint: str
    """SHA-256 of the facts (and the county table) it was built from."""
    prefectures: Prefectures
    counties: Counties
    towns: TownSites
    villages: Villages
    home_distance: Floats
    """Km from each prefecture's centre to each town, shape (P + 1, T); the last row is "from outside the province"."""
