"""Mixed land use and compensation for land (PY-P10, PY-P11, LQ-ORG-1, GZ-REF-2; M-13, M-14, M-43).

* mixed plots: housing that is tied to work space cannot be sold on its own, so the demand that drives the drift into
  housing falls by ``share``, and talents live nearer to services;
* owners who give way to public works are compensated with floor area or relief of tax, and one office on site talks to
  them: their consent shortens the preparation of projects by at most half::

    consent = 1 − (1 − bonus/(bonus + HALF))·(1 − relief/(relief + HALF))·(1 − COMMAND·command)

  It costs the county ``(BONUS_WORTH·bonus + relief)`` of the price of the land supplied. The sources give no amounts.
"""

from __future__ import annotations

import numpy as np

from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.state.books import Kind
from sim.state.province import Province

LAND_COMPENSATION = reason("money", "land_compensation", "让地补偿", "compensation to land owners", policy=True)

HALF, COMMAND, BONUS_WORTH, SERVICE = 0.3, 0.4, 0.5, 0.2


class Levers(LeverSet):
    """What a government sets."""

    share: float
    bonus: float
    tax_relief: float
    command: bool


class MixedUse(Instrument[Levers]):
    """Mixed plots, plot-ratio bonus, tax relief, on-site command."""

    order = 210

    def consent(self, t: int) -> float:
        """Share of owners won over, 0 to 1."""
        now = self.now(t)
        bonus, relief = now.bonus, now.tax_relief
        command = COMMAND if now.command else 0.0
        return 1.0 - (1.0 - bonus / (bonus + HALF)) * (1.0 - relief / (relief + HALF)) * (1.0 - command)

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Less pull towards housing, better services, shorter preparation, in supported towns."""
        share, consent, on = now.share, self.consent(p.t), p.towns.supported()
        if share > 0.0:
            p.offer.mixed[on] = share
            p.offer.services[on] = np.minimum(1.0, p.offer.services[on] + SERVICE * share)
        if consent > 0.0:
            p.offer.preparation[on] *= 1.0 - 0.5 * consent

    def rate(self, t: int) -> float:
        """What a yuan of land costs the county in compensation."""
        ahead = self.ahead(t)
        return BONUS_WORTH * ahead.bonus + ahead.tax_relief

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """Owners are compensated for the land supplied this quarter."""
        rate = self.rate(p.t)
        if rate == 0.0:
            return
        s = p.towns
        mu = (s.land_used[p.t] + s.land_from_reward[p.t]) / 100.0
        price = p.places.counties.land_price[p.places.towns.county]
        amount = np.rint(mu * price * rate * s.supported()).astype(np.int64)
        p.money.post(
            LAND_COMPENSATION, p.books.county_account, p.books.chart.of(Kind.HOUSEHOLD), amount, clause="PY-P11"
        )

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """−Compensation for the land that projects will use, each year of the horizon."""
        rate = self.rate(p.t)
        if rate == 0.0:
            return None
        price = p.places.counties.land_price[p.places.towns.county]
        return f.listed * (-rate * f.land / 100.0 * price * f.annuity)
