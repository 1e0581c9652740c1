"""Clawback: rewarded quota deducted doubly when the three-year target is missed (ZJ-CLAW-1).

    deduction = multiple · base · P(imposed)

``base`` (reading D-06) is all quota rewarded, that of the failed years, the part not yet used, or the whole times the
share of the target that is missing; the industry supplement is inside it or not. It is charged to the county's quota
account (or the town's, D-07), which may go below zero and then swallows later quota, or is capped at what is there.
Whether it is imposed at all is uncertain: no record of any quota taken back was found (``enforcement.clawback``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.agents import government
from sim.agents.town import EVENTS
from sim.draws import Decision
from sim.ledger import Kind, Reason
from sim.numeric import exp, log_
from sim.policy.base import Floats, Forecast, Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Clawback(Instrument):
    """Doubled deduction at the end of the three years."""

    id: ClassVar[str] = "clawback"

    def base(self, p: Province, missing: Floats) -> Floats:
        """Quota the multiple applies to, centi-mu by town."""
        s = p.towns
        whole = s.rewarded.astype(np.float64)
        if not self.ahead("include_supplement", p.t):
            whole = whole - s.supplement
        kind = self.ahead("base", p.t)
        if kind == "shortfall_share":
            return whole * np.clip(missing, 0.0, 1.0)
        if kind == "unused":
            return np.minimum(whole, np.maximum(0, p.land.balance[p.chart.of(Kind.TOWN)]))
        if kind == "failed_years":
            return np.where(s.passed, 0.0, np.minimum(whole, p.reward_by_year[max(0, p.year_index - 1)]))
        return whole

    def due(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose clock (reading D-08) runs out this quarter, or this time next year where a cure is allowed
        (D-09).
        """
        start = p.towns.listed_at.copy()
        if self.lever("clock", p.t) == "listing_year":
            start -= (p.start_index + start) % 4
        wait = int(self.lever("after", p.t)) + (4 if self.lever("cure", p.t) == "one_year" else 0)
        return (p.towns.listed_at >= 0) & (p.t == start + wait)

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """−P(target missed) · multiple · expected base · shadow price · enforcement, discounted to its date.

        The base is what has been rewarded plus what this year's strategy would add to it.
        """
        multiple = float(self.ahead("multiple", p.t))
        if multiple == 0.0:
            return None
        share, extra = p.policy.land_reward.rates(p)
        coming = (share + extra) * f.land * p.policy.land_reward.chance(p, f) * np.minimum(f.years_left, 3.0)
        if not self.ahead("include_supplement", p.t):
            coming = coming * share / np.maximum(1e-12, share + extra)
        stake = self.base(p, np.full(p.towns.size, 0.3)) + np.maximum(0.0, coming) * (
            0.3 if self.ahead("base", p.t) == "shortfall_share" else 1.0
        )
        open_ = f.listed & (f.years_left > 0.0)
        discount = exp(-log_(1.0 + p.b["official.discount"]) * np.minimum(3.0, f.years_left))
        cost = (1.0 - f.p_three) * multiple * stake / 100.0 * f.shadow_price * discount
        return open_ * (-p.b["enforcement.clawback"] * cost)

    def accept(self, p: Province) -> None:
        """Step 15: judge the towns whose three years are over and book the deduction."""
        multiple = float(self.lever("multiple", p.t))
        if multiple == 0.0:
            return
        due = self.due(p)
        if not due.any():
            return
        reached = p.cumulative_reported() / np.maximum(1.0, p.policy.target.three_year(p))
        lost = np.isin(p.towns.status, (4, 5, 6))
        failed = due & ((reached < 1.0) | lost)
        imposed = p.draws.uniforms(Decision.CLAWBACK_ENFORCE, p.geography.towns.key, p.t) < p.b["enforcement.clawback"]
        amount = np.where(failed & imposed, np.floor(multiple * self.base(p, 1.0 - reached)), 0.0).astype(np.int64)
        self._book(p, amount)

    def _book(self, p: Province, amount: NDArray[np.int64]) -> None:
        county = self.lever("charged", p.t) == "county"
        payer = p.county_account if county else p.chart.of(Kind.TOWN)
        if not self.lever("carry_forward", p.t):
            amount = np.minimum(amount, self._afford(p, county))
        p.land.post(Reason.CLAWBACK, payer, government.authority(p), amount, clause="ZJ-CLAW-1")
        p.towns.clawed += amount
        p.towns.event[p.t] |= np.where(amount > 0, EVENTS["clawed"], 0)

    def _afford(self, p: Province, county: bool) -> NDArray[np.int64]:
        """What each account can pay without going below zero; a county's towns share its balance equally."""
        balance = np.maximum(0, p.land.balance[p.chart.of(Kind.COUNTY) if county else p.chart.of(Kind.TOWN)])
        if not county:
            return balance
        towns = p.geography.towns.county
        return balance[towns] // np.maximum(1, np.bincount(towns, minlength=balance.size))[towns]
