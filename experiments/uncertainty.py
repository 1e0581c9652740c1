"""How much of a comparison's uncertainty is the luck of replicates, and how much is not knowing the behaviour.

Runs are nested: replicates 2j and 2j + 1 have draw j of the behaviour (:func:`nested`), so the spread between the two is
luck and what the draws' means spread beyond that is behaviour. With y the paired difference of a replicate, m draws::

    y_jk = mean + b_j + e_jk,   var(e) = MSW,   var(b) = max(0, (MSB - MSW) / n0)

where n0 is the usual effective number of runs a draw (two, when every draw has two). The estimate is the mean of the
draws' means and its interval takes the draws as the sample (t, m - 1 degrees): behaviour is what is not known. A draw is
known by the behaviour of its spec, so any study will do; nothing needs to be written down beside it.

``kept`` is the share of behaviours under which the expected difference has the sign of the mean::

    T_{m-1}(|mean| / sqrt(var(b) + se^2))
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from experiments.luck import resamples

if TYPE_CHECKING:
    from experiments.study import ScenarioRuns, Study
    from sim.run import RunSpec

Floats = NDArray[np.float64]
T = TypeVar("T")

PER_DRAW = 2
"""Replicates that share a draw."""
LEVEL = 0.95
KEPT = 0.95
"""Share of behaviours under which the direction must hold for a finding to survive."""
ROUNDS = 1000
"""Bootstrap samples of draws."""


def nested(draws: Sequence[T], replicates: int) -> list[T]:
    """The draw of every replicate: draw k // 2 for replicate k, from the first again after the last."""
    return [draws[(k // PER_DRAW) % len(draws)] for k in range(replicates)]


def draw_of(spec: RunSpec) -> str:
    """What tells the draw of a run: a hash of its whole behaviour."""
    pairs = (f"{key}={float(value).hex()}" for key, value in sorted(spec.scenario.behaviour.items()))
    return hashlib.sha256("\n".join(pairs).encode()).hexdigest()


@dataclass(frozen=True)
class Split:
    """A mean under unknown behaviour, and what its uncertainty is made of.

    Attributes:
        mean, low, high: Mean over draws and its 95 % interval; NaN where it cannot be had.
        noise: Variance between runs of one behaviour; NaN where no draw was run twice.
        behaviour: Variance of the expected value between behaviours, not below zero; NaN where there is one draw only or
            no draw was run twice.
        share: noise / (noise + behaviour): the part of one run's variance that is luck.
        share_low, share_high: 95 % bootstrap interval over draws.
        kept: Share of behaviours under which the expected value has the sign of the mean.
        p: Two-sided, of the mean being zero.
        draws, runs: How many.
    """

    mean: float
    low: float
    high: float
    noise: float
    behaviour: float
    share: float
    share_low: float
    share_high: float
    kept: float
    p: float
    draws: int
    runs: int

    @property
    def kind(self) -> str:
        """One of "nested", "fixed" (one behaviour), "single" (one run a behaviour) or "few" (nothing to split)."""
        if self.draws == 1 and self.runs > 1:
            return "fixed"
        if self.draws == self.runs and self.runs > 1:
            return "single"
        return "few" if math.isnan(self.share) else "nested"

    @property
    def clear(self) -> bool:
        """Whether the interval of the mean excludes zero."""
        return self.low > 0.0 or self.high < 0.0

    @property
    def verdict(self) -> str:
        """One of "survives", "depends" or "untold"; by Holm's p where it was corrected."""
        if not self.p < 1.0 - LEVEL:
            return "untold"
        return "survives" if not self.kept < KEPT else "depends"


def split(values: ArrayLike, draws: Sequence[Any], use: str = "uncertainty") -> Split:
    """Split the variance of runs between luck and behaviour.

    Args:
        values: One number a run; runs without one are left out.
        draws: What tells the draw of each run.
        use: Name of the bootstrap; each has its own resamples.
    """
    y, where = _known(values, draws)
    count = np.bincount(where)
    if y.size == 0:
        return _bare(math.nan, 0, 0)
    means = np.bincount(where, weights=y) / count
    inside = np.bincount(where, weights=(y - means[where]) ** 2)
    m, n = count.size, int(y.size)
    if m == 1:
        return _fixed(y)
    noise, between = (float(part[0]) for part in _components(count[None], means[None], inside[None]))
    mean, se = float(means.mean()), float(means.std(ddof=1)) / math.sqrt(m)
    half = se * float(special.stdtrit(m - 1, 0.5 + LEVEL / 2.0))
    drawn = resamples(use, m, ROUNDS)
    ends = _share_ends(count[drawn], means[drawn], inside[drawn])
    spread = math.sqrt((0.0 if math.isnan(between) else between) + se**2)
    return Split(
        mean, mean - half, mean + half, noise, between, _share(noise, between), *ends,
        _tail(mean, spread, m - 1), _p(mean, se, m - 1), m, n,
    )  # fmt: skip


def _known(values: ArrayLike, draws: Sequence[Any]) -> tuple[Floats, NDArray[np.int64]]:
    y = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(y)
    labels = [label for label, known in zip(draws, finite, strict=True) if known]
    place = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    return y[finite], np.array([place[label] for label in labels], dtype=np.int64)


def _components(count: NDArray[np.int64], means: Floats, inside: Floats) -> tuple[Floats, Floats]:
    """Variance within and between draws by row; inputs of shape (rows, draws)."""
    runs, m = count.sum(axis=1).astype(np.float64), count.shape[1]
    middle = (count * means).sum(axis=1) / runs
    between = (count * (means - middle[:, None]) ** 2).sum(axis=1) / (m - 1)
    size = (runs - (count**2).sum(axis=1) / runs) / (m - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.where(runs > m, inside.sum(axis=1) / (runs - m), math.nan)
    return within, np.maximum(0.0, (between - within) / size)


def _share(noise: float, behaviour: float) -> float:
    return noise / (noise + behaviour) if noise + behaviour > 0.0 else math.nan


def _share_ends(count: NDArray[np.int64], means: Floats, inside: Floats) -> tuple[float, float]:
    within, between = _components(count, means, inside)
    total = within + between
    shares = within[total > 0.0] / total[total > 0.0]
    if shares.size == 0:
        return math.nan, math.nan
    low, high = np.quantile(shares, (0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0))
    return float(low), float(high)


def _tail(mean: float, spread: float, degrees: int) -> float:
    if spread == 0.0:
        return 1.0 if mean else math.nan
    return float(special.stdtr(degrees, abs(mean) / spread))


def _p(mean: float, se: float, degrees: int) -> float:
    if se == 0.0:
        return 0.0 if mean else 1.0
    return float(2.0 * special.stdtr(degrees, -abs(mean) / se))


def _fixed(y: Floats) -> Split:
    """One behaviour: luck alone, and nothing known of other behaviours."""
    if y.size < 2:
        return _bare(float(y[0]), 1, 1)
    mean, noise, nan = float(y.mean()), float(y.var(ddof=1)), math.nan
    se = math.sqrt(noise / y.size)
    half = se * float(special.stdtrit(y.size - 1, 0.5 + LEVEL / 2.0))
    p = _p(mean, se, y.size - 1)
    return Split(mean, mean - half, mean + half, noise, nan, nan, nan, nan, nan, p, 1, int(y.size))


def _bare(mean: float, draws: int, runs: int) -> Split:
    nan = math.nan
    return Split(mean, nan, nan, nan, nan, nan, nan, nan, nan, 1.0, draws, runs)


# --- studies ---------------------------------------------------------------------------------------------------------


def labels(group: ScenarioRuns, base: ScenarioRuns | None = None) -> list[str]:
    """What tells the draw of each run of a scenario, or of its comparison with a baseline."""
    mine = [draw_of(spec) for spec in group.specs]
    return mine if base is None else [a + draw_of(spec) for a, spec in zip(mine, base.specs, strict=True)]


def splits(study: Study) -> dict[tuple[str, str], Split]:
    """The split of every paired difference, by (scenario, outcome).

    Holm's correction covers the outcomes that :attr:`Study.family_ids` names, of all scenarios, as one family.
    """
    found = {}
    for group, base in study.pairs():
        draws = labels(group, base)
        for name in study.summary_ids:
            found[group.id, name] = split(
                group.summary(name) - base.summary(name), draws, f"uncertainty.{study.id}.{group.id}.{name}"
            )
    family = [key for key in found if key[1] in study.family_ids and found[key].runs > 1]
    for key, p in zip(family, corrected([found[key].p for key in family]), strict=True):
        found[key] = replace(found[key], p=p)
    return found


def corrected(ps: Sequence[float]) -> list[float]:
    """Holm's adjusted p values, in the order given."""
    order = sorted(range(len(ps)), key=lambda i: ps[i])
    out, worst = [1.0] * len(ps), 0.0
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(ps) - rank) * ps[i]))
        out[i] = worst
    return out


def changed(before: Mapping[tuple[str, str], Split], after: Mapping[tuple[str, str], Split]) -> dict[Any, str]:
    """What became of every finding once the behaviour is unknown, for the comparisons that both studies have.

    Returns:
        By (scenario, outcome): "kept", "lost", "turned", "new" or "none".
    """
    return {key: _became(before[key], after[key]) for key in after if key in before}


def _became(before: Split, after: Split) -> str:
    was, now = before.p < 1.0 - LEVEL, after.verdict == "survives"
    if was and after.p < 1.0 - LEVEL and before.mean * after.mean < 0.0:
        return "turned"
    if was:
        return "kept" if now else "lost"
    return "new" if now else "none"


# --- words -----------------------------------------------------------------------------------------------------------


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def made_of(one: Split, lang: str) -> str:
    """What the uncertainty of a difference is made of, as a sentence."""
    text = _words()["shares" if one.kind == "nested" else one.kind][lang]
    behaviour = math.nan if math.isnan(one.share) else 1.0 - one.share
    return text.format(
        noise=_percent(one.share, lang), behaviour=_percent(behaviour, lang), draws=one.draws, runs=one.runs,
        interval=f"{_percent(one.share_low, lang)}–{_percent(one.share_high, lang)}",
    )  # fmt: skip


def verdict_text(one: Split, lang: str) -> str:
    """Whether a finding survives, as a sentence; under one behaviour nothing can be said of others."""
    if one.kind == "fixed":
        return _words()["fixed"][lang]
    return _words()[one.verdict][lang].format(kept=_percent(one.kept, lang))


def became_text(became: str, lang: str) -> str:
    """What became of a finding, in words."""
    return _words()[f"was_{became}"][lang]


def _percent(share: float, lang: str) -> str:
    if math.isnan(share):
        return "–"
    return f"{100.0 * share:.0f}%" if lang == "zh" else f"{100.0 * share:.0f} %"


def record(one: Split) -> dict[str, Any]:
    """A split as a flat record, for tables and JSON."""
    return {**vars(one), "kind": one.kind, "verdict": "" if one.kind == "fixed" else one.verdict}
