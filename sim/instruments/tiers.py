"""Tiers: layers of towns by people and local revenue, with places, a yearly subsidy and outcome goals (SD-TIER).

A tier selects in the quarter in which its places open (every January under ``rolling``): of the towns that may be
chosen (D-42) those that reach both thresholds, or either, highest revenue first, a higher tier before a lower one. The
subsidy is paid at the year's end for ``years`` calendar years, without condition, on a passed assessment, or while the
town is on course (D-41): on the straight line from threshold to goal,

    needed(n) = threshold + (goal − threshold)·n/goal_years        after n years.

Goals are judged at the end of the ``goal_years``-th calendar year, on the model's people and revenue
(:mod:`sim.state.residents`). Units: persons, 万元.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.numeric import log, normal_cdf
from sim.instruments.base import Floats, Forecast, Instrument
from sim.instruments.grant import ANNUAL_SUBSIDY
from sim.state import government
from sim.state.books import Kind
from sim.state.residents import local_revenue, people

if TYPE_CHECKING:
    from sim.state.province import Province

Flags = NDArray[np.bool_]
TIERS = range(3)
CLAUSES = ("SD-TIER1-S", "SD-TIER2-S", "SD-TIER3-1")
COURSE_SD = 0.1
"""Spread of the log of next year's revenue as counties foresee it, for the chance of staying on course."""


