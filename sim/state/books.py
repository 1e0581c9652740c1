"""Who can own an account, and the flows that several parts of the model book; others stand with their owner."""

from __future__ import annotations

from enum import IntEnum

from sim.engine.ledger import reason


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
