"""What an instrument is: its levers, what it does at named moments of the quarter, and what it is expected to pay.

The county's choice adds up :meth:`Instrument.expect` over the very objects that later pay, so anticipation can never
disagree with the rule. An instrument at its inert values posts nothing and writes nothing: every bit stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sim.state.forecast import Forecast

if TYPE_CHECKING:
    from sim.parameters import Resolved
    from sim.state.province import Province

Floats = NDArray[np.float64]


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
