"""Investment target: what a creation town must invest, by industry class, and what counts (ZJ-INV-1..3, TZ-INV-1..4).

* three-year target = ``three_year`` of the town's class, or its own declared plan where the regime states no sum;
* requirement of the first assessed year = max(``first_year`` (× ``poor_county_factor``), ``first_year_share`` × base);
  where no floor is stated, the town's own yearly plan × quarters since listing / 4, against what is invested in those
  quarters (PX-GRANT-2: progress on its schedule); a year is the first while no assessment followed the listing;
* of later years (reading D-04) = the town's own yearly plan, a third of the three-year sum, or the easier of the two;
* effective investment counts housing only under ``effective_rule = any`` (D-18, TZ-RE-1), and may leave out commercial
  complexes too;
* the core share is checked on cumulative, yearly or first-year investment, of all that counts or of projects (D-20);
* sums hold as written, or grow with prices (D-62).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.numeric import exp_, log_
from sim.instruments.base import Floats, Instrument, Ints, LeverSet
from sim.state.province import Province
from sim.state.town import Status


class Levers(LeverSet):
    """What a government sets."""

    active: bool
    three_year: Floats
    first_year: Floats
    first_year_share: float
    first_year_base: Literal["threshold", "own_plan", "higher"]
    poor_county_factor: float
    annual_rule: Literal["third", "own_plan", "either"]
    core_share_min: float
    core_share_base: Literal["cumulative", "yearly", "first_year"]
    core_share_of: Literal["projects", "completed"]
    effective_rule: Literal["any", "no_housing", "no_commercial", "core_only"]
    tolerance: float
    years: int
    price_basis: Literal["nominal", "real"]
    cultivation_part: float
    space_cap: Literal["soft", "hard"]


class Target(Instrument[Levers]):
    """The investment target."""

    order = 10

    def active(self, t: int) -> bool:
        """Whether the regime sets targets at all."""
        return self.ahead(t).active

    def rule(self, t: int) -> str:
        """Which investment counts."""
        return self.ahead(t).effective_rule if self.active(t) else "no_housing"

    def three_year(self, p: Province) -> Floats:
        """Three-year target by town, 万元; the declared plan where the regime states no sum."""
        by_class = self.prices(p, self.ahead(p.t).three_year)[p.places.towns.industry]
        return np.where(by_class > 0.0, by_class, p.towns.plan)

    def prices(self, p: Province, sums: Floats) -> Floats:
        """Sums of the document at today's prices, where they are read as real (D-62); as written else."""
        if self.ahead(p.t).price_basis == "nominal":
            return sums
        years = max(0.0, (p.t - p.policy.effective) / 4.0)
        return sums * float(exp_(years * log_(1.0 + p.constants["price.growth"])))

    def floor(self, p: Province) -> Floats:
        """Least investment of the first year, 万元 by town."""
        ahead = self.ahead(p.t)
        towns = p.places.towns
        stated = self.prices(p, ahead.first_year)[towns.industry]
        poor = p.places.counties.poor[towns.county]
        stated = np.where(poor, stated * ahead.poor_county_factor, stated)
        threshold = self.prices(p, ahead.three_year)[towns.industry]
        plan = p.towns.plan.astype(np.float64)
        base = {"threshold": threshold, "own_plan": plan, "higher": np.maximum(threshold, plan)}[ahead.first_year_base]
        return np.maximum(stated, ahead.first_year_share * base)

    def first(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose first assessment on their list is still to come; sites are seen as if they were listed now."""
        s = p.towns
        site = (s.listed_at < 0) & (s.status != Status.CULTIVATION)
        first: NDArray[np.bool_] = site | (p.assessed_before() <= 0)
        return first

    def entry(self, p: Province) -> NDArray[np.int64]:
        """Quarter from which a town is held to its plan: its listing, or its cultivation before; now for a site."""
        s = p.towns
        return np.where(s.listed_at >= 0, s.listed_at, np.where(s.cultivated_at >= 0, s.cultivated_at, p.t))

    def by_plan(self, p: Province) -> NDArray[np.bool_]:
        """Towns in their first year for which no floor is stated: their own plan is what they are held to."""
        if not self.active(p.t):
            return np.zeros(p.towns.size, dtype=bool)
        return self.first(p) & (self.floor(p) <= 0.0)

    def part_of_year(self, p: Province) -> Floats:
        """Part of the calendar year that the requirement is about: the quarters since listing in a first year that goes
        by the plan, all of it elsewhere.
        """
        last = p.t + 4 - p.clock.quarter.q
        return np.where(self.by_plan(p), np.clip(last + 1 - self.entry(p), 1, 4) / 4.0, 1.0)

    def counted(self, p: Province) -> Floats:
        """Share of the year's effective investment so far that was made in that part of the year, by town."""
        by_plan = self.by_plan(p)
        if not by_plan.any():
            return np.ones(p.towns.size)
        quarters = np.arange(p.clock.year_start, p.t + 1)
        made = np.stack([p.towns.effective(slice(q, q + 1), self.rule(p.t)) for q in quarters])
        since = made * (quarters[:, None] >= self.entry(p))
        return np.where(by_plan, since.sum(axis=0) / np.maximum(1, made.sum(axis=0)), 1.0)

    def annual(self, p: Province) -> Floats:
        """Requirement of the running calendar year, 万元 by town; zero where there is none."""
        ahead = self.ahead(p.t)
        if not self.active(p.t):
            return np.zeros(p.towns.size)
        floor, third = self.floor(p), self.three_year(p) / max(1, ahead.years)
        own = np.maximum(floor, p.towns.declared)
        later = {"third": third, "own_plan": own, "either": np.minimum(third, own)}[ahead.annual_rule]
        opening = np.where(floor > 0.0, floor, p.towns.declared * self.part_of_year(p))
        required = np.maximum(np.where(self.first(p), opening, later), 1.0)
        return required * (1.0 - ahead.tolerance)

    def staying(self, p: Province) -> Floats:
        """What a town must reach not to miss, 万元: towns that were only ever cultivated are held to a part of the
        creation requirement, demoted ones to the whole (TZ-LIST-2).
        """
        part, s = self.ahead(p.t).cultivation_part, p.towns
        return self.annual(p) * np.where((s.status == Status.CULTIVATION) & (s.listed_at < 0), part, 1.0)

    def core_share(self, p: Province) -> Floats:
        """Share of a town's investment in its own industry, by reading D-20: of projects, or of all that counts, public
        works included.
        """
        core, _, whole = self._parts(p)
        share: Floats = core / np.maximum(1, whole)
        return share

    def claimed_share(self, p: Province) -> Floats:
        """Core share as towns present it: part of what others invest passes for the town's own industry
        (``report.core_stretch``).
        """
        core, other, whole = self._parts(p)
        share: Floats = (core + p.behaviour["report.core_stretch"] * other) / np.maximum(1, whole)
        return share

    def core_feigned(self, p: Province, tolerance: float) -> NDArray[np.bool_]:
        """Towns whose core share is enough only as they present it, above the truth by more than a tolerance."""
        least, true, claimed = self.ahead(p.t).core_share_min, self.core_share(p), self.claimed_share(p)
        return (least > 0.0) & (true < least) & (claimed >= least) & (claimed > (1.0 + tolerance) * true)

    def _parts(self, p: Province) -> tuple[Ints, Ints, Ints]:
        """Investment in the town's own industry, in others, and what the share is of, over the quarters of D-20."""
        s, ahead = p.towns, self.ahead(p.t)
        whole = s.core + s.other
        if ahead.core_share_of == "completed":
            whole = s.effective_by_quarter(self.rule(p.t))
        if ahead.core_share_base == "yearly":
            year = slice(p.clock.year_start, p.t + 1)
            return s.core[year].sum(axis=0), s.other[year].sum(axis=0), whole[year].sum(axis=0)
        first = 4 if ahead.core_share_base == "first_year" else None
        return p.since_listing(s.core, first), p.since_listing(s.other, first), p.since_listing(whole, first)

    def hard_cap(self, p: Province) -> NDArray[np.bool_]:
        """Towns whose built area may not pass the square kilometre (reading D-61); elsewhere the planned area is the
        limit.
        """
        return p.towns.on_a_list() & (self.now(p.t).space_cap == "hard")

    def declined(self, p: Province) -> Floats:
        """Share of projects outside its industry that a town on a list turns away to reach the core share, by town.

        Five times the shortfall against the required share plus a margin of three points, at most 0.9.
        """
        least = self.now(p.t).core_share_min
        if least == 0.0:
            return np.zeros(p.towns.size)
        short = least + 0.03 - self.claimed_share(p)
        return np.where(p.towns.on_a_list(), np.clip(5.0 * short, 0.0, 0.9), 0.0)

    def core_met(self, p: Province) -> NDArray[np.bool_]:
        """Whether the core share is high enough."""
        least = self.ahead(p.t).core_share_min
        return self.claimed_share(p) >= least if least > 0.0 else np.ones(p.towns.size, dtype=bool)
