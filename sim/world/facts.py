"""The facts of a world: every figure typed and bounded.

The dataclasses below are the schema. A field ``firm.per_site`` is the table ``[figure."firm.per_site"]`` of the file;
what it may hold stands beside it. `sim.world.facts_read` reads the file into them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, get_type_hints

from sim.engine.numeric import exp_, log_
from sim.parameters.texts import Text
from sim.world.facts_form import Form

Row = tuple[float, ...]


def number(low: float, high: float, *, whole: bool = False, default: float | None = None) -> Form:
    """A field that holds one number between `low` and `high`; a file may leave it out where there is a default."""
    return Form("number", low, high, whole=whole, default=default)


def series(low: float, high: float, length: int, default: Row | None = None) -> Form:
    """A field that holds `length` (0 = any number of) numbers; a file may leave it out where there is a default."""
    return Form("list", low, high, length, default=default)


def rows(low: float, high: float, length: int, count: int = 0) -> Form:
    """A field that holds `count` (0 = any number of) lists of `length` numbers."""
    return Form("rows", low, high, length, count)


def by_prefecture(low: float, high: float, *, whole: bool = False, default: float | None = None) -> Form:
    """A field with one number for each prefecture, in the file's order of prefectures."""
    return Form("by_prefecture", low, high, whole=whole, default=default)


def rows_by_prefecture(low: float, high: float, length: int, default: Row | None = None) -> Form:
    """A field with `length` numbers for each prefecture."""
    return Form("rows_by_prefecture", low, high, length, default=default)


def names_by_prefecture() -> Form:
    """A field with a list of names for each prefecture; none where the file leaves it out."""
    return Form("names_by_prefecture", 0, 0, default=())


def grades_by_prefecture(low: int, high: int) -> Form:
    """A field with a table from names to whole numbers for each prefecture; empty where the file leaves it out."""
    return Form("grades_by_prefecture", low, high, whole=True, default={})


def seats_by_prefecture() -> Form:
    """A field with a table from names to longitude and latitude for each prefecture; empty where left out."""
    return Form("seats_by_prefecture", -180, 180, 2, default={})


@dataclass(frozen=True, slots=True)
class ProvinceFacts:
    """Published figures by prefecture; every tuple has one element a prefecture."""

    residents_2010: Annotated[Row, by_prefecture(1e3, 1e8)]
    residents_2020: Annotated[Row, by_prefecture(1e3, 1e8)]
    gdp: Annotated[Row, by_prefecture(1, 1e6)]
    """亿元 a year."""
    revenue: Annotated[Row, by_prefecture(0.1, 1e5)]
    """亿元 a year."""
    rural_income: Annotated[Row, by_prefecture(1e3, 1e6)]
    """Yuan a person a year."""
    area: Annotated[Row, by_prefecture(10, 1e6)]
    """km2."""
    shape: Annotated[tuple[Row, ...], rows_by_prefecture(-200, 500, 5)]
    """Centroid longitude, latitude, standard deviations east and north in km, correlation."""
    districts: Annotated[Row, by_prefecture(0, 100, whole=True)]
    islands: Annotated[Row, by_prefecture(0, 100, whole=True)]
    land_grades: Annotated[tuple[Mapping[str, int], ...], grades_by_prefecture(1, 15)]
    """County-level units by name without suffix, and their land grade. A world without such a list says how many units
    there are (`counties`) and from which grade to which they go (`grade_range`)."""
    seats: Annotated[tuple[Mapping[str, Row], ...], seats_by_prefecture()]
    """County-level units by full name and the longitude and latitude of their centres: urban districts first, islands
    last. A world without them has drawn counties with no names."""
    counties: Annotated[Row, by_prefecture(1, 1000, whole=True, default=0)]
    grade_range: Annotated[tuple[Row, ...], rows_by_prefecture(1, 15, 2, (1.0, 1.0))]
    """Grade of the dearest and of the cheapest unit; those between are evenly spaced."""
    poor_counties: Annotated[tuple[tuple[str, ...], ...], names_by_prefecture()]
    poor_number: Annotated[Row, by_prefecture(0, 1000, whole=True, default=0)]
    """How many poorer units there are where they are not listed by name."""
    outside_origins: Annotated[tuple[Row, ...], rows(-200, 500, 3)]
    """Longitude, latitude, weight."""

    @property
    def units(self) -> tuple[int, ...]:
        """County-level units of each prefecture."""
        rows = zip(self.land_grades, self.seats, self.counties, strict=True)
        return tuple(len(names) or len(seats) or int(n) for names, seats, n in rows)

    @property
    def poor(self) -> tuple[int, ...]:
        """Poorer units of each prefecture."""
        return tuple(len(names) or int(n) for names, n in zip(self.poor_counties, self.poor_number, strict=True))

    def grades(self, prefecture: int, count: int) -> tuple[int, ...]:
        """Land grades of `count` units of a prefecture, dearest first."""
        listed = sorted(self.land_grades[prefecture].values())
        if listed and count == len(listed):
            return tuple(listed)
        first, last = (listed[0], listed[-1]) if listed else self.grade_range[prefecture]
        return tuple(int(first + (last - first) * k / max(1, count - 1) + 0.5) for k in range(count))


