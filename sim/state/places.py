"""Where everything is: the geography of the province, and what follows from it for the length of a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.engine.numeric import exp
from sim.world.facts import WorldFacts
from sim.world.types import INDUSTRIES, Floats, Geography

ELSEWHERE = 0.25
"""Part of prospects who come from outside the province; of talents, ``TALENTS_ELSEWHERE``."""
TALENTS_ELSEWHERE = 0.3


class Places:
    """Prefectures, counties, town sites and villages, read-only; distances, wages and the mixes of prospects.

    Args:
        geography: Of the world.
        facts: Of the world.
        behaviour: Behavioural parameters of the run.
        constants: Constants of the run.

    Attributes:
        name: Of the world.
        prefectures: Their columns.
        counties: Their columns.
        towns: Columns of the town sites.
        villages: Their columns.
        home_distance: Km from each prefecture's centre, and from outside, to each town, shape (P + 1, T).
        activity: Projects, firms and talents that look for a place, relative to Zhejiang in 2015.
        decay: Nearness of each village to its town, 0 to 1, shape (V,).
        productivity: Output a worker by county, relative to the median, shape (C,).
        wage: Yearly wage in each town, 万元, shape (T,).
        industry_mix: Cumulative shares of industries among small firms: partly the sites' own, partly even.
        project_mix: The same among investors.
        home_mix: Cumulative shares of home regions among firms and investors, shape (P + 1,).
        talent_home_mix: The same among talents.
    """

    def __init__(
        self,
        geography: Geography,
        facts: WorldFacts,
        behaviour: Mapping[str, float],
        constants: Mapping[str, float],
    ) -> None:
        g = geography
        self.geography, self.facts, self.name = geography, facts, g.name
        self.prefectures, self.counties, self.towns, self.villages = g.prefectures, g.counties, g.towns, g.villages
        self.home_distance = g.home_distance
        self.activity = facts.town.activity
        self.decay = exp(-g.villages.distance / max(0.1, behaviour["spillover.distance_km"]))
        per_head = g.counties.revenue / np.maximum(1, g.counties.population)
        self.productivity = np.sqrt(np.sqrt(per_head / float(np.median(per_head)))).clip(0.8, 1.3)
        self.wage: Floats = constants["wage.base"] * self.productivity[g.towns.county]
        self._mixes()

    def _mixes(self) -> None:
        n = len(INDUSTRIES)
        share = np.bincount(self.towns.industry, minlength=n) / self.towns.industry.size
        weights = self.counties.population
        people = np.bincount(self.counties.prefecture, weights=weights, minlength=self.prefectures.key.size)
        inside = people / people.sum()
        self.industry_mix = _mix(0.6 * share + 0.4 / n)
        self.project_mix = _mix(0.85 * share + 0.15 / n)
        self.home_mix = _mix(np.append((1.0 - ELSEWHERE) * inside, ELSEWHERE))
        self.talent_home_mix = _mix(np.append((1.0 - TALENTS_ELSEWHERE) * inside, TALENTS_ELSEWHERE))

    def sizes(self) -> dict[str, int]:
        """How many there are of each."""
        return {
            "prefecture": self.prefectures.key.size,
            "county": self.counties.key.size,
            "town": self.towns.key.size,
            "village": self.villages.key.size,
            "industry": len(INDUSTRIES),
        }


def _mix(shares: Floats) -> Floats:
    """Cumulative shares that end at exactly one."""
    mix = np.cumsum(shares)
    mix[-1] = 1.0
    return mix
