"""Tiers: layers of towns by people and local revenue, with places, a yearly subsidy and outcome goals (SD-TIER).

A tier selects in the quarter in which its places open (every January under ``rolling``): of the towns that may be
chosen (D-42; the third tier may have a pool of its own) those that reach both thresholds, or either, highest revenue
first, a higher tier before a lower one. The subsidy is paid at the year's end for ``years`` calendar years, without
condition, on a passed assessment, or while the town is on course (D-41): on the straight line from threshold to goal,

    needed(n) = threshold + (goal − threshold)·n/goal_years        after n years.

Goals are judged at the end of the ``goal_years``-th calendar year, on the model's people and revenue
(:mod:`sim.state.residents`). Units: persons, 万元.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.numeric import log, normal_cdf
from sim.instruments.base import Bools, Floats, Forecast, Instrument, LeverSet, at, expected
from sim.instruments.grant import ANNUAL_SUBSIDY
from sim.state import government
from sim.state.books import Kind
from sim.state.province import Province
from sim.state.residents import local_revenue, people

TIERS = range(3)
CLAUSES = ("SD-TIER1-S", "SD-TIER2-S", "SD-TIER3-1")
COURSE_SD = 0.1
"""Spread of the log of next year's revenue as counties foresee it, for the chance of staying on course."""


class Levers(LeverSet):
    """What a government sets."""

    places_1: int
    places_2: int
    places_3: int
    population_1: float
    population_2: float
    population_3: float
    revenue_1: float
    revenue_2: float
    revenue_3: float
    thresholds: Literal["both", "either"]
    pool: Literal["listed", "all"]
    exclusive: bool
    rolling: bool
    subsidy_1: float
    subsidy_2: float
    subsidy_3: float
    years: int
    condition: Literal["none", "assessment", "course"]
    lose: bool
    payer: Literal["province", "prefecture", "county"]
    goal_population_1: float
    goal_population_2: float
    goal_population_3: float
    goal_revenue_1: float
    goal_revenue_2: float
    goal_revenue_3: float
    goal_years: int
    pool_3: Literal["listed", "all"]


def places_of(v: Levers) -> tuple[int, int, int]:
    """Places of each tier."""
    return v.places_1, v.places_2, v.places_3


def subsidies_of(v: Levers) -> tuple[float, float, float]:
    """Yearly subsidy of each tier, 万元."""
    return v.subsidy_1, v.subsidy_2, v.subsidy_3


Each = Literal["places", "subsidy", "population", "revenue", "goal_population", "goal_revenue"]
OF_TIER: Mapping[Each, Callable[[Levers], tuple[float, float, float]]] = {
    "places": places_of,
    "subsidy": subsidies_of,
    "population": lambda v: (v.population_1, v.population_2, v.population_3),
    "revenue": lambda v: (v.revenue_1, v.revenue_2, v.revenue_3),
    "goal_population": lambda v: (v.goal_population_1, v.goal_population_2, v.goal_population_3),
    "goal_revenue": lambda v: (v.goal_revenue_1, v.goal_revenue_2, v.goal_revenue_3),
}
"""Levers that every tier has."""


