"""A model of one line in the place of the real one, for tests of the fit: figures whose posterior is known.

Every quantity is its published value times exp(slope × feature of one uncertainty + luck); shares of a count are
binomial around the published share, moved by one uncertainty on the logit.
"""

from __future__ import annotations

import numpy as np

from calibration.fit.space import Space
from calibration.targets import load_targets
from experiments.plan.luck import uniforms
from sim.parameters import load_library

SLOPE, LUCK = 0.3, 0.02
LIBRARY, TARGETS = load_library(), load_targets()
KEYS = list(LIBRARY.uncertainties)
CENTRE = {key: (prior.central, prior.low, prior.high) for key, prior in LIBRARY.uncertainties.items()}


def mover(j: int) -> str:
    """The uncertainty that moves figure j: one of those with a prior near normal."""
    near = [key for key, prior in LIBRARY.uncertainties.items() if prior.distribution == "normal"]
    return near[j % 12]


_SPACE = Space.of(LIBRARY)
_X = {}


def feature(key: str, value: float) -> float:
    """Standardised value of an uncertainty, as the stand-in has it."""
    if key not in _X:
        from experiments.plan.priors import quantile

        _X[key] = quantile(LIBRARY.uncertainties[key], _SPACE.nodes)
    return float(np.interp(value, _X[key], _SPACE.table[KEYS.index(key)]))


def watch(spec):
    """Figures of one spec."""
    behaviour, k = spec.scenario.behaviour, spec.replicate
    luck = np.asarray(uniforms("toy", (24, 12), k)).sum(axis=1) - 6.0
    out = {}
    for j, (name, target) in enumerate(TARGETS.items()):
        key = mover(j)
        x = feature(key, behaviour[key])
        if target.count:
            n = int(target.count.split("/")[1])
            p = 1.0 / (1.0 + np.exp(-(np.log(target.value / (1 - target.value)) + SLOPE * x)))
            draw = uniforms(f"toy/{name}", n, k)
            out[name] = float((draw < p).mean())
        else:
            out[name] = float(target.value * np.exp(SLOPE * x + LUCK * luck[j]))
    return out


def broken(spec):
    """The second replicate does not end."""
    if spec.replicate:
        raise ValueError("no such toy")
    return watch(spec)
