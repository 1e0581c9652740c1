"""A study that has been run: its scenarios, their runs side by side, and the estimates drawn from them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.estimates.bands import Band, quantile_band
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
from experiments.analysis.estimates.nested import luck_of, luck_of_two
from experiments.analysis.uncertainty import Uncertain, draw_of, uncertain
from sim.engine.draws import SCHEME
from sim.outcomes.records import RATIOS, SAME_TEST, Outcome, shown_in
from sim.parameters import Resolved
from sim.run import RunResult, RunSpec

Key = tuple[str, str]
"""Scenario and outcome."""


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

    def by_draw(self, outcome: str) -> NDArray[np.float64]:
        """Shape (draws, replicates of a draw), NaN where undefined."""
        return draw_rows(self.summary(outcome), self.per_draw)

    def yearly(self, outcome: str) -> NDArray[np.float64]:
        """Shape (runs, years)."""
        return np.stack([np.asarray(run.yearly[outcome], dtype=np.float64) for run in self.runs])

    def spread(self, outcome: str) -> Band:
        """Median and bands of a yearly outcome over the runs."""
        return quantile_band(self.yearly(outcome))

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the yearly outcomes."""
        return tuple(self.runs[0].years)


def draw_means(values: NDArray[np.float64], per_draw: int) -> NDArray[np.float64]:
    """Means of each ``per_draw`` values in a row, NaN left out; the last draw may have fewer."""
    groups = [values[i : i + per_draw] for i in range(0, values.size, per_draw)]
    found = [group[np.isfinite(group)] for group in groups]
    return np.array([math.fsum(group) / group.size if group.size else math.nan for group in found])


