"""Public money by purpose, debt, output and tax; 亿元."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.agents.building import GOVERNMENT_SHARE
from sim.agents.enterprise import SUPPORT_FUND
from sim.agents.treasury import EFFORT_SPENDING, FACILITY, INFRASTRUCTURE
from sim.engine.ledger import Reason
from sim.instruments.grant import ANNUAL_SUBSIDY, GRANT, GRANT_RETURN, SPECIAL_FUND
from sim.instruments.interest import INTEREST_SUBSIDY
from sim.instruments.rebate import REBATE
from sim.instruments.settlement import SETTLEMENT
from sim.instruments.upper import UPPER_GRANT, UPPER_HONOURED
from sim.outcomes.arithmetic import NAN, YI, Floats, share
from sim.outcomes.registry import outcome
from sim.outcomes.windows import last_year
from sim.state.province import Province

BOTH = 2
"""State of a town that got both sums of a grant (``Grant.granted``)."""


def public_spending(p: Province) -> Floats:
    """Money that governments pay under the policy, less grants returned, 万元 by quarter."""
    return p.money.under_policy().astype(np.float64)


def _booked(p: Province, *reasons: Reason) -> NDArray[np.int64]:
    """Amount booked for some reasons, 万元 by quarter."""
    return np.asarray(sum(p.money.total(reason) for reason in reasons))


def _paid(p: Province, *reasons: Reason) -> float:
    """The same over the run, 亿元."""
    return float(_booked(p, *reasons).sum()) / YI


@outcome
def public_cost(p: Province) -> float:
    """Money that governments pay under the policy."""
    return float(public_spending(p).sum()) / YI


@outcome
def public_cost_site(p: Province) -> float:
    """The same a site, 万元."""
    return float(public_spending(p).sum()) / p.towns.size


@outcome
def cost_rebate(p: Province) -> float:
    """Taxes rebated."""
    return _paid(p, REBATE)


@outcome
def cost_grants(p: Province) -> float:
    """Grants and special funds, those of the level above among them, less what came back."""
    grants = _booked(p, GRANT, SPECIAL_FUND, UPPER_GRANT, UPPER_HONOURED) - _booked(p, GRANT_RETURN)
    return float(grants.sum()) / YI


@outcome
def second_grant_share(p: Province) -> float:
    """Share of the towns with the first sum of a grant that also won the second."""
    grant = p.policy.grant
    if grant.now(p.clock.quarters - 1).schedule_met == 0.0:
        return NAN
    return share(int((grant.granted == BOTH).sum()), int((grant.granted > 0).sum()))


@outcome
def above_money(p: Province) -> float:
    """Money for places on the list above, 万元."""
    return float(_booked(p, UPPER_GRANT, UPPER_HONOURED).sum())


@outcome
def cost_subsidies(p: Province) -> float:
    """Yearly subsidies, transfers for settled farmers, interest subsidies and support of enterprises."""
    return _paid(p, ANNUAL_SUBSIDY, SETTLEMENT, INTEREST_SUBSIDY, SUPPORT_FUND)


@outcome
def cost_facilities(p: Province) -> float:
    """The facility programme."""
    return _paid(p, FACILITY)


@outcome
def cost_infrastructure(p: Province) -> float:
    """Infrastructure, promotion and the government share of projects."""
    return _paid(p, INFRASTRUCTURE, EFFORT_SPENDING, GOVERNMENT_SHARE)


@outcome
def debt_end(p: Province) -> float:
    """Debt of county platforms at the end."""
    return float(p.counties.debt.sum()) / YI


@outcome
def debt_ratio_end(p: Province) -> float:
    """The same over the counties' yearly revenue."""
    return share(float(p.counties.debt.sum()), float(p.places.counties.revenue.sum()))


@outcome
def output_end(p: Province) -> float:
    """Output of the last four quarters."""
    return float(p.towns.output[last_year(p)].sum()) / YI


@outcome
def tax_end(p: Province) -> float:
    """Tax of the last four quarters."""
    return float(p.towns.tax[last_year(p)].sum()) / YI
