"""The clock of a run: quarters counted from its start, and the calendar behind them."""

from __future__ import annotations

from sim.parameters import Quarter


class Clock:
    """Where a run is in time.

    Args:
        start: First quarter of the run.
        quarters: Length of the run.

    Attributes:
        start_index: Number of the first quarter, from :attr:`sim.parameters.Quarter.index`.
        t: Quarters since the start; -1 before the first.
        quarter: Calendar quarter.
        year_start: First quarter of the running calendar year that is in the run.
        year_index: Calendar years since the start.
    """

    def __init__(self, start: Quarter, quarters: int) -> None:
        self.start_index, self.quarters = start.index, quarters
        self.set(0)
        self.t = -1

    @property
    def years(self) -> int:
        """Calendar years that the run touches."""
        return (self.start_index % 4 + self.quarters + 3) // 4

    def set(self, t: int) -> None:
        """Go to quarter ``t`` of the run."""
        year, q = divmod(self.start_index + t, 4)
        self.t, self.quarter = t, Quarter(year, q + 1)
        self.year_start = max(0, t - q)
        self.year_index = (self.start_index % 4 + t) // 4
