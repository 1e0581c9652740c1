"""Veto: fraud that is found out cancels the status (TZ-VETO-1, D-30), and so may an incident (NAT-VETO-1, D-53).

Each year each listed town is audited with probability ``audit_probability``; a reported figure above the true one by
more than ``tolerance`` is fraud. An incident of the year (:mod:`sim.instruments._incidents`) is known without an
audit. The
ban lasts ``ban_years``.
"""

from __future__ import annotations

import numpy as np

from sim.engine.draws import decision
from sim.instruments._incidents import incidents
from sim.instruments.base import Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.list import Lists
from sim.instruments.target import Target
from sim.state.province import Province
from sim.state.town import EVENTS, Status

VETO_AUDIT = decision("veto.audit")


class Levers(LeverSet):
    """What a government sets."""

    active: bool
    audit_probability: float
    tolerance: float
    ban_years: float
    incidents: bool


class Veto(Instrument[Levers]):
    """Audit of reported figures."""

    order = 270
    needs = (Lists, Target)

    def probability(self, t: int) -> float:
        """Chance that a town is audited in a year."""
        ahead = self.ahead(t)
        return ahead.audit_probability if ahead.active else 0.0

    def accidents(self, t: int) -> bool:
        """Whether incidents cancel the status."""
        ahead = self.ahead(t)
        return ahead.active and ahead.incidents

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """−P(audited and the gap, or the core share, shows) · the worth of staying on the list, and disgrace."""
        chance, accidents = self.probability(p.t), self.accidents(p.t)
        if chance == 0.0 and not accidents:
            return None
        caught = chance * ((f.gap > ahead.tolerance) | self.ask(Target).core_feigned(p, ahead.tolerance))
        if accidents:
            caught = caught + (1.0 - caught) * p.behaviour["incident.rate"]
        disgrace = p.behaviour["official.promotion_weight"] * p.behaviour["official.promotion_value"]
        return f.listed * (-caught * (p.towns.standing_value + disgrace))

    @at("veto")
    def strike(self, p: Province, now: Levers) -> None:
        """Audit and cancel."""
        chance, accidents = self.probability(p.t), self.accidents(p.t)
        if chance == 0.0 and not accidents:
            return
        s, t = p.towns, p.t
        true = p.true_effective().astype(np.float64)
        gap = s.reported[t] / np.maximum(1.0, true) - 1.0
        audited = p.draws.uniforms(VETO_AUDIT, p.places.towns.key, t) < chance
        struck = s.on_a_list() & audited & ((gap > now.tolerance) | self.ask(Target).core_feigned(p, now.tolerance))
        if accidents:
            hit = s.on_a_list() & incidents(p, p.clock.quarter.year)
            struck |= hit
            s.event[t] |= np.where(hit, EVENTS["incident"], 0)
        self.ask(Lists).remove(p, struck, Status.VETOED, int(4 * now.ban_years))
        s.passed &= ~struck
        p.towns.paid_gate &= ~struck
        s.event[t] |= np.where(struck, EVENTS["vetoed"], 0)
