"""Runs for the tests of the model: resolved once, played once, compared column by column and to the bit.

A quarter costs about 15 ms, and 4 ms in the small province (a rich and a poor prefecture, six counties, 26 sites), so
nothing here is faked. Runs are kept by scenario, replicate and length; a test must not change a province that
:func:`played` returns.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.model import Simulation
from sim.parameters import Resolved
from xiaozhen.api.library import load

REGIMES = ("null", "zhejiang_2015", "tongzhou_2017", "pingxiang_2017")
POPULATIONS = ("firms", "projects", "talents")


@cache
def library() -> Any:
    """The product's scenario files, read once for all tests of a process and for the command line in it."""
    return load()


def scenario(
    regime: str = "zhejiang_2015",
    quarters: int = 8,
    *,
    levers: Mapping[str, Any] | None = None,
    behaviour: Mapping[str, float] | None = None,
    effective: str | None = "2015Q2",
    exact: Mapping[str, Any] | None = None,
) -> Resolved:
    """A resolved scenario that takes effect in the run's second quarter unless told otherwise.

    Args:
        exact: Behaviour that is set whatever its bounds, for limiting cases such as "no noise at all".
    """
    made = library().resolve(regime, quarters=quarters, levers=levers, behaviour=behaviour, effective=effective)
    if exact:
        mark = hashlib.sha256(f"{made.fingerprint}{sorted(exact.items())}".encode()).hexdigest()
        made = replace(made, behaviour={**made.behaviour, **exact}, fingerprint=mark)
    return made


def inert(*instruments: str) -> dict[str, Any]:
    """Every lever of some instruments (of all when none is named) at its inert value, as overrides."""
    wanted = {f"{name}." for name in instruments} or {""}
    return {key: plain(lever.inert) for key, lever in library().levers.items() if key.startswith(tuple(wanted))}


def plain(value: Any) -> Any:
    """A lever's value in the form in which a caller writes it."""
    return list(value) if isinstance(value, tuple) else value


COUNTIES = """code,prov,city,county,pop2020
330203,浙江省,宁波市,海曙样区,1041285
330212,浙江省,宁波市,鄞州样区,1610000
330281,浙江省,宁波市,余姚样市,1254000
331102,浙江省,丽水市,莲都样区,562000
331123,浙江省,丽水市,遂昌样县,194000
331181,浙江省,丽水市,龙泉样市,249000
"""
PLACES = {"call.creation_places": 10, "call.cultivation_places": 6}
"""Places of each call that suit the small province."""


@cache
def counties() -> str:
    """Path of the small province's county table: counties of invented names, so that no town of a list stands there."""
    folder = Path(tempfile.mkdtemp(prefix="counties"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "counties.csv").write_text(COUNTIES, encoding="utf-8")
    return str(folder / "counties.csv")


def make(made: Resolved, replicate: int = 0, *, small: bool = False, **options: Any) -> Simulation:
    """A province at its start: the whole one or the small one."""
    return Simulation(made, replicate, counties=counties() if small else None, **options)


def play(p: Simulation, quarters: int | None = None) -> Simulation:
    """Run some quarters, or to the end."""
    for _ in range(p.clock.quarters - p.t - 1 if quarters is None else quarters):
        p.step()
    return p


@lru_cache(maxsize=32)
def _played(
    made: Resolved, replicate: int, quarters: int, skip: frozenset[str], extra: tuple[int, int] | None, small: bool
) -> Simulation:
    return play(make(made, replicate, skip=skip, extra_firms=extra, small=small), quarters)


def played(
    made: Resolved,
    replicate: int = 0,
    quarters: int | None = None,
    *,
    skip: Collection[str] = (),
    extra_firms: tuple[int, int] | None = None,
    small: bool = False,
) -> Simulation:
    """A province after some quarters (the whole run by default); kept, so only to be looked at."""
    return _played(made, replicate, quarters or made.quarters, frozenset(skip), extra_firms, small)


def columns(p: Simulation) -> dict[str, np.ndarray]:
    """Every number of a province by owner and name; populations in the order of their keys."""
    return p.snapshot()


def digest(p: Simulation, leave: Iterable[str] = ()) -> str:
    """Hash of every number of a province, but of the columns to leave."""
    out, left = hashlib.sha256(), set(leave)
    for name, column in sorted(columns(p).items()):
        if name not in left:
            out.update(f"{name}{column.dtype.str}{column.shape}".encode())
            out.update(np.ascontiguousarray(column))
    return out.hexdigest()


def different(one: Simulation, two: Simulation) -> set[str]:
    """Names of the columns that differ in any bit."""
    a, b = columns(one), columns(two)
    return {name for name in a if a[name].shape != b[name].shape or a[name].tobytes() != b[name].tobytes()}


class Trail:
    """The digests of a run quarter by quarter, played no further than anyone asks."""

    def __init__(self, province: Simulation) -> None:
        self.province, self._marks = province, []

    def __getitem__(self, t: int) -> str:
        while len(self._marks) <= t:
            self.province.step()
            self._marks.append(digest(self.province))
        return self._marks[t]

    def parts_from(self, other: Trail, quarters: int) -> int | None:
        """First quarter after which two runs differ in any bit; None when they do not."""
        return next((t for t in range(quarters) if self[t] != other[t]), None)


@lru_cache(maxsize=64)
def trail(made: Resolved, replicate: int = 0, small: bool = False) -> Trail:
    """The kept trail of a scenario."""
    return Trail(make(made, replicate, small=small))


def by_key(p: Simulation, population: str, field: str) -> dict[int, Any]:
    """One column of a population by birth identity."""
    table = getattr(p, population)
    return dict(zip(table.live("key").tolist(), table.live(field).tolist(), strict=True))
