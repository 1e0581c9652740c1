"""Statistics of drawn or listed counties beside the published ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from pathlib import Path

import numpy as np

import scenarios
from sim.world.counties import CountyTable
from sim.world.facts import WorldFacts
from sim.world.spread import gini


@dataclass(frozen=True, slots=True)
class Check:
    """One statistic of the counties beside its published value."""

    id: str
    published: float
    drawn: float

    @property
    def gap(self) -> float:
        """Relative difference, drawn against published."""
        return self.drawn / self.published - 1.0


def check_counties(table: CountyTable, facts: WorldFacts) -> list[Check]:
    """Published against drawn (or read) statistics of the counties."""
    college = table.college_share
    deciles, county = facts.county.college_deciles, facts.county
    means = {name: _decile_mean(getattr(county, f"{name}_deciles")) for name in ("college", "manufacturing", "migrant")}
    rows = (
        ("college_mean", means["college"], np.mean(college)),
        ("college_median", deciles[5], np.median(college)),
        ("college_min", deciles[0], np.min(college)),
        ("college_max", deciles[10], np.max(college)),
        (
            "manufacturing_mean",
            means["manufacturing"],
            np.mean(table.manufacturing_share),
        ),
        ("migrant_mean", means["migrant"], np.mean(table.migrant_share)),
        ("population_gini", county.population_gini, gini(table.population)),
        ("talent_gini", county.talent_gini, gini(college * table.population)),
        ("area", fsum(facts.province.area), np.nansum(table.area)),
        ("units", sum(facts.province.units), table.key.size),
        (
            "degree",
            county.adjacency_degree,
            2 * len(table.edges) / table.key.size,
        ),
        (
            "isolates",
            sum(facts.province.islands),
            table.key.size - np.unique(table.edges).size,
        ),
    )
    return [Check(i, float(a), float(b)) for i, a, b in rows]


def _decile_mean(deciles: tuple[float, ...]) -> float:
    """Mean of a distribution that is linear between its deciles."""
    return fsum((a + b) / 2 for a, b in pairwise(deciles)) / (len(deciles) - 1)


def write_world(folder: Path, lists: str, base: str = "zhejiang") -> Path:
    """A world of one's own: one of ours with other lists of towns. The worlds it takes figures from stand beside it."""
    for path in (scenarios.ROOT / "worlds").glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    text = (folder / f"{base}.toml").read_text(encoding="utf-8")
    path = folder / f"{base}.toml"
    path.write_text(text.split("[[list]]")[0] + lists, encoding="utf-8")
    return path
