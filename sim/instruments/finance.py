"""Finance for projects and start-ups (B-PY-8..11, PX-FIN-1, -2, PY-P04, PY-FIN-1, PY-OPER-1; M-07, M-18).

* matching: ``events · contacts`` a year over the W projects of listed towns that wait for money, x for each, and each
  contact solved with probability ``success``, so that no more are solved than contacts allow: read as contacts, a
  project may meet several institutions, read as firms (D-54), each project is met at most once::

      chance = success·x where x ≤ 1,  else 1 − (1 − success)^min(MOST, x)  or  success      x = contacts/W

* a guarantee covers part of the banks' refusals, and the province makes good ``guarantee_loss`` of what is lent under
  it;
* partner firms bring capital to projects; a developer as a partner brings housing along;
* public-private works: partners advance part of the county's public works and are paid back in level instalments::

    fee = advance · r/(1 − (1 + r)^−n) a year for n years

* venture money is shared among the start-ups of a quarter.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.agents.financier import PROJECT_PART
from sim.engine.column import column
from sim.engine.ledger import reason
from sim.engine.numeric import exp_, log_
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.information import EVENT_COST
from sim.state import government
from sim.state.books import Kind
from sim.state.people import LANDED
from sim.state.province import Province

GUARANTEE_CALL = reason("money", "guarantee_call", "担保代偿", "guarantee calls", policy=True)
PPP_ADVANCE = reason("money", "ppp_advance", "社会资本垫付", "advance of private partners")
PPP_FEE = reason("money", "ppp_fee", "政府购买服务付费", "service payments to partners")

DEVELOPER_PULL = 0.5
"""Rise of the pull towards housing where a property developer is the partner of every project."""
MOST = 5.0
"""Contacts of one project in a quarter beyond which further ones find nobody new (assumption)."""
LEAST_RATE = 1e-9
"""Below it an instalment is one without interest: the annuity formula would divide nothing by nothing."""


class Levers(LeverSet):
    """What a government sets."""

    events: float
    contacts: float
    success: float
    guarantee: float
    count: Literal["contacts", "firms"]
    guarantee_loss: float
    ppp: float
    ppp_years: float
    ppp_return: float
    venture: float
    partner: float
    partner_developer: bool


class FinanceMatching(Instrument[Levers]):
    """Matching events, guarantees, partners, public-private works, venture money."""

    order = 190

    advanced = column(("quarter", "town"), np.int64)
    """Public works that private partners advanced."""

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """The guaranteed part of loans, partners, venture money."""
        on = p.towns.supported()
        guarantee = now.guarantee
        if guarantee > 0.0:
            p.offer.guarantee[on] = guarantee
        self._partners(p)
        venture = now.venture
        if venture > 0.0:
            p.offer.venture[on] = venture / 4.0 / max(1, int(on.sum()))

    def _partners(self, p: Province) -> None:
        now = self.now(p.t)
        partner, on = now.partner, p.towns.supported()
        if partner > 0.0:
            p.offer.contact_success[on] = 1.0 - (1.0 - p.offer.contact_success[on]) * (1.0 - partner)
            if now.partner_developer:
                p.offer.housing_pull[on] = 1.0 + DEVELOPER_PULL * partner

    @at("land")
    def hold_events(self, p: Province, now: Levers) -> None:
        """The quarter's events, when it is known which projects wait for money."""
        if now.events > 0.0:
            success, on = p.offer.contact_success, p.towns.supported()
            success[on] = 1.0 - (1.0 - success[on]) * (1.0 - self.solved(p))

    def waiting(self, p: Province) -> int:
        """Projects of supported towns that have land and wait for money."""
        return int((p.towns.supported()[p.projects.live("town")] & (p.projects.live("stage") == LANDED)).sum())

    def solved(self, p: Province) -> float:
        """Chance that a waiting project finds capital at the quarter's events."""
        now = self.now(p.t)
        success, contacts = now.success, now.events * now.contacts / 4.0
        if contacts == 0.0:
            return 0.0
        each = contacts / max(1, self.waiting(p))
        if each <= 1.0 or now.count == "firms":
            return success * min(1.0, each)
        return 1.0 - exp_(min(MOST, each) * log_(1.0 - success))

    # --- payments ----------------------------------------------------------------------------------------------------

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """Events, calls on guarantees, advances and instalments of public-private works."""
        cost = round(now.events / 4.0 * p.constants["finance.event_cost"])
        if cost > 0:
            p.money.post(
                EVENT_COST, government.authority(p), p.books.chart.of(Kind.OUTSIDE), np.array([cost]), clause="PY-FIN-2"
            )
        loss = now.guarantee_loss
        if loss > 0.0:
            called = np.floor(loss * p.offer.guarantee * p.towns.lent[p.t]).astype(np.int64)
            payer = np.broadcast_to(government.authority(p), (p.towns.size,))
            p.money.post(GUARANTEE_CALL, payer, p.books.town_bank, called, clause="PX-FIN-2")
        self._works(p)

    def _fee(self, t: int) -> float:
        """Yearly instalment on a yuan advanced."""
        ahead = self.ahead(t)
        rate, years = ahead.ppp_return, ahead.ppp_years
        return rate / (1.0 - exp_(-years * log_(1.0 + rate))) if rate > LEAST_RATE else 1.0 / years

    def _works(self, p: Province) -> None:
        now = self.now(p.t)
        s, t = p.towns, p.t
        share = now.ppp
        if share > 0.0:
            self.advanced[t] = np.floor(share * s.works[t] * s.supported()).astype(np.int64)
            p.money.post(PPP_ADVANCE, p.books.town_fund, p.books.county_account, self.advanced[t], clause="PX-FIN-1")
        since = max(0, t - int(4.0 * now.ppp_years))
        owed = self.advanced[since:t].sum(axis=0)
        if owed.any():
            due = np.rint(self._fee(t) / 4.0 * owed).astype(np.int64)
            p.money.post(PPP_FEE, p.books.county_account, p.books.town_fund, due, clause="PX-FIN-1")

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Works advanced less the instalments that fall within the official's horizon, on expected works."""
        share = ahead.ppp
        if share == 0.0:
            return None
        works = PROJECT_PART * p.behaviour["finance.government_share"] * f.industrial
        kept = 1.0 - min(1.0, 0.5 * self._fee(p.t) * p.behaviour["official.horizon"])
        return f.listed * share * works * kept * f.annuity
