"""A study that has been run: its scenarios, their runs side by side, and the estimates drawn from them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.across import SHOWN, is_across
from experiments.analysis.estimates.contrasts import (
    FREE,
    SHARE,
    Estimate,
    PairedContrast,
    holm,
    mean_estimate,
    paired,
    ratio_estimate,
)
from report.text.quantity import is_share

if TYPE_CHECKING:
    from experiments.analysis.uncertainty import Uncertain
    from sim.outcomes.definitions import Outcome
    from sim.parameters import Resolved
    from sim.run import RunResult, RunSpec

MAIN_OUTCOMES: tuple[str, ...] = (
    "completion_common",
    "completion_own",
    "completion_ratio_total",
    "town_exit_rate",
    "firm_exit_hazard_y3",
    "entrants_gone_3y",
    "projects_fallen_share",
    "investment_effective",
    "public_cost",
    "land_net",
    "land_guaranteed",
    "idle_land",
    "debt_end",
    "jobs_end",
    "talents_end",
    "tax_end",
    "housing_share",
    "reporting_gap",
    "village_income_end",
)
"""Outcomes of the summary's table and of the family that Holm's correction covers, most asked-for first."""

RATIO_UNITS: Mapping[str, tuple[str, str, str, str, str]] = {
    "cost_per_extra_investment": (
        "public_cost",
        "investment_effective",
        "yi_yuan_per_yi_yuan",
        "每增加1元有效投资的公共支出",
        "Public cost per extra yuan of effective investment",
    ),
}
"""Ratios of paired differences: id -> (numerator outcome, denominator outcome, unit, 中文, English)."""


@dataclass(frozen=True)
class ScenarioRuns:
    """One scenario with its runs.

    Attributes:
        id: Scenario id, unique in the study.
        title: By language.
        resolved: Every lever, uncertainty and constant of it.
        specs, runs: In replicate order; replicate k of every scenario has the same root.
        per_draw: Replicates in a row that share a draw of behaviour.
    """

    id: str
    title: Mapping[str, str]
    resolved: Resolved
    specs: tuple[RunSpec, ...] = ()
    runs: tuple[RunResult, ...] = ()
    per_draw: int = 1

    def summary(self, outcome: str) -> NDArray[np.float64]:
        """One value for each run, NaN where undefined."""
        return np.array([run.summary.get(outcome, np.nan) for run in self.runs], dtype=np.float64)

    def units(self, outcome: str) -> NDArray[np.float64]:
        """One value for each draw of behaviour, the mean over its replicates: the independent units of every estimate.

        With behaviour at the centre every replicate is a unit of its own.
        """
        values = self.summary(outcome)
        return values if self.per_draw == 1 else draw_means(values, self.per_draw)

    def yearly(self, outcome: str) -> NDArray[np.float64]:
        """Shape (runs, years)."""
        return np.stack([np.asarray(run.yearly[outcome], dtype=np.float64) for run in self.runs])

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the yearly outcomes."""
        return tuple(self.runs[0].years)


def draw_means(values: NDArray[np.float64], per_draw: int) -> NDArray[np.float64]:
    """Means of each ``per_draw`` values in a row, NaN left out; the last draw may have fewer."""
    groups = [values[i : i + per_draw] for i in range(0, values.size, per_draw)]
    found = [group[np.isfinite(group)] for group in groups]
    return np.array([math.fsum(group) / group.size if group.size else math.nan for group in found])