class Tiers(Instrument[Levers]):
    """Layered, graded cultivation."""

    order = 110

    def of_tier(self, name: Each, t: int) -> Floats:
        """A lever of the three tiers, first tier first."""
        return np.array(OF_TIER[name](self.ahead(t)), dtype=np.float64)

    def years_since(self, p: Province, start: NDArray[np.int64]) -> NDArray[np.int64]:
        """Calendar years between a quarter of the run and now."""
        return (p.clock.start_index + p.t) // 4 - (p.clock.start_index + start) // 4

    def meets(self, p: Province) -> Bools:
        """Whether towns reach each tier's thresholds, shape (3, T)."""
        crowd = people(p)[None, :] >= self.of_tier("population", p.t)[:, None]
        rich = local_revenue(p)[None, :] >= self.of_tier("revenue", p.t)[:, None]
        return crowd & rich if self.ahead(p.t).thresholds == "both" else crowd | rich

    def pool(self, k: int, t: int) -> Literal["listed", "all"]:
        """From which towns a tier chooses: the third may choose from another pool than the two above it."""
        ahead = self.ahead(t)
        return "all" if k == 2 and ahead.pool_3 == "all" else ahead.pool

    def may(self, p: Province, k: int) -> Bools:
        """Towns among which a tier chooses."""
        return p.towns.supported() if self.pool(k, p.t) == "listed" else np.ones(p.towns.size, dtype=bool)

    def opened(self, p: Province, k: int) -> bool:
        """Whether a tier selects in this quarter."""
        now = self.now(p.t)
        places, before = places_of(now)[k], places_of(self.now(p.t - 1))[k] if p.t else 0
        return places > before or (places > 0 and p.clock.quarter.q == 1 and now.rolling)

    # --- selection ---------------------------------------------------------------------------------------------------

    @at("treasury")
    def treasury(self, p: Province, now: Levers) -> None:
        """Towns that left the list leave their tier; open places are filled."""
        s = p.towns
        if s.tier.any():
            for k in TIERS:
                s.tier[k, ~self.may(p, k)] = 0
        for k in TIERS:
            if self.opened(p, k):
                self._fill(p, k)

    def _fill(self, p: Province, k: int) -> None:
        s = p.towns
        free = places_of(self.now(p.t))[k] - int(np.count_nonzero(s.tier[k]))
        ready = self.meets(p)[k] & self.may(p, k) & (s.tier[k] == 0)
        if self.now(p.t).exclusive:
            ready &= ~s.tier.any(axis=0)
        else:
            ready &= ~s.tier[k + 1 :].any(axis=0)
        rows = np.flatnonzero(ready)
        chosen = rows[np.lexsort((p.places.towns.key[rows], -local_revenue(p)[rows]))][: max(0, free)]
        s.tier[k, chosen] = p.t + 1
        s.tier_first[k, chosen] = np.where(s.tier_first[k, chosen] < 0, p.t, s.tier_first[k, chosen])

    # --- payment and goals -------------------------------------------------------------------------------------------

    @at("pay")
    def pay(self, p: Province, now: Levers) -> None:
        """The year's subsidies, towns that lose their tier, and goals that fall due."""
        s = p.towns
        if not s.tier.any() and not (s.tier_first >= 0).any():
            return
        for k in TIERS:
            self._subsidise(p, k)
        self._judge(p)

    def _subsidise(self, p: Province, k: int) -> None:
        now = self.now(p.t)
        s, amount = p.towns, int(subsidies_of(now)[k])
        met = self.met(p, k)
        entitled = (s.tier[k] > 0) & met & (self.years_since(p, s.tier[k] - 1) < now.years)
        paid = np.where(entitled, amount, 0).astype(np.int64)
        p.money.post(ANNUAL_SUBSIDY, self.payer(p), p.books.chart.of(Kind.TOWN), paid, clause=CLAUSES[k])
        if now.lose:
            s.tier[k] = np.where(met, s.tier[k], 0)

    def payer(self, p: Province) -> NDArray[np.int64]:
        """Account that pays for each town."""
        return government.account(p, self.now(p.t).payer)

    def met(self, p: Province, k: int) -> Bools:
        """Whether towns fulfil the condition of a tier's subsidy this year (reading D-41)."""
        condition = self.now(p.t).condition
        if condition == "assessment":
            return p.towns.assessed & p.towns.passed
        if condition == "course":
            crowd, rich = self.needed(p, k, 1)
            return (people(p) >= crowd) & (local_revenue(p) >= rich)
        return np.ones(p.towns.size, dtype=bool)

    def needed(self, p: Province, k: int, more: int) -> tuple[Floats, Floats]:
        """People and revenue on the line to the goals ``more`` year-ends from the start of this year, shape (T,)."""
        years = float(self.ahead(p.t).goal_years)
        n = np.minimum(years, self.years_since(p, np.maximum(0, p.towns.tier[k] - 1)) + more) / years
        line = []
        goals: tuple[tuple[Each, Each], ...] = (("population", "goal_population"), ("revenue", "goal_revenue"))
        for start, end in goals:
            least, goal = self.of_tier(start, p.t)[k], self.of_tier(end, p.t)[k]
            line.append(least + (goal - least) * n if goal > 0.0 else np.zeros(p.towns.size))
        return line[0], line[1]

    def _judge(self, p: Province) -> None:
        s = p.towns
        crowd, rich = people(p), local_revenue(p)
        for k in TIERS:
            due = (s.tier_first[k] >= 0) & (s.tier_goal[k] < 0)
            due &= self.years_since(p, s.tier_first[k]) >= self.now(p.t).goal_years - 1
            goals = self.of_tier("goal_population", p.t)[k], self.of_tier("goal_revenue", p.t)[k]
            reached = (crowd >= goals[0]) + 2 * (rich >= goals[1])
            s.tier_goal[k] = np.where(due & (sum(goals) > 0.0), reached, s.tier_goal[k])

    # --- anticipation ------------------------------------------------------------------------------------------------

    @expected
    def stake(self, p: Province, ahead: Levers, f: Forecast) -> Floats | None:
        """Subsidy · years that remain within the horizon · chance of holding the place and meeting the condition."""
        subsidy, places = self.of_tier("subsidy", p.t), self.of_tier("places", p.t)
        if not (subsidy * places).any():
            return None
        total = np.zeros_like(f.invest)
        taken = np.zeros(p.towns.size, dtype=bool)
        for k in TIERS:
            place = self.chance(p, k, places[k]) * ~taken
            if ahead.exclusive:
                taken = taken | (place > 0.0)
            here = f.listed if self.pool(k, p.t) == "listed" else np.ones(p.towns.size, dtype=bool)
            total += subsidy[k] * place * self.kept(p, f, k) * f.annuity * here
        return total

    def chance(self, p: Province, k: int, places: float) -> Floats:
        """Share of the horizon's subsidy that a town may count on: one for a town in the tier while years remain."""
        ahead = self.ahead(p.t)
        s, horizon, years = p.towns, p.behaviour["official.horizon"], float(ahead.years)
        inside = s.tier[k] > 0
        left = np.where(inside, years - self.years_since(p, np.maximum(0, s.tier[k] - 1)), years)
        part = np.clip(left / horizon, 0.0, 1.0)
        again = ahead.rolling or not (s.tier_first[k] >= 0).any()
        free = max(0.0, places - np.count_nonzero(inside)) if again else 0.0
        ready = self.meets(p)[k] & ~s.tier.any(axis=0)
        outside = ready * min(1.0, free / max(1, int(ready.sum())))
        return part * np.where(inside, 1.0, outside)

    def kept(self, p: Province, f: Forecast, k: int) -> Floats:
        """Chance that the condition is met under each strategy, shape (strategies, T)."""
        ahead = self.ahead(p.t)
        condition = ahead.condition
        if condition == "assessment":
            return f.p_annual
        if condition == "course":
            crowd, rich = self.needed(p, k, 1)
            new = p.constants["tax.per_investment"] * p.behaviour["treasury.local_share"] * f.invest
            lead = log(local_revenue(p) + new + 1.0) - log(np.maximum(1.0, rich))
            return (people(p) >= crowd) * normal_cdf(lead / COURSE_SD)
        return np.ones_like(f.invest)
