"""Dose experiments: one instrument at several strengths, everything else and all luck equal.

The doses are data, beside the levers that they vary (``scenarios/instruments``, ``scenarios/doses.toml``). Each is run
for the same replicates at every value; what is reported is the paired difference from the first value with its
interval, and who changed behaviour: the share of sites that applied, pushed, inflated, drifted or coasted, averaged
over the programme years (the policy's first year and the five after it, when all batches are judged).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import scenarios
from experiments.analysis.estimates.contrasts import PairedContrast, holm, paired
from experiments.analysis.results import results, run_all
from experiments.plan.plan import Plan, Point, crossed
from sim.model import Simulation
from sim.outcomes import OUTCOMES, YEARLY
from sim.parameters import Library, Resolved, load_library
from sim.run import RunResult, RunSpec, collect
from sim.state.town import Strategy

Text = Mapping[str, str]
Floats = NDArray[np.float64]
EFFECTIVE = "2015Q2"
"""Every regime is laid over the same quarters, as in the study of provinces."""
YEARS = 6
"""Programme years that behaviour is averaged over."""
TASK = "experiments.analysis.doses.sweep:watch"
CHOICES = ("applied", "pushed", "inflated", "drifted", "coasted")
GROUPS = ("weak", "able", "poor", "other")
"""Sites with an operator below or above the median, and in the 26 poorer counties or elsewhere."""


@dataclass(frozen=True)
class Expected:
    """What theory says of one outcome or choice when the dose grows.

    Attributes:
        outcome: Summary outcome or choice.
        sign: +1 up, -1 down, 0 theory leaves it open.
        why: The reason, in Chinese and English.
    """

    outcome: str
    sign: int
    why: Text


@dataclass(frozen=True)
class Dose:
    """One instrument at several strengths.

    Attributes:
        id: Name, also of its figure.
        part: Letter of the question that it answers.
        title, says, reads: What is varied; what is asked; what lies behind the answer.
        key: Lever or uncertainty.
        values: Strengths; the first is what the others are compared with.
        regime: Regime it is varied in.
        expected: What theory says; the first two summary outcomes are drawn.
        focus: Choice whose movers are described by kind of site.
        at: Index of the value that the verdict is about.
        fixed: Levers held at other values than the regime's.
        labels: Names of the values, where numbers do not speak.
    """

    id: str
    part: str
    title: Text
    says: Text
    reads: Text
    key: str
    values: tuple[Any, ...]
    regime: str
    expected: tuple[Expected, ...]
    focus: str
    at: int = -1
    fixed: Mapping[str, Any] | None = None
    labels: tuple[Text, ...] = ()

    @property
    def strongest(self) -> int:
        """Index of the value that the verdict is about."""
        return self.at % len(self.values)


@cache
def doses() -> tuple[Dose, ...]:
    """All doses of the instruments and of ``scenarios/doses.toml``, by part and place."""
    files = [*sorted((scenarios.ROOT / "instruments").glob("*.toml")), scenarios.ROOT / "doses.toml"]
    records = [dict(r) for file in files for r in tomllib.loads(file.read_text("utf-8")).get("dose", ())]
    return tuple(_dose(r) for r in sorted(records, key=lambda r: (r["part"], r.pop("place"))))


def _dose(r: dict[str, Any]) -> Dose:
    expected = tuple(Expected(**e) for e in r.pop("expected"))
    return Dose(**{**r, "values": tuple(r["values"]), "labels": tuple(r.get("labels", ())), "expected": expected})


def points(dose: Dose, library: Library, quarters: int = 40) -> list[Point]:
    """The setting of every value, in order."""
    behaviour = dose.key in library.uncertainties and dose.key not in library.levers
    made = []
    for i, value in enumerate(dose.values):
        levers = {**(dose.fixed or {}), **({} if behaviour else {dose.key: value})}
        own = {dose.key: float(value)} if behaviour else {}
        point = Point(
            f"{dose.id}-{i}", dose.regime, effective=EFFECTIVE, quarters=quarters, levers=levers, behaviour=own
        )
        made.append(point)
    return made


# --- one run ---------------------------------------------------------------------------------------------------------


def watch(spec: RunSpec) -> RunResult:
    """Run a spec and write down, site by site, what counties chose, and village by village what came of it."""
    p = Simulation(spec.scenario, spec.replicate, spec.root, counties=spec.counties)
    result = collect(p, spec)
    g, s, v = p.places, p.towns, p.villages
    last = slice(3 - p.clock.start_index % 4, None, 4)
    result.tables["sites"] = {
        "strategy": s.strategy_history[last].astype(np.int8),
        "applied": np.asarray(s.applied_history.any(axis=0)),
        "able": g.towns.capability >= np.median(g.towns.capability),
        "poor": g.counties.poor[g.towns.county],
    }
    result.tables["villages"] = {
        "rank": g.villages.rank,
        "income": v.income.copy(),
        "settled": v.settled.copy(),
        "commuters": v.commuters.copy(),
    }
    return result


def chosen_sites(run: RunResult, choice: str, first: int) -> NDArray[np.bool_]:
    """Which sites made a choice, shape (programme years, sites); one row for applications."""
    sites = run.tables["sites"]
    if choice == "applied":
        return np.asarray(sites["applied"])[None, :]
    wanted = {
        "pushed": (Strategy.PUSH,), "inflated": (Strategy.INFLATE,), "drifted": (Strategy.DRIFT,),
        "coasted": (Strategy.COAST, Strategy.OUT),
    }[choice]  # fmt: skip
    return np.isin(sites["strategy"][first : first + YEARS], [int(w) for w in wanted])


# --- many runs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """A dose with its runs.

    Attributes:
        dose: What was varied.
        scenarios: The scenario of every value.
        runs: Runs by value and replicate.
    """

    dose: Dose
    scenarios: tuple[Resolved, ...]
    runs: tuple[tuple[RunResult, ...], ...]

    @cached_property
    def first(self) -> int:
        """Row of the policy's first calendar year."""
        r = self.scenarios[0]
        return (r.start.index % 4 + r.effective_index) // 4

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Outcomes and choices that are reported, each once."""
        wanted = [e.outcome for e in self.dose.expected]
        return tuple(dict.fromkeys([*wanted, *CHOICES]))

    def values(self, name: str, i: int) -> Floats:
        """An outcome or choice at value ``i``, one number a run."""
        if name not in CHOICES:
            return np.array([r.summary[name] for r in self.runs[i]])
        return np.array([r.yearly[name][self._rows(name)].mean() for r in self.runs[i]])

    def level(self, name: str, i: int) -> float:
        """Mean over runs of an outcome or choice at value ``i``."""
        return float(np.nanmean(self.values(name, i)))

    def _rows(self, name: str) -> NDArray[np.int64]:
        """Programme years; for applications only those with an open window."""
        rows = np.arange(self.first, min(self.first + YEARS, len(self.runs[0][0].years)))
        if name != "applied":
            return rows
        levers, start = self.scenarios[0].levers, self.scenarios[0].start.index % 4
        names = ("call.creation_places", "call.cultivation_places")
        creation, cultivation = (np.asarray(levers[key], dtype=np.float64) for key in names)
        opened = {(start + int(t)) // 4 for t in np.flatnonzero(creation + cultivation > 0.0)}
        return np.array([y for y in rows if y in opened] or rows, dtype=np.int64)

    @cached_property
    def contrasts(self) -> Mapping[tuple[str, int], PairedContrast]:
        """Difference of every value from the first, by outcome or choice and index of the value."""
        return {
            (name, i): paired(self.values(name, i), self.values(name, 0), unit=unit_of(name))
            for name in self.names
            for i in range(len(self.dose.values))
        }

    def movers(self, i: int) -> tuple[float, list[tuple[int, int, float]]]:
        """Share of site-years decided differently at value ``i``; net flows between strategies, largest first."""
        rows = slice(self.first, self.first + YEARS)
        count = np.zeros((6, 6))
        for run, base in zip(self.runs[i], self.runs[0], strict=True):
            before, after = (r.tables["sites"]["strategy"][rows].ravel() for r in (base, run))
            np.add.at(count, (before.astype(np.int64), after.astype(np.int64)), 1.0)
        count /= count.sum()
        net = [
            (a, b, float(count[a, b] - count[b, a])) for a in range(6) for b in range(6) if count[a, b] > count[b, a]
        ]
        return 1.0 - float(np.trace(count)), sorted(net, key=lambda x: -x[2])

    def group_contrast(self, group: str, i: int) -> PairedContrast:
        """Change of the focus choice among one kind of site, from the first value to value ``i``."""
        sides = []
        for runs in (self.runs[i], self.runs[0]):
            sides.append(
                [float(chosen_sites(r, self.dose.focus, self.first)[:, _group(r, group)].mean()) for r in runs]
            )
        return paired(sides[0], sides[1], unit="ratio")

    def by_rank(self, name: str, i: int) -> Floats:
        """Mean of a village column at value ``i`` by rank of nearness to the town, shape (ranks,)."""
        out = []
        for run in self.runs[i]:
            v = run.tables["villages"]
            rank = np.asarray(v["rank"], dtype=np.int64)
            out.append(np.bincount(rank, weights=v[name]) / np.bincount(rank))
        return np.asarray(np.mean(out, axis=0), dtype=np.float64)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each value and outcome or choice: mean, paired difference, interval, what theory expects."""
        signs = {e.outcome: e.sign for e in self.dose.expected}
        rows = []
        for (name, i), c in self.contrasts.items():
            d = c.difference
            rows.append({
                "dose": self.dose.id, "part": self.dose.part, "regime": self.dose.regime, "key": self.dose.key,
                "value": str(self.dose.values[i]), "kind": "choice" if name in CHOICES else "outcome", "outcome": name,
                "unit": d.unit, "n": d.n, "mean": float(np.nanmean(self.values(name, i))), "difference": d.value,
                "low": d.low, "high": d.high, "excludes_zero": c.excludes_zero, "p_value": c.p_value,
                "expected": signs.get(name), "verdict": verdict(signs[name], c) if name in signs and i else "",
            })  # fmt: skip
        return pd.DataFrame(rows)


