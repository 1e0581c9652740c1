"""What a county weighs: the expected payoff of every strategy, part by part, in the middle of the programme.

The same functions that decide in a run are asked here, so the table explains the doses: an instrument can only move
counties as far as it differs between their strategies, measured against the scale of their other motives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.results import run_all
from experiments.plan.plan import Plan, Point, crossed
from experiments.store.reading import frame
from sim.agents import county
from sim.model import Simulation
from sim.parameters import Library
from sim.parameters.texts import Text
from sim.run import RunSpec
from sim.state.province import Province
from sim.state.town import EFFORT, Status, Strategy

Floats = NDArray[np.float64]
QUARTERS = 12
"""Quarters run before the counties are asked: the third yearly choice, with all batches listed."""
SLASH, TOWNS = "/", "towns"
STRATEGIES = ("coast", "build", "push", "inflate", "drift")


@dataclass(frozen=True)
class Stakes:
    """Payoffs of one regime.

    Attributes:
        regime: Its id.
        quarter: When the counties were asked.
        titles: Titles of the parts that are instruments.
        parts: Part -> mean over towns on the creation list and replicates by strategy of :data:`STRATEGIES`, 万元.
        scale: Scale of the counties' other motives (``official.scale``), 万元.
        towns: Mean number of towns on the creation list.
    """

    regime: str
    quarter: str
    titles: Mapping[str, Text]
    parts: dict[str, Floats]
    scale: float
    towns: float


def stakes(regime: str, library: Library, effective: str, replicates: int = 3) -> Stakes:
    """Ask the counties of a regime."""
    plan = Plan(
        "stakes", {}, (Point(regime, regime, effective=effective),), crossed(1, replicates),
        task="experiments.analysis.doses.stakes:weigh",
    )  # fmt: skip
    store = run_all(plan, library, workers=1)
    means = frame(store).fillna(0.0).mean(numeric_only=True)
    names = dict.fromkeys(column.partition(SLASH)[0] for column in means.index if SLASH in column)
    parts = {n: np.array([means[f"{n}{SLASH}{strategy}"] for strategy in STRATEGIES]) for n in names}
    titles = {name: library.instruments[name].title for name in names if name in library.instruments}
    scenario = store.plan.scenarios(library).of(0)
    quarter = str(scenario.start + (QUARTERS - 1))
    return Stakes(regime, quarter, titles, parts, scenario.behaviour["official.scale"], float(means[TOWNS]))


def weigh(spec: RunSpec) -> dict[str, float]:
    """Run a spec to the third yearly choice and ask; the task of every worker.

    Returns:
        "part/strategy" -> mean over towns on the creation list, and how many those are.
    """
    p = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties)
    while p.t + 1 < QUARTERS:
        p.step()
    asked = {TOWNS: float(_creating(p).sum())}
    for part, values in _parts(p).items():
        asked |= {f"{part}{SLASH}{s}": float(x) for s, x in zip(STRATEGIES, values, strict=True)}
    return asked


def _creating(p: Province) -> NDArray[np.bool_]:
    return np.asarray(p.towns.status == Status.CREATION)


def _parts(p: Province) -> dict[str, Floats]:
    """Mean payoff by part over the towns on the creation list, each of shape (strategies,)."""
    on, b = _creating(p), p.behaviour
    county.foresee(p)
    f = county.forecast(p, on)
    industrial = (
        p.towns.forecast_base * p.towns.outlook * (1.0 + b["forecast.effort_elasticity"] * (EFFORT[:, None] - 0.5))
    )
    kept = b["treasury.local_share"] * (1.0 - b["treasury.provincial_share"])
    unease = np.where(np.arange(EFFORT.size) == Strategy.INFLATE, b["report.guilt"], 0.0)[:, None]
    raw = {
        "own": industrial * p.constants["tax.per_investment"] * kept * f.annuity,
        "housing": industrial * county.drift_rates(p) * b["housing.gain"] * f.annuity,
        "effort": -county.effort_cost(p) * f.annuity,
        "unease": -unease * f.annuity,
    }
    raw |= {i.id: e for i in p.policy.instruments if (e := i.expect(p, f)) is not None}
    order = [int(Strategy[name.upper()]) for name in STRATEGIES]
    shape = f.invest.shape
    return {name: np.broadcast_to(e, shape)[order][:, on].mean(axis=1) for name, e in raw.items()}
