"""Talent policy of the towns on a list (PX-TAL-1, PY-P12..14, PY-FUND-2, PY-TAL-2; M-15, M-16, M-17).

What draws talents: a subsidy on arrival, relief of housing cost, rented flats, services and service cards, a shorter
wait for residence (in every town), talents who bring talents. What keeps them: services, owned flats, school places
(senior and leading talents), training. What follows them: an outside pool of those who left. What they make: start-ups,
with a fund for each team and a yearly programme of supported projects. Strengths that no source gives are the
constants below.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.agents.talent import TALENT_HOUSING
from sim.engine.column import value
from sim.engine.ledger import reason
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.call import Call
from sim.state import government
from sim.state.books import Kind
from sim.state.people import FOUNDER, GRADUATE
from sim.state.province import Province

TALENT_TRAINING = reason("money", "talent_training", "人才培养", "talent training", policy=True)

SETTLING = 1.0 / 3.0
"""Services that settling at once would add: residence is one of three, beside schools and clinics (assumption)."""
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


class Levers(LeverSet):
    """What a government sets."""

    subsidy: float
    housing: float
    startup_fund: float
    services: float
    payer: Literal["county", "province"]
    training: float
    tracking: float
    referral: float
    flats: float
    flats_owned: float
    flats_shared: float
    schooling: float
    cards: float
    projects: int
    project_money: float
    project_success: float
    settlement: float
    flats_stock: float


class Talent(Instrument[Levers]):
    """Money, housing, services and stages for talents."""

    order = 200
    needs = (Call,)
    housed = value(False)
    """Whether the flats that stood before the regime have been taken up."""

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Write what listed towns offer."""
        on, o = p.towns.supported(), p.offer
        o.subsidy[:] = np.where(on, now.subsidy, 0.0)
        o.housing_relief[:] = np.where(on, now.housing, 0.0)
        o.startup_fund[:] = np.where(on, now.startup_fund, 0.0)
        o.services[:] = np.where(on, now.services, 0.0)
        o.settling[:] = SETTLING * now.settlement
        o.talent_payer = government.account(p, now.payer)
        o.referral[:] = np.where(on, now.referral, 0.0)
        o.tracking[:] = np.where(on, now.tracking, 0.0)
        self._cards(p, on)
        self._flats(p)
        self._stages(p, on)
        self._programme(p)

    def _cards(self, p: Province, on: NDArray[np.bool_]) -> None:
        """Card holders are served at one window; the cards go round among the talents of listed towns."""
        cards = self.now(p.t).cards
        if cards > 0.0:
            cover = min(1.0, cards / max(1.0, float(p.towns.talents[on].sum())))
            p.offer.services[on] = np.minimum(1.0, p.offer.services[on] + CARD_SERVICE * cover)

    def _flats(self, p: Province) -> None:
        """Rented flats lower the cost of coming, owned ones the wish to leave, shared ones half of each."""
        now = self.now(p.t)
        if not p.towns.flats.any():
            return
        owned, shared = now.flats_owned, now.flats_shared
        keeps = min(1.0, owned + 0.5 * shared)
        cover = np.minimum(1.0, p.towns.flats / (HOME * np.maximum(1, p.towns.talents)))
        p.offer.flats[:] = cover * (1.0 - keeps)
        p.offer.hold *= (1.0 - FLAT_HOLD * cover * keeps)[:, None, None]

    def _stages(self, p: Province, on: NDArray[np.bool_]) -> None:
        """Training speeds the stages and makes them count; schooling keeps the two upper tiers."""
        now = self.now(p.t)
        training, school = now.training, now.schooling
        if training > 0.0:
            p.offer.cultivate[on] = 1.0 + training / TRAINING_HALF
            depth = training / (training + TRAINING_HALF)
            p.offer.hold[on] *= 1.0 - STAGE_HOLD * depth * np.arange(3)
        if school > 0.0:
            p.offer.hold[on] *= np.where(np.arange(4) >= 2, 1.0 - SCHOOL_HOLD * school, 1.0)[:, None]

    def _programme(self, p: Province) -> None:
        """Projects of this quarter: the year's number in four even parts."""
        now = self.now(p.t)
        year, q = now.projects, p.clock.quarter.q
        p.offer.projects = year * q // 4 - year * (q - 1) // 4
        if year > 0:
            p.offer.project_money = now.project_money
            p.offer.project_success = now.project_success

    def _flat_cost(self, p: Province, t: int) -> float:
        ahead = self.ahead(p.t)
        owned, shared = ahead.flats_owned, ahead.flats_shared
        return float(p.constants["talent.flat_cost"]) * max(0.0, 1.0 - SOLD_BACK * owned - SHARED_BACK * shared)

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """Hand over the flats that stood before, build the quarter's, and pay for training."""
        on, s = p.towns.supported(), p.towns
        area, training = now.flats, now.training
        outside = p.books.chart.of(Kind.OUTSIDE)
        if now.flats_stock > 0.0 and on.any() and not self.housed:
            s.flats += self._shared_out(p, now.flats_stock, on)
            self.housed = True
        if area > 0.0 and on.any():
            new = self._shared_out(p, area / 4.0, on)
            s.flats += new
            cost = np.rint(new * self._flat_cost(p, p.t)).astype(np.int64)
            p.money.post(TALENT_HOUSING, p.offer.talent_payer, outside, cost, clause="PY-TAL-2")
        if training > 0.0:
            cost = np.rint(training / 4.0 * s.talents * on).astype(np.int64)
            p.money.post(TALENT_TRAINING, p.offer.talent_payer, outside, cost, clause="PY-P14")

    def _shared_out(self, p: Province, area: float, on: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Floor space of each town: flats stand where the talents are."""
        weight = (1.0 + p.towns.talents) * on
        whole: NDArray[np.int64] = np.floor(area * weight / float(weight.sum())).astype(np.int64)
        return whole

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """−What the county will pay for its talents a year, at last year's arrivals, over the horizon.

        Nothing where a government above it pays. What talents bring comes later than an official's term.
        """
        yearly = self._yearly(p)
        if government.kind_of(p, ahead.payer) != Kind.COUNTY or not yearly.any():
            return None
        return f.listed * (-yearly * f.annuity) * np.ones_like(f.p_annual)

    def _yearly(self, p: Province) -> Floats:
        """Yearly cost of the policy for each town if it is on a list, 万元."""
        ahead = self.ahead(p.t)
        t, s = p.t, p.towns
        came = p.diary.talents_in[max(0, t - 4) : max(1, t)].sum(axis=0)
        rent = p.places.counties.house_price[p.places.towns.county] * HOME * 0.02 / 1e4
        cost: Floats = ahead.subsidy * came + ahead.training * s.talents
        cost = cost + ahead.housing * rent * s.talents
        if ahead.startup_fund > 0.0:
            c = p.talents.live
            able = np.bincount(c("town")[(c("tier") >= GRADUATE) & (c("state") != FOUNDER)], minlength=s.size)
            cost = cost + ahead.startup_fund * 4.0 * p.behaviour["talent.startup_rate"] * able
        even = 1.0 / max(1, int(s.on_a_list().sum()) + self.ask(Call).ahead(t).creation_places)
        money = ahead.projects * ahead.project_money
        return cost + even * (money + ahead.flats * self._flat_cost(p, t))
