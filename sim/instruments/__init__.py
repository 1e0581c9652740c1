"""The instruments of a regime, in the order in which the quarter calls them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.instruments.acceptance import Acceptance
from sim.instruments.assessment import Assessment
from sim.instruments.base import Forecast, Instrument
from sim.instruments.call import Call
from sim.instruments.clawback import Clawback
from sim.instruments.conditions import Approval, LandGuarantee, RegisteredCapital, usual_terms
from sim.instruments.debt import Debt
from sim.instruments.delegation import Delegation
from sim.instruments.finance import FinanceMatching
from sim.instruments.grant import Grant
from sim.instruments.housing import Housing
from sim.instruments.information import Information
from sim.instruments.interest import Interest
from sim.instruments.land_reward import LandReward
from sim.instruments.land_supply import LandSupply
from sim.instruments.linkage import Linkage
from sim.instruments.list import Lists
from sim.instruments.mixed_use import MixedUse
from sim.instruments.processing import Processing
from sim.instruments.rebate import Rebate
from sim.instruments.settlement import Settlement
from sim.instruments.shares import Shares
from sim.instruments.talent import Talent
from sim.instruments.target import Target
from sim.instruments.tiers import Tiers
from sim.instruments.veto import Veto
from sim.instruments.visitors import Visitors

if TYPE_CHECKING:
    from sim.parameters import Resolved
    from sim.state.province import Province

K = TypeVar("K", bound=Instrument)

INSTRUMENTS: tuple[type[Instrument], ...] = (
    Target,
    Call,
    Assessment,
    Lists,
    Acceptance,
    LandReward,
    Clawback,
    Rebate,
    Debt,
    Grant,
    Tiers,
    LandSupply,
    Settlement,
    Interest,
    Approval,
    Delegation,
    RegisteredCapital,
    LandGuarantee,
    FinanceMatching,
    Talent,
    MixedUse,
    Linkage,
    Shares,
    Processing,
    Visitors,
    Housing,
    Veto,
    Information,
)

__all__ = ["INSTRUMENTS", "Forecast", "Instrument", "Policy"]


@cache
def acts(kind: type[Instrument], moment: str) -> bool:
    """Whether a kind of instrument has anything of its own to do at a moment."""
    return getattr(kind, moment) is not getattr(Instrument, moment)


class Policy:
    """All instruments of one scenario.

    Args:
        scenario: The resolved scenario.
    """

    def __init__(self, scenario: Resolved) -> None:
        self.instruments: tuple[Instrument, ...] = tuple(kind(scenario) for kind in INSTRUMENTS)
        self.target, self.call, self.assessment = self._the(Target), self._the(Call), self._the(Assessment)
        self.lists, self.acceptance, self.land_reward = self._the(Lists), self._the(Acceptance), self._the(LandReward)
        self.clawback, self.rebate, self.grant = self._the(Clawback), self._the(Rebate), self._the(Grant)
        self.interest, self.information, self.veto = self._the(Interest), self._the(Information), self._the(Veto)
        self.announced, self.effective = scenario.announced_index, scenario.effective_index

    def _the(self, kind: type[K]) -> K:
        """The instrument of a kind, for those that others look at by name."""
        return next(one for one in self.instruments if isinstance(one, kind))

    def moment(self, name: str, p: Province) -> None:
        """Let every instrument that does something at a named moment of the quarter act."""
        if name == "offer":
            usual_terms(p.offer)
        for instrument in self.instruments:
            if acts(type(instrument), name):
                getattr(instrument, name)(p)

    def expected(self, p: Province, f: Forecast) -> NDArray[np.float64]:
        """What all instruments are expected to pay under each strategy, 万元, shape (strategies, T)."""
        total = np.zeros_like(f.invest)
        for instrument in self.instruments:
            part = instrument.expect(p, f)
            if part is not None:
                total += part
        return total

    def shortfall(self, p: Province) -> NDArray[np.float64]:
        """How far each listed town's reported investment lags behind the year's requirement, 0 to 1."""
        if not self.target.active(p.t):
            return np.zeros(p.towns.size)
        required = p.required
        done = p.true_effective() * (1.0 + p.towns.inflation)
        lag = np.clip((required * p.quarter.q / 4.0 - done) / np.maximum(1.0, required), 0.0, 1.0)
        return np.where(p.towns.on_a_list() & (required > 0.0), lag, 0.0)

    def levers_read(self) -> set[str]:
        """Keys of all levers that were looked at so far."""
        return {f"{i.id}.{name}" for i in self.instruments for name in i.read}
