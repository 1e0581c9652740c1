"""What a quarter's policies put before firms, projects, talents and villages; instruments write it, agents read it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WORKING_DAYS = 65.0
"""Working days of a quarter."""
USUAL_DAYS, USUAL_CAPITAL, USUAL_SCOPE = 30.0, 1000.0, 0.1
"""Approval limit, registered capital and who asks for the provincial name where no regime says otherwise; the inert
values of these levers.
"""


class Offer:
    """Terms of one quarter, reset to the usual terms in step 1 before the instruments write.

    Args:
        towns: Number of town sites.
        villages: Number of villages.
        payer: Account that pays for talent policy unless a regime says otherwise, shape (T,).
    """

    def __init__(self, towns: int, villages: int, payer: NDArray[np.int64]) -> None:
        self._payer = payer
        self.tax_points = np.zeros(towns)
        """Points taken off the effective tax rate."""
        self.delay = np.zeros(towns)
        """Approval limit, quarters."""
        self.pace = np.ones(towns)
        """Quarters of approval that pass in a quarter (above one when building may start before approval ends)."""
        self.grade = np.zeros(towns)
        """Utility of standing on a list or being named."""
        self.capital = USUAL_CAPITAL
        """Registered capital asked of firms that want the provincial name, 万元."""
        self.capital_scope = 0.0
        """Share of prospects who want it."""
        self.preparation = np.ones(towns)
        """Factor on what applicants take to prepare a project, land assembly included."""
        self.rework = np.zeros(towns)
        """Chance that a project has to be built again in part."""
        self.search = np.ones(towns)
        """Factor on the distance over which a town is heard of."""
        self.land_priority = np.zeros(towns)
        self.land_guaranteed = np.zeros(towns, dtype=bool)
        self.guarantee = np.zeros(towns)
        """Guaranteed part of bank loans."""
        self.contact_success = np.zeros(towns)
        """Extra chance of finding social capital at a matching event."""
        self.works = np.ones(towns)
        """Part of its public spending on works and projects that the county can still afford."""
        self.interest = np.zeros((8, towns))
        """Interest saved on a new project's loan by subsidy, as a share of the loan, by industry and town."""
        self.facility = np.zeros((2, towns), dtype=np.int64)
        """Works of the facility programme begun this quarter, 万元: public money, social capital."""
        self.support = np.zeros(towns)
        """Support paid to enterprises as a share of their tax."""
        self.housing_ceiling = np.ones(towns)
        self.mixed = np.zeros(towns)
        """Share of land on which housing is tied to work space."""
        self.housing_pull = np.ones(towns)
        """Factor on the pull towards housing."""
        self._to_talents(towns, payer)
        self._to_villages(villages)

    def _to_talents(self, towns: int, payer: NDArray[np.int64]) -> None:
        self.subsidy = np.zeros(towns)
        """万元 for each arriving talent."""
        self.housing_relief = np.zeros(towns)
        self.startup_fund = np.zeros(towns)
        """万元 for each team."""
        self.services = np.zeros(towns)
        self.talent_payer = payer
        self.flats = np.zeros(towns)
        """Share of talents that a rented flat is there for."""
        self.referral = np.zeros(towns)
        """Extra pull of the senior and leading talents in town."""
        self.cultivate = np.ones(towns)
        """Factor on the pace of cultivation."""
        self.hold = np.ones((towns, 4, 3))
        """Factor on the hazard of leaving by tier and stage."""
        self.tracking = np.zeros(towns)
        """Share of leaving talents that stay in the outside pool."""
        self.projects = 0
        """Start-up projects supported this quarter."""
        self.project_money = 0.0
        self.project_success = 0.0
        self.venture = np.zeros(towns)
        """Venture money for the quarter's start-ups, 万元."""

    def _to_villages(self, villages: int) -> None:
        self.link_aim = np.zeros(villages)
        """Strength of support that each village of the 1+N network is to get, shape (V,)."""
        self.link_pull = np.ones(villages)
        """How much faster than usual people of a village settle in town."""
        self.channels = np.ones(6)
        self.link_lags = np.full(6, 2.0)
        self.link_reverse = 1.0
        self.settle = np.ones(villages)
        """Factor on villagers' readiness to settle in the town."""

    def reset(self) -> None:
        """Back to the terms of a quarter without any policy."""
        for array in (
            self.tax_points,
            self.grade,
            self.land_priority,
            self.guarantee,
            self.contact_success,
            self.subsidy,
            self.housing_relief,
            self.startup_fund,
            self.services,
            self.interest,
            self.support,
            self.rework,
            self.flats,
            self.referral,
            self.tracking,
            self.venture,
            self.mixed,
        ):
            array[:] = 0.0
        self.settle[:] = 1.0
        self.works[:] = 1.0
        self.facility[:] = 0
        self.delay[:] = USUAL_DAYS / WORKING_DAYS
        self.capital, self.capital_scope = USUAL_CAPITAL, USUAL_SCOPE
        self.pace[:] = 1.0
        for factor in (
            self.housing_ceiling,
            self.preparation,
            self.search,
            self.cultivate,
            self.hold,
            self.housing_pull,
        ):
            factor[:] = 1.0
        self.projects = 0
        self.land_guaranteed[:] = False
        self.link_aim[:] = 0.0
        self.link_pull[:] = 1.0
        self.talent_payer = self._payer
