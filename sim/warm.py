"""Compile the steps in another order than a run does, so that two processes share the work of a first start.

``python -m sim.warm`` builds a province and calls the steps of one quarter from the last to the first; a run beside it
calls them from the first to the last. Numba keeps each compiled function in a file of its own and looks there before it
compiles, so the two meet in the middle. What the province comes to is thrown away.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np

from sim.engine import numeric
from sim.model import Simulation
from sim.parameters import load_library
from sim.schedule import STEPS
from sim.world.networks import nearest_pairs

REGIME = "zhejiang_2015"


def main() -> None:
    """Compile the steps from the last to the first."""
    one = np.zeros(1)
    for function in (numeric.log, numeric.logistics, numeric.normal_quantiles, numeric.exp):
        function(one + 0.5)
    nearest_pairs(np.arange(2.0), np.arange(2.0), 1)
    p = Simulation(load_library().resolve(REGIME, quarters=4))
    p.start_of_quarter(p.clock.quarters - 1)
    for step in reversed(STEPS):
        with suppress(Exception):  # a step may miss what an earlier one leaves behind
            step.run(p)


if __name__ == "__main__":
    main()
