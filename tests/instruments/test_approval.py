"""approval: what it does, which levers move a run."""

from __future__ import annotations

import numpy as np

from sim.agents.location import utilities
from sim.state.offer import USUAL_DAYS, WORKING_DAYS
from sim.state.town import Status
from tests.instruments.kit import PX, ZJ, Case, Effect, approved, make, played, small
from tests.worlds import play

EFFECT = Effect(ZJ, {"approval.days": 120}, {"approval.days": 1}, 6, approved, +1)
CASES = {
    "days": Case(ZJ, 4),
    "parallel": Case(ZJ, True),
    "rework": Case(PX, 0.5),
    "scope": Case(ZJ, "total"),
    "registration": Case(ZJ, 0.8),
}


def test_simpler_registration_draws_firms_and_leaves_the_approval_of_projects_alone():
    """PY-APPR-1 (S0 L105): four fifths of the steps of commercial registration are gone; of approving projects the
    sentence says nothing.
    """
    p = make(small("panyu_2019", 4, effective="2015Q2"))
    play(p, 3)
    assert (p.offer.delay == USUAL_DAYS / WORKING_DAYS).all() and (p.offer.registration == 16.0 / 65.0).all()
    with_it = utilities(p)
    p.offer.registration[:] = 0.0
    gain = with_it - utilities(p)
    assert gain[:, 1].max() == 0.0 and np.allclose(gain[:, 0], -p.behaviour["choice.approval_delay"] * 16.0 / 65.0)
    came = [
        sum(played(small(ZJ, 3, levers={"approval.registration": cut}), k).towns.entrants[1:].sum() for k in range(3))
        for cut in (0.0, 1.0)
    ]
    assert came[1] > came[0]


def test_projects_of_pingxiangs_towns_are_a_city_key_project_and_decided_sooner():
    """PX-PRIO-1 (S4 L25): 整体打包列入市重点项目调度; its benefits are not listed, so Shengzhou's third is assumed."""
    p = played(small("pingxiang_2017", 8, effective="2015Q2"))
    plain = played(small("pingxiang_2017", 8, levers={"approval.days": USUAL_DAYS}, effective="2015Q2"))
    days, usual = (one.offer.delay * WORKING_DAYS for one in (p, plain))
    sooner = days < usual
    assert sooner.any() and np.allclose(days[sooner], 20.0) and np.allclose(usual, USUAL_DAYS)


def test_a_cultivation_town_waits_the_usual_days():
    """YW-APPR-1, S3 L35: firms in provincial towns (省级特色小镇); a town that is only cultivated is none yet."""
    p = played(small("tongzhou_2017", 4, levers={"approval.days": 4}))
    before = p.towns.status_history[p.t - 1]
    cultivated, listed = before == Status.CULTIVATION, before == Status.CREATION
    assert cultivated.any() and listed.any()
    assert p.offer.delay[cultivated].min() > p.offer.delay[listed].max()
