"""Public works and the public purse (parts of steps 8 and 13).

Works: the county spends its yearly cost of effort, ``effort.infrastructure`` of it as public works, plus works that
come with industrial investment, so that governments carry about ``finance.government_share`` of a town's investment
(F21: 17.2 %). Town platforms spend a quarter of what they hold each quarter. Works raise infrastructure::

    infra ← infra + (1 − infra)·min(1, works/scale) − decay·infra

Tax: local_share of a town's tax stays in the province, provincial_share of that with the province, the rest with the
county (D-11).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents import housing
from sim.agents.county import effort_cost
from sim.agents.financier import PROJECT_PART, lend_to_counties
from sim.engine.ledger import reason
from sim.state.books import LAND_RETURN, SOCIAL_CAPITAL, Kind
from sim.state.province import Province

Ints = NDArray[np.int64]

TAX_NATION = reason("money", "tax_nation", "税收:中央", "tax, central share")
TAX_PROVINCE = reason("money", "tax_province", "税收:省", "tax, provincial share")
TAX_COUNTY = reason("money", "tax_county", "税收:县", "tax, county share")
EFFORT_SPENDING = reason("money", "effort", "招商与推进支出", "promotion and facilitation spending")
INFRASTRUCTURE = reason("money", "infrastructure", "基础设施", "infrastructure")
QUOTA = reason("land", "quota", "年度用地计划", "ordinary annual quota")
QUOTA_LAPSE = reason("land", "quota_lapse", "指标到期", "quota lapsed")
FACILITY = reason("money", "facility", "设施补短板项目", "facility programme", policy=True)


def works(p: Province) -> None:
    """Step 8: effort, public works and housing of the quarter."""
    s, t, b = p.towns, p.t, p.behaviour
    industrial = s.core[t] + s.other[t]
    cost = effort_cost(p)[s.strategy, np.arange(s.size)] / 4.0
    built = cost * b["effort.infrastructure"] + PROJECT_PART * b["finance.government_share"] * industrial
    built = np.rint(built * p.offer.works).astype(np.int64)
    held = np.maximum(0, p.money.balance[p.books.chart.of(Kind.TOWN)]) // 4
    out = p.books.chart.of(Kind.OUTSIDE)
    p.money.post(INFRASTRUCTURE, p.books.county_account, out, built)
    p.money.post(INFRASTRUCTURE, p.books.chart.of(Kind.TOWN), out, held)
    p.money.post(
        EFFORT_SPENDING,
        p.books.county_account,
        out,
        np.rint(cost * (1.0 - b["effort.infrastructure"])).astype(np.int64),
    )
    facility = p.offer.facility
    p.money.post(FACILITY, p.policy.grant.facility_payer(p), out, facility[0], clause="GZ-INV-1")
    p.money.post(SOCIAL_CAPITAL, p.books.town_fund, out, facility[1], clause="GZ-INV-1")
    s.works[t] = built + held + facility[0] + facility[1]
    s.government[t] += built + held + facility[0]
    s.social[t] += facility[1]
    gain = np.minimum(1.0, s.works[t] / p.constants["works.scale"])
    s.infra += (1.0 - s.infra) * gain - p.constants["works.decay"] * s.infra
    housing.let_in(p)


def tax_parts(p: Province) -> tuple[Ints, Ints, Ints]:
    """A quarter's tax by town as far as it stays in the province: all of it, the province's part, the county's."""
    local = np.floor(p.towns.tax[p.t] * p.behaviour["treasury.local_share"]).astype(np.int64)
    province = np.floor(local * p.policy.rebate.provincial_share(p)).astype(np.int64)
    kept = local - province
    if p.places.facts.county.tax_kept < 1.0:
        kept = np.floor(kept * p.places.facts.county.tax_kept).astype(np.int64)
    return local, province, kept


def collect(p: Province) -> None:
    """Step 13: tax sharing, then the instruments' payments, then borrowing and repayment."""
    tax, (local, province, kept) = p.towns.tax[p.t], tax_parts(p)
    firms, chart = p.books.chart.of(Kind.ENTERPRISE), p.books.chart
    p.money.post(TAX_NATION, firms, chart.of(Kind.NATION), tax - local)
    p.money.post(TAX_PROVINCE, firms, chart.of(Kind.PROVINCE), province)
    if p.places.facts.county.tax_kept < 1.0:
        p.money.post(TAX_COUNTY, firms, p.books.prefecture_account, local - province - kept)
    p.money.post(TAX_COUNTY, firms, p.books.county_account, kept)
    p.policy.moment("treasury", p)
    lend_to_counties(p)


def quotas(p: Province) -> None:
    """Part of step 6: the year's ordinary quota arrives in the first quarter; what is left at the year's end lapses."""
    accounts = p.books.chart.of(Kind.COUNTY)
    if p.clock.quarter.q == 1 or p.t == 0:
        share = 1.0 if p.clock.quarter.q == 1 else (5 - p.clock.quarter.q) / 4.0
        p.land.post(
            QUOTA,
            p.books.chart.of(Kind.NATION),
            accounts,
            np.floor(p.places.counties.quota * share).astype(np.int64),
        )


def lapse(p: Province) -> None:
    """Part of step 14, before rewards: ordinary quota that was not used lapses; rewarded quota stays."""
    accounts = p.books.chart.of(Kind.COUNTY)
    kept = p.counties.reward_kept
    spare = np.maximum(0, p.land.balance[accounts] - kept)
    p.land.post(QUOTA_LAPSE, accounts, p.books.chart.of(Kind.NATION), spare)


def take_back(p: Province) -> None:
    """Part of step 6: a tenth of idle land is taken back each quarter."""
    back = p.towns.idle // 10
    p.land.post(LAND_RETURN, p.books.chart.of(Kind.ENTERPRISE), p.books.county_account, back)
    p.towns.idle -= back
    p.towns.land_back[p.t] += back
