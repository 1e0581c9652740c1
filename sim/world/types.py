"""What a world is: the columns of a province at the start of a run.

``Geography`` (places and networks) depends on the world file alone and is built once per process. ``Population``
(firms, talents) is drawn for each replicate. All floats are float64, all keys are birth identities (uint64).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

SEGMENTS_PER_INDUSTRY = 8
"""Sub-industries (细分产业) of each class; a segment id is ``industry * 8 + cell``."""


@dataclass(frozen=True, slots=True)
class Prefectures:
    """P prefecture-level cities."""

    key: Keys
    name_zh: tuple[str, ...]
    name_en: tuple[str, ...]
    x: Floats
    """East, km, in the province's own plane."""
    y: Floats
    gdp_per_head: Floats
    """万元 a person a year, at the start."""


@dataclass(frozen=True, slots=True)
class Counties:
    """C counties, districts and county-level cities."""

    key: Keys
    name: tuple[str, ...]
    prefecture: Ints
    x: Floats
    y: Floats
    population: Ints
    """Residents, persons."""
    urban_share: Floats
    college_share: Floats
    """Share of residents with college education."""
    manufacturing_share: Floats
    """Share of the employed in manufacturing."""
    migrant_share: Floats
    """Share of residents from another county or province."""
    poor: NDArray[np.bool_]
    """One of the poorer units (the 26 counties of F20b in Zhejiang)."""
    revenue: Ints
    """General public budget revenue, 万元 a year, at the start."""
    land_grade: Ints
    """Industrial land price grade, 1 (dearest) to 15 (F45; Zhejiang has nine)."""
    land_price: Floats
    """Industrial land price, 万元 a mu, official floor times mark-up."""
    house_price: Floats
    """Housing price, yuan per m2."""
    quota: Ints
    """Ordinary construction-land quota that its town sites can draw on, centi-mu a year."""
    neighbours_start: Ints
    """CSR row pointers of county adjacency, shape (C + 1,)."""
    neighbours: Ints


@dataclass(frozen=True, slots=True)
class TownSites:
    """T town sites: places where a characteristic town can be applied for."""

    key: Keys
    county: Ints
    prefecture: Ints
    industry: Ints
    """Index into ``INDUSTRIES``."""
    segment: Ints
    """Sub-industry, ``industry * SEGMENTS_PER_INDUSTRY + cell``."""
    x: Floats
    y: Floats
    potential: Floats
    """Standardised attractiveness of the site (mean 0, sd 1 over the province; correlates with county skill and
    wealth)."""
    capability: Floats
    """Operator's capability, 0 to 1."""
    planned_area: Ints
    """Centi-mu (3 km2 = 450000)."""
    buildable: Ints
    """Centi-mu that may be built on (1 km2 = 150000)."""
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

    key: Keys
    county: Ints
    town: Ints
    """Nearest town site."""
    rank: Ints
    """0 = the village nearest to its town, 1 the next, ... (the 1+N network links ranks below N)."""
    x: Floats
    y: Floats
    distance: Floats
    """Km to its town."""
    population: Ints
    income: Floats
    """Disposable income, 万元 a person a year, at the start."""
    farmland: Ints
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
    town_distance: Floats
    """Km between town sites, shape (T, T)."""
    home_distance: Floats
    """Km from each prefecture's centre to each town, shape (P + 1, T); the last row is "from outside the province"."""
