"""What predictions need to be written down while a province runs, beyond what the published figures need."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from calibration.observed import Seen
from sim.parameters import Quarter
from sim.state.province import Province

Floats = NDArray[np.float64]

BUILT_BEFORE = 0.3
"""Part of a site's buildable land that was built up before the programme; as in the outcome ``tax_per_mu``."""


@dataclass
class Watched(Seen):
    """What was written down while the province ran.

    Attributes:
        land: Land in use in every town at the end of a year, mu, by year: built, under construction, idle, and what was
            built up before.
    """

    land: dict[int, Floats] = field(default_factory=dict)

    def observe(self, p: Province) -> None:
        """Call after each quarter."""
        super().observe(p)
        now = Quarter(*p.clock.quarter)
        if now.q == 4:
            s = p.towns
            self.land[now.year] = (s.built + s.supplied + s.idle + BUILT_BEFORE * p.places.towns.buildable) / 100.0
