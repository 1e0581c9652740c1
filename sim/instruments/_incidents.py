"""Incidents of the five kinds (NAT-VETO-1, TZ-VETO-1): accident, pollution, ecological damage, mass incident, damage to
remains.

Every site has one in a calendar year with probability ``incident.rate``, whether or not it is on a list, and it had
them before the run as well, so that an application can be looked back upon.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import decision
from sim.state.province import Province

INCIDENT = decision("incident")


def incidents(p: Province, year: int) -> NDArray[np.bool_]:
    """Sites with an incident in a calendar year, shape (T,)."""
    return p.draws.uniforms(INCIDENT, p.places.towns.key, year) < p.behaviour["incident.rate"]


def incidents_since(p: Province, years: int) -> NDArray[np.bool_]:
    """Sites with an incident in any of the calendar years before the running one, shape (T,)."""
    found = np.zeros(p.towns.size, dtype=bool)
    for back in range(1, years + 1):
        found |= incidents(p, p.clock.quarter.year - back)
    return found