class Tiers(Instrument):
    """Layered, graded cultivation."""

    id: ClassVar[str] = "tiers"

    def of_tier(self, name: str, t: int) -> Floats:
        """A lever of the three tiers, first tier first."""
        return np.array([float(self.ahead(f"{name}_{k + 1}", t)) for k in TIERS])

    def years_since(self, p: Province, start: NDArray[np.int64]) -> NDArray[np.int64]:
        """Calendar years between a quarter of the run and now."""
        return (p.start_index + p.t) // 4 - (p.start_index + start) // 4

    def meets(self, p: Province) -> Flags:
        """Whether towns reach each tier's thresholds, shape (3, T)."""
        crowd = people(p)[None, :] >= self.of_tier("population", p.t)[:, None]
        rich = local_revenue(p)[None, :] >= self.of_tier("revenue", p.t)[:, None]
        return crowd & rich if self.ahead("thresholds", p.t) == "both" else crowd | rich

    def may(self, p: Province) -> Flags:
        """Towns among which a tier chooses."""
        return p.towns.supported() if self.lever("pool", p.t) == "listed" else np.ones(p.towns.size, dtype=bool)

    def opened(self, p: Province, k: int) -> bool:
        """Whether a tier selects in this quarter."""
        name, t = f"places_{k + 1}", p.t
        now, before = int(self.lever(name, t)), int(self.lever(name, t - 1)) if t else 0
        return now > before or (now > 0 and p.quarter.q == 1 and bool(self.lever("rolling", t)))

    # --- selection ---------------------------------------------------------------------------------------------------

    def treasury(self, p: Province) -> None:
        """Step 13: towns that left the list leave their tier; open places are filled."""
        s = p.towns
        if s.tier.any():
            s.tier[:, ~self.may(p)] = 0
        for k in TIERS:
            if self.opened(p, k):
                self._fill(p, k)

    def _fill(self, p: Province, k: int) -> None:
        s = p.towns
        free = int(self.lever(f"places_{k + 1}", p.t)) - int(np.count_nonzero(s.tier[k]))
        ready = self.meets(p)[k] & self.may(p) & (s.tier[k] == 0)
        if self.lever("exclusive", p.t):
            ready &= ~s.tier.any(axis=0)
        else:
            ready &= ~s.tier[k + 1 :].any(axis=0)
        rows = np.flatnonzero(ready)
        chosen = rows[np.lexsort((p.geography.towns.key[rows], -local_revenue(p)[rows]))][: max(0, free)]
        s.tier[k, chosen] = p.t + 1
        s.tier_first[k, chosen] = np.where(s.tier_first[k, chosen] < 0, p.t, s.tier_first[k, chosen])

    # --- payment and goals -------------------------------------------------------------------------------------------

    def pay(self, p: Province) -> None:
        """Step 14: the year's subsidies, towns that lose their tier, and goals that fall due."""
        s = p.towns
        if not s.tier.any() and not (s.tier_first >= 0).any():
            return
        for k in TIERS:
            self._subsidise(p, k)
        self._judge(p)

    def _subsidise(self, p: Province, k: int) -> None:
        s, amount = p.towns, int(self.lever(f"subsidy_{k + 1}", p.t))
        met = self.met(p, k)
        entitled = (s.tier[k] > 0) & met & (self.years_since(p, s.tier[k] - 1) < int(self.lever("years", p.t)))
        paid = np.where(entitled, amount, 0).astype(np.int64)
        p.money.post(ANNUAL_SUBSIDY, self.payer(p), p.chart.of(Kind.TOWN), paid, clause=CLAUSES[k])
        if self.lever("lose", p.t):
            s.tier[k] = np.where(met, s.tier[k], 0)

    def payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays for each town."""
        return government.account(p, self.lever("payer", p.t))

    def met(self, p: Province, k: int) -> Flags:
        """Whether towns fulfil the condition of a tier's subsidy this year (reading D-41)."""
        condition = self.lever("condition", p.t)
        if condition == "assessment":
            return p.assessed & p.towns.passed
        if condition == "course":
            crowd, rich = self.needed(p, k, 1)
            return (people(p) >= crowd) & (local_revenue(p) >= rich)
        return np.ones(p.towns.size, dtype=bool)

    def needed(self, p: Province, k: int, more: int) -> tuple[Floats, Floats]:
        """People and revenue on the line to the goals ``more`` year-ends from the start of this year, shape (T,)."""
        years = float(self.ahead("goal_years", p.t))
        n = np.minimum(years, self.years_since(p, np.maximum(0, p.towns.tier[k] - 1)) + more) / years
        line = []
        for name in ("population", "revenue"):
            least, goal = self.of_tier(name, p.t)[k], self.of_tier(f"goal_{name}", p.t)[k]
            line.append(least + (goal - least) * n if goal > 0.0 else np.zeros(p.towns.size))
        return line[0], line[1]

    def _judge(self, p: Province) -> None:
        s = p.towns
        crowd, rich = people(p), local_revenue(p)
        for k in TIERS:
            due = (s.tier_first[k] >= 0) & (s.tier_goal[k] < 0)
            due &= self.years_since(p, s.tier_first[k]) >= int(self.lever("goal_years", p.t)) - 1
            goals = self.of_tier("goal_population", p.t)[k], self.of_tier("goal_revenue", p.t)[k]
            reached = (crowd >= goals[0]) + 2 * (rich >= goals[1])
            s.tier_goal[k] = np.where(due & (sum(goals) > 0.0), reached, s.tier_goal[k])

    # --- anticipation ------------------------------------------------------------------------------------------------

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Subsidy · years that remain within the horizon · chance of holding the place and meeting the condition."""
        subsidy, places = self.of_tier("subsidy", p.t), self.of_tier("places", p.t)
        if not (subsidy * places).any():
            return None
        total = np.zeros_like(f.invest)
        taken = np.zeros(p.towns.size, dtype=bool)
        for k in TIERS:
            place = self.chance(p, k, places[k]) * ~taken
            if self.ahead("exclusive", p.t):
                taken = taken | (place > 0.0)
            total += subsidy[k] * place * self.kept(p, f, k) * f.annuity
        return total * f.listed if self.ahead("pool", p.t) == "listed" else total

    def chance(self, p: Province, k: int, places: float) -> Floats:
        """Share of the horizon's subsidy that a town may count on: one for a town in the tier while years remain."""
        s, horizon, years = p.towns, p.b["official.horizon"], float(self.ahead("years", p.t))
        inside = s.tier[k] > 0
        left = np.where(inside, years - self.years_since(p, np.maximum(0, s.tier[k] - 1)), years)
        part = np.clip(left / horizon, 0.0, 1.0)
        again = bool(self.ahead("rolling", p.t)) or not (s.tier_first[k] >= 0).any()
        free = max(0.0, places - np.count_nonzero(inside)) if again else 0.0
        ready = self.meets(p)[k] & ~s.tier.any(axis=0)
        outside = ready * min(1.0, free / max(1, int(ready.sum())))
        return part * np.where(inside, 1.0, outside)

    def kept(self, p: Province, f: Forecast, k: int) -> Floats:
        """Chance that the condition is met under each strategy, shape (strategies, T)."""
        condition = self.ahead("condition", p.t)
        if condition == "assessment":
            return f.p_annual
        if condition == "course":
            crowd, rich = self.needed(p, k, 1)
            new = p.c["tax.per_investment"] * p.b["treasury.local_share"] * f.invest
            ahead = log(local_revenue(p) + new + 1.0) - log(np.maximum(1.0, rich))
            return (people(p) >= crowd) * normal_cdf(ahead / COURSE_SD)
        return np.ones_like(f.invest)
