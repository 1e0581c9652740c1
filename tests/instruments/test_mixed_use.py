"""mixed_use: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.instruments.mixed_use import MixedUse
from tests.instruments.kit import ZJ, Case, Effect, Promise, approved, make, small
from tests.worlds import play

EFFECT = Effect(ZJ, {"mixed_use.command": False}, {"mixed_use.command": True}, 6, approved, +1)
CASES = {
    "share": Case(ZJ, 0.8),
    "bonus": Case(ZJ, 0.5),
    "tax_relief": Case(ZJ, 0.5),
    "command": Case(ZJ, True),
}
PROMISE = Promise(ZJ, {"mixed_use.bonus": 0.5}, lambda it: -it.total("land_compensation"))


def test_guizhous_towns_that_run_their_park_as_one_prepare_projects_faster_and_at_no_cost():
    """GZ-REF-2 (S1 L65): 實行“鎮園合一”的管理體制, where a small town has a park, a zone or a scenic area."""
    one, two = (
        play(make(small("guizhou_2019", 6, levers=levers, effective="2015Q2")), 4)
        for levers in ({}, {"mixed_use.command": False})
    )
    served = two.offer.preparation < 1.0  # delegation shortens it too, in every supported town
    assert served.any() and np.allclose(one.offer.preparation[served], 0.8 * two.offer.preparation[served])
    assert (one.offer.preparation[~served] == 1.0).all()
    assert one.policy.the(MixedUse).rate(one.t) == 0.0
