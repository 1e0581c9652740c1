"""Investment target: what a creation town must invest, by industry class, and what counts (ZJ-INV-1..3, TZ-INV-1..4).

* three-year target = ``three_year`` of the town's class, or its own declared plan where the regime states no sum;
* requirement of the first assessed year = max(``first_year`` (× ``poor_county_factor``), ``first_year_share`` × base);
* of later years (reading D-04) = the town's own yearly plan, a third of the three-year sum, or the easier of the two;
* effective investment counts housing only under ``effective_rule = any`` (D-18, TZ-RE-1), and may leave out commercial
  complexes too;
* the core share is checked on cumulative, yearly or first-year investment (D-20);
* sums hold as written, or grow with prices (D-62).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.numeric import exp_, log_
from sim.instruments.base import Instrument
from sim.state.town import Status

if TYPE_CHECKING:
    from sim.state.province import Province

Floats = NDArray[np.float64]


class Target(Instrument):
    """The investment target."""

    id: ClassVar[str] = "target"

    def active(self, t: int) -> bool:
        """Whether the regime sets targets at all."""
        return bool(self.ahead("active", t))

    def rule(self, t: int) -> str:
        """Which investment counts."""
        return str(self.ahead("effective_rule", t)) if self.active(t) else "no_housing"

    def three_year(self, p: Province) -> Floats:
        """Three-year target by town, 万元; the declared plan where the regime states no sum."""
        by_class = self.prices(p, np.asarray(self.ahead("three_year", p.t), dtype=np.float64))[
            p.geography.towns.industry
        ]
        return np.where(by_class > 0.0, by_class, p.towns.plan)

    def prices(self, p: Province, sums: Floats) -> Floats:
        """Sums of the document at today's prices, where they are read as real (D-62); as written else."""
        if self.ahead("price_basis", p.t) == "nominal":
            return sums
        years = max(0.0, (p.t - p.policy.effective) / 4.0)
        return sums * float(exp_(years * log_(1.0 + p.c["price.growth"])))

    def floor(self, p: Province) -> Floats:
        """Least investment of the first year, 万元 by town."""
        towns = p.geography.towns
        stated = self.prices(p, np.asarray(self.ahead("first_year", p.t), dtype=np.float64))[towns.industry]
        poor = p.geography.counties.poor[towns.county]
        stated = np.where(poor, stated * self.ahead("poor_county_factor", p.t), stated)
        threshold = self.prices(p, np.asarray(self.ahead("three_year", p.t), dtype=np.float64))[towns.industry]
        plan = p.towns.plan.astype(np.float64)
        base = {"threshold": threshold, "own_plan": plan, "higher": np.maximum(threshold, plan)}[
            self.ahead("first_year_base", p.t)
        ]
        return np.maximum(stated, self.ahead("first_year_share", p.t) * base)

    def annual(self, p: Province) -> Floats:
        """Requirement of the running calendar year, 万元 by town; zero where there is none."""
        if not self.active(p.t):
            return np.zeros(p.towns.size)
        first = (p.towns.listed_at < 0) | (p.towns.listed_at >= p.year_start - 1)
        third = self.three_year(p) / max(1.0, float(self.ahead("years", p.t)))
        own = np.maximum(self.floor(p), p.declared)
        later = {"third": third, "own_plan": own, "either": np.minimum(third, own)}[self.ahead("annual_rule", p.t)]
        required = np.where(first, np.maximum(self.floor(p), 1.0), np.maximum(later, 1.0))
        return required * (1.0 - float(self.ahead("tolerance", p.t)))

    def staying(self, p: Province) -> Floats:
        """What a town must reach not to miss, 万元: cultivation towns are held to a part of the creation
        requirement.
        """
        part = float(self.ahead("cultivation_part", p.t))
        return self.annual(p) * np.where(p.towns.status == Status.CULTIVATION, part, 1.0)

    def core_share(self, p: Province) -> Floats:
        """Share of project investment (housing and public works apart) in the town's own industry, by reading D-20."""
        s = p.towns
        base = self.ahead("core_share_base", p.t)
        if base == "cumulative":
            core, rest = p.since_listing(s.core), p.since_listing(s.other)
        elif base == "first_year":
            core, rest = p.since_listing(s.core, 4), p.since_listing(s.other, 4)
        else:
            year = slice(p.year_start, p.t + 1)
            core, rest = s.core[year].sum(axis=0), s.other[year].sum(axis=0)
        return core / np.maximum(1, core + rest)

    def claimed_share(self, p: Province) -> Floats:
        """Core share as towns present it: part of the rest passes for the town's own industry
        (``report.core_stretch``).
        """
        share = self.core_share(p)
        return share + p.b["report.core_stretch"] * (1.0 - share)

    def hard_cap(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose built area may not pass the square kilometre (reading D-61); elsewhere the planned area is the
        limit.
        """
        return p.towns.on_a_list() & (self.lever("space_cap", p.t) == "hard")

    def declined(self, p: Province) -> Floats:
        """Share of projects outside its industry that a town on a list turns away to reach the core share, by town.

        Five times the shortfall against the required share plus a margin of three points, at most 0.9.
        """
        least = float(self.lever("core_share_min", p.t))
        if least == 0.0:
            return np.zeros(p.towns.size)
        short = least + 0.03 - self.claimed_share(p)
        return np.where(p.towns.on_a_list(), np.clip(5.0 * short, 0.0, 0.9), 0.0)

    def core_met(self, p: Province) -> NDArray[np.bool_]:
        """Whether the core share is high enough."""
        least = float(self.ahead("core_share_min", p.t))
        return self.claimed_share(p) >= least if least > 0.0 else np.ones(p.towns.size, dtype=bool)
