"""The economy around the province: industry cycles and credit."""

from __future__ import annotations

import numpy as np

from sim.engine.column import State, column, value


class Economy(State):
    """Cycles of the industries and the tightness of credit; step 1 moves them."""

    log_cycle = column("industry", np.float64)
    cycle = column("industry", np.float64, fill=1.0)
    """Demand of each industry relative to its usual level."""
    cycle_mean = value(1.0)
    credit = value(1.0)
    """Supply of credit relative to its usual level."""
