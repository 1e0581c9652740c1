"""What a regime above sets, as records by quarter: its rounds and places, whom it can list, what it pays.

Only these of its levers reach a town below: the windows of its call (both lists together), the industries and kinds of
town that it takes, the grant at listing, the yearly subsidy, the award on being named, the land reward and the land
guarantee. Everything else that it sets (rebates, clawbacks, its own assessment and exits, talent, finance) stays above.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.numeric import normal_cdf
from sim.instruments.base import Bools, Floats, Ints
from sim.instruments.call import Call
from sim.instruments.grant import Grant
from sim.instruments.land_guarantee import LandGuarantee
from sim.instruments.land_reward import LandReward
from sim.state.books import Kind
from sim.state.province import Province
from sim.world.build import load_world

if TYPE_CHECKING:
    from sim.parameters import Resolved

TIERS = {"nation": Kind.NATION, "province": Kind.PROVINCE, "city": Kind.PREFECTURE, "district": Kind.PREFECTURE}
"""Account of a government by the level of its regime."""


class AboveRules:
    """The rules of a regime above on the calendar of a run.

    Args:
        scenario: The scenario of the regime below.
        name: The regime above.

    Attributes:
        clauses: Lever -> the clause that sets it.
        account: Whose land it gives.
    """

    def __init__(self, scenario: Resolved, name: str) -> None:
        one = scenario.above[name]
        given = replace(scenario, levers=one.levers)
        self.call, self.grant = Call(given), Grant(given)
        self.reward, self.guarantee = LandReward(given), LandGuarantee(given)
        self.clauses, self.account = one.clauses, TIERS[one.level]
        self._sites = sum(load_world(one.home).town.sites) if one.home else 0
        self._quarters = scenario.quarters

    def clause(self, lever: str) -> str:
        """Clause by which a lever is set."""
        return self.clauses.get(lever, "")

    # --- its list ----------------------------------------------------------------------------------------------------

    def places(self, t: int) -> int:
        """Places of a quarter's round, on both lists."""
        return self.call.places("creation_places", t) + self.call.places("cultivation_places", t)

    def rounds(self, first: int, last: int) -> list[int]:
        """Quarters with a round, both ends included."""
        return [t for t in range(max(0, first), min(last, self._quarters - 1) + 1) if self.places(t) > 0]

    def field(self, p: Province) -> int:
        """Sites among which its places are given: those of the place that it governs, or those that are run."""
        return max(self._sites, p.towns.size)

    def room(self, p: Province, t: int) -> int:
        """Places of a round that can fall to the places that are run: their part by sites, rounded up."""
        return int(np.ceil(self.places(t) * p.towns.size / self.field(p)))

    def takes(self, p: Province) -> Bools:
        """Sites of an industry and kind that it lists."""
        now, towns = self.call.now(p.t), p.places.towns
        fit: Bools = now.eligible[towns.industry] > 0.0
        return fit if now.town_types == "any" else fit & (towns.administrative == (now.town_types == "small_town"))

    def margin(self, p: Province, t: int) -> Floats:
        """How far the merit of each site lies above the last place of a round, without its grade.

        Its rivals elsewhere are taken to be like the sites that are run.
        """
        merit = self.call.merit(p)
        part = min(1.0, self.places(t) / self.field(p))
        return merit - float(np.quantile(merit, 1.0 - part))

    def chance(self, p: Province, t: int, worth: Floats) -> Floats:
        """Chance of a recommended site in a round, Φ((merit + worth of its grade − last place)/review noise)."""
        return normal_cdf((self.margin(p, t) + worth) / p.behaviour["review.noise"])

    # --- what it gives -----------------------------------------------------------------------------------------------

    def land(self, p: Province, used: Floats) -> Ints:
        """Land reward on quota used, centi-mu."""
        now = self.reward.now(p.t)
        share, extra = self.reward.rates(p, now)
        amount: Ints = np.floor(np.minimum((share + extra) * used, 100.0 * now.cap)).astype(np.int64)
        return amount

    def pays_land(self, t: int) -> bool:
        """Whether it rewards land."""
        now = self.reward.now(t)
        return now.share > 0.0 or bool(now.supplement.any())
