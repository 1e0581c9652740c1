"""Delegation of county powers and revenue to towns (SD-POW-1, SD-REF-1, -2, SD-FISC-1, GZ-REF-1; M-29).

Every supported town holds the ``base`` powers; the ablest ``towns`` of them, the pilot, hold ``powers`` more. A town
can carry ``USUAL·(0.4 + 1.2·capability)`` powers, and ``building`` of what it lacks is made good. Powers that are
carried speed approval and preparation up, the others slow them down::

    delay × (1 − GAIN·carried/(carried + USUAL)) × (1 + LOSS·not carried/powers)

``USUAL`` is the 1326 powers of 20 towns; the sources give neither gain nor loss. Supported towns keep ``tax_share`` of
the county's part of their tax, which goes into works like all money of a town; counties reckon it neither as a loss nor
as a gain, for it stays with their own towns.
"""

from __future__ import annotations

import numpy as np

from sim.agents.treasury import tax_parts
from sim.engine.ledger import reason
from sim.instruments.base import Bools, Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.province import Province

TOWN_TAX = reason("money", "town_tax", "镇级财权留成", "county tax left to towns")
TOWN_STAFF = reason("money", "town_staff", "镇级承接权限经费", "staff for delegated powers", policy=True)

USUAL = 66.3
GAIN, LOSS = 0.6, 0.8


class Levers(LeverSet):
    """What a government sets."""

    base: float
    powers: float
    towns: int
    selective: bool
    building: float
    cost: float
    tax_share: float


class Delegation(Instrument[Levers]):
    """Powers that towns exercise for their county."""

    order = 160

    def pilot(self, p: Province) -> Bools:
        """Towns that hold the powers: the ablest of those that are supported, shape (T,)."""
        on, places = p.towns.supported(), self.now(p.t).towns
        if places == 0 or int(on.sum()) <= places:
            return on
        order = np.lexsort((p.places.towns.key, -p.places.towns.capability, ~on))
        chosen = np.zeros(on.size, dtype=bool)
        chosen[order[:places]] = True
        return chosen & on

    def carried(self, p: Province, on: Bools, pilot: Bools) -> tuple[Floats, Floats]:
        """Powers that towns would hold and those they would carry, if some were supported and in the pilot, (T,)."""
        ahead = self.ahead(p.t)
        powers = ahead.base * on + ahead.powers * pilot
        able = USUAL * (0.4 + 1.2 * p.places.towns.capability)
        able = able + ahead.building * np.maximum(0.0, powers - able)
        done = np.minimum(powers, able)
        return (done if ahead.selective else powers), done

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Approval and preparation are quicker where the powers are carried, slower where they are not."""
        if now.powers == 0.0 and now.base == 0.0:
            return
        held, done = self.carried(p, p.towns.supported(), self.pilot(p))
        factor = (1.0 - GAIN * done / (done + USUAL)) * (1.0 + LOSS * (held - done) / np.maximum(1.0, held))
        p.offer.delay *= factor
        p.offer.preparation *= factor

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """Counties pay the staff that exercises the powers, and leave towns a part of their tax."""
        if now.tax_share > 0.0:
            left = np.floor(now.tax_share * tax_parts(p)[2] * p.towns.supported()).astype(np.int64)
            p.money.post(TOWN_TAX, p.books.county_account, p.books.chart.of(Kind.TOWN), left, clause="SD-FISC-1")
        if (now.powers == 0.0 and now.base == 0.0) or now.cost == 0.0:
            return
        held = self.carried(p, p.towns.supported(), self.pilot(p))[0]
        amount = np.rint(held * now.cost / 4.0).astype(np.int64)
        p.money.post(TOWN_STAFF, p.books.county_account, p.books.chart.of(Kind.OUTSIDE), amount, clause="SD-POW-1")

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """−Staff cost of the powers that a listed town would hold, each year of the horizon."""
        if (ahead.powers == 0.0 and ahead.base == 0.0) or ahead.cost == 0.0:
            return None
        everyone = np.ones(p.towns.size, dtype=bool)
        held = self.carried(p, everyone, self.pilot(p) if self.now(p.t).towns else everyone)[0]
        return f.listed * (-held * ahead.cost * f.annuity) * np.ones_like(f.p_annual)
