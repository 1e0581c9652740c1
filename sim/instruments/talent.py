"""Talent policy of the towns on a list (PX-TAL-1, PY-P12..14, PY-FUND-2, PY-TAL-2; M-15, M-16, M-17).

What draws talents: a subsidy on arrival, relief of housing cost, rented flats, services and service cards, talents who
bring talents. What keeps them: services, owned flats, school places (senior and leading talents), training. What
follows them: an outside pool of those who left. What they make: start-ups, with a fund for each team and a yearly
programme of supported projects. Strengths that no source gives are the constants below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents.talent import TALENT_HOUSING
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument
from sim.state import government
from sim.state.books import Kind

if TYPE_CHECKING:
    from sim.state.province import Province

TALENT_TRAINING = reason("money", "talent_training", "人才培养", "talent training", policy=True)

CARD_SERVICE = 0.5
"""Services that a card adds for its holder."""
TRAINING_HALF = 1.0
"""Yearly training money, 万元 a talent, that doubles the pace of cultivation."""
STAGE_HOLD, SCHOOL_HOLD, FLAT_HOLD = 0.2, 0.4, 0.5
"""Fall of the leaving hazard by a stage of cultivation, by a school place, by a flat of one's own."""
HOME = 60.0
"""Floor space of a talent's home, m2."""
SOLD_BACK, SHARED_BACK = 0.7, 0.35
"""Part of the building cost that sold and shared flats bring back."""


class Talent(Instrument):
    """Money, housing, services and stages for talents."""

    id: ClassVar[str] = "talent"

    def offer(self, p: Province) -> None:
        """Step 1: write what listed towns offer."""
        on, o = p.towns.supported(), p.offer
        o.subsidy[:] = np.where(on, float(self.lever("subsidy", p.t)), 0.0)
        o.housing_relief[:] = np.where(on, float(self.lever("housing", p.t)), 0.0)
        o.startup_fund[:] = np.where(on, float(self.lever("startup_fund", p.t)), 0.0)
        o.services[:] = np.where(on, float(self.lever("services", p.t)), 0.0)
        o.talent_payer = government.account(p, self.lever("payer", p.t))
        o.referral[:] = np.where(on, float(self.lever("referral", p.t)), 0.0)
        o.tracking[:] = np.where(on, float(self.lever("tracking", p.t)), 0.0)
        self._cards(p, on)
        self._flats(p)
        self._stages(p, on)
        self._programme(p)

    def _cards(self, p: Province, on: NDArray[np.bool_]) -> None:
        """Card holders are served at one window; the cards go round among the talents of listed towns."""
        cards = float(self.lever("cards", p.t))
        if cards > 0.0:
            cover = min(1.0, cards / max(1.0, float(p.towns.talents[on].sum())))
            p.offer.services[on] = np.minimum(1.0, p.offer.services[on] + CARD_SERVICE * cover)

    def _flats(self, p: Province) -> None:
        """Rented flats lower the cost of coming, owned ones the wish to leave, shared ones half of each."""
        if not p.towns.flats.any():
            return
        owned, shared = float(self.lever("flats_owned", p.t)), float(self.lever("flats_shared", p.t))
        keeps = min(1.0, owned + 0.5 * shared)
        cover = np.minimum(1.0, p.towns.flats / (HOME * np.maximum(1, p.towns.talents)))
        p.offer.flats[:] = cover * (1.0 - keeps)
        p.offer.hold *= (1.0 - FLAT_HOLD * cover * keeps)[:, None, None]

    def _stages(self, p: Province, on: NDArray[np.bool_]) -> None:
        """Training speeds the stages and makes them count; schooling keeps the two upper tiers."""
        training, school = float(self.lever("training", p.t)), float(self.lever("schooling", p.t))
        if training > 0.0:
            p.offer.cultivate[on] = 1.0 + training / TRAINING_HALF
            depth = training / (training + TRAINING_HALF)
            p.offer.hold[on] *= 1.0 - STAGE_HOLD * depth * np.arange(3)
        if school > 0.0:
            p.offer.hold[on] *= np.where(np.arange(4) >= 2, 1.0 - SCHOOL_HOLD * school, 1.0)[:, None]

    def _programme(self, p: Province) -> None:
        """Projects of this quarter: the year's number in four even parts."""
        year, q = int(self.lever("projects", p.t)), p.quarter.q
        p.offer.projects = year * q // 4 - year * (q - 1) // 4
        if year > 0:
            p.offer.project_money = float(self.lever("project_money", p.t))
            p.offer.project_success = float(self.lever("project_success", p.t))

    def _flat_cost(self, p: Province, t: int) -> float:
        owned, shared = float(self.ahead("flats_owned", t)), float(self.ahead("flats_shared", t))
        return float(p.c["talent.flat_cost"]) * max(0.0, 1.0 - SOLD_BACK * owned - SHARED_BACK * shared)

    def treasury(self, p: Province) -> None:
        """Step 13: build the quarter's flats where the talents are, and pay for training."""
        on, s = p.towns.supported(), p.towns
        area, training = float(self.lever("flats", p.t)), float(self.lever("training", p.t))
        outside = p.chart.of(Kind.OUTSIDE)
        if area > 0.0 and on.any():
            weight = (1.0 + s.talents) * on
            new = np.floor(area / 4.0 * weight / float(weight.sum())).astype(np.int64)
            s.flats += new
            cost = np.rint(new * self._flat_cost(p, p.t)).astype(np.int64)
            p.money.post(TALENT_HOUSING, p.offer.talent_payer, outside, cost, clause="PY-TAL-2")
        if training > 0.0:
            cost = np.rint(training / 4.0 * s.talents * on).astype(np.int64)
            p.money.post(TALENT_TRAINING, p.offer.talent_payer, outside, cost, clause="PY-P14")

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """−What the county will pay for its talents a year, at last year's arrivals, over the horizon.

        Nothing where a government above it pays. What talents bring comes later than an official's term.
        """
        yearly = self._yearly(p)
        if government.kind_of(p, self.ahead("payer", p.t)) != Kind.COUNTY or not yearly.any():
            return None
        return f.listed * (-yearly * f.annuity) * np.ones_like(f.p_annual)

    def _yearly(self, p: Province) -> Floats:
        """Yearly cost of the policy for each town if it is on a list, 万元."""
        t, s = p.t, p.towns
        came = p.talents_in[max(0, t - 4) : max(1, t)].sum(axis=0)
        rent = p.geography.counties.house_price[p.geography.towns.county] * HOME * 0.02 / 1e4
        cost = float(self.ahead("subsidy", t)) * came + float(self.ahead("training", t)) * s.talents
        cost = cost + float(self.ahead("housing", t)) * rent * s.talents
        even = 1.0 / max(1, int(s.on_a_list().sum()) + int(p.policy.call.ahead("creation_places", t)))
        money = float(self.ahead("projects", t)) * float(self.ahead("project_money", t))
        return cost + even * (money + float(self.ahead("flats", t)) * self._flat_cost(p, t))
