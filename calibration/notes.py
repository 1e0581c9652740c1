"""What the figures and the predictions need noted while a province runs, because its histories do not keep it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.arithmetic import Floats, share
from sim.outcomes.observe import Note, at, year_end
from sim.parameters import Quarter
from sim.state.people import OPERATING, SMALL
from sim.state.province import Province

MICRO_COHORTS = (Quarter(2015, 3), Quarter(2016, 2))
"""Quarters of registration of the micro firms that are followed for a year (F41)."""
TEAM_DATES = (Quarter(2015, 2), Quarter(2015, 4), Quarter(2016, 1))
"""When talents' start-ups are counted (F31)."""
STOCK_DATE = Quarter(2016, 3)
"""When firms and talents are counted (F22)."""
BUILT_BEFORE = 0.3
"""Part of a site's buildable land that was built up before the programme; as in the outcome ``tax_per_mu``."""


def _operating(p: Province) -> Floats:
    at_work = p.firms.live("state") == OPERATING
    return np.bincount(p.firms.live("town")[at_work], minlength=p.towns.size).astype(np.float64)


def _new_micro(p: Province) -> NDArray[np.uint64]:
    f = p.firms
    new = (f.live("born") == p.t) & (f.live("kind") == SMALL) & (f.live("founder") == 0)
    return np.asarray(f.live("key")[new])


def _at_work(p: Province) -> NDArray[np.uint64]:
    return np.asarray(p.firms.live("key")[p.firms.live("state") == OPERATING])


def _team_size(p: Province) -> float:
    f = p.firms
    age = p.t - f.live("born")
    young = (f.live("founder") != 0) & (f.live("state") == OPERATING) & (age < 4)
    return share(float(f.live("employees")[young].sum()), float(young.sum()))


def _land_in_use(p: Province) -> Floats:
    s = p.towns
    return np.asarray((s.built + s.supplied + s.idle + BUILT_BEFORE * p.places.towns.buildable) / 100.0)


GRADES = Note("grade of every town after the assessment", lambda p: p.towns.grade.copy(), year_end)
FIRMS = Note("firms on the register", lambda p: p.towns.firms.astype(np.float64), at(STOCK_DATE))
WORKING = Note("firms that operate", _operating, at(STOCK_DATE))
TALENTS = Note("talents present", lambda p: p.towns.talents.astype(np.float64), at(STOCK_DATE))
MICRO = Note("keys of the micro firms that registered", _new_micro, at(*MICRO_COHORTS))
AT_WORK = Note("keys of the firms that operate", _at_work, at(*(cohort + 4 for cohort in MICRO_COHORTS)))
TEAMS = Note("employees of a talents' start-up less than a year old, mean", _team_size, at(*TEAM_DATES))
LAND = Note("land in use: built, under construction, idle, built up before; mu", _land_in_use, year_end)

FOR_MOMENTS = (GRADES, FIRMS, WORKING, TALENTS, MICRO, AT_WORK, TEAMS)
FOR_PREDICTIONS = (*FOR_MOMENTS, LAND)
