"""Who can own an account, and the flows that several parts of the model book; others stand with their owner."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np

from sim.engine.column import State, column
from sim.engine.ledger import Chart, Ledger, reason
from sim.world.types import Geography


class Kind(IntEnum):
    """Who can own an account."""

    OUTSIDE = 0
    NATION = 1
    PROVINCE = 2
    PREFECTURE = 3
    COUNTY = 4
    TOWN = 5
    ENTERPRISE = 6
    HOUSEHOLD = 7
    VILLAGE = 8
    BANK = 9
    FUND = 10
    DEVELOPER = 11


REVENUE = reason("money", "revenue", "销售收入", "sales")
WAGES = reason("money", "wages", "工资", "wages")
DIVIDEND = reason("money", "dividend", "分红与清算", "dividends and liquidation")
EQUITY = reason("money", "equity", "自有资金", "owners' funds")
SOCIAL_CAPITAL = reason("money", "social_capital", "社会资本", "matched social capital")
LAND_RETURN = reason("land", "land_return", "收回土地", "land taken back")


class Books(State):
    """The chart of accounts and both ledgers; which account stands for whom, by town or county.

    Args:
        geography: The places that own accounts.
        sizes: Length of each axis.

    Attributes:
        chart: Account numbers.
        money: 万元.
        land: Centi-mu.
        county_account: Account of each town's county, shape (T,); the other names tell likewise.
    """

    opening_land = column("town", np.int64)
    """Land of projects under way before the run, which nobody supplied in it, centi-mu."""

    def __init__(self, geography: Geography, sizes: Mapping[str, int]) -> None:
        super().__init__(sizes)
        town, county, prefecture = (sizes[name] for name in ("town", "county", "prefecture"))
        owners = {
            Kind.PREFECTURE: prefecture,
            Kind.COUNTY: county,
            Kind.TOWN: town,
            Kind.ENTERPRISE: town,
            Kind.HOUSEHOLD: town,
            Kind.VILLAGE: sizes["village"],
            Kind.BANK: prefecture,
            Kind.FUND: prefecture,
            Kind.DEVELOPER: prefecture,
        }
        self.chart = Chart(Kind, owners)
        self.money, self.land = (Ledger(name, self.chart, sizes["quarter"]) for name in ("money", "land"))
        of, towns = self.chart.of, geography.towns
        self.county_account = of(Kind.COUNTY)[towns.county]
        self.prefecture_account = of(Kind.PREFECTURE)[towns.prefecture]
        self.town_bank, self.town_fund = of(Kind.BANK)[towns.prefecture], of(Kind.FUND)[towns.prefecture]
        self.town_developer = of(Kind.DEVELOPER)[towns.prefecture]
        self.county_bank = of(Kind.BANK)[geography.counties.prefecture]

    def open_quarter(self, t: int, label: str) -> None:
        """Open both ledgers for a quarter."""
        for ledger in (self.money, self.land):
            ledger.open_quarter(t, label)
