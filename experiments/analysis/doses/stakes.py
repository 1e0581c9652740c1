"""What a county weighs: the expected payoff of every strategy, part by part, in the middle of the programme.

The same functions that decide in a run are asked here, so the table explains the doses: an instrument can only move
counties as far as it differs between their strategies, measured against the scale of their other motives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.parameters import Library
    from sim.state.province import Province

Floats = NDArray[np.float64]
QUARTERS = 12
"""Quarters run before the counties are asked: the third yearly choice, with all batches listed."""
TITLES: dict[str, tuple[str, str]] = {
    "own": ("自有税收", "Own tax on new investment"),
    "housing": ("住宅收益", "Gain on housing"),
    "effort": ("投入成本", "Cost of effort"),
    "unease": ("虚报的不安", "Unease at false figures"),
    "information": ("考核与晋升", "Results in officials' careers"),
    "acceptance": ("验收命名", "Being named"),
    "land_reward": ("用地奖励", "Land reward"),
    "clawback": ("加倍倒扣", "Clawback"),
    "rebate": ("财政返还", "Rebate"),
    "grant": ("奖补", "Grants"),
    "land_guarantee": ("用地保障", "Land guarantee"),
    "list": ("警告、降格、退出", "Warning, demotion, exit"),
    "veto": ("一票否决", "Veto"),
}
STRATEGIES = ("coast", "build", "push", "inflate", "drift")


@dataclass(frozen=True)
class Stakes:
    """Payoffs of one regime.

    Attributes:
        regime: Its id.
        quarter: When the counties were asked.
        titles: Part -> title in both languages; an instrument without a title here has its own.
        parts: Part -> mean over towns on the creation list and replicates by strategy of :data:`STRATEGIES`, 万元.
        scale: Scale of the counties' other motives (``official.scale``), 万元.
        towns: Mean number of towns on the creation list.
    """

    regime: str
    quarter: str
    titles: dict[str, tuple[str, str]]
    parts: dict[str, Floats]
    scale: float
    towns: float


def stakes(regime: str, library: Library, effective: str, replicates: int = 3) -> Stakes:
    """Ask the counties of a regime."""
    from sim.state.province import Province

    r = library.resolve(regime, effective=effective)
    found, counts, quarter = [], [], ""
    for k in range(replicates):
        p = Province(r, k)
        while p.t + 1 < QUARTERS:
            p.step()
        found.append(_parts(p))
        counts.append(float(_creating(p).sum()))
        quarter = str(p.quarter)
    names = dict.fromkeys(name for parts in found for name in parts)
    zero = np.zeros(len(STRATEGIES))
    parts = {n: np.mean([f.get(n, zero) for f in found], axis=0) for n in names}
    return Stakes(
        regime, quarter, _titles(library, names), parts, r.behaviour["official.scale"], float(np.mean(counts))
    )


def _titles(library: Library, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Titles of parts: those of :data:`TITLES` first and in its order, then those of other instruments."""
    own = {name: library.instruments[name].title for name in names if name not in TITLES}
    return {**{k: t for k, t in TITLES.items() if k in set(names)}, **{k: (t["zh"], t["en"]) for k, t in own.items()}}


def _creating(p: Province) -> NDArray[np.bool_]:
    from sim.state.town import Status

    return np.asarray(p.towns.status == Status.CREATION)


def _parts(p: Province) -> dict[str, Floats]:
    """Mean payoff by part over the towns on the creation list, each of shape (strategies,)."""
    from sim.agents import county
    from sim.state.town import EFFORT, Strategy

    on, b = _creating(p), p.b
    county.foresee(p)
    f = county.forecast(p, on)
    industrial = p.forecast_base * p.towns.outlook * (1.0 + b["forecast.effort_elasticity"] * (EFFORT[:, None] - 0.5))
    kept = b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    unease = np.where(np.arange(EFFORT.size) == Strategy.INFLATE, b["report.guilt"], 0.0)[:, None]
    raw = {
        "own": industrial * p.c["tax.per_investment"] * kept * f.annuity,
        "housing": industrial * county.drift_rates(p) * b["housing.gain"] * f.annuity,
        "effort": -county.effort_cost(p) * f.annuity,
        "unease": -unease * f.annuity,
    }
    raw |= {i.id: e for i in p.policy.instruments if (e := i.expect(p, f)) is not None}
    order = [int(Strategy[name.upper()]) for name in STRATEGIES]
    shape = f.invest.shape
    return {name: np.broadcast_to(e, shape)[order][:, on].mean(axis=1) for name, e in raw.items()}
