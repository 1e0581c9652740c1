"""A factor of a design: over which values it varies, and how a value is laid over a point.

A value comes from a share of probability in [0, 1): numeric levers are uniform over their range, discrete kinds give
each level the same probability, uncertainties follow their prior. ``experiments.plan.design.factors`` makes factors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from experiments.plan.plan import Level, Point
from experiments.plan.priors import DIGITS, quantile
from sim.parameters.records import Frozen, Uncertainty

KINDS = ("regime", "world", "reading", "package", "lever", "scale", "uncertainty")
"""Kinds of factors in the order in which they are laid over a point: a multiplier needs to know the regime."""
LAST = 1.0 - 2.0**-53


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that a design varies.

    Attributes:
        name: Column name in tables: key of a lever or uncertainty, "reading.D-06", "world", "regime", or its own.
        title: By language.
        kind: One of :data:`KINDS`.
        keys: What it sets: keys of levers or uncertainties, or "world" or "regime".
        low, high: Range of a numeric lever (uniform), or of a "scale": a multiplier of the regime's own values.
        levels: Values of flags, choices, readings, worlds, regimes, or values that were listed; each equally likely.
        prior: The prior of an uncertainty; None where a range or levels replace it.
        unit: Unit id of the values.
        group: Instrument that it belongs to, for grouped sensitivity; "" = its own name.
        whole: Whether values of the range are whole numbers.
        own: What values stand for: of a reading, alternative -> lever values; of a package (named bundles of
            lever values), option -> lever values; of a scale, regime -> lever values.
    """

    name: str
    title: Mapping[str, str]
    kind: str
    keys: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    levels: tuple[Level, ...] = ()
    prior: Uncertainty | None = None
    unit: str = "none"
    group: str = ""
    whole: bool = False
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: Frozen({}))

    def value(self, share: float) -> Level:
        """The value below which a share of the probability lies.

        Args:
            share: In [0, 1); 1 itself gives the upper end.
        """
        u = float(share)
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"a share of probability lies in [0, 1], not {u}")
        if self.levels:
            return self.levels[int(min(u, LAST) * len(self.levels))]
        if self.prior is not None:
            return float(quantile(self.prior, u))
        assert self.low is not None and self.high is not None
        if self.whole:
            return int(self.low + int(min(u, LAST) * (self.high - self.low + 1.0)))
        return min(self.high, max(self.low, _rounded(self.low + u * (self.high - self.low))))

    def values(self, shares: Iterable[float]) -> list[Level]:
        """Values of many shares."""
        return [self.value(share) for share in shares]

    def shares(self, n: int) -> list[float]:
        """Shares for a grid or a dose curve: one for each level, or ``n`` from end to end of a range.

        Of an uncertainty with its prior these are the middles of ``n`` equal shares, since some priors have no ends
        worth running; a discrete prior gives each of its values once.
        """
        if self.levels:
            return [(i + 0.5) / len(self.levels) for i in range(len(self.levels))]
        if self.prior is not None:
            return _of_prior(self.prior, n)
        assert self.low is not None and self.high is not None
        ends = [i / (n - 1) for i in range(n)] if n > 1 else [0.5]
        if not self.whole:
            return ends
        count = int(self.high - self.low) + 1
        return [(x + 0.5) / count for x in dict.fromkeys(round(e * (count - 1)) for e in ends)]

    def spread(self, n: int) -> list[Level]:
        """The values of :meth:`shares`."""
        return self.values(self.shares(n))

    def apply(self, point: Point, value: Level) -> Point:
        """Lay a value over a point.

        Returns:
            A new point with the setting made and ``factors[name] = value``.

        Raises:
            KeyError: If a reading has no such alternative, or a scale does not know the point's regime.
        """
        noted = Frozen({**point.factors, self.name: value})
        if self.kind == "world":
            return replace(point, world=str(value), factors=noted)
        if self.kind == "regime":
            return replace(point, regime=str(value), factors=noted)
        if self.kind == "uncertainty":
            drawn = {**point.behaviour, **{key: float(value) for key in self.keys}}
            return replace(point, behaviour=Frozen(drawn), factors=noted)
        return replace(point, levers=Frozen({**point.levers, **self._settings(point, value)}), factors=noted)

    def _settings(self, point: Point, value: Level) -> Mapping[str, Any]:
        if self.kind in ("reading", "package"):
            return self.own[str(value)]
        if self.kind == "scale":
            own = self.own[point.regime]
            return {key: scaled(own[key], float(value)) for key in self.keys if key in own}
        return dict.fromkeys(self.keys, value)


def _of_prior(prior: Uncertainty, n: int) -> list[float]:
    if prior.distribution == "fixed":
        return [0.5]
    if prior.distribution != "discrete":
        return [(i + 0.5) / n for i in range(n)]
    weights = [float(w) for w in cast("list[float]", prior.params["weights"])]
    return [(sum(weights[:i]) + 0.5 * weights[i]) / sum(weights) for i in range(len(weights))]


def scaled(value: Any, multiplier: float) -> Any:
    """A lever's value times a number, in the form that an override takes; whole numbers stay whole."""
    if isinstance(value, tuple):
        return tuple(_rounded(part * multiplier) for part in value)
    return round(value * multiplier) if isinstance(value, int) else _rounded(value * multiplier)


def _rounded(x: float) -> float:
    return float(f"{x:.{DIGITS}g}")
