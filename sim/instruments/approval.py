"""Approval of projects in listed towns, registration of firms in all (YW-APPR-1, PX-APPR-1, -2, PX-PRIO-1, PY-APPR-1).

Delay = days/65 quarters, to which the applicant's own preparation is added or not (D-57); building while approval runs
multiplies the pace of approval by ``PARALLEL`` and makes some projects build twice (``rework``, M-60; the source gives
no numbers).

Registering a firm takes ``REGISTRATION`` working days; ``registration`` of its steps can be cut for every firm that
settles under the regime, on a list or not. What is saved counts like any wait when small firms choose a town.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.instruments.base import Instrument, LeverSet, at
from sim.state.offer import USUAL_DAYS, WORKING_DAYS
from sim.state.province import Province

PARALLEL = 1.5
REGISTRATION = 20.0
"""Working days that registering a firm takes where nobody shortens it (general knowledge of those years, assumed)."""


class Levers(LeverSet):
    """What a government sets."""

    days: float
    parallel: bool
    rework: float
    scope: Literal["limit", "total"]
    registration: float


class Approval(Instrument[Levers]):
    """Approval limits for projects inside listed towns, steps of registration."""

    order = 150

    @at("conditions")
    def offer(self, p: Province, now: Levers) -> None:
        """Towns on the creation list or named get the regime's limit, all others the usual one (S3 L35)."""
        days = now.days
        listed = p.towns.paid_now()
        p.offer.delay[:] = np.where(listed, days, USUAL_DAYS) / WORKING_DAYS
        p.offer.registration[:] = now.registration * REGISTRATION / WORKING_DAYS
        if now.parallel:
            p.offer.pace[listed] = PARALLEL
            p.offer.rework[listed] = now.rework
        if now.scope == "total":
            p.offer.preparation[listed] = 0.0
