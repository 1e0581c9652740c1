"""What is written down while a province runs, because its histories do not keep it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.arithmetic import share
from sim.parameters import Quarter
from sim.state.people import OPERATING, SMALL
from sim.state.province import Province

Floats = NDArray[np.float64]

MICRO_COHORTS = (Quarter(2015, 3), Quarter(2016, 2))
"""Quarters of registration of the micro firms that are followed for a year (F41)."""
TEAM_DATES = (Quarter(2015, 2), Quarter(2015, 4), Quarter(2016, 1))
"""When talents' start-ups are counted (F31)."""
STOCK_DATE = Quarter(2016, 3)
"""When firms and talents are counted (F22)."""


@dataclass
class Seen:
    """What was written down while the province ran.

    Attributes:
        grades: Grade of every town after the assessment, by year.
        firms: Enterprises on the register of every town, by quarter.
        operating: Those that operate.
        talents: Talents present in every town, by quarter.
        micro: Keys of the micro firms that registered in a quarter.
        opened: Share of such a cohort that operates four quarters later.
        teams: Employees of a talents' start-up less than a year old, mean, by quarter.
    """

    grades: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    firms: dict[Quarter, Floats] = field(default_factory=dict)
    operating: dict[Quarter, Floats] = field(default_factory=dict)
    talents: dict[Quarter, Floats] = field(default_factory=dict)
    micro: dict[Quarter, NDArray[np.uint64]] = field(default_factory=dict)
    opened: dict[Quarter, float] = field(default_factory=dict)
    teams: dict[Quarter, float] = field(default_factory=dict)

    def observe(self, p: Province) -> None:
        """Call after each quarter."""
        now = Quarter(*p.clock.quarter)
        if now.q == 4:
            self.grades[now.year] = p.towns.grade.copy()
        if now == STOCK_DATE:
            self._stocks(p, now)
        if now in TEAM_DATES:
            self.teams[now] = _team_size(p)
        if now in MICRO_COHORTS:
            f = p.firms
            new = (f.live("born") == p.t) & (f.live("kind") == SMALL) & (f.live("founder") == 0)
            self.micro[now] = f.live("key")[new].copy()
        for cohort, keys in self.micro.items():
            if now - cohort == 4:
                at_work = p.firms.live("key")[p.firms.live("state") == OPERATING]
                self.opened[cohort] = share(float(np.isin(keys, at_work).sum()), float(keys.size))

    def _stocks(self, p: Province, now: Quarter) -> None:
        at_work = p.firms.live("state") == OPERATING
        self.firms[now] = p.towns.firms.astype(np.float64)
        self.operating[now] = np.bincount(p.firms.live("town")[at_work], minlength=p.towns.size).astype(np.float64)
        self.talents[now] = p.towns.talents.astype(np.float64)


def _team_size(p: Province) -> float:
    f = p.firms
    age = p.t - f.live("born")
    young = (f.live("founder") != 0) & (f.live("state") == OPERATING) & (age < 4)
    return share(float(f.live("employees")[young].sum()), float(young.sum()))
