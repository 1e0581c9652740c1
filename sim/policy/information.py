"""Information: bulletins, publication, field meetings (ZJ-PROC-4, ZJ-INFO-2, TZ-ASSESS-1, -2, M-27).

Bulletins let prospects learn how towns are doing (reputation moves faster, the shorter the interval); results that
enter officials' own assessment give passing a worth of its own; field meetings make the laggards try harder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.policy.base import Floats, Forecast, Instrument

if TYPE_CHECKING:
    from sim.province import Province


class Information(Instrument):
    """Who learns what, and what it does to officials."""

    id: ClassVar[str] = "information"

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Promotion weight · worth of a pass · P(pass), where results enter the assessment of officials."""
        if not self.ahead("promotion_link", p.t):
            return None
        value = p.b["official.promotion_weight"] * p.b["official.promotion_value"]
        return f.listed * f.p_annual * value * (1.0 + p.towns.resolve) * f.annuity

    def inform(self, p: Province) -> None:
        """Step 16: move reputations towards published grades; stir laggards at field meetings."""
        interval = int(self.lever("bulletin_interval", p.t))
        s = p.towns
        if interval > 0 and (p.quarter.q * 1) % interval == 0:
            grade = np.where(s.grade > 0, (s.grade - 2.0) / 2.0, 0.0)
            speed = 0.15 if interval < 4 else 0.3
            s.reputation += np.where(s.on_a_list(), speed * (grade + 0.5 * (s.status == 3) - s.reputation), 0.0)
        if self.lever("field_meetings", p.t) and p.quarter.q == 4:
            s.resolve = np.where(p.assessed & ~s.passed, 0.3, 0.5 * s.resolve)
