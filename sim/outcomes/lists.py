"""Who was warned, demoted, removed, named or left, of the towns that were ever on a list."""

from __future__ import annotations

import numpy as np

from sim.instruments.upper import Upper
from sim.outcomes.arithmetic import Flags, share
from sim.outcomes.registry import outcome
from sim.state.province import Province
from sim.state.town import EVENTS, Status

LISTS = (Status.CREATION, Status.CULTIVATION, Status.NAMED)
LEFT = EVENTS["exited"] | EVENTS["withdrew"] | EVENTS["vetoed"]
"""Events by which a town leaves the lists."""


def _created(p: Province) -> Flags:
    return p.towns.listed_at >= 0


def _ever(p: Province) -> Flags:
    return (p.towns.listed_at >= 0) | (p.towns.cultivated_at >= 0)


def _part(p: Province, events: int, of: Flags) -> float:
    """Share of some towns to which one of some events ever happened."""
    happened = (p.towns.event & events).any(axis=0)
    return share(int((happened & of).sum()), int(of.sum()))


@outcome
def town_exit_rate(p: Province) -> float:
    """Share of towns ever listed that left by rule, withdrawal or veto."""
    return _part(p, LEFT, _ever(p))


@outcome
def town_exit_hazard(p: Province) -> float:
    """Exits over town-years on a list."""
    on = np.isin(p.towns.status_history, LISTS).sum() / 4.0
    return share(int(((p.towns.event & LEFT) > 0).sum()), on)


@outcome
def warned_share(p: Province) -> float:
    """Share of created towns ever warned."""
    return _part(p, EVENTS["warned"], _created(p))


@outcome
def demoted_share(p: Province) -> float:
    """Share of created towns ever demoted."""
    return _part(p, EVENTS["demoted"], _created(p))


@outcome
def exited_share(p: Province) -> float:
    """Share of towns ever listed removed by rule."""
    return _part(p, EVENTS["exited"], _ever(p))


@outcome
def withdrawn_share(p: Province) -> float:
    """Share of towns ever listed that withdrew."""
    return _part(p, EVENTS["withdrew"], _ever(p))


@outcome
def vetoed_share(p: Province) -> float:
    """Share of towns ever listed that were vetoed."""
    return _part(p, EVENTS["vetoed"], _ever(p))


@outcome
def above_share(p: Province) -> float:
    """Share of towns ever listed that got onto the list above."""
    ever = _ever(p)
    return share(int(((p.policy.the(Upper).first_above >= 0) & ever).sum()), int(ever.sum()))


@outcome
def named_share(p: Province) -> float:
    """Share of created towns named."""
    return _part(p, EVENTS["named"], _created(p))
