"""Build the start of a world: its places and networks once per process, its firms and talents for each replicate."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np

import scenarios
from sim.engine.draws import Draws
from sim.parameters.errors import check_known
from sim.world.counties import draw_counties
from sim.world.county_file import file_fingerprint, load_counties
from sim.world.facts import WorldFacts
from sim.world.facts_read import read_world
from sim.world.geography import complete, prefectures_of, site_weights, wealth_scores
from sim.world.population import draw_population
from sim.world.seating import seated
from sim.world.towns import build_towns, distances, home_distances, sites_by_county, stand_in
from sim.world.types import Geography
from sim.world.villages import build_villages

_GEOGRAPHIES: dict[str, Geography] = {}
KEPT = 4
"""Geographies kept in a process; the oldest goes first."""


def load_world(name: str = "zhejiang", root: Path | None = None) -> WorldFacts:
    """Read the facts of a world.

    Args:
        name: Name of the file in ``worlds/`` without ending.
        root: Folder of the scenario files; by default the product's own.

    Raises:
        UnknownName: No world of this name.
        InputErrors: What is wrong in the file.
    """
    folder = (root or scenarios.ROOT) / "worlds"
    names = sorted(path.stem for path in folder.glob("*.toml"))
    check_known(name, names, "world")
    marks = tuple((one, (folder / f"{one}.toml").stat()) for one in names)
    return _read(folder / f"{name}.toml", tuple((one, mark.st_mtime_ns, mark.st_size) for one, mark in marks))


@lru_cache(maxsize=32)
def _read(path: Path, _state: tuple[tuple[str, int, int], ...]) -> WorldFacts:
    """Read a file again when any of its folder has changed (a world may take figures from another)."""
    return read_world(path, f"scenarios/worlds/{path.name}")


def build_geography(facts: WorldFacts, counties_file: Path | None = None, scale: int = 1) -> Geography:
    """Build a world's places and networks, or return those already built in this process.

    Args:
        facts: From :func:`load_world`.
        counties_file: A county table to use in place of the synthetic counties.
        scale: Times as many town sites and villages, and so firms and talents (for benchmarks).

    Raises:
        InputErrors: What is wrong in the county table.
        ValueError: ``scale`` below one.
    """
    if scale < 1:
        raise ValueError(f"scale must be at least 1, not {scale}")
    table = file_fingerprint(counties_file) if counties_file else ""
    fingerprint = hashlib.sha256(f"{facts.fingerprint}/{table}/{scale}".encode()).hexdigest()
    if fingerprint not in _GEOGRAPHIES:
        while len(_GEOGRAPHIES) >= KEPT:
            del _GEOGRAPHIES[next(iter(_GEOGRAPHIES))]
        _GEOGRAPHIES[fingerprint] = _frozen(_build(facts, counties_file, scale, fingerprint))
    return _GEOGRAPHIES[fingerprint]


def _build(facts: WorldFacts, counties_file: Path | None, scale: int, fingerprint: str) -> Geography:
    draws = Draws(facts.seed)
    table = load_counties(counties_file, facts, draws) if counties_file else draw_counties(facts, draws)
    wealth = wealth_scores(facts, table, draws)
    table = table if counties_file else seated(facts, table, wealth, draws)
    weights = site_weights(facts, table, wealth)
    stands = stand_in(facts, table, weights, draws)
    held = np.bincount(stands[stands >= 0], minlength=table.key.size)
    sites = sites_by_county(facts, table.prefecture, weights, scale, held)
    prefectures = prefectures_of(facts)
    counties = complete(facts, table, sites, wealth, draws)
    towns = build_towns(facts, counties, sites, stands, draws)
    between = distances(towns)
    apart = between + np.where(np.eye(between.shape[0], dtype=bool), np.inf, 0.0)
    villages = build_villages(facts, counties, towns, apart.min(axis=1, initial=np.inf), draws)
    homes = home_distances(facts, towns, prefectures.x, prefectures.y)
    return Geography(facts.id, fingerprint, prefectures, counties, towns, villages, homes)


def _frozen(geography: Geography) -> Geography:
    """Make every array read-only: one geography serves all runs of a process."""
    parts = (geography.prefectures, geography.counties, geography.towns, geography.villages, geography)
    for part in parts:
        for name in part.__slots__:
            value = getattr(part, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
    return geography


__all__ = ["build_geography", "draw_population", "load_world"]