@dataclass(frozen=True, slots=True)
class CountyFacts:
    """Spread of the synthetic counties, and how what a table lacks is filled."""

    college_deciles: Annotated[Row, series(0, 1, 11)]
    manufacturing_deciles: Annotated[Row, series(0, 1, 11)]
    migrant_deciles: Annotated[Row, series(0, 1, 11)]
    urban_deciles: Annotated[Row, series(0, 1, 11)]
    scores: Annotated[tuple[Row, ...], rows_by_prefecture(-4, 4, 4)]
    district_slopes: Annotated[Row, series(-4, 4, 4)]
    residual_sd: Annotated[Row, series(0, 4, 4)]
    loadings: Annotated[tuple[Row, ...], rows(-1, 1, 2, 5)]
    population_sd: Annotated[float, number(0, 3)]
    population_gini: Annotated[float, number(0, 1)]
    talent_gini: Annotated[float, number(0, 1)]
    adjacency_degree: Annotated[float, number(0, 20)]
    district_area: Annotated[float, number(0.1, 1e5)]
    island_area: Annotated[float, number(0.1, 1e5)]
    island_offset: Annotated[Row, series(-500, 500, 2)]
    wealth_sd: Annotated[float, number(0, 3)]
    wealth_urban_share: Annotated[float, number(0, 1)]
    revenue_elasticity: Annotated[float, number(0, 5)]
    land_floor: Annotated[Row, series(0.1, 1e4, 0)]
    """万元 a mu, by grade."""
    land_markup: Annotated[float, number(0.1, 100)]
    land_markup_sd: Annotated[float, number(0, 3)]
    house_points: Annotated[tuple[Row, ...], rows(1e-6, 1e6, 2, 2)]
    house_backcast: Annotated[float, number(0.01, 10)]
    quota_per_site: Annotated[float, number(0, 1e5)]
    quota_sd: Annotated[float, number(0, 3)]
    tax_kept: Annotated[float, number(0, 1, default=1.0)]
    """Part of the local share of taxes that stays with the unit; the rest goes to the government above it."""


@dataclass(frozen=True, slots=True)
class TownFacts:
    """Where town sites are and what they are like."""

    batch1: Annotated[Row, by_prefecture(0, 1000, whole=True, default=0)]
    batch2: Annotated[Row, by_prefecture(0, 1000, whole=True, default=0)]
    cultivation: Annotated[Row, by_prefecture(0, 1000, whole=True, default=0)]
    candidates: Annotated[Row, by_prefecture(0, 1000, whole=True, default=0)]
    """Other places that could apply."""
    activity: Annotated[Row, series(0.01, 20, 3, (1.0, 1.0, 1.0))]
    """Projects, firms and talents that look for a place in a quarter, for each site, relative to Zhejiang in 2015."""
    industry_shares: Annotated[Row, series(0, 1, 8)]
    industry_tilts: Annotated[tuple[Row, ...], rows(-5, 5, 3, 8)]
    segment_decay: Annotated[float, number(0, 5)]
    county_wealth_slope: Annotated[float, number(-5, 5)]
    fringe: Annotated[Row, series(0, 200, 2)]
    potential_loadings: Annotated[Row, series(-1, 1, 3)]
    capability: Annotated[Row, series(-5, 5, 3)]
    planned_area: Annotated[Row, series(0, 100, 4)]
    buildable: Annotated[Row, series(0, 100, 4)]
    population: Annotated[Row, series(0, 1e6, 4, (32_000.0, 0.45, 6_000.0, 150_000.0))]
    """People of the town area: median, s.d. of the log, lowest, highest."""
    small_towns: Annotated[Row, series(0, 1e6, 4, (0.0, 1.0, 0.0, 0.0))]
    """Share of sites that are administrative small towns (D-52), how many times a platform's areas theirs are, and
    median and s.d. of the log of their residents. Absent: all sites are platforms.
    """

    @property
    def sites(self) -> tuple[int, ...]:
        """Town sites of each prefecture: all lists and the candidates."""
        parts = (self.batch1, self.batch2, self.cultivation, self.candidates)
        return tuple(int(sum(column)) for column in zip(*parts, strict=True))


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """Firms at the start."""

    per_site: Annotated[float, number(0, 1e5)]
    site_slope: Annotated[float, number(-2, 2)]
    site_sd: Annotated[float, number(0, 2)]
    kinds: Annotated[Row, series(0, 1, 3)]
    employees: Annotated[Row, series(1, 1e5, 3)]
    employees_sd: Annotated[Row, series(0, 3, 3)]
    hazards: Annotated[Row, series(0, 0.99, 8)]
    cohort_growth: Annotated[float, number(-0.5, 2)]
    oldest: Annotated[float, number(1, 400, whole=True)]
    own_industry: Annotated[float, number(0, 1)]
    productivity_sd: Annotated[float, number(0, 2)]
    wealth_slope: Annotated[float, number(-2, 2)]


