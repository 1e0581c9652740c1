"""Land that investment takes: fixed investment per mu of construction land, by industry class.

Factories, health, tourism with heritage, and offices differ (decision 0005). A project needs ``budget / intensity``; a
county expects of a town the mean need of its own industry's part and of the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.state.province import Province

Floats = NDArray[np.float64]
FACTORY, HEALTH = "land.intensity", "land.intensity_health"
TOURISM, OFFICE = "land.intensity_tourism", "land.intensity_office"
CLASSES = (OFFICE, FACTORY, HEALTH, TOURISM, FACTORY, OFFICE, FACTORY, TOURISM)
"""The uncertainty that holds for each industry: information, environment, health, tourism, fashion, finance, equipment,
classics.
"""
CORE = 0.62
"""Part of a town's investment that counties take to be in its own industry."""


def intensity(behaviour: Mapping[str, float]) -> Floats:
    """Investment per mu of construction land, 万元 by industry."""
    return np.array([behaviour[name] for name in CLASSES])


def mu_per_yuan(p: Province) -> Floats:
    """Land that counties expect a 万元 of project investment to take, mu by town."""
    need = 1.0 / intensity(p.behaviour)
    mix = np.diff(p.places.project_mix, prepend=0.0)
    expected: Floats = CORE * need[p.places.towns.industry] + (1.0 - CORE) * float((mix * need).sum())
    return expected
