"""Debt limit: a county near the ceiling on debt over revenue does fewer works; interest on debt (GZ-DEBT-1, D-51).

    ratio = debt.inherited + debt for towns / yearly budget revenue
    room  = min(1, max(0, (ceiling − ratio)/(band·ceiling)))
    works = works_kept + (1 − works_kept)·room

``works`` multiplies the county's public works in its towns and its share of new projects' finance. Debt from before the
programme is not played; ``debt.inherited`` states it for all counties alike. Interest, where it is charged, is
``interest``/4 of the debt for towns each quarter, paid to the banks.
"""

from __future__ import annotations

import numpy as np

from sim.agents.county import effort_cost
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.province import Province

COUNTY_INTEREST = reason("money", "county_interest", "政府付息", "interest on county debt")

NO_LIMIT = 10.0
"""Ceiling from which nothing is limited; the lever's inert value."""


class Levers(LeverSet):
    """What a government sets."""

    ceiling: float
    band: float
    works_kept: float
    interest: float


class Debt(Instrument[Levers]):
    """Ceiling on county debt, and what debt costs."""

    order = 90

    def ratio(self, p: Province) -> Floats:
        """Debt over yearly revenue by county, shape (C,)."""
        return p.constants["debt.inherited"] + p.counties.debt / np.maximum(1, p.places.counties.revenue)

    def works(self, p: Province) -> Floats:
        """Part of its public spending that each county may still do, shape (C,)."""
        ahead = self.ahead(p.t)
        ceiling, band = ahead.ceiling, ahead.band
        if ceiling >= NO_LIMIT:
            return np.ones(p.counties.size)
        room = np.clip((ceiling - self.ratio(p)) / max(1e-9, band * ceiling), 0.0, 1.0)
        kept = ahead.works_kept
        return kept + (1.0 - kept) * room

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Cut what counties near the ceiling may spend on works."""
        if now.ceiling < NO_LIMIT:
            p.offer.works[:] = self.works(p)[p.places.towns.county]

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """The quarter's interest."""
        rate = now.interest
        if rate > 0.0:
            due = np.floor(p.counties.debt * (rate / 4.0)).astype(np.int64)
            p.money.post(COUNTY_INTEREST, p.books.chart.of(Kind.COUNTY), p.books.county_bank, due)

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Works that need not be paid for, less interest on what indebted counties must borrow for their effort.

        A year's spending is borrowed once a year over the horizon, so that the debt grows evenly: half the horizon.
        """
        rate, part = ahead.interest, self.works(p)
        if rate == 0.0 and (part == 1.0).all():
            return None
        county, cost = p.places.towns.county, effort_cost(p)
        spared = (1.0 - part)[county] * p.behaviour["effort.infrastructure"] * cost
        owing = (p.counties.debt > 0)[county]
        return (spared - rate * owing * (cost - spared) * 0.5 * p.behaviour["official.horizon"]) * f.annuity