@dataclass(frozen=True, slots=True)
class TalentFacts:
    """Talents at the start."""

    per_site: Annotated[float, number(0, 1e5)]
    site_slope: Annotated[float, number(-2, 2)]
    site_sd: Annotated[float, number(0, 2)]
    tiers: Annotated[Row, series(0, 1, 4)]
    tier_tilt: Annotated[float, number(-2, 2)]
    home_shares: Annotated[Row, series(0, 1, 2)]
    tenure: Annotated[float, number(0.1, 200)]


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """Villages around each site."""

    per_town: Annotated[float, number(1, 200, whole=True)]
    distance: Annotated[Row, series(0.01, 200, 2)]
    population: Annotated[Row, series(0, 1e6, 2)]
    income_sd: Annotated[float, number(0, 2)]
    income_slope: Annotated[float, number(-2, 2)]
    farmland: Annotated[Row, series(0, 1e4, 2)]
    neighbours: Annotated[float, number(1, 30, whole=True)]


@dataclass(frozen=True, slots=True)
class TownList:
    """A published list of towns."""

    title: Text
    batch: int
    date: str
    """Month of publication."""
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedTown:
    """A town of a published list; -1 and "" stand for what is not known and so is drawn."""

    name: str
    prefecture: int
    county: str
    assigned: bool
    """The county is not printed beside the name in the source; it was assigned."""
    industry: int
    segment: int
    """Sub-industry as a number, ``industry * SEGMENTS_PER_INDUSTRY + cell``."""
    list: TownList


LEVELS = ("province", "city", "district")
"""Levels of a world's authority, highest first."""

GROUPS: Mapping[str, type] = {
    "province": ProvinceFacts,
    "county": CountyFacts,
    "town": TownFacts,
    "firm": FirmFacts,
    "talent": TalentFacts,
    "village": VillageFacts,
}


def _forms() -> dict[str, Form]:
    found = {}
    for group, cls in GROUPS.items():
        hints = get_type_hints(cls, include_extras=True)
        found.update({f"{group}.{item.name}": hints[item.name].__metadata__[0] for item in fields(cls)})
    return found


FORMS: Mapping[str, Form] = _forms()
"""Every figure of a world file by key, and what it may hold."""


@dataclass(frozen=True, slots=True)
class PrefectureFacts:
    """Name and seat of one prefecture."""

    id: str
    title: Text
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Source:
    """A publication named by the figures."""

    id: str
    title: Text
    reliability: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as the file has it, for tables and documentation."""

    key: str
    title: Text
    unit: str
    value: Any
    source: tuple[str, ...]
    reliability: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class WorldFacts:
    """Everything the world file says."""

    id: str
    title: Text
    level: str
    """Level of the government that sets the programme: province | city | district."""
    authority: Text
    """Its name."""
    units: Text
    """What the units below it are called that choose strategies for their towns."""
    province_name: str
    start: str
    seed: int
    like: str
    """World that lends figures; "" for none."""
    lent: frozenset[str]
    """Figures taken from it."""
    prefectures: tuple[PrefectureFacts, ...]
    province: ProvinceFacts
    county: CountyFacts
    town: TownFacts
    firm: FirmFacts
    talent: TalentFacts
    village: VillageFacts
    listed: tuple[ListedTown, ...]
    """Towns of published lists, in the order of the file."""
    figures: Mapping[str, Figure] = field(repr=False)
    sources: Mapping[str, Source] = field(repr=False)
    file: str
    fingerprint: str
    """SHA-256 over the values (titles, notes and sources do not change a world)."""

    @property
    def residents(self) -> tuple[float, ...]:
        """Residents of each prefecture at the start, by growth between the censuses of November 2010 and 2020."""
        year, quarter = int(self.start[:4]), int(self.start[5])
        done = (year + (quarter - 1) / 4 - (2010 + 10 / 12)) / 10
        old, new = self.province.residents_2010, self.province.residents_2020
        return tuple(exp_(log_(a) + done * (log_(b) - log_(a))) for a, b in zip(old, new, strict=True))
