"""Codes of the populations: kinds, states and stages of enterprises, projects and talents.

Columns hold the numbers. Compiled steps compare with the plain integers beside each class, for numba stores an
``int8`` column from an ``int`` but not from a member of an enumeration.
"""

from __future__ import annotations

from enum import IntEnum


class FirmKind(IntEnum):
    """What an enterprise is."""

    ANCHOR = 0
    SME = 1
    STARTUP = 2


ANCHOR, SME, SMALL = (int(kind) for kind in FirmKind)


class FirmState(IntEnum):
    """Whether an enterprise works."""

    GONE = 0
    REGISTERED = 1
    OPERATING = 2


GONE, REGISTERED, OPERATING = (int(state) for state in FirmState)
"""``GONE`` also stands for talents who left."""


class Stage(IntEnum):
    """How far a project has come; what is done, dropped or abandoned leaves the table."""

    ANNOUNCED = 0
    SIGNED = 1
    APPROVED = 2
    LANDED = 3
    BUILDING = 4
    DONE = 5
    DROPPED = 6
    ABANDONED = 7


ANNOUNCED, SIGNED, APPROVED, LANDED, BUILDING, DONE, DROPPED, ABANDONED = (int(stage) for stage in Stage)


class TalentTier(IntEnum):
    """What a talent can do."""

    SKILLED = 0
    GRADUATE = 1
    SENIOR = 2
    LEADING = 3


GRADUATE, SENIOR = int(TalentTier.GRADUATE), int(TalentTier.SENIOR)


class TalentState(IntEnum):
    """What a talent does."""

    GONE = 0
    LOOKING = 1
    HIRED = 2
    FOUNDER = 3


LOOKING, HIRED, FOUNDER = int(TalentState.LOOKING), int(TalentState.HIRED), int(TalentState.FOUNDER)


class TalentStage(IntEnum):
    """Panyu's three stages."""

    INTRODUCED = 0
    CULTIVATED = 1
    OBSERVED = 2


OBSERVED = int(TalentStage.OBSERVED)


def words(codes: type[IntEnum]) -> tuple[str, ...]:
    """Names of the codes 0, 1, 2, ... as tables show them."""
    return tuple(code.name.lower() for code in codes)
