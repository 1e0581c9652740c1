"""What an instrument is: its levers, what it does at named moments of the quarter, and what it is expected to pay.

The county's choice adds up :meth:`Instrument.expect` over the very objects that later pay, so anticipation can never
disagree with the rule. An instrument at its inert values posts nothing and writes nothing: every bit stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.parameters import Resolved
    from sim.state.province import Province

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a county expects of each strategy for each of its towns over the coming year; arrays (strategies, T).

    Attributes:
        listed: Whether the town is taken to be on the creation list (not yet named), shape (T,).
        named: Whether it is already named: past its targets, still inside the rebate, shape (T,).
        invest: True effective investment, 万元.
        p_annual: Chance that the reported figures meet the annual target.
        p_three: Chance that the three-year target is met when its clock runs out.
        p_miss_again: Chance of a miss that removes the town from the list this year.
        land: Quota that projects will use, centi-mu.
        new_tax: Tax above the base year's, 万元 a year.
        gap: Share by which reports will exceed the truth.
        annuity: Present value of one yuan a year over the official's horizon.
        years_left: Years until acceptance, shape (T,).
        shadow_price: Worth of a mu of quota to the county, 万元, shape (T,).
    """

    listed: NDArray[np.bool_]
    named: NDArray[np.bool_]
    invest: Floats
    p_annual: Floats
    p_three: Floats
    p_miss_again: Floats
    land: Floats
    new_tax: Floats
    gap: Floats
    annuity: float
    years_left: Floats
    shadow_price: Floats


class Instrument:
    """Base of all instruments; every moment does nothing unless a subclass says otherwise.

    Args:
        scenario: The resolved scenario whose levers the instrument reads.
    """

    id: ClassVar[str]

    def __init__(self, scenario: Resolved) -> None:
        prefix = self.id + "."
        self._values: dict[str, tuple[Any, ...]] = {
            key[len(prefix) :]: values for key, values in scenario.levers.items() if key.startswith(prefix)
        }
        self._announced, self._effective = scenario.announced_index, scenario.effective_index
        self.read: set[str] = set()
        """Levers that were looked at during the run, for the guard against levers that are never read."""

    def lever(self, name: str, t: int) -> Any:
        """Value of a lever in quarter ``t``."""
        self.read.add(name)
        return self._values[name][t]

    def ahead(self, name: str, t: int) -> Any:
        """Value that a county looks at: today's, or the announced one before the policy takes effect."""
        if self._announced <= t < self._effective < len(self._values[name]):
            t = self._effective
        return self.lever(name, t)

    def offer(self, p: Province) -> None:
        """Step 1: write what the policy adds to the quarter's conditions into ``p.offer``."""

    def village(self, p: Province) -> None:
        """Step 12, after the villages' quarter: what passes between towns and villages."""

    def treasury(self, p: Province) -> None:
        """Step 13: payments of the quarter."""

    def pay(self, p: Province) -> None:
        """Step 14, after the lists have moved: payments that hang on the assessment."""

    def accept(self, p: Province) -> None:
        """Step 15: what happens when the years of creation are over."""

    def inform(self, p: Province) -> None:
        """Step 16: what is published, and to whom."""

    def expect(self, p: Province, f: Forecast) -> Floats | None:
        """Expected payoff to the county over its horizon, 万元, shape (strategies, T); None for nothing."""
        return None