@dataclass(frozen=True)
class Study:
    """A study with all its runs.

    Attributes:
        id: Study id.
        title: By language.
        groups: Scenarios in the order of the study.
        outcomes: Definitions of every outcome by id.
        baseline_of: Scenario id -> id of the scenario it is compared with; the baselines themselves are missing.
        county_table: SHA-256 of the user's own county table, "" without one.
        worlds: Title of each world, by language.
        behaviour: Which behaviour the runs had: "central", "prior" or "posterior".
        draws: SHA-256 of the draws of behaviour, "" at the centre.
    """

    id: str
    title: Mapping[str, str]
    groups: tuple[ScenarioRuns, ...]
    outcomes: Mapping[str, Outcome]
    baseline_of: Mapping[str, str] = field(default_factory=dict)
    county_table: str = ""
    worlds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    behaviour: str = "central"
    draws: str = ""

    def world_name(self, world: str, lang: str) -> str:
        """A world's title; its id where it has none."""
        return str(self.worlds[world][lang]) if world in self.worlds else world

    def group(self, scenario: str) -> ScenarioRuns:
        """The scenario of that id."""
        return next(g for g in self.groups if g.id == scenario)

    def pairs(self) -> list[tuple[ScenarioRuns, ScenarioRuns]]:
        """(scenario, baseline) for every scenario that has one, in study order."""
        return [(g, self.group(self.baseline_of[g.id])) for g in self.groups if g.id in self.baseline_of]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what was run, not over what came out: draws, county table, scenarios, replicates and roots."""
        from sim.engine.draws import SCHEME

        parts = [
            SCHEME,
            *([self.county_table] if self.county_table else []),
            *([self.draws] if self.draws else []),
            *(f"{g.id} {g.resolved.fingerprint} {[(s.replicate, s.root) for s in g.specs]}" for g in self.groups),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def replicates(self) -> int:
        """Runs of each scenario."""
        return len(self.groups[0].runs)

    @cached_property
    def summary_ids(self) -> tuple[str, ...]:
        """Summary outcomes that the runs carry and that are defined."""
        return tuple(name for name in self.groups[0].runs[0].summary if name in self._any_kind)

    @cached_property
    def yearly_ids(self) -> tuple[str, ...]:
        """Yearly outcomes that the runs carry and that are defined."""
        return tuple(name for name in self.groups[0].runs[0].yearly if name in self._any_kind)

    def definition(self, kind: str, name: str) -> Outcome:
        """The definition of an outcome; some ids exist both as a yearly and as a summary outcome.

        Raises:
            KeyError: If no outcome has this id.
        """
        return self._definitions.get((kind, name)) or self._any_kind[name]

    @cached_property
    def _definitions(self) -> Mapping[tuple[str, str], Outcome]:
        return {(o.kind, o.id): o for o in self.outcomes.values()}

    @cached_property
    def _any_kind(self) -> Mapping[str, Outcome]:
        return {o.id: o for o in self.outcomes.values()}

    @cached_property
    def main_ids(self) -> tuple[str, ...]:
        """Main outcomes that the runs carry."""
        return tuple(name for name in MAIN_OUTCOMES if name in self.summary_ids)

    @cached_property
    def family_ids(self) -> tuple[str, ...]:
        """Outcomes whose differences are corrected together."""
        if not is_across(self):
            return self.main_ids
        return tuple(name for name, difference in SHOWN if difference and name in self.summary_ids)

    @cached_property
    def means(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Scenario id -> outcome id -> mean over runs."""
        return {g.id: {name: self._mean(g, name) for name in self.summary_ids} for g in self.groups}

    def _mean(self, group: ScenarioRuns, name: str) -> Estimate:
        values, unit = group.units(name), self.definition("summary", name).unit
        finite = values[np.isfinite(values)]
        share = is_share(unit) and not any(word in name for word in ("ratio", "gap"))
        bounded = share and bool(np.all((finite >= 0.0) & (finite <= 1.0)))
        return mean_estimate(values, unit=unit, bounds=SHARE if bounded else FREE)

    @cached_property
    def contrasts(self) -> Mapping[str, Mapping[str, PairedContrast]]:
        """Scenario id -> outcome id -> paired difference from its baseline.

        Holm's correction covers the outcomes that are shown, of all scenarios, as one family: the main ones, or those
        of the comparison by rows where there are many regimes. Other outcomes stay uncorrected.
        """
        raw = {(g.id, name): self._paired(g, base, name) for g, base in self.pairs() for name in self.summary_ids}
        family = holm({f"{s}\t{name}": c for (s, name), c in raw.items() if name in self.family_ids})
        merged = {key: family.get("\t".join(key), c) for key, c in raw.items()}
        return {g.id: {name: merged[g.id, name] for name in self.summary_ids} for g, _ in self.pairs()}

    def _paired(self, group: ScenarioRuns, base: ScenarioRuns, name: str) -> PairedContrast:
        found = paired(group.units(name), base.units(name), unit=self.definition("summary", name).unit)
        return replace(found, replicates_to_halve=found.replicates_to_halve * group.per_draw)

    @cached_property
    def doubts(self) -> Mapping[tuple[str, str], Uncertain]:
        """Differences with what their uncertainty is made of, by scenario and outcome; empty under one behaviour."""
        from experiments.analysis.uncertainty import differences

        return {} if self.behaviour == "central" else differences(self)

    @cached_property
    def ratios(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Scenario id -> ratio id -> ratio of two paired differences from the baseline."""
        return {g.id: {r: self._ratio(g, base, r) for r in self._ratio_ids()} for g, base in self.pairs()}

    def _ratio_ids(self) -> list[str]:
        return [r for r, (top, below, *_) in RATIO_UNITS.items() if {top, below} <= set(self.summary_ids)]

    def _ratio(self, group: ScenarioRuns, base: ScenarioRuns, ratio: str) -> Estimate:
        top, below, unit, *_ = RATIO_UNITS[ratio]
        extra = [group.units(name) - base.units(name) for name in (top, below)]
        return ratio_estimate(extra[0], extra[1], unit=unit)

    def estimate_records(self) -> list[dict[str, Any]]:
        """Every estimate as a flat record: means, then paired differences, then ratios."""
        records = [
            _record(g.id, "", "mean", self._named(name), e) for g in self.groups for name, e in self.means[g.id].items()
        ]
        for g, base in self.pairs():
            records += [
                _record(g.id, base.id, "difference", self._named(name), c.difference, c, self.doubts.get((g.id, name)))
                for name, c in self.contrasts[g.id].items()
            ]
            records += [
                _record(g.id, base.id, "ratio", (name, *RATIO_UNITS[name][3:]), e)
                for name, e in self.ratios[g.id].items()
            ]
        return records

    def _named(self, outcome: str) -> tuple[str, str, str]:
        title = self.definition("summary", outcome).title
        return outcome, str(title["zh"]), str(title["en"])


def _record(
    scenario: str,
    baseline: str,
    kind: str,
    name: tuple[str, str, str],
    e: Estimate,
    c: PairedContrast | None = None,
    doubt: Uncertain | None = None,
) -> dict[str, Any]:
    nan = float("nan")
    return {
        "scenario": scenario,
        "baseline": baseline,
        "kind": kind,
        "outcome": name[0],
        "title_zh": name[1],
        "title_en": name[2],
        "unit": e.unit,
        "value": float(e.value),
        "low": float(e.low),
        "high": float(e.high),
        "level": float(e.level),
        "method": e.method,
        "n": e.n,
        "correlation": c.correlation if c else nan,
        "variance_reduction": c.variance_reduction if c else nan,
        "replicates_to_halve": float(c.replicates_to_halve) if c else nan,
        "excludes_zero": c.excludes_zero if c else None,
        "p_value": c.p_value if c else nan,
        "p_holm": c.p_holm if c else nan,
        "share_luck": doubt.noise.value if doubt else nan,
        "share_behaviour": doubt.parts.behaviour.value if doubt else nan,
        "same_direction": doubt.kept if doubt else nan,
        "verdict": doubt.verdict if doubt else "",
    }


def baselines(
    scenarios: Sequence[tuple[str, str, str]], windows: Mapping[str, Hashable] | None = None
) -> dict[str, str]:
    """Choose what each scenario is compared with: the null regime in the same world, else the study's first scenario.

    Args:
        scenarios: (id, regime, world) in study order.
        windows: Scenario id -> the years it covers; among several nulls of a world the one of the same years is taken.

    Returns:
        Scenario id -> baseline id, without the baselines themselves.
    """
    covers = windows or {}
    nulls: dict[Hashable, str] = {}
    for scenario, regime, world in scenarios:
        if regime == "null":
            nulls.setdefault(world, scenario)
            nulls.setdefault((world, covers.get(scenario)), scenario)
    chosen: dict[str, str] = {}
    for scenario, regime, world in scenarios:
        base = nulls.get((world, covers.get(scenario))) or nulls.get(world, scenarios[0][0])
        if scenario != base and not (regime == "null" and world in nulls):
            chosen[scenario] = base
    return chosen
