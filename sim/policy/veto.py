"""Veto: fraud that is found out cancels the status (TZ-VETO-1, D-30).

Each year each listed town is audited with probability ``audit_probability``; a reported figure above the true one by
more than ``tolerance`` is fraud. The ban lasts ``ban_years``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.agents.town import EVENTS, Status
from sim.draws import Decision
from sim.policy.base import Floats, Forecast, Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Veto(Instrument):
    """Audit of reported figures."""

    id: ClassVar[str] = "veto"

    def probability(self, t: int) -> float:
        """Chance that a town is audited in a year."""
        return float(self.ahead("audit_probability", t)) if self.ahead("active", t) else 0.0

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """−P(audited and the gap shows) · the worth of staying on the list, and disgrace."""
        chance = self.probability(p.t)
        if chance == 0.0:
            return None
        caught = chance * (f.gap > float(self.ahead("tolerance", p.t)))
        disgrace = p.b["official.promotion_weight"] * p.b["official.promotion_value"]
        return f.listed * (-caught * (p.standing_value + disgrace))

    def strike(self, p: Province) -> None:
        """Step 14, after the assessment: audit and cancel."""
        chance = self.probability(p.t)
        if chance == 0.0:
            return
        s, t = p.towns, p.t
        true = p.true_effective().astype(np.float64)
        gap = s.reported[t] / np.maximum(1.0, true) - 1.0
        audited = p.draws.uniforms(Decision.VETO_AUDIT, p.geography.towns.key, t) < chance
        struck = s.on_a_list() & audited & (gap > float(self.lever("tolerance", t)))
        p.policy.lists.remove(p, struck, Status.VETOED, int(4 * float(self.lever("ban_years", t))))
        s.passed &= ~struck
        p.paid_gate &= ~struck
        s.event[t] |= np.where(struck, EVENTS["vetoed"], 0)
