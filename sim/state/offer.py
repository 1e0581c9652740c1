"""What a quarter's policies put before firms, projects, talents and villages; instruments write it, agents read it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.engine.column import State, column, value

WORKING_DAYS = 65.0
"""Working days of a quarter."""
USUAL_DAYS, USUAL_CAPITAL, USUAL_SCOPE = 30.0, 1000.0, 0.1
"""Approval limit, registered capital and who asks for the provincial name where no regime says otherwise; the inert
values of these levers.
"""


class Offer(State):
    """Terms of one quarter, reset to the usual terms in step 1 before the instruments write.

    Args:
        payer: Account that pays for talent policy unless a regime says otherwise, shape (T,).
        sizes: Length of each axis.
    """

    tax_points = column("town", np.float64)
    """Points taken off the effective tax rate."""
    delay = column("town", np.float64, fill=USUAL_DAYS / WORKING_DAYS)
    """Approval limit, quarters."""
    registration = column("town", np.float64)
    """Quarters saved in registering a firm."""
    pace = column("town", np.float64, fill=1.0)
    """Quarters of approval that pass in a quarter (above one when building may start before approval ends)."""
    grade = column("town", np.float64)
    """Utility of standing on a list or being named."""
    capital = column("town", np.float64, fill=USUAL_CAPITAL)
    """Registered capital asked of firms that want the provincial name, 万元."""
    capital_scope = value(USUAL_SCOPE)
    """Share of prospects who want it."""
    preparation = column("town", np.float64, fill=1.0)
    """Factor on what applicants take to prepare a project, land assembly included."""
    rework = column("town", np.float64)
    """Chance that a project has to be built again in part."""
    search = column("town", np.float64, fill=1.0)
    """Factor on the distance over which a town is heard of."""
    way = column("town", np.float64, fill=1.0)
    """Factor on the distance that firms and investors feel."""
    land_priority = column("town", np.float64)
    land_guaranteed = column("town", np.bool_)
    guarantee = column("town", np.float64)
    """Guaranteed part of bank loans."""
    contact_success = column("town", np.float64)
    """Extra chance of finding social capital at a matching event."""
    works = column("town", np.float64, fill=1.0)
    """Part of its public spending on works and projects that the county can still afford."""
    interest = column(("industry", "town"), np.float64)
    """Interest saved on a new project's loan by subsidy, as a share of the loan, by industry and town."""
    facility = column((2, "town"), np.int64)
    """Works of the facility programme begun this quarter, 万元: public money, social capital."""
    support = column("town", np.float64)
    """Support paid to enterprises as a share of their tax."""
    housing_ceiling = column("town", np.float64, fill=1.0)
    mixed = column("town", np.float64)
    """Share of land on which housing is tied to work space."""
    housing_pull = column("town", np.float64, fill=1.0)
    """Factor on the pull towards housing."""
    subsidy = column("town", np.float64)
    """万元 for each arriving talent."""
    stipend = column("town", np.float64)
    """万元 a year for each talent."""
    housing_relief = column("town", np.float64)
    startup_fund = column("town", np.float64)
    """万元 for each team."""
    services = column("town", np.float64)
    settling = column("town", np.float64)
    """Ease of taking up residence, in terms of services; it draws talents and does not keep them."""
    flats = column("town", np.float64)
    """Share of talents that a rented flat is there for."""
    referral = column("town", np.float64)
    """Extra pull of the senior and leading talents in town."""
    cultivate = column("town", np.float64, fill=1.0)
    """Factor on the pace of cultivation."""
    hold = column(("town", 4, 3), np.float64, fill=1.0)
    """Factor on the hazard of leaving by tier and stage."""
    tracking = column("town", np.float64)
    """Share of leaving talents that stay in the outside pool."""
    projects = value(0)
    """Start-up projects supported this quarter."""
    project_money = value(0.0)
    project_success = value(0.0)
    venture = column("town", np.float64)
    """Venture money for the quarter's start-ups, 万元."""
    link_aim = column("village", np.float64)
    """Strength of support that each village of the 1+N network is to get, shape (V,)."""
    link_pull = column("village", np.float64, fill=1.0)
    """How much faster than usual people of a village settle in town."""
    channels = column((6,), np.float64)
    """Weight of each channel of 1+N."""
    link_lags = column((6,), np.float64, fill=2.0)
    link_reverse = value(1.0)
    settle = column("village", np.float64, fill=1.0)
    """Factor on villagers' readiness to settle in the town."""
    firm_rebate = column("town", np.float64)
    """Part of their tax that enterprises get back."""

    def __init__(self, payer: NDArray[np.int64], sizes: Mapping[str, int]) -> None:
        super().__init__(sizes)
        self._payer = payer
        self.talent_payer = payer
        """Account that pays for talent policy, shape (T,)."""

    def reset(self) -> None:
        """Back to the terms of a quarter without any policy."""
        super().reset()
        self.talent_payer = self._payer