def draw_rows(values: NDArray[np.float64], per_draw: int) -> NDArray[np.float64]:
    """Values of each draw as a row, filled up with NaN, shape (draws, per_draw)."""
    out = np.full(-(-values.size // per_draw) * per_draw, math.nan)
    out[: values.size] = values
    return out.reshape(-1, per_draw)


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
        at_prior: Uncertainties that the posterior lacked and that were drawn from their priors.
        earlier: Version of the model that the posterior was fitted with, where its rules have moved since; else "".
        ran_as: Fingerprint that a stored study had when it ran, whatever today's draws are.
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
    at_prior: tuple[str, ...] = ()
    earlier: str = ""
    ran_as: str = ""

    def group(self, scenario: str) -> ScenarioRuns:
        """The scenario of that id."""
        return next(g for g in self.groups if g.id == scenario)

    def pairs(self) -> list[tuple[ScenarioRuns, ScenarioRuns]]:
        """(scenario, baseline) for every scenario that has one, in study order."""
        return [(g, self.group(self.baseline_of[g.id])) for g in self.groups if g.id in self.baseline_of]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what was run, not over what came out: draws, county table, scenarios, replicates and roots."""
        if self.ran_as:
            return self.ran_as
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

    @property
    def independent(self) -> int:
        """Independent units of each scenario: draws of behaviour, or replicates at the centre. One has no interval."""
        return -(-self.replicates // self.groups[0].per_draw)

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
        return tuple(name for name in shown_in("main") if name in self.summary_ids)

    @cached_property
    def several_worlds(self) -> bool:
        """Whether scenarios lie in worlds of different size, so that totals cannot be set side by side."""
        return len({g.resolved.world for g in self.groups}) > 1

    @cached_property
    def family_ids(self) -> tuple[str, ...]:
        """Outcomes whose differences are tested together: the main ones, in several worlds those by site as well.

        Nothing else decides: not how many scenarios there are, nor how they are shown.
        """
        by_site = [name for name in shown_in("by_site") if name in self.summary_ids] if self.several_worlds else []
        return (*self.main_ids, *by_site)

    @cached_property
    def means(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Scenario id -> outcome id -> mean over runs."""
        return {g.id: {name: self._mean(g, name) for name in self.summary_ids} for g in self.groups}

    def _mean(self, group: ScenarioRuns, name: str) -> Estimate:
        values, outcome = group.units(name), self.definition("summary", name)
        finite = values[np.isfinite(values)]
        bounded = outcome.within_one and bool(np.all((finite >= 0.0) & (finite <= 1.0)))
        bounds, luck = SHARE if bounded else FREE, luck_of(group.by_draw(name))
        return mean_estimate(values, unit=outcome.unit, bounds=bounds, luck=luck)

    @cached_property
    def contrasts(self) -> Mapping[str, Mapping[str, PairedContrast]]:
        """Scenario id -> outcome id -> paired difference from its baseline.

        Holm's correction covers all comparisons of the outcomes of :attr:`family_ids` as one family; an outcome of
        :data:`~sim.outcomes.records.SAME_TEST` shares the p-value of its total. Others stay uncorrected.
        """
        raw = {(g.id, name): self._paired(g, base, name) for g, base in self.pairs() for name in self.summary_ids}
        merged = self._corrected(raw)
        return {g.id: {name: merged[g.id, name] for name in self.summary_ids} for g, _ in self.pairs()}

    def _corrected(self, raw: Mapping[Key, PairedContrast]) -> dict[Key, PairedContrast]:
        family = holm({key: c for key, c in raw.items() if key[1] in self.family_ids})
        found = {**raw, **family}
        for scenario, name in raw:
            total = family.get((scenario, SAME_TEST.get(name, "")))
            if total is not None:
                found[scenario, name] = replace(raw[scenario, name], p_holm=total.p_holm)
        return found

    def _paired(self, group: ScenarioRuns, base: ScenarioRuns, name: str) -> PairedContrast:
        sides = group.by_draw(name), base.by_draw(name)
        luck = luck_of(sides[0] - sides[1], scale=float(np.nanmax(np.abs(sides), initial=0.0)))
        found = paired(group.units(name), base.units(name), unit=self.definition("summary", name).unit, luck=luck)
        return replace(found, replicates_to_halve=found.replicates_to_halve * group.per_draw)

    @cached_property
    def doubts(self) -> Mapping[Key, Uncertain]:
        """Differences with what their uncertainty is made of; empty under one behaviour."""
        return {} if self.behaviour == "central" else self.differences()

    def differences(self) -> dict[Key, Uncertain]:
        """The same whatever the behaviour; corrected as :attr:`contrasts`."""
        found: dict[Key, Uncertain] = {}
        for group, base in self.pairs():
            draws = _draws(group, base)
            for name in self.summary_ids:
                unit = self.definition("summary", name).unit
                found[group.id, name] = uncertain(group.summary(name), base.summary(name), draws, unit)
        corrected = self._corrected({key: one.contrast for key, one in found.items()})
        return {key: replace(one, contrast=corrected[key]) for key, one in found.items()}

    @cached_property
    def ratios(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Scenario id -> ratio id -> ratio of two paired differences from the baseline."""
        return {g.id: {r: self._ratio(g, base, r) for r in self._ratio_ids()} for g, base in self.pairs()}

    def _ratio_ids(self) -> list[str]:
        return [name for name, r in RATIOS.items() if {r.top, r.below} <= set(self.summary_ids)]

    def _ratio(self, group: ScenarioRuns, base: ScenarioRuns, ratio: str) -> Estimate:
        of = RATIOS[ratio]
        extra = [group.units(name) - base.units(name) for name in (of.top, of.below)]
        luck = luck_of_two(*(group.by_draw(name) - base.by_draw(name) for name in (of.top, of.below)))
        return ratio_estimate(extra[0], extra[1], unit=of.unit, luck=luck)

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
                _record(g.id, base.id, "ratio", (name, RATIOS[name].title["zh"], RATIOS[name].title["en"]), e)
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


def _draws(group: ScenarioRuns, base: ScenarioRuns) -> list[str]:
    """What tells the draw of each run of a comparison."""
    if group.per_draw > 1:
        return [str(spec.replicate // group.per_draw) for spec in group.specs]
    return [draw_of(a) + draw_of(b) for a, b in zip(group.specs, base.specs, strict=True)]
