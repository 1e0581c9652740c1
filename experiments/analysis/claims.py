"""What may be claimed of a study: which differences stand, how many survive not knowing the behaviour."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from experiments.analysis.estimates.contrasts import Estimate, PairedContrast, mean_estimate
from experiments.analysis.study import ScenarioRuns, Study
from experiments.analysis.uncertainty import Uncertain

Standing = Literal["stands", "depends", "open", "untold", "same", "fixed", "undefined"]
"""After Holm's correction; so on average, but its direction hangs on the behaviour; before the correction only; not at
all; equal in every run; off by one amount in every run; no pairs.
"""
QUANTILES = (0.0, 0.05, 0.5, 0.95, 1.0)
"""Of the means over points of a sweep."""


@dataclass(frozen=True)
class Claim:
    """One outcome of one scenario against its baseline."""

    group: ScenarioRuns
    outcome: str
    contrast: PairedContrast
    standing: Standing

    @property
    def value(self) -> float:
        """The mean difference."""
        return self.contrast.difference.value

    @property
    def tier(self) -> Standing:
        """How sure it is: a difference equal in every run is as sure as its p-value says, and no surer."""
        if self.standing == "fixed":
            return "stands" if self.contrast.excludes_zero_holm else "open"
        return self.standing


def claim(study: Study, group: ScenarioRuns, outcome: str) -> Claim:
    """Judge one difference."""
    contrast = study.contrasts[group.id][outcome]
    standing = _standing(contrast)
    doubt = study.doubts.get((group.id, outcome))
    if standing == "stands" and doubt is not None and doubt.verdict == "depends":
        standing = "depends"
    return Claim(group, outcome, contrast, standing)


def _standing(contrast: PairedContrast) -> Standing:
    e = contrast.difference
    if math.isnan(e.value):
        return "undefined"
    if e.method == "constant":
        return "same" if e.value == 0.0 else "fixed"
    if contrast.excludes_zero_holm:
        return "stands"
    return "open" if contrast.excludes_zero else "untold"


class Tally(NamedTuple):
    """Comparisons of Holm's family: all, those that stand (on average at least), those that are suggestive only."""

    all: int
    stand: int
    suggestive: int


def tally(study: Study) -> Tally:
    """Count what stands."""
    claims = [claim(study, g, n) for g, _ in study.pairs() for n in study.family_ids]
    tested = [c for c in claims if not math.isnan(c.contrast.p_holm)]
    stand = sum(c.tier in ("stands", "depends") for c in tested)
    return Tally(len(tested), stand, sum(c.tier == "open" for c in tested))


def pairing(study: Study) -> tuple[float, int] | None:
    """What pairing leaves of the variance, and how many more replicates halve an interval: medians over comparisons."""
    found = [study.contrasts[g.id][n] for g, _ in study.pairs() for n in study.family_ids]
    kept = [1.0 / c.variance_reduction for c in found if 0.0 < c.variance_reduction < float("inf")]
    more = [c.replicates_to_halve for c in found if c.replicates_to_halve]
    return (statistics.median(kept), int(statistics.median(more))) if kept and more else None


class Survival(NamedTuple):
    """How many differences survive, depend on the behaviour, cannot be told or have too few draws; luck's share."""

    all: int
    survives: int
    depends: int
    untold: int
    too_few: int
    luck: float


def survival(found: Iterable[Uncertain]) -> Survival:
    """Count verdicts on differences whose behaviour was drawn."""
    ones = [one for one in found if one.kind == "nested"]
    verdicts = Counter(one.verdict for one in ones)
    shares = [one.noise.value for one in ones if not math.isnan(one.noise.value)]
    luck = statistics.median(shares) if shares else math.nan
    return Survival(len(ones), verdicts["survives"], verdicts["depends"], verdicts["untold"], verdicts["too_few"], luck)


def spread(frame: pd.DataFrame, outcomes: Sequence[str]) -> Mapping[str, tuple[float, ...]]:
    """:data:`QUANTILES` over the points of a sweep of each outcome's mean over replicates."""
    means = frame.groupby("point")[[n for n in outcomes if n in frame]].mean()
    values = {str(name): means[name].dropna().to_numpy() for name in means.columns}
    return {name: tuple(float(q) for q in np.quantile(v, QUANTILES)) for name, v in values.items() if v.size}


def mean_year(group: ScenarioRuns, outcome: str) -> float:
    """Mean of a yearly outcome over runs and years."""
    return float(np.mean(group.yearly(outcome)))


def total_of(group: ScenarioRuns, outcomes: Sequence[str], unit: str) -> Estimate:
    """Several summary outcomes together, mean over replicates."""
    return mean_estimate(np.sum([group.summary(name) for name in outcomes], axis=0), unit=unit)