def _group(run: RunResult, group: str) -> NDArray[np.bool_]:
    sites = run.tables["sites"]
    flag = np.asarray(sites["able" if group in ("weak", "able") else "poor"], dtype=bool)
    return flag if group in ("able", "poor") else ~flag


def unit_of(name: str) -> str:
    """Unit of an outcome or choice."""
    return (YEARLY if name in CHOICES else OUTCOMES)[name].unit


def verdict(sign: int, contrast: PairedContrast) -> str:
    """How a prediction came out: "as expected", "against", "not shown", "nothing" (no run differs) or "open"."""
    d = contrast.difference
    if d.value == 0.0 and d.low == d.high:
        return "nothing"
    if sign == 0:
        return "open"
    if not contrast.excludes_zero:
        return "not shown"
    return "as expected" if d.value * sign > 0.0 else "against"


def measure(
    wanted: Sequence[Dose],
    replicates: int = 30,
    workers: int | None = None,
    *,
    library: Library | None = None,
    quarters: int = 40,
    progress: Callable[[int, int], None] | None = None,
) -> list[Measured]:
    """Run doses; a scenario that several of them share runs once.

    Args:
        wanted: The doses.
        replicates: Runs of every value.
        workers: Worker processes; None = one for each core.
        library: The scenario files; read if not given.
        quarters: Length of a run.
        progress: Called with (finished, all).
    """
    files = library or load_library()
    settings = [(dose, point) for dose in wanted for point in points(dose, files, quarters)]
    plan = Plan(
        "doses", {}, tuple(point for _, point in settings), crossed(len(settings), replicates),
        parts=("summary", "yearly"), task=TASK,
    )  # fmt: skip
    store = run_all(plan, files, workers=workers, progress=progress)
    found, known = results(store), store.plan.scenarios(files)
    measured = []
    for dose in wanted:
        mine = [p for p, (of, _) in enumerate(settings) if of is dose]
        runs = tuple(tuple(found[p, k] for k in range(replicates)) for p in mine)
        measured.append(Measured(dose, tuple(known.of(p) for p in mine), runs))
    return measured


def corrected(measured: Sequence[Measured]) -> dict[tuple[str, str], PairedContrast]:
    """The contrasts behind all verdicts on signs, with Holm's correction over the whole document."""
    return holm(
        {
            (m.dose.id, e.outcome): m.contrasts[e.outcome, m.dose.strongest]
            for m in measured
            for e in m.dose.expected
            if e.sign
        }
    )
